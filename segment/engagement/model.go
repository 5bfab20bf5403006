package engagement

import (
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
)

// An Input is all that an agenda is made of. What is not in it can't influence the agenda.
type Input struct {
	Account string
	Began   time.Time     // when the program began for the account; zero: cadences without a touch yet are not due
	Facts   segment.Facts // for conditions; nil: all NULL
	Touches []Touch       // made so far, in any order
	Events  []Event       // that happened, in any order
	Anchors []Anchor
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

// Due returns what is due for an account as of an instant, which is inclusive: touches and events after it are not seen.
// The order in which touches and events arrive does not matter. It does not modify or keep in.
//
// Due returns an error if (each a *DataError):
//   - the account's ID is empty, longer than 256 bytes, or not plain UTF-8;
//   - a fact that a condition reads is not of its attribute's type, or two anchors have one name.
func (m *Model) Due(in Input, asOf time.Time) (Agenda, error) { panic("unbuilt") }
