// Package outcome answers what a customer came for, and whether they are getting it: desired outcomes, the success plan
// that both sides sign, and attainment against it.
//
//	model, err := outcome.Compile(outcome.Starter())        // or Parse a template from JSON
//	plan, err := model.Propose(outcome.Proposal{Account: "acme", ID: "2026", Start: kickOff})
//	plan, err = model.Sign(plan, "success", "u-17", today)  // every role that signs, on one digest of the terms
//	plan, err = model.Sign(plan, "sales", "u-4", today)
//	plan, err = model.Sign(plan, "customer", "c-9", today)  // the last makes drafts agreed
//	plan, err = model.Activate(plan, "in-use", today)
//	a, err := model.Assess(outcome.Input{Account: "acme", Plan: plan, Series: series}, today)
//	fmt.Println(a.Whole.Value, a.Whole.Low, a.Whole.High)   // what is reached, and what the unmeasured leaves open
//
// # Jobs and desired outcomes
//
// A [Template] holds the jobs that customers want done, with all trace of solution removed, and how they measure that one
// is done well. A [Desired] outcome prints as one sentence and is read from it by [ParseDesired]. [Words] lint sentences,
// [Model.Catalogue] searches them and [Model.JobMap] shows the steps that nobody has thought of yet. [Model.Verify] finds
// what a template hardly means, each with what to write instead.
//
// # Model
//
// An outcome stands on three axes that don't decide each other. Its State is what the two sides did: draft, agreed, in
// progress, paused, and at the end achieved, missed or abandoned. Its progress is what was measured. Its Verification is
// who vouches for it. Each transition returns a new [Plan] or the rule that refuses it; each action in each state:
//
//	            draft         agreed       in progress  paused         achieved   missed     abandoned
//	sign (last) agreed        -            -            -              -          -          -
//	Activate    agreed_first  in progress  -            in progress    ended      ended      ended
//	Pause       agreed_first  begun_first  paused       -              ended      ended      ended
//	Close: achieved
//	            agreed_first  begun_first  achieved     resumed_first  -          ended      ended
//	Close: missed
//	            agreed_first  missed       missed       missed         ended      -          ended
//	Close: abandoned
//	            abandoned     abandoned    abandoned    abandoned      ended      ended      -
//	Attest      agreed_first  begun_first  verified     verified       verified   verified   ended
//	Amend       draft         draft        draft        draft          draft      draft      draft
//	Amend: drop dropped       dropped      dropped      dropped        ended      ended      ended
//
// A dash changes nothing, so that a step may be repeated. Beside these rules stand in_order (nothing happened before
// what it follows), known_outcome, known_person, signing_role and customer_confirms; of a [Planner] exists; and of a
// template known_job. [Model.Depart] is of people, in every state alike.
//
// Signatures are of [Plan.Terms], a digest of what was agreed. An amendment makes new terms. It asks the roles that own
// the outcome to sign again; the signatures of the others stand. The log of scope keeps the old target, and
// [Model.Rescopes] states the progress under both. The change of one measure is claimed by one outcome, or by several with
// a share each.
//
// # Attainment
//
// Raw attainment is (now − base)/(goal − base), so that direction follows from base and goal; a value to be maintained
// has 1 within its band, falling to 0 at twice the band. Roll-ups take the mean of raw attainment clamped to 0 and 1 by
// weight over what is measured, and state the share of the weight that is, and the range that the rest leaves open.
// Nothing measured is unknown, not 100 %. Abandoned outcomes leave the roll-ups; paused ones stay, since the customer
// still came for them.
//
// Promises of the sale that no outcome, evidence or waiver answers are debt, by currency, with the age of the oldest.
//
// [Model.Schedule] counts back from due dates and the renewal, [Model.Guide] orders what is left as those did who were
// quickest, by [Paths] of other accounts' plans, and [NewQuadrant] sets what was reached against how accounts feel.
//
// # Units
//
// Attainments are shares, values are in the target's unit, rates in units a day of 24 hours. The numbers of a roll-up
// are rounded to twelve decimal places, half up, so that one that is meant to be 0.6 is the number 0.6. Points are
// shares of Whole.Low by largest remainder, ties in plan order, in units in its last place: all their partial sums are
// exact, so that they sum to Whole.Low with ==, in any order. Amounts are decimal, and no sum has two currencies.
//
// # Determinism
//
// The same plan, series and instant give the same bytes on every platform. Paths hold integers alone, so that merging is
// associative and commutative to the bit.
//
// # Errors
//
// Wrong definitions and terms are an [*InvalidError] with all problems, wrong data of an account a [*DataError],
// transitions against a rule a [*RefusedError]. [ErrConflict] says that another writer was first, [ErrFormat] that a
// document is newer than this release.
//
// # Storage
//
// The host implements [Plans] and [Measurements] over its own tables and tests them with package outcometest; [Memory]
// is both, in the process. A [Planner] loads, applies and saves. A store is one tenant's.
//
// # Concurrency
//
// A [Model], a [Planner] and a [Memory] are safe for concurrent use, [Paths] are not. Plans are values: transitions copy
// what they change.
//
// # JSON
//
// Durations are text such as "90d", instants RFC 3339 in UTC with microseconds, amounts strings. In an [Assessment]
// unknown numbers are null, and 0 in Go. Field names are those of the struct tags; [Starter] shows a whole template.
//
// # Sources
//
// Ulwick, Turn Customer Input into Innovation, Harvard Business Review 80 (January 2002): desired outcomes.
// Bettencourt and Ulwick, The Customer-Centered Innovation Map, Harvard Business Review 86 (May 2008): the steps of a job.
// Draper and Smith, Applied Regression Analysis, 3rd edition (1998), 1.4 and 3.1: the prediction interval of a line.
package outcome
