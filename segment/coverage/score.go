package coverage

import "cmp"

// A score is what plans are compared by: the less, the better.
type score struct {
	orphans int     // accounts with a home that nobody has
	left    int     // open accounts that nobody has
	lost    int64   // their burden
	peak    float64 // burden an hour of the busiest person
}

// coarse rounds a burden to 2⁻²⁰ of the book, so that what rounding did to sums of burdens does not decide.
func coarse(burden int64) int64 { return (burden + 1<<29) >> 30 }

// rest compares what is left over.
func (s score) rest(t score) int {
	return cmp.Or(cmp.Compare(s.orphans, t.orphans), cmp.Compare(s.left, t.left), cmp.Compare(coarse(s.lost), coarse(t.lost)))
}

// less reports whether s is better than t.
func (s score) less(t score) bool { return cmp.Or(s.rest(t), cmp.Compare(s.peak, t.peak)) < 0 }

// score returns that of the desk as it is.
func (d *desk) score() score {
	var s score
	for _, i := range d.open {
		if d.at[i] < 0 {
			if d.home[i] >= 0 {
				s.orphans++
			}
			s.left++
			s.lost += d.burden[i]
		}
	}
	_, s.peak = d.busiest()
	return s
}

// restore gives all accounts to whom they were with.
func (d *desk) restore(at []int) {
	for _, i := range d.open {
		d.give(i, -1)
	}
	for _, i := range d.open {
		d.give(i, at[i])
	}
}
