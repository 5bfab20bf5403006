package outcome_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// bare has one role that signs and rolls up by horizon and persona.
func bare() outcome.Template {
	return outcome.Template{Format: 1, Name: "bare", Roles: []outcome.Role{{Name: "customer", Side: outcome.Customer, Signs: true}}}
}

// TestAttainment has its values from (now - base)/(goal - base), and from 2 - |now - goal|/band beyond the band.
func TestAttainment(t *testing.T) {
	tests := []struct {
		name         string
		target       outcome.Target
		now          float64
		raw, clamped float64
	}{
		{"down, half way", outcome.Target{Base: 84, Goal: 30}, 57, 0.5, 0.5},
		{"up, past the goal", outcome.Target{Base: 0, Goal: 100}, 130, 1.3, 1},
		{"up, fallen below the base", outcome.Target{Base: 10, Goal: 20}, 5, -0.5, 0},
		{"at the base", outcome.Target{Base: 84, Goal: 30}, 84, 0, 0},
		{"at the goal", outcome.Target{Base: 0.1, Goal: 0.3}, 0.3, 1, 1},
		{"below zero", outcome.Target{Base: -40, Goal: -20}, -25, 0.75, 0.75},
		{"kept exactly", outcome.Target{Base: 99, Goal: 99, Band: 1}, 99, 1, 1},
		{"kept, at the edge", outcome.Target{Base: 99, Goal: 99, Band: 1}, 98, 1, 1},
		{"kept, above", outcome.Target{Base: 99, Goal: 99, Band: 1}, 100.5, 0.5, 0.5},
		{"kept, below", outcome.Target{Base: 99, Goal: 99, Band: 1}, 97.5, 0.5, 0.5},
		{"kept, at twice the band", outcome.Target{Base: 99, Goal: 99, Band: 1}, 97, 0, 0},
		{"kept, beyond", outcome.Target{Base: 99, Goal: 99, Band: 1}, 94, -3, 0},
	}
	m := mustCompile(t, bare())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.target.Measure = "m"
			p := mustPropose(t, m, aim("a", tt.target))
			got := mustAssess(t, m, p, outcome.SeriesMap{"m": measured(on(2, 1), day, tt.now)}, on(2, 1))
			o := got.Outcomes[0]
			if !o.Known || o.Value != tt.now || !o.At.Equal(on(2, 1)) || o.Raw != tt.raw || o.Clamped != tt.clamped || o.Points != tt.clamped {
				t.Errorf("got %+v, want raw %v, clamped and points %v", o, tt.raw, tt.clamped)
			}
		})
	}
}

