package ladder

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/nearest"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// Bounds of a definition, so that checking and evaluating it take bounded time.
const (
	maxList    = 10_000  // elements of a list
	maxTimes   = 8       // terms of a benefit's Times
	maxText    = 1024    // bytes of a text for people
	maxGuesses = 100_000 // names compared in search of near ones
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
	l        Ladder
	problems problem.List
	guesses  int

	themes, nodes, metrics, pools, benefits, costs names
	shares                                         []decimal.Decimal // claimed so far, by pool
}

func (c *checker) addf(pointer, format string, args ...any) {
	c.problems.Addf(pointer, format, args...)
}

// fits reports whether a list is short enough to be checked, and adds a problem if it is not. Then what refers to its
// elements finds none of them.
func (c *checker) fits(pointer string, n int) bool {
	if n > maxList {
		c.addf(pointer, "has %d elements, over %d", n, maxList)
	}
	return n <= maxList
}

// text checks words for people, which may be absent.
func (c *checker) text(pointer, s string) {
	if err := checkText(s); err != nil {
		c.addf(pointer, "%v", err)
	}
}

// names are those that one list defines.
type names struct {
	list []string
	at   map[string]int // position of the first of a name
}

// define checks the name of the next element of a list and keeps it.
func (c *checker) define(ns *names, pointer, name string) {
	if ns.at == nil {
		ns.at = make(map[string]int)
	}
	if err := ident.Name(name); err != nil {
		c.addf(pointer, "%v", err)
	} else if i, twice := ns.at[name]; twice {
		c.addf(pointer, "%q is the name of element %d already", name, i)
	}
	if _, twice := ns.at[name]; !twice {
		ns.at[name] = len(ns.list)
	}
	ns.list = append(ns.list, name)
}

// refer checks that name is one of those defined and returns its position.
func (c *checker) refer(ns *names, pointer, what, name string) (int, bool) {
	i, ok := ns.at[name]
	if !ok {
		c.addf(pointer, "there is no %s %q%s", what, clip(name), c.meant(name, ns.list))
	}
	return i, ok
}

// oneOf checks a value of an enumeration.
func oneOf[T ~string](c *checker, pointer string, v T, all []T) {
	if slices.Contains(all, v) {
		return
	}
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = string(w)
	}
	c.addf(pointer, "must be one of %s, not %q%s", strings.Join(words, ", "), clip(string(v)), c.meant(string(v), words))
}

// meant suggests a known word. It gives up in huge ladders, where the work would be the product of two sizes.
func (c *checker) meant(got string, known []string) string {
	if c.guesses += len(known); c.guesses > maxGuesses {
		return ""
	}
	if word, ok := nearest.Word(got, known); ok {
		return ": did you mean " + word + "?"
	}
	return ""
}

// clip shortens what a message quotes.
func clip(s string) string {
	const longest = 64
	if len(s) > longest {
		return s[:longest] + "..."
	}
	return s
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
func (c *checker) number(pointer string, d decimal.Decimal, b bound) bool {
	why := b.refusal(d)
	if why != "" {
		c.addf(pointer, "%s", why)
	}
	return why == ""
}

// term checks a factor and reports whether it is a constant within its bound.
func (c *checker) term(pointer string, t Term, b bound) bool {
	c.text(pointer+"/name", t.Name)
	constant := t.Value != nil && c.number(pointer+"/value", *t.Value, b)
	if t.Quantity != "" {
		if err := ident.Name(t.Quantity); err != nil {
			c.addf(pointer+"/quantity", "%v", err)
		}
	}
	switch {
	case t.Value != nil && t.Quantity != "":
		c.addf(pointer, "has both a value and a quantity")
		return false
	case t.Value == nil && t.Quantity == "":
		c.addf(pointer, "has neither a value nor a quantity")
	}
	return constant
}

// rank returns the position of v in an enumeration that rises, or -1.
func rank[T ~string](all []T, v T) int { return slices.Index(all, v) }
