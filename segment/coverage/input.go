package coverage

import "github.com/shopspring/decimal"

// An Input holds all that is read. Accounts and People may be in any order.
type Input struct {
	Accounts []Account
	People   []Person
	Efforts  []Effort // the first that fits an account gives its hours
	Standard float64  // hours of one person who is not ramping, above 0 to 100000; 0: the mean of the people's Hours
}

// An Account is one customer of the book.
type Account struct {
	ID       string
	Segment  string
	Phase    string
	Health   string
	Hours    *float64        // effort, 0 to 100000; nil: that of Efforts
	Revenue  decimal.Decimal // not negative
	Currency string          // ISO 4217; "" only where Revenue is 0
	Skills   []string        // all that its person must have
	Language string          // that its person must speak; "": any
	Region   string          // that its person must cover; "": any
	Holder   string          // ID of the person who has it now; "": nobody
}

// A Person is someone who takes accounts.
type Person struct {
	ID        string
	Hours     float64 // when not ramping, 0 to 100000
	Ramp      float64 // share of Hours that is not there yet, 0 to 1; 1 excludes the person
	Skills    []string
	Languages []string
	Regions   []string
}

// An Effort is what accounts of one kind take. An empty Segment, Phase or Health fits all.
type Effort struct {
	Segment string
	Phase   string
	Health  string
	Hours   float64 // for one account, 0 to 100000
}

// fits reports whether the effort is that of the account.
func (e *Effort) fits(a *Account) bool {
	return (e.Segment == "" || e.Segment == a.Segment) && (e.Phase == "" || e.Phase == a.Phase) &&
		(e.Health == "" || e.Health == a.Health)
}

// Rules say how accounts are assigned. The zero value moves no account and balances effort alone.
type Rules struct {
	// MaxMoves is the most accounts that change hands, not negative. An account whose holder is not among the people
	// or may not take it changes hands anyhow, and does not count; nor does one that nobody gets.
	MaxMoves int

	RevenueWeight float64 // of revenue against effort in a burden, 0 to 1
}
