package segment_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/segment"
)

// This file gives the package what is far too large, too deep, or not there.

const megabyte = 1 << 20

func TestManyRules(t *testing.T) {
	rules := func(n int) segment.Scheme {
		s := segment.Scheme{Format: 1, Name: "many", Attributes: []segment.Attribute{numeric("n")}}
		for i := range n {
			s.Rules = append(s.Rules, segment.Rule{Segment: fmt.Sprint("s", i), When: fmt.Sprint("n = ", i)})
		}
		return s
	}
	_, err := segment.Compile(rules(10_000))
	if diff := cmp.Diff([]string{"/rules: has 10000 elements, over 1000"}, problems(t, err)); diff != "" {
		t.Errorf("10 000 rules (-want +got):\n%s", diff)
	}
	m := compile(t, rules(1000))
	for _, want := range []int{0, 1, 500, 999} {
		if got, err := m.ClassifyRow(segment.Row{segment.Number(float64(want))}, epoch); err != nil || got != want {
			t.Errorf("n = %d is of rule %d, %v", want, got, err)
		}
	}
	if got := m.Verify(epoch, epoch); !slices.ContainsFunc(got, func(f segment.Finding) bool { return f.Class == segment.Gap }) {
		t.Errorf("1000 rules without a default: no gap is found among %d findings", len(got))
	}
}

// TestDeep nests a thousand deep whatever can be nested, in a scheme and in its document.
func TestDeep(t *testing.T) {
	deep := func(open string) string { return strings.Repeat(open, 1000) + "n > 5" + strings.Repeat(")", 1000) }
	for _, open := range []string{"(", "NOT (", "n > 5 AND (", "n > 5 OR NOT ("} {
		s := scheme([]segment.Attribute{numeric("n")}, "a: "+deep(open))
		s.Rules[0].Stay = &segment.Stay{While: deep(open)}
		_, err := segment.Compile(s)
		got := problems(t, err)
		if len(got) != 2 || !strings.HasPrefix(got[0], "/rules/0/when: ") || !strings.HasPrefix(got[1], "/rules/0/stay/while: ") {
			t.Fatalf("%q: got %.300q, want two problems", open, got)
		}
		for _, message := range got {
			if !strings.Contains(message, "expected parentheses at most 100 deep, found more") || len(message) > 1000 {
				t.Errorf("%q: got %.300q", open, message)
			}
		}
	}
	m := compile(t, scheme([]segment.Attribute{numeric("n")}, "a: "+strings.Repeat("NOT ", 1001)+"n > 5"))
	if got, err := m.ClassifyRow(segment.Row{segment.Number(5)}, epoch); err != nil || got != 0 {
		t.Errorf("an odd number of NOT: rule %d, %v", got, err)
	}
	_, err := segment.Parse([]byte(`{"format":1,"rules":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`))
	if got := problems(t, err); len(got) != 1 {
		t.Errorf("a document 1000 deep: got %q", got)
	}
}

