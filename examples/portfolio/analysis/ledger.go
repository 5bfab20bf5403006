package analysis

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/ladder"
)

// A balance is what the books hold of one account.
type balance struct {
	whole    ladder.Balance
	year     decimal.Decimal // booked for the year before asOf
	posted   decimal.Decimal
	taken    decimal.Decimal // by reversals, as the books have it: negative where value was taken back
	reversed int
}

// An act is a posting, or the reversal of an entry.
type act struct {
	at      time.Time
	entry   *book.Entry
	reverse bool
}

// books posts an account's entries, and takes back what was, each at its time. An entry that the books refuse is a failure
// of its own, and the others go on.
func (v *evaluator) books(ctx context.Context, e *evaluated) {
	a := e.account
	if len(a.Ledger) == 0 {
		return
	}
	var clock time.Time
	books, err := ladder.NewBooks(v.defs.Ladder, &ladder.Memory{}, ladder.Options{Now: func() time.Time { return clock }})
	if err != nil {
		e.fail("ladder", err)
		return
	}
	var b balance
	refused := make(map[string]bool)
	for _, act := range v.acts(a) {
		x := act.entry
		if clock = act.at; act.reverse {
			if refused[x.ID] {
				continue
			}
			r, err := books.Reverse(ctx, a.ID, x.ID, "", "ledger.csv")
			e.fail("ladder", err)
			if err == nil {
				b.taken, b.reversed = b.taken.Add(r.Amount), b.reversed+1
			}
			continue
		}
		p, err := books.Post(ctx, ladder.Entry{Account: a.ID, ID: x.ID, Benefit: x.Benefit, From: x.From, To: x.To, Amount: x.Amount,
			Currency: x.Currency, Units: x.Units, Evidence: ladder.Evidence(x.Evidence), Source: "ledger.csv"}, &facts{account: a, asOf: act.at})
		e.fail("ladder", err)
		if err != nil {
			refused[x.ID] = true
			continue
		}
		b.posted = b.posted.Add(p.Amount)
	}
	if b.whole, err = books.Balance(ctx, a.ID, time.Time{}, time.Time{}, v.asOf); err == nil {
		var year ladder.Balance
		year, err = books.Balance(ctx, a.ID, v.asOf.AddDate(-1, 0, 0), v.asOf, v.asOf)
		b.year = year.Amount
	}
	e.fail("ladder", err)
	if err == nil && b.whole.Version > 0 {
		e.booked = &b
	}
}

// acts are what was recorded at or before asOf, in order of time. At one instant what stood before is taken back first,
// and then room is made for what is posted.
func (v *evaluator) acts(a *book.Account) []act {
	var acts []act
	for i := range a.Ledger {
		x := &a.Ledger[i]
		if x.Recorded.After(v.asOf) {
			continue
		}
		acts = append(acts, act{x.Recorded, x, false})
		if !x.Reversed.IsZero() && !x.Reversed.After(v.asOf) {
			acts = append(acts, act{x.Reversed, x, true})
		}
	}
	turn := func(x act) int {
		switch {
		case !x.reverse:
			return 1
		case x.entry.Recorded.Before(x.at):
			return 0
		}
		return 2
	}
	slices.SortStableFunc(acts, func(x, y act) int { return cmp.Or(x.at.Compare(y.at), cmp.Compare(turn(x), turn(y))) })
	return acts
}

// booked adds up what the books hold of those still here, and holds it against what was promised and stated.
func (c *collector) booked(e *evaluated) {
	if !c.here(e) {
		return
	}
	if sum, ok := c.promises(e.account); ok {
		c.promised.add(sum, e.booked.amount())
	}
	if s := e.statement; s != nil && s.Unknown < len(s.Lines) {
		var year decimal.Decimal
		if e.booked != nil {
			year = e.booked.year
		}
		c.stated.add(s.Gross, year)
	}
	if e.booked == nil {
		return
	}
	if c.r.Booked == nil {
		c.r.Booked = &Booked{Currency: c.ladder.Currency}
	}
	b, x := c.r.Booked, e.booked
	b.Accounts++
	b.Entries += int(x.whole.Version) - x.reversed
	b.Reversed += x.reversed
	b.Posted, b.TakenBack, b.Amount = b.Posted.Add(x.posted), b.TakenBack.Sub(x.taken), b.Amount.Add(x.whole.Amount)
	for _, l := range x.whole.Lines {
		i := slices.IndexFunc(b.Lines, func(x BookedLine) bool { return x.Benefit == l.Benefit && x.Evidence == l.Evidence })
		if i < 0 {
			driver, rung := c.place(l.Benefit)
			i, b.Lines = len(b.Lines), append(b.Lines, BookedLine{Benefit: l.Benefit, Driver: driver, Rung: rung, Evidence: l.Evidence})
		}
		sum := &b.Lines[i]
		sum.Amount, sum.Entries = sum.Amount.Add(l.Amount), sum.Entries+l.Entries
	}
}

