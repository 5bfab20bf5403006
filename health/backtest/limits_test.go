package backtest_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health/backtest"
)

// TestManyGroups: a report within many groups says of each what a trial of it alone does, and takes no memory for each of
// them that all accounts need.
func TestManyGroups(t *testing.T) {
	const groups = 2000
	r := rand.New(rand.NewPCG(1, 1))
	var all backtest.Trial
	alone := make(map[string]*backtest.Trial)
	for i := range 4 * groups {
		c := scored(fmt.Sprintf("a%d", i/2), float64(r.IntN(100)), r.IntN(2) == 0)
		c.At = c.At.AddDate(0, i%2, 0)
		c.Group = fmt.Sprintf("g%04d", r.IntN(groups))
		c.Money, c.Currency = decimal.New(r.Int64N(1000), 0), "EUR"
		if err := all.Add(c); err != nil {
			t.Fatal(err)
		}
		if alone[c.Group] == nil {
			alone[c.Group] = new(backtest.Trial)
		}
		if err := alone[c.Group].Add(c); err != nil {
			t.Fatal(err)
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	report := all.Report(backtest.Options{Resamples: 20})
	runtime.ReadMemStats(&after)
	if bytes := after.TotalAlloc - before.TotalAlloc; bytes > 20<<20 {
		t.Errorf("a report takes %d bytes", bytes)
	}
	if len(report.Groups) != len(alone) {
		t.Errorf("%d groups, want %d", len(report.Groups), len(alone))
	}
	for _, g := range report.Groups {
		own := alone[g.Name].Report(backtest.Options{Resamples: 20})
		want := backtest.Within{Name: g.Name, Decisions: own.Decisions, Lost: own.Lost, AUC: own.AUC, Money: own.Money}
		if diff := cmp.Diff(want, g); diff != "" {
			t.Fatalf("group %s (-alone +within)\n%s", g.Name, diff)
		}
	}
}
