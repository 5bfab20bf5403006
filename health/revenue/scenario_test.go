package revenue_test

import (
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health/revenue"
)

// TestScenario2ConventionsNamed: start A 100, B 200, C 300; A expands by 50, then contracts by 30; B leaves and is back at 180; C
// contracts by 60; D is new at 90.
func TestScenario2ConventionsNamed(t *testing.T) {
	a := course("A", "2025-06-01 new 100", "2026-01-05 expansion 50", "2026-01-20 contraction 30")
	b := course("B", "2025-06-01 new 200", "2026-01-04 churn 200", "2026-01-25 reactivation 180")
	c := course("C", "2025-06-01 new 300", "2026-01-10 contraction 60")
	dd := course("D", "2026-01-12 new 90")
	january := func(o revenue.Options) revenue.Period { return tally(t, revenue.Month, o, a, b, c, dd).Periods()[0] }

	p := january(revenue.Options{})
	for name, got := range map[string][2]string{
		"start": {p.Start.String(), "600"}, "new": {p.New.String(), "90"}, "reactivation": {p.Reactivation.String(), "180"},
		"expansion": {p.Expansion.String(), "50"}, "contraction": {p.Contraction.String(), "90"}, "churn": {p.Churn.String(), "200"},
		"end": {p.End.String(), "630"}, "net new": {p.NetNew.String(), "30"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s = %s, want %s", name, got[0], got[1])
		}
	}
	equal(t, "NRR, returns out", p.NRR, "0.6")
	equal(t, "GRR by end state, returns out", p.GRR, "0.566666666667")
	equal(t, "quick ratio", p.QuickRatio, "1.103448275862") // 320/290
	equal(t, "logo churn, gross", p.LogoChurn, "0.333333333333")
	equal(t, "ARPA", p.ARPA, "157.5")
	equal(t, "ARR", p.ARR, "7560")

	in := january(revenue.Options{Returns: revenue.ReturnsCohort, Logos: revenue.LogosNet})
	equal(t, "NRR, returns in", in.NRR, "0.9")
	equal(t, "GRR by end state, returns in", in.GRR, "0.866666666667")
	equal(t, "logo churn, net", in.LogoChurn, "0")
	if in.Options.GRR != revenue.GRREndState || in.Unit != revenue.Month || in.Partial || !in.To.Equal(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("the period does not name its formula, its unit and its end: %+v", in)
	}
	for _, returns := range []revenue.Returns{revenue.ReturnsOut, revenue.ReturnsCohort, revenue.ReturnsAll} {
		moved := january(revenue.Options{Returns: returns, GRR: revenue.GRRMovements})
		equal(t, "GRR by movements, returns "+string(returns), moved.GRR, "0.516666666667")
	}
	alone := tally(t, revenue.Month, revenue.Options{}, dd).Periods()[0]
	equal(t, "D's own NRR", alone.NRR, "undefined")
	equal(t, "D's own GRR", alone.GRR, "undefined")
}
