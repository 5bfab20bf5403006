package revenue_test

import (
	"fmt"
	"iter"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health/revenue"
)

// TestInvoices holds year ends and movements against the package that published the invoice lines (Displayr,
// flipRevenueMetrics 1a432c7c), once from snapshots of the year ends and once from every movement of every contract.
func TestInvoices(t *testing.T) {
	dir := reference(t, "revenue")
	lines := contracts(t, read(t, filepath.Join(dir, "flip_invoice_lines.csv")))
	want := read(t, filepath.Join(dir, "flip_expected_yearly_movements.csv"))
	if len(want) != 9 {
		t.Fatalf("%d years, want 9", len(want))
	}
	var s []revenue.Snapshot
	for _, w := range want {
		s = append(s, yearEnd(lines, day(t, w["as_of"])))
	}
	got := map[string][]revenue.Period{"snapshots": periods(t, sequence(s...)), "movements": yearly(t, lines)}
	for _, from := range []string{"snapshots", "movements"} {
		t.Run(from, func(t *testing.T) {
			if len(got[from]) != len(want) {
				t.Fatalf("%d periods, want %d", len(got[from]), len(want))
			}
			for i, p := range got[from] {
				holdYear(t, p, want[i])
			}
			last := got[from][8]
			if from == "movements" && (!last.Partial || got[from][7].Partial) {
				t.Error("2016 ends on 13 June, and no other year before its end")
			}
			// The movements of 2016 that the package's own tests assert.
			near(t, "new", last.New.InexactFloat64(), 457832.625451466)
			near(t, "resurrection", last.Reactivation.InexactFloat64(), 27522.7272727273)
			near(t, "expansion", last.Expansion.InexactFloat64(), 524883.685489852+19531.1464753758)
			near(t, "contraction", last.Contraction.InexactFloat64(), 404788.339449469)
			near(t, "churn", last.Churn.InexactFloat64(), 51347.9735579736)
		})
	}
}

// holdYear compares a period with a line of the published movements.
func holdYear(t *testing.T, p revenue.Period, w map[string]string) {
	for _, c := range []struct {
		column string
		got    decimal.Decimal
		sign   float64
	}{{"start", p.Start, 1}, {"new", p.New, 1}, {"resurrection", p.Reactivation, 1}, {"contraction", p.Contraction, -1},
		{"churn", p.Churn, -1}, {"end", p.End, 1}, {"published_end", p.End, 1}} {
		near(t, w["year"]+" "+c.column, c.got.InexactFloat64()*c.sign, number(t, w[c.column]))
	}
	near(t, w["year"]+" expansion", p.Expansion.InexactFloat64(), number(t, w["major_expansion"])+number(t, w["minor_expansion"]))
	for column, got := range map[string]int{"customers_start": p.Cohort, "customers_end": p.Customers, "customers_new": p.Gained,
		"customers_resurrected": p.Reactivated, "customers_churned": p.Lost} {
		if fmt.Sprint(got) != w[column] {
			t.Errorf("%s %s = %d, want %s", w["year"], column, got, w[column])
		}
	}
	for column, got := range map[string]*decimal.Decimal{"nrr": p.NRR, "grr": p.GRR, "quick_ratio": p.QuickRatio, "logo_churn": p.LogoChurn} {
		// A ratio without a denominator is undefined here; the file leaves it blank or prints -inf.
		undefined := w[column] == "" || w[column] == "-inf"
		if undefined != (got == nil) {
			t.Errorf("%s %s = %v, want %q", w["year"], column, got, w[column])
		} else if got != nil {
			near(t, w["year"]+" "+column, got.InexactFloat64(), number(t, w[column]))
		}
	}
}

// yearly goes through all movements of all contracts, in a calendar of years until the newest line.
func yearly(t *testing.T, lines []contract) []revenue.Period {
	c, err := revenue.NewCalendar(revenue.Year, at(2008), time.Date(2016, 6, 13, 0, 0, 0, 0, time.UTC), nil)
	if err != nil {
		t.Fatal(err)
	}
	tally, err := revenue.NewTally("AUD", c, revenue.Options{Per: revenue.Year, Moves: revenue.MovesNet,
		Returns: revenue.ReturnsCohort, Logos: revenue.LogosNet})
	if err != nil {
		t.Fatal(err)
	}
	failed, err := tally.AddAll(movements(t, lines))
	if err != nil || len(failed) > 0 {
		t.Fatal(failed, err)
	}
	return tally.Periods()
}

// movements gives those of all accounts, in order of account.
func movements(t *testing.T, lines []contract) iter.Seq2[revenue.Movement, error] {
	slices.SortStableFunc(lines, func(a, b contract) int { return strings.Compare(a.org, b.org) })
	return func(yield func(revenue.Movement, error) bool) {
		for rest := lines; len(rest) > 0; {
			n := 1
			for n < len(rest) && rest[n].org == rest[0].org {
				n++
			}
			moves, err := revenue.Movements(rest[0].org, "AUD", levels(rest[:n]))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range moves {
				if !yield(m, nil) {
					return
				}
			}
			rest = rest[n:]
		}
	}
}

// levels are what an organisation's contracts sum to from each of their ends on.
func levels(contracts []contract) (out []revenue.Level) {
	var ends []time.Time
	for _, c := range contracts {
		ends = append(ends, c.from, c.to)
	}
	slices.SortFunc(ends, time.Time.Compare)
	for _, end := range slices.CompactFunc(ends, time.Time.Equal) {
		l := revenue.Level{At: end}
		for _, c := range contracts {
			if c.value.IsPositive() && !c.from.After(end) && end.Before(c.to) {
				l.Amount = l.Amount.Add(c.annual())
			}
		}
		out = append(out, l)
	}
	return out
}

type contract struct {
	org      string
	from, to time.Time
	value    decimal.Decimal
}

// contracts sums lines by organisation and period, as the source of the data does.
func contracts(t *testing.T, lines []map[string]string) (out []contract) {
	if len(lines) != 3769 {
		t.Fatalf("%d lines, want 3769", len(lines))
	}
	index := map[string]int{}
	for _, l := range lines {
		k := l["org"] + l["valid_from"] + l["valid_to"]
		i, ok := index[k]
		if !ok {
			i, index[k] = len(out), len(out)
			out = append(out, contract{org: l["org"], from: day(t, l["valid_from"]), to: day(t, l["valid_to"])})
		}
		out[i].value = out[i].value.Add(d(l["aud"]))
	}
	return out
}

// annual is a year's recurring revenue: value over the period in years, which is rounded where that makes it a
// quarter, a half, three quarters or whole years.
func (c contract) annual() decimal.Decimal {
	years := c.to.Sub(c.from).Hours() / 24 / 365.25
	switch r := math.Round(years*100) / 100; r {
	case .25, .5, .75, 1, 2, 3, 4, 5, 6:
		years = r
	}
	return c.value.DivRound(decimal.NewFromFloat(years), 12)
}

// yearEnd is the recurring revenue at an instant, at which a contract counts in (from, to].
func yearEnd(contracts []contract, when time.Time) revenue.Snapshot {
	s := revenue.Snapshot{At: when, Currency: "AUD"}
	index := map[string]int{}
	for _, c := range contracts {
		if !c.value.IsPositive() || !c.from.Before(when) || c.to.Before(when) {
			continue
		}
		i, ok := index[c.org]
		if !ok {
			i, index[c.org] = len(s.Balances), len(s.Balances)
			s.Balances = append(s.Balances, revenue.Balance{Account: c.org})
		}
		s.Balances[i].Amount = s.Balances[i].Amount.Add(c.annual())
	}
	return s
}
