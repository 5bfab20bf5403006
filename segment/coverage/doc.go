// Package coverage says how many people a book of business needs, and who gets which account.
//
//	capacity, err := coverage.Measure(in)          // demand and supply in hours, ratios, people needed
//	plan, err := coverage.Assign(in, coverage.Rules{MaxMoves: 20, RevenueWeight: 0.3})
//	// plan.Imbalance beside plan.Bound; plan.Unassigned, each with its reason
//	change, err := coverage.Hire(in, rules, newcomer) // the same with one more person
//
// # Model
//
// Demand is the sum of hours of the accounts: those that the account has, or of the first [Effort] that fits its
// segment, phase and health. Supply is the sum of hours × (1 - ramp) of the people.
//
// A person may take an account who has all of its skills, speaks its language, covers its region and has hours. Nobody
// gets more than their hours. An account that nobody takes is listed with the reason.
//
// The burden of an account is its share of the book, by effort and by revenue, of the accounts that someone may take:
//
//	burden    = (1 - w) · hours / Σ hours + w · revenue / Σ revenue       w: Rules.RevenueWeight
//	imbalance = max over people of (their burden / their hours) / (Σ burden / Σ hours)
//
// Both sums of the second line are of assigned accounts and of all people with hours. 1 is even; with w = 0 an imbalance
// of 1.2 says that the busiest person uses 1.2 times the share of their hours that the team does on average.
//
// # The best plan
//
// Plans keep to hours, to who may take whom, and to Rules.MaxMoves accounts that change hands. One plan is better than
// another if, in this order,
//
//  1. fewer accounts that have a holder who may take them are left over,
//  2. more accounts have a person,
//  3. the others have less burden, to 2⁻²⁰ of the book,
//  4. the imbalance is less.
//
// So no customer loses its person for the sake of those who have none, be they many. Where holders have not hours enough
// for all that they hold, some accounts go: as few as can be are left over, the others move to somebody else, who may then
// have no hours for several that nobody held. An account that nobody gets has not changed hands. Moves are limited and not
// kept few.
//
// A book of up to 20 accounts that someone may take is searched whole, in at most 16 777 216 steps. These always suffice
// for 10 accounts that 4 people may take, and in trials for 15 and 5. The plan is then the best; but where all accounts
// have a person, an imbalance of up to 1025/1024 of the bound is not made less.
//
// In larger books accounts stay where they are, the smallest effort first, while their holder has hours. Those that can't
// are given away next, and those without a holder who may take them last, the largest burden first, to whom it leaves with
// the least burden an hour. If some are left over, the whole is done again with the smallest effort first. For what is
// left over, chains of two other accounts that change hands are tried. An account is left over only if nobody can take it
// when one other changes hands, nor in place of one that has less burden and is like it in having such a holder or none;
// and if it has one, only if nobody can take it even in place of all their accounts without.
//
// The busiest person is relieved by moves, swaps, and chains over a third person, while that helps and the imbalance is
// over 1025/1024 of the bound. The searches end sooner when they have looked at 2²⁸ accounts and people to place what is
// left over, and at 2²⁹ to relieve the busiest, which takes a book of many thousand accounts and scarce hours.
//
// Two bounds say how far from the best a plan may be. No plan leaves fewer accounts than Outcome.LeftBound; the best one
// may leave more, so that accounts with a holder are not among them. No plan that places the same accounts has less
// imbalance than Outcome.Bound. Where the whole search ran to its end, the plan meets this one, and the first if at most
// one account is left over that has no holder who may take it.
//
// # Units
//
// Hours of accounts and people are of one period, such as a month, which the host chooses; they are rounded to 2⁻²⁰ of
// an hour, so that their sums are exact. Burdens are rounded to 2⁻⁵⁰ of the book, imbalance and bound to 2⁻³⁰. Revenue is
// decimal, of one currency. Ratios without a denominator are nil, and null in JSON.
//
// # Determinism
//
// Results don't depend on the order of accounts and people; ties go to who has fewer accounts, then to the smaller ID by
// bytes. Work is bounded by counts, never by time. Only + - * / are used.
//
// # Errors
//
// What can't be used is a [DataError]. A book without people, people without hours, accounts that nobody may take and
// accounts without effort are no errors: [Capacity] lists them as findings.
//
// # Concurrency
//
// The functions are pure.
//
// # Sources
//
// Largest first on people of unlike hours: Gonzalez, Ibarra and Sahni, Bounds for LPT schedules on uniform processors,
// SIAM Journal on Computing 6 (1977). The counting bound: Graham, Bounds on multiprocessing timing anomalies, SIAM
// Journal on Applied Mathematics 17 (1969).
package coverage
