// Package survey turns answers to surveys into statistics that say how sure they are: NPS, CSAT, CES, trust, ease of
// renewal. An [Instrument] carries scale, direction and method; it is compiled into a [Model], and a Model estimates a
// [Sample] of an [Input].
//
//	model, err := survey.Compile(survey.NPS())
//	e, err := model.Estimate(survey.Input{Answers: answers}, survey.Sample{From: from, To: to}, asOf)
//	// e.Value, e.N, e.Interval; nil where the answers say nothing
//	d, err := model.Compare(input, lastQuarter, thisQuarter, asOf)
//	// d.Verdict: better, worse, within_noise or insufficient_evidence
//
// # Model
//
// The latest answer of a respondent in the sample is their one vote. An account has n votes with sum y and mean y/n,
// and the weight w = n (by respondent), 1 (by account) or its worth (by worth):
//
//	value      Σ w·(y/n) / Σ w      y of one vote: +1, 0, -1 (net); 1, 0 (top_box); the answer (mean)
//	spread     p + d - (p-d)² (net), p(1-p) (top_box)       p, d: weighted shares of top and bottom
//	plain se²  spread / N           one vote an account, equal weights, net and top_box
//	se²        G/(G-1) · Σ (w·(y/n) - w·value)² / (Σ w)²    all else; G accounts are the clusters
//	           and at least spread · Σ (w²/n) / (Σ w)², that of independent votes with these weights
//	effective  spread / se²: as many independent votes of equal weight would be as sure
//
// The design effect is N / effective. Where all votes are alike nothing shows how alike people of one account are, and
// each account then counts as one vote: effective = (Σ w)² / Σ w².
//
// Intervals: net by the adjusted Wald method, which adds ¾ to the top, the bottom and twice that to the middle, of
// effective votes; top_box by Wilson's method on effective votes; mean by Student's t. The plain one, value ± z·se, is
// beside each of them: it is too narrow for small samples and has no width where all votes are alike. The factor is
// the normal quantile under "plain se²", and that of t with G-1 degrees of freedom under "se²".
//
// A difference is after less before. Its interval joins the two intervals by squaring and adding distances from
// estimate to end (Newcombe's method 10 for shares); for net the difference of adjusted values is its middle. Samples
// that share ten accounts or more are taken as correlated by what these accounts answered in both; with fewer, only a
// correlation that widens the interval counts.
//
// # Units
//
// Net is -1 to 1 (times 100 is the usual way to print an NPS), top_box 0 to 1, mean in points of the scale. Intervals
// of net and plain ones may reach beyond these bounds: clamp them to show them. Periods are [From, To).
//
// # Determinism
//
// Results don't depend on the order of answers. They use + - * / and square roots, and quantiles rounded to ten
// places or more.
//
// # Errors
//
// A wrong instrument is an [InvalidError] with every problem; an answer or a sample that can't be used is a [DataError].
// No votes, or accounts without worth, are no error: the value is nil.
//
// # Concurrency
//
// A Model is immutable; the functions are pure.
//
// # Sources
//
// Net promoter variance and adjusted Wald interval: Rocks, Interval Estimation for the "Net Promoter Score", The American
// Statistician 70 (2016). Shares: Wilson, Journal of the American Statistical Association 22 (1927); differences: Newcombe,
// Statistics in Medicine 17 (1998), 873-890, and with correlation Zou and Donner, Statistics in Medicine 27 (2008).
// Effective numbers: Kish, Survey Sampling (1965); with Wilson's interval: Korn and Graubard, Survey Methodology 24
// (1998). Clusters: Cochran, Sampling Techniques (1977), 9A.
package survey
