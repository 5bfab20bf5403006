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
	Next       *Task     `json:"next,omitempty"`       // the earliest to come or to be released, when nothing is due; nil: none is known
}

// MarshalJSON returns the canonical encoding.
func (a Agenda) MarshalJSON() ([]byte, error) {
	type plain Agenda
	return canon.JSON(plain(a))
}

// A Task is one touch to be made.
type Task struct {
	ID      string    `json:"id"`                // derives from account, touch and the due of its first try, and is the same each time
	Program string    `json:"program,omitempty"` // where several are joined
	Touch   string    `json:"touch"`
	Title   string    `json:"title,omitempty"`
	Channel Channel   `json:"channel"`
	Owner   string    `json:"owner"`
	Person  string    `json:"person,omitempty"` // ID of whom it is for
	Notice  Notice    `json:"notice,omitempty"`
	Ask     Ask       `json:"ask,omitempty"`
	Try     int       `json:"try,omitempty"` // 2 or more: how often it is tried, with this one
	Due     time.Time `json:"due"`
	Until   time.Time `json:"until,omitzero"`    // of what is held back: the earliest instant at which it may be made, if that is known
	Overdue bool      `json:"overdue,omitempty"` // AsOf is at or after Due + Within, and nothing suppresses it
	Minutes float64   `json:"minutes,omitempty"` // of the owner's time, 0 or more
	Why     Reason    `json:"why"`
	Ref     string    `json:"ref,omitempty"` // what Why speaks of, by name
}

// Made returns the touch that does the task, for [Touches].
func (t Task) Made(by string, at, recorded time.Time) Touch {
	return Touch{
		Format: Format, ID: t.ID, Touch: t.Touch, Channel: t.Channel, By: by, Person: t.Person, Notice: t.Notice, Ask: t.Ask,
		At: at, Recorded: recorded,
	}
}

// A Reason says what made a task due, or what suppresses it.
type Reason string

// Reasons why a task is due.
const (
	ByCadence    Reason = "cadence"
	ByEvent      Reason = "event"      // Ref: its name
	ByAnchor     Reason = "anchor"     // Ref: its name
	ByEscalation Reason = "escalation" // nobody answered on another channel, Ref
)

// Reasons why a task is suppressed. If several are, it has the first of them; quiet times are the last, and only a budget,
// an ask, quiet times and holidays tell until when.
const (
	WhenFailed    Reason = "failed"    // a condition depends on a fact that failed, Ref
	WhenUnknown   Reason = "unknown"   // the condition is UNKNOWN, since a fact is NULL
	WhenFalse     Reason = "condition" // the condition is FALSE
	HeldByStep    Reason = "step"      // an earlier step of the playbook is open, Ref
	HeldByTrial   Reason = "holdout"   // of the trial Ref
	HeldByNobody  Reason = "nobody"    // there is no person of the kind Ref
	HeldByConsent Reason = "consent"   // Ref is not given
	HeldByBudget  Reason = "budget"    // Ref has no room
	HeldByAsk     Reason = "asked"     // within AskRest
	HeldByQuiet   Reason = "quiet"     // by the rule Ref
	HeldByHoliday Reason = "holiday"   // by the rule Ref
)
