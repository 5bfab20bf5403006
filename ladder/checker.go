package ladder

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/check"
)

// Bounds of a definition, so that checking and evaluating it take bounded time.
const (
	maxList  = 10_000 // elements of a list
	maxTimes = 8      // terms of a benefit's Times
)

// Enumerations, each in the order of its constants.
var (
	rungs      = []Rung{Operational, Departmental, Enterprise}
	directions = []Better{Up, Down}
	drivers    = []Driver{CostReduction, CostAvoidance, Productivity, RiskReduction, RevenueGrowth, TimeToMarket}
	savings    = []Saving{Hard, Soft}
	bases      = []Basis{Annual, RunRate, OneOff}
	costKinds  = []CostKind{Licence, Implementation, Internal, Change}
	classes    = []Evidence{Assumed, VendorClaimed, Measured, Corroborated, Confirmed, Audited}
)

var one = decimal.New(1, 0)

// A checker collects what is wrong with a ladder.
type checker struct {
	check.Report
	l Ladder

	themes, nodes, metrics, pools, capabilities, benefits, costs check.Names

	shares []decimal.Decimal // claimed so far, by pool
}

// oneOf checks a word of an enumeration.
func oneOf[T ~string](c *checker, at, field string, word T, known []T) {
	check.OneOf(&c.Report, at, field, word, slices.Clone(known)...)
}

// A bound says which values a number may have.
type bound uint8

const (
	free  bound = iota
	count       // not negative
	share       // 0 to 1
)

// refusal says why a decimal is not within its bound, or "".
func (b bound) refusal(d decimal.Decimal) string {
	if err := amount.Check(d); err != nil {
		return err.Error()
	}
	switch {
	case b == share && (d.Sign() < 0 || d.Cmp(one) > 0):
		return "must be 0 to 1, not " + amount.Text(d)
	case b == count && d.Sign() < 0:
		return "must not be negative, but is " + amount.Text(d)
	}
	return ""
}

// number checks a decimal and reports whether it is within its bound.
func (c *checker) number(at, field string, d decimal.Decimal, b bound) bool {
	why := b.refusal(d)
	if why != "" {
		c.Addf(at+field, "%s", why)
	}
	return why == ""
}

// term checks a factor and reports whether it is a constant within its bound.
func (c *checker) term(at string, t Term, b bound) bool {
	c.Text(at, "/name", t.Name)
	c.Text(at, "/unit", t.Unit)
	constant := t.Value != nil && c.number(at, "/value", *t.Value, b)
	c.Maybe(at, "/quantity", t.Quantity)
	switch {
	case t.Value != nil && t.Quantity != "":
		c.Addf(at, "has both a value and a quantity")
		return false
	case t.Value == nil && t.Quantity == "":
		c.Addf(at, "has neither a value nor a quantity")
	}
	return constant
}

// rank returns the position of v in an enumeration that rises, or -1.
func rank[T ~string](all []T, v T) int { return slices.Index(all, v) }
