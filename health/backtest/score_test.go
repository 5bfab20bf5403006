package backtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/backtest"
)

func dec(cents int) decimal.Decimal { return decimal.New(int64(cents), -2) }

// A reading from before the cut that was recorded after it would turn the 55 into 0, and the area into 1.
func TestScenario3NoPeeking(t *testing.T) {
	s, decisions := world(t)
	for i := range decisions {
		decisions[i].Money, decisions[i].Currency = dec(2500), "EUR"
	}
	bytes := func() string { return string(must[[]byte](t)(json.Marshal(judge(t, s, decisions)))) }
	report := judge(t, s, decisions)
	near(t, "area", report.AUC.Value, 11.0/12, 1e-12)
	if report.Verdict != backtest.Insufficient || report.Decisions != 7 || report.Lost != 3 || report.Lead != lead {
		t.Errorf("%+v", report)
	}
	before := bytes()
	put(t, s, "a2", 0, -100, -89) // recorded a day too late to be known
	put(t, s, "a2", 0, -89, -89)  // true a day too late
	put(t, s, "a2", 0, 5, 5)      // after the decision
	if diff := cmp.Diff(before, bytes()); diff != "" {
		t.Errorf("what was recorded after the cut changes the report (-before +after):\n%s", diff)
	}
	put(t, s, "a2", 0, -100, -90)
	near(t, "area with a reading known on the day of the cut", judge(t, s, decisions).AUC.Value, 1, 0)
}

func TestScenario3Money(t *testing.T) {
	s, decisions := world(t)
	for i, euros := range []int{10, 10, 80, 25, 25, 25, 25} {
		decisions[i].Money, decisions[i].Currency = dec(100*euros), "EUR"
	}
	m := judge(t, s, decisions).Money
	near(t, "weighted area", m.Value, 0.80, 1e-12)
	if m.Lost.StringFixed(2) != "100.00" || m.Kept.StringFixed(2) != "100.00" || m.Decisions != 7 || !(0 <= m.Low && m.Low <= m.Value && m.Value <= m.High && m.High <= 1) {
		t.Errorf("%+v", m)
	}
}

func TestLeftOut(t *testing.T) {
	s, decisions := world(t)
	decisions = append(decisions, backtest.Decision{Account: "stranger", At: renewal})
	decisions[6].Rescued = true
	put(t, s, "silent", 50, -10, -10) // nothing is known of it at the cut
	decisions = append(decisions, backtest.Decision{Account: "silent", At: renewal}, backtest.Decision{Account: "undated"})
	r := judge(t, s, decisions)
	if r.Decisions != 6 || r.Rescued != 1 || r.Failed+r.Unknown != 3 {
		t.Errorf("%+v", r)
	}
	want := []backtest.Rate{
		{Band: "red", Lost: 2, N: 3, Catch: 2.0 / 3, FalseAlarm: 1.0 / 3, Precision: 2.0 / 3, Single: 2.0 / 3},
		{Band: "green", Lost: 1, N: 3, Catch: 1, FalseAlarm: 1, Precision: 0.5, Single: 1},
	}
	if diff := cmp.Diff(want, r.Bands); diff != "" {
		t.Errorf("bands (-want +got)\n%s", diff)
	}
	if len(r.Measures) != 1 || r.Measures[0].AUC.Value != r.AUC.Value || r.Best.Comparison.Difference != 0 {
		t.Errorf("the only measure, %+v, is the card, %v", r.Measures, r.AUC)
	}
	if len(r.Apart) != 1 || r.Apart[0].Kind != backtest.ApartRescued || r.Apart[0].Decisions != 1 || r.Apart[0].Bands[0].Band != "green" {
		t.Errorf("apart %+v", r.Apart)
	}
}

// Overrides are apart, with what the card itself would have said.
func TestOverridden(t *testing.T) {
	cases := []backtest.Case{scored("a", 20, true), scored("b", 80, false), scored("c", 90, true), scored("d", 10, false)}
	for i := 2; i < 4; i++ {
		cases[i].Score.Override = &health.Override{By: "csm", Reason: "visited", Kind: health.OverrideValue}
		cases[i].Score.Overridden = 60 - float64(30*i) // the card said 90 and 40
	}
	r := trial(t, cases...).Report(backtest.Options{})
	if r.Decisions != 2 || r.Overridden != 2 || len(r.Apart) != 1 {
		t.Fatalf("%+v", r)
	}
	a := r.Apart[0]
	if a.Kind != backtest.ApartOverridden || a.AUC.Value != 0 || a.Computed.Value != 0 || a.Lost != 1 {
		t.Errorf("%+v", a)
	}
	cases[2].Score.Overridden = 70 // the card said 20: it was right, and the person was not
	if a := trial(t, cases...).Report(backtest.Options{}).Apart[0]; a.AUC.Value != 0 || a.Computed.Value != 1 {
		t.Errorf("%+v", a)
	}
}

