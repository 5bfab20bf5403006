package acceleration

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/internal/survival"
	"github.com/customersuccess-go/customersuccess/journey"
)

// A Stay is one account's time in a phase, watched from its beginning.
type Stay struct {
	Account string
	Segment string           // "" is one, too; else 1 to 256 bytes of UTF-8 without control characters
	Phase   string           // of the journey; likewise, and not empty
	Days    float64          // until it ended or was last watched
	End     journey.MoveKind // how it ended; "": not ended
}

// Loss says what to look for in stays.
type Loss struct {
	Days       float64 // within which a stay should end in an advance; above 0
	Minimum    int     // stays of a segment, and of the others, from which it is looked at; 0: 20
	Discovery  float64 // the false-discovery rate to keep, above 0 and below 1; 0: 0.05
	Confidence float64 // of intervals, above 0 and below 1; 0: 0.95
}

// A Momentum is what becomes of the stays in one phase by the days looked at. The shares sum to 1.
type Momentum struct {
	Phase    string  `json:"phase"`
	N        int     `json:"n"`        // stays
	Advanced float64 `json:"advanced"` // share
	Low      float64 `json:"low"`      // end of the interval of Advanced
	High     float64 `json:"high"`     // end of the interval of Advanced
	Gone     float64 `json:"gone"`     // share that left
	Else     float64 `json:"else"`     // share that ended otherwise, such as by turning back
	Stalled  float64 `json:"stalled"`  // share still there
	Lost     float64 `json:"lost"`     // N times what did not advance
}

// A Break is a segment that loses momentum in a phase, against all other segments there.
type Break struct {
	Phase    string   `json:"phase"`
	Segment  string   `json:"segment"`
	N        int      `json:"n"`        // stays of the segment
	Others   int      `json:"others"`   // stays of the others
	Advanced float64  `json:"advanced"` // share of the segment by the days looked at
	Rest     float64  `json:"rest"`     // share of the others
	Gap      Interval `json:"gap"`      // Advanced less Rest
	Lost     float64  `json:"lost"`     // stays that would have advanced at the rate of the others
	P        float64  `json:"p"`        // of the log-rank test of the rates of advance
	Adjusted float64  `json:"adjusted"` // P for all segments in all phases looked at
}

// Losses are where momentum is lost, and for whom.
type Losses struct {
	Phases []Momentum `json:"phases"` // in the order of what is lost, the most first; what is not known for so many days is left out
	Breaks []Break    `json:"breaks"` // likewise
	Looked int        `json:"looked"` // segments in phases that were looked at
}

// Breaks finds the phases in which most momentum is lost, and the segments that advance less there than the others do. A
// break is an association: segments may differ in other ways. Time grows with the stays in a phase times its segments. It
// returns a [DataError] for a stay or a limit that can't be.
func Breaks(stays []Stay, l Loss) (Losses, error) {
	l.Minimum = cmp.Or(l.Minimum, 20)
	l.Discovery = cmp.Or(l.Discovery, 0.05)
	l.Confidence = cmp.Or(l.Confidence, 0.95)
	switch {
	case !(l.Days > 0 && l.Days <= longest):
		return Losses{}, argument("days", "%v is not above 0 and up to %d", l.Days, longest)
	case l.Minimum < 2:
		return Losses{}, argument("minimum", "%d is below 2", l.Minimum)
	case !(l.Discovery > 0 && l.Discovery < 1):
		return Losses{}, argument("discovery", "%v is not between 0 and 1", l.Discovery)
	case !(l.Confidence > 0 && l.Confidence < 1):
		return Losses{}, argument("confidence", "%v is not between 0 and 1", l.Confidence)
	}
	sorted := slices.Clone(stays)
	for i := range sorted {
		if err := sorted[i].check(i); err != nil {
			return Losses{}, err
		}
	}
	slices.SortStableFunc(sorted, func(a, b Stay) int {
		return cmp.Or(strings.Compare(a.Phase, b.Phase), strings.Compare(a.Segment, b.Segment))
	})
	var out Losses
	var breaks []Break
	for len(sorted) > 0 {
		end := 1
		for end < len(sorted) && sorted[end].Phase == sorted[0].Phase {
			end++
		}
		m, ok, err := l.momentum(sorted[:end])
		if err != nil {
			return Losses{}, err
		}
		if ok {
			out.Phases = append(out.Phases, m)
		}
		found, err := l.phase(sorted[:end])
		if err != nil {
			return Losses{}, err
		}
		breaks, sorted = append(breaks, found...), sorted[end:]
	}
	p := make([]float64, len(breaks))
	for i, b := range breaks {
		p[i] = b.P
	}
	for i, adjusted := range adjust(p) {
		if b := breaks[i]; adjusted <= l.Discovery && b.Gap.High < 0 {
			b.Adjusted = adjusted
			out.Breaks = append(out.Breaks, b)
		}
	}
	out.Looked = len(breaks)
	slices.SortStableFunc(out.Phases, func(a, b Momentum) int { return cmp.Compare(b.Lost, a.Lost) })
	slices.SortStableFunc(out.Breaks, func(a, b Break) int { return cmp.Compare(b.Lost, a.Lost) })
	return out, nil
}

