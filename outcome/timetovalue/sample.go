package timetovalue

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/survival"
)

// A Sample collects cases that are estimated together, such as those of one segment and cohort. The zero value is ready.
// Samples of parts merge to that of the whole, the same to the bit in any order. It holds how many cases were alike, not
// whose they were: its size is that of the distinct days. It is not safe for concurrent use, not even to estimate.
type Sample struct {
	n     int
	runs  []run   // in order, each clock once
	added []clock // those that are not in runs yet
}

// mostCases bounds a sample, of which an estimate lists the cases: a few bytes from elsewhere must not fill the memory.
const mostCases = 10_000_000

// A run is a number of cases that are alike.
type run struct {
	clock clock
	n     int
}

// A clock is that of a case in one number, which sorts fast: from the highest bits on when it ended and when its watch began,
// in days since the anchor, and how it ended: value, left, unverified, or 0 where it waits. Where the watch began after
// the anchor and on the last day, the case is in no share.
type clock int64

const (
	unverified = left + 1 // waits for a verification

	endBits  = 2
	dayBits  = 22
	dayMask  = 1<<dayBits - 1
	mostDays = 366 * 9999 // instants lie within the years 1 to 9999
)

func newClock(time, entry int64, end int) clock {
	return clock(time<<(dayBits+endBits) | entry<<endBits | int64(end))
}

func (c clock) time() int64  { return int64(c >> (dayBits + endBits)) }
func (c clock) entry() int64 { return int64(c >> endBits & dayMask) }
func (c clock) end() int     { return int(c & (1<<endBits - 1)) }

// Add adds cases. It returns a [DataError] and adds none of them if one is wrong as [Estimate] has it, or with more than
// ten million in the sample.
func (s *Sample) Add(cases ...Case) error {
	if len(cases) > mostCases-s.n {
		return &DataError{Field: "cases", Message: fmt.Sprintf("are more than %d", mostCases)}
	}
	return s.add(cases)
}

func (s *Sample) add(cases []Case) error {
	before := len(s.added)
	s.added = slices.Grow(s.added, len(cases))
	for i := range cases {
		c := &cases[i]
		at, err := c.clock()
		if err != nil {
			err = &DataError{Account: c.Account, Field: "clock", Message: err.Error()}
		} else if bad := ident.Check(c.Account); bad != nil {
			err = &DataError{Account: c.Account, Message: bad.Error()}
		}
		if err != nil {
			s.added = s.added[:before]
			return err
		}
		s.added = append(s.added, at)
	}
	s.n += len(cases)
	if len(s.added) > max(2*len(s.runs), 1024) {
		s.settle()
	}
	return nil
}

// settle brings what was added into the runs.
func (s *Sample) settle() {
	slices.Sort(s.added)
	for i, c := range s.added {
		if i > 0 && c == s.added[i-1] {
			s.runs[len(s.runs)-1].n++
			continue
		}
		s.runs = append(s.runs, run{c, 1})
	}
	s.added = s.added[:0]
	s.order()
}

// order brings the runs into their order, each clock once.
func (s *Sample) order() {
	slices.SortFunc(s.runs, func(a, b run) int { return cmp.Compare(a.clock, b.clock) })
	kept := s.runs[:0]
	for _, r := range s.runs {
		if last := len(kept) - 1; last >= 0 && kept[last].clock == r.clock {
			kept[last].n += r.n
			continue
		}
		kept = append(kept, r)
	}
	s.runs = kept
}

// Merge adds the cases of another sample. It returns a [DataError] and adds none of them if they would be more than ten
// million.
func (s *Sample) Merge(t *Sample) error {
	if t.n > mostCases-s.n {
		return &DataError{Field: "cases", Message: fmt.Sprintf("are more than %d", mostCases)}
	}
	s.n += t.n
	s.runs, s.added = append(s.runs, t.runs...), append(s.added, t.added...)
	s.settle()
	return nil
}

// N returns how many cases were added.
func (s *Sample) N() int { return s.n }

// Estimate returns the incidence over the cases, the same to the bit as [Estimate] does.
func (s *Sample) Estimate() (Incidence, error) { return estimate(s.observations()) }

func estimate(obs []survival.Observation, in Incidence) (Incidence, error) {
	aj, err := survival.AalenJohansen(obs, left)
	if err != nil {
		return Incidence{}, fmt.Errorf("timetovalue: %w", err)
	}
	in.Steps = make([]Step, len(aj.Times))
	arrived, gone := aj.ByCause[value-1], aj.ByCause[left-1]
	for i, t := range aj.Times {
		in.Steps[i] = Step{
			Day: t, Value: arrived.Cumulative[i], Left: gone.Cumulative[i], Waiting: aj.Survival[i], SE: math.Sqrt(max(0, arrived.Variance[i])),
			AtRisk: aj.AtRisk[i], Arrived: arrived.Events[i], Gone: gone.Events[i], Censored: aj.Censored[i],
		}
		in.Steps[i].settle()
	}
	return in, nil
}

// observations lists the cases that are in the shares, in days, and counts all.
func (s *Sample) observations() ([]survival.Observation, Incidence) {
	s.settle()
	obs := make([]survival.Observation, 0, s.n)
	in := Incidence{N: s.n}
	for _, r := range s.runs {
		o := survival.Observation{Entry: float64(r.clock.entry()), Time: float64(r.clock.time())}
		switch r.clock.end() {
		case value:
			in.Valued += r.n
			o.Cause = value
		case left:
			in.Left += r.n
			o.Cause = left
		case unverified:
			in.Unverified += r.n
			fallthrough
		default:
			in.Pending += r.n
		}
		if o.Entry > 0 && o.Entry == o.Time {
			in.Unwatched += r.n
			continue
		}
		for range r.n {
			obs = append(obs, o)
		}
	}
	return obs, in
}
