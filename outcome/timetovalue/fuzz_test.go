package timetovalue_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/outcome/timetovalue"
)

// FuzzEstimate: whatever the clocks, there is an answer that holds together, or a DataError.
func FuzzEstimate(f *testing.F) {
	f.Add([]byte{0, 1, 2, 1, 5, 0, 2, 9, 3}, uint64(1))
	f.Add([]byte{1, 0, 0, 2, 0, 0, 3, 200, 0}, uint64(2))
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		var cases []timetovalue.Case
		for ; len(data) >= 3 && len(cases) < 200; data = data[3:] {
			c := timetovalue.Case{Account: fmt.Sprint(len(cases)), From: start}
			end := after(int(int8(data[1])))
			if data[0]&1 != 0 {
				c.Value = end
			}
			if data[0]&2 != 0 {
				c.Left = end
			}
			if data[0]&3 == 0 {
				c.Seen, c.Pending = end, data[0]&4 != 0
			}
			if data[0]&8 != 0 {
				c.Watched = after(int(int8(data[2])))
			}
			cases = append(cases, c)
		}
		in, err := timetovalue.Estimate(cases)
		var bad *timetovalue.DataError
		if err != nil {
			if !errors.As(err, &bad) {
				t.Fatal(err)
			}
			return
		}
		if in.Valued+in.Left+in.Pending != in.N {
			t.Fatalf("counts %+v", in)
		}
		before := timetovalue.Step{Waiting: 1, Day: -1}
		for _, s := range in.Steps {
			if math.Abs(s.Value+s.Left+s.Waiting-1) > 1e-9 || s.Value < before.Value || s.Left < before.Left || s.Waiting > before.Waiting || s.Day <= before.Day || s.SE < 0 {
				t.Fatalf("%+v after %+v", s, before)
			}
			before = s
			if w, ok := in.Within(s.Day, 0.9); !ok || w.Value != s.Value || !(0 <= w.Low && w.Low <= w.Value && w.Value <= w.High && w.High <= 1+1e-12) {
				t.Fatalf("within %v days: %+v, %v", s.Day, w, ok)
			}
		}
		q, ok := in.QuantileInterval(0.5, 0.9)
		if !ok || q.Low != nil && q.Day != nil && *q.Low > *q.Day || q.High != nil && (q.Day == nil || *q.High < *q.Day) {
			t.Fatalf("median %+v, %v", q, ok)
		}
		half := len(cases) / 2
		c, err := timetovalue.Compare(cases[:half], cases[half:], timetovalue.Options{Resamples: 100, Seed: seed, Days: 10})
		if err != nil {
			t.Fatal(err)
		}
		if d := c.Days; d.Low != nil && d.High != nil && *d.Low > *d.High || c.P != nil && !(*c.P >= 0 && *c.P <= 1) || c.String() == "" {
			t.Fatalf("%+v", c)
		}
	})
}

func BenchmarkEstimate(b *testing.B) {
	cases := cohort(rand.New(rand.NewPCG(1, 2)), 10_000, 60)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := timetovalue.Estimate(cases); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCompare is 1000 resamples of two cohorts of 1000.
func BenchmarkCompare(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	before, after := cohort(r, 1000, 84), cohort(r, 1000, 30)
	b.ReportAllocs()
	for b.Loop() {
		compare(b, before, after, timetovalue.Options{})
	}
}
