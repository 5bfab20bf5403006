package backtest_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/health/backtest"
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// Each check draws many worlds whose truth is known, and allows four standard errors of the share that it counts.

func nearShare(t *testing.T, what string, hits, of int, want float64) {
	t.Helper()
	near(t, what, float64(hits)/float64(of), want, 4*math.Sqrt(want*(1-want)/float64(of)))
}

// apart is the area of two normal distributions a distance apart, of the given standard deviation each.
func apart(distance, sd float64) float64 { return stat.NormalCDF(distance / sd / math.Sqrt2) }

func TestDeLongCoverage(t *testing.T) {
	for _, distance := range []float64{0, 0.8, 1.5} {
		r := rand.New(rand.NewPCG(11, 0))
		const worlds = 2000
		covered := 0
		for range worlds {
			p := make([]backtest.Point, 150)
			for i := range p {
				p[i] = backtest.Point{Value: r.NormFloat64(), Lost: i < 40}
				if p[i].Lost {
					p[i].Value -= distance
				}
			}
			if a := backtest.Separate(p); a.Low <= apart(distance, 1) && apart(distance, 1) <= a.High {
				covered++
			}
		}
		nearShare(t, fmt.Sprint("coverage at distance ", distance), covered, worlds, 0.95)
	}
}

// Accounts with four decisions each, which are alike: the clustered interval holds, the one that takes them as independent
// does not.
func TestClusterCoverage(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 0))
	const worlds = 1000
	truth := apart(1, math.Sqrt(1.3))
	covered, naive := 0, 0
	for range worlds {
		var tr backtest.Trial
		var p []backtest.Point
		for a := range 120 {
			lost := a < 40
			base := r.NormFloat64()
			if lost {
				base--
			}
			for k := range 4 {
				c := scored(fmt.Sprint("a", a), base+math.Sqrt(0.3)*r.NormFloat64(), lost)
				c.At = c.At.AddDate(0, 0, k)
				p = append(p, backtest.Point{Value: c.Score.Value, Lost: lost})
				if err := tr.Add(c); err != nil {
					t.Fatal(err)
				}
			}
		}
		if a := tr.Report(backtest.Options{}).AUC; a.Low <= truth && truth <= a.High {
			covered++
		}
		if a := backtest.Separate(p); a.Low <= truth && truth <= a.High {
			naive++
		}
	}
	nearShare(t, "clustered coverage", covered, worlds, 0.95)
	if share := float64(naive) / worlds; share > 0.8 {
		t.Errorf("taking decisions of an account as independent covers %v: the worlds show nothing", share)
	}
}

func TestBootstrapCoverage(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 0))
	const worlds = 600
	covered := 0
	for w := range worlds {
		var tr backtest.Trial
		for a := range 240 {
			lost := a < 100
			c := scored(fmt.Sprint("a", a), r.NormFloat64(), lost)
			if lost {
				c.Score.Value--
			}
			c.Money, c.Currency = dec(1000+int(100_000*r.Float64())), "EUR"
			if err := tr.Add(c); err != nil {
				t.Fatal(err)
			}
		}
		m := tr.Report(backtest.Options{Seed: uint64(w), Resamples: 300}).Money
		if truth := apart(1, 1); m.Low <= truth && truth <= m.High {
			covered++
		}
	}
	nearShare(t, "bootstrap coverage", covered, worlds, 0.95)
}

// Two scores that are equally good, and correlated, differ at the level of 5 % in 5 % of worlds.
func TestPairedSize(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 0))
	const worlds = 1500
	rejected, covered := 0, 0
	for range worlds {
		var before, after []backtest.Point
		for i := range 160 {
			shared, lost := r.NormFloat64(), i < 50
			if lost {
				shared--
			}
			before = append(before, backtest.Point{Value: shared + 0.5*r.NormFloat64(), Lost: lost})
			after = append(after, backtest.Point{Value: shared + 0.5*r.NormFloat64(), Lost: lost})
		}
		c := must[backtest.Comparison](t)(backtest.Compare(trialOf(t, before), trialOf(t, after)))
		if c.P < 0.05 {
			rejected++
		}
		if c.Low <= 0 && 0 <= c.High {
			covered++
		}
	}
	nearShare(t, "rejected without a difference", rejected, worlds, 0.05)
	nearShare(t, "intervals with no difference", covered, worlds, 0.95)
}

func TestStabilitySize(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 0))
	const worlds = 2000
	rejected := 0
	for range worlds {
		var sides [2][]float64
		for i := range sides {
			for range 400 + 200*i {
				sides[i] = append(sides[i], r.NormFloat64())
			}
		}
		if s := must[backtest.Shift](t)(backtest.Stability(sides[0], sides[1], 10)); s.P < 0.05 {
			rejected++
		}
	}
	nearShare(t, "rejected without a shift", rejected, worlds, 0.05)
}
