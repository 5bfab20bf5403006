package outcome

import (
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Guidance is what to do next for one outcome.
type Guidance struct {
	Outcome  string // ID
	State    State
	Waits    []string // IDs of outcomes that come first and are not achieved
	Steps    []Next   // open milestones in the order to take them
	Begun    int64    // accounts in Paths whose outcome is in progress, paused or has ended
	Reached  int64    // those of them that reached it
	Accounts int64    // those that reached it in the order of Steps; 0: too few are known, and the plan's own order stands
	Matched  bool     // they had done the same milestones at this point, in any order
	Days     float64  // mean from there to the outcome, in days of 24 hours, if Matched
}

// A Next is one milestone to do.
type Next struct {
	Milestone string
	Owner     string // the team or person it is of: the milestone's owner, or the outcome's on our side
	Ready     bool   // nothing that comes first is open
}

// Guide returns the next best steps to each outcome of a plan that has not ended: its open milestones in the most
// efficient order that is known from those who reached it. That is the order with the least mean time left, of the
// orders that five accounts or more took, first of those that began with what is done here. The plan's own dependencies
// go before; milestones that the order lacks come last, in the order of the plan. Paths may be nil: then nothing is known.
//
// It returns a *DataError if the plan is wrong, of another account or of another template than paths, or asOf is zero, and
// ErrFormat if the plan's format is newer than [Format].
func (m *Model) Guide(in Input, paths *Paths, asOf time.Time) ([]Guidance, error) {
	var e evaluation
	ids, err := e.begin(&in, asOf)
	if err != nil {
		return nil, err
	}
	p := e.plan
	if paths == nil {
		paths = new(Paths)
	}
	if len(paths.trails) > 0 && paths.template != p.Template {
		return nil, &DataError{p.Account, "paths", "are of another template than the plan"}
	}
	var list []Guidance
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		if !o.open() {
			continue
		}
		g := Guidance{Outcome: o.ID, State: o.State}
		for _, id := range o.After {
			if k, _ := ids.Index(id); p.Outcomes[k].State != Achieved {
				g.Waits = append(g.Waits, id)
			}
		}
		g.follow(o, paths.trails[o.ID], e.asOf)
		list = append(list, g)
	}
	return list, nil
}

// follow puts the open milestones in order.
func (g *Guidance) follow(o *Outcome, t *trail, asOf time.Time) {
	names := namesOf(len(o.Milestones), func(i int) string { return o.Milestones[i].Name })
	first := predecessors(len(o.Milestones), func(i int) []string { return o.Milestones[i].After }, names)
	closed := make([]bool, len(first))
	var done []string
	for i := range closed {
		ms := &o.Milestones[i]
		if closed[i] = !ms.Done.IsZero() && !instant.Of(ms.Done).After(asOf); closed[i] {
			done = append(done, ms.Name)
		}
	}
	preferred, listed := make([]int, 0, len(first)), make([]bool, len(first))
	w, matched := t.best(done)
	if t != nil {
		g.Begun = t.begun
		for _, key := range sorted(t.orders) {
			g.Reached += t.orders[key].accounts
		}
	}
	if w != nil {
		g.Accounts, g.Matched = w.accounts, matched
		if matched {
			g.Days = float64(w.left(len(done))) / float64(w.accounts) / (24 * 60 * 60)
		}
		for _, step := range w.steps {
			if i, there := names.Index(step); there {
				preferred, listed[i] = append(preferred, i), true
			}
		}
	}
	for i := range first {
		if !listed[i] {
			preferred = append(preferred, i)
		}
	}
	for _, i := range arranged(first, preferred) {
		if closed[i] {
			continue
		}
		ms := &o.Milestones[i]
		open := func(k int) bool { return !closed[k] }
		g.Steps = append(g.Steps, Next{ms.Name, ms.owner(o), len(g.Waits) == 0 && !slices.ContainsFunc(first[i], open)})
	}
}
