package health

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/golden"
)

// TestGolden holds the bytes of random cards, scores and what follows from them to those that every platform and
// every later release must give: a release that changes a number raises Format.
func TestGolden(t *testing.T) {
	const groups, each = 16, 25
	var out bytes.Buffer
	for g := range uint64(groups) {
		sum := sha256.New()
		for i := range uint64(each) {
			r := newRand(1_000_000 + g*each + i)
			m, err := Compile(randomCard(r))
			if err != nil {
				t.Fatal(err)
			}
			in := randomInput(r, m)
			s, err := m.Score(in, noon)
			if err != nil {
				t.Fatal(err)
			}
			asked, err := m.Ask(in, noon)
			if err != nil {
				t.Fatal(err)
			}
			levers, err := m.Levers(in, noon, m.bands[r.IntN(len(m.bands))].Name)
			if err != nil {
				t.Fatal(err)
			}
			standing := m.Settle(Standing{Band: pick(r, "red", "green"), Since: noon.AddDate(0, 0, -9), AsOf: noon.AddDate(0, 0, -1)}, s)
			enc := json.NewEncoder(sum)
			for _, v := range []any{m.Scorecard(), s, asked, levers, standing} {
				if err := enc.Encode(v); err != nil {
					t.Fatal(err)
				}
			}
		}
		fmt.Fprintf(&out, "%d to %d: %x\n", g*each, g*each+each-1, sum.Sum(nil))
	}
	golden.Check(t, "testdata/random.sha256", out.Bytes())
}

// TestGoldenScore is one score as a host stores it.
func TestGoldenScore(t *testing.T) {
	m, err := Compile(Starter())
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int) Reading { return Reading{Value: float64(n), At: noon.AddDate(0, 0, -n)} }
	s, err := m.Score(Input{
		Account: "Žluťoučký & <kůň>", Since: noon.AddDate(-1, 0, 0),
		Readings: ReadingMap{
			"outcome_attainment": {Value: 0.7, At: noon.AddDate(0, 0, -120)},
			"adoption":           {Value: 0.55, At: noon.AddDate(0, 0, -3)},
			"nps":                day(7), "open_critical_tickets": day(3),
			"sponsor_contact": {State: Failed, Why: "calendar not connected"},
		},
		Overrides: []Override{{By: "kim", Reason: "renewed by phone", Kind: OverrideFloor, Points: 55, From: noon.AddDate(0, 0, -1), Until: noon.AddDate(0, 0, 30)}},
	}, noon)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/score.json", append(text, '\n'))
}

// TestWireForms: what is written in the place of a type with nulls has its fields, in their order and with their tags.
func TestWireForms(t *testing.T) {
	for _, c := range [][2]reflect.Type{
		{reflect.TypeFor[Score](), reflect.TypeFor[scoreJSON]()},
		{reflect.TypeFor[AspectScore](), reflect.TypeFor[aspectJSON]()},
		{reflect.TypeFor[Lever](), reflect.TypeFor[leverJSON]()},
		{reflect.TypeFor[Slope](), reflect.TypeFor[slopeJSON]()},
		{reflect.TypeFor[Rolled](), reflect.TypeFor[rolledJSON]()},
	} {
		own, wire := c[0], c[1]
		if own.NumField() != wire.NumField() {
			t.Fatalf("%v has %d fields, %v %d", own, own.NumField(), wire, wire.NumField())
		}
		for i := range own.NumField() {
			if a, b := own.Field(i), wire.Field(i); a.Name != b.Name || a.Tag != b.Tag {
				t.Errorf("%v has %s %s where %v has %s %s", own, a.Name, a.Tag, wire, b.Name, b.Tag)
			}
		}
	}
}

// FuzzScore reads cards and inputs from any bytes: no panic, the parts sum to the whole, and the bounds hold.
func FuzzScore(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed, 3.5, int64(seed)*1e12)
	}
	f.Fuzz(func(t *testing.T, seed uint64, value float64, age int64) {
		r := newRand(seed)
		m, err := Compile(randomCard(r))
		if err != nil {
			t.Fatal(err)
		}
		in := randomInput(r, m)
		readings := in.Readings.(ReadingMap)
		for _, name := range m.Measures() {
			if r.IntN(2) == 0 {
				readings[name] = Reading{Value: value, At: noon.Add(-time.Duration(age)), State: pick(r, "", Known, Failed)}
			}
		}
		s, err := m.Score(in, noon)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, p := range s.Parts {
			sum += p.Points
		}
		if sum != s.Computed || s.Value != s.Computed+s.Limited+s.Overridden || s.Known && (s.Value-s.Overridden < s.Low || s.Value-s.Overridden > s.High) {
			t.Fatalf("%+v", s)
		}
		if _, err := json.Marshal(s); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Levers(in, noon, "green"); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Ask(in, noon); err != nil {
			t.Fatal(err)
		}
	})
}