// TestMegabytes gives a megabyte as each text and number. What is refused is not repeated whole in the error.
func TestMegabytes(t *testing.T) {
	long := strings.Repeat("x", megabyte)
	attributes := []segment.Attribute{numeric("n"), {Name: "t", Type: segment.TextType}, {Name: "listed", Type: segment.TextType, Values: []string{"a"}}}
	spoil := map[string]func(s *segment.Scheme){
		"name":      func(s *segment.Scheme) { s.Name = long },
		"version":   func(s *segment.Scheme) { s.Version = long },
		"attribute": func(s *segment.Scheme) { s.Attributes[0].Name = long },
		"type":      func(s *segment.Scheme) { s.Attributes[1].Type = segment.Type(long) },
		"unit":      func(s *segment.Scheme) { s.Attributes[1].Unit = long },
		"value":     func(s *segment.Scheme) { s.Attributes[2].Values = []string{long} },
		"segment":   func(s *segment.Scheme) { s.Rules[0].Segment = long },
		"why":       func(s *segment.Scheme) { s.Rules[0].Why = long },
		"text":      func(s *segment.Scheme) { s.Rules[0].When = "t = '" + long + "'" },
		"number":    func(s *segment.Scheme) { s.Rules[0].When = "n > " + strings.Repeat("9", megabyte) },
		"word":      func(s *segment.Scheme) { s.Rules[0].When = long },
		"stay":      func(s *segment.Scheme) { s.Rules[0].Stay = &segment.Stay{While: long} },
		"otherwise": func(s *segment.Scheme) { s.Otherwise = long },
		"review":    func(s *segment.Scheme) { s.Review = segment.Review(long) },
	}
	for name, f := range spoil {
		s := scheme(slices.Clone(attributes), "a: n > 5")
		f(&s)
		_, err := segment.Compile(s)
		if problems(t, err); len(err.Error()) > 2000 {
			t.Errorf("%s: the error has %d bytes", name, len(err.Error()))
		}
		document, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := segment.Parse(document); err != nil && len(err.Error()) > 2000 {
			t.Errorf("%s: the error of the document has %d bytes", name, len(err.Error()))
		}
	}
	m := compile(t, scheme(attributes, "a: n > 5"))
	var data *segment.DataError
	if _, err := m.Classify(segment.Input{Account: long}, epoch); !errors.As(err, &data) || data.Message != "has 1048576 bytes, over 256" {
		t.Errorf("account: got %.300v", err)
	}
	facts := segment.FactMap{"listed": segment.Text(long)}
	if _, err := m.Classify(segment.Input{Account: "a", Facts: facts}, epoch); !errors.As(err, &data) || len(err.Error()) > 2000 {
		t.Errorf("a long text that is not allowed: got %.300v", err)
	}
	if _, err := m.Classify(segment.Input{Account: "a", Facts: segment.FactMap{"t": segment.Text(long)}}, epoch); err != nil {
		t.Errorf("a long text of an attribute that allows any: %v", err)
	}
	if got := segment.Failed(long).String(); got != "FAILED" {
		t.Errorf("a long failure is %.100q", got)
	}
}

// TestNoFacts classifies what nothing is known of, in each form in which that can be said.
func TestNoFacts(t *testing.T) {
	s := scheme([]segment.Attribute{numeric("n"), {Name: "t", Type: segment.TextType}, {Name: "f", Type: segment.FlagType}, {Name: "w", Type: segment.TimeType}},
		"a: n > 5 OR NOT n > 5", "b: t <> 'x' OR f OR NOT f", "c: w < as_of OR w >= as_of", "d: n IS NULL AND t IS NULL AND f IS NULL AND w IS NULL")
	m := compile(t, s)
	nulls := segment.FactMap{"n": segment.Null(), "t": segment.Null(), "f": segment.Null(), "w": {}}
	for name, facts := range map[string]segment.Facts{"nil": nil, "empty": segment.FactMap{}, "nil map": segment.FactMap(nil), "NULL": nulls} {
		v, err := m.Classify(segment.Input{Account: "acme", Facts: facts}, epoch)
		if err != nil || v.Segment != "d" || v.Reason != segment.Match {
			t.Errorf("%s: got %q, %s, %v, want d", name, v.Segment, v.Reason, err)
		}
		if diff := cmp.Diff([]string{"n", "t", "f", "w"}, v.Unknown); diff != "" {
			t.Errorf("%s: unknown (-want +got):\n%s", name, diff)
		}
	}
	if got, err := m.ClassifyRow(make(segment.Row, 4), epoch); err != nil || got != 3 {
		t.Errorf("a row of NULL is of rule %d, %v", got, err)
	}
	for item, err := range m.ClassifyAll(func(func(segment.Input, error) bool) {}, epoch) {
		t.Errorf("no accounts: got %v, %v", item, err)
	}
}
