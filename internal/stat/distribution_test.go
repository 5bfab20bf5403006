package stat_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

func TestNormalCDF(t *testing.T) {
	for _, row := range rows(t, "pnorm.csv") {
		x := number(t, row["x"])
		nearRelative(t, "Φ("+row["x"]+")", stat.NormalCDF(x), number(t, row["pnorm"]), 1e-12)
		nearRelative(t, "1−Φ("+row["x"]+")", stat.NormalCDF(-x), number(t, row["upper"]), 1e-12)
	}
	if !math.IsNaN(stat.NormalCDF(math.NaN())) || stat.NormalCDF(math.Inf(-1)) != 0 || stat.NormalCDF(math.Inf(1)) != 1 {
		t.Error("ends of the normal distribution")
	}
}

func TestNormalQuantile(t *testing.T) {
	for _, row := range rows(t, "qnorm.csv") {
		nearRelative(t, "z("+row["p"]+")", known(t)(stat.NormalQuantile(number(t, row["p"]))), number(t, row["qnorm"]), 1e-12)
	}
	last := math.Inf(-1)
	for i := 1; i < 4000; i++ {
		p := float64(i) / 4000
		z := known(t)(stat.NormalQuantile(p))
		if z <= last {
			t.Fatalf("not increasing at %v", p)
		}
		last = z
		nearRelative(t, "Φ(z)", stat.NormalCDF(z), p, 1e-14)
	}
	for e := 1; e < 1020; e++ {
		p := math.Ldexp(1, -e)
		nearRelative(t, "Φ(z) in the tail", stat.NormalCDF(known(t)(stat.NormalQuantile(p))), p, 1e-12)
	}
	for _, p := range []float64{0, 1, -1, 2, math.NaN()} {
		if _, ok := stat.NormalQuantile(p); ok {
			t.Errorf("NormalQuantile(%v) is defined", p)
		}
	}
}

// TestExtremeNormalQuantile asks for the least probabilities: below 1e-307 they have lost digits, and there is no answer.
func TestExtremeNormalQuantile(t *testing.T) {
	// By mpmath 1.3 with 40 digits.
	if got, ok := stat.NormalQuantile(1e-307); !ok || math.Abs(got/-37.479332564321583-1) > 1e-12 {
		t.Errorf("of 1e-307: %v, %v", got, ok)
	}
	for _, p := range []float64{1e-310, 0x1p-1074} {
		if got, ok := stat.NormalQuantile(p); ok {
			t.Errorf("of %v: %v", p, got)
		}
	}
}

func TestTails(t *testing.T) {
	for _, row := range rows(t, "pchisq_pt.csv") {
		x, df := number(t, row["x"]), number(t, row["df"])
		at := " at " + row["x"] + ", df " + row["df"]
		upper := known(t)(stat.ChiSquareUpper(x, df))
		nearRelative(t, "chi-square"+at, upper, number(t, row["pchisq_upper"]), 1e-12)
		near(t, "both sides"+at, known(t)(stat.ChiSquareCDF(x, df))+upper, 1, 1e-15)
		nearRelative(t, "t"+at, known(t)(stat.TCDF(-x, df)), number(t, row["pt_upper"]), 1e-12)
		near(t, "both tails"+at, known(t)(stat.TCDF(x, df)), 1-number(t, row["pt_upper"]), 1e-15)
	}
}

// TestChiSquarePoisson uses that with 2k degrees of freedom the upper tail at 2x is the probability of fewer than k events
// of a Poisson variable with mean x, summed here with 300 bits.
func TestChiSquarePoisson(t *testing.T) {
	for _, k := range []int{1, 2, 5, 20, 39, 40, 41, 250, 1000} {
		for _, x := range []int64{1, 3, 19, 40, 250, 900, 1000, 1100} {
			term, sum := big.NewFloat(1).SetPrec(300), new(big.Float).SetPrec(300)
			total := new(big.Float).SetPrec(300)
			for i := 1; i <= k || i <= 3*int(x)+200; i++ {
				if i <= k {
					sum.Add(sum, term)
				}
				total.Add(total, term)
				term.Mul(term, big.NewFloat(float64(x)))
				term.Quo(term, big.NewFloat(float64(i)))
			}
			want, _ := new(big.Float).Quo(sum, total).Float64()
			lower, _ := new(big.Float).Quo(total.Sub(total, sum), new(big.Float).Add(total, sum)).Float64()
			got := known(t)(stat.ChiSquareUpper(2*float64(x), 2*float64(k)))
			if want < 1e-290 {
				continue
			}
			if want < 0.6 {
				nearRelative(t, "upper tail", got, want, 1e-12)
			}
			near(t, "upper tail", got, want, 1e-13)
			if 1e-290 < lower && lower < 0.4 {
				nearRelative(t, "lower tail", known(t)(stat.ChiSquareCDF(2*float64(x), 2*float64(k))), lower, 1e-12)
			}
		}
	}
}

