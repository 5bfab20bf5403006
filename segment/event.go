package segment

import (
	"crypto/sha256"
	"fmt"
	"time"
)

// An Event is an account's entering or leaving of a segment. Delivery is the host's, at least once:
// the ID derives from account, kind and version, and is the same each time.
type Event struct {
	ID      string    `json:"id"`
	Account string    `json:"account"`
	Kind    EventKind `json:"kind"`
	At      time.Time `json:"at"`      // asOf of the evaluation
	Segment string    `json:"segment"` // that was left or entered; of Reviewed the one in which the account waits
}

// An EventKind says what happened.
type EventKind string

// Event kinds.
const (
	Exited   EventKind = "exited" // comes before the Entered of the same move
	Entered  EventKind = "entered"
	Reviewed EventKind = "review_due" // a move began to wait for a person
)

// events returns what the record changed.
func (r Record) events(prev Membership) []Event {
	var events []Event
	add := func(kind EventKind, segment string) {
		account := r.Verdict.Account
		events = append(events, Event{eventID(account, kind, r.Version), account, kind, r.Verdict.AsOf, segment})
	}
	now := r.Membership
	if now.Segment != prev.Segment {
		if prev.Segment != "" {
			add(Exited, prev.Segment)
		}
		if now.Segment != "" {
			add(Entered, now.Segment)
		}
	}
	if now.Reason == InReview && (prev.Reason != InReview || prev.Pending != now.Pending) {
		add(Reviewed, now.Segment)
	}
	return events
}

// eventID derives an ID of bounded length from account, kind and version.
func eventID(account string, kind EventKind, version int64) string {
	sum := sha256.Sum256([]byte(account))
	return fmt.Sprintf("%s/%d/%x", kind, version, sum[:16])
}
