package survival_test

import (
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/survival"
)

func TestOrderDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 1))
	for range 200 {
		a, b := sample(r, 60, 3), sample(r, 60, 3)
		for i := range a {
			a[i].Time += r.Float64() * float64(r.IntN(2))
		}
		c, x := curve(t, a), incidence(t, a, 3)
		l, err := survival.LogRank([][]survival.Observation{a, b}, survival.PetoWeight)
		if err != nil {
			t.Fatal(err)
		}
		shuffled := slices.Clone(a)
		r.Shuffle(len(a), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		again, err := survival.LogRank([][]survival.Observation{shuffled, b}, survival.PetoWeight)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(c, curve(t, shuffled)) || !reflect.DeepEqual(x, incidence(t, shuffled, 3)) || !reflect.DeepEqual(l, again) {
			t.Fatalf("the order of %v matters", a)
		}
	}
}

func TestIncidencesSumToOne(t *testing.T) {
	r := rand.New(rand.NewPCG(22, 1))
	for range 20 {
		obs := make([]survival.Observation, 5000)
		for i := range obs {
			obs[i] = survival.Observation{Time: r.ExpFloat64(), Cause: r.IntN(5)}
			if r.IntN(4) == 0 {
				obs[i].Entry = obs[i].Time * r.Float64()
			}
		}
		x := incidence(t, obs, 4)
		for i, s := range x.Survival {
			sum := s
			for _, c := range x.ByCause {
				sum += c.Cumulative[i]
			}
			near(t, "sum", sum, 1, 1e-12)
		}
	}
}

// TestCoverage estimates how often 90 % intervals hold the truth, exponential times with half as much censoring.
func TestCoverage(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 1))
	const trials = 1000
	inCurve, inMean, inCause := 0, 0, 0
	for range trials {
		obs := make([]survival.Observation, 80)
		for i := range obs {
			first, second, censored := r.ExpFloat64()/2*3, r.ExpFloat64()*3, r.ExpFloat64()*2
			o := survival.Observation{Time: min(first, second, censored)}
			switch o.Time {
			case first:
				o.Cause = 1
			case second:
				o.Cause = 2
			}
			obs[i] = o
		}
		c, x := curve(t, obs), incidence(t, obs, 2)
		// Both causes together have rate 1, of which the first has two thirds.
		if i, ok := c.Interval(0.5, 0.9, survival.LogLog); ok && i.Low <= math.Exp(-0.5) && math.Exp(-0.5) <= i.High {
			inCurve++
		}
		if m, se, ok := c.RestrictedMean(0.7); ok && math.Abs(m-(1-math.Exp(-0.7))) <= 1.6448536269514722*se {
			inMean++
		}
		if i, ok := x.Interval(1, 0.5, 0.9, survival.LogLog); ok && i.Low <= (1-math.Exp(-0.5))*2/3 && (1-math.Exp(-0.5))*2/3 <= i.High {
			inCause++
		}
	}
	// Four standard errors of a share of 0.9 among 1000 are 0.038.
	for _, n := range []int{inCurve, inMean, inCause} {
		if share := float64(n) / trials; math.Abs(share-0.9) > 0.038 {
			t.Errorf("the intervals hold the truth in %v, want 0.9", share)
		}
	}
}

// decode turns bytes into observations: every other one of small whole numbers, so that there are ties.
func decode(data []byte) (obs []survival.Observation) {
	for len(data) >= 18 {
		o := survival.Observation{
			Entry: math.Float64frombits(binary.LittleEndian.Uint64(data)),
			Time:  math.Float64frombits(binary.LittleEndian.Uint64(data[8:])),
			Cause: int(int8(data[16])) % 4,
		}
		if data[17]%2 == 0 {
			o.Entry, o.Time = float64(data[0]%4), float64(data[8]%16)
		}
		obs, data = append(obs, o), data[18:]
	}
	return obs
}

