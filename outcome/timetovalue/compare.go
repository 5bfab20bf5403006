package timetovalue

import (
	"fmt"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/internal/survival"
)

// Options say how cohorts are compared. The zero value is the default.
type Options struct {
	Days       float64 // within which the share with value is compared, 0 or more; 0: 90
	Confidence float64 // of the intervals, above 0 and below 1; 0: 0.95
	Resamples  int     // of the cases of each cohort, 100 to 100 000; 0: 1000
	Seed       uint64  // of the resamples: the same seed and the same cases give the same bytes
}

const (
	defaultDays       = 90
	defaultConfidence = 0.95
	defaultResamples  = 1000
	fewestResamples   = 100
	mostResamples     = 100_000
	fewestCases       = 10 // of a cohort, for bootstrap intervals
)

func (o Options) complete() (Options, error) {
	if o.Days == 0 {
		o.Days = defaultDays
	}
	if o.Confidence == 0 {
		o.Confidence = defaultConfidence
	}
	if o.Resamples == 0 {
		o.Resamples = defaultResamples
	}
	if !(o.Days > 0 && o.Days <= math.MaxFloat64) {
		return o, &DataError{Field: "days", Message: fmt.Sprintf("%v is not 0 or more", o.Days)}
	}
	if _, ok := stat.CriticalZ(o.Confidence); !ok {
		return o, &DataError{Field: "confidence", Message: fmt.Sprintf("%v is not between 0 and 1", o.Confidence)}
	}
	if o.Resamples < fewestResamples || o.Resamples > mostResamples {
		return o, &DataError{Field: "resamples", Message: fmt.Sprintf("%d is outside %d to %d", o.Resamples, fewestResamples, mostResamples)}
	}
	return o, nil
}

// A Difference is that of two numbers, with its interval. What is not known, or not bounded, is nil.
type Difference struct {
	Value *float64 `json:"value"` // on the scale of the field that holds the difference
	Low   *float64 `json:"low"`   // end of the interval
	High  *float64 `json:"high"`  // end of the interval
}

// A Side is one of two cohorts.
type Side struct {
	N      int      `json:"n"`      // cases
	Valued int      `json:"valued"` // reached value
	Left   int      `json:"left"`   // left before value
	Median Quantile `json:"median"`
	Within *Share   `json:"within"` // the options' days; nil: beyond what was watched
}

// A Comparison is of two cohorts.
type Comparison struct {
	Confidence float64 `json:"confidence"` // of the intervals, between 0 and 1
	Before     Side    `json:"before"`
	After      Side    `json:"after"`

	Days     Difference `json:"days"`     // median after − median before
	Relative Difference `json:"relative"` // median after / median before − 1; −1 or more

	Share  Difference `json:"share"`   // with value within the options' days, after − before; −1 to 1
	ShareP *float64   `json:"share_p"` // two-sided p-value of no difference of the shares, leaving included; nil: undefined

	ChiSquare float64  `json:"chi_square"` // of the log-rank test of the rate of value among those who wait; 1 degree of freedom
	P         *float64 `json:"p"`          // of the log-rank test; nil: nobody was at risk in both when value came
}

// MarshalJSON returns the canonical encoding.
func (c Comparison) MarshalJSON() ([]byte, error) {
	type bare Comparison
	return canon.JSON(bare(c))
}

// Compare says how the time to value of a cohort differs from that of another one, before. The intervals of Days and Relative
// are percentiles over bootstrap samples of the cases of each cohort, widened for small samples (Hesterberg); a sample in
// which neither median is reached counts at both ends, and cohorts of fewer than 10 cases have no such interval. The
// interval of Share and its p-value are normal, by Aalen's variances; a cohort in which nobody or everybody has value has
// none. The log-rank test compares who reaches value among
// those who still wait, whatever leaving does to the shares. Compare returns an error as [Estimate] does, and if an option
// is out of its range.
func Compare(before, after []Case, o Options) (Comparison, error) {
	var samples [2]Sample
	for k, cases := range [][]Case{before, after} {
		if err := samples[k].add(cases); err != nil {
			return Comparison{}, err
		}
	}
	return CompareSamples(&samples[0], &samples[1], o)
}

