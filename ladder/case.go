package ladder

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Case is a renewal sold anew: why stay, why pay more, why evolve, from the customer's own figures. Those are the lines
// whose evidence the customer gave: confirmed, or audited by its finance team. Its JSON is canonical.
type Case struct {
	Account  string           `json:"account"`
	From     time.Time        `json:"from"`
	To       time.Time        `json:"to"`
	Ladder   string           `json:"ladder"` // name
	Digest   Digest           `json:"digest"` // of the ladder
	Currency string           `json:"currency"`
	Own      decimal.Decimal  `json:"own"`      // value by the customer's own figures, money
	Other    decimal.Decimal  `json:"other"`    // known value by other figures: no argument rests on it
	Unknown  int              `json:"unknown"`  // lines that are not known
	Spend    decimal.Decimal  `json:"spend"`    // the statement's Cost
	PerUnit  *decimal.Decimal `json:"per_unit"` // Own for each unit of Spend, rounded half to even to 6 places; nil without spend
	Figures  []Figure         `json:"figures"`  // the lines of Own, in definition order
	Stay     Stay             `json:"stay"`
	PayMore  PayMore          `json:"pay_more"`
	Evolve   Evolve           `json:"evolve"`
}

// MarshalJSON returns the canonical encoding.
func (c Case) MarshalJSON() ([]byte, error) {
	type plain Case
	return canon.JSON(plain(c))
}

// A Figure is one line that the customer stands by.
type Figure struct {
	Benefit  string          `json:"benefit"`
	Amount   decimal.Decimal `json:"amount"` // money
	Evidence Evidence        `json:"evidence"`
}

// Stay argues that what they have is worth what it costs.
type Stay struct {
	Holds Answer          `json:"holds"` // yes: Own is above Spend; no: all that is known is not, and nothing is unknown
	Net   decimal.Decimal `json:"net"`   // Own - Spend, money
}

// PayMore argues that at the price asked each unit of spend still has the value that it had.
type PayMore struct {
	Holds  Answer           `json:"holds"`  // unknown without an earlier statement with spend and a value of its own, or a price
	Growth *decimal.Decimal `json:"growth"` // Own less that of the earlier statement, money; nil without one
	Before *decimal.Decimal `json:"before"` // value for each unit of spend then, as PerUnit
	Price  *decimal.Decimal `json:"price"`  // asked
	Then   *decimal.Decimal `json:"then"`   // value for each unit of spend at the price, were value to stay what it is
	Most   *decimal.Decimal `json:"most"`   // the price at which value for each unit of spend is what it was, cut off to the minor unit
}

// Evolve argues that there is more to be had.
type Evolve struct {
	Holds Answer    `json:"holds"`           // unknown without a climb and a waterfall that know of something
	Open  *Amount   `json:"open"`            // value lost between potential and achieved; nil: not given
	Opens []Opening `json:"opens,omitempty"` // above the nodes that are confirmed, each once
}

// Grounds are all that a case is made of.
type Grounds struct {
	Now     Statement        // of what was realized
	Before  *Statement       // of an earlier period of the same length; nil: none
	Price   *decimal.Decimal // asked for the next period of that length, in the ladder's currency; nil: not said
	Climb   *Climb           // nil: not known
	Leakage *Leakage         // nil: not known
}

// Case argues for a renewal.
//
// Case returns an error if what it is given is not of one account and made by this ladder, the two statements are of
// periods of other lengths, the price is out of bounds or negative, or a result has more digits than a decimal may have
// (*DataError).
func (m *Model) Case(g Grounds) (Case, error) {
	account := g.Now.Account
	if err := m.made(account, "now", &g.Now); err != nil {
		return Case{}, err
	}
	if err := g.check(m); err != nil {
		return Case{}, err
	}
	c := Case{
		Account: account, From: g.Now.From, To: g.Now.To, Ladder: m.def.Name, Digest: m.digest, Currency: m.def.Currency,
		Unknown: g.Now.Unknown, Spend: g.Now.Cost, Figures: []Figure{},
	}
	c.Figures = append(c.Figures, figures(&g.Now)...)
	c.Own = total(c.Figures)
	c.Other = g.Now.Gross.Sub(c.Own)
	c.PerUnit = perUnit(c.Own, c.Spend)
	c.Stay = c.stay(g.Now.Gross)
	c.PayMore = c.payMore(&g, m.places)
	c.Evolve = evolve(&g)
	figures := []decimal.Decimal{c.Own, c.Other, c.Stay.Net}
	for _, d := range []*decimal.Decimal{c.PerUnit, c.PayMore.Growth, c.PayMore.Before, c.PayMore.Then, c.PayMore.Most} {
		if d != nil {
			figures = append(figures, *d)
		}
	}
	if err := bounded(figures...); err != nil {
		return Case{}, &DataError{account, "sums", err.Error()}
	}
	return c, nil
}