// TestProgress has one outcome from 0 to 100, from 1 January to 11 April 2026 (100 days). Numbers are by hand.
func TestProgress(t *testing.T) {
	target := outcome.Target{Measure: "m", Goal: 100, Due: on(4, 11)}
	tests := []struct {
		name   string
		target outcome.Target
		state  outcome.State
		values []outcome.Measurement
		asOf   time.Time
		want   outcome.Progress // Outcome, State and Forecast aside
	}{
		{"never measured", target, "", nil, on(1, 26),
			outcome.Progress{Expected: 0.25, Timed: true}},
		{"not due", outcome.Target{Measure: "m", Goal: 100}, "", nil, on(1, 26),
			outcome.Progress{}},
		{"before the start", target, "", measured(on(1, 1).Add(-2*day), day, 10, 20), on(1, 1).Add(-day),
			outcome.Progress{Timed: true}},
		{"measured before the start only", target, "", measured(on(1, 1).Add(-2*day), day, 10, 20), on(1, 26),
			outcome.Progress{Expected: 0.25, Timed: true}},
		{"measured later", target, "", measured(on(1, 27), day, 10), on(1, 26),
			outcome.Progress{Expected: 0.25, Timed: true}},
		{"once", target, "", measured(on(1, 26), day, 20), on(1, 26),
			outcome.Progress{Known: true, Value: 20, At: on(1, 26), Raw: 0.2, Clamped: 0.2, Points: 0.2, Expected: 0.25, Timed: true}},
		{"rates: 80 in 75 days, best 10 a day", target, "", measured(on(1, 24), day, 5, 15, 20), on(1, 26),
			outcome.Progress{Known: true, Value: 20, At: on(1, 26), Raw: 0.2, Clamped: 0.2, Points: 0.2, Expected: 0.25, Timed: true,
				Required: 80.0 / 75, Best: 10, Rated: true}},
		{"rates of a falling measure", outcome.Target{Measure: "m", Base: 100, Goal: 20, Due: on(4, 11)}, "", measured(on(1, 24), day, 100, 96, 60), on(1, 26),
			outcome.Progress{Known: true, Value: 60, At: on(1, 26), Raw: 0.5, Clamped: 0.5, Points: 0.5, Expected: 0.25, Timed: true,
				Required: 40.0 / 75, Best: 36, Rated: true}},
		{"the best rate led away", target, "", measured(on(1, 25), day, 20, 15), on(1, 26),
			outcome.Progress{Known: true, Value: 15, At: on(1, 26), Raw: 0.15, Clamped: 0.15, Points: 0.15, Expected: 0.25, Timed: true,
				Required: 85.0 / 75, Best: -5, Rated: true}},
		{"the best rate is from before the start", target, "", append(measured(on(1, 1).Add(-2*day), day, 0, 50), measured(on(1, 26), day, 20)...), on(1, 26),
			outcome.Progress{Known: true, Value: 20, At: on(1, 26), Raw: 0.2, Clamped: 0.2, Points: 0.2, Expected: 0.25, Timed: true,
				Required: 80.0 / 75, Best: 50, Rated: true}},
		{"reached", target, "", measured(on(1, 25), day, 90, 100), on(1, 26),
			outcome.Progress{Known: true, Value: 100, At: on(1, 26), Raw: 1, Clamped: 1, Points: 1, Expected: 0.25, Timed: true,
				Best: 10, Rated: true}},
		{"lost again", target, "", measured(on(1, 25), day, 100, 99), on(1, 26),
			outcome.Progress{Known: true, Value: 99, At: on(1, 26), Raw: 0.99, Clamped: 0.99, Points: 0.99, Lost: true, Expected: 0.25, Timed: true,
				Required: 1.0 / 75, Best: -1, Rated: true}},
		{"lost after it was closed as achieved", target, outcome.Achieved, measured(on(1, 26), day, 50), on(1, 26),
			outcome.Progress{Known: true, Value: 50, At: on(1, 26), Raw: 0.5, Clamped: 0.5, Points: 0.5, Lost: true, Expected: 0.25, Timed: true}},
		{"short before it was closed as achieved", target, outcome.Achieved, measured(on(1, 5), day, 50), on(1, 26),
			outcome.Progress{Known: true, Value: 50, At: on(1, 5), Raw: 0.5, Clamped: 0.5, Points: 0.5, Expected: 0.25, Timed: true}},
		{"at the due date", target, "", measured(on(4, 1), day, 50), on(4, 11),
			outcome.Progress{Known: true, Value: 50, At: on(4, 1), Raw: 0.5, Clamped: 0.5, Points: 0.5, Expected: 1, Timed: true}},
		{"overdue", target, "", measured(on(4, 1), day, 50), on(4, 12),
			outcome.Progress{Known: true, Value: 50, At: on(4, 1), Raw: 0.5, Clamped: 0.5, Points: 0.5, Expected: 1, Timed: true, Overdue: true}},
		{"overdue and unmeasured", target, outcome.Paused, nil, on(4, 12),
			outcome.Progress{Expected: 1, Timed: true, Overdue: true}},
		{"reached, so not overdue", target, "", measured(on(4, 1), day, 100), on(4, 12),
			outcome.Progress{Known: true, Value: 100, At: on(4, 1), Raw: 1, Clamped: 1, Points: 1, Expected: 1, Timed: true}},
		{"missed, so not overdue", target, outcome.Missed, measured(on(4, 1), day, 50), on(4, 12),
			outcome.Progress{Known: true, Value: 50, At: on(4, 1), Raw: 0.5, Clamped: 0.5, Points: 0.5, Expected: 1, Timed: true}},
		{"kept, then lost", outcome.Target{Measure: "m", Base: 9, Goal: 9, Band: 1, Due: on(4, 11)}, "", measured(on(1, 25), day, 9, 10.5), on(1, 26),
			outcome.Progress{Known: true, Value: 10.5, At: on(1, 26), Raw: 0.5, Clamped: 0.5, Points: 0.5, Lost: true, Expected: 0.25, Timed: true}},
		{"a start of its own", outcome.Target{Measure: "m", Goal: 100, Start: on(1, 16), Due: on(2, 5)}, "", measured(on(1, 10), 10*day, 100, 50), on(1, 21),
			outcome.Progress{Known: true, Value: 50, At: on(1, 20), Raw: 0.5, Clamped: 0.5, Points: 0.5, Expected: 0.25, Timed: true,
				Required: 50.0 / 15, Best: -5, Rated: true}},
	}
	m := mustCompile(t, bare())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := mustPropose(t, m, aim("a", tt.target))
			p.Outcomes[0].State, p.Outcomes[0].StateAt = outcome.InProgress, on(1, 10)
			if tt.state != "" {
				p.Outcomes[0].State = tt.state
			}
			got := mustAssess(t, m, p, outcome.SeriesMap{"m": tt.values}, tt.asOf).Outcomes[0]
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(outcome.Progress{}, "Outcome", "State", "Forecast")); diff != "" {
				t.Errorf("progress (-want +got):\n%s", diff)
			}
		})
	}
}