// CompareSamples says how two samples differ, the same to the bit as [Compare] does of their cases.
func CompareSamples(before, after *Sample, o Options) (Comparison, error) {
	o, err := o.complete()
	if err != nil {
		return Comparison{}, err
	}
	var sides [2]Side
	var groups [2][]survival.Observation
	var ins [2]Incidence
	for k, s := range []*Sample{before, after} {
		groups[k], ins[k] = s.observations()
		if ins[k], err = estimate(groups[k], ins[k]); err != nil {
			return Comparison{}, err
		}
		sides[k] = newSide(ins[k], o)
	}
	c := Comparison{Confidence: o.Confidence, Before: sides[0], After: sides[1]}
	if a, b := c.Before.Median.Day, c.After.Median.Day; a != nil && b != nil {
		c.Days.Value = pointer(*b - *a)
		c.Relative.Value = pointer(*b / *a - 1)
	}
	c.resample(groups, o)
	c.compareShares(ins, o)
	return c, c.test(groups)
}

func newSide(in Incidence, o Options) Side {
	s := Side{N: in.N, Valued: in.Valued, Left: in.Left}
	s.Median, _ = in.QuantileInterval(0.5, o.Confidence)
	if w, ok := in.Within(o.Days, o.Confidence); ok {
		s.Within = &w
	}
	return s
}

// pointer returns one to a number, and nil where it is none or not bounded.
func pointer(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// resample bounds the differences of the medians.
func (c *Comparison) resample(groups [2][]survival.Observation, o Options) {
	n := min(len(groups[0]), len(groups[1]))
	if n < fewestCases {
		return
	}
	source := stat.NewResampler(o.Seed)
	first, second := newBootstrap(groups[0]), newBootstrap(groups[1])
	var days, relative both
	for range o.Resamples {
		a, b := first.median(source), second.median(source)
		days.add(b - a)
		relative.add(b/a - 1)
	}
	c.Days.Low, c.Days.High = days.interval(n, o.Confidence)
	if a := c.Before.Median.Day; a == nil || *a > 0 {
		c.Relative.Low, c.Relative.High = relative.interval(n, o.Confidence)
	}
}

// both holds what resamples gave. Where that is no number, it is as low as can be in one list and as high in the other.
type both struct{ low, high []float64 }

func (x *both) add(v float64) {
	low, high := v, v
	if math.IsNaN(v) {
		low, high = math.Inf(-1), math.Inf(1)
	}
	x.low, x.high = append(x.low, low), append(x.high, high)
}

func (x *both) interval(n int, confidence float64) (low, high *float64) {
	lower, ok := stat.Percentiles(x.low, n, confidence)
	upper, _ := stat.Percentiles(x.high, n, confidence)
	if !ok {
		return nil, nil
	}
	return pointer(lower.Low), pointer(upper.High)
}

// compareShares compares the shares within the options' days.
func (c *Comparison) compareShares(ins [2]Incidence, o Options) {
	if c.Before.Within == nil || c.After.Within == nil {
		return
	}
	d := c.After.Within.Value - c.Before.Within.Value
	c.Share.Value = &d
	for _, v := range []float64{c.Before.Within.Value, c.After.Within.Value} {
		if v == 0 || v == 1 { // a cohort in which nobody has value, or all have it, has no variance
			return
		}
	}
	a, b := ins[0].se(o.Days), ins[1].se(o.Days)
	se := math.Sqrt(float64(a*a) + float64(b*b))
	z, _ := stat.CriticalZ(o.Confidence)
	half := float64(z * se)
	c.Share.Low, c.Share.High = pointer(max(-1, d-half)), pointer(min(1, d+half))
	c.ShareP = pointer(2 * stat.NormalCDF(-math.Abs(d/se)))
}

// test is the log-rank test, leaving being an end of the watch.
func (c *Comparison) test(groups [2][]survival.Observation) error {
	arrivals := make([][]survival.Observation, len(groups))
	for k, obs := range groups {
		arrivals[k] = slices.Clone(obs)
		for i := range arrivals[k] {
			if o := &arrivals[k][i]; o.Cause == left {
				o.Cause = 0
			}
		}
	}
	r, err := survival.LogRank(arrivals, survival.LogRankWeight)
	if err != nil {
		return fmt.Errorf("timetovalue: %w", err)
	}
	c.ChiSquare = r.ChiSquare
	if p, ok := r.P(); ok {
		c.P = &p
	}
	return nil
}
