// Package peer shares benchmarks among customers without giving any of them away, and says what a company could gain by
// doing as the best of its peers do.
//
//	published, err := peer.Publish(from, to, contributions, nil, peer.Options{})
//	standing, err := published.Release.Standing(own)
//	fmt.Println(standing.Low, standing.High, standing.Leakage, standing.Money)
//
// # Model
//
// A company's figure is its value for each unit of spend, by driver and capability. Cells are maturity, segment, industry
// and size. [Publish] parts all companies into groups: a cell that may be released is one; what is withheld is pooled
// with what is withheld beside it, since a total less the released cells tells the pool's sum anyway; and where a pool
// is not safe either, its smallest sibling is withheld with it. A group has a count, a mean and quantiles of the total,
// and means by driver and capability. [Release.Totals] adds groups up, out of what is released.
//
// [Release.Standing] reads a company's place off a release, never off the values behind it. [Compare] sets the financial
// results of mature customers against those of others.
//
// # Threat model
//
// The attacker is a contributor. It has all releases of the period, knows its own values and group, and how figures are
// made. It has no other knowledge of companies or of the rules' settings, and no accomplice.
//
// Whatever group and figure: the attacker can't tell that a company's value is below (1 + p/100) times what it is. That
// is the p % rule, held to all that is released at once: means, quantiles, drivers, capabilities, and the releases of a
// period before and after companies joined, left or restated, of which sums can be subtracted. Each set of companies
// that two releases tell apart has at least K + 1 companies and hides each of them. The (n, k) rules of [Rules] are held
// to each group's total on its own.
//
// Besides: no quantile is a value of somebody in its group, K companies at least lie on either side of it, and no figure
// of a group is everybody's (the rule [Spread]).
//
// It does not hold against contributors who pool what they know, who know another's value from elsewhere, or who make up
// companies; nor is it measured what somebody could conclude from a figure that is withheld or a group that is not made
// anew. A value is kept from being known too well from above; that it is above 0 and how the values of a group are
// distributed is what a benchmark tells. Values of two periods are taken for unrelated. That a company has nothing of a
// driver is not hidden where nobody in its group has. What [Publication.Withheld] and [Record] say is for the host alone, and so
// are the rules.
//
// # Units
//
// Money is decimal, of one currency. Each [Value] is divided by the company's spend and rounded to a millionth, half away
// from zero; everything after that is whole numbers of millionths. Released figures are rounded to a
// power of ten. Percentages are 0 to 100. Periods are [from, to), in UTC, truncated to microseconds.
//
// # Determinism
//
// A release depends on the set of contributions, the options and the record given, not on their order. A comparison
// depends on its results, options and seed; the ends of its interval, where they come from the normal approximation, are
// differences between two results, and so is its difference, or the middle of two.
//
// # Errors
//
// Wrong contributions and arguments are a [*DataError], wrong documents an [*InvalidError] with every problem, and newer
// ones [ErrFormat]. A release that can't answer is a [*RefusedError]: no_peers or currency. Too few contributors are no
// error: there are fewer groups, or none.
//
// # Storage
//
// The host keeps the [Record] of each period as a secret, replaces it whenever a publication is Fresh, and lets one
// Publish of a period run at a time. A release is public. [Record.MarshalBinary] and [ParseRecord] write and read a record;
// encoding/json writes a release and a standing in their one canonical encoding, and [ParseRelease] reads a release.
//
// # Concurrency
//
// All functions are pure; results are plain data.
//
// # Sources
//
// Hundepool and others, Handbook on Statistical Disclosure Control, section 4.2: the minimum, (n, k) and p % rules.
// Hyndman and Fan, Sample Quantiles in Statistical Packages, American Statistician 50 (1996): type 7. Hodges and Lehmann,
// Estimates of Location Based on Rank Tests, Annals of Mathematical Statistics 34 (1963); Hollander and Wolfe,
// Nonparametric Statistical Methods (1973), chapter 4: the difference and its interval. Cliff, Dominance Statistics,
// Psychological Bulletin 114 (1993): the effect.
package peer
