package segment

import (
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Verdict is the result of one evaluation: the segment whose rule matches now, without regard to the past.
// With the reason Pinned, Approved or Declined it is a person's word instead, and nothing was evaluated. Its JSON is canonical.
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
	Near    []NearMiss `json:"near,omitempty"`    // of rules of higher segments that are not true, by rule
	Leave   []NearMiss `json:"leave,omitempty"`   // of the rule that matched, in attribute order: what would have kept it from that
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

// A NearMiss is a single attribute whose other value alone would have made a rule of a higher segment true: that rule then
// matches, or one before it. In [Verdict].Leave it is one whose other value alone would have made the rule that matched not
// true: the account then leaves the segment, unless another rule of the segment matches, or a Stay keeps it in Settle.
type NearMiss struct {
	Segment   string   `json:"segment"` // of the rule
	Rule      int      `json:"rule"`    // index
	Attribute string   `json:"attribute"`
	Need      string   `json:"need"`              // such as "arr >= 100000": a condition, the nearest where there are several
	By        float64  `json:"by,omitempty"`      // for numbers that are known: how far the value is from it, 0 or more
	ByTime    Duration `json:"by_time,omitempty"` // for instants that are known: likewise, at most 2^53 microseconds
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
	Declined Reason = "declined" // a person kept it from moving
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
	Declined     *Decline  `json:"declined,omitempty"`     // the last one while it has been in Segment
	Pin          *Pin      `json:"pin,omitempty"`          // the one in force
	AsOf         time.Time `json:"as_of,omitzero"`         // of the last verdict
}

// A Decline is a person's word against a pending move.
type Decline struct {
	Segment string    `json:"segment,omitempty"` // where the account would have gone; "": out of all
	By      string    `json:"by"`
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
}

// A Pin keeps an account in a segment by a person's word.
type Pin struct {
	Segment string    `json:"segment"`
	By      string    `json:"by"`
	Reason  string    `json:"reason"`
	From    time.Time `json:"from"` // in force in [From, Until)
	Until   time.Time `json:"until"`
}
