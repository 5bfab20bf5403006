package mining_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/mining"
)

// allocated returns the bytes that f allocates.
func allocated(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// ring makes a map of so many phases, each leading on to the next and the last to the first, whose activities are theirs.
func ring(t testing.TB, phases int) *journey.Model {
	t.Helper()
	m := journey.Map{Format: journey.Format, Name: "ring"}
	name := func(i int) string { return fmt.Sprint("phase ", i%phases) }
	for i := range phases {
		m.Phases = append(m.Phases, journey.Phase{Name: name(i)})
		m.Moves = append(m.Moves, journey.Move{Name: fmt.Sprint("on ", i), From: name(i), To: name(i + 1), Kind: journey.Advance, Approver: "ann"})
	}
	m.Moves[phases-1].Kind = journey.Renew
	model, err := journey.Compile(m)
	if err != nil {
		t.Fatal(err)
	}
	return model
}

// laps makes a journey of so many events round a ring of so many phases.
func laps(events, phases int) mining.Journey {
	j := mining.Journey{Account: "acme", Steps: make([]mining.Step, events)}
	for i := range j.Steps {
		j.Steps[i] = mining.Step{Activity: fmt.Sprint("phase ", i%phases), At: begin.Add(time.Duration(i) * time.Second)}
	}
	return j
}

// TestLongJourney: one account with a million events takes memory for its events, whatever the number of phases, and time that
// a test has.
func TestLongJourney(t *testing.T) {
	const million, phases = 1_000_000, 12
	j := laps(million, phases)
	g := newGraph(t, mining.Options{})
	if err := g.Add(j); err != nil || g.Summary().Events != million {
		t.Fatal(err, g.Summary())
	}
	if loops := g.Loops(); len(loops) != 1 || loops[0].Count != (million-1)/phases || len(loops[0].Path) != phases {
		t.Errorf("%d loops", len(loops))
	}
	var p mining.Profile
	if err := p.Add(j); err != nil {
		t.Fatal(err)
	}
	pairs := int64(0)
	for _, gap := range p.Gaps() {
		pairs += gap.Times.Count
	}
	if pairs != million*(million-1)/2 {
		t.Errorf("%d pairs are timed", pairs)
	}
	a := aligner(t, ring(t, phases), mining.AlignOptions{})
	var x mining.Alignment
	bytes := allocated(func() {
		var err error
		if x, err = a.Align(j); err != nil {
			t.Fatal(err)
		}
	})
	if x.Fitness != 1 || x.Cost != 0 || len(x.Pairs) != million {
		t.Errorf("fitness %v, cost %d, %d pairs", x.Fitness, x.Cost, len(x.Pairs))
	}
	if perEvent := bytes / million; perEvent > 400 {
		t.Errorf("an alignment takes %d bytes an event", perEvent)
	}
}

// TestConformCounts: costs of a log that no number holds are refused, not wrapped round.
func TestConformCounts(t *testing.T) {
	g := newGraph(t, mining.Options{})
	if err := g.Add(of("acme", "x")); err != nil {
		t.Fatal(err)
	}
	for range 52 {
		if err := g.Merge(g); err != nil {
			t.Fatal(err)
		}
	}
	for cost, want := range map[int64]string{
		2000:      "<nil>",
		1_000_000: "mining: refused by range: the costs of the log exceed what can be counted; needs lower costs, or a part of the log",
	} {
		c, err := aligner(t, ring(t, 3), mining.AlignOptions{Costs: mining.Costs{Extra: cost}}).Conform(g)
		if fmt.Sprint(err) != want || err == nil && (c.Journeys != 1<<52 || c.Cost != 2000<<52 || c.Fitness != 0) {
			t.Errorf("cost %d: %+v, %v", cost, c, err)
		}
	}
}

// TestManyPhases: a map of a thousand phases that goes round and round is laid along like any other.
func TestManyPhases(t *testing.T) {
	a := aligner(t, ring(t, 1000), mining.AlignOptions{})
	x, err := a.Align(laps(2500, 1000))
	if err != nil || x.Fitness != 1 {
		t.Errorf("fitness %v, %v", x.Fitness, err)
	}
	j := laps(2500, 1000)
	j.Steps = append(j.Steps[:700], j.Steps[701:]...)
	if x, err = a.Align(j); err != nil || x.Cost != 1 || x.Pairs[700] != (mining.Pair{Fit: mining.Missing, Phase: "phase 700"}) {
		t.Errorf("cost %d, %v: %+v", x.Cost, err, x.Pairs[700])
	}
}

// TestProfilePairs: a journey gives what its pairs of steps give one by one, to the bit, over the longest times there are.
func TestProfilePairs(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 1))
	for range 50 {
		var whole, pairs mining.Profile
		for account := range 4 {
			us := int64(-62_135_596_800_000_000 + 1)
			j := mining.Journey{Account: fmt.Sprint(account)}
			for range 1 + r.IntN(130) {
				us += r.Int64N(2) * r.Int64N(1<<52)
				j.Steps = append(j.Steps, mining.Step{Activity: string(rune('a' + r.IntN(4))), At: time.UnixMicro(us)})
			}
			if err := whole.Add(j); err != nil {
				t.Fatal(err)
			}
			for last := range j.Steps {
				for first := range last {
					if err := pairs.Add(mining.Journey{Account: "acme", Steps: []mining.Step{j.Steps[first], j.Steps[last]}}); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if encoded(t, &whole) != encoded(t, &pairs) {
			t.Fatal("the whole differs from its pairs")
		}
	}
}

// TestFollowsCount: pairs beyond what can be counted are the most that can.
func TestFollowsCount(t *testing.T) {
	g := newGraph(t, mining.Options{})
	if err := g.Add(of("acme", strings.Repeat("x", 4096))); err != nil {
		t.Fatal(err)
	}
	for range 41 {
		if err := g.Merge(g); err != nil {
			t.Fatal(err)
		}
	}
	if f := g.Follows(); len(f) != 1 || f[0].Count != math.MaxInt64 {
		t.Errorf("%+v", f)
	}
}
