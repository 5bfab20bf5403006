package survival_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/survival"
)

// The twins follow the definitions in rational numbers, with risk sets counted anew at each time.

func rat(n int) *big.Rat { return big.NewRat(int64(n), 1) }

func mul(x ...*big.Rat) *big.Rat {
	out := rat(1)
	for _, v := range x {
		out.Mul(out, v)
	}
	return out
}

func add(x, y *big.Rat) *big.Rat { return new(big.Rat).Add(x, y) }
func sub(x, y *big.Rat) *big.Rat { return new(big.Rat).Sub(x, y) }
func quo(x, y *big.Rat) *big.Rat { return new(big.Rat).Quo(x, y) }

func float(x *big.Rat) float64 { f, _ := x.Float64(); return f }

// riskSet counts who is at risk at t and who ends at t through cause, or through any where cause is 0.
func riskSet(obs []survival.Observation, t float64, cause int) (atRisk, ended int) {
	for _, o := range obs {
		if o.Time < t || o.Entry >= t && o.Entry > 0 {
			continue
		}
		atRisk++
		if o.Time == t && o.Cause > 0 && (cause == 0 || o.Cause == cause) {
			ended++
		}
	}
	return atRisk, ended
}

func TestCurveTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 1))
	for range 400 {
		obs := sample(r, 12, 1)
		c := curve(t, obs)
		s, greenwood, area := rat(1), rat(0), rat(0)
		last := 0
		for _, step := range c.Steps {
			area = add(area, mul(s, rat(int(step.Time)-last)))
			last = int(step.Time)
			n, d := riskSet(obs, step.Time, 0)
			s = mul(s, big.NewRat(int64(n-d), int64(n)))
			if n > d {
				greenwood = add(greenwood, big.NewRat(int64(d), int64(n*(n-d))))
			}
			if step.AtRisk != n || step.Events != d || c.AtRisk(step.Time) != n {
				t.Fatalf("%v: %+v, want %d at risk and %d ended", obs, step, n, d)
			}
			near(t, "survival", step.Survival, float(s), 1e-14)
			if se, ok := step.SE(); ok != (s.Sign() != 0) {
				t.Fatalf("%v: SE %v, %v", obs, se, ok)
			} else if ok {
				near(t, "variance", se*se, float(mul(s, s, greenwood)), 1e-13)
			}
			for _, at := range []float64{step.Time + 0.5, step.Time + 1} {
				if n, _ := riskSet(obs, at, 0); at <= c.Steps[len(c.Steps)-1].Time && c.AtRisk(at) != n {
					t.Fatalf("%v: AtRisk(%v) = %d, want %d", obs, at, c.AtRisk(at), n)
				}
			}
		}
		if mean, _, ok := c.RestrictedMean(float64(last)); ok {
			near(t, "restricted mean", mean, float(area), 1e-14)
		} else if last > 0 {
			t.Fatalf("%v: no restricted mean to %d", obs, last)
		}
	}
}

// TestIncidenceTwin checks the estimates by definition and the variances by Aalen's sum over all earlier times.
func TestIncidenceTwin(t *testing.T) {
	const causes = 3
	r := rand.New(rand.NewPCG(12, 1))
	for range 300 {
		obs := sample(r, 12, causes)
		x := incidence(t, obs, causes)
		type moment struct {
			f, before, after *big.Rat
			n, own, others   int
		}
		for cause := 1; cause <= causes; cause++ {
			var past []moment
			s, f := rat(1), rat(0)
			for i, at := range x.Times {
				n, own := riskSet(obs, at, cause)
				_, all := riskSet(obs, at, 0)
				m := moment{before: s, n: n, own: own, others: all - own}
				f = add(f, mul(s, big.NewRat(int64(own), int64(n))))
				s = mul(s, big.NewRat(int64(n-all), int64(n)))
				m.f, m.after = f, s
				past = append(past, m)
				variance := rat(0)
				for _, m := range past {
					g := rat(0)
					if m.after.Sign() != 0 {
						g = quo(sub(f, m.f), m.after)
					}
					w := mul(m.before, m.before)
					variance = add(variance, mul(w, sub(rat(1), g), sub(rat(1), g), tied(m.own, m.n)))
					variance = add(variance, mul(w, g, g, tied(m.others, m.n)))
				}
				near(t, "incidence", x.ByCause[cause-1].Cumulative[i], float(f), 1e-14)
				near(t, "variance", x.ByCause[cause-1].Variance[i], float(variance), 1e-14)
				near(t, "waiting", x.Survival[i], float(s), 1e-14)
				if x.ByCause[cause-1].Events[i] != own || x.AtRisk[i] != n {
					t.Fatalf("%v at %v: counts differ", obs, at)
				}
			}
		}
	}
}

// tied is the variance of d of n, hypergeometric for ties.
func tied(d, n int) *big.Rat {
	if d < 2 {
		return big.NewRat(int64(d), int64(n*n))
	}
	return big.NewRat(int64(d*(n-d)), int64(n*n*(n-1)))
}

// TestLogRankTwin checks two groups, where the statistic is (O−E)²/V.
func TestLogRankTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 1))
	for range 300 {
		groups := [][]survival.Observation{sample(r, 10, 1), sample(r, 10, 1)}
		all := append(append([]survival.Observation{}, groups[0]...), groups[1]...)
		for _, weight := range []survival.Weight{survival.LogRankWeight, survival.PetoWeight} {
			s := rat(1)
			observed, expected, variance := rat(0), rat(0), rat(0)
			for at := range 13 {
				n, d := riskSet(all, float64(at), 0)
				m, own := riskSet(groups[0], float64(at), 0)
				if d == 0 {
					continue
				}
				w := rat(1)
				if weight == survival.PetoWeight {
					w = s
				}
				observed = add(observed, mul(w, rat(own)))
				expected = add(expected, mul(w, big.NewRat(int64(d*m), int64(n))))
				if n > 1 {
					variance = add(variance, mul(w, w, big.NewRat(int64(d*(n-d)*m*(n-m)), int64((n-1)*n*n))))
				}
				s = mul(s, big.NewRat(int64(n-d), int64(n)))
			}
			c, err := survival.LogRank(groups, weight)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "observed", c.Groups[0].Observed, float(observed), 1e-13)
			near(t, "expected", c.Groups[0].Expected, float(expected), 1e-13)
			near(t, "variance", c.Groups[0].Variance, float(variance), 1e-13)
			if variance.Sign() == 0 {
				if c.DF != 0 {
					t.Fatalf("%v: %d degrees of freedom", groups, c.DF)
				}
				continue
			}
			away := sub(observed, expected)
			near(t, "chi-square", c.ChiSquare, float(quo(mul(away, away), variance)), 1e-11)
		}
	}
}
