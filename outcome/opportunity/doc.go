// Package opportunity finds out of ratings which desired outcomes are worth working on: those that matter to customers and
// that no service gets done well.
//
//	landscapes, err := opportunity.Evaluate(ratings, asOf, opportunity.Options{Seed: 1})
//	for _, need := range landscapes[0].Needs {
//		fmt.Println(need.Rank, need.Outcome, need.Score.Value, need.Band)
//	}
//
// # Model
//
// A [Rating] says how important a desired outcome is to a respondent and how satisfied they are with what a service does
// for it. Within a segment, importance I and satisfaction S are ten times the share of those who answered 4 or 5, each of
// those who answered that question: a missing answer counts in neither. The score is I + max(I − S, 0). A need is
// over-served where S is above I, and under-served from a score of 10; up to 12 is worth considering, up to 15 strong, and
// what is above extreme. [Mean] takes mean answers instead: another scale, another order of needs, and no published bands.
//
// [Evaluate] gives the landscape as known at an instant, [Track] what changed since, [Weigh] what customers would gain by
// an alternative. Outcomes that were not asked for and are rated all the same are latent needs.
//
// # Intervals
//
// Those of importance and satisfaction by top two boxes are Wilson's. All others are percentiles over bootstrap samples
// of respondents, with all their answers; their ends are widened for small samples (Hesterberg). Where all answers to a
// question are the same, which says little when they are few, an interval is widened by what Wilson's holds possible.
// In 10 000 simulations each, intervals at 95 % held the truth in 95.5 % at n = 20, 94.4 % at 41 and 94.7 % at 200, with
// shares of 0.8 and 0.4; in 94.4 % at 41 where both are 0.6; in 98.8 % at 41 where importance is 0.97.
// Leads are compared one by one: among many needs some will be distinguished by chance.
//
// # Units
//
// Levels are 0 to 10 by top two boxes and 1 to 5 as means; scores are 0 to 20, or 1 to 9. Shares are 0 to 1. Instants are
// UTC, truncated to microseconds.
//
// # Determinism
//
// A result depends on the set of ratings, the instants and the options, seed included. Levels, scores, bands, ranks and
// what resamples come to use + − * / alone on whole numbers of answers; Wilson's limits, and what they widen, may differ
// in their last bits between platforms.
//
// # Errors
//
// Wrong ratings and arguments are a [DataError] that names them. Too few answers are no error: the estimate is not known.
//
// # Concurrency
//
// The functions are pure; results are plain data.
//
// # Sources
//
// Ulwick, Turn Customer Input into Innovation, Harvard Business Review, January 2002; Ulwick, Jobs to be Done (2016): the
// score and its bands. Wilson, Probable Inference, Journal of the American Statistical Association 22 (1927). Hesterberg,
// What Teachers Should Know About the Bootstrap, American Statistician 69 (2015).
package opportunity
