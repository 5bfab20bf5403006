package health

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// A Child is an account in a hierarchy, with its own score and its link to the account above it.
// Account, Known, Value and Band are those of a [Score]; Band may be the steadied one of its [Standing].
type Child struct {
	Account  string
	Parent   string          // "": under none; need not be among the children itself
	Known    bool            // false: Value and Band are not read
	Value    float64         // points, 0 to 100
	Band     string          // needed under RollShare
	Money    decimal.Decimal // what the account weighs under RollMoney, 0 or more
	Currency string          // of Money, ISO 4217
}

// A How says how parents come from children. The zero value is not valid.
type How struct {
	Method RollMethod `json:"method"`
	Band   string     `json:"band,omitempty"` // of RollShare, and of it alone
}

// A RollMethod says what a parent is.
type RollMethod string

// Roll methods. All but RollOwn look at the leaves below the parent: the accounts there that are no parents themselves,
// each once at whatever depth, so that neither the tree's shape nor an account that only groups others changes the result.
const (
	RollMean  RollMethod = "mean"          // mean of the leaves' values, points
	RollMoney RollMethod = "money"         // mean weighted by money, points: a statistic, not an amount
	RollShare RollMethod = "share_in_band" // share of leaves in How.Band, 0 to 1
	RollWorst RollMethod = "worst"         // least of the leaves' values, points
	RollOwn   RollMethod = "own"           // the parent's own value, points, whatever is below it
)

// A Rolled is one parent. Unknown leaves are left out, and counted; where nothing is left the parent is unknown.
type Rolled struct {
	Account string  `json:"account"`
	Known   bool    `json:"known"`
	Value   float64 `json:"value"`   // points on the grid, or a share; unknown: 0, and null in JSON
	Counted int     `json:"counted"` // known leaves; under RollMoney those that have money
	Unknown int     `json:"unknown"` // unknown leaves
}

// MarshalJSON returns the canonical encoding.
func (r Rolled) MarshalJSON() ([]byte, error) {
	w := rolledJSON{r.Account, r.Known, &r.Value, r.Counted, r.Unknown}
	if !r.Known {
		w.Value = nil
	}
	return canon.JSON(w)
}

// rolledJSON is a Rolled whose Value can be null.
type rolledJSON struct {
	Account string   `json:"account"`
	Known   bool     `json:"known"`
	Value   *float64 `json:"value"`
	Counted int      `json:"counted"`
	Unknown int      `json:"unknown"`
}

// Rollup rolls children up to their parents, at every level, and returns the parents in order of their bytes.
// The order of children changes nothing. Points and money are summed exactly, and rounded once.
//
// Rollup returns an error if:
//   - the method is unknown, or How.Band is set for another method than RollShare, or missing for it;
//   - an account's ID or parent is malformed, it is there twice or below itself, its value is outside of 0 to 100 or has
//     no band, or under RollMoney its money is negative, out of bounds or of another currency than the first's (*DataError).
func Rollup(children []Child, how How) ([]Rolled, error) {
	switch how.Method {
	case RollMean, RollMoney, RollShare, RollWorst, RollOwn:
	default:
		return nil, fmt.Errorf("health: roll up: method %q is none of mean, money, share_in_band, worst, own", check.Clip(string(how.Method)))
	}
	if (how.Method == RollShare) != (how.Band != "") {
		return nil, fmt.Errorf("health: roll up: method %q with band %q", how.Method, check.Clip(how.Band))
	}
	h := hierarchy{how: how, nodes: make(map[string]*rollNode, len(children))}
	for i := range children {
		if err := h.add(&children[i], children[0].Currency); err != nil {
			return nil, err
		}
	}
	return h.roll()
}

// A rollNode is an account and what has been summed below it.
type rollNode struct {
	account string
	own     *Child // nil: only named as a parent
	above   *rollNode
	below   int // children that are not rolled up yet
	parent  bool

	counted, unknown, inBand int
	sum, worst               int64           // steps of the grid
	money, weighted          decimal.Decimal // amount, and amount times steps
}

type hierarchy struct {
	how   How
	nodes map[string]*rollNode
}

func (h *hierarchy) node(account string) *rollNode {
	n := h.nodes[account]
	if n == nil {
		n = &rollNode{account: account}
		h.nodes[account] = n
	}
	return n
}

