package coverage

import (
	"cmp"
	"math"
	"slices"

	"github.com/shopspring/decimal"
)

// Assign says who gets which account. It returns a *DataError if the input or the rules can't be used.
func Assign(in Input, rules Rules) (Plan, error) {
	r, err := read(in)
	if err != nil {
		return Plan{}, err
	}
	if rules.MaxMoves < 0 {
		return Plan{}, &DataError{Field: "max moves", Message: "is negative"}
	}
	if err := within(rules.RevenueWeight, 1); err != nil {
		return Plan{}, &DataError{Field: "revenue weight", Message: err.Error()}
	}
	d := r.desk(rules)
	d.start()
	d.search()
	d.exhaust()
	return d.plan(), nil
}

// A Change says what one more person makes of a plan.
type Change struct {
	Before Outcome `json:"before"`
	After  Outcome `json:"after"`
	Book   Book    `json:"book"` // of the newcomer
}

// Hire assigns without and with one more person, under the same rules: with MaxMoves 0 the newcomer gets only what
// nobody keeps. Errors are those of [Assign], and a *DataError if the newcomer is among the people.
func Hire(in Input, rules Rules, newcomer Person) (Change, error) {
	before, err := Assign(in, rules)
	if err != nil {
		return Change{}, err
	}
	in.People = append(slices.Clone(in.People), newcomer)
	after, err := Assign(in, rules)
	if err != nil {
		return Change{}, err
	}
	out := Change{Before: before.Outcome, After: after.Outcome}
	for _, b := range after.Books {
		if b.Person == newcomer.ID {
			out.Book = b
		}
	}
	return out, nil
}

// book is the burden of all accounts that someone may take.
const book = 1 << 50

// A desk is an assignment in the making. Accounts and people are positions, which are in the order of their IDs.
type desk struct {
	*reading
	classes []class
	of      []int   // class of each account
	burden  []int64 // of each account
	home    []int   // who has the account and may keep it, -1: nobody
	limit   int     // of moves
	open    []int   // accounts that someone may take, those with a home before the others, largest burden first
	thrift  []int   // the same, smallest effort first
	homed   int     // how many of them have a home

	at     []int   // person of each account, -1: nobody
	held   [][]int // accounts of each person, in order
	ticks  []int64 // effort of each person's accounts
	weight []int64 // burden of each person's accounts
	moves  int     // accounts whose person is not their home
	looks  int     // that fill has left
	proven bool    // no plan is better
}

func (r *reading) desk(rules Rules) *desk {
	n, m := len(r.accounts), len(r.people)
	d := &desk{
		reading: r, limit: rules.MaxMoves, looks: looks, burden: make([]int64, n), home: make([]int, n), at: make([]int, n),
		held: make([][]int, m), ticks: make([]int64, m), weight: make([]int64, m),
	}
	d.classes, d.of = r.classes()
	var effort int64
	var revenue decimal.Decimal
	for i := range r.accounts {
		a := &r.accounts[i]
		d.at[i], d.home[i] = -1, -1
		c := &d.classes[d.of[i]]
		if a.ticks < 0 || len(c.people) == 0 {
			continue
		}
		if p := r.holder(a); p >= 0 && c.has(p) {
			d.home[i] = p
			d.homed++
		}
		d.open = append(d.open, i)
		effort += a.ticks
		revenue = revenue.Add(a.Revenue)
	}
	money := revenue.InexactFloat64()
	for _, i := range d.open {
		var share float64
		if effort > 0 {
			share = float64((1 - rules.RevenueWeight) * (float64(r.accounts[i].ticks) / float64(effort)))
		}
		if rules.RevenueWeight > 0 && money > 0 {
			share += float64(rules.RevenueWeight * (r.accounts[i].Revenue.InexactFloat64() / money))
		}
		d.burden[i] = int64(math.Floor(float64(share*book) + 0.5))
	}
	slices.SortFunc(d.open, func(i, j int) int {
		return cmp.Or(d.byHome(i, j), cmp.Compare(d.burden[j], d.burden[i]), cmp.Compare(r.accounts[j].ticks, r.accounts[i].ticks), cmp.Compare(i, j))
	})
	d.thrift = slices.Clone(d.open)
	slices.SortFunc(d.thrift, func(i, j int) int {
		return cmp.Or(d.byHome(i, j), cmp.Compare(r.accounts[i].ticks, r.accounts[j].ticks), cmp.Compare(i, j))
	})
	return d
}