// TestStudentClosedForms uses the closed forms of one, two and four degrees of freedom.
func TestStudentClosedForms(t *testing.T) {
	quantile := map[float64]func(p float64) float64{
		1: func(p float64) float64 { return -1 / math.Tan(math.Pi*p) },
		2: func(p float64) float64 { return (2*p - 1) / math.Sqrt(2*p*(1-p)) },
		4: func(p float64) float64 {
			a := 4 * p * (1 - p)
			q := math.Cos(math.Acos(math.Sqrt(a))/3) / math.Sqrt(a)
			return math.Copysign(2*math.Sqrt(max(0, q-1)), p-0.5)
		},
	}
	for _, df := range []float64{1, 2, 4} {
		for _, p := range []float64{1e-300, 1e-100, 1e-12, 1e-4, 0.025, 0.05, 0.2, 0.249, 0.251, 0.4, 0.6, 0.75, 0.9, 0.975, 0.999} {
			want := quantile[df](p)
			got := known(t)(stat.TQuantile(p, df))
			nearRelative(t, "t quantile", got, want, 1e-12)
			nearRelative(t, "t distribution", known(t)(stat.TCDF(got, df)), p, 1e-12)
		}
	}
}

// TestStudentTable holds quantiles to a printed table: t at 0.975 with 5, 10, 30 and 120 degrees of freedom
// (Abramowitz and Stegun, table 26.10).
func TestStudentTable(t *testing.T) {
	for _, c := range []struct{ df, want float64 }{{5, 2.571}, {10, 2.228}, {30, 2.042}, {120, 1.980}} {
		near(t, "t(0.975)", known(t)(stat.TQuantile(0.975, c.df)), c.want, 5e-4)
	}
}

func TestStudentRoundTrip(t *testing.T) {
	for _, df := range []float64{0.1, 0.5, 1, 3, 7.5, 29, 100, 1e3, 1e4, 1e6} {
		last := math.Inf(-1)
		for i := 1; i < 400; i++ {
			p := float64(i) / 400
			q := known(t)(stat.TQuantile(p, df))
			if q <= last {
				t.Fatalf("df %v: not increasing at %v", df, p)
			}
			last = q
			nearRelative(t, "CDF of the quantile", known(t)(stat.TCDF(q, df)), p, 1e-12)
		}
		near(t, "center", known(t)(stat.TQuantile(0.5+1e-9, df))/known(t)(stat.TQuantile(0.5+2e-9, df)), 0.5, 1e-6)
	}
	// With many degrees of freedom t is normal.
	near(t, "t with df 1e7", known(t)(stat.TQuantile(0.975, 1e7)), known(t)(stat.NormalQuantile(0.975)), 1e-6)
	far := known(t)(stat.TCDF(-1e200, 1))
	nearRelative(t, "Cauchy tail", far, 1e-200/math.Pi, 1e-12)
}

func TestUndefinedDistributions(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct{ x, df float64 }{{-1, 1}, {1, 0}, {1, -1}, {nan, 1}, {1, nan}, {1, inf}} {
		if _, ok := stat.ChiSquareUpper(c.x, c.df); ok {
			t.Errorf("ChiSquareUpper(%v, %v) is defined", c.x, c.df)
		}
		if c.x == -1 {
			continue
		}
		if _, ok := stat.TCDF(c.x, c.df); ok {
			t.Errorf("TCDF(%v, %v) is defined", c.x, c.df)
		}
	}
	for _, p := range []float64{0, 1, nan} {
		if _, ok := stat.TQuantile(p, 3); ok {
			t.Errorf("TQuantile(%v) is defined", p)
		}
	}
	if _, ok := stat.TQuantile(1e-300, 0.1); ok {
		t.Error("a quantile beyond the largest number")
	}
	for _, c := range []struct{ x, want float64 }{{0, 1}, {inf, 0}} {
		if v, ok := stat.ChiSquareUpper(c.x, 3); !ok || v != c.want {
			t.Errorf("ChiSquareUpper(%v) = %v, %v", c.x, v, ok)
		}
	}
	if v, ok := stat.TCDF(inf, 3); !ok || v != 1 {
		t.Errorf("TCDF(∞) = %v, %v", v, ok)
	}
}

func FuzzDistributions(f *testing.F) {
	f.Add(1.0, 3.0)
	f.Add(1e-300, 1e300)
	f.Add(math.MaxFloat64, 0x1p-1074)
	f.Add(1e4, 1e4)
	f.Fuzz(func(t *testing.T, x, df float64) {
		if v, ok := stat.ChiSquareUpper(x, df); ok && !(v >= 0 && v <= 1) {
			t.Errorf("ChiSquareUpper(%v, %v) = %v", x, df, v)
		}
		if v, ok := stat.ChiSquareCDF(x, df); ok && !(v >= 0 && v <= 1) {
			t.Errorf("ChiSquareCDF(%v, %v) = %v", x, df, v)
		}
		if v, ok := stat.TCDF(x, df); ok && !(v >= 0 && v <= 1) {
			t.Errorf("TCDF(%v, %v) = %v", x, df, v)
		}
		if v, ok := stat.TQuantile(x, df); ok && (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Errorf("TQuantile(%v, %v) = %v", x, df, v)
		}
		if v, ok := stat.NormalQuantile(x); ok && math.Abs(v) > 39 {
			t.Errorf("NormalQuantile(%v) = %v", x, v)
		}
	})
}

func BenchmarkTQuantile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		stat.TQuantile(0.975, 28)
	}
}
