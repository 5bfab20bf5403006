package stat_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// TestWilsonNewcombe: Newcombe, Two-Sided Confidence Intervals for the Single Proportion, Statistics in Medicine 17 (1998),
// table I, method 3.
func TestWilsonNewcombe(t *testing.T) {
	for _, c := range []struct {
		x, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		i, ok := stat.Wilson(c.x, c.n, 0.95)
		if !ok || math.Abs(i.Low-c.low) > 5e-5 || math.Abs(i.High-c.high) > 5e-5 {
			t.Errorf("Wilson(%d, %d) = %v, %v, want [%v, %v]", c.x, c.n, i, ok, c.low, c.high)
		}
	}
}

// TestWilsonRoots uses what defines the interval: its ends are the proportions p that are z standard errors of p away.
func TestWilsonRoots(t *testing.T) {
	for _, confidence := range []float64{0.5, 0.8, 0.95, 0.999} {
		z := known(t)(stat.NormalQuantile((1 + confidence) / 2))
		for n := 1; n <= 30; n++ {
			for x := range n + 1 {
				i, ok := stat.Wilson(x, n, confidence)
				mirror, _ := stat.Wilson(n-x, n, confidence)
				share := float64(x) / float64(n)
				if !ok || i.Low < 0 || i.High > 1 || i.Low > share || i.High < share || x == 0 && i.Low != 0 || x == n && i.High != 1 {
					t.Fatalf("Wilson(%d, %d, %v) = %v, %v", x, n, confidence, i, ok)
				}
				near(t, "mirror", i.Low, 1-mirror.High, 1e-12)
				for _, p := range []float64{i.Low, i.High} {
					near(t, "distance", (p-share)*(p-share), z*z*p*(1-p)/float64(n), 1e-12)
				}
			}
		}
	}
	for _, c := range []struct {
		x, n int
		conf float64
	}{{0, 0, 0.95}, {-1, 3, 0.95}, {4, 3, 0.95}, {1, 3, 0}, {1, 3, 1}, {1, 3, math.NaN()}} {
		if _, ok := stat.Wilson(c.x, c.n, c.conf); ok {
			t.Errorf("Wilson(%d, %d, %v) is defined", c.x, c.n, c.conf)
		}
	}
}

// series returns the series of trend_expected.csv. "flat" and "down" are not in the reference; these are the values
// that its least squares, Theil–Sen and Kendall figures determine, up to a shift and reading them backwards.
func series(t *testing.T, name string) (x, y []float64) {
	switch name {
	case "flat":
		y = []float64{0, 0, 0, 0, 1}
	case "down":
		y = []float64{0, 0, -2, -3, -3, -4, -5}
	default:
		for _, row := range rows(t, name+".csv") {
			y = append(y, number(t, row["y"]))
		}
	}
	for i := range y {
		x = append(x, float64(i+1))
	}
	return x, y
}

func TestTrends(t *testing.T) {
	for _, row := range rows(t, "trend_expected.csv") {
		t.Run(row["series"], func(t *testing.T) {
			x, y := series(t, row["series"])
			unchanged(t, y, func(y []float64) {
				line, ok := stat.OLS(x, y)
				if !ok {
					t.Fatal("no line")
				}
				near(t, "slope", line.Slope, number(t, row["ols_slope"]), 1e-12)
				near(t, "slope SE", line.SlopeSE, number(t, row["ols_se"]), 1e-12)
				p := 2 * known(t)(stat.TCDF(-math.Abs(line.Slope/line.SlopeSE), float64(line.N-2)))
				nearRelative(t, "p", p, number(t, row["ols_p"]), 1e-10)

				m, ok := stat.TheilSen(x, y, 0.95)
				if !ok || !m.Bounded || m.Interval.Low > m.Slope || m.Interval.High < m.Slope {
					t.Errorf("TheilSen = %+v, %v", m, ok)
				}
				near(t, "median slope", m.Slope, number(t, row["theil_sen"]), 1e-12)

				k, ok := stat.Kendall(x, y)
				if !ok {
					t.Fatal("no correlation")
				}
				near(t, "tau-b", k.TauB, number(t, row["kendall_tau_b"]), 1e-12)
				nearRelative(t, "p of tau", k.P, number(t, row["kendall_p_normal"]), 1e-10)
			})
		})
	}
}

