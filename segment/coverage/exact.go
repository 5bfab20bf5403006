package coverage

import "slices"

const (
	small = 20      // accounts: books up to this size are searched whole
	steps = 1 << 20 // of that search, at most
)

// A hunt looks through all plans of a small book that place every account, for less peak than the best so far.
type hunt struct {
	*desk
	best  []int
	peak  float64
	any   bool // peak holds: a plan is known
	steps int
}

// exhaust replaces the plan of a small book by the best there is, and knows then that it is the best. It does not
// where the plan is near its bound already, or steps run out.
func (d *desk) exhaust() {
	if len(d.open) == 0 || len(d.open) > small {
		return
	}
	full := !slices.ContainsFunc(d.open, func(i int) bool { return d.at[i] < 0 })
	_, peak := d.busiest()
	if full && peak <= d.bound()*near {
		return
	}
	h := &hunt{desk: d, best: slices.Clone(d.at), peak: peak, any: full, steps: steps}
	for _, i := range d.open {
		d.give(i, -1)
	}
	h.try(0, 0)
	for _, i := range d.open {
		d.give(i, h.best[i])
	}
	d.proven = h.any && h.steps > 0
}

// try places the accounts from number k of open on, above a peak that is there already.
func (h *hunt) try(k int, peak float64) {
	if k == len(h.open) {
		copy(h.best, h.at)
		h.peak, h.any = peak, true
		return
	}
	i := h.open[k]
	for _, p := range h.classes[h.of[i]].people {
		if h.steps == 0 {
			return
		}
		h.steps--
		v := max(peak, h.ratio(p, h.weight[p]+h.burden[i]))
		if h.any && v >= h.peak || !h.room(p, h.accounts[i].ticks) || h.moves+h.cost(i, p) > h.limit {
			continue
		}
		h.give(i, p)
		h.try(k+1, v)
		h.give(i, -1)
	}
}
