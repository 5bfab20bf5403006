package pace_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
)

func encoded(t testing.TB, s *pace.Sample) []byte {
	t.Helper()
	b, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestMerge: parts in any order and grouping are the whole, to the byte, and estimate the same.
func TestMerge(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, step := range []journey.Duration{journey.Duration(1000), journey.Day} {
		list := random(r, 3000)
		list = append(list, stay(0, "open"), stay(7, ""))
		whole, _ := pace.NewSample(step)
		parts := make([]*pace.Sample, 5)
		for i := range parts {
			parts[i], _ = pace.NewSample(step)
		}
		for i, s := range list {
			if err := errors.Join(whole.Add(s), parts[i*i%5].Add(s)); err != nil {
				t.Fatal(err)
			}
		}
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		if err := errors.Join(parts[3].Merge(parts[4]), parts[0].Merge(parts[1]), parts[0].Merge(parts[3]), parts[2].Merge(parts[0])); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(encoded(t, whole), encoded(t, parts[2])) || parts[2].N() != len(list) {
			t.Errorf("step %v: parts don't make the whole", step)
		}
		var read pace.Sample
		if err := read.UnmarshalBinary(encoded(t, whole)); err != nil {
			t.Fatal(err)
		}
		a, err1 := whole.Estimate(pace.Options{})
		b, err2 := read.Estimate(pace.Options{})
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if diff := cmp.Diff(a.Dwell(), b.Dwell()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for _, kind := range a.Kinds() {
			x, _ := a.Ended(kind, 30)
			if y, ok := b.Ended(kind, 30); !ok || x != y {
				t.Errorf("%q: %+v, %+v", kind, x, y)
			}
		}
	}
	whole, _ := pace.NewSample(journey.Day)
	if err := whole.Merge(sample(t, stay(1, ""))); err == nil || whole.N() != 0 {
		t.Errorf("%v: another step is merged", err)
	}
}

// TestMostEnds: a sample tells a hundred ends apart, and refuses more without a change.
func TestMostEnds(t *testing.T) {
	var s pace.Sample
	var list []pace.Stay
	for i := range 101 {
		list = append(list, stay(1, journey.MoveKind(fmt.Sprint(i))))
	}
	if err := s.Add(list...); err == nil || s.N() != 0 {
		t.Errorf("%v", err)
	}
	if err := s.Add(list[1:]...); err != nil || s.N() != 100 {
		t.Errorf("%v", err)
	}
	before := encoded(t, &s)
	if err := s.Merge(sample(t, list[0])); err == nil || !bytes.Equal(before, encoded(t, &s)) {
		t.Errorf("%v", err)
	}
	if _, err := s.Estimate(pace.Options{}); err != nil {
		t.Error(err)
	}
}

func TestNewerFormat(t *testing.T) {
	s := sample(t, stay(3, journey.Leave))
	b := encoded(t, s)
	b[0]++
	if err := s.UnmarshalBinary(b); !errors.Is(err, pace.ErrFormat) || s.N() != 1 {
		t.Errorf("%v", err)
	}
}

// FuzzSample: what is read is written again to the byte, and can be estimated.
func FuzzSample(f *testing.F) {
	r := rand.New(rand.NewPCG(11, 12))
	for n := range 8 {
		b := encoded(f, sample(f, random(r, n*n)...))
		f.Add(b)
		f.Add(b[:len(b)/2])
		if len(b) > 8 {
			b = bytes.Clone(b)
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
			f.Add(b)
		}
	}
	f.Add([]byte{})
	f.Add([]byte{2})
	f.Fuzz(func(t *testing.T, data []byte) {
		var s pace.Sample
		if err := s.UnmarshalBinary(data); err != nil {
			if s.N() != 0 {
				t.Error("changed by what it can't read")
			}
			return
		}
		if !bytes.Equal(encoded(t, &s), data) {
			t.Error("written otherwise than read")
		}
		if s.N() > 10_000 {
			return
		}
		c, err := s.Estimate(pace.Options{AtRisk: 1})
		if err != nil {
			t.Fatal(err)
		}
		c.Dwell()
	})
}
