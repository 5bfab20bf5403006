// Package ladder says what a customer's success is worth, in figures that the customer's finance team can defend.
//
// Value rises from a user's transaction, through departments, to the enterprise, along driver formulas. A [Ladder] holds
// the formulas; a [Statement] evaluates them for one account and period, a [Leakage] shows where value is lost between
// what could be had and what is felt, and [Books] keep what was booked.
//
//	model, err := ladder.Compile(ladder.Starter())
//	statement, err := model.Statement(ladder.Input{
//		Account: "acme", From: january, To: april, Quantities: quantities, Costs: costs,
//	}, asOf)
//	for _, line := range statement.Lines {
//		fmt.Println(line.Benefit, line.Known, line.Gross, line.Evidence, line.Lacks)
//	}
//
// # Model
//
// A [Benefit] multiplies what moved with volumes, shares and the worth of a unit. Its factors are constants of the ladder
// or quantities of the account. The same ladder gives promised, expected and realized value from other quantities.
//
// Three things keep value from being counted twice. Benefits that draw on one [Pool] have attribution shares that sum to
// at most 1; what they claim above its capacity is cut, best evidence kept first, and the [Cut] is shown. [Link]s carry
// value up only to say where it is felt: what is [Carried] is never added to Gross. Books refuse an entry for a period in
// which the benefit is booked already, and one that would take its pool above capacity.
//
// A quantity that is missing, failed, or of an age at which its class of evidence stops counting leaves its line unknown,
// never zero; one that is not applicable leaves a line of 0 that does not apply.
//
// Adjusted is what remains of a line after the [Haircut] of its evidence, the weakest class among the factors of its
// formula. A loss is taken whole: doubt does not make it smaller. The capacity of a pool is not among the factors, since
// it can only take away.
//
// [Compare] shares the gap between two statements among the inputs that differ, and [Model.Sensitivity] shows how far one
// input moves the whole. [Model.Course] sets value against spend by day of the contract; [NPV], [PaybackOf], [IRR] and
// [XIRR] judge flows. [Model.Diagnose] finds the five patterns of leakage and says whether expansion should wait,
// [Model.Climb] on which rungs the account stands and whose budget the next one opens, [Model.Case] argues for a renewal
// from the figures that the customer gave, and [Model.Verify] finds what a ladder hardly means.
//
// # Units
//
// Money is decimal, of the ladder's one currency. A line is multiplied out exactly, prorated to the period by a whole
// fraction, and rounded once, half to even, to the minor unit; every total is a sum of lines. Shares are 0 to 1.
// A formula for a year counts months/12 of it where the period is a whole number of calendar months in UTC (the same day
// of the month and time of day at both ends), and days/365 otherwise; one for a month counts twelve times as much.
//
// Present values have up to 28 digits after the point and are not rounded to the minor unit. Rates of return and XNPV are
// float64: statistics, which nothing books.
//
// Decimals have at most 38 digits and an exponent within ±18, in definitions, inputs and results.
//
// # Determinism
//
// Nothing but the ladder, the input and asOf influences a statement. The same three give the same bytes on every platform.
//
// # Errors
//
// [*InvalidError] is a wrong ladder, with every problem. [*DataError] is wrong data of one account. [*RefusedError] is a
// rule of the books, known_benefit, exists, overlap, pool or reversal, or of a diagnosis, thresholds. [ErrConflict] says that other writers were first,
// [ErrFormat] that a ladder or an entry is newer than this release.
//
// # Storage
//
// A [Ledger] keeps entries and never changes them; laddertest holds a host's own to the contract. What was booked by
// mistake is reversed: the same period with amount and units negated. Each post reads the account's ledger, and so does
// [Books.PostAll] for many at once. Entries are read back by encoding/json.
//
// # Concurrency
//
// A [Model], [Memory] and [Books] are safe for concurrent use. Results are the caller's.
//
// # Sources
//
// Shares of a gap: L. S. Shapley, A value for n-person games, 1953. Rates of return: as documented for NPV, IRR, XNPV and
// XIRR of spreadsheets, with all roots by Descartes' rule of signs and Rolle's theorem instead of a first guess. Regression
// to the mean: F. Galton, 1886.
//
// # JSON
//
// Statements, waterfalls, balances and entries have one canonical encoding: fields in order, decimals as strings without
// zeros at the end, instants in UTC with microseconds, null for what is not known. A ladder's digest is taken over the
// same encoding of it, so that 50 and 50.00 are one ladder.
package ladder
