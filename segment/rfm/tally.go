package rfm

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/span"
	"github.com/customersuccess-go/customersuccess/segment"
)

// A Transaction is a purchase or, with a negative amount, a refund.
type Transaction struct {
	Account  string          // ID
	At       time.Time       // when it was made, to the microsecond
	Amount   decimal.Decimal // an amount of 0 is a purchase
	Currency string          // ISO 4217
}

// A Tally gathers what one book's accounts bought up to an instant, in one currency. It holds a few numbers an account,
// whatever the number of transactions. Tallies of parts of the transactions merge to that of all, the same to the bit in
// any order and grouping. The zero Tally takes nothing; it is there to decode into. A Tally is not safe for concurrent
// use: give each goroutine one of its own.
type Tally struct {
	currency string
	places   int32 // of the currency's minor unit
	asOf     int64 // microseconds since 1970
	window   int64 // microseconds; 0: no bound
	after    int64 // the instant, in microseconds, after which transactions count

	handles map[string]Handle
	ids     []string
	sums    []sum          // by handle
	rest    []amount.Total // by handle: what is no int64 of minor units; nil until there is some
	earlier int64          // transactions
	later   int64          // transactions
}

// A Handle stands for an account in the columns of one [Tally], and means nothing in another.
type Handle int32

// A sum is what one account's transactions come to.
type sum struct {
	last      int64 // instant of the last purchase; means nothing without one
	minor     int64 // minor units, which are not in the tally's rest
	purchases int64
	refunds   int64
}

// NewTally returns a tally of transactions at or before asOf and, unless window is 0, after asOf less window. Others may
// be added too: they are counted as earlier or later, and change nothing else.
//
// NewTally returns an error if:
//   - currency is not a code of ISO 4217 with a minor unit, or window is negative;
//   - asOf is zero or outside of the years 1 to 9999 (*DataError).
func NewTally(currency string, asOf time.Time, window segment.Duration) (*Tally, error) {
	places, ok := amount.Minor(currency)
	if !ok {
		return nil, fmt.Errorf("rfm: tally: currency %.10q is not in ISO 4217", currency)
	}
	if err := instant.Given(asOf); err != nil {
		return nil, &DataError{Field: "as of", Message: err.Error()}
	}
	if err := span.Check(time.Duration(window)); err != nil {
		return nil, fmt.Errorf("rfm: tally: window: %w", err)
	}
	if window < 0 {
		return nil, fmt.Errorf("rfm: tally: window %s is negative", window)
	}
	t := &Tally{currency: currency, places: places, asOf: instant.Micros(asOf), window: time.Duration(window).Microseconds(),
		after: math.MinInt64, handles: make(map[string]Handle)}
	if window > 0 {
		t.after = t.asOf - t.window
	}
	return t, nil
}

// AsOf returns the instant up to which, and with which, transactions count.
func (t *Tally) AsOf() time.Time { return instant.FromMicros(t.asOf) }

// Intern returns the handle of an account, a new one for one that the tally has not seen. An account without transactions
// that count leaves no trace in results and encodings. A malformed ID is a *DataError, as is any in a zero Tally.
func (t *Tally) Intern(account string) (Handle, error) {
	if h, ok := t.handles[account]; ok {
		return h, nil
	}
	if err := ident.Check(account); err != nil {
		return 0, &DataError{Field: "account", Message: err.Error()}
	}
	if t.handles == nil {
		return 0, &DataError{Account: account, Field: "account", Message: "the tally is not made by NewTally"}
	}
	if len(t.ids) > math.MaxInt32 {
		return 0, &DataError{Account: account, Field: "account", Message: "the tally has as many accounts as it can hold"}
	}
	h := Handle(len(t.ids))
	t.handles[account] = h
	t.ids = append(t.ids, account)
	t.sums = append(t.sums, sum{})
	if t.rest != nil {
		t.rest = append(t.rest, amount.Total{})
	}
	return h, nil
}

// Add adds a transaction. Each is added once, to one of the tallies that are merged. A *DataError names the field that
// can't be right, and both currencies where the transaction has another one; the tally is then as it was.
func (t *Tally) Add(x Transaction) error {
	if x.Currency != t.currency {
		return &DataError{Account: x.Account, Field: "currency", Message: fmt.Sprintf("is %.10q, and the tally is in %q", x.Currency, t.currency)}
	}
	if err := instant.Given(x.At); err != nil {
		return &DataError{Account: x.Account, Field: "instant", Message: err.Error()}
	}
	if err := amount.Check(x.Amount); err != nil {
		return &DataError{Account: x.Account, Field: "amount", Message: err.Error()}
	}
	minor, whole := t.minor(x.Amount)
	plain := x.Amount
	if !whole { // 1.2340 and 1.234 are one amount, and make one encoding
		var err error
		if plain, err = amount.Parse(amount.Text(x.Amount)); err != nil {
			return &DataError{Account: x.Account, Field: "amount", Message: err.Error()}
		}
	}
	h, err := t.Intern(x.Account)
	if err != nil {
		return err
	}
	if at := instant.Micros(x.At); t.within(at) {
		t.sums[h].count(at, x.Amount.Sign() < 0)
		if whole {
			t.pay(h, minor)
		} else {
			t.more(h).Add(plain)
		}
	}
	return nil
}

