package segment_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/google/go-cmp/cmp"
)

func classify(t testing.TB, m *segment.Model, facts segment.Facts, asOf time.Time) segment.Verdict {
	t.Helper()
	v, err := m.Classify(segment.Input{Account: "acme", Facts: facts}, asOf)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestClassify(t *testing.T) {
	s := scheme([]segment.Attribute{numeric("arr"), numeric("nps"), {Name: "region", Type: segment.TextType}, {Name: "renewal", Type: segment.TimeType}},
		"strategic: arr >= 100000 AND nps > 8",
		"risk: region = 'EU' AND renewal < as_of + INTERVAL '90 days'",
		"growth: arr BETWEEN 20000 AND 99999 OR nps = 10",
	)
	s.Rules[0].Stay = &segment.Stay{While: "arr >= 85000"}
	s.Rules[2].Stay = &segment.Stay{While: "nps > 5"}
	withDefault := s
	withDefault.Otherwise = "rest"
	for _, c := range []struct {
		name   string
		scheme segment.Scheme
		facts  segment.FactMap
		want   segment.Verdict
	}{
		{"the first rule", s, segment.FactMap{"arr": segment.Number(100000), "nps": segment.Number(9)}, segment.Verdict{
			Segment: "strategic", Rule: 0, Reason: segment.Match, Stays: []string{"strategic", "growth"},
			Facts: []segment.Fact{{"arr", segment.Number(100000)}, {"nps", segment.Number(9)}},
			Leave: []segment.NearMiss{
				{Segment: "strategic", Attribute: "arr", Need: "arr < 100000"},
				{Segment: "strategic", Attribute: "nps", Need: "nps <= 8", By: 1},
			},
		}},
		{"FALSE explains before UNKNOWN does", s, segment.FactMap{"arr": segment.Number(50000)}, segment.Verdict{
			Segment: "growth", Rule: 2, Reason: segment.Match,
			Facts:   []segment.Fact{{"arr", segment.Number(50000)}, {"region", segment.Null()}},
			Unknown: []string{"region", "renewal"},
			Leave:   []segment.NearMiss{{Segment: "growth", Rule: 2, Attribute: "arr", Need: "arr < 20000", By: 30000}},
		}},
		{"near by each attribute alone", s, segment.FactMap{
			"arr": segment.Number(90000), "nps": segment.Number(9), "region": segment.Text("US"), "renewal": segment.Time(day(1)),
		}, segment.Verdict{
			Segment: "growth", Rule: 2, Reason: segment.Match, Stays: []string{"strategic", "growth"},
			Facts: []segment.Fact{{"arr", segment.Number(90000)}, {"region", segment.Text("US")}},
			Near: []segment.NearMiss{
				{Segment: "strategic", Rule: 0, Attribute: "arr", Need: "arr >= 100000", By: 10000},
				{Segment: "risk", Rule: 1, Attribute: "region", Need: "region = 'EU'"},
			},
			Leave: []segment.NearMiss{{Segment: "growth", Rule: 2, Attribute: "arr", Need: "arr > 99999", By: 9999}},
		}},
		{"near in time", s, segment.FactMap{
			"arr": segment.Number(30000), "region": segment.Text("EU"), "renewal": segment.Time(day(90.5)),
		}, segment.Verdict{
			Segment: "growth", Rule: 2, Reason: segment.Match, Unknown: nil,
			Facts: []segment.Fact{{"arr", segment.Number(30000)}, {"renewal", segment.Time(day(90.5))}},
			Near: []segment.NearMiss{{
				Segment: "risk", Rule: 1, Attribute: "renewal", Need: "renewal < as_of + INTERVAL '90 days'", ByTime: segment.Day / 2,
			}},
			Leave: []segment.NearMiss{{Segment: "growth", Rule: 2, Attribute: "arr", Need: "arr < 20000", By: 10000}},
		}},
		{"none", s, segment.FactMap{"arr": segment.Number(19999.5), "nps": segment.Number(0), "region": segment.Text("US")}, segment.Verdict{
			Rule: -1, Reason: segment.None,
			Facts: []segment.Fact{{"arr", segment.Number(19999.5)}, {"nps", segment.Number(0)}, {"region", segment.Text("US")}},
			Near: []segment.NearMiss{
				{Segment: "growth", Rule: 2, Attribute: "arr", Need: "arr BETWEEN 20000 AND 99999", By: 0.5},
				{Segment: "growth", Rule: 2, Attribute: "nps", Need: "nps = 10", By: 10},
			},
		}},
		{"default, nothing known", withDefault, nil, segment.Verdict{
			Segment: "rest", Rule: -1, Reason: segment.Default,
			Facts:   []segment.Fact{{"arr", segment.Null()}, {"nps", segment.Null()}, {"region", segment.Null()}},
			Unknown: []string{"arr", "nps", "region", "renewal"},
			Near: []segment.NearMiss{
				{Segment: "growth", Rule: 2, Attribute: "arr", Need: "arr BETWEEN 20000 AND 99999"},
				{Segment: "growth", Rule: 2, Attribute: "nps", Need: "nps = 10"},
			},
		}},
		{"failed", s, segment.FactMap{"arr": segment.Number(120000), "nps": segment.Failed("survey service: timeout")}, segment.Verdict{
			Rule: -1, Reason: segment.Error, Failed: "nps", Stays: []string{"strategic", "growth"},
			Facts: []segment.Fact{{"nps", segment.Failed("survey service: timeout")}},
		}},
		{"failed, and yet decided", s, segment.FactMap{"arr": segment.Number(50000), "nps": segment.Failed("timeout"), "region": segment.Text("US")}, segment.Verdict{
			Segment: "growth", Rule: 2, Reason: segment.Match, Stays: []string{"growth"},
			Facts: []segment.Fact{{"arr", segment.Number(50000)}, {"region", segment.Text("US")}},
			Near:  []segment.NearMiss{{Segment: "risk", Rule: 1, Attribute: "region", Need: "region = 'EU'"}},
			Leave: []segment.NearMiss{{Segment: "growth", Rule: 2, Attribute: "arr", Need: "arr < 20000", By: 30000}},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "failed, and yet decided" { // renewal must not stand in the way of the near miss
				c.facts["renewal"] = segment.Time(day(1))
			}
			m := compile(t, c.scheme)
			c.want.Account, c.want.AsOf, c.want.Scheme, c.want.Digest = "acme", epoch, "test", m.Digest()
			got := classify(t, m, c.facts, epoch.Add(999))
			if diff := cmp.Diff(c.want, got, byValue); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// byValue compares Values with ==.
var byValue = cmp.Comparer(func(a, b segment.Value) bool { return a == b })

func TestNear(t *testing.T) {
	zero := 0.0
	attributes := []segment.Attribute{
		{Name: "n", Type: segment.NumberType, Min: &zero}, {Name: "t", Type: segment.TextType},
		{Name: "v", Type: segment.TextType, Values: []string{"x", "y", "z"}}, {Name: "f", Type: segment.FlagType},
		{Name: "w", Type: segment.TimeType},
	}
	five := segment.FactMap{"n": segment.Number(5), "t": segment.Text("five"), "v": segment.Text("x"), "f": segment.Flag(false), "w": segment.Time(day(5))}
	for _, c := range []struct {
		when, want string
		by         float64 // of instants in days
	}{
		{"n > 7", "n > 7", 2},
		{"n < 3", "n < 3", 2},
		{"n <= 4.5", "n <= 4.5", 0.5},
		{"n > 5", "n > 5", 0},
		{"n <> 5", "n < 5", 0},
		{"n IN (1, 7)", "n = 7", 2},
		{"n IN (4, 6)", "n = 4", 1},
		{"n BETWEEN 6 AND 8 OR n = 3", "n BETWEEN 6 AND 8", 1},
		{"n > 6 AND n < 8", "n > 6 AND n < 8", 1},
		{"n >= 6 AND n < 8", "n >= 6 AND n < 8", 1},
		{"n > 6 AND n <= 8", "n > 6 AND n <= 8", 1},
		{"n IS NULL", "n IS NULL", 0},
		{"n IS NULL OR n = 9", "n = 9", 4},
		{"n < 0", "", 0},
		{"t = 'a'", "t = 'a'", 0},
		{"t = 'it''s' OR t = 'b'", "t IN ('b', 'it''s')", 0},
		{"t <> 'five'", "t <> 'five'", 0},
		{"t NOT IN ('five', 'six')", "t NOT IN ('five', 'six')", 0},
		{"v = 'y'", "v = 'y'", 0},
		{"v <> 'x'", "v <> 'x'", 0},
		{"v = 'y' OR v = 'z'", "v IN ('y', 'z')", 0},
		{"f", "f = TRUE", 0},
		{"f IS NULL", "f IS NULL", 0},
		{"w < DATE '2026-07-03'", "w < DATE '2026-07-03'", 3.5},
		{"w = as_of OR w = as_of + INTERVAL '36 hours'", "w = as_of + INTERVAL '36 hours'", 3.5},
		{"w >= as_of + INTERVAL '10080 minutes'", "w >= as_of + INTERVAL '7 days'", 2},
		{"w < DATE '0002-01-01'", "w < DATE '0002-01-01'", float64(1<<53) / 86_400e6},
		{"n = 5 AND f", "f = TRUE", 0},
		{"n = 6 AND f", "", 0},
		{"t IN ('0','1','2','3','4','5','6','7','8','9')", "t IN ('0', '1', '2', '3', '4', '5', '6', '7', and 2 more)", 0},
	} {
		m := compile(t, scheme(attributes, "a: "+c.when))
		got := classify(t, m, five, epoch).Near
		switch {
		case c.want == "" && len(got) == 0:
		case len(got) != 1 || got[0].Need != c.want || got[0].By+float64(got[0].ByTime)/float64(segment.Day) != c.by:
			t.Errorf("%s: got %+v, want %s by %v", c.when, got, c.want, c.by)
		}
	}
	m := compile(t, scheme(attributes, "a: t IS NOT NULL AND n = 5"))
	delete(five, "t")
	if got := classify(t, m, five, epoch).Near; len(got) != 1 || got[0].Need != "t IS NOT NULL" {
		t.Errorf("any text would do: got %+v", got)
	}
}

// TestVerdictTwin holds random verdicts to what they say of themselves: the rule is the twin's, the deciding facts are
// enough, a near miss is one, and ClassifyRow agrees.
func TestVerdictTwin(t *testing.T) {
	w := wide()
	r := rand.New(rand.NewPCG(5, 6))
	near := 0
	for range 1500 {
		s := segment.Scheme{Format: 1, Name: "random", Attributes: w.attributes}
		if r.IntN(2) == 0 {
			s.Otherwise = "rest"
		}
		var exprs []expr
		for i := range 1 + r.IntN(3) {
			exprs = append(exprs, w.expr(r, 2))
			s.Rules = append(s.Rules, segment.Rule{Segment: string(rune('a' + i)), When: exprs[i].String()})
		}
		m := compile(t, s)
		facts, asOf := w.row(r, "null", "failed"), day(float64(r.IntN(5)-2))
		v := classify(t, m, values(facts), asOf)
		want, reason := -1, segment.None
		if s.Otherwise != "" {
			reason = segment.Default
		}
		for i, e := range exprs {
			truth := e.eval(facts, asOf)
			if truth == "T" {
				want, reason = i, segment.Match
			}
			if truth == "X" {
				reason = segment.Error
			}
			if truth == "T" || truth == "X" {
				break
			}
		}
		if v.Rule != want || v.Reason != reason {
			t.Fatalf("%v over %v: got rule %d, %s, want %d, %s", s.Rules, facts, v.Rule, v.Reason, want, reason)
		}

		row := make(segment.Row, len(w.attributes))
		for i, a := range w.attributes {
			row[i] = facts[a.Name].value()
		}
		wantRow := map[segment.Reason]int{segment.Match: v.Rule, segment.Default: len(exprs), segment.None: -1, segment.Error: -2}[v.Reason]
		if got, err := m.ClassifyRow(row, asOf); err != nil || got != wantRow {
			t.Fatalf("%v over %v: ClassifyRow gives %d, %v, want %d", s.Rules, facts, got, err, wantRow)
		}
		if v.Reason == segment.Error {
			if facts[v.Failed].kind != "failed" {
				t.Fatalf("%v over %v: %s is named, which did not fail", s.Rules, facts, v.Failed)
			}
			continue
		}

		for range 5 {
			other := w.row(r, "null")
			for _, f := range v.Facts {
				other[f.Attribute] = facts[f.Attribute]
			}
			if got := classify(t, m, values(other), asOf); got.Rule != v.Rule || got.Reason != v.Reason {
				t.Fatalf("%v: %v decided for rule %d, and yet with %v it is %d", s.Rules, v.Facts, v.Rule, other, got.Rule)
			}
		}

		misses := slices.Concat(v.Near, v.Leave)
		for i, n := range misses {
			need, err := segment.CompileCondition(n.Need, w.attributes)
			if err != nil {
				t.Fatalf("%v: need %q: %v", s.Rules, n.Need, err)
			}
			leave := i >= len(v.Near)
			if leave && n.Rule != v.Rule {
				t.Fatalf("%v: rule %d matched, and to leave rule %d takes %s", s.Rules, v.Rule, n.Rule, n.Need)
			}
			tried := 0
			for _, f := range append(w.facts[n.Attribute], fact{kind: "null"}) {
				changed := maps.Clone(facts)
				changed[n.Attribute] = f
				if truth, _, err := need.Eval(values(changed), asOf); err != nil || truth != segment.True {
					continue
				}
				tried++
				if leave == (exprs[n.Rule].eval(changed, asOf) == "T") {
					t.Fatalf("%v over %v: %s, and yet rule %d is as it was with %v", s.Rules, facts, n.Need, n.Rule, f)
				}
			}
			if tried > 0 {
				near++
			}
		}
		// What no near miss names, no value of the attribute alone changes.
		limit := len(exprs)
		if v.Rule >= 0 {
			limit = v.Rule + 1
		}
		for i, e := range exprs[:limit] {
			for _, a := range w.attributes {
				named := slices.ContainsFunc(misses, func(n segment.NearMiss) bool { return n.Rule == i && n.Attribute == a.Name })
				if named || facts[a.Name].kind == "failed" {
					continue
				}
				for _, f := range append(w.facts[a.Name], fact{kind: "null"}) {
					changed := maps.Clone(facts)
					changed[a.Name] = f
					if (e.eval(changed, asOf) == "T") != (i == v.Rule) {
						t.Fatalf("%v over %v: rule %d changes with %s = %v, and no near miss says so: %v", s.Rules, facts, i, a.Name, f, misses)
					}
				}
			}
		}
	}
	if near < 500 {
		t.Errorf("only %d near misses were tried", near)
	}
}

func TestClassifyRefuses(t *testing.T) {
	zero, hundred := 0.0, 100.0
	m := compile(t, scheme([]segment.Attribute{
		numeric("arr"), {Name: "share", Type: segment.NumberType, Min: &zero, Max: &hundred},
		{Name: "region", Type: segment.TextType, Values: []string{"EU", "UK"}}, {Name: "note", Type: segment.TextType},
		{Name: "trial", Type: segment.FlagType}, {Name: "renewal", Type: segment.TimeType},
	}, "a: arr > 0"))
	for _, c := range []struct {
		attribute string
		value     segment.Value
		want      string
	}{
		{"arr", segment.Number(math.NaN()), "is NaN"},
		{"arr", segment.Number(math.Inf(1)), "is infinite"},
		{"arr", segment.Number(math.Inf(-1)), "is infinite"},
		{"arr", segment.Number(9007199254740994), "is 9.007199254740994e+15, beyond 2^53"},
		{"arr", segment.Number(-1e300), "is -1e+300, beyond 2^53"},
		{"arr", segment.Text("100000"), "is a text, not a number"},
		{"arr", segment.Flag(true), "is a flag, not a number"},
		{"share", segment.Number(-0.5), "is -0.5, below the least possible 0"},
		{"share", segment.Number(101), "is 101, above the greatest possible 100"},
		{"region", segment.Text("eu"), `is "eu", which is not one of its values`},
		{"region", segment.Text("\xff"), "is not valid UTF-8"},
		{"note", segment.Text("a\x00b"), "contains NUL"},
		{"note", segment.Text("\xff"), "is not valid UTF-8"},
		{"note", segment.Number(1), "is a number, not a text"},
		{"trial", segment.Number(1), "is a number, not a flag"},
		{"renewal", segment.Time(time.Time{}), "is zero: a missing instant is NULL"},
		{"renewal", segment.Time(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)), "is outside of the years 1 to 9999"},
		{"renewal", segment.Text("2026-07-01"), "is a text, not a time"},
	} {
		facts := segment.FactMap{c.attribute: c.value, "unheard_of": segment.Number(math.NaN())}
		_, err := m.Classify(segment.Input{Account: "acme", Facts: facts}, epoch)
		want := fmt.Sprintf("segment: account \"acme\": attribute %q: %s", c.attribute, c.want)
		var data *segment.DataError
		if !errors.As(err, &data) || err.Error() != want {
			t.Errorf("%s %v: got error %v, want %s", c.attribute, c.value, err, want)
		}
		row := make(segment.Row, 6)
		row[slices.Index(m.Attributes(), c.attribute)] = c.value
		if _, err := m.ClassifyRow(row, epoch); !errors.As(err, &data) || data.Account != "" || data.Message != c.want {
			t.Errorf("%s %v: ClassifyRow gives error %v, want %s", c.attribute, c.value, err, c.want)
		}
	}
	for name, in := range map[string]segment.Input{
		"no account": {}, "long account": {Account: strings.Repeat("x", 257)}, "control": {Account: "a\n"}, "bytes": {Account: "\xff"},
	} {
		var data *segment.DataError
		if _, err := m.Classify(in, epoch); !errors.As(err, &data) {
			t.Errorf("%s: got error %v, want a DataError", name, err)
		}
	}
	condition, err := segment.CompileCondition("arr > 0", m.Scheme().Attributes)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		asOf time.Time
		want string
	}{
		{time.Time{}, "as of: is zero"},
		{time.Time{}.Add(999), "as of: is zero"}, // truncated
		{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), "as of: year 10000 is outside 1 to 9999"},
		{time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), "as of: year -1 is outside 1 to 9999"},
		{time.Unix(math.MinInt64, 0), "as of: year "},
		{time.Time{}.Add(time.Microsecond), ""},
		{time.Date(10000, 1, 1, 0, 0, 0, -1, time.UTC), ""},
	} {
		says := func(err error, prefix string) bool {
			return c.want == "" && err == nil || c.want != "" && err != nil && strings.HasPrefix(err.Error(), prefix+c.want)
		}
		if v, err := m.Classify(segment.Input{Account: "acme"}, c.asOf); !says(err, `segment: account "acme": `) {
			t.Errorf("as of %v: got error %v, want %q", c.asOf, err, c.want)
		} else if err == nil && !v.AsOf.Equal(c.asOf.Truncate(time.Microsecond)) {
			t.Errorf("as of %v: the verdict is as of %v", c.asOf, v.AsOf)
		}
		if _, err := m.ClassifyRow(make(segment.Row, 6), c.asOf); !says(err, "segment: ") {
			t.Errorf("row as of %v: got error %v, want %q", c.asOf, err, c.want)
		}
		if _, _, err := condition.Eval(nil, c.asOf); !says(err, "segment: ") {
			t.Errorf("condition as of %v: got error %v, want %q", c.asOf, err, c.want)
		}
	}
	if _, err := m.ClassifyRow(make(segment.Row, 5), epoch); err == nil {
		t.Error("a row that is too short is no error")
	}
}

func TestClassifyRowDoesNotAllocate(t *testing.T) {
	m, rows := benchModel(t)
	allocs := testing.AllocsPerRun(10, func() {
		for _, row := range rows {
			if _, err := m.ClassifyRow(row, epoch); err != nil {
				t.Fatal(err)
			}
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations in %d rows", allocs, len(rows))
	}
}

func TestClassifyAll(t *testing.T) {
	m := compile(t, segment.Tiers())
	inputs := func(yield func(segment.Input, error) bool) {
		ok := segment.FactMap{"arr": segment.Number(30000)}
		bad := segment.FactMap{"arr": segment.Number(-1)}
		_ = yield(segment.Input{Account: "a", Facts: ok}, nil) && yield(segment.Input{Account: "b", Facts: bad}, nil) &&
			yield(segment.Input{Account: "c", Facts: ok}, nil) && yield(segment.Input{}, errors.New("cursor lost"))
	}
	for range 2 { // it may be ranged over again
		var got []string
		for item, err := range m.ClassifyAll(inputs, epoch) {
			switch {
			case err != nil:
				got = append(got, "error: "+err.Error())
			case item.Err != nil:
				got = append(got, item.Account+": failed")
			default:
				got = append(got, item.Account+": "+item.Verdict.Segment)
			}
		}
		want := []string{"a: growth", "b: failed", "c: growth", "error: segment: classify accounts: cursor lost"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	for range m.ClassifyAll(inputs, epoch) {
		break
	}
}
