package experiment_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment/experiment"
)

// moments are Welford's running mean and sum of squares.
type moments struct{ n, mean, m2 float64 }

func (m *moments) add(x float64) {
	m.n++
	d := x - m.mean
	m.mean += d / m.n
	m.m2 += d * (x - m.mean)
}

// A world has no difference between its arms.
type world struct {
	name   string
	uneven bool // the control has one unit in ten
	share  bool
	draw   func(*rand.Rand) float64
}

// peeked reports whether any look at a trial, after each of its units, shows a difference; fixed does so for the
// interval of one look.
func peeked(t *testing.T, r *rand.Rand, w world, units int) (always, fixed bool) {
	var arms [2]moments
	for range units {
		arm := r.IntN(2)
		if w.uneven {
			arm = min(1, r.IntN(10))
		}
		arms[arm].add(w.draw(r))
		c, v := &arms[0], &arms[1]
		if min(c.n, v.n) < 2 {
			continue
		}
		if events := [2]float64{c.mean * c.n, v.mean * v.n}; w.share && min(events[0], events[1], c.n-events[0], v.n-events[1]) < 4.5 {
			continue
		}
		difference, se := v.mean-c.mean, math.Sqrt(c.m2/(c.n-1)/c.n+v.m2/(v.n-1)/v.n)
		i, err := experiment.Sequential{}.Interval(difference, se, int(c.n), int(v.n), 0.95)
		if err != nil {
			t.Fatal(err)
		}
		if i == nil {
			continue
		}
		always = always || i.Low > 0 || i.High < 0
		fixed = fixed || math.Abs(difference) > 1.96*se
	}
	return always, fixed
}

// TestPeeking: under a look after each unit, at most 5 % of trials without a difference show one at any look, within
// four standard errors of the simulation; of 10 000 trials of each world 1.7 to 3.9 % do. The interval for one look, used
// so, fails by far: the test can tell.
func TestPeeking(t *testing.T) {
	const trials = 1000
	share := func(oneIn int) func(*rand.Rand) float64 {
		return func(r *rand.Rand) float64 { return float64(r.IntN(oneIn) / (oneIn - 1)) }
	}
	lognormal := func(r *rand.Rand) float64 { return math.Exp(r.NormFloat64()) }
	for _, w := range []world{
		{"normal", false, false, (*rand.Rand).NormFloat64},
		{"exponential", false, false, (*rand.Rand).ExpFloat64},
		{"lognormal", false, false, lognormal},
		{"even share", false, true, share(2)},
		{"share of a tenth", false, true, share(10)},
		{"lognormal, uneven", true, false, lognormal},
		{"share of a tenth, uneven", true, true, share(10)},
	} {
		t.Run(w.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(20, 26))
			units := 1000
			if w.uneven {
				units = 3000
			}
			var always, fixed float64
			for range trials {
				a, f := peeked(t, r, w, units)
				if a {
					always++
				}
				if f {
					fixed++
				}
			}
			t.Logf("%.4f of %d trials show a difference, %.4f by the interval for one look", always/trials, trials, fixed/trials)
			if most := 0.05*trials + 4*math.Sqrt(0.05*0.95*trials); always > most {
				t.Errorf("%v of %d trials show a difference that is not there, at most %.0f should", always, trials, most)
			}
			if fixed < 0.12*trials {
				t.Errorf("only %v of %d trials fool the interval for one look: they are no test", fixed, trials)
			}
		})
	}
}

// TestSequentialFactor has the formula of Waudby-Smith and others worked out with package math, and that intervals are
// narrowest, beside those for one look, near Tuned.
func TestSequentialFactor(t *testing.T) {
	for _, n := range []int{200, 500, 1000, 100_000} {
		i, err := experiment.Sequential{Tuned: 500}.Interval(0, 1, n/2, n/2, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		rho := math.Sqrt((-2*math.Log(0.05) + math.Log(-2*math.Log(0.05)+1)) / 500)
		x := float64(n)*rho*rho + 1
		want := math.Sqrt(float64(n)) * math.Sqrt(2*x*math.Log(math.Sqrt(x)/0.05)/math.Pow(float64(n)*rho, 2))
		if math.Abs(i.High-want) > 1e-10*want || i.Low != -i.High {
			t.Errorf("%d units: %+v, want ±%v", n, *i, want)
		}
		best, _ := experiment.Sequential{Tuned: n}.Interval(0, 1, n/2, n/2, 0.95)
		if best.High > i.High*(1+1e-9) {
			t.Errorf("%d units: ±%v tuned to them, ±%v tuned to 500", n, best.High, i.High)
		}
	}
	if i, err := (experiment.Sequential{}).Interval(1, 1, 99, 1000, 0); i != nil || err != nil {
		t.Errorf("burn-in: %v, %v", i, err)
	}
	if i, err := (experiment.Sequential{}).Interval(1, 0, 100, 100, 0); i != nil || err != nil {
		t.Errorf("no error: %v, %v", i, err)
	}
}

// TestSequentialKnown has what GrowthBook's gbstats asserts of its sequential test: of 1396 in 3000 and 2422 in 3461,
// relative to the control and tuned to 5000, 0.50386 with the interval 0.40098 to 0.60675. The error is the delta method's.
func TestSequentialKnown(t *testing.T) {
	d, err := experiment.CompareShares(experiment.Count{Events: 1396, N: 3000}, experiment.Count{Events: 2422, N: 3461}, 0)
	if err != nil {
		t.Fatal(err)
	}
	a, b := 1396.0/3000, 2422.0/3461
	i, err := experiment.Sequential{Tuned: 5000}.Interval(d.Value/a, math.Sqrt(b*(1-b)/3461/(a*a)+a*(1-a)/3000*b*b/(a*a*a*a)), 3000, 3461, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ got, want float64 }{{d.Value / a, 0.50386}, {i.Low, 0.40098}, {i.High, 0.60675}} {
		if math.Abs(c.got-c.want) > 5e-6 {
			t.Errorf("%.7f, want %v", c.got, c.want)
		}
	}
}

// TestWatchPeeking: under a look every 20 units, at most 5 % of right splits are called broken at 0.05, within four
// standard errors; of splits of 60 to 40 instead of 50 to 50 nearly all are, before 1000 units.
func TestWatchPeeking(t *testing.T) {
	const trials = 1000
	r := rand.New(rand.NewPCG(1, 7))
	for _, tc := range []struct {
		name        string
		second      float64
		least, most float64
	}{
		{"right", 0.5, 0, 0.05 + 4*math.Sqrt(0.05*0.95/trials)},
		{"wrong", 0.6, 0.95, 1},
	} {
		broken := 0.0
		for range trials {
			w, counts := experiment.RatioWatch{}, []int{0, 0}
			for look := 0; look < 50 && (look == 0 || w.P >= 0.05); look++ {
				for range 20 {
					if r.Float64() < tc.second {
						counts[1]++
					} else {
						counts[0]++
					}
				}
				var err error
				if w, err = experiment.WatchRatio(w, counts, []int{1, 1}); err != nil {
					t.Fatal(err)
				}
			}
			if w.P < 0.05 {
				broken++
			}
		}
		t.Logf("%s: %.3f", tc.name, broken/trials)
		if broken < tc.least*trials || broken > tc.most*trials {
			t.Errorf("%s: %v of %d splits called broken", tc.name, broken, trials)
		}
	}
}
