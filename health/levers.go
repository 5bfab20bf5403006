package health

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/check"
)

// Levers returns, for each measure alone and in definition order, the raw value nearest to the present one that
// would bring the score into the band if it were read at asOf, overrides left aside. Where there is no present value,
// nearest is counted from the curve's worst knot. A measure that does not apply is not reachable.
//
// The value is solved for, not searched: re-scored with it, the account is in the band, and no nearer float is, but for
// what rounding to the grid lets pass. The work grows with the square of the number of measures.
//
// Levers returns an error if:
//   - the account's data is wrong (*DataError), as Score does;
//   - the card has no such band (*RefusedError, rule "known_band").
func (m *Model) Levers(in Input, asOf time.Time, band string) ([]Lever, error) {
	b := m.bandNamed(band)
	if b < 0 {
		return nil, &RefusedError{
			Account: in.Account, Rule: "known_band",
			Message: fmt.Sprintf("the card has no band %q", check.Clip(band)), Needs: "a band of the card",
		}
	}
	var room buffers
	s := m.open(&room, make([]Part, len(m.measures)))
	if err := m.read(&s, in, asOf); err != nil {
		return nil, err
	}
	m.sum(&s)
	levers := make([]Lever, len(m.measures))
	for i := range m.measures {
		levers[i].Measure = m.measures[i].name
		if !s.leaves[i].fixed {
			p := pull{trial: m.try(&s, i), band: b}
			p.search()
			p.end()
			levers[i].Value, levers[i].Reachable = p.best, p.found
		}
	}
	return levers, nil
}

// A pull looks for the value of one measure that brings the score into a band.
type pull struct {
	trial
	band        int
	from        float64 // the value to be near to
	base, slope float64 // the score before limits is base + slope * points
	best        float64
	found       bool
}

// search cuts the raw values at the knots and at the limits on the measure. Between two cuts limits stay as they are
// and the curve is a line, so that the score is monotone there.
func (p *pull) search() {
	knots := p.curve.Knots
	p.from, _ = p.curve.ends()
	if p.leaf.valued {
		p.from = p.raw
	}
	p.setPoints(0)
	p.base = p.s.whole().value
	p.setPoints(100)
	p.slope = (p.s.whole().value - p.base) / 100

	var cuts []float64
	for _, k := range knots {
		cuts = append(cuts, k.X)
	}
	for i := range p.m.limits {
		if l := &p.m.limits[i]; l.measure == p.i {
			cuts = append(cuts, l.Value)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	if p.curve.Kind == Bounded {
		first, _ := slices.BinarySearch(cuts, knots[0].X)
		last, _ := slices.BinarySearch(cuts, knots[len(knots)-1].X)
		cuts = cuts[first : last+1]
	} else {
		p.between(-math.MaxFloat64, before(cuts[0]))
	}
	for i, x := range cuts {
		if i > 0 {
			p.between(after(cuts[i-1]), before(x))
		}
		p.reach(x)
	}
	if p.curve.Kind != Bounded {
		p.between(after(cuts[len(cuts)-1]), math.MaxFloat64)
	}
}

// between looks at the floats from low to high, between two cuts.
func (p *pull) between(low, high float64) {
	if low > high {
		return
	}
	start := min(max(p.from, low), high)
	value, ok := p.reach(start)
	n := p.curve.below(start)
	if ok || !p.curve.linear() || n == 0 || n == len(p.curve.Knots) || p.slope == 0 {
		return
	}
	a, b := p.curve.Knots[n-1], p.curve.Knots[n]
	if a.Points == b.Points {
		return
	}
	aim := p.m.bands[p.band].Floor
	below := value < aim
	if !below {
		if p.band == len(p.m.bands)-1 {
			return
		}
		aim = p.m.bands[p.band+1].Floor - unit
	}
	points := (aim - p.base) / p.slope
	x := a.X + float64((points-a.Points)/(b.Points-a.Points)*(b.X-a.X))
	x = min(max(x, low), high)
	if _, ok := p.reach(x); ok {
		return
	}
	// Where floats lie far apart, the one nearest to the solution may be on its wrong side.
	if below == (a.Points < b.Points) {
		x = after(x)
	} else {
		x = before(x)
	}
	if low <= x && x <= high {
		p.reach(x)
	}
}

// reach scores the account with a raw value. It keeps the value if that is the nearest so far in the band.
func (p *pull) reach(x float64) (value float64, ok bool) {
	p.set(x)
	value, _ = p.m.limited(grid(p.s.whole().value), p.s, "")
	ok = p.m.unknown(p.s) == "" && p.m.band(value) == p.band
	if ok && (!p.found || math.Abs(x-p.from) < math.Abs(p.best-p.from)) {
		p.best, p.found = x, true
	}
	return value, ok
}

func before(x float64) float64 { return math.Nextafter(x, math.Inf(-1)) }

func after(x float64) float64 { return math.Nextafter(x, math.Inf(1)) }
