package mining_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/mining"
)

// filled are encodings that have something in every place.
func filled(t testing.TB) (graph, profile string) {
	o := mining.Options{Ending: mining.Ending{Activities: []string{"c"}, Quiet: journey.Day, AsOf: begin.AddDate(0, 0, 1)}, Medians: true, Once: true}
	g := newGraph(t, o)
	var p mining.Profile
	for _, j := range []mining.Journey{of("1", "abab"), of("2", "abc"), of("3", "a")} {
		if err := errors.Join(g.Add(j), p.Add(j)); err != nil {
			t.Fatal(err)
		}
	}
	return encoded(t, g), encoded(t, &p)
}

// Whatever byte is changed, cut off or added: what is still read encodes to the same bytes and adds up.
func TestDecodeRefuses(t *testing.T) {
	graph, profile := filled(t)
	var g mining.Graph
	var p mining.Profile
	if g.UnmarshalBinary([]byte(graph)) != nil || p.UnmarshalBinary([]byte(profile)) != nil {
		t.Fatal("can't be read")
	}
	for i := range graph {
		if new(mining.Graph).UnmarshalBinary([]byte(graph[:i])) == nil {
			t.Errorf("the first %d bytes are a graph", i)
		}
	}
	for i := range profile {
		if new(mining.Profile).UnmarshalBinary([]byte(profile[:i])) == nil {
			t.Errorf("the first %d bytes are a profile", i)
		}
	}
	if g.UnmarshalBinary([]byte(graph+"\x00")) == nil || p.UnmarshalBinary([]byte(profile+"\x00")) == nil || g.UnmarshalBinary([]byte(profile)) == nil || p.UnmarshalBinary([]byte(graph)) == nil {
		t.Error("a byte too many, or another kind, is read")
	}
	if err := g.UnmarshalBinary([]byte("G\x02")); !errors.Is(err, mining.ErrFormat) || err.Error() != "mining: decode graph: format 2: unknown format" {
		t.Error(err)
	}
	if err := p.UnmarshalBinary([]byte("P\x02")); !errors.Is(err, mining.ErrFormat) {
		t.Error(err)
	}
	if encoded(t, &g) != graph || encoded(t, &p) != profile {
		t.Error("a refused encoding has changed what was there")
	}
	read := 0
	code := []byte(graph)
	for i := range code {
		for bit := range 8 {
			code[i] ^= 1 << bit
			var x mining.Graph
			if x.UnmarshalBinary(code) == nil {
				read++
				if !bytes.Equal([]byte(encoded(t, &x)), code) {
					t.Fatalf("byte %d, bit %d: comes back with other bytes", i, bit)
				}
			}
			code[i] ^= 1 << bit
		}
	}
	if read == 0 {
		t.Error("no change was read: nothing is tested")
	}
}

func FuzzGraph(f *testing.F) {
	graph, _ := filled(f)
	f.Add([]byte(graph))
	f.Add([]byte(encoded(f, new(mining.Graph))))
	f.Fuzz(func(t *testing.T, code []byte) {
		var g mining.Graph
		if g.UnmarshalBinary(code) != nil {
			return
		}
		if encoded(t, &g) != string(code) {
			t.Fatal("comes back with other bytes")
		}
		g.Summary()
		g.Bottlenecks()
		g.Dependencies(0.1)
		if c, err := g.Chain(); err == nil {
			_, _ = c.Absorption()
		}
		if d, err := g.Draft(mining.DraftOptions{Name: "x"}); err == nil {
			if _, err := journey.Compile(d.Map); err != nil {
				t.Error(err)
			}
		}
		var again mining.Graph
		if err := again.UnmarshalBinary(code); err != nil {
			t.Fatal(err)
		}
		if err := g.Merge(&again); err == nil {
			if err := again.UnmarshalBinary([]byte(encoded(t, &g))); err != nil {
				t.Fatalf("a merged graph can't be read: %v", err)
			}
		}
	})
}

func FuzzProfile(f *testing.F) {
	_, profile := filled(f)
	f.Add([]byte(profile))
	f.Fuzz(func(t *testing.T, code []byte) {
		var p mining.Profile
		if p.UnmarshalBinary(code) != nil {
			return
		}
		if encoded(t, &p) != string(code) {
			t.Fatal("comes back with other bytes")
		}
		p.Gaps()
	})
}

// FuzzAlign lays any path along a map with a way round, and holds it to be an alignment.
func FuzzAlign(f *testing.F) {
	f.Add("abcabd", uint8(3), true)
	f.Add("zzzz", uint8(0), false)
	f.Fuzz(func(t *testing.T, path string, costs uint8, ended bool) {
		if len(path) == 0 || len(path) > 50 {
			return
		}
		w := &twin{costs: mining.Costs{Extra: 1 + int64(costs%4), Missing: 1 + int64(costs/4%4), Instead: int64(costs / 16 % 4)},
			labels: map[string]string{"a": "a", "b": "b", "c": "c", "d": "d"}, next: map[string]string{"": "a", "a": "b", "b": "cd", "c": "ab", "d": ""}, ends: "d"}
		letters := ""
		for i := range len(path) {
			letters += string("abcdx"[int(path[i])%5])
		}
		x, err := aligner(t, mapOf(t, "abcd", "ab", "bc", "bd", "ca", "cb"), mining.AlignOptions{Ending: mining.Ending{All: ended}, Costs: w.costs}).Align(of("acme", letters))
		if err != nil {
			t.Fatal(err)
		}
		w.hold(t, x, letters, ended)
		if !(x.Fitness >= 0 && x.Fitness <= 1) || x.Cost > x.Worst {
			t.Errorf("fitness %v", x.Fitness)
		}
	})
}