func FuzzSurvival(f *testing.F) {
	f.Add([]byte{}, 0.5)
	f.Add(make([]byte, 90), 0.3)
	seed := make([]byte, 18*12)
	for i := range seed {
		seed[i] = byte(i * 37)
		if i%18 == 17 || i%18 == 0 {
			seed[i] = 0
		}
	}
	f.Add(seed, 0.75)
	odd := make([]byte, 36)
	binary.LittleEndian.PutUint64(odd[8:], math.Float64bits(math.MaxFloat64))
	odd[16], odd[17] = 1, 1
	binary.LittleEndian.PutUint64(odd[26:], math.Float64bits(math.NaN()))
	odd[35] = 1
	f.Add(odd[:18], 0.5)
	f.Add(odd, math.NaN())
	f.Fuzz(func(t *testing.T, data []byte, p float64) {
		obs := decode(data)
		c, err := survival.KaplanMeier(obs)
		if e := (*survival.DataError)(nil); err != nil && !errors.As(err, &e) {
			t.Fatalf("%v is not a DataError", err)
		}
		checkCurve(t, c, p)
		if x, err := survival.AalenJohansen(obs, 3); err == nil {
			checkIncidence(t, x, p)
		}
		half := len(obs) / 2
		if l, err := survival.LogRank([][]survival.Observation{obs[:half], obs[half:]}, survival.PetoWeight); err == nil {
			if q, ok := l.P(); ok && !(q >= 0 && q <= 1) {
				t.Fatalf("p of %+v = %v", l, q)
			}
		}
		if _, _, err := survival.FirstAtRisk(obs, len(obs)/2); err == nil {
			if _, err := survival.KaplanMeier(survival.Landmark(obs, 3)); err != nil {
				t.Fatalf("a landmark breaks the observations: %v", err)
			}
		}
	})
}

func checkCurve(t *testing.T, c survival.Curve, p float64) {
	last := 1.0
	for _, s := range c.Steps {
		if !(s.Survival >= 0 && s.Survival <= last) || s.AtRisk < s.Events+s.Censored || c.AtRisk(s.Time) != s.AtRisk {
			t.Fatalf("step %+v after %v", s, last)
		}
		last = s.Survival
		for _, scale := range []survival.Scale{survival.LogLog, survival.Log, survival.Plain} {
			if i, ok := s.Interval(0.9, scale); ok && !(i.Low >= 0 && i.Low <= s.Survival+1e-12 && i.High >= s.Survival-1e-12 && i.High <= 1) {
				t.Fatalf("%s interval of %+v = %+v", scale, s, i)
			}
		}
		if m, se, ok := c.RestrictedMean(s.Time); ok && !(m >= 0 && m <= s.Time*(1+1e-12) && se >= 0) {
			t.Fatalf("mean to %v = %v ± %v", s.Time, m, se)
		}
	}
	if q, ok := c.Quantile(p); ok && !(q >= c.Steps[0].Time && q <= c.Steps[len(c.Steps)-1].Time) {
		t.Fatalf("Quantile(%v) = %v", p, q)
	}
	if r, ok := c.QuantileInterval(p, 0.9, ""); ok && r.LowKnown && r.HighKnown && r.Low > r.High {
		t.Fatalf("QuantileInterval(%v) = %+v", p, r)
	}
}

func checkIncidence(t *testing.T, x survival.Incidence, p float64) {
	for i, at := range x.Times {
		sum := x.Survival[i]
		for cause := 1; cause <= len(x.ByCause); cause++ {
			f, _ := x.Cumulative(cause, at)
			if se, _ := x.SE(cause, at); !(f >= 0 && f <= 1+1e-12 && se >= 0 && se <= 1) {
				t.Fatalf("cause %d at %v: %v ± %v", cause, at, f, se)
			}
			sum += f
		}
		near(t, "sum", sum, 1, 1e-12)
	}
	for cause := 1; cause <= len(x.ByCause); cause++ {
		if q, ok := x.Quantile(cause, p); ok && !(q >= x.Times[0] && q <= x.Times[len(x.Times)-1]) {
			t.Fatalf("Quantile(%d, %v) = %v", cause, p, q)
		}
	}
}

func million(days bool) []survival.Observation {
	r := rand.New(rand.NewPCG(24, 1))
	obs := make([]survival.Observation, 1_000_000)
	for i := range obs {
		obs[i] = survival.Observation{Time: r.ExpFloat64() * 200, Cause: r.IntN(3)}
		if days {
			obs[i].Time = math.Floor(obs[i].Time)
		}
	}
	return obs
}

func BenchmarkKaplanMeier(b *testing.B) {
	for _, name := range []string{"days", "distinct"} {
		b.Run(name, func(b *testing.B) {
			obs := million(name == "days")
			b.ReportAllocs()
			for b.Loop() {
				if _, err := survival.KaplanMeier(obs); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAalenJohansen(b *testing.B) {
	obs := million(true)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := survival.AalenJohansen(obs, 2); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLogRank(b *testing.B) {
	obs := million(true)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := survival.LogRank([][]survival.Observation{obs[:400_000], obs[400_000:]}, ""); err != nil {
			b.Fatal(err)
		}
	}
}
