package revenue_test

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health/revenue"
)

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

func ExamplePeriods() {
	for p, err := range revenue.Periods(sequence(
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
		for _, p := range periods(t, sequence(s...)) {
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
		{"vast exponent", []revenue.Snapshot{{At: at(2025), Currency: "EUR", Balances: []revenue.Balance{{Account: "a", Amount: decimal.New(1, 1e9)}}}},
			`revenue: account "a": snapshot of 2025-01-01: has the exponent 1000000000, outside -18 to 18`},
		{"negative", []revenue.Snapshot{snapshot(2025, "a -1")}, `revenue: account "a": snapshot of 2025-01-01: is negative`},
	} {
		var last error
		for _, err := range revenue.Periods(sequence(c.s...)) {
			last = err
		}
		if last == nil || last.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, last, c.want)
		}
	}
}

func TestPeriodsEnd(t *testing.T) {
	broken := errors.New("connection lost")
	source := func(yield func(revenue.Snapshot, error) bool) {
		if yield(snapshot(2025, "a 1"), nil) {
			yield(revenue.Snapshot{}, broken)
		}
	}
	n := 0
	for _, err := range revenue.Periods(source) {
		if n++; (n == 2) != errors.Is(err, broken) {
			t.Errorf("step %d: %v", n, err)
		}
	}
	for range revenue.Periods(source) {
		n++
		break
	}
	if n != 3 {
		t.Errorf("%d steps, want 2 and then 1", n)
	}
}
