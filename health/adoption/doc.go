// Package adoption tells from usage events how well a customer uses a product: breadth, depth, frequency, penetration and
// more. A [Plan] is compiled into a [Model]; events go into a [Usage]; the Model assesses an [Account] by it.
//
//	model, err := adoption.Compile(plan)
//	usage, err := model.NewUsage(firstDay, 28, berlin)
//	for _, e := range events { // of each user and feature in time order
//		err = usage.Add(e)
//	}
//	a, err := model.Assess(usage, adoption.Account{ID: "acme", Since: since, Seats: &seats, Entitled: features}, asOf)
//	// a.Breadth.Value, a.Penetration.Value, …; nil where undefined, with a reason
//
// # Model
//
// A Usage keeps, of a window of days: the days on which each user was active, and for each user and feature the number of
// uses, the first and the last instant, and as many of the earliest instants as a step of the plan counts. That is all
// that the figures need, so that memory grows with users, features and pairs of them, and not with events.
//
// Every figure is a [Ratio] of two whole numbers. One without a whole is undefined and says why; it is neither 0 nor
// infinite. More users than licences give a penetration above 1, and Over says by how many.
//
// Days count from the account's start, or from its first use where that was earlier, or from the window's first day, to
// the day of asOf, which counts whole. Whoever was not active in the window is no user: such people are in Reengage, if
// they hold a licence.
//
// What takes time is reached, missed, still open, or unknown: the first use of an account that began before the window
// can't be known from it. An account's users reach a moment together; a user alone, from their own first use on. Of users
// only those are counted whose time is up, so that nobody counts as late who is not.
//
// # Order, repetition and merging
//
// Time order is needed within one user and feature alone, to tell a repeated event from a new one: at the instant of the
// last one it is a repetition, which is counted apart, and before it an error that names the place. Partial usages may be
// filled side by side from any events and merged in any order and grouping; the result is the same to the bit, as long
// as no event, repeated or not, is in two of them.
//
// # Units
//
// Instants are truncated to microseconds. Days are calendar days of the location that the window was made with, and are
// fixed then: a Usage carries no location. Weeks are seven such days. Durations are elapsed time.
//
// # Determinism
//
// Results depend on what events were added, not on their order or on how usages were merged.
//
// # Errors
//
// A wrong plan is an [InvalidError] with every problem; an event, encoded usage or an account that can't be used is a
// [DataError]; newer formats are ErrFormat.
//
// # Concurrency
//
// A Model is immutable. A Usage may be read by many goroutines, or changed by one.
//
// # JSON
//
// A plan:
//
//	{"format": 1, "name": "product", "min_uses": 3, "min_days": 5, "workdays": ["mon", "tue", "wed", "thu", "fri"],
//	 "processes": [{"name": "closing", "features": ["ledger", "export"], "uses": 2, "users": 1}],
//	 "moments": [{"name": "aha", "within": "7d", "steps": [{"feature": "import", "uses": 1}, {"feature": "report", "uses": 3}]}],
//	 "tasks": [{"name": "connect the bank", "feature": "bank", "uses": 1}],
//	 "self_service": {"resolved": ["answer found"], "escalated": ["ticket opened"]}}
package adoption
