// Package stat holds the statistics that several packages need.
//
// # Undefined answers
//
// No function panics. Where an answer is undefined (no values, a NaN or an infinity among them, a parameter outside its
// range, an overflow) the last result is false and the others mean nothing.
//
// # Determinism
//
// Inputs are never modified. Sums are exact before they are rounded once, so that means, deviations and lines
// don't depend on the order of their values, to the bit. What goes through math.Exp, Log or Erfc (distribution functions,
// quantiles of distributions, and hence intervals) may differ in its last bits between platforms: compare it with a
// tolerance.
//
// # Sources
//
// Shewchuk, Adaptive Precision Floating-Point Arithmetic, Discrete & Computational Geometry 18 (1997): exact sums.
// Hyndman and Fan, Sample Quantiles in Statistical Packages, American Statistician 50 (1996): quantile types.
// Wilson, Probable Inference, Journal of the American Statistical Association 22 (1927): intervals of proportions.
// Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 6.5, 26.2, 26.4, 26.5, 26.7: distribution functions.
// Didonato and Morris, Algorithm 708, ACM Transactions on Mathematical Software 18 (1992): the incomplete beta function.
// Sen, Estimates of the Regression Coefficient Based on Kendall's Tau, Journal of the American Statistical Association 63
// (1968); Kendall, Rank Correlation Methods (1970): slopes by medians and the variance of the score under ties.
package stat
