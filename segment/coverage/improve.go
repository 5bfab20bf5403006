package coverage

import (
	"cmp"
	"slices"
)

const (
	tries = 1 << 29      // moves, swaps and chains looked at, at most; half of what is left each time
	near  = 1 + 1.0/1024 // times the bound: moving more accounts is not worth it
)

// search improves and fills, until neither helps.
func (d *desk) search() {
	for left := tries; ; {
		left -= left/2 - d.improve(left/2)
		if !d.fill(len(d.open)) {
			return
		}
	}
}

// busiest returns who has the most burden an hour, the first of equals; -1 if nobody has hours.
func (d *desk) busiest() (person int, peak float64) {
	person = -1
	for p := range d.people {
		if d.people[p].ticks == 0 {
			continue
		}
		if v := d.ratio(p, d.weight[p]); person < 0 || v > peak {
			person, peak = p, v
		}
	}
	return person, peak
}

// A trade gives an account to a person, who may give another one away: back in a swap, to a third person in a chain.
type trade struct {
	account, person int
	next, to        int // next -1: none
	peak            float64
}

// improve takes burden off the busiest person, by a move if one helps and else by a swap, until none does or the peak is
// near its bound. Every trade leaves both people below the peak, so that it ends. It returns the tries that are left.
func (d *desk) improve(left int) int {
	enough := d.bound() * near
	for left > 0 {
		p, peak := d.busiest()
		if p < 0 || peak <= enough {
			break
		}
		best := trade{account: -1, peak: peak}
		others := d.others(p)
		left -= len(others) + d.bestMove(p, others, &best)
		if best.account < 0 {
			left -= d.bestSwap(p, others, left, &best)
		}
		if best.account < 0 {
			left -= d.bestChain(p, others, left, &best)
		}
		if best.account < 0 {
			break
		}
		d.give(best.account, best.person)
		if best.next >= 0 {
			d.give(best.next, best.to)
		}
	}
	return left
}

// others returns who but p has hours, the least burden an hour first. What they take on lifts them from there, so that
// nobody from the first at best.peak on can better it.
func (d *desk) others(p int) []int {
	var list []int
	for q := range d.people {
		if q != p && d.people[q].ticks > 0 {
			list = append(list, q)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int {
		return cmp.Compare(d.ratio(a, d.weight[a]), d.ratio(b, d.weight[b]))
	})
	return list
}

// bestMove finds what to give away so that the greater burden of both people is least. It returns how many it looked at.
func (d *desk) bestMove(p int, others []int, best *trade) (looked int) {
	for _, i := range d.held[p] {
		mine := d.ratio(p, d.weight[p]-d.burden[i])
		if looked++; mine >= best.peak {
			continue
		}
		c := &d.classes[d.of[i]]
		for _, q := range others {
			if looked++; d.ratio(q, d.weight[q]) >= best.peak {
				break
			}
			v := max(mine, d.ratio(q, d.weight[q]+d.burden[i]))
			if v < best.peak && c.has(q) && d.room(q, d.accounts[i].ticks) && d.moves+d.cost(i, q) <= d.limit {
				*best = trade{account: i, person: q, next: -1, peak: v}
			}
		}
	}
	return looked
}

// bestSwap finds the best swap with the first of others who has one that helps.
func (d *desk) bestSwap(p int, others []int, left int, best *trade) (looked int) {
	for _, q := range others {
		if best.account >= 0 || looked >= left || d.ratio(q, d.weight[q]) >= best.peak {
			break
		}
		for _, i := range d.held[p] {
			if !d.classes[d.of[i]].has(q) {
				continue
			}
			looked += len(d.held[q])
			for _, j := range d.held[q] {
				d.weigh(p, i, q, j, best)
			}
		}
	}
	return looked
}

// weigh makes the swap of i, which p has, and j, which q has, the best one if it is.
func (d *desk) weigh(p, i, q, j int, best *trade) {
	less := d.burden[i] - d.burden[j]
	if less <= 0 || !d.classes[d.of[j]].has(p) {
		return
	}
	v := max(d.ratio(p, d.weight[p]-less), d.ratio(q, d.weight[q]+less))
	effort := d.accounts[i].ticks - d.accounts[j].ticks
	if v < best.peak && d.room(q, effort) && d.room(p, -effort) && d.moves+d.cost(i, q)+d.cost(j, p) <= d.limit {
		*best = trade{account: i, person: q, next: j, to: p, peak: v}
	}
}

// bestChain finds the best chain of two accounts, from p to one of others and from there to a third, of the first account
// that has one which helps.
func (d *desk) bestChain(p int, others []int, left int, best *trade) (looked int) {
	for _, i := range d.held[p] {
		mine := d.ratio(p, d.weight[p]-d.burden[i])
		if mine >= best.peak {
			continue
		}
		for _, q := range others {
			if looked >= left || best.account >= 0 {
				return looked
			}
			if !d.classes[d.of[i]].has(q) {
				continue
			}
			for _, j := range d.held[q] {
				middle := max(mine, d.ratio(q, d.weight[q]+d.burden[i]-d.burden[j]))
				if looked++; middle >= best.peak || !d.room(q, d.accounts[i].ticks-d.accounts[j].ticks) {
					continue
				}
				for _, r := range others {
					if looked++; d.ratio(r, d.weight[r]) >= best.peak {
						break
					}
					v := max(middle, d.ratio(r, d.weight[r]+d.burden[j]))
					if r != q && v < best.peak && d.classes[d.of[j]].has(r) && d.room(r, d.accounts[j].ticks) &&
						d.moves+d.cost(i, q)+d.cost(j, r) <= d.limit {
						*best = trade{account: i, person: q, next: j, to: r, peak: v}
					}
				}
			}
		}
	}
	return looked
}
