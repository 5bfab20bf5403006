package revenue_test

import (
	"encoding/csv"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health/revenue"
)

func d(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func snapshots(s ...revenue.Snapshot) iter.Seq2[revenue.Snapshot, error] {
	return func(yield func(revenue.Snapshot, error) bool) {
		for _, x := range s {
			if !yield(x, nil) {
				return
			}
		}
	}
}

func at(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }

func snapshot(year int, balances ...string) revenue.Snapshot {
	s := revenue.Snapshot{At: at(year), Currency: "EUR"}
	for _, b := range balances {
		account, amount, _ := strings.Cut(b, " ")
		s.Balances = append(s.Balances, revenue.Balance{Account: account, Amount: d(amount)})
	}
	return s
}

func periods(t *testing.T, s iter.Seq2[revenue.Snapshot, error]) []revenue.Period {
	t.Helper()
	var out []revenue.Period
	for p, err := range revenue.Periods(s) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

func Example() {
	for p, err := range revenue.Periods(snapshots(
		snapshot(2025, "a 100", "b 200", "c 300"),
		snapshot(2026, "a 120", "c 240", "d 90"),
		snapshot(2027, "a 120", "b 180", "c 240"),
	)) {
		if err != nil {
			panic(err)
		}
		fmt.Println(p.To.Year(), p.Start, "+", p.New, "+", p.Reactivation, "+", p.Expansion, "-", p.Contraction, "-", p.Churn, "=", p.End)
		if p.NRR != nil {
			fmt.Println("  NRR", p.NRR.StringFixed(4), "GRR", p.GRR.StringFixed(4))
		}
	}
	// Output:
	// 2025 0 + 600 + 0 + 0 - 0 - 0 = 600
	// 2026 600 + 90 + 0 + 20 - 60 - 200 = 450
	//   NRR 0.6000 GRR 0.5667
	// 2027 450 + 0 + 180 + 0 - 0 - 90 = 540
	//   NRR 0.8000 GRR 0.8000
}

// TestInvoices holds year ends and movements against the package that published the invoice lines.
func TestInvoices(t *testing.T) {
	root := os.Getenv("CS_REFERENCE")
	if root == "" {
		root = "../../../shared/reference"
	}
	dir := filepath.Join(root, "revenue")
	if _, err := os.Stat(dir); err != nil && os.Getenv("CS_REFERENCE") == "" {
		t.Skip("the invoice lines are not part of the project: ", err)
	}
	lines := contracts(t, read(t, filepath.Join(dir, "flip_invoice_lines.csv")))
	want := read(t, filepath.Join(dir, "flip_expected_yearly_movements.csv"))
	var s []revenue.Snapshot
	for _, w := range want {
		s = append(s, yearEnd(lines, day(t, w["as_of"])))
	}
	for i, p := range periods(t, snapshots(s...)) {
		w := want[i]
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
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*max(1, math.Abs(want))) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

type contract struct {
	org      string
	from, to time.Time
	value    decimal.Decimal
}

// contracts sums lines by organisation and period, as the source of the data does.
func contracts(t *testing.T, lines []map[string]string) (out []contract) {
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

// yearEnd is a year's recurring revenue: value over the period in years, which is rounded where that makes it a
// quarter, a half, three quarters or whole years; a contract counts in (from, to].
func yearEnd(contracts []contract, when time.Time) revenue.Snapshot {
	s := revenue.Snapshot{At: when, Currency: "AUD"}
	index := map[string]int{}
	for _, c := range contracts {
		if !c.value.IsPositive() || !c.from.Before(when) || c.to.Before(when) {
			continue
		}
		years := c.to.Sub(c.from).Hours() / 24 / 365.25
		switch r := math.Round(years*100) / 100; r {
		case .25, .5, .75, 1, 2, 3, 4, 5, 6:
			years = r
		}
		v := c.value.DivRound(decimal.NewFromFloat(years), 12)
		i, ok := index[c.org]
		if !ok {
			i, index[c.org] = len(s.Balances), len(s.Balances)
			s.Balances = append(s.Balances, revenue.Balance{Account: c.org})
		}
		s.Balances[i].Amount = s.Balances[i].Amount.Add(v)
	}
	return s
}

// TestIdentity: for any snapshots, start plus and minus movements is end, GRR is at most 1 and at most NRR.
func TestIdentity(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		var s []revenue.Snapshot
		for year := range 4 {
			x := revenue.Snapshot{At: at(2020 + year), Currency: "USD"}
			for a := range 12 {
				if r.IntN(3) > 0 {
					x.Balances = append(x.Balances, revenue.Balance{Account: fmt.Sprint(a), Amount: decimal.New(int64(r.IntN(500)), -2)})
				}
			}
			s = append(s, x)
		}
		end := decimal.Decimal{}
		for _, p := range periods(t, snapshots(s...)) {
			sum := p.Start.Add(p.New).Add(p.Reactivation).Add(p.Expansion).Sub(p.Contraction).Sub(p.Churn)
			if !sum.Equal(p.End) || !p.Start.Equal(end) {
				t.Fatalf("start %v after end %v; movements lead to %v, end is %v", p.Start, end, sum, p.End)
			}
			end = p.End
			if p.GRR != nil && (p.GRR.GreaterThan(decimal.NewFromInt(1)) || p.GRR.GreaterThan(*p.NRR)) {
				t.Fatalf("GRR %v, NRR %v", p.GRR, p.NRR)
			}
		}
	}
}

// A source may use its slice again: what was compared does not change.
func TestReusedBalances(t *testing.T) {
	balances := []revenue.Balance{{Account: "a", Amount: d("100")}, {Account: "b", Amount: d("50")}}
	source := func(yield func(revenue.Snapshot, error) bool) {
		if !yield(revenue.Snapshot{At: at(2025), Currency: "EUR", Balances: balances}, nil) {
			return
		}
		balances[0], balances[1] = revenue.Balance{Account: "c", Amount: d("7")}, revenue.Balance{Account: "b", Amount: d("60")}
		yield(revenue.Snapshot{At: at(2026), Currency: "EUR", Balances: balances}, nil)
	}
	p := periods(t, source)[1]
	if !p.Start.Equal(d("150")) || !p.Churn.Equal(d("100")) || !p.New.Equal(d("7")) || !p.Expansion.Equal(d("10")) {
		t.Errorf("%+v", p)
	}
}

func TestBadSnapshots(t *testing.T) {
	usd := snapshot(2026, "a 1")
	usd.Currency = "USD"
	undated := snapshot(2026, "a 1")
	undated.At = time.Time{}
	none := snapshot(2026, "a 1")
	none.Currency = "XXY"
	for _, c := range []struct {
		name string
		s    []revenue.Snapshot
		want string
	}{
		{"out of order", []revenue.Snapshot{snapshot(2026, "a 1"), snapshot(2025, "a 1")}, "revenue: snapshot of 2025-01-01 is not after that of 2026-01-01"},
		{"another currency", []revenue.Snapshot{snapshot(2025, "a 1"), usd}, "revenue: snapshot of 2026-01-01 is in USD, the one before in EUR"},
		{"no instant", []revenue.Snapshot{undated}, "revenue: compare snapshots: instant is zero"},
		{"no currency", []revenue.Snapshot{none}, `revenue: snapshot of 2026-01-01: currency "XXY" is not in ISO 4217`},
		{"twice", []revenue.Snapshot{snapshot(2025, "a 1", "a 2")}, `revenue: account "a": is there twice on 2025-01-01`},
		{"negative", []revenue.Snapshot{snapshot(2025, "a -1")}, `revenue: account "a": recurring revenue is negative`},
	} {
		var last error
		for _, err := range revenue.Periods(snapshots(c.s...)) {
			last = err
		}
		if last == nil || last.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, last, c.want)
		}
	}
}

func read(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, r := range all[1:] {
		m := make(map[string]string)
		for i, v := range r {
			m[all[0][i]] = v
		}
		out = append(out, m)
	}
	return out
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func day(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
