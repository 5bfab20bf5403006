package segment

import (
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Verdict is the result of one evaluation: the segment whose rule matches now, without regard to the past.
// With the reason Pinned or Approved it is a person's word instead, and nothing was evaluated. Its JSON is canonical.
type Verdict struct {
	Account string     `json:"account"`
	AsOf    time.Time  `json:"as_of"`
	Scheme  string     `json:"scheme"`
	Version string     `json:"version,omitempty"`
	Digest  Digest     `json:"digest"`
	Segment string     `json:"segment,omitempty"` // "" when nothing matched, or Reason is Error
	Rule    int        `json:"rule"`              // index of the rule; -1 when none matched
	Reason  Reason     `json:"reason"`
	Facts   []Fact     `json:"facts,omitempty"`   // that decided, in attribute order: whatever the others are, Rule is the same
	Unknown []string   `json:"unknown,omitempty"` // NULL attributes that kept an earlier rule from being true or false
	Failed  string     `json:"failed,omitempty"`  // attribute whose failure kept the verdict open
	Near    []NearMiss `json:"near,omitempty"`    // by rule
	Stays   []string   `json:"stays,omitempty"`   // segments whose Stay is true or depends on a failed fact, in order of rank
}

// MarshalJSON returns the canonical encoding.
func (v Verdict) MarshalJSON() ([]byte, error) {
	type plain Verdict
	return canon.JSON(plain(v))
}

// A Fact is an attribute's value as it was read.
type Fact struct {
	Attribute string `json:"attribute"`
	Value     Value  `json:"value"`
}

// A NearMiss is a single attribute whose other value alone would have made a rule of a higher segment true. That rule
// then matches, or one before it.
type NearMiss struct {
	Segment   string  `json:"segment"`
	Rule      int     `json:"rule"` // index
	Attribute string  `json:"attribute"`
	Need      string  `json:"need"`         // such as "arr >= 100000": a condition, the nearest where there are several
	By        float64 `json:"by,omitempty"` // for numbers that are known: how far the value is from it
}

// A Reason says how a segment came about.
type Reason string

// Reasons. Classify gives the first four, Settle the rest as well. In a Membership, the first three are those of the
// verdict that it agrees with.
const (
	Match    Reason = "match"
	Default  Reason = "default"
	None     Reason = "none"    // nothing matched, and the scheme has no default
	Error    Reason = "error"   // depends on a failed fact: the membership is kept
	Held     Reason = "held"    // a Stay keeps it
	Waiting  Reason = "waiting" // the move has not been due for long enough
	InReview Reason = "review"  // the move waits for a person
	Pinned   Reason = "pinned"
	Approved Reason = "approved" // a person let it move
)

// A Membership is the segment that an account is in: the fold of its verdicts. A move is pending while PendingSince is
// not zero; then Pending "" is a move out of all segments.
type Membership struct {
	Segment      string    `json:"segment,omitempty"` // "" before the first match, and out of all segments
	Since        time.Time `json:"since,omitzero"`    // since when it has been in Segment
	Reason       Reason    `json:"reason,omitempty"`
	Pending      string    `json:"pending,omitempty"`      // where the account would go, while it waits or is in review
	PendingSince time.Time `json:"pending_since,omitzero"` // since when every verdict has said so
	Approved     string    `json:"approved,omitempty"`     // segment that a person let the account move to
	ApprovedBy   string    `json:"approved_by,omitempty"`  // that person
	Pin          *Pin      `json:"pin,omitempty"`          // the one in force
	AsOf         time.Time `json:"as_of,omitzero"`         // of the last verdict
}

// A Pin keeps an account in a segment by a person's word.
type Pin struct {
	Segment string    `json:"segment"`
	By      string    `json:"by"`
	Reason  string    `json:"reason"`
	From    time.Time `json:"from"` // in force in [From, Until)
	Until   time.Time `json:"until"`
}
