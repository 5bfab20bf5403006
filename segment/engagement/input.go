package engagement

import (
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
)

// An Input is all that an agenda is made of. What is not in it can't influence the agenda.
type Input struct {
	Account  string
	Began    time.Time     // when the program began for the account; zero: unknown, cadences without a touch are not due
	Starts   []Start       // of joined programs those that began at another time than Began
	Facts    segment.Facts // for conditions; nil: all NULL
	Touches  []Touch       // made so far, in any order
	Events   []Event       // that happened, in any order
	Anchors  []Anchor
	People   []Person // whom touches may be made with
	Consents []Consent
	Holdouts []string // trials in whose holdout the account is
	Place    Place
}

// A Start says when one program began for the account.
type Start struct {
	Program string
	At      time.Time
}

// An Event is something that touches react to. The same name and instant twice is one event.
type Event struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// An Anchor is a dated fact that touches relate to, such as "renewal".
type Anchor struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// A Person is one of the people of an account, by the host's ID.
type Person struct {
	ID    string
	Kind  Party
	Place *Place // nil: the account's
}

// A Consent is what a person, or the account, has agreed to. It holds in [From, To).
type Consent struct {
	Name   string
	Person string    // ID; "": of the account, for touches that go to nobody in particular
	From   time.Time // zero: always did
	To     time.Time // zero: not withdrawn
}

// A Place says when people at it are at work. The host brings the zone: the module looks up none.
type Place struct {
	Zone     *time.Location // nil: UTC
	Holidays []Date
}

// A Date is a day of the calendar.
type Date struct {
	Year  int        // 1 to 9999
	Month time.Month // 1 to 12
	Day   int        // 1 to 31
}
