package opportunity

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// What bounds the memory that a segment takes.
const (
	mostCells  = 1 << 27 // respondents times outcomes
	mostScores = 1 << 24 // outcomes times resamples
)

// A cut chooses what counts: the answers in (after, until], and the satisfaction with service.
type cut struct {
	service      string
	after, until int64 // microseconds
}

func newCut(service string, until time.Time, window time.Duration) cut {
	c := cut{service: service, after: math.MinInt64, until: instant.Micros(until)}
	if window > 0 {
		c.after = instant.Micros(instant.Of(until).Add(-window))
	}
	return c
}

func (c *cut) holds(at int64) bool { return c.after < at && at <= c.until }

// A cell is one rating of an outcome.
type cell struct {
	at           int64
	respondent   uint32
	importance   uint8
	satisfaction uint8
	services     uint8 // bit k is set where the satisfaction is with the service of cut k
}

// A segment is the ratings of one group. Respondents are numbered in the order of their IDs.
type segment struct {
	name     string
	ids      []string // of respondents
	outcomes []string // those asked for in their order, then the latent ones
	asked    int      // of outcomes
	cells    [][]cell // by outcome

	respondent map[string]uint32
	outcome    map[string]int
}

// read sorts the ratings that one of the cuts holds into segments, in the order of their names.
func read(ratings []Rating, cuts []cut, o Options) ([]*segment, error) {
	var segments []*segment
	index := make(map[string]*segment)
	for i := range ratings {
		r := &ratings[i]
		if err := r.check(); err != nil {
			return nil, err
		}
		x := cell{at: instant.Micros(r.At), importance: uint8(r.Importance), satisfaction: uint8(r.Satisfaction)}
		during, counts := false, false
		for k := range cuts {
			if r.Service == cuts[k].service {
				x.services |= 1 << k
			}
			if cuts[k].holds(x.at) {
				during = true
				counts = counts || r.Importance > 0 || r.Satisfaction > 0 && x.services>>k&1 == 1
			}
		}
		if !during {
			continue
		}
		s := index[r.Segment]
		if s == nil {
			s = newSegment(r.Segment, o.Outcomes)
			index[r.Segment] = s
			segments = append(segments, s)
		}
		s.add(r, x, counts)
	}
	slices.SortFunc(segments, func(a, b *segment) int { return cmp.Compare(a.name, b.name) })
	for _, s := range segments {
		s.arrange()
		if err := s.fits(o); err != nil {
			return nil, err
		}
	}
	return segments, nil
}

func newSegment(name string, asked []string) *segment {
	s := &segment{name: name, respondent: make(map[string]uint32), outcome: make(map[string]int)}
	for _, o := range asked {
		s.number(o)
	}
	s.asked = len(asked)
	return s
}

// fits checks that the segment can be held in memory.
func (s *segment) fits(o Options) error {
	wrong := func(count int, of string, most int) error {
		return &DataError{
			Field: fmt.Sprintf("segment %q", s.name), Message: fmt.Sprintf("%d outcomes times %d %s are over %d", len(s.outcomes), count, of, most),
		}
	}
	if len(s.outcomes) > mostCells/max(1, len(s.ids)) {
		return wrong(len(s.ids), "respondents", mostCells)
	}
	if len(s.outcomes) > mostScores/o.Resamples {
		return wrong(o.Resamples, "resamples", mostScores)
	}
	return nil
}

// latent reports whether an outcome was rated, though it was not asked for.
func (s *segment) latent(outcome int) bool { return s.asked > 0 && outcome >= s.asked }

// number returns the index of an outcome, a new one where it is new.
func (s *segment) number(outcome string) int {
	i, ok := s.outcome[outcome]
	if !ok {
		i = len(s.outcomes)
		s.outcome[outcome] = i
		s.outcomes = append(s.outcomes, outcome)
		s.cells = append(s.cells, nil)
	}
	return i
}

// add takes in a rating; one without an answer that counts only makes its outcome known.
func (s *segment) add(r *Rating, x cell, counts bool) {
	o := s.number(r.Outcome)
	if !counts {
		return
	}
	id, ok := s.respondent[r.Respondent]
	if !ok {
		id = uint32(len(s.ids))
		s.respondent[r.Respondent] = id
		s.ids = append(s.ids, r.Respondent)
	}
	x.respondent = id
	s.cells[o] = append(s.cells[o], x)
}

// arrange numbers respondents and latent outcomes in the order of their names, not of their appearance.
func (s *segment) arrange() {
	slices.Sort(s.ids)
	place := make([]uint32, len(s.ids))
	for i, id := range s.ids {
		place[s.respondent[id]] = uint32(i)
	}
	for _, cells := range s.cells {
		for i := range cells {
			cells[i].respondent = place[cells[i].respondent]
		}
	}
	slices.Sort(s.outcomes[s.asked:])
	cells := make([][]cell, len(s.cells))
	for i, o := range s.outcomes {
		cells[i] = s.cells[s.outcome[o]]
	}
	s.cells = cells
	s.respondent, s.outcome = nil, nil
}
