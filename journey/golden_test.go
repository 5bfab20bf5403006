package journey_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/journey"
)

// randomMap returns a map that compiles, with all that is computed with.
func randomMap(r *rand.Rand) journey.Map {
	m := journey.Map{Format: 1, Name: fmt.Sprintf("map %d", r.IntN(1000))}
	phases := 1 + r.IntN(5)
	for i := range phases {
		p := journey.Phase{Name: fmt.Sprintf("p%d", i)}
		for j := range r.IntN(3) {
			ms := journey.Milestone{Name: fmt.Sprintf("m%d%d", i, j), Optional: r.IntN(4) == 0, Needs: randomNeeds(r)}
			if r.IntN(3) == 0 {
				ms.Motion = fmt.Sprintf("x%d", r.IntN(2))
			}
			if r.IntN(5) == 0 {
				ms.Segments = []string{"big"}
			}
			if r.IntN(3) == 0 {
				ms.Due = &journey.Due{
					Anchor: []string{journey.PhaseStart, "renewal", "go_live"}[r.IntN(3)], Offset: journey.Duration(r.IntN(40)-20) * journey.Day,
				}
			}
			p.Milestones = append(p.Milestones, ms)
		}
		if r.IntN(2) == 0 {
			behind := 1 + r.IntN(10)
			p.Pace = journey.Pace{Behind: journey.Duration(behind) * journey.Day, Stuck: journey.Duration(behind+1+r.IntN(10)) * journey.Day}
		}
		if r.IntN(2) == 0 {
			p.Tenure = journey.Duration(1+10*i+r.IntN(10)) * journey.Day
		}
		m.Phases = append(m.Phases, p)
	}
	for i := range r.IntN(8) {
		mv := journey.Move{
			Name: fmt.Sprintf("go%d", i), From: fmt.Sprintf("p%d", r.IntN(phases)), To: fmt.Sprintf("p%d", r.IntN(phases)),
			Kind:  []journey.MoveKind{journey.Advance, journey.Advance, journey.Regress, journey.Renew, journey.Leave, journey.Return}[r.IntN(6)],
			Needs: randomNeeds(r),
			Dwell: journey.Duration(r.IntN(3)) * journey.Day, CoolDown: journey.Duration(r.IntN(3)) * journey.Day, Max: r.IntN(3),
		}
		switch {
		case mv.Kind == journey.Leave && r.IntN(2) == 0:
			mv.To = journey.Ended
		case mv.Kind == journey.Return:
			mv.From = journey.Ended
		case mv.From == mv.To:
			mv.Kind = journey.Renew
		}
		if mv.Kind != journey.Advance && mv.Kind != journey.Renew && mv.Dwell == 0 && len(mv.Needs) == 0 || r.IntN(6) == 0 {
			mv.Approver = "boss"
		}
		m.Moves = append(m.Moves, mv)
	}
	return m
}

func randomNeeds(r *rand.Rand) []journey.Need {
	var needs []journey.Need
	for signal := range 3 {
		if r.IntN(4) > 0 {
			continue
		}
		needs = append(needs, journey.Need{
			Signal: fmt.Sprintf("s%d", signal), Value: float64(r.IntN(4)) / 8,
			When: []journey.Comparison{
				journey.Less, journey.LessEqual, journey.Equal, journey.NotEqual, journey.GreaterEqual, journey.Greater,
			}[r.IntN(6)],
			For: journey.Duration(r.IntN(3)) * journey.Day, Stale: journey.Duration(signal) * journey.Day, // of a clock always the same
		})
	}
	return needs
}

// walk takes an account through a map day by day and returns each decision.
func walk(t testing.TB, r *rand.Rand, m journey.Map) []journey.Decision {
	p := start(t, m, day(1, 1))
	p.in.Since = day(1, 1-r.IntN(20))
	p.in.Segment = []string{"", "big"}[r.IntN(2)]
	p.in.Anchors = []journey.Anchor{{Name: "renewal", At: day(1, 15)}}
	p.in.Status = []journey.Status{"", journey.Customer}[r.IntN(2)]
	var decisions []journey.Decision
	asOf := day(1, 1)
	for range 10 {
		asOf = asOf.Add(time.Duration(hours(r.IntN(60))))
		signals := journey.SignalMap{}
		for signal := range 3 {
			s := journey.Signal{Value: float64(r.IntN(4)) / 8, State: []journey.State{"", "", journey.Known, journey.Failed}[r.IntN(4)]}
			if r.IntN(3) == 0 {
				s.At = asOf.Add(-time.Duration(hours(r.IntN(50))))
			}
			if r.IntN(5) > 0 {
				signals[fmt.Sprintf("s%d", signal)] = s
			}
		}
		if track := p.track(asOf); track.Phase != journey.Ended {
			switch r.IntN(5) {
			case 0:
				p.attest(fmt.Sprintf("m%d%d", r.IntN(3), r.IntN(2)), "", asOf)
			case 1:
				p.attest(fmt.Sprintf("go%d", r.IntN(8)), "boss", asOf)
			case 2:
				p.add(journey.Event{Kind: journey.PauseBegan, Happened: asOf})
			case 3:
				p.add(journey.Event{Kind: journey.PauseEnded, Happened: asOf})
			}
		}
		decisions = append(decisions, p.decide(asOf, signals))
	}
	return decisions
}

func TestGoldenDecisions(t *testing.T) {
	var out strings.Builder
	r := rand.New(rand.NewPCG(4, 3))
	moved, disputed, waiting := 0, 0, 0
	for i := range 250 {
		m := randomMap(r)
		hash := sha256.New()
		for _, d := range walk(t, r, m) {
			text, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			hash.Write(text)
			moved += len(moves(d.Events))
			disputed += len(d.Disputed)
			waiting += len(d.Waiting)
		}
		fmt.Fprintf(&out, "%d %s %x\n", i, compile(t, m).Digest(), hash.Sum(nil)[:16])
	}
	if moved < 200 || disputed < 10 || waiting < 100 {
		t.Errorf("only %d moves, %d disputes, %d waits", moved, disputed, waiting)
	}
	golden.Check(t, "testdata/decisions.txt", []byte(out.String()))
}