// TestOLSByHand: x 1 2 3 4, y 2 1 4 3. Means 2.5; Sxx 5, Sxy 3; slope 3/5, intercept 1; residuals 0.4 −1.2 1.2 −0.4, their
// squares sum to 3.2, so the deviation is √1.6. At x = 5 the next value is within 4.3027·√(1.6·(1 + 1/4 + 6.25/5)) of 4.
func TestOLSByHand(t *testing.T) {
	line, ok := stat.OLS([]float64{1, 2, 3, 4}, []float64{2, 1, 4, 3})
	if !ok || line.N != 4 {
		t.Fatalf("OLS = %+v, %v", line, ok)
	}
	near(t, "slope", line.Slope, 0.6, 1e-15)
	near(t, "intercept", line.Intercept, 1, 1e-15)
	near(t, "residual SD", line.ResidualSD, math.Sqrt(1.6), 1e-15)
	near(t, "At(5)", line.At(5), 4, 1e-15)
	i, ok := line.Prediction(5, 0.95)
	// t(0.975, 2) = 0.95/√(2·0.975·0.025)
	half := 0.95 / math.Sqrt(2*0.975*0.025) * 2
	if !ok {
		t.Fatal("no prediction")
	}
	near(t, "low", i.Low, 4-half, 2e-10) // the quantile has ten places
	near(t, "high", i.High, 4+half, 2e-10)
	for _, confidence := range []float64{0, 1, -1, math.NaN()} {
		if _, ok := line.Prediction(5, confidence); ok {
			t.Errorf("a prediction with confidence %v", confidence)
		}
	}
	if _, ok := line.Prediction(math.NaN(), 0.95); ok {
		t.Error("a prediction at NaN")
	}
	if _, ok := (stat.Line{}).Prediction(1, 0.95); ok {
		t.Error("a prediction without a line")
	}
}

func TestOLSOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 8))
	x, y := make([]float64, 30), make([]float64, 30)
	for i := range x {
		x[i], y[i] = r.NormFloat64(), r.NormFloat64()*1e6
	}
	want, _ := stat.OLS(x, y)
	for range 20 {
		r.Shuffle(len(x), func(i, j int) { x[i], x[j], y[i], y[j] = x[j], x[i], y[j], y[i] })
		if got, _ := stat.OLS(x, y); got != want {
			t.Fatalf("OLS depends on the order: %+v, %+v", got, want)
		}
	}
}

// TestKendallTies holds the variance under ties in both rankings to the one over all permutations.
func TestKendallTies(t *testing.T) {
	x, y := []float64{1, 1, 1, 2, 3, 3, 4}, []float64{5, 6, 5, 6, 6, 7, 7}
	sign := func(v float64) float64 {
		switch {
		case v > 0:
			return 1
		case v < 0:
			return -1
		}
		return 0
	}
	score := func(p []int) (s float64) {
		for i := range p {
			for j := range i {
				s += sign(x[i]-x[j]) * sign(y[p[i]]-y[p[j]])
			}
		}
		return s
	}
	squares, all := 0.0, 0.0
	permute(make([]int, 0, len(x)), func(p []int) {
		squares += score(p) * score(p)
		all++
	})
	k, ok := stat.Kendall(x, y)
	if !ok {
		t.Fatal("undefined")
	}
	z := score([]int{0, 1, 2, 3, 4, 5, 6}) / math.Sqrt(squares/all)
	near(t, "p", k.P, 2*stat.NormalCDF(-math.Abs(z)), 1e-13)
}

