package canon_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/shopspring/decimal"
)

var errBad = errors.New("level is bad")

type level string

// MarshalText has a pointer receiver, which encoding/json calls only where the value has an address.
func (l *level) MarshalText() ([]byte, error) {
	if *l == "bad" {
		return nil, errBad
	}
	return []byte("level:" + string(*l)), nil
}

// score encodes itself: an unknown value is null.
type score struct {
	Known bool    `json:"-"`
	Value float64 `json:"value"`
	Note  string  `json:"note"`
}

func (s score) MarshalJSON() ([]byte, error) {
	type plain struct {
		Value *float64 `json:"value"`
		Note  string   `json:"note"`
	}
	p := plain{Note: s.Note}
	if s.Known {
		p.Value = &s.Value
	}
	return canon.JSON(p)
}

type spaced struct{}

func (spaced) MarshalJSON() ([]byte, error) { return []byte("{ \"a\" : [ 1 , \"<&>\u2028\" ] }"), nil }

type broken struct{}

func (broken) MarshalJSON() ([]byte, error) { return []byte("{"), nil }

type tree struct {
	Name  string `json:"name"`
	Trees []tree `json:"trees,omitempty"`
}

// record follows the idiom of the package comment.
type record struct {
	Version int64           `json:"version"`
	At      time.Time       `json:"at"`
	Amount  decimal.Decimal `json:"amount"`
	Score   *score          `json:"score,omitempty"`
	Shares  map[string]int  `json:"shares"`
	Parts   []tree          `json:"parts"`
	Text    string          `json:"text"`
}

func (r record) MarshalJSON() ([]byte, error) {
	type plain record
	return canon.JSON(plain(r))
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// pair wraps a value so that it is not the outermost.
type pair[T any] struct{ V T }

func TestJSON(t *testing.T) {
	seven := 7
	var nowhere *int
	at := time.Date(2026, 1, 31, 8, 0, 0, 1999, time.FixedZone("", 2*3600))
	tests := map[string]struct {
		in   any
		want string
	}{
		"field order and tags": {struct {
			B      int    `json:"b"`
			A      int    `json:"a"`
			Plain  bool   //
			Hidden int    `json:"-"`
			Dash   int    `json:"-,"` //lint:ignore SA5008 a field named "-" is what is tried
			No     string `json:"no,omitempty"`
			Zero   int    `json:"zero,omitzero"`
			Kept   int    `json:"kept,omitempty"`
			lower  int
		}{B: 1, A: 2, Hidden: 3, Dash: 4, Kept: 5, lower: 6}, `{"b":1,"a":2,"Plain":false,"-":4,"kept":5}`},
		"no fields": {struct{}{}, `{}`},
		"omitted times": {struct {
			A, B time.Time `json:",omitzero"`
		}{}, `{}`},
		"omitted minus zero": {struct {
			A float64 `json:"a,omitempty"`
			B float64 `json:"b,omitzero"`
		}{math.Copysign(0, -1), math.Copysign(0, -1)}, `{}`},
		"omitted pointer to zero time": {struct {
			A *time.Time `json:"a,omitzero"`
			B *time.Time `json:"b,omitempty"`
		}{new(time.Time), new(time.Time)}, `{"b":"0001-01-01T00:00:00.000000Z"}`},
		"nil is empty": {struct {
			A []int
			B map[string]int
			C *int
		}{}, `{"A":[],"B":{},"C":null}`},
		"pointers":             {pair[[]*int]{[]*int{&seven, nowhere}}, `{"V":[7,null]}`},
		"pointer outside":      {&seven, `7`},
		"nil pointer outside":  {nowhere, `null`},
		"array":                {[2]bool{true, false}, `[true,false]`},
		"sorted by bytes":      {map[string]int{"b": 1, "a": 2, "B": 3, "é": 4, "": 5}, `{"":5,"B":3,"a":2,"b":1,"é":4}`},
		"named map keys":       {map[level]int{"x": 1}, `{"x":1}`},
		"integers":             {[]int64{math.MinInt64, 0, math.MaxInt64}, `[-9223372036854775808,0,9223372036854775807]`},
		"unsigned":             {[]uint64{math.MaxUint64}, `[18446744073709551615]`},
		"duration is a number": {time.Second, `1000000000`},
		"floats": {[]float64{math.Copysign(0, -1), 0.1, 1e21, 1e20, 1e-6, 9.9e-7, -1e-10, math.MaxFloat64, 5e-324, 100},
			`[0,0.1,1e+21,100000000000000000000,0.000001,9.9e-7,-1e-10,1.7976931348623157e+308,5e-324,100]`},
		"float32":       {[]float32{0.1, 1e-7, 3.4028235e38}, `[0.1,1e-7,3.4028235e+38]`},
		"escapes":       {"\"\\/\b\f\n\r\t\x00\x1f\x7f<>&\u2028\u2029é😀", `"\"\\/\b\f\n\r\t\u0000\u001f` + "\x7f" + `\u003c\u003e\u0026\u2028\u2029é😀"`},
		"time":          {at, `"2026-01-31T06:00:00.000001Z"`},
		"zero time":     {time.Time{}, `"0001-01-01T00:00:00.000000Z"`},
		"before 1970":   {time.Unix(-1, 999_999_999), `"1969-12-31T23:59:59.999999Z"`},
		"decimals":      {[]decimal.Decimal{dec("1.10"), dec("1.1"), dec("-0.0050"), dec("1e3"), dec("0.00"), dec("-0"), {}}, `["1.1","1.1","-0.005","1000","0","0","0"]`},
		"text methods":  {pair[level]{"a<"}, `{"V":"level:a\u003c"}`},
		"text outside":  {level("x"), `"level:x"`},
		"text in a map": {map[string]level{"k": "x"}, `{"k":"level:x"}`},
		"json methods":  {[]score{{Known: true, Value: 3}, {Note: "n"}}, `[{"value":3,"note":""},{"value":null,"note":"n"}]`},
		"json outside":  {score{Value: 3}, `{"value":3,"note":""}`},
		"compacted":     {[]spaced{{}}, `[{"a":[1,"\u003c\u0026\u003e\u2028"]}]`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := canon.JSON(tc.in)
			if err != nil || string(got) != tc.want {
				t.Errorf("got %s, %v\nwant %s", got, err, tc.want)
			}
		})
	}
}

