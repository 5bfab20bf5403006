package peer

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/ladder"
)

// Values takes a contribution's values for the period [from, to) from an account's ledger: one for each benefit that has
// entries, reversals taken off. The model names each benefit's driver and capability.
//
// Values returns a *DataError if the period is wrong, an entry's benefit is unknown to the model or its currency is not
// the model's, the entries are not of one account, an entry's amount is out of bounds, or an entry lies in the period in
// part only.
func Values(m *ladder.Model, entries []ladder.Entry, from, to time.Time) ([]Value, error) {
	if why := periodProblem(from, to); why != "" {
		return nil, &DataError{"", "period", why}
	}
	from, to = instant.Of(from), instant.Of(to)
	l := m.Ladder()
	values := make([]Value, len(l.Benefits))
	at := make(map[string]int, len(l.Benefits))
	for i, b := range l.Benefits {
		at[b.Name] = i
		values[i] = Value{Driver: string(b.Driver), Capability: b.Capability}
	}
	booked := make([]bool, len(values))
	for _, e := range entries {
		i, known := at[e.Benefit]
		wrong := func(message string) error {
			return &DataError{e.Account, fmt.Sprintf("entry %q", e.ID), message}
		}
		switch {
		case e.Account != entries[0].Account:
			return nil, wrong(fmt.Sprintf("is not of account %q", entries[0].Account))
		case !e.From.Before(to) || !e.To.After(from):
			continue
		case e.From.Before(from) || e.To.After(to):
			return nil, wrong("lies in the period in part only")
		case !known:
			return nil, wrong(fmt.Sprintf("benefit %q is not in the ladder", e.Benefit))
		case e.Currency != l.Currency:
			return nil, wrong(fmt.Sprintf("is in %s, the ladder in %s", e.Currency, l.Currency))
		}
		if err := amount.Check(e.Amount); err != nil {
			return nil, wrong("amount " + err.Error())
		}
		values[i].Amount = values[i].Amount.Add(e.Amount)
		booked[i] = true
	}
	var out []Value
	for i, v := range values {
		if booked[i] {
			out = append(out, v)
		}
	}
	return out, nil
}
