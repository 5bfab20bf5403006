package strictjson_test

import (
	stdjson "encoding/json"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// TestRoundTrip writes random values in the canonical encoding and reads the same values back.
func TestRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	text := func() string {
		runes := make([]rune, rng.IntN(6))
		for i := range runes {
			runes[i] = []rune{rng.Int32N(128), rng.Int32N(0xd800), 0x1f600 + rng.Int32N(50)}[rng.IntN(3)]
		}
		return string(runes)
	}
	float := func() float64 {
		if f := math.Float64frombits(rng.Uint64()); f-f == 0 {
			return f + 0
		}
		return 1
	}
	money := func() decimal.Decimal { return decimal.New(rng.Int64()-rng.Int64(), rng.Int32N(37)-18) }
	measures := func() (ms []measure) {
		for range rng.IntN(3) {
			ms = append(ms, measure{Name: text(), Weight: float(), Fresh: length(rng.Int64N(1<<50)) * 1000, Curve: []point{{1, 2}}})
		}
		return ms
	}
	var groups func(depth int) []group
	groups = func(depth int) (gs []group) {
		for range rng.IntN(2*depth + 1) {
			gs = append(gs, group{Name: text(), Aspect: []aspect{"", "outcome"}[rng.IntN(2)], Measures: measures(), Groups: groups(depth - 1)})
		}
		return gs
	}
	for range 1000 {
		n, x := rng.Uint64(), float()
		want := card{
			Format: int(int32(n)), Name: text(), Groups: groups(2), At: instant.FromMicros(rng.Int64N(1 << 57)), Amount: money(),
			Limit: &measure{Name: text()}, Open: n%2 == 0, Small: int8(n), Count: uint16(n), Half: float32(n), Share: float(),
			Pair: [2]int64{int64(n)}, ByName: map[string]measure{text(): {}, text(): {Name: text()}},
			ByKind: map[aspect]decimal.Decimal{"outcome": money()}, Numbers: map[string][]*float64{text(): {nil, &x}},
		}
		data, err := canon.JSON(want)
		if err != nil {
			t.Fatal(err)
		}
		var got card
		if problems := strictjson.Decode(data, &got); problems != nil {
			t.Fatalf("%s\n%v", data, problems)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s\n(-want +got):\n%s", data, diff)
		}
	}
}

// FuzzDecode holds that what is accepted means what encoding/json takes it for, and survives being written and read.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"name":"a","format":1}`, `{"groups":[{"aspect":"outcome","measures":[{"fresh":"90d","curve":[[1,2]]}]},{}]}`,
		`{"at":"2026-01-31T08:00:00.1234567+02:00","amount":"12.50","limit":null}`, `{"amount":1e3,"share":-0,"half":0.1}`,
		`{"by_name":{"":{},"a/b":{}},"by_kind":{"outcome":1},"numbers":{"n":[1,null]},"pair":[1,2]}`,
		`{"name":"\ud83d","Name":1,"x":[{"y":"\\"}],"share":1e999}`, `[`, `{"groups":`, `{"small":-129,"count":1.5,"open":0}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var tolerant card
		_ = strictjson.DecodeRecord(data, &tolerant)
		strictjson.Format(data)
		var got, std, again card
		if problems := strictjson.Decode(data, &got); problems != nil {
			return
		}
		if err := stdjson.Unmarshal(data, &std); err != nil {
			t.Fatalf("encoding/json refuses what was accepted: %v", err)
		}
		text, err := canon.JSON(got)
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]card{"encoding/json": std, "record": tolerant} {
			if other, err := canon.JSON(c); err != nil || string(other) != string(text) {
				t.Fatalf("%s: %s, %v\nstrict: %s", name, other, err, text)
			}
		}
		if problems := strictjson.Decode(text, &again); problems != nil {
			t.Fatalf("%s\n%v", text, problems)
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Fatalf("(-first +second):\n%s", diff)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	c := card{Format: 1, Name: "card", At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Amount: decimal.New(125, -1)}
	for range 10 {
		c.Groups = append(c.Groups, group{Name: "usage", Measures: []measure{
			{Name: "logins", Weight: 0.25, Fresh: length(span90d), Curve: []point{{0, 1}, {2, 3}}}, {Name: "seats"}}})
	}
	data, err := canon.JSON(c)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("strict", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			var got card
			if problems := strictjson.Decode(data, &got); problems != nil {
				b.Fatal(problems)
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			var got card
			if err := stdjson.Unmarshal(data, &got); err != nil {
				b.Fatal(err)
			}
		}
	})
}

const span90d = 90 * 24 * time.Hour
