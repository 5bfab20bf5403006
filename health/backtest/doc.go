// Package backtest puts a scorecard on trial: the very definition that runs in production is scored as known a lead
// time before each decision, and held against what happened.
//
//	var trial backtest.Trial
//	for c, err := range backtest.Score(ctx, model, source, decisions, 90*health.Day) {
//		// err, then:
//		err = trial.Add(c)
//	}
//	report := trial.Report(backtest.Options{})
//	// report.Verdict, report.AUC, report.Bands, report.Readiness(false)
//
// # Model
//
// The unit is an exposed decision: a renewal that was due, once for each account and date. [Score] evaluates the account
// as of the decision's instant less the lead time, from what was recorded by then, so that nothing from after it can leak
// in. [Steadied] besides replays the evaluations before, through Settle, as production would have made them.
//
// A [Trial] collects the cases. Its Report says how well the score and each measure alone tell what was lost from what was
// kept, what an alert at each band would have caught, and a [Verdict], in this order:
//
//	insufficient evidence   a score is not from before its decision, or is made of readings without a time
//	insufficient evidence   fewer than 30 decisions, 10 lost or 10 kept
//	not predictive          the interval of the AUC ends below 0.60
//	predictive              the interval begins above 0.5
//	insufficient evidence   else
//
// Separation in one snapshot, without a lead time, is no backtest: [Separate] measures it, and no verdict follows.
//
// Decisions under an override and those that a play rescued say nothing of the card alone: they are reported apart.
// Accounts that appear more than once are clusters. That a score predicts does not show that acting on it helps.
//
// [Compare] holds two definitions against each other on the same decisions, [Diff] says what publishing one would change,
// [Drift] whether the accounts are still those that it was tried on, [Trial.Calibrate] turns scores into chances, and
// [Fit] suggests weights.
//
// # Units
//
// Values are in the unit of what is ranked, points for scores; lower is riskier. Shares and areas are 0 to 1. Intervals
// are of 95 %. Money is exact in sums, and converted once where it is a weight.
//
// # Determinism
//
// The order of cases does not matter, except to the order in which errors are met. The bootstrap is seeded. Numbers that
// go through logarithms are rounded to nine places where a verdict depends on them; others may differ in their last bits
// between platforms.
//
// # Errors
//
// [DataError] is about one decision or account, [RefusedError] about too little evidence. An account that can't be scored
// is a Case with Err, and is counted.
//
// # Concurrency
//
// The functions keep no state and may be called concurrently; a Trial is used by one goroutine at a time.
//
// # Sources
//
// The area under the curve is the Mann–Whitney statistic with ties counted half. Its variance, and that of a difference of
// two: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988), by ranks as in Sun and Xu, IEEE Signal Processing Letters
// 21 (2014); for clusters Obuchowski, Biometrics 53 (1997). Interval on the logit scale: Pepe, The Statistical Evaluation
// of Medical Tests (2003), 5.2; at the ends Clopper and Pearson, Biometrika 26 (1934). Bootstrap over accounts: Efron and
// Tibshirani, An Introduction to the Bootstrap (1993), percentile interval.
package backtest
