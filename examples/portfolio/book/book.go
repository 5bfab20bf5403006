// Package book holds a vendor's book of business as data: accounts with their contracts, usage, surveys, tickets,
// milestones, outcomes, touches and value, whatever of it is there. What is not there is absent, never zero.
package book

import (
	"iter"
	"time"

	"github.com/shopspring/decimal"
)

// A Kind says where a book comes from. Kinds are never mixed, and every page and picture says which it is.
type Kind string

// Kinds.
const (
	Bundled   Kind = "bundled"   // the public sample that comes with the program
	Real      Kind = "real"      // invoice lines
	Own       Kind = "own"       // a folder of the user's
	Simulated Kind = "simulated" // made by the program
)

// A Book is one vendor's accounts. Accounts may be ranged over more than once.
type Book struct {
	Kind     Kind
	Title    string
	Source   string    // where the data comes from, for people
	Licence  string    // of the data
	AsOf     time.Time // instant that the book is read at; never zero
	Dated    bool      // false: one snapshot without dates; AsOf is then nominal
	Currency string    // ISO 4217 of the amounts
	Files    []File
	Rejects  []Reject // rows that could not be read, in order of file and line
	Accounts iter.Seq2[Account, error]
	Len      int // number of accounts
}

// A File is an input file as it was found.
type File struct {
	Name     string `json:"name"`
	Present  bool   `json:"present"`
	Rows     int    `json:"rows"` // data rows
	Rejected int    `json:"rejected"`
	Note     string `json:"note,omitempty"` // such as "22 exact duplicate rows, kept"
}

// A Reject is a row that could not be read.
type Reject struct {
	File   string `json:"file"`
	Line   int    `json:"line"`   // 1 is the header
	Column string `json:"column"` // name; "" is the whole row
	Reason string `json:"reason"`
}

// An Account is all that is known of one customer.
type Account struct {
	ID         string
	Name       string
	Industry   string
	Country    string
	Seats      float64   // licensed; 0: not known
	Since      time.Time // start of the relationship; zero: not known
	Tenure     float64   // months, where Since is not known; negative: not known
	Left       Left
	Traits     []Trait // further columns, such as payment method
	Contracts  []Contract
	Usage      []Usage
	Surveys    []Survey
	Tickets    []Ticket
	Milestones []Milestone
	Outcomes   []Outcome
	Promises   []Promise
	Measured   []Measured
	Touches    []Touch
	Value      []Value
	Levels     []Level
	Ledger     []Entry
	Ratings    []Rating
	Truth      *Truth // of a simulated account
}

// Left says whether a customer has left.
type Left struct {
	Known bool
	Left  bool
	At    time.Time // zero: not known
}

// A Trait is a fact without a date.
type Trait struct {
	Name  string
	Text  string
	State State
}

// A State tells known, missing, not applicable and failed apart.
type State string

// States. The empty state is known.
const (
	Missing       State = "missing"
	NotApplicable State = "not_applicable"
	Failed        State = "failed"
)

// A Contract is a paid period. Amount is for Per.
type Contract struct {
	ID       string
	Term     string    // such as "month-to-month", "one year"
	From, To time.Time // [From, To); zero: not known
	Amount   decimal.Decimal
	Currency string
	Per      string  // "month", "year" or "term"
	Seats    float64 // 0: not known
}

// A Usage is one value of a feature or capability.
type Usage struct {
	Feature string
	At      time.Time // zero: not dated
	Value   float64
	State   State
}

// A Survey is one answer.
type Survey struct {
	Instrument string // nps (0..10), csat (1..5), ces (1..7)
	Respondent string
	At         time.Time
	Score      float64
}

// A Ticket is one case at support.
type Ticket struct {
	ID       string
	Severity string // low, normal, high
	Opened   time.Time
	Closed   time.Time // zero: open
}

// A Milestone was reached on a person's word.
type Milestone struct {
	Name string
	By   string
	At   time.Time
}

// An Outcome of the account's success plan.
type Outcome struct {
	ID        string
	Statement string
	Persona   string
	Horizon   string // short, medium, long
	Weight    float64
	Measure   string
	Unit      string
	Base      float64
	Goal      float64
	Start     time.Time
	Due       time.Time
	Agreed    time.Time // when the customer signed; zero: not
	Achieved  time.Time // zero: not
	Confirmed time.Time // by the customer; zero: not
}

// A Promise was made in the sale.
type Promise struct {
	ID       string
	Text     string
	Amount   decimal.Decimal
	Currency string
	At       time.Time
	Answers  string // outcome ID; "": none
	Evidence string
	WaivedBy string
	WaivedAt time.Time
}

// A Measured value of an outcome's measure.
type Measured struct {
	Measure  string
	At       time.Time
	Value    float64
	Recorded time.Time // zero: At
}

// A Touch was made.
type Touch struct {
	ID       string
	Touch    string // name in the program
	Channel  string
	By       string
	At       time.Time
	Answered time.Time // zero: not
}

// A Value that was realized, or the quantities that it is made of.
type Value struct {
	Quantity string // name in the ladder
	At       time.Time
	Value    decimal.Decimal
	Evidence string
}

// A Level of the leakage waterfall: what stands at a stage.
type Level struct {
	Stage  string
	Amount decimal.Decimal
}

// An Entry is value that was booked. Where it was taken back it stays, with the day of that.
type Entry struct {
	ID       string    // unique in the account
	Benefit  string    // name in the ladder
	From, To time.Time // [From, To)
	Amount   decimal.Decimal
	Currency string
	Units    decimal.Decimal // claimed of the benefit's pool; 0: none
	Evidence string          // "": assumed
	Recorded time.Time
	Reversed time.Time // zero: it stands
}

// A Rating is what one person says of one desired outcome.
type Rating struct {
	Respondent   string
	Outcome      string // name of the desired outcome in the template
	Importance   int    // 1 to 5; 0: not answered
	Satisfaction int    // 1 to 5; 0: not answered
	At           time.Time
}

// Truth is what the simulator planted in an account.
type Truth struct {
	Healthy       bool    // its hidden state at the end
	Hazard        float64 // monthly chance to leave at the last renewal
	Trained       bool    // the planted effect applies
	Rescued       bool    // a play kept it
	MonthsToValue float64 // when value came or would have come
	Leakage       decimal.Decimal
	Booked        decimal.Decimal // value of the entries that stand
}