// TestForecast extends the line through (0,1) (1,3) (2,2) (3,5) (4,4), which is 1.4 + 0.8 x with residual variance 1.2
// on 3 degrees of freedom, to x = 10: 9.4 ± 3.182446305 · √(1.2 (1 + 1/5 + 64/10)). The quantile is from tables
// of Student's t; the tolerance is of its ten digits.
func TestForecast(t *testing.T) {
	m := mustCompile(t, bare())
	p := mustPropose(t, m, aim("a", outcome.Target{Measure: "m", Goal: 100, Due: on(1, 11)}))
	values := []float64{1, 3, 2, 5, 4}
	got := mustAssess(t, m, p, outcome.SeriesMap{"m": measured(on(1, 1), day, values...)}, on(1, 6)).Outcomes[0].Forecast
	half := 3.182446305 * math.Sqrt(9.12)
	want := outcome.Forecast{Known: true, Value: 9.4, Low: 9.4 - half, High: 9.4 + half, N: 5}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-8)); diff != "" {
		t.Errorf("forecast (-want +got):\n%s", diff)
	}
	for name, c := range map[string]struct {
		series []outcome.Measurement
		asOf   time.Time
		want   outcome.Forecast
	}{
		"four values":        {measured(on(1, 1), day, values[:4]...), on(1, 6), outcome.Forecast{N: 4}},
		"four since start":   {measured(on(1, 1).Add(-day), day, values...), on(1, 6), outcome.Forecast{N: 4}},
		"four up to asOf":    {measured(on(1, 1), day, values...), on(1, 4), outcome.Forecast{N: 4}},
		"due is over":        {measured(on(1, 1), day, values...), on(1, 11), outcome.Forecast{}},
		"without a residual": {measured(on(1, 1), day, 1, 2, 3, 4, 5), on(1, 6), outcome.Forecast{Known: true, Value: 11, Low: 11, High: 11, N: 5}},
		"too large":          {measured(on(1, 1), day, 0, 1e308, 0, 1e308, 0), on(1, 6), outcome.Forecast{N: 5}},
	} {
		got := mustAssess(t, m, p, outcome.SeriesMap{"m": c.series}, c.asOf).Outcomes[0].Forecast
		if diff := cmp.Diff(c.want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestLevel(t *testing.T) {
	m := mustCompile(t, bare())
	p := mustPropose(t, m, outcome.Outcome{ID: "a", Statement: "We are content.", Weight: 1})
	v := outcome.Verification{Level: outcome.Evidenced, By: "u", At: on(2, 1), Evidence: "e", Until: on(3, 1)}
	for _, c := range []struct {
		name string
		v    outcome.Verification
		asOf time.Time
		want outcome.Level
	}{
		{"none", outcome.Verification{}, on(2, 1), ""},
		{"from its instant", v, on(2, 1), outcome.Evidenced},
		{"not earlier", v, on(2, 1).Add(-time.Microsecond), ""},
		{"up to its end", v, on(3, 1).Add(-time.Microsecond), outcome.Evidenced},
		{"expired", v, on(3, 1), ""},
		{"for ever", outcome.Verification{Level: outcome.Claimed, By: "u", At: on(2, 1)}, on(12, 31), outcome.Claimed},
		{"older than the outcome", outcome.Verification{Level: outcome.Claimed, By: "u", At: on(1, 1).Add(-day)}, on(2, 1), ""},
	} {
		p.Outcomes[0].Verification = c.v
		if got := mustAssess(t, m, p, nil, c.asOf).Outcomes[0].Level; got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestRollups has four outcomes, one abandoned. Short: (1*0.5 + 0)/1 of weight 3; long: 1 of weight 1.
func TestRollups(t *testing.T) {
	m := mustCompile(t, bare())
	group := func(id string, weight float64, h outcome.Horizon, persona string, measure string) outcome.Outcome {
		o := aim(id, outcome.Target{Measure: measure, Goal: 10})
		o.Weight, o.Horizon, o.Persona = weight, h, persona
		return o
	}
	p := mustPropose(t, m,
		group("a", 1, outcome.Short, "user", "half"),
		group("b", 2, outcome.Short, "", "never"),
		group("c", 1, outcome.Long, "user", "all"),
		group("d", 100, outcome.Long, "gone", "half too"),
	)
	p.Outcomes[1].State, p.Outcomes[2].State, p.Outcomes[3].State = outcome.Paused, outcome.Missed, outcome.Abandoned
	series := outcome.SeriesMap{"half": measured(on(1, 2), day, 5), "half too": measured(on(1, 2), day, 5), "all": measured(on(1, 2), day, 10)}
	got := mustAssess(t, m, p, series, on(1, 2))
	want := []outcome.Rollup{
		{Axis: outcome.ByHorizon, Group: "short", Attainment: outcome.Attainment{Known: true, Value: 0.5, Coverage: 1.0 / 3, Low: 0.5 / 3, High: 2.5 / 3}},
		{Axis: outcome.ByHorizon, Group: "long", Attainment: outcome.Attainment{Known: true, Value: 1, Coverage: 1, Low: 1, High: 1}},
		{Axis: outcome.ByPersona, Group: "user", Attainment: outcome.Attainment{Known: true, Value: 0.75, Coverage: 1, Low: 0.75, High: 0.75}},
		{Axis: outcome.ByPersona, Group: "", Attainment: outcome.Attainment{High: 1}},
	}
	if diff := cmp.Diff(want, got.Rollups, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("rollups (-want +got):\n%s", diff)
	}
	def := bare()
	def.Axes = []outcome.Axis{outcome.ByPersona}
	if diff := cmp.Diff(got.Rollups[2:], mustAssess(t, mustCompile(t, def), p, series, on(1, 2)).Rollups); diff != "" {
		t.Errorf("rollups by persona alone (-want +got):\n%s", diff)
	}
	if w := (outcome.Attainment{Known: true, Value: 0.75, Coverage: 0.5, Low: 0.375, High: 0.875}); got.Whole != w {
		t.Errorf("whole %+v, want %+v", got.Whole, w)
	}
	if got.Outcomes[3].Points != 0 || !got.Outcomes[3].Known || got.Outcomes[0].Points != 0.125 {
		t.Errorf("points %v and %v, want 0 for what is abandoned and 1/8", got.Outcomes[3].Points, got.Outcomes[0].Points)
	}
}

func TestNothingMeasuredIsUnknown(t *testing.T) {
	m := mustCompile(t, bare())
	unknown := outcome.Attainment{High: 1}
	abandoned := mustPropose(t, m, aim("a", outcome.Target{Measure: "m", Goal: 1}))
	abandoned.Outcomes[0].State = outcome.Abandoned
	achieved := mustPropose(t, m, outcome.Outcome{ID: "a", Statement: "We are content.", Weight: 1})
	achieved.Outcomes[0].State = outcome.Achieved
	for name, p := range map[string]outcome.Plan{
		"no outcome":                       mustPropose(t, m),
		"no target":                        mustPropose(t, m, outcome.Outcome{ID: "a", Statement: "We are content.", Weight: 1}),
		"no target, closed as achieved":    achieved,
		"never measured":                   mustPropose(t, m, aim("a", outcome.Target{Measure: "never", Goal: 1})),
		"all abandoned, though it is done": abandoned,
	} {
		a := mustAssess(t, m, p, outcome.SeriesMap{"m": measured(on(1, 2), day, 1)}, on(2, 1))
		if a.Whole != unknown {
			t.Errorf("%s: got %+v, want %+v", name, a.Whole, unknown)
		}
		if text := mustJSON(t, a); !strings.Contains(text, `"whole":{"known":false,"value":null,"coverage":0,"low":0,"high":1}`) {
			t.Errorf("%s: unknown is not null in %s", name, text)
		}
	}
}

func TestDebt(t *testing.T) {
	m := mustCompile(t, bare())
	p := mustPropose(t, m, aim("kept", outcome.Target{Measure: "m", Goal: 1}), aim("missed", outcome.Target{Measure: "n", Goal: 1}), aim("gone", outcome.Target{Measure: "o", Goal: 1}))
	p.Outcomes[1].State, p.Outcomes[2].State = outcome.Missed, outcome.Abandoned
	add := func(id, amount, currency string, at time.Time, change func(*outcome.Promise)) {
		q := outcome.Promise{ID: id, Text: "As sold.", Currency: currency, At: at}
		if amount != "" {
			q.Amount = decimal.RequireFromString(amount)
		}
		if change != nil {
			change(&q)
		}
		p.Promises = append(p.Promises, q)
	}
	answers := func(ids ...string) func(*outcome.Promise) { return func(q *outcome.Promise) { q.Answers = ids } }
	add("usd", "0.10", "USD", on(1, 2), nil)
	add("usd too", "0.20", "USD", on(1, 1), nil)
	add("eur", "25000", "EUR", on(1, 1), nil)
	add("no amount", "", "", on(1, 3), nil)
	add("answered", "40000", "EUR", on(1, 1), answers("missed", "kept"))
	add("answered by what was missed", "5", "EUR", on(1, 5), answers("missed"))
	add("answered by what was abandoned", "7", "EUR", on(1, 5), answers("gone"))
	add("evidenced", "1", "EUR", on(1, 1), func(q *outcome.Promise) { q.Evidence = "letter" })
	add("waived", "10000", "EUR", on(1, 1), func(q *outcome.Promise) { q.Waived = &outcome.Waiver{By: "c", At: on(1, 11)} })
	add("waived later", "100", "EUR", on(1, 1), func(q *outcome.Promise) { q.Waived = &outcome.Waiver{By: "c", At: on(1, 11).Add(time.Microsecond)} })
	add("promised later", "3", "EUR", on(1, 12), nil)
	want := []outcome.Debt{
		{Currency: "", Oldest: 8 * outcome.Day, Promises: []string{"no amount"}},
		{Currency: "EUR", Amount: decimal.NewFromInt(25112), Oldest: 10 * outcome.Day,
			Promises: []string{"eur", "answered by what was missed", "answered by what was abandoned", "waived later"}},
		{Currency: "USD", Amount: decimal.RequireFromString("0.3"), Oldest: 10 * outcome.Day, Promises: []string{"usd", "usd too"}},
	}
	if diff := cmp.Diff(want, mustAssess(t, m, p, nil, on(1, 11)).Debt); diff != "" {
		t.Errorf("debt (-want +got):\n%s", diff)
	}
}

func TestGap(t *testing.T) {
	m := mustCompile(t, bare())
	due := func(id, measure string, at time.Time) outcome.Outcome {
		return aim(id, outcome.Target{Measure: measure, Goal: 1, Due: at})
	}
	p := mustPropose(t, m,
		due("at renewal", "1", on(7, 1)), due("after renewal", "2", on(7, 1).Add(time.Microsecond)),
		due("draft", "3", on(6, 1)), due("missed", "4", on(6, 1)), due("abandoned", "5", on(6, 1)),
		due("achieved", "6", on(6, 1)), due("lost", "lost", on(6, 1)), due("reached", "reached", on(6, 1)),
		aim("never due", outcome.Target{Measure: "7", Goal: 1}), due("short", "short", on(6, 1)),
	)
	for i, s := range []outcome.State{outcome.Agreed, outcome.Agreed, outcome.Draft, outcome.Missed, outcome.Abandoned,
		outcome.Achieved, outcome.Achieved, outcome.InProgress, outcome.Agreed, outcome.Paused} {
		p.Outcomes[i].State = s
	}
	series := outcome.SeriesMap{"lost": measured(on(2, 1), day, 1, 0), "reached": measured(on(2, 1), day, 1), "short": measured(on(2, 1), day, 0.5)}
	if got := mustAssess(t, m, p, series, on(5, 1)).Gap; got != nil {
		t.Errorf("without a renewal: got %q", got)
	}
	p.Renewal = on(7, 1)
	if diff := cmp.Diff([]string{"at renewal", "missed", "lost", "short"}, mustAssess(t, m, p, series, on(5, 1)).Gap); diff != "" {
		t.Errorf("gap (-want +got):\n%s", diff)
	}
}

func TestAsOfBoundsSignatures(t *testing.T) {
	m := mustCompile(t, bare())
	p := mustPropose(t, m, aim("a", outcome.Target{Measure: "m", Goal: 1}))
	p, err := m.Sign(p, "customer", "c", on(2, 1))
	if err != nil {
		t.Fatal(err)
	}
	for asOf, want := range map[time.Time][]string{on(2, 1).Add(-time.Microsecond): {"customer"}, on(2, 1): nil} {
		if diff := cmp.Diff(want, mustAssess(t, m, p, nil, asOf).Unsigned); diff != "" {
			t.Errorf("as of %v (-want +got):\n%s", asOf, diff)
		}
	}
}

// TestBadInput has data that is an error which names the place, or an answer.
func TestBadInput(t *testing.T) {
	m := mustCompile(t, bare())
	good := func() outcome.Input {
		return outcome.Input{Account: "acme", Plan: mustPropose(t, m, aim("a", outcome.Target{Measure: "m", Goal: 1})),
			Series: outcome.SeriesMap{"m": measured(on(1, 2), day, 0, 0.5)}}
	}
	series := func(values ...outcome.Measurement) func(*outcome.Input) {
		return func(in *outcome.Input) { in.Series = outcome.SeriesMap{"m": values} }
	}
	promise := func(change func(*outcome.Promise)) func(*outcome.Input) {
		return func(in *outcome.Input) {
			q := outcome.Promise{ID: "q", Text: "As sold.", Amount: decimal.NewFromInt(1), Currency: "EUR", At: on(1, 1)}
			change(&q)
			in.Plan.Promises = append(in.Plan.Promises, q)
		}
	}
	bad := func(v float64, at time.Time) outcome.Measurement {
		return outcome.Measurement{Measure: "m", At: at, Value: v}
	}
	huge := decimal.NewFromInt(1 << 62).Mul(decimal.NewFromInt(1 << 62)) // 125 bits
	tests := []struct {
		name   string
		change func(*outcome.Input)
		want   string // "" for none
	}{
		{"good", func(*outcome.Input) {}, ""},
		{"no series", func(in *outcome.Input) { in.Series = nil }, ""},
		{"another account's plan", func(in *outcome.Input) { in.Account = "other" }, `account "other": plan: is of account "acme"`},
		{"no account", func(in *outcome.Input) { in.Account = "" }, `outcome: account: is empty`},
		{"account with a control character", func(in *outcome.Input) { in.Account = "a\x00" }, "account: contains the control character U+0000"},
		{"account that is no text", func(in *outcome.Input) { in.Account = "\xff" }, "account: is not valid UTF-8"},
		{"NaN", series(bad(math.NaN(), on(1, 2))), `measure "m": the value at 2026-01-02T00:00:00Z is NaN`},
		{"infinite", series(bad(1, on(1, 2)), bad(math.Inf(-1), on(1, 3))), `measure "m": the value at 2026-01-03T00:00:00Z is -Inf`},
		{"NaN to come", series(bad(1, on(1, 2)), bad(math.NaN(), on(3, 1))), ""},
		{"falling order", series(bad(1, on(1, 3)), bad(1, on(1, 2))), `measure "m": values are not in rising order: 2026-01-02T00:00:00Z follows 2026-01-03T00:00:00Z`},
		{"falling order to come", series(bad(1, on(1, 2)), bad(1, on(3, 2)), bad(1, on(3, 1))), "not in rising order"},
		{"one instant twice", series(bad(1, on(1, 2)), bad(1, on(1, 2).Add(time.Nanosecond))), "not in rising order"},
		{"no time", series(bad(1, time.Time{})), `measure "m": the time of value 0 is zero`},
		{"out of all proportion", func(in *outcome.Input) {
			in.Plan.Outcomes[0].Target.Goal = 1e-300
			in.Series = outcome.SeriesMap{"m": {bad(1e300, on(1, 2))}}
		}, `measure "m": the value 1e+300 at 2026-01-02T00:00:00Z is out of all proportion to base 0 and goal 1e-300`},
		{"rates that overflow", series(bad(0, on(1, 2)), bad(1e300, on(1, 2).Add(time.Microsecond))), ""},
		{"unknown currency", promise(func(q *outcome.Promise) { q.Currency = "EURO" }), `plan "p" at /promises/0/currency: must be a code of ISO 4217, not "EURO"`},
		{"no currency", promise(func(q *outcome.Promise) { q.Currency = "" }), "/promises/0/currency: is missing beside an amount of 1"},
		{"negative amount", promise(func(q *outcome.Promise) { q.Amount = decimal.NewFromInt(-1) }), "/promises/0/amount: must not be below 0"},
		{"exponent", promise(func(q *outcome.Promise) { q.Amount = decimal.New(1, 1_000_000_000) }), "/promises/0/amount: has the exponent 1000000000"},
		{"answer that is not there", promise(func(q *outcome.Promise) { q.Answers = []string{"aa"} }), `/promises/0/answers/0: there is no outcome "aa"`},
		{"promise without a date", promise(func(q *outcome.Promise) { q.At = time.Time{} }), "/promises/0/at: is zero"},
		{"promise of another age", promise(func(q *outcome.Promise) { q.At = time.Date(1492, 8, 3, 0, 0, 0, 0, time.UTC) }), "/promises/0: is older than 292 years"},
		{"debt beyond all digits", func(in *outcome.Input) {
			for i := range 9 {
				promise(func(q *outcome.Promise) { q.ID, q.Amount = fmt.Sprint(i), huge })(in)
			}
		}, "at /promises/7: the debt in EUR "},
		{"waiver by nobody", promise(func(q *outcome.Promise) { q.Waived = &outcome.Waiver{At: on(2, 1)} }), "/promises/0/waived/by: is empty"},
		{"plan without a start", func(in *outcome.Input) { in.Plan.Start = time.Time{} }, "at /start: is zero"},
		{"renewal before the start", func(in *outcome.Input) { in.Plan.Renewal = on(1, 1) }, "at /renewal: must be after the start"},
		{"format 0", func(in *outcome.Input) { in.Plan.Format = 0 }, "at /format: must be 1, not 0"},
		{"weight NaN", func(in *outcome.Input) { in.Plan.Outcomes[0].Weight = math.NaN() }, "at /outcomes/0/weight: must be above 0"},
		{"base NaN", func(in *outcome.Input) { in.Plan.Outcomes[0].Target.Base = math.NaN() }, "at /outcomes/0/target/base: must be finite"},
		{"goal too far", func(in *outcome.Input) {
			in.Plan.Outcomes[0].Target.Base, in.Plan.Outcomes[0].Target.Goal = -1e308, 1e308
		}, "at /outcomes/0/target/goal: is too far from the base"},
		{"due_in in a plan", func(in *outcome.Input) { in.Plan.Outcomes[0].DueIn = outcome.Day }, "at /outcomes/0/due_in: is for templates"},
		{"two outcomes of one ID", func(in *outcome.Input) {
			in.Plan.Outcomes = append(in.Plan.Outcomes, in.Plan.Outcomes[0])
		}, `at /outcomes/1/id: "a" is the ID of element 0 already`},
		{"verified by nobody", func(in *outcome.Input) { in.Plan.Outcomes[0].Verification.Level = outcome.Claimed }, "at /outcomes/0/verification/by: is empty"},
		{"signed at no time", func(in *outcome.Input) { in.Plan.Signatures = []outcome.Signature{{Role: "customer", By: "c"}} }, "at /signatures/0/at: is zero"},
		{"reason with NUL", func(in *outcome.Input) {
			in.Plan.Scope = []outcome.ScopeChange{{Outcome: "a", By: "u", Reason: "a\x00", At: on(2, 1)}}
		}, "at /scope/0/reason: contains U+0000"},
		{"evidence without end", promise(func(q *outcome.Promise) { q.Evidence = strings.Repeat("x", 1025) }), "/promises/0/evidence: has 1025 bytes, over 1024"},
		{"scope changed by nobody", func(in *outcome.Input) { in.Plan.Scope = []outcome.ScopeChange{{Outcome: "a", At: on(2, 1)}} }, "at /scope/0/by: is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := good()
			tt.change(&in)
			_, err := m.Assess(in, on(2, 1))
			if tt.want == "" {
				if err != nil {
					t.Errorf("got %v, want none", err)
				}
				return
			}
			var data *outcome.DataError
			if !errors.As(err, &data) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v\nwant a DataError with %s", err, tt.want)
			}
		})
	}
	for _, asOf := range []time.Time{{}, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if _, err := m.Assess(good(), asOf); err == nil || !strings.Contains(err.Error(), `account "acme": as of: `) {
			t.Errorf("as of %v: got %v, want an error that names it", asOf, err)
		}
	}
}
