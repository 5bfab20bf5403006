package coverage

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Measure returns demand beside supply, and what is odd about the book. It returns a *DataError if the input can't be
// used.
func Measure(in Input) (Capacity, error) {
	r, err := read(in)
	if err != nil {
		return Capacity{}, err
	}
	c := Capacity{Accounts: len(r.accounts), Revenue: r.total(), Currency: r.currency, Cells: r.cells()}
	var demand, supply int64
	for i := range r.people {
		if t := r.people[i].ticks; t > 0 {
			c.People++
			supply += t
		}
	}
	holders := make([]int, len(r.accounts))
	for i := range r.accounts {
		a := &r.accounts[i]
		demand += max(a.ticks, 0)
		holders[i] = r.holder(a)
	}
	c.Demand, c.Supply = toHours(demand), toHours(supply)
	c.Used = ratio(c.Demand, c.Supply)
	if r.standard > 0 {
		needed := (demand + r.standard - 1) / r.standard
		c.Needed = &needed
	}
	c.AccountsEach = ratio(float64(c.Accounts), float64(c.People))
	c.HoursEach = ratio(c.Demand, float64(c.People))
	if c.People > 0 {
		each := c.Revenue.DivRound(decimal.NewFromInt(int64(c.People)), r.minor())
		c.RevenueEach = &each
	}
	c.Books = r.books(holders)
	slices.SortStableFunc(c.Books, func(a, b Book) int { return cmp.Compare(b.Accounts, a.Accounts) })
	c.Findings = r.findings()
	return c, nil
}

// holder returns the position of the person who has the account, -1 if they are not among the people.
func (r *reading) holder(a *client) int {
	if i, ok := r.index[a.Holder]; ok {
		return i
	}
	return -1
}

// cells adds up accounts by kind.
func (r *reading) cells() []Cell {
	index := make(map[[3]string]int)
	cells := []Cell{}
	var ticks []int64
	for i := range r.accounts {
		a := &r.accounts[i]
		kind := [3]string{a.Segment, a.Phase, a.Health}
		at, ok := index[kind]
		if !ok {
			at = len(cells)
			index[kind] = at
			cells = append(cells, Cell{Segment: a.Segment, Phase: a.Phase, Health: a.Health})
			ticks = append(ticks, 0)
		}
		c := &cells[at]
		c.Accounts++
		c.Revenue = c.Revenue.Add(a.Revenue)
		if a.ticks < 0 {
			c.Unknown++
			continue
		}
		ticks[at] += a.ticks
		c.Hours = toHours(ticks[at])
	}
	slices.SortFunc(cells, func(a, b Cell) int {
		return cmp.Or(strings.Compare(a.Segment, b.Segment), strings.Compare(a.Phase, b.Phase), strings.Compare(a.Health, b.Health))
	})
	return cells
}

// books adds up accounts by the position of their person; -1 is nobody.
func (r *reading) books(at []int) []Book {
	books := make([]Book, len(r.people))
	ticks := make([]int64, len(r.people))
	for i, p := range at {
		if p >= 0 {
			a := &r.accounts[i]
			books[p].Accounts++
			books[p].Revenue = books[p].Revenue.Add(a.Revenue)
			ticks[p] += max(a.ticks, 0)
		}
	}
	for i := range books {
		b, p := &books[i], &r.people[i]
		b.Person, b.Hours, b.Capacity = p.ID, toHours(ticks[i]), toHours(p.ticks)
		b.Used = ratio(b.Hours, b.Capacity)
	}
	return books
}

// findings lists what is odd, each code at most once.
func (r *reading) findings() []Finding {
	var idle, unknown, zero, nobody []string
	for i := range r.people {
		if r.people[i].ticks == 0 {
			idle = append(idle, r.people[i].ID)
		}
	}
	classes, of := r.classes()
	for i := range r.accounts {
		a := &r.accounts[i]
		switch {
		case a.ticks < 0:
			unknown = append(unknown, a.ID)
		case a.ticks == 0:
			zero = append(zero, a.ID)
		}
		if !classes[of[i]].skilled {
			nobody = append(nobody, a.ID)
		}
	}
	list := []Finding{}
	if len(r.people) == 0 {
		list = append(list, Finding{Code: NoPeople})
	}
	for _, f := range []Finding{{NoHours, idle}, {UnknownEffort, unknown}, {ZeroEffort, zero}, {NobodyMayTake, nobody}} {
		if len(f.IDs) > 0 {
			list = append(list, f)
		}
	}
	return list
}
