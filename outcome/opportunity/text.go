package opportunity

import "fmt"

// String says what is known of a lead, such as: not distinguishable from "fewer rejects" at n = 41.
func (l Lead) String() string {
	verb := "not distinguishable from"
	if l.Distinguished {
		verb = "above"
	}
	return fmt.Sprintf("%s %q at n = %d", verb, l.Over, l.Difference.N)
}

// Tenths returns what tables in print have: importance and satisfaction rounded half up to a tenth, and the score of what
// was rounded, so that a reader can compute it from the row. It is 0, 0, 0 where the score is not known.
func (n Need) Tenths() (importance, satisfaction, score float64) {
	if !n.Score.Known {
		return 0, 0, 0
	}
	i, s := tenths(n.Importance.Value), tenths(n.Satisfaction.Value)
	return float64(i) / 10, float64(s) / 10, float64(i+max(i-s, 0)) / 10
}

// tenths rounds half up; what is half but for the rounding of a quotient is half.
func tenths(v float64) int { return int(float64(v*10) + 0.5 + 1e-9) }
