// Package acceleration looks for what goes with faster progress: which steps, capabilities and plays, where momentum is
// lost and for whom, and whether there is enough common ground to prescribe a journey at all.
//
//	report, err := acceleration.Analyze(accounts, acceleration.Plan{
//		Goal: acceleration.Sooner, Landmark: 30, Horizon: 90,
//		Steps:   []acceleration.Step{{Name: "admin trained", Kind: acceleration.OfCustomer}, {Name: "logo uploaded"}},
//		Control: "logo uploaded",
//	})
//	for _, insight := range report.Insights {
//		fmt.Println(insight)
//	}
//
// # Model
//
// [Analyze] chooses the landmark first, a day on every account's clock. Accounts that are no longer under way on it are dropped,
// and reported; the others are with a step if they had done it by then, and without it if not, whatever they do later. So
// nobody gets credit for having lasted long enough to do something. From the landmark on, up to the horizon, the two are
// compared by their restricted means and by the log-rank test, each within segments.
//
// Many steps are looked at, so some will seem to matter by chance. The p-values are those of permutations within segments
// of who had which outcome, adjusted for all steps by the largest of their statistics, step by step, which holds whatever the
// dependence among steps: the chance of any false finding is at most Plan.Discovery, and so is the false-discovery rate.
// A control step, which can't matter, shows whether the comparison is fair: if it seems to, nothing is published.
//
// What remains is an association: those who did a step may differ in other ways. Only of a step that was drawn at random, in
// a trial, is the text about an effect.
//
// # Units
//
// Durations are days of 24 hours. Shares, chances and p-values are 0 to 1.
//
// # Determinism
//
// A result depends on the accounts, in any order, and the plan, seed included. Intervals of chances in [Momentum] and [Evidence]
// may differ in their last bits between platforms; all that decides is the same on each, p-values being rounded to ten places.
//
// # Errors
//
// Data that can't be, and a wrong plan, is a [DataError] that names it. Too little data is a verdict, not an error.
//
// # Concurrency
//
// The functions are pure.
//
// # Sources
//
// Anderson, Cain and Gelber, Journal of Clinical Oncology 1 (1983): landmarks. Royston and Parmar, BMC Medical Research
// Methodology 13 (2013), 152: restricted means. Westfall and Young, Resampling-Based Multiple Testing (1993), chapter 2: step-down
// by permutation. Fine and Gray, Journal of the American Statistical Association 94 (1999), section 3.1: those who left stay
// at risk. Benjamini and Yekutieli, Annals of Statistics 29 (2001): false discoveries under dependence. Kendall, Rank
// Correlation Methods (1970).
package acceleration
