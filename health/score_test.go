package health_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
)

// direct is a curve that gives a raw value from 0 to 100 as its points.
func direct() health.Curve {
	return health.Curve{Kind: health.Points, Knots: []health.Knot{{X: 0, Points: 0}, {X: 100, Points: 100}}}
}

func bands() []health.Band {
	return []health.Band{{Name: "red", Floor: 0}, {Name: "amber", Floor: 50}, {Name: "green", Floor: 75}}
}

// flat returns a card of one group.
func flat(measures ...health.Measure) health.Scorecard {
	return health.Scorecard{
		Format: 1, Name: "flat", Bands: bands(),
		Groups: []health.Group{{Name: "all", Weight: 1, Measures: measures}},
	}
}

// TestAgeingChild is the example of the design: an only child worth 20 beside an equal group at 100.
func TestAgeingChild(t *testing.T) {
	child := health.Measure{Name: "child", Weight: 3, Curve: direct(), Expire: 100 * health.Day}
	card := health.Scorecard{Format: 1, Name: "ageing", Bands: bands(), Groups: []health.Group{
		{Name: "one", Weight: 7, Measures: []health.Measure{child}},
		{Name: "other", Weight: 7, Measures: []health.Measure{{Name: "fresh", Weight: 1, Curve: direct()}}},
	}}
	m := mustCompile(t, card)
	for _, c := range []struct{ age, liveness, want float64 }{
		{0, 1, 60}, {50, 0.5, (0.5*20 + 100) / 1.5}, {99, 0.01, (0.01*20 + 100) / 1.01}, {100, 0, 100}, {101, 0, 100},
	} {
		at := july.Add(-time.Duration(c.age) * 24 * time.Hour)
		s := mustScore(t, m, health.ReadingMap{"child": {Value: 20, At: at}, "fresh": {Value: 100}})
		if s.Parts[0].Liveness != c.liveness || math.Abs(s.Value-c.want) > 1e-6 {
			t.Errorf("age %v d: liveness %v, value %v; want %v, %v", c.age, s.Parts[0].Liveness, s.Value, c.liveness, c.want)
		}
	}
}

func TestMissing(t *testing.T) {
	for _, c := range []struct {
		missing  health.Missing
		liveness float64
		want     float64 // beside an equal measure at 100; NaN: unknown
	}{
		{health.Missing{}, 1, 70},
		{health.Missing{}, 0.5, (0.5*40 + 100) / 1.5},
		{health.Missing{}, 0, 100},
		{health.Missing{Policy: health.Exclude}, 0, 100},
		{health.Missing{Policy: health.Neutral, Points: 60}, 1, 70},
		{health.Missing{Policy: health.Neutral, Points: 60}, 0.5, (50 + 100) / 2},
		{health.Missing{Policy: health.Neutral, Points: 60}, 0, 80},
		{health.Missing{Policy: health.Worst}, 0.5, (20 + 100) / 2},
		{health.Missing{Policy: health.Worst}, 0, 50},
		{health.Missing{Policy: health.Required}, 0.5, (0.5*40 + 100) / 1.5},
		{health.Missing{Policy: health.Required}, 0, math.NaN()},
	} {
		m := mustCompile(t, flat(
			health.Measure{Name: "a", Weight: 1, Curve: direct(), Missing: c.missing, Fresh: 10 * health.Day, Expire: 20 * health.Day},
			health.Measure{Name: "b", Weight: 1, Curve: direct()},
		))
		at := july.Add(-time.Duration((20 - 10*c.liveness) * 24 * float64(time.Hour)))
		s := mustScore(t, m, health.ReadingMap{"a": {Value: 40, At: at}, "b": {Value: 100}})
		if s.Parts[0].Liveness != c.liveness || s.Coverage != (1+c.liveness)/2 {
			t.Errorf("%+v at %v: liveness %v, coverage %v", c.missing, c.liveness, s.Parts[0].Liveness, s.Coverage)
		}
		if math.IsNaN(c.want) {
			if s.Known || s.Why != "required" {
				t.Errorf("%+v at %v: known %v, why %q, want an unknown score", c.missing, c.liveness, s.Known, s.Why)
			}
		} else if !s.Known || math.Abs(s.Value-c.want) > 1e-6 {
			t.Errorf("%+v at %v: known %v, value %v, want %v", c.missing, c.liveness, s.Known, s.Value, c.want)
		}
	}
}

