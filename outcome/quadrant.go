package outcome

import (
	"fmt"
	"slices"
	"strings"

	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// A Corner is where an account stands by how it feels and by what it reached.
type Corner string

// Corners. Happy without outcome leaves; unhappy with outcome stays.
const (
	Thriving Corner = "thriving" // good experience, outcome reached
	Charmed  Corner = "charmed"  // good experience without the outcome: at risk, though nobody complains
	Enduring Corner = "enduring" // outcome reached in spite of the experience
	Failing  Corner = "failing"  // neither
	Unplaced Corner = "unknown"  // one of the two is not known
)

// corners are in the order of a Quadrant; "" stands for an account that is not there.
func corners() []Corner { return []Corner{Thriving, Charmed, Enduring, Failing, Unplaced, ""} }

// A Stance is what one account brings to a quadrant.
type Stance struct {
	Account    string
	Experience float64 // in any unit of the host's; higher is better
	Felt       bool    // Experience is known
	Attainment Attainment
}

// Edges part the corners: a value at or above its edge is on the good side.
type Edges struct {
	Experience float64 // in the unit of Stance.Experience, finite
	Attainment float64 // 0 to 1
}

// A Quadrant has accounts by corner, and who moved.
type Quadrant struct {
	Cells []Cell // all five corners, in their order
	Moves []Move // those that occur, by From and To in the order of the corners
}

// A Cell has the accounts in one corner, sorted by bytes.
type Cell struct {
	Corner    Corner
	Accounts  []string
	Uncertain []string // those of them that what is not measured could place on the other side of the attainment's edge
}

// A Move has the accounts that were in one corner and now are in another, sorted by bytes.
type Move struct {
	From     Corner // "": the account was not there
	To       Corner // "": it is not there now
	Accounts []string
}

// NewQuadrant places each account of now by its experience and the attainment of its whole plan, and says who moved since
// before. An account whose experience is not felt, or of whose plan nothing is measured, is Unplaced: neither happy nor
// at risk. It returns a *DataError if an account is wrong or there twice, or a number is out of range.
func NewQuadrant(e Edges, before, now []Stance) (Quadrant, error) {
	if !finite(e.Experience) || !(e.Attainment >= 0 && e.Attainment <= 1) {
		return Quadrant{}, &DataError{"", "edges", fmt.Sprintf("must be finite, and from 0 to 1, not %v and %v", e.Experience, e.Attainment)}
	}
	was, err := e.place("before", before)
	if err != nil {
		return Quadrant{}, err
	}
	is, err := e.place("now", now)
	if err != nil {
		return Quadrant{}, err
	}
	var q Quadrant
	for _, corner := range corners()[:5] {
		cell := Cell{Corner: corner}
		for _, p := range is {
			if p.corner == corner {
				cell.Accounts = append(cell.Accounts, p.account)
				if p.uncertain {
					cell.Uncertain = append(cell.Uncertain, p.account)
				}
			}
		}
		q.Cells = append(q.Cells, cell)
	}
	q.Moves = moved(was, is)
	return q, nil
}

// A placed account has its corner.
type placed struct {
	account   string
	corner    Corner
	uncertain bool
}

// place returns the accounts with their corners, sorted.
func (e Edges) place(list string, stances []Stance) ([]placed, error) {
	all := make([]placed, 0, len(stances))
	for i := range stances {
		s := &stances[i]
		a := &s.Attainment
		if err := ident.Check(s.Account); err != nil {
			return nil, &DataError{s.Account, list, err.Error()}
		}
		if s.Felt && !finite(s.Experience) {
			return nil, &DataError{s.Account, list, fmt.Sprintf("the experience is %v", s.Experience)}
		}
		for _, share := range []float64{a.Value, a.Low, a.High} {
			if !(share >= 0 && share <= 1) {
				return nil, &DataError{s.Account, list, fmt.Sprintf("the attainment is %v, which is not 0 to 1", share)}
			}
		}
		p := placed{account: s.Account, corner: Unplaced}
		if s.Felt && a.Known {
			p.corner = e.corner(s.Experience >= e.Experience, a.Value >= e.Attainment)
			p.uncertain = (a.Low >= e.Attainment) != (a.High >= e.Attainment)
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b placed) int { return strings.Compare(a.account, b.account) })
	for i := 1; i < len(all); i++ {
		if all[i].account == all[i-1].account {
			return nil, &DataError{all[i].account, list, "is there twice"}
		}
	}
	return all, nil
}

func (Edges) corner(happy, reached bool) Corner {
	switch {
	case happy && reached:
		return Thriving
	case happy:
		return Charmed
	case reached:
		return Enduring
	}
	return Failing
}

// moved walks through two sorted lists.
func moved(was, is []placed) []Move {
	type way struct{ from, to Corner }
	by := make(map[way][]string)
	for len(was) > 0 || len(is) > 0 {
		var w way
		account := ""
		switch {
		case len(is) == 0 || len(was) > 0 && was[0].account < is[0].account:
			account, w.from, was = was[0].account, was[0].corner, was[1:]
		case len(was) == 0 || is[0].account < was[0].account:
			account, w.to, is = is[0].account, is[0].corner, is[1:]
		default:
			account, w.from, w.to, was, is = is[0].account, was[0].corner, is[0].corner, was[1:], is[1:]
		}
		if w.from != w.to {
			by[w] = append(by[w], account)
		}
	}
	var moves []Move
	for _, from := range corners() {
		for _, to := range corners() {
			if accounts := by[way{from, to}]; len(accounts) > 0 {
				moves = append(moves, Move{from, to, accounts})
			}
		}
	}
	return moves
}