func TestErrorsNameThePlace(t *testing.T) {
	type group struct {
		Weight float64 `json:"weight"`
		Inner  []group `json:"inner,omitempty"`
	}
	loop := tree{Trees: make([]tree, 1)}
	loop.Trees[0] = loop
	loop.Trees[0].Trees = loop.Trees
	tests := map[string]struct {
		in   any
		want string
	}{
		"NaN deep inside":  {pair[[]group]{[]group{{}, {Inner: []group{{Weight: math.NaN()}}}}}, "canon: /V/1/inner/0/weight: NaN has no canonical encoding"},
		"infinity":         {math.Inf(-1), "canon: -Inf has no canonical encoding"},
		"text":             {map[string]string{"a/b": "\xff"}, "canon: /a~1b: text is not valid UTF-8"},
		"key":              {map[string]int{"\xff": 1}, "canon: /\xff: text is not valid UTF-8"},
		"nil":              {nil, "canon: is nil"},
		"interface":        {pair[any]{1}, "canon: /V: a value of type interface {} has no canonical encoding"},
		"function":         {pair[func()]{}, "canon: /V: a value of type func() has no canonical encoding"},
		"channel":          {make(chan int), "canon: a value of type chan int has no canonical encoding"},
		"bytes":            {pair[[]byte]{}, "canon: /V: a value of type []uint8 has no canonical encoding"},
		"array of bytes":   {[1]byte{}, "canon: a value of type [1]uint8 has no canonical encoding"},
		"keys":             {map[int]int{}, "canon: a map with keys of type int has no canonical encoding"},
		"year":             {pair[time.Time]{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, "canon: /V: year 10000 is outside 1 to 9999"},
		"decimal":          {pair[decimal.Decimal]{decimal.New(1, 1_000_000_000)}, "canon: /V: decimal has the exponent 1000000000, outside -18 to 18"},
		"method":           {pair[level]{"bad"}, "canon: /V: level is bad"},
		"not JSON":         {pair[broken]{}, "canon: /V: unexpected end of JSON input"},
		"place in methods": {pair[score]{score{Known: true, Value: math.NaN()}}, "canon: /V/value: NaN has no canonical encoding"},
		"embedded":         {struct{ tree }{}, "embedded field tree has no name"},
		"two of one name": {struct {
			A int `json:"B"`
			B int
		}{}, `two fields have the name "B"`},
		"option string": {struct {
			A int `json:",string"`
		}{}, `field A has the option "string"`},
		"contains itself": {loop, "is nested deeper than 1000"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := canon.Append([]byte("kept"), tc.in)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %.100s, %v; want an error with %q", got, err, tc.want)
			}
			if name == "method" && !errors.Is(err, errBad) {
				t.Errorf("%v does not wrap the method's error", err)
			}
			if string(got) != "kept" {
				t.Errorf("dst came back as %q", got)
			}
		})
	}
}

// TestMarshalIdiom holds the promise of the package comment: json.Marshal of a type that uses the idiom changes nothing.
func TestMarshalIdiom(t *testing.T) {
	r := record{
		Version: 2, At: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Amount: dec("12.50"), Score: &score{Note: "<b>"},
		Shares: map[string]int{"b&b": 1, "a": 2}, Parts: []tree{{Name: "\u2028"}}, Text: "é<",
	}
	type plain record
	want, err := canon.JSON(plain(r))
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]any{"value": r, "pointer": &r, "inside": [1]record{r}} {
		got, err := json.Marshal(in)
		if name == "inside" {
			got = got[1 : len(got)-1]
		}
		if err != nil || string(got) != string(want) {
			t.Errorf("%s: got %s, %v\nwant %s", name, got, err, want)
		}
	}
	if got, err := canon.JSON(r); err != nil || string(got) != string(want) {
		t.Errorf("canon.JSON of the type itself: got %s, %v\nwant %s", got, err, want)
	}
}

// TestSettableVariables shows that what a host sets in the decimal package does not change the bytes.
func TestSettableVariables(t *testing.T) {
	defer func(a, b, c bool) {
		decimal.MarshalJSONWithoutQuotes, decimal.TrimTrailingZeros, decimal.UseScientificNotation = a, b, c
	}(decimal.MarshalJSONWithoutQuotes, decimal.TrimTrailingZeros, decimal.UseScientificNotation)
	in := []decimal.Decimal{dec("1.10"), dec("12e5")}
	want, err := canon.JSON(in)
	if err != nil {
		t.Fatal(err)
	}
	decimal.MarshalJSONWithoutQuotes, decimal.TrimTrailingZeros, decimal.UseScientificNotation = true, false, true
	got, err := canon.JSON(in)
	if err != nil || string(got) != string(want) {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}

func TestDigest(t *testing.T) {
	got, err := canon.Digest(tree{Name: "root"})
	if want := sha256.Sum256([]byte(`{"name":"root"}`)); err != nil || got != want {
		t.Errorf("got %x, %v; want %x", got, err, want)
	}
	if _, err := canon.Digest(math.NaN()); err == nil {
		t.Error("NaN has a digest")
	}
}
