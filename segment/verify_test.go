package segment_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
)

func compile(t testing.TB, s segment.Scheme) *segment.Model {
	t.Helper()
	m, err := segment.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func numeric(name string) segment.Attribute {
	return segment.Attribute{Name: name, Type: segment.NumberType}
}

// scheme returns a scheme of rules "segment: condition".
func scheme(attributes []segment.Attribute, rules ...string) segment.Scheme {
	s := segment.Scheme{Format: 1, Name: "test", Attributes: attributes}
	for _, r := range rules {
		name, when, _ := strings.Cut(r, ": ")
		s.Rules = append(s.Rules, segment.Rule{Segment: name, When: when})
	}
	return s
}

func TestVerify(t *testing.T) {
	zero, ten := 0.0, 10.0
	bounded := []segment.Attribute{{Name: "n", Type: segment.NumberType, Min: &zero, Max: &ten}}
	region := []segment.Attribute{{Name: "region", Type: segment.TextType, Values: []string{"EU", "UK", "US"}}}
	texts := []segment.Attribute{{Name: "region", Type: segment.TextType}}
	flag := []segment.Attribute{{Name: "trial", Type: segment.FlagType}}
	renewal := []segment.Attribute{{Name: "renewal", Type: segment.TimeType}}
	two := []segment.Attribute{numeric("arr"), numeric("nps")}
	for _, c := range []struct {
		name   string
		scheme segment.Scheme
		want   []string // class, pointer, message
	}{
		{"no gap within the bounds", scheme(bounded, "a: n >= 0", "b: n IS NULL"), nil},
		{"a gap at a bound", scheme(bounded, "a: n < 10", "b: n IS NULL"), []string{"gap : no rule matches: n = 10"}},
		{"beyond the bounds", scheme(bounded, "a: n IS NOT NULL", "b: n IS NULL", "c: n > 10"), []string{
			`never /rules/2: the rule for "c" matches no account`,
		}},
		{"between neighbours of float64 there is nothing", scheme([]segment.Attribute{numeric("n")},
			"a: n <= 1", "b: n >= 1.0000000000000002", "c: n IS NULL"), nil},
		{"one float64 between", scheme([]segment.Attribute{numeric("n")},
			"a: n <= 1", "b: n >= 1.0000000000000004", "c: n IS NULL"), []string{
			"gap : no rule matches: n > 1 AND n < 1.0000000000000004",
		}},
		{"a hole of one number", scheme([]segment.Attribute{numeric("n")}, "a: n <> 5", "b: n IS NULL"), []string{"gap : no rule matches: n = 5"}},
		{"all texts allowed", scheme(region, "a: region IN ('EU', 'UK')", "b: region = 'US'", "c: region IS NULL"), nil},
		{"a text left over", scheme(region, "a: region IN ('EU', 'UK')", "c: region IS NULL"), []string{
			"gap : no rule matches: region NOT IN ('EU', 'UK')",
		}},
		{"any other text", scheme(texts, "a: region = 'EU'", "c: region IS NULL"), []string{"gap : no rule matches: region <> 'EU'"}},
		{"NULL is neither", scheme(flag, "a: trial", "b: NOT trial"), []string{"gap : no rule matches: trial IS NULL"}},
		{"a flag left over", scheme(flag, "a: trial", "b: trial IS NULL"), []string{"gap : no rule matches: trial = FALSE"}},
		{"nothing matches", scheme(flag, "a: trial AND NOT trial"), []string{
			"gap : no rule matches: any account", `never /rules/0: the rule for "a" matches no account`,
		}},
		{"a gap in two dimensions", scheme(two, "a: arr >= 100 OR nps >= 9", "b: arr IS NULL OR nps IS NULL"), []string{
			"gap : no rule matches: arr < 100 AND nps < 9",
		}},
		{"shadowed by two together", scheme(flag, "a: trial", "b: NOT trial", "c: trial IS NOT NULL", "d: trial IS NULL"), []string{
			`shadowed /rules/2: every account that the rule for "c" matches is taken by an earlier one, as here by rule 0 for "a"`,
		}},
		{"never at any time", scheme(renewal, "a: renewal < as_of AND renewal > as_of + INTERVAL '1 day'", "b: renewal IS NOT NULL", "c: renewal IS NULL"),
			[]string{`never /rules/0: the rule for "a" matches no account`}},
		{"a gap that moves", scheme(renewal, "a: renewal <= as_of", "b: renewal >= as_of + INTERVAL '90 days'", "c: renewal IS NULL"), []string{
			"gap : no rule matches: renewal > as_of AND renewal < as_of + INTERVAL '90 days'",
		}},
		// as_of - 30 days passes 15 July on 14 August: before that no renewal lies between.
		{"a gap that opens within the span", scheme(renewal, "a: renewal <= DATE '2026-07-15'", "b: renewal >= as_of - INTERVAL '30 days'", "c: renewal IS NULL"), []string{
			"gap : no rule matches: renewal > DATE '2026-07-15' AND renewal < as_of - INTERVAL '30 days'",
		}},
		{"a rule that begins to match after the span", scheme(renewal, "a: renewal < DATE '2026-07-15' AND renewal > as_of + INTERVAL '400 days'", "b: renewal IS NOT NULL", "c: renewal IS NULL"),
			[]string{`never /rules/0: the rule for "a" matches no account`}},
		{"at one instant alone", scheme(renewal, "a: renewal = DATE '2026-10-01' AND renewal = as_of", "b: renewal IS NOT NULL", "c: renewal IS NULL"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := compile(t, c.scheme)
			from := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
			findings := m.Verify(from, from.AddDate(0, 6, 0))
			var got []string
			for _, f := range findings {
				got = append(got, fmt.Sprintf("%s %s: %s", f.Class, f.Pointer, f.Message))
				confirm(t, m, f)
			}
			if g, w := strings.Join(got, "\n"), strings.Join(c.want, "\n"); g != w {
				t.Errorf("got:\n%s\nwant:\n%s", g, w)
			}
		})
	}
}

// confirm lets Classify evaluate the witness of a finding.
func confirm(t *testing.T, m *segment.Model, f segment.Finding) {
	t.Helper()
	if f.Class == segment.Never || f.Class == segment.Undecided {
		if f.Witness != nil {
			t.Errorf("%s: a finding of class %s has a witness", f.Message, f.Class)
		}
		return
	}
	facts := segment.FactMap{}
	for _, w := range f.Witness {
		facts[w.Attribute] = w.Value
	}
	v, err := m.Classify(segment.Input{Account: "witness", Facts: facts}, f.AsOf)
	if err != nil {
		t.Fatalf("%s: the witness %v can't be classified: %v", f.Message, f.Witness, err)
	}
	matches := func(i int) bool {
		c, err := segment.CompileCondition(m.Scheme().Rules[i].When, m.Scheme().Attributes)
		if err != nil {
			t.Fatal(err)
		}
		truth, _, err := c.Eval(facts, f.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		return truth == segment.True
	}
	var rule int
	if f.Pointer != "" {
		if _, err := fmt.Sscanf(f.Pointer, "/rules/%d", &rule); err != nil {
			t.Fatalf("pointer %q: %v", f.Pointer, err)
		}
	}
	switch f.Class {
	case segment.Gap:
		if v.Reason != segment.None {
			t.Errorf("%s: the witness %v as of %v matches rule %d", f.Message, f.Witness, f.AsOf, v.Rule)
		}
	case segment.Shadowed:
		if !matches(rule) || v.Rule >= rule || v.Segment != f.Segments[1] {
			t.Errorf("%s: the witness %v gives rule %d", f.Message, f.Witness, v.Rule)
		}
	case segment.Overlap:
		other := -1
		for i, r := range m.Scheme().Rules[:rule] {
			if r.Segment == f.Segments[0] && matches(i) {
				other = i
			}
		}
		if !matches(rule) || other < 0 {
			t.Errorf("%s: the witness %v does not match both", f.Message, f.Witness)
		}
	default:
		t.Errorf("unknown class %s", f.Class)
	}
}

func TestVerifyOverlap(t *testing.T) {
	s := scheme([]segment.Attribute{numeric("arr")}, "a: arr > 5", "b: arr <= 5", "a: arr > 7", "c: arr BETWEEN 5 AND 6", "d: arr IS NULL")
	m := compile(t, s)
	for _, f := range m.Verify(epoch, epoch) {
		if f.Class == segment.Overlap {
			t.Errorf("not exclusive, and yet: %s", f.Message)
		}
	}
	s.Exclusive = true
	m = compile(t, s)
	var got []string
	for _, f := range m.Verify(epoch, epoch) {
		confirm(t, m, f)
		if f.Class == segment.Overlap {
			got = append(got, f.Pointer+" "+strings.Join(f.Segments, " "))
		}
	}
	want := "/rules/3 a c, /rules/3 b c"
	if got := strings.Join(got, ", "); got != want {
		t.Errorf("got overlaps %q, want %q", got, want)
	}
}

func TestVerifySpan(t *testing.T) {
	m := compile(t, segment.Tiers())
	if got := m.Verify(epoch, epoch.Add(-time.Microsecond)); len(got) != 1 || got[0].Class != segment.Undecided {
		t.Errorf("a span that ends before it begins: got %v", got)
	}
	if got := m.Verify(epoch, epoch.AddDate(9000, 0, 0)); len(got) != 1 || got[0].Class != segment.Undecided {
		t.Errorf("a span beyond the year 9999: got %v", got)
	}
	if got := m.Verify(epoch, epoch.AddDate(1, 0, 0)); len(got) != 0 {
		t.Errorf("Tiers has findings: %v", got)
	}
}

// small is a world whose domain a grid of half steps covers: what differs anywhere differs on the grid.
func small() world {
	w := world{
		attributes: []segment.Attribute{
			{Name: "n", Type: segment.NumberType}, {Name: "t", Type: segment.TextType},
			{Name: "f", Type: segment.FlagType}, {Name: "w", Type: segment.TimeType},
		},
		facts: map[string][]fact{}, literals: map[string][]literal{},
	}
	for i := -1; i <= 7; i++ {
		w.facts["n"] = append(w.facts["n"], fact{kind: "number", num: float64(i) / 2})
	}
	for i := range 4 {
		_, l := number(fmt.Sprint(i), float64(i))
		w.literals["n"] = append(w.literals["n"], l)
	}
	for _, text := range []string{"EU", "UK", "elsewhere"} {
		f := fact{kind: "text", text: text}
		w.facts["t"] = append(w.facts["t"], f)
		if text != "elsewhere" {
			w.literals["t"] = append(w.literals["t"], literal{text: "'" + text + "'", fact: f})
		}
	}
	for _, b := range []bool{true, false} {
		f := fact{kind: "flag", flag: b}
		w.facts["f"] = append(w.facts["f"], f)
		w.literals["f"] = append(w.literals["f"], literal{text: fmt.Sprint(b), fact: f})
	}
	w.times(0.5)
	var halves []fact // without those a microsecond later: as_of is on the grid too
	for d := -5.0; d <= 5; d += 0.5 {
		halves = append(halves, fact{kind: "time", at: day(d)})
	}
	w.facts["w"] = halves
	for _, a := range w.attributes {
		w.facts[a.Name] = append(w.facts[a.Name], fact{kind: "null"})
	}
	return w
}

// TestVerifyTwin compares Verify with the twin's answers at every point of the grid, on random schemes of two attributes.
func TestVerifyTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	classes := map[segment.FindingClass]int{}
	complete := 0
	for range 250 {
		w := small()
		r.Shuffle(len(w.attributes), func(i, j int) { w.attributes[i], w.attributes[j] = w.attributes[j], w.attributes[i] })
		w.attributes = w.attributes[:2]
		s := segment.Scheme{Format: 1, Name: "random", Attributes: w.attributes, Exclusive: true}
		var exprs []expr
		for i := range 1 + r.IntN(4) {
			e := w.expr(r, 2)
			exprs = append(exprs, e)
			s.Rules = append(s.Rules, segment.Rule{Segment: string(rune('a' + i)), When: e.String()})
		}
		m := compile(t, s)
		findings := m.Verify(day(-1), day(1))
		var gaps []*segment.Condition
		all := true // gaps are reported
		got := map[string]bool{}
		for _, f := range findings {
			confirm(t, m, f)
			classes[f.Class]++
			got[string(f.Class)+f.Pointer+strings.Join(f.Segments[:min(1, len(f.Segments))], "")] = true
			_, text, _ := strings.Cut(f.Message, ": ")
			all = all && !strings.Contains(f.Message, "more gaps")
			switch {
			case f.Class != segment.Gap:
			case text == "any account":
				gaps = append(gaps, nil)
			default:
				c, err := segment.CompileCondition(text, w.attributes)
				if err != nil {
					t.Fatalf("the message of a gap is no condition: %v", err)
				}
				gaps = append(gaps, c)
				for _, x := range w.facts[w.attributes[0].Name] {
					for _, y := range w.facts[w.attributes[1].Name] {
						facts := map[string]fact{w.attributes[0].Name: x, w.attributes[1].Name: y}
						if covered(t, gaps[len(gaps)-1:], values(facts), f.AsOf) && matched(exprs, facts, f.AsOf) {
							t.Fatalf("%v: %s, and yet one matches %v as of %v", s.Rules, f.Message, facts, f.AsOf)
						}
					}
				}
			}
		}

		if all {
			complete++
		}

		can, first := make([]bool, len(exprs)), make([]bool, len(exprs))
		want := map[string]bool{}
		for d := -1.0; d <= 1; d += 0.5 {
			for _, x := range w.facts[w.attributes[0].Name] {
				for _, y := range w.facts[w.attributes[1].Name] {
					facts := map[string]fact{w.attributes[0].Name: x, w.attributes[1].Name: y}
					winner := -1
					for i, e := range exprs {
						if e.eval(facts, day(d)) != "T" {
							continue
						}
						can[i] = true
						for j := range i {
							if exprs[j].eval(facts, day(d)) == "T" {
								want[fmt.Sprintf("overlap/rules/%d%c", i, 'a'+j)] = true
							}
						}
						if winner < 0 {
							winner, first[i] = i, true
						}
					}
					if winner < 0 {
						want["gap"] = true
						if all && !covered(t, gaps, values(facts), day(d)) {
							t.Fatalf("%v: no gap reported of %v as of %v; findings %v", s.Rules, facts, day(d), findings)
						}
					}
				}
			}
		}
		for i := range exprs {
			switch {
			case !can[i]:
				want[fmt.Sprintf("never/rules/%d%c", i, 'a'+i)] = true
			case !first[i]:
				want[fmt.Sprintf("shadowed/rules/%d%c", i, 'a'+i)] = true
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%v: got %v, want %v", s.Rules, got, want)
		}
	}
	if complete < 200 {
		t.Errorf("only %d of 250 schemes have all their gaps reported", complete)
	}
	for _, class := range []segment.FindingClass{segment.Gap, segment.Never, segment.Shadowed, segment.Overlap} {
		if classes[class] < 20 {
			t.Errorf("only %d findings of class %s", classes[class], class)
		}
	}
}

func matched(exprs []expr, facts map[string]fact, asOf time.Time) bool {
	return slices.ContainsFunc(exprs, func(e expr) bool { return e.eval(facts, asOf) == "T" })
}

// covered reports whether one of the gaps holds the row; nil is a gap that is everywhere.
func covered(t *testing.T, gaps []*segment.Condition, facts segment.Facts, asOf time.Time) bool {
	for _, c := range gaps {
		if c == nil {
			return true
		}
		truth, _, err := c.Eval(facts, asOf)
		if err != nil {
			t.Fatal(err)
		}
		if truth == segment.True {
			return true
		}
	}
	return false
}

// TestVerifyClose has constants so close to each other that a cell between them is there at single instants of as_of
// alone, and compares Verify with the twin's answers at every microsecond.
func TestVerifyClose(t *testing.T) {
	at := func(us int) time.Time { return day(0).Add(time.Duration(us) * time.Microsecond) }
	w := world{
		attributes: []segment.Attribute{{Name: "w", Type: segment.TimeType}},
		facts:      map[string][]fact{}, literals: map[string][]literal{},
	}
	for us := -1; us <= 9; us++ {
		w.facts["w"] = append(w.facts["w"], fact{kind: "time", at: at(us)})
	}
	w.facts["w"] = append(w.facts["w"], fact{kind: "null"})
	for _, us := range []int{0, 1, 3, 6, 8} {
		l := literal{text: at(us).Format("TIMESTAMP '2006-01-02 15:04:05.000000'"), fact: fact{kind: "time", at: at(us)}}
		w.literals["w"] = append(w.literals["w"], l, literal{text: "as_of", relative: true})
	}
	r := rand.New(rand.NewPCG(15, 16))
	counts := map[string]int{}
	for range 400 {
		s := segment.Scheme{Format: 1, Name: "close", Attributes: w.attributes}
		var exprs []expr
		for i := range 1 + r.IntN(4) {
			exprs = append(exprs, w.expr(r, 2))
			s.Rules = append(s.Rules, segment.Rule{Segment: string(rune('a' + i)), When: exprs[i].String()})
		}
		m := compile(t, s)
		got, want := map[string]bool{}, map[string]bool{}
		for _, f := range m.Verify(at(0), at(8)) {
			confirm(t, m, f)
			got[string(f.Class)+f.Pointer] = true
		}
		can, first := make([]bool, len(exprs)), make([]bool, len(exprs))
		for us := range 9 {
			for _, f := range w.facts["w"] {
				winner := -1
				for i, e := range exprs {
					if e.eval(map[string]fact{"w": f}, at(us)) != "T" {
						continue
					}
					can[i] = true
					if winner < 0 {
						winner, first[i] = i, true
					}
				}
				if winner < 0 {
					want["gap"] = true
				}
			}
		}
		for i := range exprs {
			switch {
			case !can[i]:
				want[fmt.Sprintf("never/rules/%d", i)] = true
			case !first[i]:
				want[fmt.Sprintf("shadowed/rules/%d", i)] = true
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%v: got %v, want %v", s.Rules, got, want)
		}
		for key := range want {
			counts[key[:3]]++
		}
	}
	if counts["gap"] < 50 || counts["nev"] < 20 || counts["sha"] < 20 {
		t.Errorf("too few of some class: %v", counts)
	}
}