// A steadied band is made of what was known at each step, and is held against what happened beside the plain one.
func TestSteadied(t *testing.T) {
	c := card()
	c.Steady = health.Steady{Worse: health.Hold{Dwell: 14 * health.Day}}
	m := compile(t, c)
	var s health.Memory
	put(t, &s, "fell", 80, -200, -200)
	put(t, &s, "fell", 20, -95, -95) // red for five days only at the cut
	put(t, &s, "low", 80, -200, -200)
	put(t, &s, "low", 20, -120, -120)
	put(t, &s, "late", 80, -200, -200)
	put(t, &s, "late", 20, -120, -92) // it was not known to be red until two days before the cut
	var got []string
	decisions := []backtest.Decision{{Account: "fell", At: renewal, Lost: true}, {Account: "low", At: renewal, Lost: true}, {Account: "late", At: renewal}}
	var tr backtest.Trial
	for x, err := range backtest.Steadied(context.Background(), m, &s, all(decisions), lead, backtest.Steps{Every: health.Day, Count: 60}) {
		if err != nil || x.Err != nil {
			t.Fatal(err, x.Err)
		}
		got = append(got, fmt.Sprint(x.Account, " ", x.Score.Band, " ", x.Standing.Band))
		if err := tr.Add(x); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"fell red green", "low red red", "late red green"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	r := tr.Report(backtest.Options{})
	if len(r.Bands) != 1 || len(r.Steadied) != 2 || r.Steadied[0].Band != "red" || r.Steadied[0].Catch != 0.5 || r.Steadied[0].FalseAlarm != 0 {
		t.Errorf("bands %+v, steadied %+v", r.Bands, r.Steadied)
	}
}

// Whatever the area, one snapshot and undated readings are no backtest.
func TestNoBacktest(t *testing.T) {
	var cases []backtest.Case
	for i := range 100 {
		cases = append(cases, scored(fmt.Sprint("a", i), float64(i), i < 50))
	}
	if r := trial(t, cases...).Report(backtest.Options{}); r.Verdict != backtest.Predictive || len(r.Needs) != 0 {
		t.Fatalf("%s, %v", r.Verdict, r.Needs)
	}
	for _, c := range []struct {
		name   string
		change func(*backtest.Case)
		code   backtest.NeedCode
	}{
		{"scored at the decision", func(c *backtest.Case) { c.Score.AsOf = c.At }, backtest.NeedLead},
		{"scored after it", func(c *backtest.Case) { c.Score.AsOf = c.At.Add(time.Hour) }, backtest.NeedLead},
		{"readings without a time", func(c *backtest.Case) {
			c.Score.Parts = []health.Part{{Measure: "usage", Liveness: 1, OnCurve: c.Score.Value}}
		}, backtest.NeedDates},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed := append([]backtest.Case(nil), cases...)
			c.change(&changed[3])
			r := trial(t, changed...).Report(backtest.Options{})
			if r.AUC.Value != 1 || r.Verdict != backtest.Insufficient || len(r.Needs) != 1 || r.Needs[0].Code != c.code || r.Needs[0].Have != 99 {
				t.Errorf("area %v, %s, needs %v", r.AUC.Value, r.Verdict, r.Needs)
			}
			if ready := r.Readiness(true); ready.Stage != backtest.Collected {
				t.Errorf("%+v", ready)
			}
		})
	}
}

