package backtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/backtest"
)

// exposed is an account with a value, that stands in a band.
func exposed(account string, value float64, band string, cents int) backtest.Exposed {
	yesterday := renewal.AddDate(0, 0, -1)
	return backtest.Exposed{
		Input: health.Input{Account: account, Readings: health.ReadingMap{"usage": {Value: value, At: renewal}}},
		Last: health.Record{
			Format: 1, Version: 1, Recorded: yesterday, Score: health.Score{Account: account, AsOf: yesterday},
			Standing: health.Standing{Band: band, AsOf: yesterday},
		},
		Money: dec(cents), Currency: "EUR",
	}
}

// By hand: the next card lifts the edge from 50 to 70, and raises an alarm at 60.
func TestDiff(t *testing.T) {
	next := card()
	next.Bands[1].Floor = 70
	next.Alarms = []health.Alarm{{Category: "poor", Measure: "usage", When: health.Equal, Value: 60, Reason: "sixty"}}
	unknown := exposed("f", 0, "green", 100)
	unknown.Input.Readings = nil
	fresh := exposed("g", 60, "", 1000)
	fresh.Last = health.Record{}
	again := exposed("h", 90, "green", 1)
	again.Last.Score.AsOf = renewal
	accounts := []backtest.Exposed{
		exposed("e", 60, "green", 10_000), // green now and under the running card, red under the next
		exposed("d", 65, "red", 20_000),   // the running card would lift it to green, the next leaves it red
		exposed("c", 80, "red", 40_000),   // both lift it
		exposed("b", 20, "green", 80_000), // both lower it
		exposed("a", 90, "green", 160_000),
		unknown, fresh, again,
		exposed("", 90, "green", 1),
	}
	c := must[backtest.Changes](t)(backtest.Diff(context.Background(), compile(t, card()), compile(t, next), all(accounts), renewal))
	if c.Accounts != 7 || c.Failed != 2 || len(c.Errors) != 2 || c.Money.StringFixed(2) != "310.00" || c.Currency != "EUR" {
		t.Errorf("%+v", c)
	}
	money := cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) })
	if diff := cmp.Diff([]backtest.Move{{From: "green", To: "red", Accounts: 3, Money: dec(31_000)}}, c.Moves, money); diff != "" {
		t.Errorf("moves (-want +got)\n%s", diff)
	}
	wantChanged := []backtest.Changed{
		{Account: "d", From: "green", To: "red", Before: 65, After: 65, Money: dec(20_000)},
		{Account: "e", From: "green", To: "red", Before: 60, After: 60, Money: dec(10_000)},
		{Account: "g", From: "green", To: "red", Before: 60, After: 60, Money: dec(1000)},
	}
	if diff := cmp.Diff(wantChanged, c.Changed, money); diff != "" {
		t.Errorf("changed (-want +got)\n%s", diff)
	}
	wantAlerts := []backtest.Alert{
		{Account: "b", Kind: health.BandChanged, From: "green", To: "red", Also: true},
		{Account: "c", Kind: health.BandChanged, From: "red", To: "green", Also: true},
		{Account: "e", Kind: health.BandChanged, From: "green", To: "red"},
		{Account: "e", Kind: health.RiskOpened, To: "opened", Risk: "poor"},
		{Account: "g", Kind: health.RiskOpened, To: "opened", Risk: "poor"},
	}
	if diff := cmp.Diff(wantAlerts, c.Alerts); diff != "" {
		t.Errorf("alerts (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]backtest.Alert{{Account: "d", Kind: health.BandChanged, From: "red", To: "green"}}, c.Silenced); diff != "" {
		t.Errorf("silenced (-want +got)\n%s", diff)
	}
	if _, err := json.Marshal(c); err != nil {
		t.Error(err)
	}
}

