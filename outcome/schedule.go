package outcome

import (
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Route is what is left to do for one outcome, counted back from its end.
type Route struct {
	Outcome  string    // ID
	Timed    bool      // there is an end to count back from
	End      time.Time // due, or the renewal where nothing is due, or the latest start of an outcome that waits for it, if earlier
	Critical []Leg     // the chain of open milestones that must begin first, in the order of work
	Start    time.Time // latest start of the first of them, or End where none is open; never before year 1
	Slack    Duration  // from asOf to Start, elapsed, at most 292 years either way; below 0: late already
	Certain  bool      // it is known how long each open milestone takes; else Start is too late by what is not known
}

// A Leg is one open milestone of a critical path.
type Leg struct {
	Milestone string
	Owner     string    // of the milestone, or of the outcome on our side
	Takes     Duration  // 0: not known
	Start     time.Time // latest, so that the end is kept; zero if the Route is not Timed
	End       time.Time // latest, and not after the milestone's own due date; zero if the Route is not Timed
}

// Schedule returns the critical path to each outcome that has not ended, in plan order: the latest dates at which its open
// milestones begin and end, back from its due date, or from the renewal if it has none. Outcomes that it comes before
// bring its end forward. Milestones that are done by asOf cost nothing, and one that has begun costs all it takes.
//
// It returns a *DataError if the plan is wrong or asOf is zero, and ErrFormat if the plan's format is newer than [Format].
func (m *Model) Schedule(p Plan, asOf time.Time) ([]Route, error) {
	ids, err := p.check()
	if err != nil {
		return nil, err
	}
	if err := instant.Given(asOf); err != nil {
		return nil, &DataError{p.Account, "as of", err.Error()}
	}
	asOf = instant.Of(asOf)
	first := predecessors(len(p.Outcomes), func(i int) []string { return p.Outcomes[i].After }, ids)
	routes := make([]Route, len(p.Outcomes))
	ends := make([]int64, len(p.Outcomes)) // set by those that wait
	for i := range ends {
		ends[i] = never
	}
	for _, i := range slices.Backward(arranged(first, nil)) {
		o := &p.Outcomes[i]
		if !o.open() {
			continue
		}
		end := min(ends[i], ownEnd(o, &p))
		var latest int64
		routes[i], latest = o.route(end, asOf)
		for _, k := range first[i] {
			ends[k] = min(ends[k], latest)
		}
	}
	return slices.DeleteFunc(routes, func(r Route) bool { return r.Outcome == "" }), nil
}

const never = math.MaxInt64 // microseconds since 1970

// ownEnd returns an outcome's own end in microseconds.
func ownEnd(o *Outcome, p *Plan) int64 {
	switch {
	case o.Target != nil && !o.Target.Due.IsZero():
		return instant.Micros(o.Target.Due)
	case !p.Renewal.IsZero():
		return instant.Micros(p.Renewal)
	}
	return never
}

// A leg has what is known of one milestone on the way back, in microseconds since 1970.
type leg struct {
	start, end int64
	next       int // the milestone that sets its end, or -1
}

// route counts back from an end, and returns the latest start too. An end that is never moves nothing: then the chain is
// the one that takes longest.
func (o *Outcome) route(end int64, asOf time.Time) (Route, int64) {
	r := Route{Outcome: o.ID, Timed: end != never, Certain: true}
	names := namesOf(len(o.Milestones), func(i int) string { return o.Milestones[i].Name })
	first := predecessors(len(o.Milestones), func(i int) []string { return o.Milestones[i].After }, names)
	done := func(i int) bool { d := o.Milestones[i].Done; return !d.IsZero() && !instant.Of(d).After(asOf) }
	year1 := instant.Micros(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC))
	legs := make([]leg, len(first))
	for i := range legs {
		legs[i] = leg{end: end, next: -1}
	}
	earliest, begin := end, -1
	for _, i := range slices.Backward(arranged(first, nil)) {
		if done(i) {
			continue
		}
		ms, l := &o.Milestones[i], &legs[i]
		if r.Certain = r.Certain && ms.Takes > 0; r.Timed && !ms.Due.IsZero() && instant.Micros(ms.Due) < l.end {
			l.end, l.next = instant.Micros(ms.Due), -1
		}
		l.start = max(l.end-time.Duration(ms.Takes).Microseconds(), year1)
		if l.start <= earliest {
			earliest, begin = l.start, i
		}
		for _, k := range first[i] {
			if l.start < legs[k].end || legs[k].next < 0 && l.start == legs[k].end {
				legs[k].end, legs[k].next = l.start, i
			}
		}
	}
	for i := begin; i >= 0; i = legs[i].next {
		ms := &o.Milestones[i]
		l := Leg{Milestone: ms.Name, Owner: ms.owner(o), Takes: ms.Takes}
		if r.Timed {
			l.Start, l.End = instant.FromMicros(legs[i].start), instant.FromMicros(legs[i].end)
		}
		r.Critical = append(r.Critical, l)
	}
	if r.Timed {
		r.End, r.Start = instant.FromMicros(end), instant.FromMicros(earliest)
		r.Slack = Duration(r.Start.Sub(asOf).Truncate(time.Microsecond))
		return r, earliest
	}
	return r, never
}

// owner returns the team or person that a milestone is of.
func (m *Milestone) owner(o *Outcome) string {
	if m.Owner != "" {
		return m.Owner
	}
	return o.Vendor
}