// TestNothingRead: values for what is missing make no score by themselves.
func TestNothingRead(t *testing.T) {
	m := mustCompile(t, flat(
		health.Measure{Name: "a", Weight: 1, Curve: direct(), Missing: health.Missing{Policy: health.Neutral, Points: 90}},
		health.Measure{Name: "b", Weight: 1, Curve: direct(), Missing: health.Missing{Policy: health.Worst}},
	))
	if s := mustScore(t, m, nil); s.Known || s.Why != "empty" {
		t.Errorf("nothing read: known %v, why %q, value %v", s.Known, s.Why, s.Value)
	}
	if s := mustScore(t, m, health.ReadingMap{"b": {Value: 10}}); !s.Known || s.Value != 50 {
		t.Errorf("one read: known %v, value %v, want 50", s.Known, s.Value)
	}
}

// TestParts says for each way in which a reading can fail to count what the part shows.
func TestParts(t *testing.T) {
	day := 24 * time.Hour
	since := july.Add(-40 * day)
	for _, c := range []struct {
		name    string
		measure health.Measure
		reading *health.Reading
		since   time.Time
		why     health.Why
		live    float64
		counts  bool // against coverage
	}{
		{"fresh", health.Measure{}, &health.Reading{Value: 5}, since, "", 1, true},
		{"known by name", health.Measure{}, &health.Reading{Value: 5, State: health.Known}, since, "", 1, true},
		{"none", health.Measure{}, nil, since, "missing", 0, true},
		{"of tomorrow", health.Measure{}, &health.Reading{Value: 5, At: july.Add(time.Microsecond)}, since, "missing", 0, true},
		{"of the same microsecond", health.Measure{}, &health.Reading{Value: 5, At: july.Add(999)}, since, "", 1, true},
		{"negative zero", health.Measure{}, &health.Reading{Value: math.Copysign(0, -1)}, since, "", 1, true},
		{"failed", health.Measure{}, &health.Reading{State: health.Failed, Why: "timeout"}, since, "failed", 0, true},
		{"NaN", health.Measure{}, &health.Reading{Value: math.NaN()}, since, "failed", 0, true},
		{"infinite", health.Measure{}, &health.Reading{Value: math.Inf(-1)}, since, "failed", 0, true},
		{"of no state", health.Measure{}, &health.Reading{Value: 5, State: "guess"}, since, "failed", 0, true},
		{"of before the year 1", health.Measure{}, &health.Reading{Value: 5, At: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)}, since, "failed", 0, true},
		{"not applicable", health.Measure{}, &health.Reading{State: health.NotApplicable}, since, "not_applicable", 0, false},
		{"too young", health.Measure{NotBefore: 41 * health.Day}, &health.Reading{Value: 5}, since, "too_young", 0, false},
		{"old enough", health.Measure{NotBefore: 40 * health.Day}, &health.Reading{Value: 5}, since, "", 1, true},
		{"age needed and unknown", health.Measure{NotBefore: 41 * health.Day}, &health.Reading{Value: 5}, time.Time{}, "no_age", 0, true},
		{"age needed by curve", health.Measure{ByAge: []health.AgeCurve{{Under: 1, Curve: direct()}}}, &health.Reading{Value: 5}, time.Time{}, "no_age", 0, true},
		{"undated", health.Measure{Expire: 5 * health.Day}, &health.Reading{Value: 5}, since, "undated", 0, true},
		{"expired", health.Measure{Expire: 5 * health.Day}, &health.Reading{Value: 5, At: july.Add(-5 * day)}, since, "expired", 0, true},
		{"as fresh as can be", health.Measure{Fresh: 5 * health.Day, Expire: 5 * health.Day}, &health.Reading{Value: 5, At: july.Add(-5*day + 1000)}, since, "", 1, true},
		{"expired at once", health.Measure{Fresh: 5 * health.Day, Expire: 5 * health.Day}, &health.Reading{Value: 5, At: july.Add(-5 * day)}, since, "expired", 0, true},
		{"of long ago", health.Measure{}, &health.Reading{Value: 5, At: time.Date(3, 1, 1, 0, 0, 0, 0, time.UTC)}, since, "", 1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := c.measure
			x.Name, x.Weight = "x", 3
			if x.Curve.Knots == nil {
				x.Curve = health.Curve{Kind: health.Bounded, Knots: []health.Knot{{X: 0, Points: 0}, {X: 10, Points: 100}}}
			}
			for i := range x.ByAge {
				x.ByAge[i].Under = health.Day
			}
			m := mustCompile(t, flat(x, health.Measure{Name: "y", Weight: 1, Curve: direct()}))
			in := health.Input{Account: "acme", Since: c.since, Readings: health.ReadingMap{"y": {Value: 30}}}
			if c.reading != nil {
				in.Readings.(health.ReadingMap)["x"] = *c.reading
			}
			s, err := m.Score(in, july)
			if err != nil {
				t.Fatal(err)
			}
			coverage := 1.0
			if c.counts {
				coverage = (3*c.live + 1) / 4
			}
			if p := s.Parts[0]; p.Why != c.why || p.Liveness != c.live || s.Coverage != coverage {
				t.Errorf("why %q, liveness %v, coverage %v; want %q, %v, %v", p.Why, p.Liveness, s.Coverage, c.why, c.live, coverage)
			}
			if math.Signbit(s.Parts[0].Reading.Value) && s.Parts[0].Reading.Value == 0 {
				t.Error("-0 was kept")
			}
			again, err := m.Score(s.Input(), s.AsOf)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(s, again); diff != "" {
				t.Errorf("scored again from its own input (-want +got):\n%s", diff)
			}
			if _, err := s.MarshalJSON(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestEmptyGroups(t *testing.T) {
	build := func(aspect health.Aspect, empty health.EmptyPolicy) *health.Model {
		return mustCompile(t, health.Scorecard{Format: 1, Name: "two", Bands: bands(), Groups: []health.Group{
			{Name: "one", Weight: 1, Aspect: aspect, Empty: empty, Groups: []health.Group{{Name: "in", Weight: 1, Measures: []health.Measure{
				{Name: "a", Weight: 1, Curve: direct()},
			}}}},
			{Name: "other", Weight: 1, Measures: []health.Measure{{Name: "b", Weight: 1, Curve: direct()}}},
		}})
	}
	for _, c := range []struct {
		aspect health.Aspect
		empty  health.EmptyPolicy
		known  bool
	}{
		{"", "", true}, {health.Experience, "", true}, {health.Outcome, "", false},
		{"", health.EmptyUnknown, false}, {health.Experience, health.EmptyUnknown, false},
		{health.Outcome, health.EmptyRedistribute, true},
	} {
		m := build(c.aspect, c.empty)
		s := mustScore(t, m, health.ReadingMap{"b": {Value: 80}})
		if s.Known != c.known || c.known && s.Value != 80 {
			t.Errorf("aspect %q, empty %q, nothing live: known %v, value %v; want %v", c.aspect, c.empty, s.Known, s.Value, c.known)
		}
		s = mustScore(t, m, health.ReadingMap{"a": {State: health.NotApplicable}, "b": {Value: 80}})
		if !s.Known || s.Value != 80 || s.Low != 80 || s.High != 80 {
			t.Errorf("aspect %q, empty %q, nothing applies: known %v, value %v, %v to %v; want 80, as if the group were not there",
				c.aspect, c.empty, s.Known, s.Value, s.Low, s.High)
		}
	}
	s := mustScore(t, build("", ""), health.ReadingMap{"a": {State: health.NotApplicable}, "b": {State: health.NotApplicable}})
	if s.Known || s.Why != "empty" || s.Low != 0 || s.High != 100 || s.Coverage != 0 {
		t.Errorf("nothing applies at all: known %v, why %q, %v to %v, coverage %v", s.Known, s.Why, s.Low, s.High, s.Coverage)
	}
	if s.Aspects != nil {
		t.Errorf("a card without aspects has %v", s.Aspects)
	}
}

// TestMinCoverage: one that is meant to be met is met. Plain floats make 1 of 5 with weight 0.3 less than 0.2.
func TestMinCoverage(t *testing.T) {
	var measures []health.Measure
	for i := range 10 {
		measures = append(measures, health.Measure{Name: fmt.Sprint("m", i), Weight: 0.3, Curve: direct()})
	}
	one := flat(measures[:5]...)
	one.MinCoverage = 0.2
	if s := mustScore(t, mustCompile(t, one), health.ReadingMap{"m0": {Value: 60}}); !s.Known || s.Coverage != 0.2 {
		t.Errorf("1 of 5: known %v, coverage %v", s.Known, s.Coverage)
	}
	for least := range 11 {
		card := flat(measures...)
		card.MinCoverage = float64(least) / 10
		m := mustCompile(t, card)
		readings := health.ReadingMap{}
		for n := 1; n <= 10; n++ {
			readings[fmt.Sprint("m", n-1)] = health.Reading{Value: 60}
			if s := mustScore(t, m, readings); s.Known != (n >= least) || s.Coverage != float64(n)/10 {
				t.Errorf("%d of 10 known, %v needed: known %v, coverage %v", n, card.MinCoverage, s.Known, s.Coverage)
			}
		}
	}
}

func TestScoreErrors(t *testing.T) {
	failed := func(why string) health.ReadingMap { return health.ReadingMap{"nps": {State: health.Failed, Why: why}} }
	good := health.Override{By: "kim", Reason: "call", Kind: health.OverrideValue, Points: 50, From: july, Until: july.AddDate(0, 0, 1)}
	bad := func(change func(*health.Override)) []health.Override {
		o := good
		change(&o)
		return []health.Override{good, o}
	}
	m := mustCompile(t, renewals())
	for _, c := range []struct {
		name  string
		in    health.Input
		asOf  time.Time
		field string
	}{
		{"no account", health.Input{}, july, "account"},
		{"a long account", health.Input{Account: strings.Repeat("a", 257)}, july, "account"},
		{"a control character", health.Input{Account: "a\x00"}, july, "account"},
		{"not UTF-8", health.Input{Account: "\xff"}, july, "account"},
		{"no instant", health.Input{Account: "a"}, time.Time{}, "as of"},
		{"year 0", health.Input{Account: "a"}, time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), "as of"},
		{"year 10000", health.Input{Account: "a"}, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), "as of"},
		{"start to come", health.Input{Account: "a", Since: july.Add(time.Microsecond)}, july, "start"},
		{"start before the year 1", health.Input{Account: "a", Since: time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)}, july, "start"},
		{"override without author", health.Input{Account: "a", Overrides: bad(func(o *health.Override) { o.By = "" })}, july, "override 1"},
		{"override without reason", health.Input{Account: "a", Overrides: bad(func(o *health.Override) { o.Reason = "" })}, july, "override 1"},
		{"override with bytes", health.Input{Account: "a", Overrides: bad(func(o *health.Override) { o.Reason = "\xff" })}, july, "override 1"},
		{"override of no kind", health.Input{Account: "a", Overrides: bad(func(o *health.Override) { o.Kind = "up" })}, july, "override 1"},
		{"override above", health.Input{Account: "a", Overrides: bad(func(o *health.Override) { o.Points = 100.1 })}, july, "override 1"},
		{"override NaN", health.Input{Account: "a", Overrides: bad(func(o *health.Override) { o.Points = math.NaN() })}, july, "override 1"},
		{"override since ever", health.Input{Account: "a", Overrides: bad(func(o *health.Override) { o.From = time.Time{} })}, july, "override 1"},
		{"override with NUL", health.Input{Account: "a", Overrides: bad(func(o *health.Override) { o.Reason = "a\x00" })}, july, "override 1"},
		{"override with a long reason", health.Input{Account: "a", Overrides: bad(func(o *health.Override) { o.Reason = strings.Repeat("a", 1025) })}, july, "override 1"},
		{"override with a long author", health.Input{Account: "a", Overrides: bad(func(o *health.Override) { o.By = strings.Repeat("a", 257) })}, july, "override 1"},
		{"reading with bytes", health.Input{Account: "a", Readings: failed("\xff")}, july, `measure "nps"`},
		{"reading with NUL", health.Input{Account: "a", Readings: failed("a\x00")}, july, `measure "nps"`},
		{"reading with a long cause", health.Input{Account: "a", Readings: failed(strings.Repeat("a", 1025))}, july, `measure "nps"`},
		{"override for ever", health.Input{Account: "a", Overrides: bad(func(o *health.Override) { o.Until = time.Time{} })}, july, "override 1"},
		{"override of year 10000", health.Input{Account: "a", Overrides: bad(func(o *health.Override) { o.Until = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) })}, july, "override 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := m.Score(c.in, c.asOf)
			var data *health.DataError
			if !errors.As(err, &data) {
				t.Fatalf("got error %v, want a DataError", err)
			}
			if data.Account != c.in.Account || data.Field != c.field || data.Message == "" {
				t.Errorf("got %+v, want field %q", data, c.field)
			}
			if strings.ContainsAny(err.Error(), "\n\x00") || !strings.HasPrefix(err.Error(), "health: ") {
				t.Errorf("message %q", err)
			}
		})
	}
}

