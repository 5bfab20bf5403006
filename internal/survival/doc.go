// Package survival estimates how long something takes when not all have got there: durations that have not ended are
// censored observations, others ended another way, and some were not watched from the start.
//
// # Model
//
// An [Observation] watches one subject from its entry to its end. [KaplanMeier] estimates the chance of no end yet,
// [AalenJohansen] the chance to have ended by each of several competing causes, [LogRank] compares groups. One minus
// Kaplan–Meier, with the other causes censored, overstates a cause; the cumulative incidence is the one to report.
//
// # Units
//
// Times are in any unit, from one origin, 0 or above; equal times are ties, so use whole days or seconds.
// Probabilities are 0 to 1.
//
// # Ties and ends
//
// Who is censored at t is at risk at t. Who entered at t is not, except at 0: who enters at 0 is there from the start and
// may end at 0. Beyond the last end of observation nothing is known, unless all have ended.
//
// # Undefined answers
//
// No function panics. Observations that can't be are a [DataError]. A question that the observations don't answer, such as a
// median that was not reached, has false as its last result.
//
// # Determinism
//
// Observations are sorted, and sums run over distinct times: the order in which observations come changes no bit. Inputs are not
// modified. Estimates and their variances use + − * / alone; standard errors math.Sqrt; intervals and p-values also math.Exp
// and Log, and may differ in their last bits between platforms.
//
// # Sources
//
// Kaplan and Meier, Journal of the American Statistical Association 53 (1958). Greenwood, The Natural Duration of
// Cancer (1926). Aalen, Nonparametric Estimation of Partial Transition Probabilities, Annals of Statistics 6 (1978). Kalbfleisch and
// Prentice, The Statistical Analysis of Failure Time Data (2002), chapters 1 and 8: the intervals. Harrington and Fleming, A Class
// of Rank Test Procedures, Biometrika 69 (1982): the weights. Royston and Parmar, BMC Medical Research Methodology 13
// (2013), 152: restricted means.
package survival
