package pace

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/survival"
	"github.com/customersuccess-go/customersuccess/journey"
)

// A Sample collects stays that are estimated together: those in one phase of one class of accounts. The zero value is
// ready, and exact to the microsecond. Samples of parts merge to that of the whole, the same to the bit in any order. It holds
// how many stays were alike, not whose they were: its size is that of the distinct durations. It is not safe for concurrent use.
type Sample struct {
	step    int64 // in microseconds; 0 is 1
	n       int64 // stays
	ended   int64
	unknown int64 // of n, without a clock
	ends    []end // how they ended, the first being that they have not; in no order
	runs    []run
	room    int       // length of runs up to which it isn't worth sorting them
	early   [][]int64 // by end and time, up to earliest: stays watched from their start that are not in runs yet
}

// earliest bounds the times that are counted rather than sorted, so that samples of days are fast.
const earliest = 1 << 14

// An end is how a stay ended.
type end struct {
	ended bool
	kind  journey.MoveKind
	next  string
}

func (e end) compare(f end) int {
	if e.ended != f.ended {
		return map[bool]int{false: -1, true: 1}[e.ended]
	}
	return cmp.Or(cmp.Compare(e.kind, f.kind), cmp.Compare(e.next, f.next))
}

// A run is a number of stays that are alike.
type run struct {
	entry, time int64 // in steps since the beginning
	end         int   // in ends
	n           int64
}

func (a run) compare(b run) int {
	if a.time != b.time {
		return cmp.Compare(a.time, b.time)
	}
	return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.entry, b.entry))
}

// mostEnds bounds the kinds of ends and phases that a sample tells apart.
const mostEnds = 100

// NewSample returns an empty sample that counts in whole steps, such as a day, which bounds its size: a stay ends, and
// is last watched, at the end of the step in which it did; the watch begins with the step. It returns a [DataError] if
// the step is not a positive number of microseconds.
func NewSample(step journey.Duration) (*Sample, error) {
	us := time.Duration(step).Microseconds()
	if us < 1 || time.Duration(us)*time.Microsecond != time.Duration(step) {
		return nil, argument("step", "%v is not a positive number of microseconds", time.Duration(step))
	}
	return &Sample{step: us}, nil
}

// Add adds stays. It returns a [DataError] and adds none of them if one has no account, ends before it begins or
// is watched, or ended without being over; and if stays end in over 100 ways.
func (s *Sample) Add(stays ...Stay) error {
	for i := range stays {
		if err := ident.Check(stays[i].Account); err != nil {
			return argument(fmt.Sprintf("account of stay %d", i), "%s", err)
		}
		if err := stays[i].check(); err != nil {
			return err
		}
	}
	before := len(s.ends)
	for i := range stays {
		if _, ok := s.number(stays[i].end()); !ok {
			s.ends = s.ends[:before]
			return &DataError{stays[i].Account, "stay", fmt.Sprintf("is the first of over %d kinds of ends", mostEnds)}
		}
	}
	for i := range stays {
		s.add(&stays[i])
	}
	return nil
}

func (s *Stay) end() end {
	if !s.Ended {
		return end{}
	}
	return end{true, s.Kind, s.Next}
}

func (s *Stay) check() error {
	wrong := func(format string, args ...any) error {
		return &DataError{s.Account, "stay", fmt.Sprintf(format, args...)}
	}
	for _, t := range []time.Time{s.From, s.Watched, s.To} {
		if err := instant.Check(t); err != nil {
			return wrong("%s", err)
		}
	}
	for _, name := range []string{string(s.Kind), s.Next} {
		if err := ident.Check(name); name != "" && err != nil {
			return wrong("end %s", err)
		}
	}
	switch {
	case s.To.IsZero():
		return wrong("has no end of its watch")
	case s.To.Before(s.From) || s.To.Before(s.Watched):
		return wrong("from %s to %s does not run", s.From.UTC().Format(time.RFC3339Nano), s.To.UTC().Format(time.RFC3339Nano))
	case !s.Ended && (s.Kind != "" || s.Next != ""):
		return wrong("has a kind of end and has not ended")
	}
	return nil
}

// number returns the number of an end, which it adds if it is new.
func (s *Sample) number(e end) (int, bool) {
	if len(s.ends) == 0 {
		s.ends = append(s.ends, end{})
	}
	i := slices.Index(s.ends, e)
	if i < 0 && len(s.ends) <= mostEnds {
		i = len(s.ends)
		s.ends = append(s.ends, e)
	}
	return i, i >= 0
}

