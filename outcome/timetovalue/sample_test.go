package timetovalue_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/outcome/timetovalue"
)

// mixed are random cases of every kind: with a late watch, ended on its first day, pending, with a value or gone.
func mixed(r *rand.Rand, n int) []timetovalue.Case {
	list := cohort(r, n, 20)
	for i := range list {
		c := &list[i]
		end := c.Seen.Sub(start)
		switch {
		case !c.Value.IsZero():
			end = c.Value.Sub(start)
		case !c.Left.IsZero():
			end = c.Left.Sub(start)
		default:
			c.Pending = r.IntN(2) == 0
		}
		switch r.IntN(8) {
		case 0:
			c.Watched = start.Add(end / 2)
		case 1:
			c.Watched = start.Add(end)
		}
	}
	return list
}

func sample(t testing.TB, list ...timetovalue.Case) *timetovalue.Sample {
	t.Helper()
	var s timetovalue.Sample
	if err := s.Add(list...); err != nil {
		t.Fatal(err)
	}
	return &s
}

func encoded(t testing.TB, s *timetovalue.Sample) []byte {
	t.Helper()
	b, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestMerge: parts in any order and grouping, sent as bytes or not, are the whole, to the byte, and what is read from them
// is what the cases give.
func TestMerge(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 20 {
		list, before := mixed(r, r.IntN(3000)), mixed(r, 50)
		whole := sample(t, list...)
		parts := make([]*timetovalue.Sample, 2+r.IntN(5))
		for i := range parts {
			parts[i] = new(timetovalue.Sample)
		}
		for _, i := range r.Perm(len(list)) {
			if err := parts[r.IntN(len(parts))].Add(list[i]); err != nil {
				t.Fatal(err)
			}
		}
		for len(parts) > 1 {
			i, j := r.IntN(len(parts)), r.IntN(len(parts)-1)
			if j >= i {
				j++
			}
			part := parts[j]
			if r.IntN(2) == 0 {
				part = new(timetovalue.Sample)
				if err := part.UnmarshalBinary(encoded(t, parts[j])); err != nil {
					t.Fatal(err)
				}
			}
			if err := parts[i].Merge(part); err != nil {
				t.Fatal(err)
			}
			parts = slices.Delete(parts, j, j+1)
		}
		if !bytes.Equal(encoded(t, whole), encoded(t, parts[0])) || parts[0].N() != len(list) {
			t.Fatalf("parts of %d cases don't make the whole", len(list))
		}
		want, err := timetovalue.Estimate(list)
		if err != nil {
			t.Fatal(err)
		}
		got, err := parts[0].Estimate()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("incidence (-cases +sample):\n%s", diff)
		}
		o := timetovalue.Options{Resamples: 100, Seed: r.Uint64()}
		c, err := timetovalue.CompareSamples(sample(t, before...), parts[0], o)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(compare(t, before, list, o), c); diff != "" {
			t.Errorf("comparison (-cases +samples):\n%s", diff)
		}
	}
	s := sample(t, mixed(r, 10)...)
	if err := s.Merge(s); err != nil || s.N() != 20 {
		t.Errorf("merged with itself: %d cases, %v", s.N(), err)
	}
}