// TestWide: 10 000 measures and 64 levels of groups, where parts still sum and all at 70 is 70.
func TestWide(t *testing.T) {
	card := wide(10_000)
	for i := range card.Groups {
		for j := range card.Groups[i].Measures {
			card.Groups[i].Measures[j].Curve = direct()
		}
	}
	groups := card.Groups
	for range 63 {
		groups = []health.Group{{Name: "deeper", Weight: 0.3, Groups: groups}}
	}
	card.Groups = groups
	m := mustCompile(t, card)
	readings := readingsOf(m, july)
	sum := 0.0
	s := mustScore(t, m, readings)
	for _, p := range s.Parts {
		sum += p.Points
	}
	if len(s.Parts) != 10_000 || sum != s.Computed {
		t.Errorf("%d parts sum to %v, want %v", len(s.Parts), sum, s.Computed)
	}
	for name, r := range readings {
		r.Value = 70
		readings[name] = r
	}
	if s := mustScore(t, m, readings); s.Value != 70 {
		t.Errorf("all at 70: %v", s.Value)
	}
}

// TestConcurrent shares one model, and one input, among goroutines.
func TestConcurrent(t *testing.T) {
	m := mustCompile(t, health.Starter())
	in := health.Input{Account: "acme", Since: july.AddDate(-1, 0, 0), Readings: readingsOf(m, july)}
	want, err := m.Score(in, july)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				got, err := m.Score(in, july)
				if err != nil || !cmp.Equal(want, got) {
					t.Errorf("got %v, %v; want the same as alone", got, err)
					return
				}
			}
		})
	}
	wait.Wait()
}

func TestScoreAll(t *testing.T) {
	m := mustCompile(t, renewals())
	broken := errors.New("lost connection")
	inputs := func(yield func(health.Input, error) bool) {
		for _, account := range []string{"a", "", "b"} {
			if !yield(health.Input{Account: account}, nil) {
				return
			}
		}
		yield(health.Input{}, broken)
	}
	for range 2 { // ranged over twice
		var got []string
		var last error
		for item, err := range m.ScoreAll(inputs, july) {
			if err != nil {
				last = err
				continue
			}
			if (item.Score == nil) != (item.Err != nil) || item.Record != nil {
				t.Errorf("item %+v has not exactly one of Score and Err", item)
			}
			got = append(got, fmt.Sprintf("%q %v", item.Account, item.Err == nil))
		}
		if diff := cmp.Diff([]string{`"a" true`, `"" false`, `"b" true`}, got); diff != "" {
			t.Errorf("items (-want +got):\n%s", diff)
		}
		if !errors.Is(last, broken) {
			t.Errorf("last error %v, want %v", last, broken)
		}
	}
	for range m.ScoreAll(inputs, july) {
		break
	}
}
