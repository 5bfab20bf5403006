package coverage

import (
	"cmp"
	"slices"
)

const (
	small = 20      // accounts: books up to this size are searched whole
	steps = 1 << 24 // of that search, at most
)

// A hunt looks through all plans of a small book for one that is better than the best so far.
type hunt struct {
	*desk
	order []int  // open accounts, largest burden first, alike ones together
	tails []tail // of the order, from each position on
	found []int  // person of each account in the best plan so far
	best  score  // of found
	free  int64  // ticks that all people have left
	steps int    // that are left
}

// A tail is what is still to come.
type tail struct {
	fit  []int64 // effort of the accounts with the least of it together, of none, one, two, ...
	home []int64 // the same of those with a home
	lost []int64 // the same of burden
}

// exhaust replaces the plan of a small book by the best there is, and knows then that it is the best. It does not
// where all are placed near the bound already, or steps run out.
func (d *desk) exhaust() {
	if len(d.open) == 0 || len(d.open) > small {
		return
	}
	now := d.score()
	if now.left == 0 && now.peak <= d.bound()*near {
		return
	}
	h := d.hunt(now, steps)
	h.try(0, score{})
	d.restore(h.found)
	if d.proven = h.steps > 0; !d.proven {
		d.search()
	}
}

// hunt takes all accounts off the desk.
func (d *desk) hunt(now score, steps int) *hunt {
	h := &hunt{desk: d, order: slices.Clone(d.open), found: slices.Clone(d.at), best: now, steps: steps}
	slices.SortStableFunc(h.order, func(i, j int) int {
		return cmp.Or(cmp.Compare(d.burden[j], d.burden[i]), cmp.Compare(d.accounts[j].ticks, d.accounts[i].ticks),
			cmp.Compare(d.of[i], d.of[j]), cmp.Compare(d.home[i], d.home[j]))
	})
	for k := range h.order {
		rest := h.order[k:]
		ticks := func(i int) int64 { return d.accounts[i].ticks }
		h.tails = append(h.tails, tail{
			fit:  sums(rest, ticks),
			home: sums(slices.DeleteFunc(slices.Clone(rest), func(i int) bool { return d.home[i] < 0 }), ticks),
			lost: sums(rest, func(i int) int64 { return d.burden[i] }),
		})
	}
	h.tails = append(h.tails, tail{fit: []int64{0}, home: []int64{0}, lost: []int64{0}})
	for p := range d.people {
		h.free += d.people[p].ticks
	}
	for _, i := range h.order {
		d.give(i, -1)
	}
	return h
}

// sums returns the sums of the least 0, 1, 2, ... of what the accounts have.
func sums(list []int, of func(account int) int64) []int64 {
	var each []int64
	for _, i := range list {
		each = append(each, of(i))
	}
	slices.Sort(each)
	out := []int64{0}
	for k, x := range each {
		out = append(out, out[k]+x)
	}
	return out
}

// alike reports whether the account at k may change places with the one before it.
func (h *hunt) alike(k int) bool {
	if k == 0 {
		return false
	}
	i, j := h.order[k], h.order[k-1]
	return h.burden[i] == h.burden[j] && h.accounts[i].ticks == h.accounts[j].ticks && h.of[i] == h.of[j] && h.home[i] == h.home[j]
}

// try places the accounts from position k of the order on, or leaves them over; s is the score of those before. Of
// accounts that are alike the later one goes to a later person, or is left over.
func (h *hunt) try(k int, s score) {
	if k == len(h.order) {
		copy(h.found, h.at)
		h.best = s
		return
	}
	i := h.order[k]
	t := h.accounts[i].ticks
	people := h.classes[h.of[i]].people
	if h.alike(k) {
		people = since(people, h.at[h.order[k-1]])
	}
	for _, p := range people {
		if h.steps == 0 {
			return
		}
		h.steps--
		if !h.room(p, t) || h.moves+h.cost(i, p) > h.limit {
			continue
		}
		v := s
		v.peak = max(s.peak, h.ratio(p, h.weight[p]+h.burden[i]))
		if !h.hopeful(k+1, v, h.free-t) {
			continue
		}
		h.lay(i, p, 1)
		h.at[i] = p
		h.try(k+1, v)
		h.at[i] = -1
		h.lay(i, p, -1)
	}
	if h.steps == 0 {
		return
	}
	h.steps--
	if h.home[i] >= 0 {
		s.orphans++
	}
	s.left++
	s.lost += h.burden[i]
	if h.hopeful(k+1, s, h.free) {
		h.try(k+1, s)
	}
}

// since returns the people from p on, nobody if p is -1.
func since(people []int, p int) []int {
	if p < 0 {
		return nil
	}
	at, _ := slices.BinarySearch(people, p)
	return people[at:]
}

// lay adds account i to what person p has, or takes it off with sign -1.
func (h *hunt) lay(i, p, sign int) {
	h.ticks[p] += int64(sign) * h.accounts[i].ticks
	h.free -= int64(sign) * h.accounts[i].ticks
	h.weight[p] += int64(sign) * h.burden[i]
	if h.home[i] >= 0 && h.home[i] != p {
		h.moves += sign
	}
}

// hopeful reports whether a plan may be better than the best whose accounts before position k have score s and leave free
// ticks in all: of the others only the smallest fit in these.
func (h *hunt) hopeful(k int, s score, free int64) bool {
	t := &h.tails[k]
	more := excess(t.fit, free)
	s.orphans += excess(t.home, free)
	s.left += more
	s.lost += t.lost[more]
	return s.less(h.best)
}

// excess returns how many accounts are over when those with the least effort are in the free ticks.
func excess(fit []int64, free int64) (over int) {
	for fit[len(fit)-1-over] > free {
		over++
	}
	return over
}
