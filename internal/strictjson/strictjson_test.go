package strictjson_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/internal/span"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

type length time.Duration

func (l *length) UnmarshalText(text []byte) error {
	d, err := span.Parse(string(text))
	*l = length(d)
	return err
}

func (l length) MarshalText() ([]byte, error) { return []byte(span.Format(time.Duration(l))), nil }

type aspect string

func (a *aspect) UnmarshalText(text []byte) error {
	if *a = aspect(text); *a != "outcome" && *a != "experience" {
		return fmt.Errorf("must be outcome or experience, not %q", text)
	}
	return nil
}

// point decodes itself, from two numbers.
type point struct{ X, Y float64 }

func (p *point) UnmarshalJSON(data []byte) error {
	var xy [2]float64
	problems := strictjson.Decode(data, &xy)
	p.X, p.Y = xy[0], xy[1]
	return problems.Err("point")
}

func (p point) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, "[%g,%g]", p.X, p.Y), nil }

// opaque decodes itself and has an error of its own.
type opaque struct{}

func (*opaque) UnmarshalJSON([]byte) error { return errors.New("is opaque") }

type measure struct {
	Name   string  `json:"name"`
	Weight float64 `json:"weight"`
	Fresh  length  `json:"fresh,omitzero"`
	Curve  []point `json:"curve"`
}

type group struct {
	Name     string    `json:"name"`
	Aspect   aspect    `json:"aspect,omitempty"`
	Measures []measure `json:"measures"`
	Groups   []group   `json:"groups"`
}

// card has a field of each kind.
type card struct {
	Format  int                   `json:"format"`
	Name    string                `json:"name"`
	Groups  []group               `json:"groups"`
	At      time.Time             `json:"at"`
	Amount  decimal.Decimal       `json:"amount"`
	Limit   *measure              `json:"limit"`
	Open    bool                  `json:"open"`
	Small   int8                  `json:"small"`
	Count   uint16                `json:"count"`
	Half    float32               `json:"half"`
	Share   float64               `json:"share"`
	Pair    [2]int64              `json:"pair"`
	ByName  map[string]measure    `json:"by_name"`
	ByKind  map[aspect]money      `json:"by_kind"`
	Bytes   []byte                `json:"bytes,omitempty"`
	Any     any                   `json:"-"`
	Numbers map[string][]*float64 `json:"numbers"`
}

// money is an alias: the type stays the decimal's own.
type money = decimal.Decimal

func lines(l problem.List) []string {
	var out []string
	for _, p := range l {
		out = append(out, p.Pointer+": "+p.Message)
	}
	return out
}

