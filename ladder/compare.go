package ladder

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Comparison is the gap between two statements of one ladder, such as what was promised and what was realized, with
// what each input has to do with it. Its JSON is canonical.
//
// An input's share of the gap is its Shapley value: what it changes when it goes from promised to realized, averaged
// over every order in which the inputs could go. It does not depend on an order, and the shares sum to the gap. They are
// rounded to the minor unit by largest remainder, ties in the order of the formula.
type Comparison struct {
	Account  string          `json:"account"`
	Ladder   string          `json:"ladder"` // name
	Version  string          `json:"version,omitempty"`
	Digest   Digest          `json:"digest"` // of the ladder
	Currency string          `json:"currency"`
	Promised decimal.Decimal `json:"promised"`          // money, of the lines that are known in both statements
	Realized decimal.Decimal `json:"realized"`          // likewise
	Gap      decimal.Decimal `json:"gap"`               // Realized - Promised; the sum of Lines, and of Causes
	Causes   []Cause         `json:"causes"`            // over all lines, in order of first appearance
	Lines    []GapLine       `json:"lines"`             // in definition order
	Unknown  []string        `json:"unknown,omitempty"` // benefits that are not known in one of the two: they are in no sum
}

// MarshalJSON returns the canonical encoding.
func (c Comparison) MarshalJSON() ([]byte, error) {
	type plain Comparison
	return canon.JSON(plain(c))
}

// A GapLine is the gap of one benefit.
type GapLine struct {
	Benefit  string          `json:"benefit"`
	Promised decimal.Decimal `json:"promised"` // money
	Realized decimal.Decimal `json:"realized"` // money
	Gap      decimal.Decimal `json:"gap"`      // Realized - Promised = the sum of Causes
	Causes   []Cause         `json:"causes"`   // in the order of the formula, without inputs that are the same
}

// A Cause is an input that differs between two statements.
type Cause struct {
	Role     string          `json:"role"`     // that of a [Factor]; pool: what capacity cut off; applies: in one of the two the benefit does not
	Name     string          `json:"name"`     // of the factor, the pool or the benefit; "" for the period
	Promised decimal.Decimal `json:"promised"` // the factor's value; of a pool the units that were cut; 1 where a benefit applies
	Realized decimal.Decimal `json:"realized"` // likewise
	Amount   decimal.Decimal `json:"amount"`   // share of the gap, money
}

// Roles of a cause that are none of a factor.
const (
	rolePool    = "pool"
	roleApplies = "applies"
	rolePeriod  = "period"
)

// Compare attributes the gap between two statements of one account, made by one ladder, to the inputs that differ. The
// statements may be of different periods: the period is then an input too.
//
// Compare returns an error if the statements are of different accounts or ladders, or one is not as
// [Model.Statement] makes it (*DataError).
func Compare(promised, realized Statement) (Comparison, error) {
	wrong := func(format string, args ...any) (Comparison, error) {
		return Comparison{}, &DataError{promised.Account, "realized", fmt.Sprintf(format, args...)}
	}
	places, ok := amount.Minor(promised.Currency)
	switch {
	case realized.Account != promised.Account:
		return wrong("is of account %q", realized.Account)
	case realized.Digest != promised.Digest || realized.Currency != promised.Currency:
		return wrong("is of another ladder: %v in %q, not %v in %q", realized.Digest, realized.Currency, promised.Digest, promised.Currency)
	case !ok:
		return wrong("is in %q, which has no minor unit", realized.Currency)
	case len(realized.Lines) != len(promised.Lines):
		return wrong("has %d lines, not %d", len(realized.Lines), len(promised.Lines))
	}
	c := Comparison{
		Account: promised.Account, Ladder: promised.Ladder, Version: promised.Version,
		Digest: promised.Digest, Currency: promised.Currency, Causes: []Cause{}, Lines: []GapLine{},
	}
	before, after := cutsOf(&promised), cutsOf(&realized)
	var sum causes
	for i := range promised.Lines {
		p, r := &promised.Lines[i], &realized.Lines[i]
		if p.Benefit != r.Benefit {
			return wrong("has the benefit %q where the promise has %q", r.Benefit, p.Benefit)
		}
		if !p.Known || !r.Known {
			c.Unknown = append(c.Unknown, p.Benefit)
			continue
		}
		line, err := compareLine(side{p, before[p.Benefit]}, side{r, after[r.Benefit]}, places)
		if err != nil {
			return Comparison{}, &DataError{c.Account, fmt.Sprintf("benefit %q", p.Benefit), err.Error()}
		}
		c.Lines = append(c.Lines, line)
		c.Promised, c.Realized, c.Gap = c.Promised.Add(line.Promised), c.Realized.Add(line.Realized), c.Gap.Add(line.Gap)
		for _, cause := range line.Causes {
			sum.add(cause)
		}
	}
	c.Causes = append(c.Causes, sum.list...)
	if err := bounded(c.Promised, c.Realized, c.Gap); err != nil {
		return wrong("%v", err)
	}
	return c, nil
}

