package peer_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/ladder/peer"
)

// gained is a release made by hand: ten from the mature, five from the others.
func gained() peer.Release {
	quantiles := func(values ...string) (list []peer.Quantile) {
		for i, percent := range []int{25, 50, 75} {
			list = append(list, peer.Quantile{Percent: percent, Value: dec(values[i])})
		}
		return list
	}
	return peer.Release{
		Format: 1, From: january, To: april, Number: 1, Currency: "EUR", Best: 75,
		Groups: []peer.Group{
			{Stage: peer.Mature, Segment: "smb", Number: 1, Count: 30, Grid: dec("0.1"), Mean: dec("8"), Quantiles: quantiles("7", "8.1", "10"),
				Drivers:      []peer.Mean{{Name: "cost_reduction", Value: dec("2")}, {Name: "productivity", Value: dec("4")}},
				Capabilities: []peer.Mean{{Name: "reports", Value: dec("8")}}},
			{Stage: peer.Maturing, Segment: "smb", Number: 1, Count: 20, Grid: dec("0.1"), Mean: dec("4"), Quantiles: quantiles("2", "4", "6")},
			{Stage: peer.Maturing, Segment: "smb", Industry: "steel", Number: 1, Count: 10, Grid: dec("0.01"), Mean: dec("3.33"), Quantiles: quantiles("2", "4", "6")},
		},
	}
}