func TestDecode(t *testing.T) {
	one, two := 1.0, -2.5e-3
	const doc = ` {
		"name": "\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t é", "format": 1,
		"groups": [{"name":"g","aspect":"outcome","measures":[{"name":"m","weight":0.5,"fresh":"1d12h","curve":[[0,1],[2,3]]}],"groups":[{}]}, {}],
		"at": "2026-01-31T08:00:00.1234567+02:00", "amount": "12.50", "limit": {"name": "x"}, "open": true,
		"small": -128, "count": 65535, "half": 0.1, "share": -0.0, "pair": [1, 9223372036854775807],
		"by_name": {"a/b": {}, "": {"weight": 2}}, "by_kind": {"outcome": 1e3}, "numbers": {"n": [1, null, -2.5e-3], "e": []}
	} `
	var got card
	if problems := strictjson.Decode([]byte(doc), &got); problems != nil {
		t.Fatal(problems)
	}
	want := card{
		Name: "é😀\"\\/\b\f\n\r\t é", Format: 1,
		Groups: []group{{Name: "g", Aspect: "outcome", Groups: []group{{}}, Measures: []measure{
			{Name: "m", Weight: 0.5, Fresh: length(36 * time.Hour), Curve: []point{{0, 1}, {2, 3}}}}}, {}},
		At: time.Date(2026, 1, 31, 6, 0, 0, 123456000, time.UTC), Amount: decimal.New(1250, -2), Limit: &measure{Name: "x"}, Open: true,
		Small: -128, Count: 65535, Half: 0.1, Pair: [2]int64{1, math.MaxInt64},
		ByName: map[string]measure{"a/b": {}, "": {Weight: 2}}, ByKind: map[aspect]money{"outcome": decimal.New(1, 3)},
		Numbers: map[string][]*float64{"n": {&one, nil, &two}, "e": nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if math.Signbit(got.Share) {
		t.Error("-0 was kept")
	}
}

// TestProblems has a document for each kind of mistake, with all that must be said of it.
func TestProblems(t *testing.T) {
	tests := map[string]struct {
		doc  string
		want []string
	}{
		"ten mistakes are ten problems": {`{
			"format": "1", "nmae": "x", "Name": "x", "groups": [{"measures": [{"weight": true}, 7], "x y~z/": {"a": [1]}}],
			"at": "yesterday", "amount": "1e99", "open": null, "small": 128, "name": "a", "name": "b"}`,
			[]string{
				`/format: must be a whole number, not a string`,
				`/nmae: unknown key "nmae": did you mean "name"?`,
				`/Name: unknown key "Name": did you mean "name"?`,
				`/groups/0/measures/0/weight: must be a number, not a boolean`,
				`/groups/0/measures/1: must be an object, not a number`,
				`/groups/0/x y~0z~1: unknown key "x y~z/"`,
				`/at: "yesterday" is not a time as in RFC 3339, like 2026-01-31T08:00:00Z`,
				`/amount: "1e99" has the exponent 99, outside -18 to 18`,
				`/open: must be true or false, not null`,
				`/small: 128 does not fit int8`,
				`/name: duplicate key "name"`,
			}},
		"null": {`{"name":null,"groups":null,"by_name":null,"at":null,"amount":null,"share":null,"pair":null}`, []string{
			`/name: must be a string, not null`, `/groups: must be an array, not null`, `/by_name: must be an object, not null`,
			`/at: must be a time as in RFC 3339, not null`, `/amount: must be a decimal number, not null`,
			`/share: must be a number, not null`, `/pair: must be an array, not null`}},
		"wrong types": {`{"name":{},"groups":true,"open":"true","count":"1","small":[],"by_name":[],"share":"1","numbers":false,"at":1,"amount":false,"pair":{}}`, []string{
			`/name: must be a string, not an object`, `/groups: must be an array, not a boolean`, `/open: must be true or false, not a string`,
			`/count: must be a whole number, not a string`, `/small: must be a whole number, not an array`, `/by_name: must be an object, not an array`,
			`/share: must be a number, not a string`, `/numbers: must be an object, not a boolean`, `/at: must be a time as in RFC 3339, not a number`,
			`/amount: must be a decimal number, not a boolean`, `/pair: must be an array, not an object`}},
		"outermost type":    {`[1]`, []string{`: must be an object, not an array`}},
		"key in caps twice": {`{"NAME":"a","name":"b"}`, []string{`/NAME: unknown key "NAME": did you mean "name"?`}},
		"escaped key":       {`{"n\u0061me":"a","name":"b"}`, []string{`/name: duplicate key "name"`}},
		"kelvin sign":       {`{"by_\u212aind":{}}`, []string{"/by_\u212aind: unknown key \"by_\u212aind\": did you mean \"by_kind\"?"}},
		"duplicate in map":  {`{"by_name":{"a":{},"b":{},"a":{"weight":"x"}}}`, []string{`/by_name/a: duplicate key "a"`}},
		"key of a map":      {`{"by_kind":{"oucome":1}}`, []string{`/by_kind/oucome: key: must be outcome or experience, not "oucome"`}},
		"enumeration":       {`{"groups":[{"aspect":"oucome"}]}`, []string{`/groups/0/aspect: must be outcome or experience, not "oucome"`}},
		"text from number":  {`{"groups":[{"aspect":7}]}`, []string{`/groups/0/aspect: must be a string, not a number`}},
		"duration":          {`{"limit":{"fresh":"1 day"}}`, []string{`/limit/fresh: duration "1 day" has the unknown unit " day"; units are w, d, h, m, s, ms, us`}},
		"own decoding": {`{"limit":{"curve":[[1,2],[3],[4,"x",6],7]}}`, []string{
			`/limit/curve/1: must have 2 elements, not 1`, `/limit/curve/2/1: must be a number, not a string`,
			`/limit/curve/2: must have 2 elements, not 3`, `/limit/curve/3: must be an array, not a number`}},
		"invalid UTF-8": {"{\"name\":\"a\xff\",\"\xfe\":1,\"by_name\":{\"\xfd\":1}}", []string{
			"/name: is not valid UTF-8: \"a\ufffd\"", ": has a key that is not valid UTF-8: \"\ufffd\"", "/by_name: has a key that is not valid UTF-8: \"\ufffd\""}},
		"lone surrogates": {`{"by_name":{"a":{"name":"\ud83d"},"b":{"name":"\ude00\ud83d"},"c":{"name":"\ud83dx"},"d":{"name":"\ud83d\n"},"e":{"name":"\ud83d\ud83d\ude00"}}}`, []string{
			"/by_name/a/name: is not valid UTF-8: \"\ufffd\"", "/by_name/b/name: is not valid UTF-8: \"\ufffd\ufffd\"", "/by_name/c/name: is not valid UTF-8: \"\ufffdx\"",
			"/by_name/d/name: is not valid UTF-8: \"\ufffd\\n\"", "/by_name/e/name: is not valid UTF-8: \"\ufffd😀\""}},
		"whole numbers": {`{"format":1.0,"small":1e1,"count":-1,"pair":[9223372036854775808,-0]}`, []string{
			`/format: must be a whole number without a fraction or an exponent, not 1.0`, `/small: must be a whole number without a fraction or an exponent, not 1e1`,
			`/count: -1 does not fit uint16`, `/pair/0: 9223372036854775808 does not fit int64`}},
		"floats": {`{"share":1e309,"half":3.5e38}`, []string{`/share: 1e309 does not fit float64`, `/half: 3.5e38 does not fit float32`}},
		"long numbers": {`{"share":0.` + strings.Repeat("1", 63) + `,"format":` + strings.Repeat("1", 65) + `,"amount":1` + strings.Repeat("0", 64) + `}`, []string{
			`/share: is a number of 65 bytes, over 64`, `/format: is a number of 65 bytes, over 64`, `/amount: is a number of 65 bytes, over 64`}},
		"decimals":          {`{"by_kind":{"outcome":"1,5"},"amount":""}`, []string{`/by_kind/outcome: "1,5" is not a decimal number, like -1250.75`, `/amount: "" is not a decimal number, like -1250.75`}},
		"long decimal":      {`{"amount":"` + strings.Repeat("1", 70) + `"}`, []string{`/amount: "` + strings.Repeat("1", 64) + `"... has over 64 bytes`}},
		"times":             {`{"at":"2026-02-29T00:00:00Z"}`, []string{`/at: "2026-02-29T00:00:00Z" is not a time as in RFC 3339, like 2026-01-31T08:00:00Z`}},
		"time with a comma": {`{"at":"2026-02-28T00:00:00,5Z"}`, []string{`/at: "2026-02-28T00:00:00,5Z" is not a time as in RFC 3339, like 2026-01-31T08:00:00Z`}},
		"hour of one digit": {`{"at":"2026-02-28T1:00:00Z"}`, []string{`/at: "2026-02-28T1:00:00Z" is not a time as in RFC 3339, like 2026-01-31T08:00:00Z`}},
		"hour and a digit":  {`{"at":"2026-02-28T1:00:000Z"}`, []string{`/at: "2026-02-28T1:00:000Z" is not a time as in RFC 3339, like 2026-01-31T08:00:00Z`}},
		"offset of a day":   {`{"at":"2026-02-28T00:00:00+24:00"}`, []string{`/at: "2026-02-28T00:00:00+24:00" is not a time as in RFC 3339, like 2026-01-31T08:00:00Z`}},
		"minutes of offset": {`{"at":"2026-02-28T00:00:00-01:60"}`, []string{`/at: "2026-02-28T00:00:00-01:60" is not a time as in RFC 3339, like 2026-01-31T08:00:00Z`}},
		"no offset":         {`{"at":"2026-02-28T00:00:00"}`, []string{`/at: "2026-02-28T00:00:00" is not a time as in RFC 3339, like 2026-01-31T08:00:00Z`}},
		"year 0":            {`{"at":"0001-01-01T00:00:00+01:00"}`, []string{`/at: "0001-01-01T00:00:00+01:00": year 0 is outside 1 to 9999`}},
		"bytes":             {`{"bytes":[1]}`, []string{`/bytes: can't be read into a []uint8`}},
		"pointer inside":    {`{"limit":7,"numbers":{"a":[true]}}`, []string{`/limit: must be an object, not a number`, `/numbers/a/0: must be a number, not a boolean`}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var c card
			if diff := cmp.Diff(tc.want, lines(strictjson.Decode([]byte(tc.doc), &c))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeRecord(t *testing.T) {
	const doc = `{"name":"a","later":[{"x":"]}\"\\"},[],{}],"groups":[{"more":1,"name":"g","also":null,"Aspect":"outcome"}],"share":"x"}`
	var got card
	problems := strictjson.DecodeRecord([]byte(doc), &got)
	want := []string{`/groups/0/Aspect: unknown key "Aspect": did you mean "aspect"?`, `/share: must be a number, not a string`}
	if diff := cmp.Diff(want, lines(problems)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(card{Name: "a", Groups: []group{{Name: "g"}}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestOutermost holds that UnmarshalJSON of the outermost value is not called, so that it can call Decode itself.
func TestOutermost(t *testing.T) {
	var p point
	if problems := strictjson.Decode([]byte(`{"X":1,"Y":2}`), &p); problems != nil || p != (point{1, 2}) {
		t.Errorf("got %v, %v", p, problems)
	}
	var a aspect
	if problems := strictjson.Decode([]byte(`"outcome"`), &a); problems != nil || a != "outcome" {
		t.Errorf("got %v, %v", a, problems)
	}
	var n int
	if problems := strictjson.Decode([]byte(` 7`), &n); problems != nil || n != 7 {
		t.Errorf("got %v, %v", n, problems)
	}
}

func TestIntoNothingUseful(t *testing.T) {
	var nowhere *card
	var fn func()
	var keys map[int]int
	var double struct {
		A int `json:"B"`
		B int
	}
	var inner struct {
		O opaque
		T time.Month
		I any
	}
	tests := map[string]struct {
		into any
		doc  string
		want []string
	}{
		"value":       {card{}, `{}`, []string{": can't be read into a strictjson_test.card, which is not a pointer"}},
		"nil":         {nil, `{}`, []string{": can't be read into a <nil>, which is not a pointer"}},
		"nil pointer": {nowhere, `{}`, []string{": can't be read into a *strictjson_test.card, which is not a pointer"}},
		"function":    {&fn, `{}`, []string{": can't be read into a func()"}},
		"map keys":    {&keys, `{}`, []string{": can't be read into a map[int]int"}},
		"bad tags":    {&double, `{}`, []string{`: can't be read: struct { A int "json:\"B\""; B int }: two fields have the name "B"`}},
		"inside":      {&inner, `{"O":{"x":1},"T":1,"I":1}`, []string{"/O: is opaque", "/I: can't be read into a interface {}"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, lines(strictjson.Decode([]byte(tc.doc), tc.into))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFormat(t *testing.T) {
	tests := map[string]struct {
		doc  string
		want int
		ok   bool
	}{
		"first":           {`{"format":2,"x":{"format":9}}`, 2, true},
		"last":            {` { "x" : [ "}\"" , {"format":9} ] , "f\u006frmat" : 3 } `, 3, true},
		"negative":        {`{"format":-1}`, -1, true},
		"absent":          {`{"Format":1}`, 0, false},
		"none":            {`{}`, 0, false},
		"twice":           {`{"format":1,"format":1}`, 0, false},
		"text":            {`{"format":"1"}`, 0, false},
		"fraction":        {`{"format":1.0}`, 0, false},
		"large":           {`{"format":2147483648}`, 0, false},
		"array":           {`[{"format":1}]`, 0, false},
		"not JSON":        {`{"format":1`, 0, false},
		"trailing":        {`{"format":1}1`, 0, false},
		"wrong elsewhere": {`{"format":4,"format2":null,"":` + "\"\xff\"}", 4, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got, ok := strictjson.Format([]byte(tc.doc)); got != tc.want || ok != tc.ok {
				t.Errorf("got %d, %v; want %d, %v", got, ok, tc.want, tc.ok)
			}
		})
	}
}
