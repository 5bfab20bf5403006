package journey_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

// Whatever comes late: after a check the log says of each observation that its need held at its instant if and only
// if it satisfied, and the same check again appends nothing.
func TestLateObservationsAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	late := 0
	for n := range 100 {
		m := randomMap(r)
		w := newWorld(t, m)
		w.now = day(1, 1)
		w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 1)))
		asOf := day(1, 1)
		for range 8 {
			asOf = asOf.Add(time.Duration(hours(r.IntN(60))))
			signals := journey.SignalMap{}
			for signal := range 3 {
				if r.IntN(4) > 0 {
					at := asOf.Add(-time.Duration(hours(r.IntN(200))))
					signals[fmt.Sprintf("s%d", signal)] = journey.Signal{Value: float64(r.IntN(4)) / 8, At: at}
				}
			}
			d := w.check(asOf, signals)
			for i := 1; i < len(d.Events); i++ {
				if d.Events[i].Happened.Before(d.Events[i-1].Happened) {
					t.Fatalf("map %d: events out of order: %v", n, d.Events)
				}
			}
			again := w.check(asOf, signals) // on the log alone
			if len(again.Events) > 0 {
				t.Fatalf("map %d as of %v: again %v", n, asOf, again.Events)
			}
			for _, e := range d.Events {
				if e.Kind == journey.Moved {
					d.Made = append(d.Made, e)
				}
			}
			again.Events = d.Events
			if diff := cmp.Diff(d, again); diff != "" {
				t.Fatalf("map %d as of %v: checked again (-first +again):\n%s", n, asOf, diff)
			}
			if d.Phase == journey.Ended {
				break
			}
			for _, need := range needsOf(m) {
				s, ok := signals[need.Signal]
				if !ok {
					continue
				}
				if s.At.Before(w.track(asOf, time.Time{}).AsOf) {
					late++
				}
				holds := false
				for _, c := range w.track(s.At, time.Time{}).Needs {
					holds = holds || c.Key == fmt.Sprintf("%s %s %v", need.Signal, need.When, need.Value) && !c.Since.IsZero()
				}
				if want := satisfies(s.Value, need); holds != want {
					t.Fatalf("map %d as of %v: %v, observed %v at %v, holds then is %t, want %t", n, asOf, need, s.Value, s.At, holds, want)
				}
			}
		}
	}
	if late < 500 {
		t.Errorf("only %d late observations", late)
	}
}

func needsOf(m journey.Map) []journey.Need {
	var needs []journey.Need
	for _, p := range m.Phases {
		for _, ms := range p.Milestones {
			needs = append(needs, ms.Needs...)
		}
	}
	for _, mv := range m.Moves {
		needs = append(needs, mv.Needs...)
	}
	return needs
}

func satisfies(value float64, n journey.Need) bool {
	return map[journey.Comparison]bool{
		journey.Less: value < n.Value, journey.LessEqual: value <= n.Value, journey.Equal: value == n.Value,
		journey.NotEqual: value != n.Value, journey.GreaterEqual: value >= n.Value, journey.Greater: value > n.Value,
	}[n.When]
}