func (s *Sample) add(x *Stay) {
	s.n++
	if x.Ended {
		s.ended++
	}
	entry, end, ok := x.clock()
	if !ok {
		s.unknown++
		return
	}
	step := max(s.step, 1)
	e, _ := s.number(x.end())
	r := run{entry: entry / step, time: (end + step - 1) / step, end: e, n: 1}
	if r.entry == 0 && r.time < earliest {
		s.count(e, r.time)
		return
	}
	s.runs = append(s.runs, r)
	if len(s.runs) > max(s.room, 1024) {
		s.sort()
	}
}

// count adds one stay to those watched from their start.
func (s *Sample) count(end int, time int64) {
	for len(s.early) <= end {
		s.early = append(s.early, nil)
	}
	if grow := int(time) + 1 - len(s.early[end]); grow > 0 {
		s.early[end] = append(s.early[end], make([]int64, grow)...)
	}
	s.early[end][time]++
}

// sort brings the runs into their order, each once.
func (s *Sample) sort() {
	for e, counts := range s.early {
		for time, n := range counts {
			if n > 0 {
				s.runs = append(s.runs, run{time: int64(time), end: e, n: n})
				counts[time] = 0
			}
		}
	}
	slices.SortFunc(s.runs, run.compare)
	before := len(s.runs)
	kept := s.runs[:0]
	for _, r := range s.runs {
		if last := len(kept) - 1; last >= 0 && kept[last].compare(r) == 0 {
			kept[last].n += r.n
			continue
		}
		kept = append(kept, r)
	}
	s.runs, s.room = kept, 2*len(kept)
	if len(kept) > before/2 { // few are alike
		s.room = 8 * len(kept)
	}
}

// canonical brings the ends into their order too, without those that no run has.
func (s *Sample) canonical() {
	s.sort()
	used := make([]bool, len(s.ends))
	for _, r := range s.runs {
		used[r.end] = true
	}
	ends := []end{{}}
	for i, e := range s.ends {
		if used[i] && e.ended {
			ends = append(ends, e)
		}
	}
	slices.SortFunc(ends, end.compare)
	to := make([]int, len(s.ends))
	for i, e := range s.ends {
		to[i] = slices.Index(ends, e)
	}
	for i := range s.runs {
		s.runs[i].end = to[s.runs[i].end]
	}
	s.ends, s.early = ends, nil
	s.sort()
}

// Merge adds the stays of another sample. It refuses one with another step, or too many to count, and is then unchanged.
func (s *Sample) Merge(t *Sample) error {
	if max(s.step, 1) != max(t.step, 1) {
		return errors.New("pace: merge: the steps differ")
	}
	if s.n > math.MaxInt64/2-t.n {
		return errors.New("pace: merge: more stays than can be counted")
	}
	t.sort()
	before := len(s.ends)
	to := make([]int, len(t.ends))
	for i, e := range t.ends {
		n, ok := s.number(e)
		if !ok {
			s.ends = s.ends[:before]
			return fmt.Errorf("pace: merge: over %d kinds of ends", mostEnds)
		}
		to[i] = n
	}
	s.n, s.ended, s.unknown = s.n+t.n, s.ended+t.ended, s.unknown+t.unknown
	for _, r := range t.runs {
		r.end = to[r.end]
		s.runs = append(s.runs, r)
	}
	s.sort()
	return nil
}

// N returns how many stays were added, those without a clock included.
func (s *Sample) N() int { return int(min(s.n, math.MaxInt)) }

// observations returns the stays with a clock in days, those that ended in a way that cause numbers, from 1, with that
// number, and the others as censored.
func (s *Sample) observations(cause func(end) int) []survival.Observation {
	obs := make([]survival.Observation, 0, s.n-s.unknown)
	for _, r := range s.runs {
		o := survival.Observation{Entry: s.days(r.entry), Time: s.days(r.time)}
		if e := s.ends[r.end]; e.ended {
			o.Cause = cause(e)
		}
		for range r.n {
			obs = append(obs, o)
		}
	}
	return obs
}

func (s *Sample) days(steps int64) float64 {
	return float64(steps) * float64(max(s.step, 1)) / float64((24 * time.Hour).Microseconds())
}
