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
// [Assign] leaves accounts where they are, the smallest effort first, while their holder has hours, and gives the others
// away, the largest burden first, to whom it leaves with the least burden an hour. Then it moves and swaps accounts of the
// busiest person while that helps and the imbalance is over 1025/1024 of the bound. At most Rules.MaxMoves accounts change
// hands. A book of up to 20 accounts is then searched whole, in at most 1 048 576 steps, for a plan that places every
// account with the least imbalance. In larger books an account may be left over, where hours are scarce, that another
// plan would have placed.
//
// The bound is one on all plans that place the same accounts with as many moves allowed: none has less imbalance. Where
// it equals the imbalance, the plan is proven best.
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
