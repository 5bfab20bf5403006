package backtest

import (
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A column is one number of each decision; NaN is unknown. A lower one is meant to be a riskier customer.
type column struct {
	values   []float64
	lost     []bool
	account  []int32 // whose decision it is; nil: each has an account of its own
	accounts int     // numbers in account are below it
}

// A ranking is the known values of a column in rising order.
type ranking struct {
	points     []ranked
	lost, kept int
}

type ranked struct {
	value float64
	at    int32 // in the column
	lost  bool
}

func (c *column) rank() *ranking {
	r := &ranking{points: make([]ranked, 0, len(c.values))}
	for i, v := range c.values {
		if math.IsNaN(v) {
			continue
		}
		r.points = append(r.points, ranked{v, int32(i), c.lost[i]})
		if c.lost[i] {
			r.lost++
		} else {
			r.kept++
		}
	}
	slices.SortFunc(r.points, func(a, b ranked) int { // no NaN is left, so that this is an order
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	return r
}

// run returns the end of the run of equal values that begins at i, and how many of it are lost and kept.
func (r *ranking) run(i int) (end, lost, kept int) {
	for end = i; end < len(r.points) && r.points[end].value == r.points[i].value; end++ {
		if r.points[end].lost {
			lost++
		} else {
			kept++
		}
	}
	return end, lost, kept
}

// place puts into to, by position in the column, twice the number of kept ones above each lost one, and of lost ones
// below each kept one, ties half. It returns the sum over the lost ones. Counts are exact, so that neither depends on
// the order of the column.
func (r *ranking) place(to []int32) (sum int64) {
	below, above := 0, r.kept // lost below, kept above the present run
	for i := 0; i < len(r.points); {
		end, lost, kept := r.run(i)
		above -= kept
		forLost, forKept := int32(2*above+kept), int32(2*below+lost)
		for ; i < end; i++ {
			if p := &r.points[i]; p.lost {
				to[p.at] = forLost
			} else {
				to[p.at] = forKept
			}
		}
		sum += int64(lost) * int64(forLost)
		below += lost
	}
	return sum
}

// A member is what one account gives to the variance.
type member struct {
	lost, kept   int64 // sums of placements
	nLost, nKept int32
}

// A spread is the variance of an area, or of the difference of two, and how many accounts it is made of.
type spread struct {
	variance             float64
	lost, kept, accounts int // accounts with a lost decision, with a kept one, with any
}

// spread returns the variance of the area whose placements are given, or of the difference of two areas where the
// placements are differences. Decisions of one account are a cluster (Obuchowski 1997); without repeated accounts this is
// the variance of DeLong, DeLong and Clarke-Pearson (1988). It needs two accounts with lost and two with kept decisions.
func (c *column) spread(r *ranking, place []int32, area float64) spread {
	n := c.accounts
	if c.account == nil {
		n = len(c.values)
	}
	members := make([]member, n)
	for i := range r.points {
		p := &r.points[i]
		of := p.at
		if c.account != nil {
			of = c.account[of]
		}
		m := &members[of]
		if p.lost {
			m.lost += int64(place[p.at])
			m.nLost++
		} else {
			m.kept += int64(place[p.at])
			m.nKept++
		}
	}
	var s spread
	lost, kept := float64(r.lost), float64(r.kept)
	ofLost, ofKept := make([]float64, 0, min(n, r.lost)), make([]float64, 0, min(n, r.kept)) // squares
	var ofBoth []float64                                                                     // products of accounts with both
	for i := range members {
		m := &members[i]
		if m.nLost+m.nKept == 0 {
			continue
		}
		s.accounts++
		a := (float64(m.lost)/(2*kept) - float64(float64(m.nLost)*area)) / lost
		b := (float64(m.kept)/(2*lost) - float64(float64(m.nKept)*area)) / kept
		if m.nLost > 0 {
			s.lost++
			ofLost = append(ofLost, float64(a*a))
		}
		if m.nKept > 0 {
			s.kept++
			ofKept = append(ofKept, float64(b*b))
		}
		if m.nLost > 0 && m.nKept > 0 {
			ofBoth = append(ofBoth, float64(a*b))
		}
	}
	if s.lost < 2 || s.kept < 2 {
		return s
	}
	v := scaled(ofLost, s.lost) + scaled(ofKept, s.kept) + scaled(ofBoth, s.accounts) + scaled(ofBoth, s.accounts)
	s.variance = max(0, v)
	return s
}

// scaled sums exactly, so that the order of accounts does not matter, and corrects for the mean being theirs.
func scaled(x []float64, n int) float64 {
	sum, _ := stat.Sum(x)
	return float64(sum * (float64(n) / float64(n-1)))
}