// Columns are transactions in columns of one length, in any order, in the tally's currency.
type Columns struct {
	Accounts []Handle // from [Tally.Intern] of the same tally
	At       []int64  // microseconds since 1970-01-01 UTC, in the years 1 to 9999
	Minor    []int64  // amounts in minor units of the currency, such as cents
}

// AddColumns adds transactions as [Tally.Add] does each, without allocating. A *DataError names the first row that can't
// be right; the tally is then as it was.
func (t *Tally) AddColumns(c Columns) error {
	if len(c.At) != len(c.Accounts) || len(c.Minor) != len(c.Accounts) {
		return &DataError{Field: "columns", Message: fmt.Sprintf("have %d accounts, %d instants and %d amounts", len(c.Accounts), len(c.At), len(c.Minor))}
	}
	first, last := instant.Micros(time.Time{}), int64(instant.LastSecond*1_000_000+999_999)
	for i, h := range c.Accounts {
		if h < 0 || int(h) >= len(t.sums) {
			return &DataError{Field: fmt.Sprintf("row %d", i), Message: fmt.Sprintf("handle %d is not of this tally", h)}
		}
		if at := c.At[i]; at <= first || at > last {
			return &DataError{Account: t.ids[h], Field: fmt.Sprintf("row %d", i), Message: fmt.Sprintf("instant %d is zero or outside of the years 1 to 9999", at)}
		}
	}
	for i, h := range c.Accounts {
		if t.within(c.At[i]) {
			t.sums[h].count(c.At[i], c.Minor[i] < 0)
			t.pay(h, c.Minor[i])
		}
	}
	return nil
}

// Merge adds the transactions of another tally of the same currency, instant and window. It refuses any other and is then
// unchanged.
func (t *Tally) Merge(u *Tally) error {
	switch {
	case t.currency != u.currency:
		return fmt.Errorf("rfm: merge: a tally in %q into one in %q", u.currency, t.currency)
	case t.asOf != u.asOf:
		return fmt.Errorf("rfm: merge: a tally as of %s into one as of %s", u.AsOf().Format(time.RFC3339Nano), t.AsOf().Format(time.RFC3339Nano))
	case t.window != u.window:
		return fmt.Errorf("rfm: merge: the windows differ")
	}
	for i := range u.ids {
		s := u.sums[i]
		if s.purchases+s.refunds == 0 {
			continue
		}
		h, err := t.Intern(u.ids[i])
		if err != nil {
			return fmt.Errorf("rfm: merge: %w", err)
		}
		into := &t.sums[h]
		if s.purchases > 0 && (into.purchases == 0 || s.last > into.last) {
			into.last = s.last
		}
		into.purchases += s.purchases
		into.refunds += s.refunds
		if u.rest != nil {
			t.more(h).Merge(u.rest[i])
		}
		t.pay(h, s.minor)
	}
	t.earlier += u.earlier
	t.later += u.later
	return nil
}

// within reports whether a transaction counts, and counts those that don't.
func (t *Tally) within(at int64) bool {
	switch {
	case at > t.asOf:
		t.later++
		return false
	case at <= t.after:
		t.earlier++
		return false
	}
	return true
}

func (s *sum) count(at int64, refund bool) {
	if refund {
		s.refunds++
		return
	}
	if s.purchases == 0 || at > s.last {
		s.last = at
	}
	s.purchases++
}

// pay adds minor units to an account's sum.
func (t *Tally) pay(h Handle, minor int64) {
	s := &t.sums[h]
	total := s.minor + minor
	if (total^s.minor)&(total^minor) < 0 { // both had the other sign
		t.more(h).AddUnits([]int64{s.minor}, t.places)
		total = minor
	}
	s.minor = total
}

// more returns the account's sum of what is no int64 of minor units.
func (t *Tally) more(h Handle) *amount.Total {
	if t.rest == nil {
		t.rest = make([]amount.Total, len(t.sums))
	}
	return &t.rest[h]
}

// minor returns an amount as minor units, if it is a whole number of them and has few digits.
func (t *Tally) minor(d decimal.Decimal) (int64, bool) {
	up := int(d.Exponent() + t.places)
	if d.NumDigits()+max(0, up) > 18 {
		return 0, false
	}
	v := d.CoefficientInt64()
	for range up {
		v *= 10
	}
	for ; up < 0; up++ {
		if v%10 != 0 {
			return 0, false
		}
		v /= 10
	}
	return v, true
}

// total returns an account's whole sum. It has at least the places of the minor unit, so that its form depends on the
// amounts alone.
func (t *Tally) total(h Handle) amount.Total {
	var x amount.Total
	if t.rest != nil {
		x = t.rest[h]
	}
	x.AddUnits([]int64{t.sums[h].minor}, t.places)
	return x
}

// order returns the handles of the accounts that have transactions which count, by account.
func (t *Tally) order() []Handle {
	out := make([]Handle, 0, len(t.sums))
	for i, s := range t.sums {
		if s.purchases+s.refunds > 0 {
			out = append(out, Handle(i))
		}
	}
	byID := func(a, b Handle) int { return cmp.Compare(t.ids[a], t.ids[b]) }
	if !slices.IsSortedFunc(out, byID) {
		slices.SortFunc(out, byID)
	}
	return out
}
