package backtest_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health/backtest"
)

// By hand: before the cut the values 10, 20, 30, 40 with 3 of 4, 1 of 4, 2 of 4 and 0 of 4 lost, so that 20 and 30 are
// pooled; 16 of each, so that there are enough.
func TestCalibrateByHand(t *testing.T) {
	var tr backtest.Trial
	n := 0
	add := func(value float64, lost, rescued bool, days int) {
		n++
		c := scored(fmt.Sprint("a", n), value, lost)
		c.Rescued = rescued
		c.At, c.Score.AsOf = c.At.AddDate(0, 0, days), c.Score.AsOf.AddDate(0, 0, days)
		if err := tr.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	for value, lost := range map[int]int{10: 12, 20: 4, 30: 8, 40: 0} {
		for i := range 16 {
			add(float64(value), i < lost, false, 0)
		}
	}
	for i := range 10 {
		add(5, i < 8, false, 200)    // beyond the lowest: 0.75 stated, 0.8 happened
		add(24, i < 5, false, 200)   // within a block: 0.375, 0.5
		add(35, i < 2, false, 200)   // in the middle between two blocks, so that the lower holds: 0.375, 0.2
		add(35.5, false, false, 200) // nearer to the upper: 0
		add(10, true, false, 60)     // due after the cut, scored before it
	}
	add(10, false, true, 200)
	cut := renewal.AddDate(0, 0, 1)
	c := must[backtest.Calibration](t)(tr.Calibrate(cut))
	wantMap := []backtest.Block{{Low: 10, High: 10, Risk: 0.75, N: 16, Lost: 12}, {Low: 20, High: 30, Risk: 0.375, N: 32, Lost: 12}, {Low: 40, High: 40, N: 16}}
	if diff := cmp.Diff(wantMap, c.Map); diff != "" {
		t.Errorf("map (-want +got)\n%s", diff)
	}
	wantBins := []backtest.Bin{
		{N: 10},
		{Low: 0.375, High: 0.375, N: 20, Lost: 7, Stated: 0.375, Share: 0.35},
		{Low: 0.75, High: 0.75, N: 10, Lost: 8, Stated: 0.75, Share: 0.8},
	}
	if diff := cmp.Diff(wantBins, c.Judged.Bins); diff != "" {
		t.Errorf("bins (-want +got)\n%s", diff)
	}
	if c.Fitted != 64 || c.Losses != 24 || c.Between != 10 || c.Repeat != 0 || c.Rescued.N != 1 {
		t.Errorf("%+v", c)
	}
	j := c.Judged
	rate := 15.0 / 40
	near(t, "score", j.Score, (20*0.375*0.375-2*0.375*7+7+10*0.75*0.75-2*0.75*8+8)/40, 1e-12)
	near(t, "gap", j.Gap, (20*0.025*0.025+10*0.05*0.05)/40, 1e-12)
	near(t, "resolution", j.Resolution, (10*rate*rate+20*(0.35-rate)*(0.35-rate)+10*(0.8-rate)*(0.8-rate))/40, 1e-12)
	near(t, "uncertainty", j.Uncertainty, rate*(1-rate), 1e-12)
	near(t, "sum", j.Gap-j.Resolution+j.Uncertainty, j.Score, 1e-12)
	for value, want := range map[float64]float64{-5: 0.75, 14.9: 0.75, 15: 0.75, 15.1: 0.375, 99: 0} {
		if got, ok := c.Risk(value); !ok || got != want {
			t.Errorf("risk at %v is %v, %v, want %v", value, got, ok, want)
		}
	}
	if _, ok := c.Risk(math.NaN()); ok {
		t.Error("NaN has a risk")
	}
	if _, ok := (backtest.Calibration{}).Risk(1); ok {
		t.Error("no map gives a risk")
	}
}

func TestCalibrateRefused(t *testing.T) {
	tr := trialOf(t, points(make([]float64, 50), make([]float64, 50)))
	for name, days := range map[string]int{"nothing before": 0, "nothing after": 1} {
		_, err := tr.Calibrate(renewal.AddDate(0, 0, days))
		var refused *backtest.RefusedError
		if !errors.As(err, &refused) || refused.Rule != "decisions" || refused.Needs != "30 on either side" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// In a world in which the chance falls with the value, the map recovers it out of time.
func TestCalibrateWorld(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 0))
	chance := func(v float64) float64 { return 1 / (1 + math.Exp((v-30)/12)) }
	var tr backtest.Trial
	for i := range 8000 {
		v := 100 * r.Float64()
		c := scored(fmt.Sprint("a", i), v, r.Float64() < chance(v))
		if i%2 == 0 {
			c.At, c.Score.AsOf = c.At.AddDate(1, 0, 0), c.Score.AsOf.AddDate(1, 0, 0)
		}
		if err := tr.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	c := must[backtest.Calibration](t)(tr.Calibrate(renewal.AddDate(0, 0, 1)))
	for _, b := range c.Judged.Bins {
		if b.N >= 50 { // both windows have their own error
			se := math.Sqrt(2 * max(b.Stated*(1-b.Stated), 0.01) / float64(b.N))
			near(t, fmt.Sprintf("share where %.3f was stated", b.Stated), b.Share, b.Stated, 4*se)
		}
	}
	for i := 1; i < len(c.Map); i++ {
		if c.Map[i].Risk >= c.Map[i-1].Risk || c.Map[i].Low <= c.Map[i-1].High {
			t.Errorf("block %d does not fall: %+v after %+v", i, c.Map[i], c.Map[i-1])
		}
	}
	if c.Judged.Skill < 0.3 || c.Judged.Gap > 0.005 {
		t.Errorf("skill %v, gap %v", c.Judged.Skill, c.Judged.Gap)
	}
}

func TestReliableRefuses(t *testing.T) {
	for _, c := range []struct {
		name  string
		risk  float64
		edges []float64
		want  string
	}{
		{"one edge", 0.5, []float64{0}, "backtest: reliability: fewer than two edges"},
		{"falling", 0.5, []float64{1, 0}, "backtest: reliability: edge 1 does not rise"},
		{"NaN edge", 0.5, []float64{0, math.NaN()}, "backtest: reliability: edge 1 does not rise"},
		{"above one", 1.1, []float64{0, 1}, "backtest: reliability: forecast 0: risk 1.1 is outside of 0 to 1"},
		{"NaN", math.NaN(), []float64{0, 1}, "backtest: reliability: forecast 0: risk NaN is outside of 0 to 1"},
	} {
		_, err := backtest.Reliable([]backtest.Forecast{{Risk: c.risk}}, c.edges)
		expect(t, c.name, err, c.want)
	}
	if r := must[backtest.Reliability](t)(backtest.Reliable(nil, []float64{0, 1})); r.Known || r.Score != 0 {
		t.Errorf("%+v of nothing", r)
	}
}

// FuzzIsotonic holds the fit to what makes it one: it rises, keeps the sum, and no block can be split to its profit.
func FuzzIsotonic(f *testing.F) {
	f.Add([]byte{1, 2, 6, 4, 5, 3, 7})
	f.Add([]byte{5, 4, 3, 2, 1, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		y, w := make([]float64, len(data)), make([]float64, len(data))
		sum := 0.0
		for i, b := range data {
			y[i], w[i] = float64(b>>2), 1+float64(b&3)
			sum += y[i] * w[i]
		}
		fitted := backtest.Isotonic(y, w)
		for at := 0; at < len(fitted); {
			end := at
			left := 0.0 // what y is above the fit so far: nowhere in a block above zero, and zero at its end
			for ; end < len(fitted) && fitted[end] == fitted[at]; end++ {
				left += (y[end] - fitted[end]) * w[end]
				if left < -1e-6 {
					t.Fatalf("the block from %d may be split at %d", at, end)
				}
			}
			if math.Abs(left) > 1e-6 || end < len(fitted) && fitted[end] <= fitted[at] {
				t.Fatalf("block from %d to %d: off by %v", at, end, left)
			}
			at = end
		}
		total := 0.0
		for i, v := range fitted {
			total += v * w[i]
		}
		near(t, "sum", total, sum, 1e-6)
	})
}
