// Package rfm groups accounts by recency, frequency and monetary value of what they bought. A [Tally] gathers
// transactions, a [Grid] says how values become scores and scores become named cells, and its [Model] scores the tally.
//
//	model, err := rfm.Compile(rfm.Starter())
//	tally, err := rfm.NewTally("EUR", asOf, 365*segment.Day)
//	for _, x := range transactions {
//		err := tally.Add(x)
//	}
//	result := model.Score(tally)
//	// result.Rows: "acme", 12 days, 9 purchases, 4250.00, 544, "champions"
//
// # Model
//
// Transactions count at or before as of and, with a window, after as of less the window; later and earlier ones are left
// out and counted. A purchase is any transaction that is not negative, a free one too; a negative one is a refund.
//
//	recency    whole days from the last purchase to as of; fewer is better
//	frequency  number of purchases
//	monetary   purchases less refunds
//
// A refund takes back money, and is neither an occasion nor a sign of life. An account with refunds alone has no recency:
// it is listed apart, without a score, and does not move the cuts.
//
// Scores run from 1, the worst, to the number of classes. Under [Quantile], of n accounts
//
//	score = 1 + floor(classes · worse / n)     worse: accounts with a strictly worse value
//
// Equal values therefore always score alike, whatever the order of rows, and take the least score that any order of them
// would give. Where many are equal some scores stay empty, which [Sizes] shows: if all are equal, or there is one account,
// all score 1, since the data tells nobody apart. Quantile scores are relative: an account's may change because others
// bought. [Fixed] takes the cuts from the grid, and scores of different days compare.
//
// [PlusOne] repeats the R package rfm: cuts are the type 7 quantiles plus 1, and a value at a cut of frequency or money is
// above it. The 1 suits whole amounts only: in a currency with large units it merges classes. Use it to compare with that
// package, and for nothing else.
//
// [Model.Verify] proves that each cell can be reached and that no score is left over.
//
// # Units
//
// A day is 24 hours. Instants are truncated to microseconds. Amounts are exact, in one currency: another one is an error
// that names both. Cuts of PlusOne are rounded to 18 places, half away from zero; nothing else is rounded.
//
// # Determinism
//
// A [Tally] and its encoding are the same to the bit whatever the order of transactions and the way they were cut into
// tallies that were merged; 1.20 and 1.2 are one amount. Results are by account, as bytes, and use no floating point.
//
// # Errors
//
// A wrong grid is an [InvalidError] with every problem, a transaction that can't be counted a [DataError], and [ErrFormat]
// a grid or an encoding of a newer release. What makes tallies unfit to merge is a plain error that names it.
//
// # Concurrency
//
// A Model is immutable. A Tally belongs to one goroutine at a time.
//
// # Sources
//
// The measures: Bult and Wansbeek, Optimal selection for direct mail, Marketing Science 14 (1995); Hughes, Strategic
// Database Marketing (1994), with quintiles. Type 7: Hyndman and Fan, Sample quantiles in statistical packages, The
// American Statistician 50 (1996). Known answers of the tests: the data, scores and segments of the R package rfm 0.3.0.
package rfm
