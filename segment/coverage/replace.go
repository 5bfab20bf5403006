package coverage

import (
	"cmp"
	"slices"
)

// replace leaves over accounts that matter less than one that nobody has, so that this one has a place: those without a
// home for one that has a home, and one of less burden for another of its kind.
func (d *desk) replace() (replaced int) {
	for _, i := range d.open {
		if d.at[i] >= 0 {
			continue
		}
		if d.looks <= 0 {
			break
		}
		if d.home[i] >= 0 && d.reclaim(i) || d.outweigh(i) {
			replaced++
		}
	}
	return replaced
}

// reclaim gives account i to whoever has room for it when the fewest accounts without a home are left over.
func (d *desk) reclaim(i int) bool {
	person, out := -1, []int(nil)
	for _, p := range d.classes[d.of[i]].people {
		if d.moves+d.cost(i, p) > d.limit {
			continue
		}
		d.looks -= len(d.held[p])
		if list, ok := d.without(p, d.accounts[i].ticks); ok && (person < 0 || len(list) < len(out)) {
			person, out = p, list
		}
	}
	if person < 0 {
		return false
	}
	for _, j := range out {
		d.give(j, -1)
	}
	d.give(i, person)
	return true
}

// without returns the fewest accounts without a home that person p must leave over to have room for more effort, and
// whether that suffices.
func (d *desk) without(p int, more int64) (list []int, ok bool) {
	over := d.ticks[p] + more - d.people[p].ticks
	var all int64
	for _, j := range d.held[p] {
		if d.home[j] < 0 {
			all += d.accounts[j].ticks
			list = append(list, j)
		}
	}
	if over > all {
		return nil, false
	}
	slices.SortStableFunc(list, func(i, j int) int { return cmp.Compare(d.accounts[j].ticks, d.accounts[i].ticks) })
	n := 0
	for ; over > 0; n++ {
		over -= d.accounts[list[n]].ticks
	}
	return list[:n], true
}

// outweigh puts account i in the place of the one with the least burden of those that have a home, or have none, as i.
func (d *desk) outweigh(i int) bool {
	worst := -1
	for _, p := range d.classes[d.of[i]].people {
		d.looks -= len(d.held[p])
		for _, j := range d.held[p] {
			if d.burden[j] < d.burden[i] && (worst < 0 || d.burden[j] < d.burden[worst]) && d.byHome(i, j) == 0 &&
				d.room(p, d.accounts[i].ticks-d.accounts[j].ticks) && d.moves+d.cost(i, p)+d.cost(j, d.home[j]) <= d.limit {
				worst = j
			}
		}
	}
	if worst < 0 {
		return false
	}
	p := d.at[worst]
	d.give(worst, -1)
	d.give(i, p)
	return true
}