// check refuses grounds that don't belong together.
func (g *Grounds) check(m *Model) error {
	account := g.Now.Account
	foreign := func(field, of string, digest Digest) error {
		if of != account || digest != m.digest {
			return &DataError{account, field, fmt.Sprintf("is of account %q and ladder %v", of, digest)}
		}
		return nil
	}
	if g.Before != nil {
		if err := m.made(account, "before", g.Before); err != nil {
			return err
		}
		now, before := newPeriod(g.Now.From, g.Now.To), newPeriod(g.Before.From, g.Before.To)
		if now.months != before.months || now.months == 0 && now.micros != before.micros {
			return &DataError{account, "before", "is of a period of another length"}
		}
		if err := bounded(g.Before.Cost); err != nil {
			return &DataError{account, "before", err.Error()}
		}
	}
	if g.Price != nil {
		if why := count.refusal(*g.Price); why != "" {
			return &DataError{account, "price", why}
		}
	}
	if err := bounded(g.Now.Cost, g.Now.Gross); err != nil {
		return &DataError{account, "now", err.Error()}
	}
	if g.Climb != nil {
		if err := foreign("climb", g.Climb.Account, g.Climb.Digest); err != nil {
			return err
		}
	}
	if g.Leakage != nil {
		return foreign("leakage", g.Leakage.Account, g.Leakage.Digest)
	}
	return nil
}

// figures returns the lines that the customer stands by.
func figures(s *Statement) []Figure {
	var out []Figure
	for i := range s.Lines {
		if l := &s.Lines[i]; l.Known && l.Applies && rank(classes, l.Evidence) >= rank(classes, Confirmed) {
			out = append(out, Figure{l.Benefit, l.Gross, l.Evidence})
		}
	}
	return out
}

func total(list []Figure) decimal.Decimal {
	var sum decimal.Decimal
	for i := range list {
		sum = sum.Add(list[i].Amount)
	}
	return sum
}

func (c *Case) stay(gross decimal.Decimal) Stay {
	s := Stay{Holds: AnswerUnknown, Net: c.Own.Sub(c.Spend)}
	switch {
	case s.Net.Sign() > 0:
		s.Holds = AnswerYes
	case c.Unknown == 0 && gross.Cmp(c.Spend) <= 0:
		s.Holds = AnswerNo
	}
	return s
}

// payMore compares products instead of ratios, so that nothing is rounded before it is compared.
func (c *Case) payMore(g *Grounds, places int32) PayMore {
	p := PayMore{Holds: AnswerUnknown, Price: cloneOf(g.Price)}
	if g.Price != nil {
		p.Then = perUnit(c.Own, *g.Price)
	}
	if g.Before == nil {
		return p
	}
	own := total(figures(g.Before))
	growth := c.Own.Sub(own)
	p.Growth, p.Before = &growth, perUnit(own, g.Before.Cost)
	if p.Before == nil || own.Sign() <= 0 {
		return p
	}
	most := truncated(c.Own.Mul(g.Before.Cost), own, places)
	p.Most = &most
	if g.Price != nil {
		p.Holds = AnswerNo
		if c.Own.Mul(g.Before.Cost).Cmp(own.Mul(*g.Price)) >= 0 {
			p.Holds = AnswerYes
		}
	}
	return p
}

func evolve(g *Grounds) Evolve {
	e := Evolve{Holds: AnswerUnknown}
	if g.Leakage != nil {
		open := g.Leakage.Value
		open.High = cloneOf(open.High)
		e.Open = &open
	}
	if g.Climb != nil {
		seen := make(map[string]bool)
		for i := range g.Climb.Nodes {
			n := &g.Climb.Nodes[i]
			if n.Standing != StandingConfirmed {
				continue
			}
			for _, o := range n.Opens {
				if !seen[o.Node] {
					seen[o.Node] = true
					e.Opens = append(e.Opens, o)
				}
			}
		}
	}
	switch {
	case len(e.Opens) > 0 || e.Open != nil && e.Open.Low.Sign() > 0:
		e.Holds = AnswerYes
	case g.Climb != nil && e.Open != nil && e.Open.High != nil && e.Open.High.Sign() <= 0:
		e.Holds = AnswerNo
	}
	return e
}
