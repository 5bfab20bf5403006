package coverage

import "github.com/shopspring/decimal"

// A Capacity is demand beside supply. Hours leave out accounts whose effort is unknown.
type Capacity struct {
	Accounts int             `json:"accounts"` // all, also those whose effort is unknown
	People   int             `json:"people"`   // with hours
	Demand   float64         `json:"demand"`   // hours
	Supply   float64         `json:"supply"`   // hours, without what ramping takes
	Revenue  decimal.Decimal `json:"revenue"`  // of all accounts
	Currency string          `json:"currency"` // ISO 4217; "" where no account has revenue

	Used *float64 `json:"used"` // Demand / Supply; above 1 is more than the people have

	// Needed is how many people of the standard hours demand fills, rounded up. It is of hours alone: skills, languages,
	// regions and accounts that can't be split may ask for more. Nil if nobody says what the standard is.
	Needed *int64 `json:"needed"`

	// For one person with hours.
	AccountsEach *float64         `json:"accounts_each"`
	HoursEach    *float64         `json:"hours_each"`   // Demand / People
	RevenueEach  *decimal.Decimal `json:"revenue_each"` // rounded to the minor unit, half up

	Cells    []Cell    `json:"cells"`    // by segment, phase, health
	Books    []Book    `json:"books"`    // as accounts are held now, largest first by accounts; ties by person
	Findings []Finding `json:"findings"` // in the order of the codes below
}

// A Cell is the demand of accounts of one kind.
type Cell struct {
	Segment  string          `json:"segment"`
	Phase    string          `json:"phase"`
	Health   string          `json:"health"`
	Accounts int             `json:"accounts"` // 1 or more
	Unknown  int             `json:"unknown"`  // of Accounts, those whose effort is unknown
	Hours    float64         `json:"hours"`    // effort of the accounts, as far as known
	Revenue  decimal.Decimal `json:"revenue"`  // of all Accounts, in the currency of the book
}

// A Book is what one person has: revenue for an employee beside the size of the book.
type Book struct {
	Person   string          `json:"person"`
	Accounts int             `json:"accounts"` // 0 or more
	Hours    float64         `json:"hours"`    // effort of the accounts, as far as known
	Capacity float64         `json:"capacity"` // hours that the person has
	Used     *float64        `json:"used"`     // Hours / Capacity
	Revenue  decimal.Decimal `json:"revenue"`  // of all Accounts, in the currency of the book
}

// A Code says what is odd about a book of business.
type Code string

// Codes of findings.
const (
	NoPeople      Code = "no_people"       // nobody is there
	NoHours       Code = "no_hours"        // people without hours, by ID
	UnknownEffort Code = "unknown_effort"  // accounts that no effort fits, by ID
	ZeroEffort    Code = "zero_effort"     // accounts that take no hours, by ID
	NobodyMayTake Code = "nobody_may_take" // accounts whose skills, language and region nobody has, by ID
)

// A Finding lists who is concerned.
type Finding struct {
	Code Code     `json:"code"`
	IDs  []string `json:"ids,omitempty"` // of accounts or people, by bytes
}

// A Plan says who gets which account. Each account is in Assigned or in Unassigned, once.
type Plan struct {
	Outcome
	Assigned   []Assignment `json:"assigned"`   // by account
	Unassigned []Leftover   `json:"unassigned"` // by account
	Books      []Book       `json:"books"`      // of all people, by ID
}

// An Outcome is what a plan comes to.
type Outcome struct {
	Imbalance *float64 `json:"imbalance"`  // 1 or more; nil if no assigned account has a burden
	Bound     *float64 `json:"bound"`      // no plan for the same accounts has less; nil as Imbalance
	Peak      float64  `json:"peak"`       // the greatest share of hours that a person uses, 0 to 1
	Moves     int      `json:"moves"`      // accounts that changed hands although their holder may keep them
	Forced    int      `json:"forced"`     // accounts that changed hands since their holder may not
	Left      int      `json:"left"`       // unassigned accounts
	LeftBound int      `json:"left_bound"` // no plan leaves fewer
	LeftHours float64  `json:"left_hours"` // their effort, as far as known
}

// An Assignment gives an account to a person.
type Assignment struct {
	Account string `json:"account"`
	Person  string `json:"person"`
	Before  string `json:"before"` // who had it; "": nobody
}

// A Leftover is an account that nobody gets.
type Leftover struct {
	Account string `json:"account"`
	Before  string `json:"before"` // who had it; "": nobody
	Reason  Reason `json:"reason"`
}

// A Reason says why an account is not assigned.
type Reason string

// Reasons.
const (
	ReasonEffort   Reason = "unknown_effort"     // no effort fits it
	ReasonEligible Reason = "no_eligible_person" // nobody has its skills, language and region
	ReasonCapacity Reason = "no_capacity"        // who may take it has no hours left
	ReasonMoves    Reason = "no_moves"           // its holder has no hours left, and moves are used up
)
