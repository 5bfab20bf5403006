package peer

// Position is where a percentile of n values in order lies.
var Position = position

// Ranks are how many of all values each one leads, less those it trails, first of the mature.
func Ranks(mature, others []float64) []int64 {
	s := stratum{mature: mature, others: others}
	return s.ranks()
}