// Moves come in the order of the cards' bands, the running card's first, and unknown last.
func TestDiffMoves(t *testing.T) {
	next := card()
	next.Bands = []health.Band{{Name: "poor"}, {Name: "green", Floor: 50}}
	next.Groups[0].Measures = append(next.Groups[0].Measures, measure("need", 1))
	next.Groups[0].Measures[1].Missing.Policy = health.Required
	known := func(account string, value float64) backtest.Exposed {
		x := exposed(account, value, "", 100)
		x.Last = health.Record{}
		return x
	}
	low, high := known("a", 10), known("b", 10)
	low.Input.Readings.(health.ReadingMap)["need"] = health.Reading{Value: 10, At: renewal}
	high.Input.Readings.(health.ReadingMap)["need"] = health.Reading{Value: 100, At: renewal}
	c := must[backtest.Changes](t)(backtest.Diff(context.Background(), compile(t, card()), compile(t, next),
		all([]backtest.Exposed{known("d", 90), known("c", 20), high, low}), renewal))
	var got []string
	for _, m := range c.Moves {
		got = append(got, fmt.Sprint(m.From, " to ", m.To, ": ", m.Accounts))
	}
	if diff := cmp.Diff([]string{"red to green: 1", "red to poor: 1", "red to unknown: 1", "green to unknown: 1"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(c.Alerts)+len(c.Silenced) != 0 {
		t.Errorf("first bands cause alerts: %+v", c)
	}
}

// A definition against itself changes nothing.
func TestDiffSame(t *testing.T) {
	m := compile(t, card())
	c := must[backtest.Changes](t)(backtest.Diff(context.Background(), m, m, all([]backtest.Exposed{exposed("a", 10, "green", 1), exposed("b", 90, "green", 1)}), renewal))
	if len(c.Moves)+len(c.Changed)+len(c.Silenced) != 0 || len(c.Alerts) != 1 || !c.Alerts[0].Also || c.Before != c.After {
		t.Errorf("%+v", c)
	}
}

func TestDiffRefuses(t *testing.T) {
	m := compile(t, card())
	dollars, strange, negative := exposed("b", 1, "red", 1), exposed("b", 1, "red", 1), exposed("b", 1, "red", -1)
	dollars.Currency, strange.Currency = "USD", "???"
	for _, c := range []struct {
		name string
		next backtest.Exposed
		want string
	}{
		{"twice", exposed("a", 1, "red", 1), `backtest: account "a": is there twice`},
		{"currencies", dollars, `backtest: account "b": currency: is USD, that of the accounts before EUR`},
		{"no currency", strange, `backtest: account "b": currency: "???" is not in ISO 4217`},
	} {
		_, err := backtest.Diff(context.Background(), m, m, all([]backtest.Exposed{exposed("a", 1, "red", 1), c.next}), renewal)
		expect(t, c.name, err, c.want)
	}
	if c := must[backtest.Changes](t)(backtest.Diff(context.Background(), m, m, all([]backtest.Exposed{negative}), renewal)); c.Failed != 1 || c.Errors[0].Error() != `backtest: account "b": money: is negative or has no currency` {
		t.Errorf("%+v", c)
	}
	_, err := backtest.Diff(context.Background(), nil, m, all([]backtest.Exposed{}), renewal)
	expect(t, "no model", err, "backtest: diff: a model is nil")
	_, err = backtest.Diff(context.Background(), m, m, all([]backtest.Exposed{}), renewal.AddDate(-9000, 0, 0))
	if err == nil {
		t.Error("an instant before the year 1")
	}
	_, err = backtest.Diff(context.Background(), m, m, func(yield func(backtest.Exposed, error) bool) { yield(backtest.Exposed{}, context.Canceled) }, renewal)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestStability(t *testing.T) {
	nan := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, nanOf(), nanOf()}
	s := must[backtest.Shift](t)(backtest.Stability(nan, []float64{1, 1, 20, nanOf()}, 2))
	want := []backtest.ShiftedBin{{To: 5.5, Reference: 5, Current: 2}, {To: 20, Reference: 5, Current: 1}, {Unknown: true, Reference: 2, Current: 1}}
	if diff := cmp.Diff(want, s.Bins); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// By hand: (0.5 - 5/12) ln(0.5 / (5/12)) + (0.25 - 5/12) ln(0.25 / (5/12)) + (0.25 - 1/6) ln(0.25 / (1/6)).
	near(t, "index", s.Index, 0.0151935+0.0851376+0.0337888, 1e-6)
	same := must[backtest.Shift](t)(backtest.Stability([]float64{3, 3, 3}, []float64{3, 3}, 10))
	if len(same.Bins) != 1 || same.Index != 0 || same.P != 1 || !same.Known {
		t.Errorf("%+v of one value", same)
	}
	empty := must[backtest.Shift](t)(backtest.Stability(nil, []float64{1}, 10))
	if empty.Known || empty.Current != 1 {
		t.Errorf("%+v of nothing", empty)
	}
	half := must[backtest.Shift](t)(backtest.Stability([]float64{1, 2}, []float64{1, 1, 1, 1}, 2)) // the upper bin is empty: half of one
	near(t, "index with an empty bin", half.Index, 0.5*0.6931472+0.375*1.3862944, 1e-6)
	for _, bins := range []int{1, 1001} {
		if _, err := backtest.Stability([]float64{1}, []float64{1}, bins); err == nil {
			t.Errorf("%d bins", bins)
		}
	}
	_, err := backtest.Stability([]float64{1}, []float64{nanOf(), infinite()}, 2)
	if want := "backtest: stability: current value 1 is infinite"; fmt.Sprint(err) != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestDrift(t *testing.T) {
	m := compile(t, card())
	scores := func(from, to int) (out []health.Score) {
		for i := from; i < to; i++ {
			s := must[health.Score](t)(m.Score(health.Input{Account: fmt.Sprint(i), Readings: health.ReadingMap{"usage": {Value: float64(i), At: renewal}}}, renewal))
			out = append(out, s)
		}
		return out
	}
	shifts := must[[]backtest.Shift](t)(backtest.Drift(all(scores(0, 100)), all(scores(40, 100))))
	if len(shifts) != 2 || shifts[0].Name != "" || shifts[1].Name != "usage" || shifts[0].Index != shifts[1].Index {
		t.Fatalf("%+v", shifts)
	}
	if s := shifts[0]; s.P > 1e-5 || s.Index < 0.25 || s.Reference != 100 || s.Current != 60 {
		t.Errorf("%+v", s)
	}
	none := must[[]backtest.Shift](t)(backtest.Drift(all(scores(0, 100)), all(scores(0, 100))))
	if none[0].Index != 0 || none[0].P != 1 {
		t.Errorf("%+v", none[0])
	}
	other := scores(0, 1)
	other[0].Digest[0]++
	_, err := backtest.Drift(all(scores(0, 1)), all(other))
	expect(t, "another card", err, `backtest: account "0": score: is by another card than the first`)
	_, err = backtest.Drift(func(yield func(health.Score, error) bool) { yield(health.Score{}, context.Canceled) }, all(other))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
