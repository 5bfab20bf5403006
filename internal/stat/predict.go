package stat

import "math"

// Quantiles keep the quantiles of Student's t that intervals of 95 % have needed, since many lines have as many points.
// The zero value is ready.
type Quantiles struct{ byDF map[int]float64 }

// Prediction returns what [Line.Prediction] does with a confidence of 0.95, to the bit.
func (q *Quantiles) Prediction(l Line, x float64) (Interval, bool) {
	if l.N < 3 {
		return Interval{}, false
	}
	t, there := q.byDF[l.N-2]
	if !there {
		exact, ok := TQuantile((1-0.95)/2, float64(l.N-2))
		if !ok {
			return Interval{}, false
		}
		if t = math.Round(exact*1e10) / 1e10; q.byDF == nil {
			q.byDF = make(map[int]float64)
		}
		q.byDF[l.N-2] = t
	}
	away := x - l.meanX
	spread := math.Sqrt(1 + 1/float64(l.N) + float64(away/l.sxx*away))
	half := float64(-t * l.ResidualSD * spread)
	i := Interval{Low: l.At(x) - half, High: l.At(x) + half}
	return i, finite(i.Low, i.High)
}
