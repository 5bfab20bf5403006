package stat

import "math"

// LogLikelihood returns the natural logarithm of the likelihood of independent events, each seen counts[i] times at a
// chance of chances[i]: the sum of their products counts[i] · ln chances[i]. What was not seen adds nothing, whatever its
// chance. It is false for slices of two lengths, a count that is negative or not finite, a chance outside 0 to 1,
// and for what was seen at a chance of 0.
func LogLikelihood(counts, chances []float64) (float64, bool) {
	if len(counts) != len(chances) {
		return 0, false
	}
	sum := 0.0
	for i, n := range counts {
		if !(n >= 0) || !(chances[i] >= 0 && chances[i] <= 1) {
			return 0, false
		}
		if n > 0 {
			sum += float64(n * math.Log(chances[i]))
		}
	}
	return sum, finite(sum)
}
