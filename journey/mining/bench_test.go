package mining_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/mining"
)

// A log is one in columns: each account walks through twelve activities, mostly on to the next.
type log struct {
	names      []string // of activities
	accounts   []string
	activities []mining.Activity
	at         []int64
}

func newLog(b *testing.B, g *mining.Graph, events int) log {
	r := rand.New(rand.NewPCG(1, 1))
	var l log
	var handles []mining.Activity
	for i := range 12 {
		l.names = append(l.names, fmt.Sprintf("activity %d", i))
		a, err := g.Activity(l.names[i])
		if err != nil {
			b.Fatal(err)
		}
		handles = append(handles, a)
	}
	for account := 0; len(l.at) < events; account++ {
		name, now, at := fmt.Sprintf("account-%08d", account), 0, int64(1e15)+r.Int64N(1e13)
		for range 5 + r.IntN(11) {
			l.accounts, l.activities, l.at = append(l.accounts, name), append(l.activities, handles[now]), append(l.at, at)
			at += r.Int64N(1e12)
			if now++; r.IntN(20) == 0 || now == len(handles) {
				now = r.IntN(len(handles))
			}
		}
	}
	return l
}

func BenchmarkAddColumns(b *testing.B) {
	g := newGraph(b, mining.Options{Ending: mining.Ending{All: true}})
	l := newLog(b, g, 1_000_000)
	for b.Loop() {
		if failed, err := g.AddColumns(l.accounts, l.activities, l.at); err != nil || failed != nil {
			b.Fatal(failed, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(l.at)), "ns/event")
	b.ReportMetric(float64(g.Summary().Variants), "variants")
	b.ReportAllocs()
}

// twelve makes a map of twelve phases in a row, with a way back from each to the one before.
func twelve(b *testing.B) *mining.Aligner {
	m := journey.Map{Format: journey.Format, Name: "twelve"}
	var labels []mining.Label
	name := func(i int) string { return fmt.Sprint("phase ", i) }
	for i := range 12 {
		m.Phases = append(m.Phases, journey.Phase{Name: name(i)})
		labels = append(labels, mining.Label{Activity: fmt.Sprintf("activity %d", i), Phase: name(i)})
		if i > 0 {
			m.Moves = append(m.Moves, journey.Move{Name: fmt.Sprint("on ", i), From: name(i - 1), To: name(i), Kind: journey.Advance},
				journey.Move{Name: fmt.Sprint("back ", i), From: name(i), To: name(i - 1), Kind: journey.Regress, Approver: "ann"})
		}
	}
	model, err := journey.Compile(m)
	if err != nil {
		b.Fatal(err)
	}
	return aligner(b, model, mining.AlignOptions{Activities: labels, Ending: mining.Ending{All: true}})
}

func BenchmarkAlignAll(b *testing.B) {
	g := newGraph(b, mining.Options{})
	l := newLog(b, g, 1_000_000)
	a := twelve(b)
	accounts := 0
	for b.Loop() {
		accounts = 0
		for item, err := range a.AlignAll(l.events()) {
			if err != nil || item.Err != nil {
				b.Fatal(err, item.Err)
			}
			accounts++
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(accounts), "ns/account")
	b.ReportMetric(float64(accounts), "accounts")
}

// BenchmarkAlign aligns paths of ten activities, none of which it has seen.
func BenchmarkAlign(b *testing.B) {
	g := newGraph(b, mining.Options{})
	l := newLog(b, g, 10_000)
	a := twelve(b)
	var journeys []mining.Journey
	for j, err := range mining.Journeys(l.events()) {
		if err != nil {
			b.Fatal(err)
		}
		journeys = append(journeys, j)
	}
	i := 0
	for b.Loop() {
		if _, err := a.Align(journeys[i%len(journeys)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
	b.ReportAllocs()
}

func BenchmarkProfile(b *testing.B) {
	g := newGraph(b, mining.Options{})
	l := newLog(b, g, 100_000)
	var p mining.Profile
	for b.Loop() {
		if failed, err := p.AddAll(l.events()); err != nil || failed != nil {
			b.Fatal(failed, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(l.at)), "ns/event")
}

func BenchmarkAddAll(b *testing.B) {
	g := newGraph(b, mining.Options{Ending: mining.Ending{All: true}})
	l := newLog(b, g, 200_000)
	for b.Loop() {
		if failed, err := g.AddAll(l.events()); err != nil || failed != nil {
			b.Fatal(failed, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(l.at)), "ns/event")
	b.ReportAllocs()
}

// events gives the rows one by one.
func (l log) events() iter.Seq2[mining.Event, error] {
	return func(yield func(mining.Event, error) bool) {
		for i, account := range l.accounts {
			if !yield(mining.Event{Account: account, Activity: l.names[l.activities[i]], At: time.UnixMicro(l.at[i])}, nil) {
				return
			}
		}
	}
}
