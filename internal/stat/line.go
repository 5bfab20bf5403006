package stat

import "math"

// A Line is fitted by ordinary least squares.
type Line struct {
	Slope, Intercept float64
	SlopeSE          float64 // standard error of Slope, with N−2 degrees of freedom
	ResidualSD       float64 // with N−2 in the denominator
	N                int

	meanX, meanY, sxx float64
}

// OLS fits a line through the points (x[i], y[i]). It needs three, not all at the same x.
func OLS(x, y []float64) (Line, bool) {
	if len(x) != len(y) || len(x) < 3 {
		return Line{}, false
	}
	l := Line{N: len(x)}
	var okX, okY bool
	l.meanX, okX = Mean(x)
	l.meanY, okY = Mean(y)
	if !okX || !okY {
		return Line{}, false
	}
	sxx, sxy, ssr := newExact(), newExact(), newExact()
	for i := range x {
		dx := x[i] - l.meanX
		sxx.add(float64(dx * dx))
		sxy.add(float64(dx * (y[i] - l.meanY)))
	}
	l.sxx, okX = sxx.value()
	cross, okY := sxy.value()
	if !okX || !okY || l.sxx == 0 {
		return Line{}, false
	}
	l.Slope = cross / l.sxx
	l.Intercept = l.At(0)
	for i := range x {
		rest := y[i] - l.At(x[i])
		ssr.add(float64(rest * rest))
	}
	squares, ok := ssr.value()
	l.ResidualSD = math.Sqrt(squares / float64(l.N-2))
	l.SlopeSE = l.ResidualSD / math.Sqrt(l.sxx)
	return l, ok && finite(l.Slope, l.Intercept, l.SlopeSE)
}

// At returns the height of the line at x.
func (l Line) At(x float64) float64 { return l.meanY + float64(l.Slope*(x-l.meanX)) }

// Prediction returns the interval that holds the next observation at x with the given confidence, under errors that are
// independent and normal with one variance. The quantile of Student's t is rounded to ten places, beyond which platforms
// differ, so that the interval is the same on all of them.
func (l Line) Prediction(x, confidence float64) (Interval, bool) {
	if l.N < 3 || !(confidence > 0 && confidence < 1) {
		return Interval{}, false
	}
	t, ok := TQuantile((1-confidence)/2, float64(l.N-2))
	if !ok {
		return Interval{}, false
	}
	t = math.Round(t*1e10) / 1e10
	away := x - l.meanX
	spread := math.Sqrt(1 + 1/float64(l.N) + float64(away/l.sxx*away))
	half := float64(-t * l.ResidualSD * spread)
	i := Interval{Low: l.At(x) - half, High: l.At(x) + half}
	return i, finite(i.Low, i.High)
}
