package canon_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"
	"unicode/utf8"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// plainRow is what encoding/json and this package must write alike. Its slices and maps are never nil.
type plainRow struct {
	S  string             `json:"s"`
	F  float64            `json:"f"`
	G  float32            `json:"g,omitempty"`
	I  int64              `json:"i"`
	U  uint8              `json:"u,omitzero"`
	B  bool               `json:"b"`
	P  *int32             `json:"p"`
	L  []string           `json:"l"`
	M  map[string]float64 `json:"m"`
	R  []plainRow         `json:"r,omitempty"`
	no string             //lint:ignore U1000 an unexported field is left out
}

func same(t *testing.T, row plainRow) {
	t.Helper()
	want, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	got, err := canon.JSON(row)
	if err != nil || string(got) != string(want) {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
}

func TestLikeEncodingJSON(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	float := func() float64 {
		for {
			f := math.Float64frombits(rng.Uint64())
			if g := float32(f); f == f && !math.IsInf(float64(g), 0) {
				return f + 0
			}
			if rng.IntN(2) == 0 {
				return float64(rng.IntN(2000)-1000) / 8
			}
		}
	}
	text := func() string {
		runes := make([]rune, rng.IntN(8))
		for i := range runes {
			runes[i] = []rune{rng.Int32N(128), rng.Int32N(0xd800), 0x1f600 + rng.Int32N(50), 0x2028}[rng.IntN(4)]
		}
		return string(runes)
	}
	var row func(depth int) plainRow
	row = func(depth int) plainRow {
		n := rng.Int32()
		r := plainRow{S: text(), F: float(), G: float32(float()) + 0, I: rng.Int64() - rng.Int64(), U: uint8(rng.Uint32()),
			B: n%2 == 0, L: []string{text()}, M: map[string]float64{text(): float(), text(): 1, text(): float()}}
		if n%3 == 0 {
			r.P = &n
		}
		for range rng.IntN(2*depth + 1) {
			r.R = append(r.R, row(depth-1))
		}
		return r
	}
	for range 2000 {
		same(t, row(2))
	}
}

func FuzzCanon(f *testing.F) {
	f.Add("a", "b", 1.5, int64(7))
	f.Add("<>&\u2028\x00", "\xff", math.Copysign(0, -1), int64(math.MinInt64))
	f.Add("😀", "\ufffd", 1e21, int64(0))
	f.Add("", "\\\"", math.NaN(), int64(-1))
	f.Add("\x7f", "", 9.999999e-7, int64(1))
	f.Fuzz(func(t *testing.T, s, key string, x float64, n int64) {
		row := plainRow{S: s, F: x + 0, G: float32(n), I: n, L: []string{s, key}, M: map[string]float64{key: x + 0}}
		valid := utf8.ValidString(s) && utf8.ValidString(key)
		if finite := !math.IsNaN(x) && !math.IsInf(x, 0); !valid || !finite {
			if got, err := canon.JSON(row); err == nil {
				t.Fatalf("no error, and %s", got)
			}
			return
		}
		same(t, row)
	})
}

func BenchmarkJSON(b *testing.B) {
	row := plainRow{S: "acme", F: 0.1, I: 3, L: []string{"healthy", "at risk"}, M: map[string]float64{"a": 1, "b": 2}}
	for i := range 10 {
		row.R = append(row.R, plainRow{S: "usage/logins", F: float64(i) / 3, L: []string{}, M: map[string]float64{}})
	}
	b.Run("canon", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := canon.JSON(row); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(row); err != nil {
				b.Fatal(err)
			}
		}
	})
}
