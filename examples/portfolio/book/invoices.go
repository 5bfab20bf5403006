package book

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// invoiceColumns are those of invoices.csv: a line is an amount in AUD for seats over [valid_from, valid_to].
var invoiceColumns = columnsOf("org! country currency valid_from! valid_to! amount aud! seats valid cancelled renewed")

// Invoices reads a vendor's invoice lines (invoices.csv in fsys) into accounts with contracts. Lines of one customer
// and period are one contract; periods whose sum is not above zero are dropped, and counted in the file's note.
// A customer's relationship starts with the first paid period. One whose last paid period ended before the newest
// line begins has left, then. The book is read as of the newest line's start unless asOf is given.
func Invoices(fsys fs.FS, name string, asOf time.Time) (*Book, error) {
	b := &Book{Kind: Real, Title: "A B2B software vendor's customers, from its invoices", Dated: true, Currency: "AUD",
		Source: name, AsOf: asOf}
	var lines []invoiceLine
	var newest time.Time
	t, err := readTable(fsys, name, invoiceColumns, func(t *table) {
		l := invoiceLine{org: t.id("org"), country: t.text("country"), from: t.day("valid_from"), to: t.day("valid_to")}
		var ok bool
		if l.amount, ok = t.amount("aud"); !ok && !t.bad {
			t.reject("aud", "is empty")
		}
		l.seats, _ = t.number("seats")
		if !t.bad && !l.from.Before(l.to) {
			t.reject("valid_to", "is not after valid_from")
		}
		if t.bad {
			return
		}
		lines = append(lines, l)
		if l.from.After(newest) {
			newest = l.from
		}
	})
	if err == nil && !t.file.Present {
		err = fmt.Errorf("%s is not there", name)
	}
	if err == nil && len(lines) == 0 {
		err = errors.New(name + " holds no line that can be read")
	}
	if err != nil {
		return nil, err
	}
	if b.AsOf.IsZero() {
		b.AsOf = newest
	}
	accounts, dropped := invoiceAccounts(lines, newest)
	t.file.Note = fmt.Sprintf("%d customers; %d periods dropped whose lines sum to nothing or less", len(accounts), dropped)
	b.Files, b.Rejects = []File{t.file}, t.rejects
	b.hold(accounts)
	return b, nil
}

type invoiceLine struct {
	org, country string
	from, to     time.Time
	amount       decimal.Decimal
	seats        float64
}

// invoiceAccounts groups lines into accounts in order of ID.
func invoiceAccounts(lines []invoiceLine, newest time.Time) (accounts []Account, dropped int) {
	slices.SortStableFunc(lines, func(a, b invoiceLine) int {
		return cmp.Or(cmp.Compare(a.org, b.org), a.from.Compare(b.from), a.to.Compare(b.to))
	})
	for len(lines) > 0 {
		org := lines[0].org
		a := Account{ID: org, Country: lines[0].country, Tenure: -1}
		for len(lines) > 0 && lines[0].org == org {
			c := Contract{ID: fmt.Sprint(len(a.Contracts) + 1), From: lines[0].from, To: lines[0].to, Currency: "AUD", Per: "term"}
			for len(lines) > 0 && lines[0].org == org && lines[0].from.Equal(c.From) && lines[0].to.Equal(c.To) {
				c.Amount = c.Amount.Add(lines[0].amount)
				c.Seats += lines[0].seats
				lines = lines[1:]
			}
			if !c.Amount.IsPositive() {
				dropped++
				continue
			}
			a.Contracts = append(a.Contracts, c)
		}
		if len(a.Contracts) > 0 {
			finish(&a, newest)
		}
		accounts = append(accounts, a)
	}
	return accounts, dropped
}

// finish sets when the account came, and whether it has left.
func finish(a *Account, newest time.Time) {
	a.Since = a.Contracts[0].From
	last := a.Contracts[0].To
	for _, c := range a.Contracts {
		if c.To.After(last) {
			last = c.To
		}
	}
	a.Left = Left{Known: true, Left: last.Before(newest)}
	if a.Left.Left {
		a.Left.At = last
	}
}