func TestReadiness(t *testing.T) {
	good := func(n int) (cases []backtest.Case) {
		for i := range n {
			cases = append(cases, scored(fmt.Sprint("a", i), float64(i), i < n/2))
		}
		return cases
	}
	unknown := scored("u", 0, false)
	unknown.Score.Known = false
	useless := good(4000)
	for i := range useless {
		useless[i].Lost = i%2 == 0
	}
	for _, c := range []struct {
		name   string
		cases  []backtest.Case
		tested bool
		stage  backtest.Stage
		needs  string
	}{
		{"nothing", nil, false, backtest.NotCollected, "1 decisions, not 0"},
		{"unknown", []backtest.Case{unknown}, false, backtest.Collected, "a known score for half of the decisions: 1, not 0"},
		{"few", good(20), false, backtest.Scored, "30 decisions, not 20"},
		{"useless", useless, true, backtest.Scored, "an interval of the area above 0.50; it begins at 0.482"},
		{"predicts", good(60), false, backtest.ForPrediction, "a trial with a control group that shows a play to work"},
		{"tested", good(60), true, backtest.ForPrescription, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := trial(t, c.cases...).Report(backtest.Options{}).Readiness(c.tested)
			var needs []string
			for _, n := range got.Needs {
				needs = append(needs, n.String())
			}
			if got.Stage != c.stage || strings.Join(needs, "; ") != c.needs {
				t.Errorf("%s, needs %q; want %s, %q", got.Stage, needs, c.stage, c.needs)
			}
		})
	}
}

func TestBadTrials(t *testing.T) {
	s, decisions := world(t)
	m := compile(t, card())
	failing := func(yield func(backtest.Decision, error) bool) { yield(backtest.Decision{}, context.DeadlineExceeded) }
	steps := backtest.Steps{Every: health.Day}
	_, err := backtest.Judge(backtest.Score(context.Background(), m, s, all(decisions), 0))
	expect(t, "no lead", err, "backtest: judge: backtest: lead time 0s is not above zero: that would be no forecast")
	_, err = backtest.Judge(backtest.Score(context.Background(), m, s, all(append(decisions, decisions[0])), lead))
	expect(t, "twice", err, `backtest: account "a0": decision: of 2026-07-01T00:00:00Z is there twice`)
	_, err = backtest.Judge(backtest.Score(context.Background(), m, s, failing, lead))
	expect(t, "decisions fail", err, "backtest: judge: backtest: decisions: context deadline exceeded")
	_, err = backtest.Judge(backtest.Steadied(context.Background(), m, s, all(decisions), lead, steps))
	expect(t, "no steps", err, "backtest: judge: backtest: 0 steps every 1d are not 1 to 10000 of more than nothing")
	long := backtest.Steps{Every: 3000 * health.Day, Count: 36} // 296 years, more than a Duration holds
	_, err = backtest.Judge(backtest.Steadied(context.Background(), m, s, all(decisions), lead, long))
	expect(t, "too long ago", err, "backtest: judge: backtest: 36 steps every 3000d reach back over 292 years")
	_, err = backtest.Judge(backtest.Score(context.Background(), nil, s, all(decisions), lead))
	expect(t, "no model", err, "backtest: judge: backtest: the model is nil")
	_, err = backtest.Judge(backtest.Score(context.Background(), m, nil, all(decisions), lead))
	expect(t, "no source", err, "backtest: judge: backtest: the source is nil")
	abroad := decisions[0]
	abroad.At = abroad.At.In(time.FixedZone("", 5*3600))
	_, err = backtest.Judge(backtest.Score(context.Background(), m, s, all(append(decisions, abroad)), lead))
	expect(t, "twice, in another offset", err, `backtest: account "a0": decision: of 2026-07-01T05:00:00+05:00 is there twice`)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = backtest.Judge(backtest.Score(ctx, m, s, all(decisions), lead))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A tellSource answers in its own way for each account.
type tellSource struct{ cancel context.CancelFunc }

func (s tellSource) Input(ctx context.Context, account string, asOf, knownAt time.Time) (health.Input, bool, error) {
	in := health.Input{Account: account, Readings: health.ReadingMap{"usage": {Value: 50, At: asOf}}}
	switch account {
	case "down":
		return health.Input{}, false, errors.New("down")
	case "mixed up":
		in.Account = "another"
	case "unborn":
		in.Since = asOf.Add(time.Hour)
	case "young":
		return in, !asOf.Before(renewal.AddDate(0, 0, -95)), nil
	case "last":
		s.cancel()
		return health.Input{}, false, ctx.Err()
	}
	return in, true, nil
}

// What is wrong with one account sits in its case, and stops none of the others.
func TestScoreFailures(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var decisions []backtest.Decision
	for _, account := range []string{"down", "mixed up", "unborn", "young", "fine", "undated", "undated", "", "last", "never"} {
		d := backtest.Decision{Account: account, At: renewal}
		if account == "undated" {
			d.At = time.Time{}
		}
		decisions = append(decisions, d)
	}
	var got []string
	var tr backtest.Trial
	var last error
	steps := backtest.Steps{Every: health.Day, Count: 30}
	for c, err := range backtest.Steadied(ctx, compile(t, card()), tellSource{cancel}, all(decisions), lead, steps) {
		if last = err; err != nil {
			break
		}
		got = append(got, fmt.Sprint(c.Account, ": ", c.Err))
		if err := tr.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		`down: backtest: read "down": down`,
		`mixed up: backtest: account "mixed up": input: is of account "another"`,
		`unborn: health: account "unborn": start: is after the as-of time`,
		`young: <nil>`, `fine: <nil>`,
		`undated: backtest: account "undated": decision: is zero`,
		`undated: backtest: account "undated": decision: is zero`,
		`: health: account "": account: is empty`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("%v", last)
	}
	if r := tr.Report(backtest.Options{}); r.Decisions != 2 || r.Failed != 6 {
		t.Errorf("%+v", r)
	}
}

func expect(t testing.TB, name string, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("%s: %v, want %s", name, err, want)
	}
}