// amount is what is booked; nothing of an account without entries.
func (b *balance) amount() (sum decimal.Decimal) {
	if b != nil {
		sum = b.whole.Amount
	}
	return sum
}

// promises are what the sale promised an account and nobody waived, in the currency of the ladder.
func (c *collector) promises(a *book.Account) (sum decimal.Decimal, any bool) {
	for _, p := range a.Promises {
		waived := p.WaivedBy != "" && !p.WaivedAt.After(c.book.AsOf)
		if p.Currency == c.ladder.Currency && !p.At.After(c.book.AsOf) && !waived {
			sum = sum.Add(p.Amount)
		}
	}
	return sum, sum.IsPositive()
}

// place is where the ladder has a benefit.
func (c *collector) place(benefit string) (ladder.Driver, ladder.Rung) {
	i := slices.IndexFunc(c.ladder.Benefits, func(b ladder.Benefit) bool { return b.Name == benefit })
	b := c.ladder.Benefits[i] // no other can be booked
	n := slices.IndexFunc(c.ladder.Nodes, func(n ladder.Node) bool { return n.Name == b.Node })
	return b.Driver, c.ladder.Nodes[n].Rung
}

// add counts one account that has the other figure.
func (a *Against) add(other, booked decimal.Decimal) {
	a.Accounts++
	a.Amount, a.Booked = a.Amount.Add(other), a.Booked.Add(booked)
	if booked.Cmp(other) >= 0 {
		a.Covered++
	}
}

// balances completes what is booked: lines in the order of the ladder, best evidence first, and their sums by group.
func (c *collector) balances() {
	b := c.r.Booked
	if b == nil {
		return
	}
	if c.promised.Accounts > 0 {
		b.Promised = &c.promised
	}
	if c.stated.Accounts > 0 {
		b.Stated = &c.stated
	}
	classes := []ladder.Evidence{ladder.Audited, ladder.Confirmed, ladder.Corroborated, ladder.Measured, ladder.VendorClaimed, ladder.Assumed}
	benefit := func(l BookedLine) int {
		return slices.IndexFunc(c.ladder.Benefits, func(x ladder.Benefit) bool { return x.Name == l.Benefit })
	}
	slices.SortFunc(b.Lines, func(x, y BookedLine) int {
		return cmp.Or(cmp.Compare(benefit(x), benefit(y)), cmp.Compare(slices.Index(classes, x.Evidence), slices.Index(classes, y.Evidence)))
	})
	for _, l := range b.Lines {
		b.Rungs = addPart(b.Rungs, string(l.Rung), l)
		b.Drivers = addPart(b.Drivers, string(l.Driver), l)
	}
	for _, class := range classes {
		for _, l := range b.Lines {
			if l.Evidence == class {
				b.Evidence = addPart(b.Evidence, string(class), l)
			}
		}
	}
}

func addPart(parts []BookedPart, group string, l BookedLine) []BookedPart {
	i := slices.IndexFunc(parts, func(p BookedPart) bool { return p.Group == group })
	if i < 0 {
		i, parts = len(parts), append(parts, BookedPart{Group: group})
	}
	parts[i].Amount, parts[i].Entries = parts[i].Amount.Add(l.Amount), parts[i].Entries+l.Entries
	return parts
}

// rungs are the steps of the value ladder, from the lowest up, with what is stated and booked on each.
func (c *collector) rungs() []RungRow {
	if c.r.Value == nil && c.r.Booked == nil {
		return nil
	}
	var rows []RungRow
	for _, rung := range []ladder.Rung{ladder.Operational, ladder.Departmental, ladder.Enterprise} {
		row := RungRow{Rung: rung}
		for _, n := range c.ladder.Nodes {
			if n.Rung != rung {
				continue
			}
			if n.Stakeholder != "" && !slices.Contains(row.Holders, n.Stakeholder) {
				row.Holders = append(row.Holders, n.Stakeholder)
			}
			row.Carried = row.Carried.Add(c.carried[n.Name])
		}
		if v := c.r.Value; v != nil {
			if i := slices.IndexFunc(v.Rungs, func(t ladder.Total) bool { return t.Group == string(rung) }); i >= 0 {
				row.Stated = &v.Rungs[i]
			}
		}
		if b := c.r.Booked; b != nil {
			row.Booked = &decimal.Decimal{}
			if i := slices.IndexFunc(b.Rungs, func(p BookedPart) bool { return p.Group == string(rung) }); i >= 0 {
				row.Booked = &b.Rungs[i].Amount
			}
		}
		if row.Stated != nil || row.Booked != nil && !row.Booked.IsZero() || len(row.Holders) > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}
