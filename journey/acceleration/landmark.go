package acceleration

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/survival"
)

// A Drop is an account that was not under way at the landmark.
type Drop struct {
	Account string  `json:"account"`
	Why     DropWhy `json:"why"`
	Day     float64 `json:"day"` // of its end, or when it was last watched
}

// A DropWhy says why an account is not compared.
type DropWhy string

// Reasons for a drop. On the day of the landmark itself is by it.
const (
	EndedBefore   DropWhy = "reached" // what is looked at happened by the landmark
	LeftBefore    DropWhy = "left"    // it left by the landmark
	WatchedBefore DropWhy = "watched" // it was last watched by the landmark
)

// A field is the accounts compared, in the order of segments and then IDs, from the landmark on.
type field struct {
	plan   Plan
	ids    []string
	obs    []survival.Observation // in days since the landmark, cut at the horizon
	strata []stratum
	with   [][]bool // by step and account: done by the landmark
	later  []int    // by step: accounts that did it after the landmark
}

// A stratum is the accounts of one segment: from the first up to, without, the last.
type stratum struct {
	segment     string
	first, last int
}

// newField sorts the accounts into those compared and those dropped.
func newField(accounts []Account, p Plan) (*field, []Drop, error) {
	order := make([]*Account, len(accounts))
	for i := range accounts {
		if err := accounts[i].check(i); err != nil {
			return nil, nil, err
		}
		order[i] = &accounts[i]
	}
	slices.SortFunc(order, func(a, b *Account) int {
		return cmp.Or(strings.Compare(a.Segment, b.Segment), strings.Compare(a.ID, b.ID))
	})
	index := make(map[string]int, len(p.Steps))
	for i, s := range p.Steps {
		index[s.Name] = i
	}
	f := &field{plan: p, with: make([][]bool, len(p.Steps)), later: make([]int, len(p.Steps))}
	var drops []Drop
	seen := make(map[string]bool, len(order))
	for _, a := range order {
		if seen[a.ID] {
			return nil, nil, &DataError{Account: a.ID, Field: "account", Message: "is there twice"}
		}
		seen[a.ID] = true
		if d, drop := a.dropped(p.Landmark); drop {
			drops = append(drops, d)
			continue
		}
		f.add(a, index)
	}
	slices.SortFunc(drops, func(a, b Drop) int { return strings.Compare(a.Account, b.Account) })
	return f, drops, nil
}

func (a *Account) dropped(landmark float64) (Drop, bool) {
	d := Drop{Account: a.ID, Day: days(a.From, a.To)}
	switch a.End {
	case Reached:
		d.Why = EndedBefore
	case Left:
		d.Why = LeftBefore
	default:
		d.Why = WatchedBefore
	}
	return d, d.Day <= landmark
}

// add adds an account that is under way at the landmark.
func (f *field) add(a *Account, index map[string]int) {
	i := len(f.obs)
	if n := len(f.strata); n == 0 || f.strata[n-1].segment != a.Segment {
		f.strata = append(f.strata, stratum{a.Segment, i, i})
	}
	f.strata[len(f.strata)-1].last = i + 1
	end := days(a.From, a.To)
	o := survival.Observation{Time: end - f.plan.Landmark}
	switch a.End {
	case Reached:
		o.Cause = 1
	case Left: // it will never reach the end, which is known for as long as it would have been watched
		o.Time = f.plan.Horizon
		if !a.Until.IsZero() {
			o.Time = max(end, days(a.From, a.Until)) - f.plan.Landmark
		}
	}
	if o.Time > f.plan.Horizon {
		o = survival.Observation{Time: f.plan.Horizon}
	}
	f.ids, f.obs = append(f.ids, a.ID), append(f.obs, o)
	first := make(map[int]time.Time)
	for _, d := range a.Done {
		if s, ok := index[d.Step]; ok {
			if at, done := first[s]; !done || d.At.Before(at) {
				first[s] = d.At
			}
		}
	}
	for s := range f.with {
		at, done := first[s]
		early := done && days(a.From, at) <= f.plan.Landmark
		f.with[s] = append(f.with[s], early)
		if done && !early {
			f.later[s]++
		}
	}
}

// A side is the observations of the accounts with a step, or without it.
type sides struct{ with, without []survival.Observation }

// split returns the two sides of a step within a stratum.
func (f *field) split(step int, s stratum) (x sides) {
	for i := s.first; i < s.last; i++ {
		if f.with[step][i] {
			x.with = append(x.with, f.obs[i])
		} else {
			x.without = append(x.without, f.obs[i])
		}
	}
	return x
}

// fewest is how many accounts a segment must have on each side, where there is more than one segment.
const fewest = 5

// compared returns the strata in which a step is compared.
func (f *field) compared(step int) []stratum {
	if len(f.strata) == 1 {
		return f.strata
	}
	var out []stratum
	for _, s := range f.strata {
		if x := f.split(step, s); min(len(x.with), len(x.without)) >= fewest {
			out = append(out, s)
		}
	}
	return out
}
