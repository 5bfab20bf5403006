package health_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// problems compiles a card and returns what is wrong with it.
func problems(t *testing.T, card health.Scorecard) []health.Problem {
	t.Helper()
	m, err := health.Compile(card)
	if err == nil {
		return nil
	}
	var invalid *health.InvalidError
	if !errors.As(err, &invalid) || m != nil {
		t.Fatalf("got model %v, error %v; want an InvalidError alone", m, err)
	}
	return invalid.Problems
}

// TestTenMistakes: a definition with ten mistakes reports ten, in document order.
func TestTenMistakes(t *testing.T) {
	card := renewals()
	card.Name = ""
	card.Groups[0].Weight = 0
	card.Groups[0].Aspect = "outcomes"
	card.Groups[0].Measures[0].Curve.Kind = "bonded"
	card.Groups[1].Measures[0].Curve.Knots[1].X = 0
	card.Groups[1].Measures[1].Name = "nps"
	card.Bands[2].Floor = 50
	card.Limits = []health.Limit{{Measure: "npss", When: health.Less, Kind: health.Cap, Points: 40, Reason: "detractor"}}
	card.MinCoverage = math.NaN()
	card.Steady.Better.Dwell = -health.Day
	want := []health.Problem{
		{Pointer: "/name", Message: "is empty"},
		{Pointer: "/groups/0/weight", Message: "must be 1e-06 to 1e+06, not 0"},
		{Pointer: "/groups/0/aspect", Message: `must be one of outcome, experience, not "outcomes": did you mean "outcome"?`},
		{Pointer: "/groups/0/measures/0/curve/kind", Message: `must be one of points, bounded, steps_lower, steps_upper, not "bonded": did you mean "bounded"?`},
		{Pointer: "/groups/1/measures/0/curve/knots/1/x", Message: "must be above the one before"},
		{Pointer: "/groups/1/measures/1/name", Message: `"nps" is the name of /groups/1/measures/0 already`},
		{Pointer: "/bands/2/floor", Message: "must be above the one before"},
		{Pointer: "/limits/0/measure", Message: `there is no measure "npss": did you mean "nps"?`},
		{Pointer: "/min_coverage", Message: "must be 0 to 1, not NaN"},
		{Pointer: "/steady/better/dwell", Message: "must not be negative"},
	}
	if diff := cmp.Diff(want, problems(t, card)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCompileProblems(t *testing.T) {
	first := func(c *health.Scorecard) *health.Measure { return &c.Groups[0].Measures[0] }
	limit := func(change func(*health.Limit)) func(*health.Scorecard) {
		return func(c *health.Scorecard) {
			l := health.Limit{Measure: "nps", When: health.Less, Value: 1, Kind: health.Cap, Points: 10, Reason: "low"}
			change(&l)
			c.Limits = []health.Limit{l}
		}
	}
	alarm := func(change func(*health.Alarm)) func(*health.Scorecard) {
		return func(c *health.Scorecard) {
			a := health.Alarm{Category: "unhappy", Measure: "nps", When: health.Less, Value: 5, Reason: "low"}
			change(&a)
			c.Alarms = []health.Alarm{a}
		}
	}
	for _, c := range []struct {
		name    string
		change  func(*health.Scorecard)
		pointer string // "" : no problem
	}{
		{"as it is", func(*health.Scorecard) {}, ""},
		{"no format", func(c *health.Scorecard) { c.Format = 0 }, "/format"},
		{"negative format", func(c *health.Scorecard) { c.Format = -1 }, "/format"},
		{"name with a slash", func(c *health.Scorecard) { c.Name = "a/b" }, "/name"},
		{"version of bytes", func(c *health.Scorecard) { c.Version = "\xff" }, "/version"},
		{"long version", func(c *health.Scorecard) { c.Version = strings.Repeat("v", 1025) }, "/version"},
		{"no groups", func(c *health.Scorecard) { c.Groups = nil }, "/groups"},
		{"group without members", func(c *health.Scorecard) { c.Groups[0].Measures = nil }, "/groups/0"},
		{"group with both", func(c *health.Scorecard) { c.Groups[0].Groups = []health.Group{wide(4).Groups[0]} }, "/groups/0"},
		{"group of a sibling's name", func(c *health.Scorecard) { c.Groups[1].Name = "outcome" }, "/groups/1/name"},
		{"weight zero", func(c *health.Scorecard) { c.Groups[1].Weight, first(c).Weight = 0, 0 }, "/groups/0/measures/0/weight /groups/1/weight"},
		{"knots of one x", func(c *health.Scorecard) { first(c).Curve.Knots[1].X = 0 }, "/groups/0/measures/0/curve/knots/1/x"},
		{"weight too small", func(c *health.Scorecard) { c.Groups[1].Weight = 9e-7 }, "/groups/1/weight"},
		{"weight too large", func(c *health.Scorecard) { first(c).Weight = 1e6 + 1 }, "/groups/0/measures/0/weight"},
		{"weight NaN", func(c *health.Scorecard) { first(c).Weight = math.NaN() }, "/groups/0/measures/0/weight"},
		{"empty policy", func(c *health.Scorecard) { c.Groups[0].Empty = "zero" }, "/groups/0/empty"},
		{"measure without a name", func(c *health.Scorecard) { first(c).Name = "" }, "/groups/0/measures/0/name"},
		{"measure of Unicode", func(c *health.Scorecard) { first(c).Name = "Zufriedenheit – überall ⭐" }, ""},
		{"measure of a control character", func(c *health.Scorecard) { first(c).Name = "a\tb" }, "/groups/0/measures/0/name"},
		{"measure with a space at its end", func(c *health.Scorecard) { first(c).Name = "a " }, "/groups/0/measures/0/name"},
		{"version with NUL", func(c *health.Scorecard) { c.Version = "1\x00" }, "/version"},
		{"unit of bytes", func(c *health.Scorecard) { first(c).Unit = "\xff" }, "/groups/0/measures/0/unit"},
		{"one knot", func(c *health.Scorecard) { first(c).Curve.Knots = first(c).Curve.Knots[:1] }, "/groups/0/measures/0/curve/knots"},
		{"one knot for steps", func(c *health.Scorecard) {
			first(c).Curve = health.Curve{Kind: health.StepsUpper, Knots: []health.Knot{{X: 0, Points: 1}}}
		}, ""},
		{"no knot for steps", func(c *health.Scorecard) { first(c).Curve = health.Curve{Kind: health.StepsLower} }, "/groups/0/measures/0/curve/knots"},
		{"knot infinite", func(c *health.Scorecard) { first(c).Curve.Knots[1].X = math.Inf(1) }, "/groups/0/measures/0/curve/knots/1/x"},
		{"knot too far", func(c *health.Scorecard) { first(c).Curve.Knots[1].X = 1e301 }, "/groups/0/measures/0/curve/knots/1/x"},
		{"knot above", func(c *health.Scorecard) { first(c).Curve.Knots[1].Points = 100.5 }, "/groups/0/measures/0/curve/knots/1/points"},
		{"age table at 0", func(c *health.Scorecard) { first(c).ByAge = []health.AgeCurve{{Under: 0, Curve: direct()}} }, "/groups/0/measures/0/by_age/0/under"},
		{"age table falling", func(c *health.Scorecard) {
			first(c).ByAge = []health.AgeCurve{{Under: 2 * health.Day, Curve: direct()}, {Under: health.Day, Curve: direct()}}
		}, "/groups/0/measures/0/by_age/1/under"},
		{"age table with a bad curve", func(c *health.Scorecard) {
			first(c).ByAge = []health.AgeCurve{{Under: health.Day, Curve: health.Curve{Kind: health.StepsLower}}}
		}, "/groups/0/measures/0/by_age/0/curve/knots"},
		{"nanoseconds", func(c *health.Scorecard) { first(c).NotBefore = 1 }, "/groups/0/measures/0/not_before"},
		{"fresh beyond expire", func(c *health.Scorecard) { first(c).Fresh = health.Day }, "/groups/0/measures/0/fresh"},
		{"fresh to expire", func(c *health.Scorecard) { first(c).Fresh, first(c).Expire = health.Day, health.Day }, ""},
		{"expire negative", func(c *health.Scorecard) { first(c).Fresh, first(c).Expire = -2*health.Day, -health.Day }, "/groups/0/measures/0/fresh /groups/0/measures/0/expire"},
		{"missing policy", func(c *health.Scorecard) { first(c).Missing.Policy = "zero" }, "/groups/0/measures/0/missing/policy"},
		{"neutral above", func(c *health.Scorecard) { first(c).Missing = health.Missing{Policy: health.Neutral, Points: 101} }, "/groups/0/measures/0/missing/points"},
		{"points for another policy", func(c *health.Scorecard) { first(c).Missing = health.Missing{Policy: health.Worst, Points: 1} }, "/groups/0/measures/0/missing/points"},
		{"no bands", func(c *health.Scorecard) { c.Bands = nil }, "/bands"},
		{"first band above 0", func(c *health.Scorecard) { c.Bands[0].Floor = 1 }, "/bands/0/floor"},
		{"bands alike on the grid", func(c *health.Scorecard) { c.Bands[2].Floor = 50 + 1e-8 }, "/bands/2/floor"},
		{"band unknown", func(c *health.Scorecard) { c.Bands[1].Name = "unknown" }, "/bands/1/name"},
		{"band twice", func(c *health.Scorecard) { c.Bands[1].Name = "red" }, "/bands/1/name"},
		{"band NaN", func(c *health.Scorecard) { c.Bands[1].Floor = math.NaN() }, "/bands/1/floor"},
		{"limit", limit(func(*health.Limit) {}), ""},
		{"limit without a measure", limit(func(l *health.Limit) { l.Measure = "" }), "/limits/0/measure"},
		{"limit of no comparison", limit(func(l *health.Limit) { l.When = "==" }), "/limits/0/when"},
		{"limit infinite", limit(func(l *health.Limit) { l.Value = math.Inf(-1) }), "/limits/0/value"},
		{"limit of no kind", limit(func(l *health.Limit) { l.Kind = "" }), "/limits/0/kind"},
		{"limit below", limit(func(l *health.Limit) { l.Points = -1 }), "/limits/0/points"},
		{"limit without a reason", limit(func(l *health.Limit) { l.Reason = "" }), "/limits/0/reason"},
		{"coverage above", func(c *health.Scorecard) { c.MinCoverage = 1.1 }, "/min_coverage"},
		{"margin negative", func(c *health.Scorecard) { c.Steady.Worse.Margin = -1 }, "/steady/worse/margin"},
		{"dwell of nanoseconds", func(c *health.Scorecard) { c.Steady.Worse.Dwell = health.Duration(time.Nanosecond) }, "/steady/worse/dwell"},
		{"fall", func(c *health.Scorecard) { c.Fall = health.Fall{Points: 20, Within: health.Day} }, ""},
		{"fall of nothing", func(c *health.Scorecard) { c.Fall.Within = health.Day }, "/fall/points"},
		{"fall of next to nothing", func(c *health.Scorecard) { c.Fall = health.Fall{Points: 1e-9, Within: health.Day} }, "/fall/points"},
		{"fall NaN", func(c *health.Scorecard) { c.Fall = health.Fall{Points: math.NaN(), Within: health.Day} }, "/fall/points"},
		{"fall within no time", func(c *health.Scorecard) { c.Fall.Points = 20 }, "/fall/within"},
		{"fall within less", func(c *health.Scorecard) { c.Fall = health.Fall{Points: 20, Within: -health.Day} }, "/fall/within"},
		{"alarm", alarm(func(*health.Alarm) {}), ""},
		{"alarm on a band", alarm(func(a *health.Alarm) { a.Measure, a.When, a.Value, a.Band = "", "", 0, "red" }), ""},
		{"alarm on both", alarm(func(a *health.Alarm) { a.Band = "red" }), "/alarms/0"},
		{"alarm on neither", alarm(func(a *health.Alarm) { a.Measure, a.When, a.Value = "", "", 0 }), "/alarms/0/measure /alarms/0/when"},
		{"alarm on no band", alarm(func(a *health.Alarm) { a.Measure, a.When, a.Value, a.Band = "", "", 0, "blue" }), "/alarms/0/band"},
		{"alarm on no measure", alarm(func(a *health.Alarm) { a.Measure = "npss" }), "/alarms/0/measure"},
		{"alarm infinite", alarm(func(a *health.Alarm) { a.Value = math.Inf(1) }), "/alarms/0/value"},
		{"alarm without a category", alarm(func(a *health.Alarm) { a.Category = "" }), "/alarms/0/category"},
		{"alarm without a reason", alarm(func(a *health.Alarm) { a.Reason = "" }), "/alarms/0/reason"},
		{"category twice", func(c *health.Scorecard) {
			alarm(func(*health.Alarm) {})(c)
			c.Alarms = append(c.Alarms, c.Alarms[0])
		}, "/alarms/1/category"},
		{"too many alarms", func(c *health.Scorecard) { c.Alarms = make([]health.Alarm, 129) }, "/alarms"},
	} {
		t.Run(c.name, func(t *testing.T) {
			card := renewals()
			c.change(&card)
			var pointers []string
			for _, p := range problems(t, card) {
				pointers = append(pointers, p.Pointer)
			}
			if got := strings.Join(pointers, " "); got != c.pointer {
				t.Errorf("problems at %q, want %q", got, c.pointer)
			}
		})
	}
}

func TestCompileFormat(t *testing.T) {
	card := renewals()
	card.Format = 2
	want := `health: compile scorecard "renewals": format 2: unknown format`
	if _, err := health.Compile(card); !errors.Is(err, health.ErrFormat) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestDeep: 64 levels of groups compile, 65 are a problem.
func TestDeep(t *testing.T) {
	for _, depth := range []int{64, 65, 10_000} {
		card := renewals()
		group := card.Groups[1]
		for i := 1; i < depth; i++ {
			group = health.Group{Name: "g", Weight: 1, Groups: []health.Group{group}}
		}
		card.Groups = []health.Group{group}
		got := problems(t, card)
		if depth <= 64 {
			if len(got) > 0 {
				t.Errorf("%d levels: %v", depth, got)
			}
			s := mustScore(t, mustCompile(t, card), health.ReadingMap{"nps": {Value: 9}, "usage": {Value: 80}})
			if s.Value != 85 || s.Parts[0].Points != 45 {
				t.Errorf("%d levels: value %v, first part %v; want 85, 45", depth, s.Value, s.Parts[0].Points)
			}
			continue
		}
		if len(got) != 1 || !strings.HasSuffix(got[0].Message, "deeper than 64") || strings.Count(got[0].Pointer, "/groups") != 65 {
			t.Errorf("%d levels: %v", depth, got)
		}
	}
}

// TestEndless: a card that holds itself, or is far too large, is refused in bounded time.
func TestEndless(t *testing.T) {
	groups := make([]health.Group, 3)
	for i := range groups {
		groups[i] = health.Group{Name: fmt.Sprint("g", i), Weight: 1, Groups: groups}
	}
	card := renewals()
	card.Groups = groups
	if got := problems(t, card); len(got) == 0 {
		t.Error("a card that holds itself compiled")
	}
	card = renewals()
	card.Bands = make([]health.Band, 2_000_000)
	if got := problems(t, card); len(got) != 1 || got[0].Pointer != "/bands" {
		t.Errorf("%d problems with too many bands", len(got))
	}
}

// TestModelIsACopy: what the caller does to a definition before or after has no effect on the model.
func TestModelIsACopy(t *testing.T) {
	starter := func() health.Scorecard {
		card := health.Starter()
		card.Alarms = sponsored().Alarms[1:]
		return card
	}
	card := starter()
	m := mustCompile(t, card)
	digest, err := canon.Digest(card)
	if err != nil {
		t.Fatal(err)
	}
	if m.Digest() != digest {
		t.Errorf("digest %v, want that of the canonical JSON, %x", m.Digest(), digest)
	}
	spoil := func(c health.Scorecard) {
		c.Groups[0].Measures[0].Curve.Knots[0].Points = 99
		c.Groups[1].Groups[0].Measures[0].ByAge[0].Under = 1
		c.Groups[1].Groups[0].Measures[0].ByAge[0].Curve.Knots[0].Points = 98
		c.Groups[1].Groups[0].Name, c.Groups[1].Name = "x", "y"
		c.Bands[0].Name, c.Limits[0].Points, c.Alarms[0].Category = "black", 1, "x"
	}
	spoil(card)
	spoil(m.Scorecard())
	if diff := cmp.Diff(starter(), m.Scorecard()); diff != "" {
		t.Errorf("the model's card changed (-want +got):\n%s", diff)
	}
	m.Measures()[0] = "x"
	if got := m.Measures()[0]; got != "outcome_attainment" {
		t.Errorf("the model's first measure changed to %q", got)
	}
}

func TestDigestText(t *testing.T) {
	d := mustCompile(t, renewals()).Digest()
	text, err := d.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var back health.Digest
	if err := back.UnmarshalText(text); err != nil || back != d || !strings.HasPrefix(d.String(), "sha256:") {
		t.Errorf("%s came back as %v, %v", text, back, err)
	}
	if err := back.UnmarshalText([]byte("sha256:00")); err == nil {
		t.Error("a short digest was read")
	}
}

func TestParse(t *testing.T) {
	for _, card := range []health.Scorecard{renewals(), health.Starter(), health.Practices(), sponsored(), wide(100)} {
		text, err := json.Marshal(card)
		if err != nil {
			t.Fatal(err)
		}
		canonical, err := canon.JSON(card)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(canonical), string(text)); diff != "" {
			t.Errorf("json.Marshal of a valid card is not canonical (-want +got):\n%s", diff)
		}
		back, err := health.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(card, back); diff != "" {
			t.Errorf("after JSON (-want +got):\n%s", diff)
		}
	}
}

func TestParseProblems(t *testing.T) {
	for _, c := range []struct{ name, text, pointer string }{
		{"not JSON", `{`, ""},
		{"two documents", `{} {}`, ""},
		{"unknown key", `{"format":1,"nmae":"a"}`, "/nmae"},
		{"duplicate key", `{"name":"a","name":"b"}`, "/name"},
		{"folded key", `{"Name":"a"}`, "/Name"},
		{"a weight as text", `{"groups":[{"weight":"1"}]}`, "/groups/0/weight"},
		{"a number too large", `{"groups":[{"weight":1e1000000000}]}`, "/groups/0/weight"},
		{"null", `{"groups":[{"measures":[{"curve":null}]}]}`, "/groups/0/measures/0/curve"},
		{"a bare number as duration", `{"steady":{"worse":{"dwell":3}}}`, "/steady/worse/dwell"},
		{"a month", `{"groups":[{"measures":[{"fresh":"3mo"}]}]}`, "/groups/0/measures/0/fresh"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := health.Parse([]byte(c.text))
			var invalid *health.InvalidError
			if !errors.As(err, &invalid) || len(invalid.Problems) != 1 || invalid.Problems[0].Pointer != c.pointer {
				t.Errorf("got %v, want one problem at %q", err, c.pointer)
			}
		})
	}
	want := "health: parse scorecard: format 2: unknown format"
	if _, err := health.Parse([]byte(`{"format":2,"whatever":{}}`)); !errors.Is(err, health.ErrFormat) || err.Error() != want {
		t.Errorf("a newer format: %v, want %s", err, want)
	}
	if _, err := health.Parse([]byte(strings.Repeat(`{"groups":[`, 300))); err == nil {
		t.Error("300 levels of arrays and objects were read")
	}
}

// FuzzParse: no panic; what was read is written and read again as the same; what was read compiles or has problems.
func FuzzParse(f *testing.F) {
	for _, card := range []health.Scorecard{renewals(), health.Starter()} {
		text, err := json.Marshal(card)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"format":1,"name":"a","groups":[],"bands":[]}`))
	f.Add([]byte(`{"fall":{"points":20,"within":"30d"},"alarms":[{"category":"red","band":"red","reason":"red"},{"value":-0.0}]}`))
	f.Add([]byte(`{"groups":[{"measures":[{"fresh":"1w2d","curve":{"knots":[{"x":-0.0}]}}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		card, err := health.Parse(text)
		if err != nil {
			return
		}
		written, err := canon.JSON(card)
		if err != nil {
			return // a duration or text that no valid card has
		}
		again, err := health.Parse(written)
		if err != nil {
			t.Fatalf("%s is not read: %v", written, err)
		}
		if diff := cmp.Diff(card, again); diff != "" {
			t.Fatalf("written and read again (-want +got):\n%s", diff)
		}
		m, err := health.Compile(card)
		if (m == nil) == (err == nil) {
			t.Fatalf("model %v, error %v", m, err)
		}
	})
}

// TestStarter: it compiles, outcomes weigh more than experience, and it is made anew each time.
func TestStarter(t *testing.T) {
	card := health.Starter()
	m := mustCompile(t, card)
	if card.Groups[0].Aspect != health.Outcome || card.Groups[0].Weight != 60 || card.Groups[1].Weight != 40 {
		t.Errorf("groups %+v", card.Groups)
	}
	card.Groups[0].Measures[0].Weight = 1e5
	if diff := cmp.Diff(m.Scorecard(), health.Starter()); diff != "" {
		t.Errorf("a second one differs (-want +got):\n%s", diff)
	}
	in := health.Input{Account: "acme", Since: july.AddDate(-1, 0, 0), Readings: health.ReadingMap{
		"outcome_attainment": {Value: 0.9, At: july}, "verified_value": {Value: 0.7, At: july}, "adoption": {Value: 0.6, At: july},
		"nps": {Value: 9, At: july}, "open_critical_tickets": {Value: 3, At: july}, "sponsor_contact": {Value: 20, At: july},
	}}
	s, err := m.Score(in, july)
	if err != nil {
		t.Fatal(err)
	}
	// outcome (40·90 + 20·70)/60 = 250/3; product 75; relationship (10·85 + 5·0 + 5·100)/20 = 67.5; experience 71.25.
	want := 0.6*250.0/3 + 0.4*71.25
	if math.Abs(s.Computed-want) > 1e-6 || s.Value != 49 || s.Band != "red" || s.Limit == nil {
		t.Errorf("computed %v, value %v %s; want %v, capped to 49 red", s.Computed, s.Value, s.Band, want)
	}
}