func (h *hierarchy) add(c *Child, currency string) error {
	fail := func(field, message string, args ...any) error {
		return &DataError{Account: c.Account, Field: field, Message: fmt.Sprintf(message, args...)}
	}
	if err := ident.Check(c.Account); err != nil {
		return fail("account", "%v", err)
	}
	n := h.node(c.Account)
	if n.own != nil {
		return fail("account", "is there twice")
	}
	n.own = c
	if c.Known && !(c.Value >= 0 && c.Value <= 100) {
		return fail("value", "%v is outside of 0 to 100", c.Value)
	}
	if c.Known && c.Band == "" && h.how.Method == RollShare {
		return fail("band", "is empty")
	}
	if h.how.Method == RollMoney {
		if err := amount.Check(c.Money); err != nil {
			return fail("money", "%v", err)
		}
		if c.Money.IsNegative() {
			return fail("money", "is negative")
		}
		if _, ok := amount.Minor(c.Currency); !ok || c.Currency != currency {
			return fail("currency", "%q is not %q, an ISO 4217 code that all have", check.Clip(c.Currency), check.Clip(currency))
		}
	}
	if c.Parent == "" {
		return nil
	}
	if err := ident.Check(c.Parent); err != nil {
		return fail("parent", "%v", err)
	}
	n.above = h.node(c.Parent)
	n.above.parent = true
	n.above.below++
	return nil
}

// roll gives each account to the one above it once all below it have been given.
func (h *hierarchy) roll() ([]Rolled, error) {
	accounts := slices.Sorted(maps.Keys(h.nodes))
	var rolled []Rolled
	var ready []*rollNode
	for _, account := range accounts {
		if n := h.nodes[account]; n.below == 0 {
			ready = append(ready, n)
		}
	}
	done := 0
	for len(ready) > 0 {
		n := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		done++
		if n.parent {
			rolled = append(rolled, n.result(h.how.Method))
		} else {
			n.leaf(h.how)
		}
		if up := n.above; up != nil {
			up.take(n)
			if up.below--; up.below == 0 {
				ready = append(ready, up)
			}
		}
	}
	if done < len(accounts) { // what is left are cycles alone: above a cycle there is nothing
		for _, account := range accounts {
			if n := h.nodes[account]; n.below > 0 {
				return nil, &DataError{Account: account, Field: "parent", Message: "the account is below itself: " + n.cycle()}
			}
		}
	}
	slices.SortFunc(rolled, func(a, b Rolled) int { return cmp.Compare(a.Account, b.Account) })
	return rolled, nil
}

// leaf sums an account that has none below it.
func (n *rollNode) leaf(how How) {
	c := n.own
	switch {
	case !c.Known:
		n.unknown = 1
	case how.Method != RollMoney || c.Money.IsPositive():
		n.counted = 1
		n.sum = steps(grid(c.Value))
		n.worst = n.sum
		if c.Band == how.Band {
			n.inBand = 1
		}
		if how.Method == RollMoney {
			n.money, n.weighted = c.Money, c.Money.Mul(decimal.NewFromInt(n.sum))
		}
	}
}

func (n *rollNode) take(child *rollNode) {
	if child.counted > 0 && (n.counted == 0 || child.worst < n.worst) {
		n.worst = child.worst
	}
	n.counted += child.counted
	n.unknown += child.unknown
	n.inBand += child.inBand
	n.sum += child.sum
	n.money = n.money.Add(child.money)
	n.weighted = n.weighted.Add(child.weighted)
}

func (n *rollNode) result(method RollMethod) Rolled {
	r := Rolled{Account: n.account, Known: n.counted > 0, Counted: n.counted, Unknown: n.unknown}
	switch {
	case method == RollOwn:
		if r.Known = n.own != nil && n.own.Known; r.Known {
			r.Value = grid(n.own.Value)
		}
	case !r.Known:
	case method == RollMean:
		r.Value = points((2*n.sum + int64(n.counted)) / int64(2*n.counted)) // half up
	case method == RollMoney:
		r.Value = points(n.weighted.DivRound(n.money, 0).BigInt().Int64()) // half up
	case method == RollShare:
		r.Value = float64(n.inBand) / float64(n.counted)
	case method == RollWorst:
		r.Value = points(n.worst)
	}
	return r
}

// cycle names the accounts from one that is below itself up to itself, or the first eight.
func (n *rollNode) cycle() string {
	path := []string{check.Clip(n.account)}
	for at := n.above; at != n && len(path) < 8; at = at.above {
		path = append(path, check.Clip(at.account))
	}
	if len(path) == 8 {
		return strings.Join(append(path, "…"), ", ")
	}
	return strings.Join(append(path, path[0]), ", ")
}
