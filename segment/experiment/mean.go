package experiment

import (
	"fmt"
	"math"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// largest bounds outcomes, so that their squares and the sums of these are finite.
const largest = 1e100

// A MeanDifference is the mean of the treated less that of the control.
type MeanDifference struct {
	Value    float64   `json:"value"`    // in the unit of the outcomes
	SE       float64   `json:"se"`       // standard error, each arm with its own variance
	DF       float64   `json:"df"`       // degrees of freedom, Welch's; 0 without spread
	P        float64   `json:"p"`        // two-sided, of no difference; 1 without spread
	Interval *Interval `json:"interval"` // by Student's t; nil without spread, which is no knowledge
}

// CompareMeans compares the means of two arms by Welch's method, one outcome for each unit. Confidence 0 stands for 0.95.
//
// CompareMeans returns a *DataError if an arm has fewer than two outcomes, one is NaN or beyond ±1e100, or the confidence
// is not between 0.5 and 0.999999.
func CompareMeans(control, treated []float64, confidence float64) (MeanDifference, error) {
	alpha, err := missing(confidence, 1)
	if err != nil {
		return MeanDifference{}, err
	}
	c, err := singles("control", control, 0)
	if err != nil {
		return MeanDifference{}, err
	}
	t, err := singles("treated", treated, len(control))
	if err != nil {
		return MeanDifference{}, err
	}
	e := compare(c, t, len(control)+len(treated), false)
	d := MeanDifference{Value: e.value, SE: e.se, DF: e.df, P: 1}
	if e.se > 0 {
		d.P, d.Interval = e.p(), e.interval(alpha)
	}
	return d, nil
}

// singles returns outcomes as a sample whose units are their own clusters, counted from first.
func singles(arm string, y []float64, first int) (sample, error) {
	if len(y) < 2 {
		return sample{}, wrong("outcomes of "+arm, "are %d, want at least 2", len(y))
	}
	s := sample{y: y, cluster: make([]int, len(y))}
	for i, v := range y {
		if !(math.Abs(v) <= largest) {
			return sample{}, wrong(fmt.Sprintf("outcome %d of %s", i, arm), "%v is not a number within ±%v", v, largest)
		}
		s.cluster[i] = first + i
	}
	return s, nil
}

// A sample is the outcomes of one arm with their covariates and clusters, in the order of clusters.
type sample struct {
	y, x    []float64
	cluster []int
}

// mean returns the mean of outcomes, of which there are some, all finite.
func (s sample) mean() float64 {
	m, _ := stat.Mean(s.y)
	return m
}

// An estimate is a difference of means with what is known of its error.
type estimate struct{ value, se, df float64 }

func (e estimate) p() float64 {
	p, _ := stat.TCDF(-math.Abs(e.value/e.se), e.df) // df is at least 1
	return min(1, 2*p)
}

// interval returns nil where the error is not known.
func (e estimate) interval(alpha float64) *Interval {
	t, ok := student(alpha, e.df)
	if !ok || !(e.se > 0) {
		return nil
	}
	half := float64(t * e.se)
	return &Interval{Low: e.value - half, High: e.value + half}
}

// compare estimates the difference of means. With adjust it takes off slope times the difference of the covariate's
// means, the slope being that within arms. Of each outcome's residual r its share in the error is r/n, less what it adds
// through the slope; shares are summed within clusters, whose squares, times G/(G-1) for the G clusters of the arm, make
// the variance. With clusters of one size this is Welch's, on their means; a cluster that is larger than others pulls the
// mean after it and so looks closer to it than it is, which the jackknife makes up for: see errors.
func compare(c, t sample, clusters int, adjust bool) estimate {
	if !adjust {
		c.x, t.x = nil, nil
	}
	var slope, sxx, gap, cx, tx float64
	cy, ty := c.mean(), t.mean()
	if adjust {
		cx, _ = stat.Mean(c.x) // as finite as outcomes
		tx, _ = stat.Mean(t.x)
		xx1, xy1 := products(c, cx, cy)
		xx2, xy2 := products(t, tx, ty)
		sxx, gap = xx1+xx2, tx-cx
		slope = (xy1 + xy2) / sxx
	}
	pull := 0.0 // of the slope's error on the difference
	if adjust {
		pull = gap / sxx
	}
	cp, cg := c.errors(clusters, cx, cy, slope, -pull)
	tp, tg := t.errors(clusters, tx, ty, slope, pull)
	cf, tf := cg/(cg-1), tg/(tg-1)
	var cv, tv, shared float64
	for i := range clusters {
		cv += float64(cf * cp[i] * cp[i])
		tv += float64(tf * tp[i] * tp[i])
		shared += float64(cp[i] * tp[i])
	}
	v := cv + tv - float64(2*math.Sqrt(cf*tf)*shared)
	if v <= (cv+tv)*0x1p-46 {
		v = 0 // rounding alone
	}
	e := estimate{value: ty - cy - float64(slope*gap)}
	if !(cv+tv > 0) {
		return e
	}
	e.df = (cv + tv) / (float64(cv/(cg-1)*(cv/(cv+tv))) + float64(tv/(tg-1)*(tv/(cv+tv))))
	if cg+tg > float64(clusters) {
		e.df = min(e.df, min(cg, tg)-1) // accounts in both arms
	}
	if adjust {
		v *= (cg + tg - 2) / max(1, cg+tg-3)
		e.df = max(1, e.df-1)
	}
	e.se = math.Sqrt(v)
	return e
}

// errors returns what each cluster adds to the error of the arm's mean, and in how many clusters the arm is. Squares of
// these sums, times G/(G-1), are those of the jackknife: by how much the mean moves, times (G-1)/G, without the cluster.
func (s sample) errors(clusters int, meanX, meanY, slope, pull float64) (sums []float64, g float64) {
	sums = make([]float64, clusters)
	sizes := make([]float64, clusters) // of what was added and taken off
	units := make([]float64, clusters)
	n := float64(len(s.y))
	for i, y := range s.y {
		off := 0.0
		if s.x != nil {
			off = s.x[i] - meanX
		}
		k, explained, weight := s.cluster[i], float64(slope*off), 1/n-float64(pull*off)
		if i == 0 || s.cluster[i-1] != k {
			g++
		}
		units[k]++
		sums[k] += float64(weight * (y - meanY - explained))
		sizes[k] += math.Abs(float64(weight * (math.Abs(y) + math.Abs(meanY) + math.Abs(explained))))
	}
	for k, size := range sizes {
		if math.Abs(sums[k]) <= size*0x1p-50 {
			sums[k] = 0 // rounding alone, which must not pass for knowledge
		}
		if g > 1 {
			sums[k] *= n * (g - 1) / (g * (n - units[k])) // 1 where all are of one size
		}
	}
	return sums, g
}

// products returns the sums of squares of the covariate and of its products with the outcome, about the means.
func products(s sample, meanX, meanY float64) (xx, xy float64) {
	for i, x := range s.x {
		xx += float64((x - meanX) * (x - meanX))
		xy += float64((x - meanX) * (s.y[i] - meanY))
	}
	return xx, xy
}
