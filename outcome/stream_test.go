package outcome_test

import (
	"fmt"
	"iter"
	"runtime"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// plans yields n accounts with one plan each, one after the other.
func plans(in outcome.Input, n int, each func(i int)) iter.Seq2[outcome.Input, error] {
	return func(yield func(outcome.Input, error) bool) {
		for i := range n {
			each(i)
			if !yield(in, nil) {
				return
			}
		}
	}
}

func small(tb testing.TB, m *outcome.Model) outcome.Input {
	p := mustPropose(tb, m, aim("a", outcome.Target{Measure: "m", Goal: 10, Due: on(6, 1)}))
	return outcome.Input{Account: "acme", Plan: p, Series: outcome.SeriesMap{"m": measured(on(1, 2), day, 1, 2, 3, 5, 8)}}
}

// TestStreamIsFlat holds that what is allocated for each account is the same at the begin and at the end of a batch, and that none
// of it stays.
func TestStreamIsFlat(t *testing.T) {
	m := mustCompile(t, bare())
	const n, slice = 20_000, 1000
	var mallocs, live []uint64
	read := func(i int) {
		if i%slice > 0 {
			return
		}
		var s runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&s)
		mallocs, live = append(mallocs, s.Mallocs), append(live, s.HeapAlloc)
	}
	count := 0
	for item, err := range m.AssessAll(plans(small(t, m), n, read), on(2, 1)) {
		if err != nil || item.Err != nil {
			t.Fatal(err, item.Err)
		}
		count++
	}
	last := len(live) - 1
	if count != n || last != n/slice-1 {
		t.Fatalf("%d items, %d readings", count, len(live))
	}
	early, late := mallocs[2]-mallocs[1], mallocs[last]-mallocs[last-1]
	if late > early+slice/10 {
		t.Errorf("%d allocations for %d accounts at first, %d at last", early, slice, late)
	}
	if grown := int64(live[last]) - int64(live[1]); grown > 100_000 { // 18 000 assessments have 30 MB
		t.Errorf("%d bytes more are live after %d accounts", grown, n)
	}
}

func BenchmarkAssessAll(b *testing.B) {
	m := mustCompile(b, bare())
	in := small(b, m)
	b.ReportAllocs()
	count := 0
	for b.Loop() {
		for range m.AssessAll(plans(in, 1000, func(int) {}), on(2, 1)) {
			count++
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(count), "ns/account")
}

// TestTenThousandOutcomes takes one plan through every step, in a time that is linear in its size.
func TestTenThousandOutcomes(t *testing.T) {
	m := mustCompile(t, signers())
	var outcomes []outcome.Outcome
	for i := range 10_000 {
		o := aim(fmt.Sprint("o", i), outcome.Target{Measure: fmt.Sprint("m", i), Goal: 1, Due: on(6, 1)})
		if o.Vendor = "success"; i > 0 {
			o.After = []string{fmt.Sprint("o", i-1)}
			o.Milestones = []outcome.Milestone{{Name: "x", Takes: outcome.Duration(time.Hour)}}
		}
		outcomes = append(outcomes, o)
	}
	p, err := act(m, mustPropose(t, m, append(outcomes, aim("a", outcome.Target{Measure: "m", Goal: 1}))...), "sign", on(2, 1))
	if err != nil {
		t.Fatal(err)
	}
	if p, err = act(m, p, "amend", on(2, 2)); err != nil {
		t.Fatal(err)
	}
	routes, err := m.Schedule(p, on(3, 1))
	if err != nil || len(routes) != 10_001 || !routes[0].Start.Equal(on(6, 1).Add(-9999*time.Hour)) {
		t.Fatalf("%d routes, the first from %v, %v", len(routes), routes[0].Start, err)
	}
	guidance, err := m.Guide(outcome.Input{Account: "acme", Plan: p}, nil, on(3, 1))
	if err != nil || len(guidance) != 10_001 {
		t.Fatalf("%d guides, %v", len(guidance), err)
	}
	list, err := m.Rescopes(outcome.Input{Account: "acme", Plan: p}, on(3, 1))
	if err != nil || len(list) != 1 {
		t.Fatalf("%d rescopes, %v", len(list), err)
	}
	var ps outcome.Paths
	if err := ps.Add(p, on(3, 1)); err != nil {
		t.Fatal(err)
	}
}