// TestTheilSenRank counts inversions over all permutations: the interval from the r-th to the r-th last slope misses where
// fewer than r pairs lie on one side, which must have at most the chance asked for; with r+1 it must have more.
func TestTheilSenRank(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for n := 2; n <= 8; n++ {
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i], y[i] = float64(i), r.Float64()
		}
		slopes := pairSlopes(x, y)
		inversions := make([]float64, n*n)
		all := 0.0
		permute(make([]int, 0, n), func(p []int) {
			count := 0
			for i := range p {
				for j := range i {
					if p[j] > p[i] {
						count++
					}
				}
			}
			inversions[count]++
			all++
		})
		for _, confidence := range []float64{0.5, 0.8, 0.9, 0.95, 0.99} {
			m, ok := stat.TheilSen(x, y, confidence)
			if !ok || m.Pairs != len(slopes) {
				t.Fatalf("n %d: %+v, %v", n, m, ok)
			}
			rank := 0
			if m.Bounded {
				rank = slices.Index(slopes, m.Interval.Low) + 1
				if slopes[len(slopes)-rank] != m.Interval.High {
					t.Errorf("n %d at %v: %v is not symmetric in rank", n, confidence, m.Interval)
				}
			}
			misses := 0.0
			for _, c := range inversions[:rank] {
				misses += 2 * c / all
			}
			if misses > 1-confidence+1e-12 {
				t.Errorf("n %d at %v: misses with probability %v", n, confidence, misses)
			}
			if further := misses + 2*inversions[rank]/all; further <= 1-confidence-1e-12 {
				t.Errorf("n %d at %v: one rank further in would miss with probability %v only", n, confidence, further)
			}
			if n == 4 && confidence == 0.95 && m.Bounded || n == 5 && confidence == 0.95 && !m.Bounded {
				t.Errorf("n %d at 0.95: bounded %v", n, m.Bounded)
			}
		}
	}
}

// permute calls f with each order of the first cap(p) integers.
func permute(p []int, f func([]int)) {
	if len(p) == cap(p) {
		f(p)
		return
	}
	for i := range cap(p) {
		if !slices.Contains(p, i) {
			permute(append(p, i), f)
		}
	}
}

func pairSlopes(x, y []float64) []float64 {
	var slopes []float64
	for i := range x {
		for j := range i {
			slopes = append(slopes, (y[i]-y[j])/(x[i]-x[j]))
		}
	}
	slices.Sort(slopes)
	return slopes
}

// TestTheilSenMany holds the exact ranks (50 points) and the normal ones (51) to each other: the intervals of one line with
// noise, sampled with seeds, contain its slope about as often as they say.
func TestTheilSenMany(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	for _, n := range []int{50, 51} {
		const trials = 600
		held := 0
		x, y := make([]float64, n), make([]float64, n)
		for range trials {
			for i := range x {
				x[i], y[i] = float64(i), 0.25*float64(i)+r.NormFloat64()
			}
			m, ok := stat.TheilSen(x, y, 0.9)
			if !ok || !m.Bounded {
				t.Fatal("no interval")
			}
			if m.Interval.Low <= 0.25 && 0.25 <= m.Interval.High {
				held++
			}
		}
		// Four standard errors of a share of 0.9 among 600 are 0.049.
		if share := float64(held) / trials; math.Abs(share-0.9) > 0.049 {
			t.Errorf("n %d: %v of the intervals hold the slope", n, share)
		}
	}
}

func TestTheilSenTies(t *testing.T) {
	// Slopes of the pairs at different x: (0,0)-(1,1) 1, (0,0)-(1,3) 3, (0,2)-(1,1) −1, (0,2)-(1,3) 1.
	m, ok := stat.TheilSen([]float64{0, 0, 1, 1}, []float64{0, 2, 1, 3}, 0.95)
	if want := (stat.MedianSlope{Slope: 1, Pairs: 4}); !ok || m != want {
		t.Errorf("TheilSen = %+v, %v, want %+v", m, ok, want)
	}
	x, y := make([]float64, 40), make([]float64, 40)
	for i := range x {
		x[i], y[i] = float64(i/2), float64(i%3)+float64(i)
	}
	m, ok = stat.TheilSen(x, y, 0.95)
	if !ok || !m.Bounded || m.Pairs != 40*39/2-20 || m.Interval.Low > m.Slope || m.Interval.High < m.Slope {
		t.Errorf("TheilSen = %+v, %v", m, ok)
	}
	want := m
	r := rand.New(rand.NewPCG(1, 3))
	for range 10 {
		r.Shuffle(len(x), func(i, j int) { x[i], x[j], y[i], y[j] = x[j], x[i], y[j], y[i] })
		if got, _ := stat.TheilSen(x, y, 0.95); got != want {
			t.Fatalf("TheilSen depends on the order: %+v, %+v", got, want)
		}
	}
}

