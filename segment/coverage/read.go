package coverage

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/ident"
)

const (
	maxHours = 100_000
	grid     = 1 << 20 // ticks in an hour
)

// A reading is a checked Input, its accounts and people by ID.
type reading struct {
	accounts []client
	people   []member
	index    map[string]int // of people
	currency string
	standard int64 // ticks; 0: unknown
}

// A client is an account and its effort.
type client struct {
	*Account
	ticks int64 // effort; -1: unknown
}

// A member is a person and their hours.
type member struct {
	*Person
	ticks int64 // without what ramping takes
}

// toTicks rounds hours to the grid, half up.
func toTicks(hours float64) int64 { return int64(math.Floor(float64(hours*grid) + 0.5)) }

// toHours is exact below 2⁵³ ticks, 8.5 thousand million hours.
func toHours(t int64) float64 { return float64(t) / grid }

// read checks an input as given, people first, and sorts it.
func read(in Input) (*reading, error) {
	r := &reading{index: make(map[string]int, len(in.People))}
	if err := within(in.Standard, maxHours); err != nil {
		return nil, &DataError{Field: "standard", Message: err.Error()}
	}
	for i := range in.Efforts {
		if err := within(in.Efforts[i].Hours, maxHours); err != nil {
			return nil, &DataError{Field: fmt.Sprintf("hours of effort %d", i), Message: err.Error()}
		}
	}
	if err := r.readPeople(in.People); err != nil {
		return nil, err
	}
	if r.standard = toTicks(in.Standard); r.standard == 0 && len(in.People) > 0 {
		for i := range in.People {
			r.standard += toTicks(in.People[i].Hours)
		}
		r.standard /= int64(len(in.People))
	}
	return r, r.readAccounts(in)
}

func (r *reading) readPeople(people []Person) error {
	seen := make(map[string]bool, len(people))
	for i := range people {
		p := &people[i]
		if err := ident.Check(p.ID); err != nil {
			return &DataError{Field: fmt.Sprintf("ID of person %d", i), Message: err.Error()}
		}
		field := ""
		err := within(p.Hours, maxHours)
		if err != nil {
			field = "hours"
		} else if err = within(p.Ramp, 1); err != nil {
			field = "ramp"
		} else if field, err = checkNames(p); err == nil && seen[p.ID] {
			field, err = "ID", errors.New("is there twice")
		}
		if err != nil {
			return &DataError{Field: fmt.Sprintf("%s of person %q", field, p.ID), Message: err.Error()}
		}
		seen[p.ID] = true
		r.people = append(r.people, member{Person: p, ticks: toTicks(float64(p.Hours * (1 - p.Ramp)))})
	}
	slices.SortFunc(r.people, func(a, b member) int { return strings.Compare(a.ID, b.ID) })
	for i := range r.people {
		r.index[r.people[i].ID] = i
	}
	return nil
}

// checkNames checks what a person can do.
func checkNames(p *Person) (field string, err error) {
	if err = checkAll(p.Skills); err != nil {
		return "skills", err
	}
	if err = checkAll(p.Languages); err != nil {
		return "languages", err
	}
	return "regions", checkAll(p.Regions)
}

func (r *reading) readAccounts(in Input) error {
	seen := make(map[string]bool, len(in.Accounts))
	r.accounts = make([]client, 0, len(in.Accounts))
	for i := range in.Accounts {
		a := &in.Accounts[i]
		if err := ident.Check(a.ID); err != nil {
			return &DataError{Field: fmt.Sprintf("ID of account %d", i), Message: err.Error()}
		}
		field, err := "ID", error(nil)
		if seen[a.ID] {
			err = errors.New("is there twice")
		} else {
			field, err = r.checkAccount(a)
		}
		if err != nil {
			return &DataError{Account: a.ID, Field: field, Message: err.Error()}
		}
		seen[a.ID] = true
		r.accounts = append(r.accounts, client{Account: a, ticks: effort(a, in.Efforts)})
	}
	slices.SortFunc(r.accounts, func(a, b client) int { return strings.Compare(a.ID, b.ID) })
	return nil
}

// checkAccount checks all but the ID, and that revenue is of one currency.
func (r *reading) checkAccount(a *Account) (field string, err error) {
	for _, f := range []struct{ field, name string }{
		{"segment", a.Segment}, {"phase", a.Phase}, {"health", a.Health},
		{"language", a.Language}, {"region", a.Region}, {"holder", a.Holder},
	} {
		if f.name != "" {
			if err = ident.Check(f.name); err != nil {
				return f.field, err
			}
		}
	}
	if err = checkAll(a.Skills); err != nil {
		return "skills", err
	}
	if a.Hours != nil {
		if err = within(*a.Hours, maxHours); err != nil {
			return "hours", err
		}
	}
	if err = amount.Check(a.Revenue); err != nil {
		return "revenue", err
	}
	if a.Revenue.IsNegative() {
		return "revenue", errors.New("is negative")
	}
	if a.Currency == "" && a.Revenue.IsZero() {
		return "", nil
	}
	if _, known := amount.Minor(a.Currency); !known {
		return "revenue", fmt.Errorf("currency %q is not in ISO 4217", a.Currency)
	}
	if r.currency != "" && a.Currency != r.currency {
		return "revenue", fmt.Errorf("is in %s, others in %s", a.Currency, r.currency)
	}
	r.currency = a.Currency
	return "", nil
}

// effort returns the ticks of an account, -1 if they are unknown.
func effort(a *Account, efforts []Effort) int64 {
	if a.Hours != nil {
		return toTicks(*a.Hours)
	}
	for i := range efforts {
		if efforts[i].fits(a) {
			return toTicks(efforts[i].Hours)
		}
	}
	return -1
}

func checkAll(names []string) error {
	for i, name := range names {
		if err := ident.Check(name); err != nil {
			return fmt.Errorf("name %d %w", i, err)
		}
	}
	return nil
}

func within(x, most float64) error {
	switch {
	case math.IsNaN(x):
		return errors.New("is NaN")
	case x < 0 || x > most:
		return fmt.Errorf("%v is not within 0 and %v", x, most)
	}
	return nil
}

// minor returns the digits of the currency's minor unit.
func (r *reading) minor() int32 {
	places, _ := amount.Minor(r.currency)
	return places
}

// ratio returns a / b, or nil if b is 0.
func ratio(a, b float64) *float64 {
	if b == 0 {
		return nil
	}
	q := a / b
	return &q
}

// total returns the revenue of all accounts.
func (r *reading) total() decimal.Decimal {
	var sum decimal.Decimal
	for i := range r.accounts {
		sum = sum.Add(r.accounts[i].Revenue)
	}
	return sum
}
