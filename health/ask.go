package health

import (
	"cmp"
	"slices"
	"time"
)

// Ask returns the measures that are unknown in whole or in part, the one that would narrow Low to High most first;
// ties in definition order. How much one would narrow is the mean over two fresh readings, at the worst and at the best
// knot of its curve, limits included; overrides and MinCoverage play no role.
//
// Ask returns an error if the account's data is wrong, as Score does.
func (m *Model) Ask(in Input, asOf time.Time) ([]string, error) {
	var room buffers
	s := m.open(&room, make([]Part, len(m.measures)))
	if err := m.read(&s, in, asOf); err != nil {
		return nil, err
	}
	m.sum(&s)
	width := func() float64 {
		low, high := m.bounds(&s)
		return high - low
	}
	type question struct {
		name    string
		narrows float64
	}
	var questions []question
	now := width()
	for i := range m.measures {
		l := &s.leaves[i]
		if !l.applies || l.known == 1 {
			continue
		}
		q := question{name: m.measures[i].name}
		if !l.fixed {
			t := m.try(&s, i)
			worst, best := t.curve.ends()
			t.set(worst)
			atWorst := width()
			t.set(best)
			q.narrows = now - (atWorst+width())/2
			t.end()
		}
		questions = append(questions, q)
	}
	slices.SortStableFunc(questions, func(a, b question) int { return cmp.Compare(b.narrows, a.narrows) })
	names := make([]string, len(questions))
	for i, q := range questions {
		names[i] = q.name
	}
	return names, nil
}

// A trial is a sheet on which one measure gets fresh readings instead of its own.
type trial struct {
	m     *Model
	s     *sheet
	i     int // the measure
	curve *Curve
	leaf  leaf    // its own
	raw   float64 // its own
}

func (m *Model) try(s *sheet, i int) trial {
	return trial{m, s, i, m.measures[i].curveAt(&s.moment), s.leaves[i], s.parts[i].Reading.Value}
}

// set gives the measure a raw value that its curve takes.
func (t *trial) set(raw float64) {
	points, _ := t.curve.at(raw)
	t.setPoints(points)
	t.s.parts[t.i].Reading.Value = raw
}

// setPoints gives the measure points whatever its raw value.
func (t *trial) setPoints(points float64) {
	t.m.measures[t.i].mix(&t.s.leaves[t.i], points, 1)
	t.m.sumAbove(t.s, t.i)
}

// end gives the measure its own reading back.
func (t *trial) end() {
	t.s.leaves[t.i], t.s.parts[t.i].Reading.Value = t.leaf, t.raw
	t.m.sumAbove(t.s, t.i)
}