// byHome orders accounts with a home before others.
func (d *desk) byHome(i, j int) int { return cmp.Compare(min(d.home[j], 0), min(d.home[i], 0)) }

// ratio is the burden of a person for each of their hours if it were w.
func (d *desk) ratio(p int, w int64) float64 { return float64(w) / float64(d.people[p].ticks) }

// room reports whether a person has hours for more effort.
func (d *desk) room(p int, more int64) bool { return d.ticks[p]+more <= d.people[p].ticks }

// cost is what it adds to moves to give account i to person p.
func (d *desk) cost(i, p int) int {
	if d.home[i] < 0 {
		return 0
	}
	cost := 0
	if p != d.home[i] {
		cost++
	}
	if d.at[i] >= 0 && d.at[i] != d.home[i] {
		cost--
	}
	return cost
}

// give moves account i to person p, -1 for nobody.
func (d *desk) give(i, p int) {
	if q := d.at[i]; q >= 0 {
		at, _ := slices.BinarySearch(d.held[q], i)
		d.held[q] = slices.Delete(d.held[q], at, at+1)
		d.ticks[q] -= d.accounts[i].ticks
		d.weight[q] -= d.burden[i]
		if d.home[i] >= 0 && q != d.home[i] {
			d.moves--
		}
	}
	d.at[i] = p
	if p < 0 {
		return
	}
	at, _ := slices.BinarySearch(d.held[p], i)
	d.held[p] = slices.Insert(d.held[p], at, i)
	d.ticks[p] += d.accounts[i].ticks
	d.weight[p] += d.burden[i]
	if d.home[i] >= 0 && p != d.home[i] {
		d.moves++
	}
}

// plan reads the desk.
func (d *desk) plan() Plan {
	out := Plan{Assigned: []Assignment{}, Unassigned: []Leftover{}, Books: d.books(d.at)}
	out.Moves = d.moves
	var left, weight, team int64
	for i := range d.accounts {
		a := &d.accounts[i]
		if d.at[i] < 0 {
			out.Unassigned = append(out.Unassigned, Leftover{Account: a.ID, Before: a.Holder, Reason: d.reason(i)})
			left += max(a.ticks, 0)
			continue
		}
		person := d.people[d.at[i]].ID
		out.Assigned = append(out.Assigned, Assignment{Account: a.ID, Person: person, Before: a.Holder})
		if a.Holder != "" && d.home[i] < 0 && a.Holder != person {
			out.Forced++
		}
		weight += d.burden[i]
	}
	out.Left, out.LeftHours = len(out.Unassigned), toHours(left)
	out.LeftBound = len(d.accounts) - len(d.open) + d.leftBound()
	for p := range d.people {
		team += d.people[p].ticks
		if u := out.Books[p].Used; u != nil {
			out.Peak = max(out.Peak, *u)
		}
	}
	if weight > 0 {
		even := float64(weight) / float64(team)
		_, peak := d.busiest()
		imbalance, bound := round(peak/even), round(d.bound()/even)
		if d.proven {
			bound = imbalance
		}
		out.Imbalance, out.Bound = &imbalance, &bound
	}
	return out
}

// round rounds to 2⁻³⁰, half up, so that an even plan is at 1. It keeps the order of what it rounds.
func round(x float64) float64 { return math.Floor(float64(x*(1<<30))+0.5) / (1 << 30) }

// reason says why nobody has account i.
func (d *desk) reason(i int) Reason {
	c := &d.classes[d.of[i]]
	switch {
	case d.accounts[i].ticks < 0:
		return ReasonEffort
	case !c.skilled:
		return ReasonEligible
	case slices.ContainsFunc(c.people, func(p int) bool { return d.room(p, d.accounts[i].ticks) }):
		return ReasonMoves
	}
	return ReasonCapacity
}