func TestBadCases(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*backtest.Case)
		want   string
	}{
		{"no account", func(c *backtest.Case) { c.Account = "" }, `backtest: account "": account: is empty`},
		{"no instant", func(c *backtest.Case) { c.At = time.Time{} }, `backtest: account "b": decision: is zero`},
		{"lost and rescued", func(c *backtest.Case) { c.Lost, c.Rescued = true, true }, `backtest: account "b": decision: was both lost and rescued`},
		{"bad group", func(c *backtest.Case) { c.Group = "\xff" }, `backtest: account "b": group: is not valid UTF-8`},
		{"bad tenure", func(c *backtest.Case) { c.Tenure = strings.Repeat("x", 257) }, `backtest: account "b": tenure: has 257 bytes, over 256`},
		{"no currency", func(c *backtest.Case) { c.Money, c.Currency = dec(1), "" }, `backtest: account "b": money: has no currency`},
		{"unknown currency", func(c *backtest.Case) { c.Currency = "XXY" }, `backtest: account "b": money: currency "XXY" is not in ISO 4217`},
		{"two currencies", func(c *backtest.Case) { c.Currency = "USD" }, `backtest: account "b": money: is in USD, that of the decisions before in EUR`},
		{"negative", func(c *backtest.Case) { c.Money, c.Currency = dec(-1), "EUR" }, `backtest: account "b": money: is negative`},
		{"huge", func(c *backtest.Case) { c.Money, c.Currency = decimal.New(1, 400), "EUR" }, `backtest: account "b": money: has the exponent 400, outside -18 to 18`},
		{"of another", func(c *backtest.Case) { c.Score.Account = "x" }, `backtest: account "b": score: is of account "x"`},
		{"another card", func(c *backtest.Case) { c.Score.Digest[0]++ }, `backtest: account "b": score: is by another card than those before`},
		{"other measures", func(c *backtest.Case) { c.Score.Parts = nil }, `backtest: account "b": score: is by another card than those before`},
		{"no band", func(c *backtest.Case) { c.Score.Band = "" }, `backtest: account "b": score: has no band`},
		{"no number", func(c *backtest.Case) { c.Score.Value = math.NaN() }, `backtest: account "b": score: is no number`},
		{"twice", func(c *backtest.Case) { c.Account, c.Score.Account = "a", "a" }, `backtest: account "a": decision: of 2026-07-01T00:00:00Z is there twice`},
	} {
		t.Run(c.name, func(t *testing.T) {
			first := scored("a", 10, true)
			first.Currency = "EUR"
			tr := trial(t, first)
			x := scored("b", 20, false)
			c.change(&x)
			err := tr.Add(x)
			expect(t, "add", err, c.want)
			var data *backtest.DataError
			if !errors.As(err, &data) {
				t.Errorf("%T", err)
			}
			if r := tr.Report(backtest.Options{}); r.Decisions != 1 {
				t.Errorf("%d decisions after the error", r.Decisions)
			}
		})
	}
}
