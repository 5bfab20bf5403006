package revenue

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Kind says what a movement does to an account's recurring revenue.
type Kind string

// Kinds of movement.
const (
	New          Kind = "new"          // the first of the account; 0 or more, 0 is a free account
	Expansion    Kind = "expansion"    // more than before; above 0
	Contraction  Kind = "contraction"  // less than before; above 0, and at most what it had, which leaves a free account
	Churn        Kind = "churn"        // gone: exactly what the account had
	Reactivation Kind = "reactivation" // back after a churn; 0 or more
)

// kinds is how many kinds there are.
const kinds = 5

// Positions of the kinds in arrays.
const (
	kNew = iota
	kExpansion
	kContraction
	kChurn
	kReactivation
)

// place returns the position of a kind, or -1 for what is no kind.
func (k Kind) place() int {
	switch k {
	case New:
		return kNew
	case Expansion:
		return kExpansion
	case Contraction:
		return kContraction
	case Churn:
		return kChurn
	case Reactivation:
		return kReactivation
	}
	return -1
}

// A Movement is a change of an account's recurring revenue at an instant. An account has at most one of a kind and source
// at an instant, and at most 1000 in all, so that a repeated one is found. At one instant they come in the order given.
type Movement struct {
	Account  string
	At       time.Time
	Kind     Kind
	Amount   decimal.Decimal // the size of the change, not negative: the kind is its sign
	Currency string          // ISO 4217
	Source   string          // who or what brought it, such as "referral" or "csm:ana"; empty: not said
	Price    bool            // an expansion that is a rise of the price alone
}

// Seconds from 1970 to the years 1 and 10000.
const firstSecond, endSecond = -62135596800, 253402300800

// instant returns the microseconds from 1970 until the movement.
func (m *Movement) instant() (int64, error) {
	if s := m.At.Unix(); s <= firstSecond || s >= endSecond {
		if err := instant.Given(m.At); err != nil {
			return 0, fmt.Errorf("instant %w", err)
		}
	}
	return instant.Micros(m.At), nil
}

// check holds a movement, of the kind at a position, to the rules that don't depend on those before it. It returns its size.
func (w *walk) check(m *Movement, kind int) (size, error) {
	if kind < 0 {
		return size{}, fmt.Errorf("kind %q is none of new, expansion, contraction, churn, reactivation", string(m.Kind))
	}
	if m.Currency != w.currency {
		return size{}, fmt.Errorf("is in %q, the tally in %q", m.Currency, w.currency)
	}
	units, ok := amount.Units(m.Amount, w.places)
	by := size{units: units}
	if !ok || units < 0 {
		if err := checkAmount(m.Amount); err != nil {
			return size{}, fmt.Errorf("amount %w", err)
		}
		by = sizeOf(m.Amount, w.places)
	}
	if by.sign() == 0 && (kind == kExpansion || kind == kContraction) {
		return size{}, fmt.Errorf("%s of 0", m.Kind)
	}
	if m.Source != "" {
		if err := ident.Check(m.Source); err != nil {
			return size{}, fmt.Errorf("source %w", err)
		}
	}
	if m.Price && kind != kExpansion {
		return size{}, fmt.Errorf("%s is no rise of the price", m.Kind)
	}
	return by, nil
}

var errNegative = errors.New("is negative")

// checkAmount refuses negative amounts and those out of bounds.
func checkAmount(d decimal.Decimal) error {
	if d.NumDigits() > 38 || d.Exponent() < -18 || d.Exponent() > 18 {
		if err := amount.Check(d); err != nil {
			return err
		}
	}
	if d.IsNegative() {
		return errNegative
	}
	return nil
}

// A Level is the recurring revenue of an account from an instant on, until its next level.
type Level struct {
	At     time.Time
	Amount decimal.Decimal // not negative; 0: no customer
}

// Movements returns the movements that lead an account through its levels, which rise strictly in At: from its contracts,
// from successive snapshots, or from what [Consumption] makes of bills. A level like the one before it is no movement.
func Movements(account, currency string, levels []Level) ([]Movement, error) {
	if err := ident.Check(account); err != nil {
		return nil, &DataError{Account: account, Field: "account", Message: err.Error()}
	}
	if _, ok := amount.Minor(currency); !ok {
		return nil, &DataError{Account: account, Field: "currency", Message: fmt.Sprintf("%q is not in ISO 4217", currency)}
	}
	if err := rising(account, "level", levels); err != nil {
		return nil, err
	}
	var out []Movement
	var before decimal.Decimal
	for i, l := range levels {
		if err := checkAmount(l.Amount); err != nil {
			return nil, &DataError{Account: account, Field: fmt.Sprint("level ", i), Message: "amount " + err.Error()}
		}
		change := l.Amount.Sub(before)
		m := Movement{Account: account, At: instant.Of(l.At), Amount: change.Abs(), Currency: currency}
		switch {
		case change.IsZero():
			continue
		case len(out) == 0:
			m.Kind = New
		case before.IsZero():
			m.Kind = Reactivation
		case l.Amount.IsZero():
			m.Kind = Churn
		case change.IsPositive():
			m.Kind = Expansion
		default:
			m.Kind = Contraction
		}
		out = append(out, m)
		before = l.Amount
	}
	return out, nil
}

// rising refuses levels whose instants are not given or do not rise strictly.
func rising(account, what string, levels []Level) error {
	for i, l := range levels {
		err := instant.Given(l.At)
		if err == nil && i > 0 && !instant.Of(l.At).After(instant.Of(levels[i-1].At)) {
			err = fmt.Errorf("%s is not after that of %s %d", l.At.UTC().Format(time.RFC3339), what, i-1)
		}
		if err != nil {
			return &DataError{Account: account, Field: fmt.Sprint(what, " ", i), Message: "instant " + err.Error()}
		}
	}
	return nil
}
