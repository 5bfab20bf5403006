package revenue_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health/revenue"
)

// Four payments of 100 at a retention of 0.8 and a discount of 10 %: 100 (1 + 8/11 + 64/121 + 512/1331) = 351500/1331.
func TestLifetime(t *testing.T) {
	l := revenue.Lifetime{Currency: "EUR", Margin: d("100"), Retention: d("0.8"), Discount: d("0.1"), Periods: 4}
	for _, c := range []struct {
		change func(*revenue.Lifetime)
		want   string
	}{
		{func(*revenue.Lifetime) {}, "264.09"},
		{func(l *revenue.Lifetime) { l.Periods = 1 }, "100"},
		{func(l *revenue.Lifetime) { l.Currency = "JPY" }, "264"},
		{func(l *revenue.Lifetime) { l.Margin = d("-100") }, "-264.09"},
		{func(l *revenue.Lifetime) { l.Discount, l.Periods = d("0"), 100_000 }, "500"}, // 1 / (1 - 0.8) payments
		{func(l *revenue.Lifetime) { l.Retention, l.Discount, l.Periods = d("1"), d("0"), 36 }, "3600"},
		{func(l *revenue.Lifetime) { l.Retention = d("0") }, "100"},
	} {
		x := l
		c.change(&x)
		if got, err := x.Value(); err != nil || !got.Equal(d(c.want)) {
			t.Errorf("%+v: %v, %v; want %s", x, got, err, c.want)
		}
	}
	for _, c := range []struct {
		change func(*revenue.Lifetime)
		want   string
	}{
		{func(l *revenue.Lifetime) { l.Currency = "" }, `revenue: lifetime: currency "" is not in ISO 4217`},
		{func(l *revenue.Lifetime) { l.Margin = d("1e19") }, `revenue: lifetime: margin has the exponent 19, outside -18 to 18`},
		{func(l *revenue.Lifetime) { l.Retention = d("1.01") }, `revenue: lifetime: retention is over 1`},
		{func(l *revenue.Lifetime) { l.Retention = d("-0.1") }, `revenue: lifetime: retention is negative`},
		{func(l *revenue.Lifetime) { l.Discount = d("-0.1") }, `revenue: lifetime: discount is negative`},
		{func(l *revenue.Lifetime) { l.Periods = 0 }, `revenue: lifetime: 0 periods is outside 1 to 100000`},
	} {
		x := l
		c.change(&x)
		if _, err := x.Value(); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	if got, err := revenue.Worth(d("99.99"), "EUR", 7.5296277757); err != nil || !got.Equal(d("752.89")) {
		t.Errorf("worth %v, %v", got, err)
	}
	if got, err := revenue.Worth(d("1"), "eur", 1); err == nil {
		t.Errorf("in no currency: %v", got)
	}
	if got, err := revenue.Worth(decimal.New(1, 1e9), "EUR", 1); err == nil {
		t.Errorf("a margin of 1e1000000000: %v", got)
	}
	for _, payments := range []float64{-1, math.NaN(), math.Inf(1)} {
		if got, err := revenue.Worth(d("1"), "EUR", payments); err == nil {
			t.Errorf("%v payments are worth %v", payments, got)
		}
	}
}

// A published curve, and what two parameters make of it, as reproduced from Fader and Hardie (2007, 2010).
type published struct {
	Observed    []float64          `json:"survival_observed"`
	Alpha, Beta float64            //
	Likelihood  float64            `json:"LL_per_customer"`
	AtOne       float64            `json:"LL_at_1_1"`
	Survival    []float64          `json:"S_pred"`
	Retention   []float64          `json:"retention_pred"`
	DEL         float64            `json:"DEL_d10_n0"`
	DERL        map[string]float64 `json:"DERL_d10"`
	Made        map[string]float64 `json:"DERL_repo_convention_d10"` // by renewals made, not by the renewal that is due
	Data        [][]int
	LL          float64
}

func TestSBGPublished(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(reference(t, "lifetime"), "sbg_expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]published
	if err := json.Unmarshal(text, &all); err != nil || len(all) != 5 {
		t.Fatalf("%d cases, want 5: %v", len(all), err)
	}
	for name, renewals := range map[string]int{"high_end_fit7": 7, "high_end_fit4": 4, "regular_fit7": 7, "regular_fit4": 4} {
		t.Run(name, func(t *testing.T) { all[name].holds(t, renewals) })
	}
	t.Run("multicohort", func(t *testing.T) {
		p := all["multicohort"]
		fit, err := revenue.FitSBG(p.Data)
		if err != nil {
			t.Fatal(err)
		}
		within(t, "alpha", fit.Model.Alpha, p.Alpha, 1e-4)
		within(t, "beta", fit.Model.Beta, p.Beta, 1e-4)
		within(t, "log likelihood", fit.LogLikelihood, p.LL, 1e-10)
		if fit.Customers != 40000 || fit.Losses != 5609+4693+3520+2000 {
			t.Errorf("%d customers, %d losses", fit.Customers, fit.Losses)
		}
	})
}

func (p published) holds(t *testing.T, renewals int) {
	var cohort []int
	for _, share := range p.Observed[:renewals+1] {
		cohort = append(cohort, int(math.Round(share*1000)))
	}
	cohorts := [][]int{cohort}
	fit, err := revenue.FitSBG(cohorts)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "alpha", fit.Model.Alpha, p.Alpha, 1e-4)
	within(t, "beta", fit.Model.Beta, p.Beta, 1e-4)
	within(t, "log likelihood", fit.LogLikelihood/1000, p.Likelihood, 1e-10)
	at, err := revenue.SBG{Alpha: p.Alpha, Beta: p.Beta}.LogLikelihood(cohorts)
	within(t, "log likelihood at the published parameters", at/1000, p.Likelihood, 1e-10)
	one, errOne := revenue.SBG{Alpha: 1, Beta: 1}.LogLikelihood(cohorts)
	within(t, "log likelihood at 1 and 1", one/1000, p.AtOne, 1e-10)
	if err != nil || errOne != nil {
		t.Fatal(err, errOne)
	}
	if len(p.Survival) != 13 || len(p.Retention) != 12 || len(p.DERL) != 8 || len(p.Made) != 12 {
		t.Fatalf("%d, %d, %d and %d predictions", len(p.Survival), len(p.Retention), len(p.DERL), len(p.Made))
	}
	for _, m := range []struct {
		name      string
		model     revenue.SBG
		tolerance float64
	}{{"published", revenue.SBG{Alpha: p.Alpha, Beta: p.Beta}, 1e-12}, {"fitted", fit.Model, 1e-6}} {
		is := func(what string, got float64, ok bool, want float64) {
			t.Helper()
			if !ok {
				t.Errorf("%s: %s is undefined", m.name, what)
			}
			within(t, m.name+": "+what, got, want, m.tolerance)
		}
		for n, want := range p.Survival {
			got, ok := m.model.Survival(n)
			is(fmt.Sprint("survival ", n), got, ok, want)
		}
		for i, want := range p.Retention {
			got, ok := m.model.Retention(i + 1)
			is(fmt.Sprint("retention ", i+1), got, ok, want)
		}
		got, ok := m.model.DEL(0.1, 0)
		is("DEL", got, ok, p.DEL)
		for made, table := range []map[string]float64{p.DERL, p.Made} {
			for key, want := range table {
				n, err := strconv.Atoi(key)
				if err != nil {
					t.Fatal(err)
				}
				got, ok := m.model.DERL(n+made, 0.1, 0)
				is(fmt.Sprint("DERL ", n+made), got, ok, want)
			}
		}
	}
}

// within compares relatively.
func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// TestSBGTop: no parameters around are likelier than the fitted ones, whatever the cohorts.
func TestSBGTop(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	fitted := 0
	for range 300 {
		var cohorts [][]int
		for range 1 + r.IntN(3) {
			cohort := []int{1 + r.IntN(500)}
			for range 1 + r.IntN(6) {
				last := cohort[len(cohort)-1]
				cohort = append(cohort, last-r.IntN(last/2+1))
			}
			cohorts = append(cohorts, cohort)
		}
		fit, err := revenue.FitSBG(cohorts)
		var refused *revenue.RefusedError
		if errors.As(err, &refused) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		fitted++
		for a := -20.0; a <= 20; a++ {
			for b := -20.0; b <= 20; b++ {
				for _, step := range []float64{1, 0.01} {
					other := revenue.SBG{Alpha: fit.Model.Alpha * math.Exp(a*step/3), Beta: fit.Model.Beta * math.Exp(b*step/3)}
					if ll, err := other.LogLikelihood(cohorts); err != nil || ll > fit.LogLikelihood+1e-9*math.Abs(fit.LogLikelihood) {
						t.Fatalf("%v: %v has %v, %v has %v (%v)", cohorts, fit.Model, fit.LogLikelihood, other, ll, err)
					}
				}
			}
		}
	}
	if fitted < 100 {
		t.Errorf("only %d of 300 were fitted", fitted)
	}
}

func TestSBGSums(t *testing.T) {
	m := revenue.SBG{Alpha: 0.7, Beta: 3.8}
	var plain, factor float64 = 0, 1
	for n := range 12 {
		survival, ok := m.Survival(n)
		if !ok {
			t.Fatal("survival is undefined")
		}
		plain += survival * factor
		factor /= 1.05
		if got, ok := m.DEL(0.05, n+1); !ok || math.Abs(got-plain) > 1e-12 {
			t.Errorf("%d payments: %v, want %v", n+1, got, plain)
		}
		if later, ok := m.Retention(n + 2); !ok || later <= survival/2 && n == 0 {
			t.Errorf("retention %v", later)
		}
	}
	if all, ok := m.DEL(0, 3); !ok || all <= 2 || all >= 3 {
		t.Errorf("three payments without a discount: %v, %v", all, ok)
	}
	for name, ok := range map[string]bool{
		"alpha": second(revenue.SBG{Alpha: 0, Beta: 1}.Survival(1)), "beta": second(revenue.SBG{Alpha: 1, Beta: math.NaN()}.Retention(1)),
		"infinite": second(revenue.SBG{Alpha: math.Inf(1), Beta: 1}.Survival(1)), "renewal": second(m.Retention(0)), "renewals": second(m.Survival(-1)),
		"too many": second(m.Survival(100_001)), "endless": second(m.DEL(0, 0)), "horizon": second(m.DEL(0.1, -1)), "discount": second(m.DERL(1, -0.1, 5)),
		"DERL 0": second(m.DERL(0, 0.1, 0)), "no discount": second(m.DEL(math.NaN(), 1)),
	} {
		if ok {
			t.Errorf("%s: there is an answer", name)
		}
	}
}

func second(_ float64, ok bool) bool { return ok }

func TestSBGRefuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		cohorts [][]int
		want    string
	}{
		{"one renewal", [][]int{{100, 80}}, "revenue: refused by renewals: one renewal can't show how retention changes; needs customers who came to a second renewal"},
		{"nobody left to renew", [][]int{{100, 0, 0}}, "revenue: refused by renewals: one renewal can't show how retention changes; needs customers who came to a second renewal"},
		{"nobody left", [][]int{{100, 100, 100}}, "revenue: refused by losses: nobody left; needs a customer who left"},
		{"retention falls", [][]int{{1000, 900, 720, 500}}, "revenue: refused by rise: the likelihood has no maximum, for retention does not rise with tenure, or jumps to 1; needs cohorts whose retention rises gradually"},
		{"retention jumps to 1", [][]int{{1000, 500, 500, 500}}, "revenue: refused by rise: the likelihood has no maximum, for retention does not rise with tenure, or jumps to 1; needs cohorts whose retention rises gradually"},
		{"grows", [][]int{{10, 11}}, "revenue: cohort 0: 11 customers after renewal 1, of 10 before"},
		{"too short", [][]int{{10, 9, 8}, {10}}, "revenue: cohort 1 has 1 numbers, outside 2 to 100000"},
		{"empty", [][]int{{0, 0, 0}}, "revenue: the cohorts have no customers"},
		{"none", nil, "revenue: the cohorts have no customers"},
	} {
		if fit, err := revenue.FitSBG(c.cohorts); err == nil || err.Error() != c.want {
			t.Errorf("%s: %+v, %v; want %s", c.name, fit, err, c.want)
		}
	}
	if _, err := (revenue.SBG{}).LogLikelihood([][]int{{10, 9}}); err == nil {
		t.Error("parameters of 0 have a likelihood")
	}
	// Everyone gone in the end is no trouble.
	if fit, err := revenue.FitSBG([][]int{{1000, 400, 200, 120, 0}, {1000, 400, 200, 120, 90}}); err != nil || fit.Losses != 1910 {
		t.Errorf("%+v, %v", fit, err)
	}
}
