package coverage

import (
	"fmt"
	"slices"
	"strings"
)

// A class is a set of people who may take an account.
type class struct {
	people  []int    // with hours, by ID
	set     []uint64 // the same as bits
	ticks   int64    // of all its people together
	most    int64    // of one of them
	skilled bool     // somebody fits, with or without hours
}

// has reports whether a person is in the class.
func (c *class) has(p int) bool { return c.set[p/64]>>(p%64)&1 == 1 }

// inside reports whether all of c is in d.
func (c *class) inside(d *class) bool {
	for i, w := range c.set {
		if w&^d.set[i] != 0 {
			return false
		}
	}
	return true
}

// classes returns the classes of people, and the class of each account. Accounts that the same people may take share one.
func (r *reading) classes() ([]class, []int) {
	var classes []class
	asked, known := make(map[string]int), make(map[string]int) // class by what accounts ask for, and by its people
	of := make([]int, len(r.accounts))
	for i := range r.accounts {
		a := &r.accounts[i]
		skills := slices.Clone(a.Skills)
		slices.Sort(skills)
		// Names have no control characters.
		key := a.Language + "\x00" + a.Region + "\x00" + strings.Join(slices.Compact(skills), "\x00")
		at, ok := asked[key]
		if !ok {
			c := r.class(a)
			people := fmt.Sprint(c.skilled, c.set)
			if at, ok = known[people]; !ok {
				at = len(classes)
				known[people] = at
				classes = append(classes, c)
			}
			asked[key] = at
		}
		of[i] = at
	}
	return classes, of
}

// class finds who may take an account.
func (r *reading) class(a *client) class {
	c := class{set: make([]uint64, (len(r.people)+63)/64)}
	for i := range r.people {
		p := &r.people[i]
		if a.Language != "" && !slices.Contains(p.Languages, a.Language) ||
			a.Region != "" && !slices.Contains(p.Regions, a.Region) ||
			slices.ContainsFunc(a.Skills, func(s string) bool { return !slices.Contains(p.Skills, s) }) {
			continue
		}
		c.skilled = true
		if p.ticks > 0 {
			c.people = append(c.people, i)
			c.set[i/64] |= 1 << (i % 64)
			c.ticks += p.ticks
			c.most = max(c.most, p.ticks)
		}
	}
	return c
}