// A side is a line of one of two statements, with what its pool cut off.
type side struct {
	line *Line
	cut  Cut
}

// cutsOf returns what pools cut off, by benefit: each draws on one at most.
func cutsOf(s *Statement) map[string]Cut {
	cuts := make(map[string]Cut, len(s.Cuts))
	for i := range s.Cuts {
		if _, there := cuts[s.Cuts[i].Benefit]; !there {
			cuts[s.Cuts[i].Benefit] = s.Cuts[i]
		}
	}
	return cuts
}

// compareLine attributes the gap of one benefit. What capacity cut off is a cause of its own, and the inputs share what
// the formula gives before it.
func compareLine(p, r side, places int32) (GapLine, error) {
	if err := bounded(p.line.Gross, r.line.Gross, p.cut.Amount, r.cut.Amount); err != nil {
		return GapLine{}, err
	}
	g := GapLine{
		Benefit: p.line.Benefit, Promised: p.line.Gross, Realized: r.line.Gross,
		Gap: r.line.Gross.Sub(p.line.Gross), Causes: []Cause{},
	}
	if !p.line.Applies && !r.line.Applies {
		return g, nil
	}
	if p.line.Applies != r.line.Applies {
		c := Cause{Role: roleApplies, Name: g.Benefit, Amount: g.Gap}
		if p.line.Applies {
			c.Promised = one
		} else {
			c.Realized = one
		}
		g.Causes = append(g.Causes, c)
		return g, nil
	}
	cut := p.cut.Amount.Sub(r.cut.Amount)
	inputs, err := attribute(p.line.Inputs, r.line.Inputs, g.Gap.Sub(cut), places)
	if err != nil {
		return GapLine{}, err
	}
	g.Causes = append(g.Causes, inputs...)
	if !cut.IsZero() {
		pool := p.cut.Pool
		if pool == "" {
			pool = r.cut.Pool
		}
		g.Causes = append(g.Causes, Cause{Role: rolePool, Name: pool, Promised: p.cut.Units, Realized: r.cut.Units, Amount: cut})
	}
	return g, nil
}

// causes sums those of all lines.
type causes struct {
	list []Cause
	at   map[causeKey]int // position in list
}

// A causeKey tells causes apart. Factors that people gave one name are one only where they went the same way.
type causeKey struct{ role, name, promised, realized string }

func (s *causes) add(c Cause) {
	key := causeKey{role: c.Role, name: c.Name}
	if c.Role != rolePool {
		key.promised, key.realized = amount.Text(c.Promised), amount.Text(c.Realized)
	}
	i, ok := s.at[key]
	if !ok {
		if s.at == nil {
			s.at = make(map[causeKey]int)
		}
		s.at[key] = len(s.list)
		s.list = append(s.list, c)
		return
	}
	held := &s.list[i]
	held.Amount = held.Amount.Add(c.Amount)
	if c.Role == rolePool {
		held.Promised, held.Realized = held.Promised.Add(c.Promised), held.Realized.Add(c.Realized)
	}
}