// TestEstimateTwin counts the steps by looking at each case for each day.
func TestEstimateTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for range 20 {
		list := mixed(r, 200)
		in, err := sample(t, list...).Estimate()
		if err != nil {
			t.Fatal(err)
		}
		var got, want []string
		for _, s := range in.Steps {
			got = append(got, fmt.Sprint(s.Day, s.AtRisk, s.Arrived, s.Gone, s.Censored))
		}
		unwatched, unverified := 0, 0
		for day := range 200 {
			var atRisk int
			var ended [3]int
			for _, c := range list {
				key := inDays(c)
				if key[2] > 0 && key[2] == key[0] {
					continue
				}
				if key[0] >= day && key[2] < max(day, 1) {
					atRisk++
				}
				if key[0] == day {
					ended[key[1]]++
				}
			}
			if ended != [3]int{} {
				want = append(want, fmt.Sprint(float64(day), atRisk, ended[1], ended[2], ended[0]))
			}
		}
		for _, c := range list {
			if key := inDays(c); key[2] > 0 && key[2] == key[0] {
				unwatched++
			}
			if c.Pending {
				unverified++
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || in.Unwatched != unwatched || in.Unverified != unverified {
			t.Fatalf("%d unwatched, want %d; %d unverified, want %d; steps (-want +got):\n%s", in.Unwatched, unwatched, in.Unverified, unverified, diff)
		}
	}
}

// TestSampleRefuses: what is wrong adds nothing.
func TestSampleRefuses(t *testing.T) {
	list := cases([]int{3, 5}, nil, nil)
	s := sample(t, list...)
	before := encoded(t, s)
	var bad *timetovalue.DataError
	wrong := slices.Concat(list, []timetovalue.Case{{Account: "x"}})
	if err := s.Add(wrong...); !errors.As(err, &bad) || bad.Account != "x" || s.N() != 2 || !bytes.Equal(before, encoded(t, s)) {
		t.Errorf("a clock without an end: %v, %d cases", err, s.N())
	}
	// Ten million that have value on day 0.
	var full timetovalue.Sample
	if err := full.UnmarshalBinary(binary.AppendUvarint([]byte{1, 1, 1}, 10_000_000)); err != nil || full.N() != 10_000_000 {
		t.Fatalf("%d cases, %v", full.N(), err)
	}
	before = encoded(t, &full)
	for name, err := range map[string]error{"added": full.Add(list[0]), "merged": full.Merge(s), "merged with itself": full.Merge(&full)} {
		if !errors.As(err, &bad) || err.Error() != "timetovalue: cases: are more than 10000000" || !bytes.Equal(before, encoded(t, &full)) {
			t.Errorf("one more %s: %v", name, err)
		}
	}
	if _, err := timetovalue.CompareSamples(s, s, timetovalue.Options{Confidence: 2}); !errors.As(err, &bad) {
		t.Errorf("confidence 2: %v", err)
	}
}

// TestSampleFormat: bytes that MarshalBinary doesn't write are not read.
func TestSampleFormat(t *testing.T) {
	late := cases([]int{2}, nil, nil)[0]
	late.Watched = after(1)
	good := encoded(t, sample(t, late, cases(nil, []int{3}, nil)[0]))
	word := binary.AppendUvarint
	for name, data := range map[string][]byte{
		"nothing":               {},
		"format 0":              {0, 0},
		"too short":             good[:len(good)-1],
		"too long":              append(slices.Clone(good), 0),
		"a number written out":  {1, 0x80, 0},
		"the same clock twice":  {1, 2, 1, 1, 0, 1},
		"no case":               {1, 1, 1, 0},
		"watched after its end": {1, 1, 1 << 2, 1},
		"beyond the last day":   word(word([]byte{1, 1}, (366*9999+1)<<24), 1),
		"ten million and one":   word([]byte{1, 1, 1}, 10_000_001),
	} {
		s := sample(t, late)
		if err := s.UnmarshalBinary(data); err == nil || s.N() != 1 || errors.Is(err, timetovalue.ErrFormat) {
			t.Errorf("%s: %v, %d cases", name, err, s.N())
		}
	}
	s := sample(t, late)
	good[0]++
	if err := s.UnmarshalBinary(good); !errors.Is(err, timetovalue.ErrFormat) || s.N() != 1 || err.Error() != "timetovalue: decode sample: format 2: unknown format" {
		t.Errorf("newer: %v", err)
	}
}

// TestSampleGolden holds what must be the same on every platform.
func TestSampleGolden(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	var out strings.Builder
	for i := range 10 {
		fmt.Fprintf(&out, "%d %x\n", i, encoded(t, sample(t, dated(r, i*i)...)))
	}
	golden.Check(t, "testdata/samples.txt", []byte(out.String()))
}

// dated are random cases in whole days, without a float that platforms could round differently.
func dated(r *rand.Rand, n int) []timetovalue.Case {
	list := make([]timetovalue.Case, n)
	for i := range list {
		c := timetovalue.Case{Account: fmt.Sprint(i), From: start}
		days := r.IntN(400)
		switch r.IntN(4) {
		case 0:
			c.Value = after(days)
		case 1:
			c.Left = after(days)
		default:
			c.Seen, c.Pending = after(days), r.IntN(2) == 0
		}
		if r.IntN(4) == 0 {
			c.Watched = after(r.IntN(days + 1))
		}
		list[i] = c
	}
	return list
}

// FuzzSample: what is read is written again to the byte, and can be estimated.
func FuzzSample(f *testing.F) {
	r := rand.New(rand.NewPCG(11, 12))
	for n := range 8 {
		b := encoded(f, sample(f, dated(r, n*n)...))
		f.Add(b)
		f.Add(b[:len(b)/2])
		b = bytes.Clone(b)
		b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		f.Add(b)
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		var s timetovalue.Sample
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
		in, err := s.Estimate()
		if err != nil {
			t.Fatal(err)
		}
		if in.N != s.N() || in.Valued+in.Left+in.Pending != in.N || in.Unverified > in.Pending {
			t.Errorf("counts %+v of %d", in, s.N())
		}
	})
}

// BenchmarkSample adds 10 000 cases one by one, and sends the sample.
func BenchmarkSample(b *testing.B) {
	list := mixed(rand.New(rand.NewPCG(1, 2)), 10_000)
	b.ReportAllocs()
	for b.Loop() {
		var s, read timetovalue.Sample
		for _, c := range list {
			if err := s.Add(c); err != nil {
				b.Fatal(err)
			}
		}
		if err := read.UnmarshalBinary(encoded(b, &s)); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(encoded(b, &s))), "bytes")
	}
}