// TestFiveAgainstTen: a customer who spends one and gets five where the best get ten leaks five for each unit of spend.
func TestFiveAgainstTen(t *testing.T) {
	own := plain("acme", "0")
	own.Spend = dec("2000")
	own.Values = []peer.Value{
		{Driver: "productivity", Capability: "reports", Amount: dec("9000")}, {Driver: "risk_reduction", Amount: dec("1000")},
	}
	s, err := gained().Standing(own)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintln(s.Value, s.Peers.Count, s.Low, s.High, s.Percentile, s.Best, s.BestOf.Count, s.Leakage, s.Money)
	if want := "5 20 50 75 62.5 10 30 5 10000\n"; got != want {
		t.Errorf("got %s want %s", got, want)
	}
	gaps := func(list []peer.Gap) (out []string) {
		for _, g := range list {
			out = append(out, fmt.Sprintf("%s: %v − %v = %v", g.Name, g.Best, g.Value, g.Leakage))
		}
		return out
	}
	want := []string{"cost_reduction: 2.5 − 0 = 2.5", "productivity: 5 − 4.5 = 0.5", ": 2.5 − 0.5 = 2"}
	if diff := cmp.Diff(want, gaps(s.Drivers)); diff != "" {
		t.Errorf("drivers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"reports: 10 − 4.5 = 5.5", ": 0 − 0.5 = -0.5"}, gaps(s.Capabilities)); diff != "" {
		t.Errorf("capabilities (-want +got):\n%s", diff)
	}
}

func TestStandingPlaces(t *testing.T) {
	for _, tt := range []struct {
		value, want string
	}{
		{"0", "0 25 <nil>"}, {"1.999999", "0 25 <nil>"}, {"2", "25 50 25"}, {"2.4", "25 50 30"}, {"4", "50 75 50"},
		{"5.999999", "50 75 75"}, {"6", "75 100 <nil>"}, {"1000", "75 100 <nil>"},
	} {
		s, err := gained().Standing(plain("acme", tt.value))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintln(s.Low, s.High, s.Percentile); got != tt.want+"\n" {
			t.Errorf("%s: %s want %s", tt.value, got, tt.want)
		}
	}
}

// TestStandingFinds: peers are the group with most in common with the cell, all of it; best in class needs mature peers.
func TestStandingFinds(t *testing.T) {
	r := gained()
	for _, tt := range []struct {
		segment, industry string
		mature            bool
		count             int
	}{{"smb", "steel", false, 10}, {"smb", "retail", false, 20}, {"smb", "steel", true, 30}} {
		own := plain("acme", "5")
		own.Segment, own.Industry, own.Mature = tt.segment, tt.industry, tt.mature
		s, err := r.Standing(own)
		if err != nil || s.Peers.Count != tt.count || s.Best == nil {
			t.Errorf("%+v: %d peers, best %v, %v", tt, s.Peers.Count, s.Best, err)
		}
	}
	alone := r
	alone.Groups = r.Groups[1:]
	if s, err := alone.Standing(plain("acme", "5")); err != nil || s.Best != nil || s.Drivers != nil || s.Leakage != nil {
		t.Errorf("without mature peers: %+v, %v", s, err)
	}
	ahead, err := r.Standing(plain("acme", "12.5"))
	if err != nil || ahead.Leakage.String() != "-2.5" {
		t.Errorf("ahead of the best by %v, %v, want -2.5", ahead.Leakage, err)
	}
}

func TestStandingRefuses(t *testing.T) {
	r := gained()
	var refused *peer.RefusedError
	own := plain("acme", "5")
	own.Segment = "large"
	if _, err := r.Standing(own); !errors.As(err, &refused) || refused.Rule != "no_peers" ||
		err.Error() != `peer: account "acme": refused by no_peers: no group of the release holds its cell; needs a release with more contributors` {
		t.Errorf("%v, want no_peers", err)
	}
	own = plain("acme", "5")
	own.Currency = "USD"
	if _, err := r.Standing(own); !errors.As(err, &refused) || refused.Rule != "currency" {
		t.Errorf("%v, want currency", err)
	}
	var data *peer.DataError
	own = plain("acme", "0")
	own.Spend = dec("100000000000000000000000000000000000000")
	if _, err := r.Standing(own); !errors.As(err, &data) || data.Field != "money" {
		t.Errorf("a leakage beyond measure: %v, want a DataError", err)
	}
	for _, own := range [][]peer.Contribution{nil, {plain("a", "1"), plain("b", "2")}} {
		if _, err := r.Standing(own...); !errors.As(err, &data) {
			t.Errorf("%d companies: %v, want a DataError", len(own), err)
		}
	}
}

// TestGapsSum: on random worlds the parts of a leakage sum to it exactly, and it is best less value.
func TestGapsSum(t *testing.T) {
	v := newVillage(5)
	list := v.companies(600)
	r := publish(t, list, nil, peer.Options{}).Release
	best := 0
	for _, own := range list {
		s, err := r.Standing(own)
		if err != nil {
			t.Fatal(err)
		}
		if s.Best == nil {
			continue
		}
		best++
		for _, gaps := range [][]peer.Gap{s.Drivers, s.Capabilities} {
			var sums [3]decimal.Decimal
			for _, g := range gaps {
				sums[0], sums[1], sums[2] = sums[0].Add(g.Best), sums[1].Add(g.Value), sums[2].Add(g.Leakage)
			}
			if !sums[0].Equal(*s.Best) || !sums[1].Equal(s.Value) || !sums[2].Equal(*s.Leakage) || !s.Best.Sub(s.Value).Equal(*s.Leakage) {
				t.Fatalf("%v of %+v", sums, s)
			}
		}
	}
	if best < 300 {
		t.Errorf("best in class for %d of %d", best, len(list))
	}
}

func TestValues(t *testing.T) {
	model, err := ladder.Compile(ladder.Starter())
	if err != nil {
		t.Fatal(err)
	}
	def := model.Ladder()
	benefit := def.Benefits[0]
	entry := func(id, amount string, from, to time.Time) ladder.Entry {
		return ladder.Entry{Format: 1, ID: id, Account: "acme", Benefit: benefit.Name, From: from, To: to, Amount: dec(amount), Currency: def.Currency}
	}
	february := january.AddDate(0, 1, 0)
	entries := []ladder.Entry{
		entry("e1", "100.50", january, february), entry("e2", "20", february, april), entry("e3", "-100.50", january, february),
		entry("e4", "7", january, february), entry("e5", "999", april, april.AddDate(0, 1, 0)),
	}
	got, err := peer.Values(model, entries, january, april)
	want := []peer.Value{{Driver: string(benefit.Driver), Capability: benefit.Capability, Amount: dec("27")}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, tt := range []struct {
		name   string
		change func(e *ladder.Entry)
		want   string
	}{
		{"over the edge", func(e *ladder.Entry) { e.To = april.AddDate(0, 0, 1) }, `peer: account "acme": entry "e2": lies in the period in part only`},
		{"unknown benefit", func(e *ladder.Entry) { e.Benefit = "x" }, `peer: account "acme": entry "e2": benefit "x" is not in the ladder`},
		{"other currency", func(e *ladder.Entry) { e.Currency = "XAF" }, `peer: account "acme": entry "e2": is in XAF, the ladder in ` + def.Currency},
		{"exponent", func(e *ladder.Entry) { e.Amount = decimal.New(1, 1_000_000_000) }, `peer: account "acme": entry "e2": amount has the exponent 1000000000, outside -18 to 18`},
		{"other account", func(e *ladder.Entry) { e.Account = "b" }, `peer: account "b": entry "e2": is not of account "acme"`},
	} {
		list := slices.Clone(entries)
		tt.change(&list[1])
		if _, err := peer.Values(model, list, january, april); err == nil || err.Error() != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

// TestTotals: (30·8 + 20·4 + 10·3.33) / 60 = 5.888…, and what lies below it likewise, on the finest grid.
func TestTotals(t *testing.T) {
	var got []string
	for _, total := range gained().Totals() {
		got = append(got, fmt.Sprintf("%s/%s/%s %d %v", total.Stage, total.Segment, total.Industry, total.Count, total.Mean))
	}
	want := []string{"// 60 5.89", "maturing// 30 3.78", "maturing/smb/ 30 3.78"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
}
