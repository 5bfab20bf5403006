// Package revenue turns movements or snapshots of recurring revenue into retention, churn, cohorts and unit costs, and
// values customers by how long they stay.
//
//	calendar, err := revenue.NewCalendar(revenue.Month, from, asOf, nil)
//	tally, err := revenue.NewTally("EUR", calendar, revenue.Options{GRR: revenue.GRRMovements})
//	failed, err := tally.AddAll(movements) // sorted by account, then by time
//	for _, p := range tally.Periods() {
//		fmt.Println(p.From, p.Start, p.End, p.NRR, p.GRR)
//	}
//
// # Model
//
// An account's course is a series of movements: new, expansion, contraction, churn, reactivation. Each must fit what the
// account had: a churn takes exactly that, a contraction no more, and so on. Therefore for every account and every period
//
//	Start + New + Reactivation + Expansion - Contraction - Churn = End
//
// holds exactly; a course that breaks it is a [DataError], and not counted. [Movements] makes movements of levels, such as
// those of contracts, and [Consumption] levels of bills by use. [Periods] compares snapshots instead.
//
// Retention is that of a closed cohort, the accounts with revenue at the start of the period. New revenue is in neither
// ratio, and an account that is new within the period has none of its own.
//
//	NRR = the cohort's revenue at the end / at the start
//	GRR = the same with each account capped at its own start, so never above 1
//	quick ratio = (new + reactivation + expansion) / (contraction + churn)
//	logo churn = customers lost / customers at the start
//
// A ratio without a denominator is undefined: nil, and null in JSON, never 0 or infinite.
//
// # Conventions
//
// Definitions in use differ; each difference is a field of [Options], and every [Period] carries its own.
//
//	who                                          what                                                options
//	SaaS Metrics Standards Board                 NRR and GRR of the cohort active at the start;      the defaults, with GRRMovements
//	                                             GRR = (start - contraction - churn) / start
//	Baremetrics (changelog, net revenue          1 - (churned - expansion) / start of 30 days ago;   the defaults; contraction counts
//	retention)                                   does not speak of returns                           here as lost revenue
//	ChartMogul (help 203359341), net MRR churn   (churn + contraction - expansion - reactivation)    ReturnsAll; the rate is 1 - NRR
//	                                             / start
//	ChartMogul (help 207340419), customer churn  leaves out who joined and left, and who left and    LogosNet
//	                                             came back, within the period
//	Stripe (support, subscriber churn)           churned / (active at the start + new); who leaves   LogosEvents
//	                                             twice counts twice
//	Recurly (support)                            a reactivation needs a full month at zero between   Gap of a month, elapsed
//	flipRevenueMetrics (an R package)            an account's revenue at two year ends               MovesNet, ReturnsCohort, LogosNet
//
// The sums of a period are of all accounts, the ratios of its cohort. So the vendors' formulas over sums agree with the
// ratios here where no account that is new in the period expands, contracts or leaves within it.
//
// # Units
//
// Amounts are recurring revenue a unit of time, Options.Per, in one currency: another one in the data is an error that
// names both. Free accounts are no customers unless Options.Free says so. Ratios are shares, not percent, rounded half to
// even to [RatioPlaces] places; nothing else is rounded. Periods are [from, to). Expected payments and likelihoods are
// float64.
//
// # Determinism
//
// A [Tally] is the same to the bit whatever the order of accounts and the way the book was cut into tallies that were
// merged, and so is its encoding. The shifted beta-geometric fit uses exp and log: its last digits may differ among
// platforms.
//
// # Errors
//
// [DataError] names the account and the movement, [RefusedError] what a fit lacks, and [ErrFormat] is an encoding of a
// newer release. What options, calendars and arguments have wrong is a plain error that names it.
//
// # Concurrency
//
// The functions are pure. A [Tally] belongs to one goroutine at a time; all other types are plain data.
//
// # Sources
//
// Known answers of the tests: the invoice lines and asserted movements of Displayr's flipRevenueMetrics, the examples that
// the vendors above print, and the retention curves of Fader and Hardie, How to project customer retention, Journal of
// Interactive Marketing 21 (2007), and Customer-base valuation in a contractual setting, Marketing Science 29 (2010).
package revenue
