// Package pace estimates how long accounts stay in a phase, or take between two, and what that says of one account.
//
//	stays, err := pace.Stays(log.Events(ctx, "acme", 0), pace.Watch{Last: seen}, asOf, time.Time{})
//	for _, s := range stays {
//		err = samples[s.Phase].Add(s)                       // one Sample for each phase and class of accounts
//	}
//	curve, err := samples["adopt"].Estimate(pace.Options{Class: "growth accounts"})
//	median, _ := curve.Quantile(journey.Advance, 0.5)       // a Day of nil: not reached
//	odds, err := curve.Odds(45, 30)                         // of an account on day 45, for the next 30 days
//
// # Model
//
// A stay that has not ended is a censored observation, not a short one: the mean of completed stays is no estimate. It is
// watched until the account's last signal, not until the day of the question. The ways in which a stay ends compete: an
// account that left will not advance, so that the chance to advance is the cumulative incidence, and one minus
// Kaplan–Meier with the others censored would overstate it.
//
// An account first recorded in mid-journey is at risk from then on alone, since it would not be there had it left before.
// With such accounts an estimate starts where enough are at risk, and speaks of those who got that far. A stay whose
// beginning is not known, or that was seen once, has an unknown clock: it is counted, and estimates nothing.
//
// Stays count as independent of each other. Several of one account are not quite: intervals are then too narrow.
//
// # Units
//
// Durations in estimates are days of 24 hours, pauses included: a renewal does not wait. Shares and chances are 0 to 1.
//
// # Determinism
//
// An estimate depends on the set of stays alone. A [Sample] holds integers, and merges the same to the bit in any order.
// Shares, quantiles and schedules use + − * / and math.Sqrt; intervals and p-values may differ in their last bits between platforms.
//
// # Errors
//
// A stay that can't be, and a wrong argument, is a [DataError]. A question that the stays can't carry is a [RefusedError],
// or false. [ErrFormat] is about an encoded sample.
//
// # Concurrency
//
// Functions are pure. A Curve is immutable and shared freely; a Sample is not: give each goroutine one of its own.
//
// # Sources
//
// Kaplan and Meier, Journal of the American Statistical Association 53 (1958). Greenwood, The Natural Duration of Cancer
// (1926). Aalen, Nonparametric Estimation of Partial Transition Probabilities, Annals of Statistics 6 (1978). Kalbfleisch
// and Prentice, The Statistical Analysis of Failure Time Data (2002), chapters 1 and 8: intervals on the log-log scale.
// Royston and Parmar, BMC Medical Research Methodology 13 (2013), 152: restricted means. Wilson, Journal of the American
// Statistical Association 22 (1927): intervals of proportions.
package pace
