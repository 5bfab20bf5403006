package engagement

import (
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// An Agenda is the result of one evaluation: what is due, what is held back and why, and what comes next.
type Agenda struct {
	Account    string    `json:"account"`
	AsOf       time.Time `json:"as_of"`
	Program    string    `json:"program"`
	Version    string    `json:"version,omitempty"`
	Digest     Digest    `json:"digest"`
	Due        []Task    `json:"due,omitempty"`        // by Due, then program order
	Suppressed []Task    `json:"suppressed,omitempty"` // would be due, with Why
	Next       *Task     `json:"next,omitempty"`       // the earliest to come, when nothing is due; nil: none is known
}

// MarshalJSON returns the canonical encoding.
func (a Agenda) MarshalJSON() ([]byte, error) {
	type plain Agenda
	return canon.JSON(plain(a))
}

// A Task is one touch to be made.
type Task struct {
	ID      string    `json:"id"` // derives from account, touch and Due, and is the same each time
	Touch   string    `json:"touch"`
	Title   string    `json:"title,omitempty"`
	Channel Channel   `json:"channel"`
	Owner   string    `json:"owner"`
	Due     time.Time `json:"due"`
	Overdue bool      `json:"overdue,omitempty"` // AsOf is at or after Due + Within, and nothing suppresses it
	Minutes float64   `json:"minutes,omitempty"` // of the owner's time, 0 or more
	Why     Reason    `json:"why"`
	Ref     string    `json:"ref,omitempty"` // name of the event or anchor, or the attribute that failed
}

// A Reason says what made a task due, or what suppresses it.
type Reason string

// Reasons. Tasks that are due, and the next one, have one of the first three, suppressed ones one of the others.
const (
	ByCadence Reason = "cadence"
	ByEvent   Reason = "event"
	ByAnchor  Reason = "anchor"

	WhenFalse   Reason = "condition" // the condition is FALSE
	WhenUnknown Reason = "unknown"   // the condition is UNKNOWN, since a fact is NULL
	WhenFailed  Reason = "failed"    // the condition depends on a fact that failed
)
