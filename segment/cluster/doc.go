// Package cluster finds segments in a table of numbers, such as what customers need: k-means and hierarchies, whether
// there is any structure to find, and a scheme that says in a few conditions what was found.
//
//	points, err := cluster.Prepare(table, cluster.Scaling{})
//	choice, err := points.Choose(cluster.Choosing{Seed: 1})
//	// choice.Verdict may be "no_better": then make no segments
//	result, err := points.KMeans(choice.K, cluster.Options{Seed: 1})
//	description, err := cluster.Describe(table, result, cluster.Naming{Name: "needs"})
//	model, err := segment.Compile(description.Scheme)
//
// # Model
//
// A [Table] is rows of numbers, of which [Needs] makes one from importance and satisfaction. [Prepare] makes its columns
// comparable; a missing value is an error or leaves the row out, and is never filled in. A column whose values are all
// equal counts for nothing. Take logarithms of amounts and counts with long tails before.
//
// [Points.KMeans] is Lloyd's algorithm from several k-means++ starts or from given centres. A point goes to the nearest
// centre, the first of equals. A cluster that loses all points gets the one that is farthest from its centre, the last of
// equals, among clusters with two points or more. Points whose nearest centre can't have changed are not looked at, which
// changes no label.
//
// [Points.Choose] says how many clusters there are by silhouettes, against those of structureless data, and by stability
// under resampling. [Points.Silhouettes], [Points.Indices] and [Compare] are the numbers by which people judge
// clusterings, and [Points.Link] builds hierarchies.
//
// [Describe] turns labels into a segment.Scheme with one box of conditions for each cluster, and says how faithful it is.
// A scheme, unlike a clustering, gives an account the same segment whoever else is in the table; where facts are NULL it
// says so. [Points.Anchor] keeps the numbers of clusters when a table is clustered again, so that nobody moves because
// clusters were numbered in another order.
//
// # Units
//
// Numbers of a table and centres are in the table's units, at most 2^53 either side of zero. Distances and inertia are
// Euclidean over coordinates: scaled numbers times the root of the column's weight. The standard deviation of [ZScore]
// has n in the denominator.
//
// # Determinism
//
// Results are the same to the bit on every platform, but for those numbers of [Compare] that are made of logarithms.
// Randomness comes from seeds: start s of seed n draws from PCG(n, s). From given centres, neither centres nor inertia
// depend on the order of rows, nor do labels but for their order. For that, the mean of a column is taken of coordinates
// rounded to a grid: the middle of what they range over and multiples of 2^(e+b−61) from there, where 2^e is the first power
// of two above half of the range, and b the number of binary digits of the number of points. The step is below 10^-12 of
// the range for a million points. No mean is beyond the range.
//
// # Errors
//
// What can't be used of a table, of options or of labels is a [DataError] that names its place.
//
// # Concurrency
//
// No function starts a goroutine. [Points] are immutable: to use several cores, run KMeans with other seeds side by side
// and keep the result with the least inertia.
//
// # Sources
//
//	k-means          Lloyd, IEEE Transactions on Information Theory 28 (1982)
//	k-means++        Arthur and Vassilvitskii, SODA (2007)
//	bounds           Hamerly, SDM (2010); Newling and Fleuret, ICML (2016), for movements that add up
//	silhouettes      Rousseeuw, Journal of Computational and Applied Mathematics 20 (1987)
//	indices          Davies and Bouldin, IEEE Transactions on Pattern Analysis and Machine Intelligence 1 (1979);
//	                 Caliński and Harabasz, Communications in Statistics 3 (1974)
//	agreement        Hubert and Arabie, Journal of Classification 2 (1985); Vinh, Epps and Bailey, Journal of Machine
//	                 Learning Research 11 (2010); Fowlkes and Mallows, Journal of the American Statistical Association 78
//	                 (1983); Rosenberg and Hirschberg, EMNLP-CoNLL (2007), for homogeneity and completeness
//	clouds           Liu and others, Journal of the American Statistical Association 103 (2008), for normal ones;
//	                 Tibshirani, Walther and Hastie, Journal of the Royal Statistical Society B 63 (2001), for even ones
//	stability        Hennig, Computational Statistics and Data Analysis 52 (2007)
//	hierarchies      Murtagh and Contreras, Wiley Interdisciplinary Reviews: Data Mining and Knowledge Discovery 2 (2012)
//	descriptions     Dasgupta, Frost, Moshkovitz and Rashtchian, ICML (2020)
//	needs            Ulwick, What Customers Want (2005)
//
// Known answers of the tests: scikit-learn 1.2.1 and SciPy 1.10.1 on Fisher's irises, and the R package cluster 2.1.4 on
// Ruspini's points.
package cluster