func TestUndefinedEstimates(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name string
		x, y []float64
	}{
		{"nothing", nil, nil}, {"one", []float64{1}, []float64{1}}, {"lengths", []float64{1, 2, 3}, []float64{1, 2}},
		{"NaN", []float64{1, 2, nan}, []float64{1, 2, 3}}, {"infinite", []float64{1, 2, 3}, []float64{1, inf, 3}},
		{"one x", []float64{5, 5, 5}, []float64{1, 2, 3}},
	} {
		if l, ok := stat.OLS(c.x, c.y); ok {
			t.Errorf("%s: OLS = %+v", c.name, l)
		}
		if m, ok := stat.TheilSen(c.x, c.y, 0.95); ok {
			t.Errorf("%s: TheilSen = %+v", c.name, m)
		}
		if k, ok := stat.Kendall(c.x, c.y); ok {
			t.Errorf("%s: Kendall = %+v", c.name, k)
		}
	}
	if l, ok := stat.OLS([]float64{1, 2}, []float64{1, 2}); ok {
		t.Errorf("OLS of two points = %+v", l)
	}
	if m, ok := stat.TheilSen([]float64{1, 2}, []float64{1, 2}, 1); ok {
		t.Errorf("TheilSen with certainty = %+v", m)
	}
	if m, ok := stat.TheilSen(make([]float64, 5001), make([]float64, 5001), 0.95); ok {
		t.Errorf("TheilSen of 5001 points = %+v", m)
	}
	if k, ok := stat.Kendall([]float64{1, 2, 3}, []float64{4, 4, 4}); ok {
		t.Errorf("Kendall with one y = %+v", k)
	}
}

func FuzzTrends(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 4.0, 0.95)
	f.Add(0.0, math.Copysign(0, -1), 1e308, -1e308, 0.5)
	f.Add(math.Inf(1), math.NaN(), 0x1p-1074, 0.0, 1.0)
	f.Fuzz(func(t *testing.T, a, b, c, d, confidence float64) {
		x, y := []float64{a, b, c, d, a, b}, []float64{b, c, d, a, a, 1}
		if l, ok := stat.OLS(x, y); ok {
			if math.IsNaN(l.Slope + l.SlopeSE + l.ResidualSD) {
				t.Errorf("OLS = %+v", l)
			}
			if i, ok := l.Prediction(c, confidence); ok && !(i.Low <= i.High) {
				t.Errorf("Prediction = %+v", i)
			}
		}
		if m, ok := stat.TheilSen(x, y, confidence); ok && (math.IsNaN(m.Slope) || m.Bounded && !(m.Interval.Low <= m.Interval.High)) {
			t.Errorf("TheilSen = %+v", m)
		}
		if k, ok := stat.Kendall(x, y); ok && !(math.Abs(k.TauB) <= 1 && k.P >= 0 && k.P <= 1) {
			t.Errorf("Kendall = %+v", k)
		}
		if mean, sd, ok := stat.MeanSD(x); ok && !(sd >= 0 && math.Abs(mean) <= math.MaxFloat64) {
			t.Errorf("MeanSD = %v, %v", mean, sd)
		}
	})
}

func BenchmarkTheilSen(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	x, y := make([]float64, 50), make([]float64, 50)
	for i := range x {
		x[i], y[i] = float64(i), r.Float64()
	}
	b.ReportAllocs()
	for b.Loop() {
		stat.TheilSen(x, y, 0.95)
	}
}
