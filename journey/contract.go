package journey

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Contract is an agreement that was signed with an account. It runs in [From, To).
type Contract struct {
	From      time.Time `json:"from"`
	To        time.Time `json:"to,omitzero"`        // zero: open-ended
	Cancelled time.Time `json:"cancelled,omitzero"` // when notice was given, to end it at To; zero: it was not
	Trial     bool      `json:"trial,omitempty"`
}

// StatusOf derives an account's status from its contracts as of an instant, which is inclusive. Of those that run
// trials count only if all are; the ones that count decide:
//
//	customer, trial    one is not cancelled yet, or another contract is to begin
//	cancelled_active   all are cancelled
//
// Where none runs it is coming if one is to begin that is not cancelled, and lost otherwise. Without contracts the
// status is not said.
//
// StatusOf returns a *DataError if the account's ID or an instant can't be, or a contract does not end after it begins.
func StatusOf(account string, contracts []Contract, asOf time.Time) (Status, error) {
	if err := ident.Check(account); err != nil {
		return "", &DataError{account, "account", err.Error()}
	}
	if err := instant.Given(asOf); err != nil {
		return "", &DataError{account, "as of", err.Error()}
	}
	asOf = instant.Of(asOf)
	var runs, stays struct{ paid, trial bool }
	begins := false
	for i := range contracts {
		c, err := contracts[i].checked()
		if err != nil {
			return "", &DataError{account, fmt.Sprintf("contract %d", i+1), err.Error()}
		}
		cancelled := !c.Cancelled.IsZero() && !c.Cancelled.After(asOf)
		switch {
		case c.From.After(asOf):
			begins = begins || !cancelled
		case !c.To.IsZero() && !c.To.After(asOf):
		case c.Trial:
			runs.trial, stays.trial = true, stays.trial || !cancelled
		default:
			runs.paid, stays.paid = true, stays.paid || !cancelled
		}
	}
	switch {
	case runs.paid && (stays.paid || begins):
		return Customer, nil
	case !runs.paid && runs.trial && (stays.trial || begins):
		return Trial, nil
	case runs.paid || runs.trial:
		return CancelledActive, nil
	case begins:
		return Coming, nil
	case len(contracts) > 0:
		return Lost, nil
	}
	return "", nil
}

// checked returns the contract in whole microseconds.
func (c Contract) checked() (Contract, error) {
	if err := instant.Given(c.From); err != nil {
		return c, fmt.Errorf("begin %w", err)
	}
	if err := instant.Check(c.To); err != nil {
		return c, fmt.Errorf("end %w", err)
	}
	if err := instant.Check(c.Cancelled); err != nil {
		return c, fmt.Errorf("cancelled %w", err)
	}
	c.From, c.To, c.Cancelled = instant.Of(c.From), instant.Of(c.To), instant.Of(c.Cancelled)
	if !c.To.IsZero() && !c.To.After(c.From) {
		return c, fmt.Errorf("ends at %s, not after it begins at %s", timeText(c.To), timeText(c.From))
	}
	return c, nil
}
