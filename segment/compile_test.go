package segment_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/google/go-cmp/cmp"
)

// problems returns what is wrong, one "pointer: message" each, of a condition the first line alone.
func problems(t *testing.T, err error) []string {
	t.Helper()
	var invalid *segment.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("got error %v, want an InvalidError", err)
	}
	var got []string
	for _, p := range invalid.Problems {
		message, _, _ := strings.Cut(p.Message, "\n")
		got = append(got, p.Pointer+": "+message)
	}
	return got
}

func TestCompileReportsEverything(t *testing.T) {
	nan, five, four := math.NaN(), 5.0, 4.0
	_, err := segment.Compile(segment.Scheme{
		Format: 0, Name: "a/b", Version: "\xff",
		Attributes: []segment.Attribute{
			{Name: "Arr", Type: "number"},
			{Name: "select1", Type: "txt", Unit: "\xff"},
			{Name: "between", Type: segment.FlagType},
			{Name: "n", Type: segment.NumberType, Min: &nan, Values: []string{"x"}},
			{Name: "n", Type: segment.NumberType, Min: &five, Max: &four},
			{Name: "t", Type: segment.TextType, Max: &four, Values: []string{"x", "\x00", "x", "\xff"}},
		},
		Rules: []segment.Rule{
			{Segment: "", When: "n > 'x'", Why: "a\x00", Stay: &segment.Stay{While: "m > 5"}},
			{Segment: "ok", When: "select1 = 5 AND select1 = 'x' AND select1", Why: strings.Repeat("x", 1025)},
		},
		Otherwise: " rest", For: -1, Review: "up",
	})
	want := []string{
		"/format: must be 1, not 0",
		"/name: contains '/', which joins names to paths",
		"/version: is not valid UTF-8",
		`/attributes/0/name: must be lower-case letters, digits and _, not beginning with a digit, at most 63, not "Arr"`,
		`/attributes/1/type: must be one of number, text, flag, time, not "txt": did you mean "text"?`,
		"/attributes/1/unit: is not valid UTF-8",
		`/attributes/2/name: "between" is a word of the condition language`,
		"/attributes/3/values: are for texts alone",
		"/attributes/3/min: must be at most 2^53 either side of zero, not NaN",
		`/attributes/4/name: "n" is the name of element 3 already`,
		"/attributes/4/max: must not be below min",
		`/attributes/5/values/1: contains U+0000`,
		`/attributes/5/values/2: "x" is there twice`,
		"/attributes/5/values/3: is not valid UTF-8",
		"/attributes/5/max: is for numbers alone",
		"/rules/0/segment: is empty",
		"/rules/0/when: line 1, column 5: expected a number to compare n with, found 'x'",
		"/rules/0/why: contains U+0000",
		"/rules/0/stay/while: line 1, column 1: expected an attribute, found m, which the scheme does not have",
		"/rules/1/why: has 1025 bytes, over 1024",
		"/otherwise: begins or ends with a space",
		"/for: must not be negative",
		`/review: must be one of down, not "up"`,
	}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCompileBounds(t *testing.T) {
	attributes := []segment.Attribute{numeric("n")}
	for name, s := range map[string]segment.Scheme{
		"empty":               {},
		"no rules":            {Format: 1, Name: "x", Attributes: attributes},
		"no attributes":       scheme(nil, "a: n > 5"),
		"too many rules":      {Format: 1, Name: "x", Attributes: attributes, Rules: make([]segment.Rule, 1001)},
		"too many attributes": {Format: 1, Name: "x", Attributes: make([]segment.Attribute, 1001), Rules: make([]segment.Rule, 1)},
		"infinite bound":      scheme([]segment.Attribute{{Name: "n", Type: segment.NumberType, Max: infinity()}}, "a: n > 5"),
		"long name":           scheme([]segment.Attribute{numeric(strings.Repeat("x", 64))}, "a: n > 5"),
		"long value":          scheme([]segment.Attribute{{Name: "n", Type: segment.TextType, Values: []string{strings.Repeat("x", 1025)}}}, "a: n IS NULL"),
	} {
		if _, err := segment.Compile(s); len(problems(t, err)) == 0 {
			t.Errorf("%s: no problem", name)
		}
	}
	_, err := segment.Compile(segment.Scheme{Format: 2, Name: "x"})
	if !errors.Is(err, segment.ErrFormat) || err.Error() != `segment: compile scheme "x": format 2: unknown format` {
		t.Errorf("format 2: got error %v, want ErrFormat", err)
	}
}

func infinity() *float64 { f := math.Inf(1); return &f }

func TestCompileKeepsACopy(t *testing.T) {
	zero := 0.0
	s := scheme([]segment.Attribute{
		{Name: "n", Type: segment.NumberType, Min: &zero}, {Name: "t", Type: segment.TextType, Values: []string{"EU", "UK"}},
	}, "a: n > 5 AND t = 'EU'")
	s.Rules[0].Stay = &segment.Stay{While: "n > 4"}
	m := compile(t, s)
	spoil := func(s segment.Scheme) {
		s.Attributes[1].Values[0] = "XX"
		*s.Attributes[0].Min = 99
		s.Rules[0].Stay.While = "n IS NULL"
		s.Rules[0].When = "n < 0"
	}
	spoil(s)
	spoil(m.Scheme())
	m.Segments()[0], m.Attributes()[0] = "spoilt", "spoilt"
	v := classify(t, m, segment.FactMap{"n": segment.Number(6), "t": segment.Text("EU")}, epoch)
	if v.Segment != "a" || len(v.Stays) != 1 || m.Scheme().Attributes[1].Values[0] != "EU" || *m.Scheme().Attributes[0].Min != 0 {
		t.Errorf("a caller's change reached the model: %+v, %+v", v, m.Scheme())
	}
	if got := m.Segments(); len(got) != 1 || got[0] != "a" {
		t.Errorf("Segments = %v", got)
	}
}

func TestSegments(t *testing.T) {
	s := scheme([]segment.Attribute{numeric("n")}, "b: n > 5", "a: n > 4", "b: n > 3")
	s.Otherwise = "rest"
	if got := fmt.Sprint(compile(t, s).Segments()); got != "[b a rest]" {
		t.Errorf("got %s", got)
	}
	s.Otherwise = "b"
	if got := fmt.Sprint(compile(t, s).Segments()); got != "[b a]" {
		t.Errorf("with a default that is a rule's segment: got %s", got)
	}
}

func TestDigest(t *testing.T) {
	s := segment.Tiers()
	m := compile(t, s)
	if again := compile(t, m.Scheme()); again.Digest() != m.Digest() {
		t.Error("the same scheme has two digests")
	}
	s.For = segment.Day
	if compile(t, s).Digest() == m.Digest() {
		t.Error("two schemes have one digest")
	}
	text, err := m.Digest().MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var d segment.Digest
	if err := d.UnmarshalText(text); err != nil || d != m.Digest() || d.String() != string(text) {
		t.Errorf("%s reads back as %s, %v", text, d, err)
	}
}

func TestParse(t *testing.T) {
	s, err := segment.Parse([]byte(`{"format": 1, "name": "tiers", "for": "14d", "review": "down", "otherwise": "tech",
		"attributes": [{"name": "arr", "type": "number"}, {"name": "region", "type": "text", "values": ["EU", "US"]}],
		"rules": [{"segment": "strategic", "when": "arr >= 100000 AND region = 'EU'", "stay": {"while": "arr >= 85000"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	m := compile(t, s)
	if s.For != 14*segment.Day || s.Rules[0].Stay.While != "arr >= 85000" || len(m.Segments()) != 2 {
		t.Errorf("got %+v", s)
	}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	again, err := segment.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, again); diff != "" {
		t.Errorf("reading what was written (-want +got):\n%s", diff)
	}

	_, err = segment.Parse([]byte(`{"format": 1, "Name": "x", "rules": [{"segment": 5, "wen": "arr > 5"}], "for": "14 days"}`))
	want := []string{
		`/Name: unknown key "Name": did you mean "name"?`,
		"/rules/0/segment: must be a string, not a number",
		`/rules/0/wen: unknown key "wen": did you mean "when"?`,
		`/for: duration "14 days" has the unknown unit " days"; units are w, d, h, m, s, ms, us`,
	}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := segment.Parse([]byte(`{"format": 2, "anything": []}`)); !errors.Is(err, segment.ErrFormat) {
		t.Errorf("format 2: got error %v, want ErrFormat", err)
	}
	for _, deep := range []string{strings.Repeat("[", 1<<20), strings.Repeat(`{"rules":`, 1<<16), `{"format":1e1000000000}`, strings.Repeat("x", 1<<20)} {
		if _, err := segment.Parse([]byte(deep)); err == nil {
			t.Errorf("%.20s…: no error", deep)
		}
	}
}

func TestErrorText(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&segment.InvalidError{Problems: []segment.Problem{{"/name", "is empty"}}}, "segment: invalid definition: /name: is empty"},
		{&segment.DataError{Account: "a", Field: `attribute "arr"`, Message: "is NaN"}, `segment: account "a": attribute "arr": is NaN`},
		{&segment.DataError{Account: "a", Message: "is NaN"}, `segment: account "a": is NaN`},
		{&segment.RefusedError{Account: "a", Rule: "pending", Message: "no", Needs: "one"}, `segment: account "a": refused by pending: no; needs one`},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