func (s *Stay) check(i int) error {
	if err := identified(s.Account, "account of stay", i); err != nil {
		return err
	}
	if err := ident.Check(s.Phase); err != nil {
		return &DataError{s.Account, "phase", err.Error()}
	}
	if err := ident.Check(s.Segment); s.Segment != "" && err != nil {
		return &DataError{s.Account, "segment", err.Error()}
	}
	if !(s.Days >= 0 && s.Days <= longest) {
		return &DataError{s.Account, fmt.Sprintf("stay in phase %q", s.Phase), fmt.Sprintf("%v days are not within 0 to %d", s.Days, longest)}
	}
	return nil
}

// ends of a stay, as causes.
const (
	advanced = 1
	gone     = 2
	other    = 3
)

func (s *Stay) observation() survival.Observation {
	o := survival.Observation{Time: s.Days}
	switch s.End {
	case "":
	case journey.Advance:
		o.Cause = advanced
	case journey.Leave:
		o.Cause = gone
	default:
		o.Cause = other
	}
	return o
}

func observations(stays []Stay) []survival.Observation {
	obs := make([]survival.Observation, len(stays))
	for i := range stays {
		obs[i] = stays[i].observation()
	}
	return obs
}

// momentum is that of the stays in one phase; ok is false where it is not known for so many days.
func (l Loss) momentum(stays []Stay) (m Momentum, ok bool, err error) {
	x, err := survival.AalenJohansen(observations(stays), other)
	if err != nil {
		return m, false, fmt.Errorf("acceleration: %w", err)
	}
	m = Momentum{Phase: stays[0].Phase, N: len(stays)}
	m.Stalled, ok = x.Waiting(l.Days)
	m.Advanced, _ = x.Cumulative(advanced, l.Days)
	m.Gone, _ = x.Cumulative(gone, l.Days)
	m.Else, _ = x.Cumulative(other, l.Days)
	m.Lost = float64(float64(m.N) * (1 - m.Advanced))
	i, known := x.Interval(advanced, l.Days, l.Confidence, survival.LogLog)
	if !known || !(i.Low < i.High) {
		i, _ = stat.Wilson(int(math.Round(float64(m.Advanced*float64(m.N)))), m.N, l.Confidence)
	}
	m.Low, m.High = min(i.Low, m.Advanced), max(i.High, m.Advanced)
	return m, ok, nil
}

// phase compares each segment in a phase with the others, of stays in the order of segments.
func (l Loss) phase(stays []Stay) (out []Break, err error) {
	for from := 0; from < len(stays); {
		to := from + 1
		for to < len(stays) && stays[to].Segment == stays[from].Segment {
			to++
		}
		own, rest := observations(stays[from:to]), observations(slices.Concat(stays[:from], stays[to:]))
		if min(len(own), len(rest)) >= l.Minimum {
			b, ok, err := l.against(own, rest)
			if err != nil {
				return nil, fmt.Errorf("acceleration: %w", err)
			}
			if b.Phase, b.Segment = stays[from].Phase, stays[from].Segment; ok {
				out = append(out, b)
			}
		}
		from = to
	}
	return out, nil
}

// against compares the advances of a segment with those of the others; ok is false where they can't be.
func (l Loss) against(own, rest []survival.Observation) (b Break, ok bool, err error) {
	b = Break{N: len(own), Others: len(rest)}
	x, err := survival.AalenJohansen(own, other)
	if err != nil {
		return b, false, err
	}
	y, err := survival.AalenJohansen(rest, other)
	if err != nil {
		return b, false, err
	}
	var known1, known2 bool
	b.Advanced, known1 = x.Cumulative(advanced, l.Days)
	b.Rest, known2 = y.Cumulative(advanced, l.Days)
	if !known1 || !known2 {
		return b, false, nil
	}
	se1, _ := x.SE(advanced, l.Days)
	se2, _ := y.SE(advanced, l.Days)
	z, _ := stat.CriticalZ(l.Confidence)
	b.Gap = Interval{Value: b.Advanced - b.Rest, SE: math.Sqrt(float64(se1*se1) + float64(se2*se2))}
	half := float64(places(z) * b.Gap.SE)
	b.Gap.Low, b.Gap.High = max(-1, b.Gap.Value-half), min(1, b.Gap.Value+half)
	b.Lost = float64(float64(b.N) * (b.Rest - b.Advanced))
	test, err := survival.LogRank([][]survival.Observation{l.advances(own), l.advances(rest)}, survival.LogRankWeight)
	if err != nil {
		return b, false, err
	}
	b.P, ok = test.P()
	b.P = places(b.P)
	return b, ok, nil
}

// advances returns observations of which only advances within the days are ends. Those that ended otherwise will not
// advance, and stay at risk.
func (l Loss) advances(obs []survival.Observation) []survival.Observation {
	out := slices.Clone(obs)
	for i, o := range out {
		if o.Cause > advanced || o.Time > l.Days {
			out[i] = survival.Observation{Time: l.Days}
		}
	}
	return out
}
