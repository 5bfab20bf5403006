package layout_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/layout"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"
)

type byValue string

func (byValue) MarshalText() ([]byte, error) { return nil, nil }

type byPointer string

func (*byPointer) MarshalText() ([]byte, error) { return nil, nil }
func (*byPointer) UnmarshalText([]byte) error   { return nil }

type both string

func (both) MarshalJSON() ([]byte, error) { return nil, nil }
func (both) MarshalText() ([]byte, error) { return nil, nil }
func (*both) UnmarshalJSON([]byte) error  { return nil }
func (*both) UnmarshalText([]byte) error  { return nil }

type even int

func (e even) IsZero() bool { return e%2 == 0 }

type odd int

func (o *odd) IsZero() bool { return *o%2 == 1 }

func TestForms(t *testing.T) {
	for name, tc := range map[string]struct {
		t              reflect.Type
		encode, decode layout.Form
	}{
		"string":           {reflect.TypeFor[string](), layout.Plain, layout.Plain},
		"named":            {reflect.TypeFor[even](), layout.Plain, layout.Plain},
		"time":             {reflect.TypeFor[time.Time](), layout.Time, layout.Time},
		"decimal":          {reflect.TypeFor[decimal.Decimal](), layout.Decimal, layout.Decimal},
		"value receiver":   {reflect.TypeFor[byValue](), layout.Text, layout.Plain},
		"pointer receiver": {reflect.TypeFor[byPointer](), layout.Text, layout.Text},
		"JSON over text":   {reflect.TypeFor[both](), layout.JSON, layout.JSON},
		"pointer":          {reflect.TypeFor[*byPointer](), layout.Plain, layout.Plain},
		"interface":        {reflect.TypeFor[json.Marshaler](), layout.Plain, layout.Plain},
	} {
		if e, d := layout.Encoding(tc.t), layout.Decoding(tc.t); e != tc.encode || d != tc.decode {
			t.Errorf("%s: got %d and %d, want %d and %d", name, e, d, tc.encode, tc.decode)
		}
	}
}

type row struct {
	A      int       `json:"a"`
	Plain  byPointer //
	hidden int       //lint:ignore U1000 an unexported field is left out
	Skip   int       `json:"-"`
	Empty  []int     `json:"empty,omitempty"`
	Zero   time.Time `json:",omitzero"`
	Inner  `json:"inner"`
}

type Inner struct{ X int }

func TestOf(t *testing.T) {
	c := layout.Cache{Form: layout.Encoding}
	s, err := c.Of(reflect.TypeFor[row]())
	if err != nil {
		t.Fatal(err)
	}
	want := []layout.Field{
		{Name: "a", Index: 0},
		{Name: "Plain", Index: 1, Form: layout.Text},
		{Name: "empty", Index: 4, OmitEmpty: true},
		{Name: "Zero", Index: 5, Form: layout.Time, OmitZero: true},
		{Name: "inner", Index: 6},
	}
	if diff := cmp.Diff(want, s.Fields, cmpopts.IgnoreUnexported(layout.Field{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a", "Plain", "empty", "Zero", "inner"}, s.Names()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	for next := range 7 {
		if i, ok := s.Find("empty", next); !ok || i != 2 {
			t.Errorf("from %d: found %d, %v", next, i, ok)
		}
	}
	if _, ok := s.Find("Skip", 0); ok {
		t.Error("found what has no name")
	}
	if again, err := c.Of(reflect.TypeFor[row]()); err != nil || again != s {
		t.Errorf("the cache made %p after %p, %v", again, s, err)
	}
}

func TestRefused(t *testing.T) {
	for want, v := range map[string]any{
		"embedded field Inner has no name": struct{ Inner }{},
		"embedded field row has no name": struct {
			row `json:"x"`
		}{},
		`two fields have the name "B"`: struct {
			A int `json:"B"`
			B int
		}{},
		`field A has the option "string"`: struct {
			A int `json:"a,omitempty,string"`
		}{},
	} {
		c := layout.Cache{Form: layout.Decoding}
		if _, err := c.Of(reflect.TypeOf(v)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}

// TestOmitted compares with what encoding/json leaves out.
func TestOmitted(t *testing.T) {
	one, zero, three, four := 1, 0, odd(3), even(4)
	type fields struct {
		I, J   int            `json:",omitempty"`
		S      string         `json:",omitempty"`
		B      bool           `json:",omitempty"`
		F      float64        `json:",omitempty"`
		P, Q   *int           `json:",omitempty"`
		L      []int          `json:",omitempty"`
		M      map[string]int `json:",omitempty"`
		A      [0]int         `json:",omitempty"`
		St     Inner          `json:",omitempty"`
		Zi     int            `json:",omitzero"`
		Zs     Inner          `json:",omitzero"`
		Zl     []int          `json:",omitzero"`
		Zt, Zu time.Time      `json:",omitzero"`
		E, G   even           `json:",omitzero"`
		O, R   odd            `json:",omitzero"`
		Po, Pn *odd           `json:",omitzero"`
		Pe     *even          `json:",omitzero"`
		Both   []int          `json:",omitempty,omitzero"`
		Never  int
	}
	for name, v := range map[string]fields{
		"zero": {},
		"set": {I: 1, S: "s", B: true, F: 0.5, P: &one, Q: &zero, L: []int{0}, M: map[string]int{"": 0}, St: Inner{1}, Zi: 1, Zs: Inner{1},
			Zl: []int{}, Zu: time.Time{}.In(time.FixedZone("", 60)), E: 3, G: 2, O: 3, R: 2, Po: &three, Pe: &four, Both: []int{}},
	} {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var written map[string]json.RawMessage
		if err := json.Unmarshal(data, &written); err != nil {
			t.Fatal(err)
		}
		c := layout.Cache{Form: layout.Encoding}
		s, err := c.Of(reflect.TypeFor[fields]())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range s.Fields {
			_, want := written[f.Name]
			if got := !f.Omitted(reflect.ValueOf(v).Field(f.Index)); got != want {
				t.Errorf("%s: %s is written: %v, by encoding/json: %v", name, f.Name, got, want)
			}
		}
	}
	// A float of -0, which encoding/json writes, is left out as 0 is.
	type floats struct {
		A float64 `json:",omitempty"`
		B float64 `json:",omitzero"`
	}
	c := layout.Cache{Form: layout.Encoding}
	s, err := c.Of(reflect.TypeFor[floats]())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range s.Fields {
		if !f.Omitted(reflect.ValueOf(math.Copysign(0, -1))) {
			t.Errorf("%s keeps -0", f.Name)
		}
	}
}

func TestAddressed(t *testing.T) {
	v := 1
	if p := layout.Addressed(reflect.ValueOf(&v).Elem()).Interface().(*int); p != &v {
		t.Error("a value with an address was copied")
	}
	if p := layout.Addressed(reflect.ValueOf(v)).Interface().(*int); p == &v || *p != 1 {
		t.Errorf("the copy is %d", *p)
	}
}
