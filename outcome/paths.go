package outcome

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Paths are a statistic of the plans of many accounts on one template: in which orders those who reached an outcome took
// its milestones, and how long that took. It holds counts and whole seconds alone, so that merging is associative and
// commutative to the bit, and nobody's ID. The zero value is ready. It is not safe for concurrent use: give each
// goroutine its own and merge; [Model.Guide] only reads it.
//
// Who has not arrived is counted and has no order. That an order went with arriving soon is no proof that it
// made them arrive.
type Paths struct {
	template string
	trails   map[string]*trail // by outcome
}

// A trail is what is known of one outcome.
type trail struct {
	begun  int64
	orders map[string]*walk // by names joined with '/', which no name has
}

// A walk is one order of milestones with those who reached the outcome in it.
type walk struct {
	steps    []string
	accounts int64
	seconds  []int64 // from the outcome's start to each step, and last to the outcome, summed over the accounts
}

// most bounds every count and sum, so that sums of two fit.
const most = 1 << 62

// Add adds a plan as of an instant: the outcomes that are in progress, paused or have ended, and the orders in which those that were achieved took the
// milestones that were done by then. Give each plan once. What was done before the outcome's start counts from there.
//
// It returns a *DataError and adds nothing if the plan is wrong or of another template, asOf is zero, or a sum would be
// above 2^62 seconds; ErrFormat if the plan's format is newer than [Format].
func (ps *Paths) Add(p Plan, asOf time.Time) error {
	if _, err := p.check(); err != nil {
		return err
	}
	if err := instant.Given(asOf); err != nil {
		return &DataError{p.Account, "as of", err.Error()}
	}
	asOf = instant.Of(asOf)
	one := Paths{template: p.Template, trails: make(map[string]*trail)}
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		at := instant.Of(o.StateAt)
		if o.State == Draft || o.State == Agreed || at.After(asOf) {
			continue
		}
		t := &trail{begun: 1, orders: make(map[string]*walk)}
		one.trails[o.ID] = t
		if o.State == Achieved {
			w := o.walked(o.since(&p), at)
			t.orders[w.key()] = w
		}
	}
	if wrong := ps.merge(&one); wrong != "" {
		return &DataError{p.Account, fmt.Sprintf("plan %q", p.ID), wrong}
	}
	return nil
}

// walked returns the order in which milestones were done up to the end; of those done at one instant the first in the
// plan comes first.
func (o *Outcome) walked(start, end time.Time) *walk {
	var done []Milestone
	for _, m := range o.Milestones {
		if !m.Done.IsZero() && !instant.Of(m.Done).After(end) {
			done = append(done, m)
		}
	}
	slices.SortStableFunc(done, func(a, b Milestone) int { return instant.Of(a.Done).Compare(instant.Of(b.Done)) })
	seconds := func(at time.Time) int64 { return max(0, (instant.Micros(at)-instant.Micros(start))/1e6) }
	w := &walk{accounts: 1}
	for _, m := range done {
		w.steps = append(w.steps, m.Name)
		w.seconds = append(w.seconds, seconds(m.Done))
	}
	w.seconds = append(w.seconds, seconds(end))
	return w
}

func (w *walk) key() string { return strings.Join(w.steps, "/") }

// Merge adds what other holds, and leaves other as it is; nil holds nothing. It returns a *DataError and adds nothing if they are of two
// templates, or a sum would be above 2^62.
func (ps *Paths) Merge(other *Paths) error {
	if wrong := ps.merge(other); wrong != "" {
		return &DataError{"", "paths", wrong}
	}
	return nil
}

// merge adds other, or says why it can't be added.
func (ps *Paths) merge(other *Paths) string {
	switch {
	case other == nil || len(other.trails) == 0:
		return ""
	case len(ps.trails) > 0 && ps.template != other.template:
		return fmt.Sprintf("of the template %q, not %q", other.template, ps.template)
	case !ps.room(other):
		return "a sum is above 2^62"
	}
	ps.template = other.template
	if ps.trails == nil {
		ps.trails = make(map[string]*trail)
	}
	for _, id := range sorted(other.trails) {
		from, to := other.trails[id], ps.trails[id]
		if to == nil {
			to = &trail{orders: make(map[string]*walk)}
			ps.trails[id] = to
		}
		to.begun += from.begun
		for _, key := range sorted(from.orders) {
			w := from.orders[key]
			sum := to.orders[key]
			if sum == nil {
				sum = &walk{steps: slices.Clone(w.steps), seconds: make([]int64, len(w.seconds))}
				to.orders[key] = sum
			}
			sum.accounts += w.accounts
			for i, s := range w.seconds {
				sum.seconds[i] += s
			}
		}
	}
	return ""
}

// room reports whether no sum exceeds its bound. A walk's last sum is its largest.
func (ps *Paths) room(other *Paths) bool {
	for _, id := range sorted(other.trails) {
		from, to := other.trails[id], ps.trails[id]
		if to == nil {
			continue
		}
		if from.begun+to.begun > most {
			return false
		}
		for _, key := range sorted(from.orders) {
			a, b := from.orders[key], to.orders[key]
			if b != nil && a.seconds[len(a.steps)]+b.seconds[len(b.steps)] > most {
				return false
			}
		}
	}
	return true
}

// leastAccounts is how many accounts an order needs to be taken for a way, and not for somebody's story.
const leastAccounts = 5

// best returns the walk with the least mean time left to the outcome for who has done some milestones: of those that
// began with exactly these, in any order; else of all, on the whole. It returns nil where too few are known. Of equal
// means the one of more accounts counts, then the first by its steps.
func (t *trail) best(done []string) (w *walk, matched bool) {
	if t == nil {
		return nil, false
	}
	var whole, rest *walk
	for _, key := range sorted(t.orders) {
		next := t.orders[key]
		if next.accounts < leastAccounts {
			continue
		}
		whole = quicker(whole, next, 0)
		if next.beginsWith(done) {
			rest = quicker(rest, next, len(done))
		}
	}
	if rest != nil {
		return rest, true
	}
	return whole, false
}

// beginsWith reports whether the first steps are these, in any order.
func (w *walk) beginsWith(done []string) bool {
	return len(done) <= len(w.steps) &&
		!slices.ContainsFunc(w.steps[:len(done)], func(s string) bool { return !slices.Contains(done, s) })
}

// left returns the summed seconds from when the first n steps were done to the outcome.
func (w *walk) left(n int) int64 {
	all := w.seconds[len(w.steps)]
	if n == 0 {
		return all
	}
	return all - w.seconds[n-1]
}

// quicker compares means after n steps exactly.
func quicker(a, b *walk, n int) *walk {
	if a == nil {
		return b
	}
	aHigh, aLow := bits.Mul64(uint64(a.left(n)), uint64(b.accounts))
	bHigh, bLow := bits.Mul64(uint64(b.left(n)), uint64(a.accounts))
	if cmp.Or(cmp.Compare(bHigh, aHigh), cmp.Compare(bLow, aLow), cmp.Compare(a.accounts, b.accounts)) < 0 {
		return b
	}
	return a
}
