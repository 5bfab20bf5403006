package segment

import "time"

// A Verdict is the result of one evaluation: the segment whose rule matches now, without regard to the past.
// Its JSON is canonical.
type Verdict struct {
	Account string     `json:"account"`
	AsOf    time.Time  `json:"as_of"`
	Scheme  string     `json:"scheme"`
	Version string     `json:"version,omitempty"`
	Digest  Digest     `json:"digest"`
	Segment string     `json:"segment,omitempty"` // "" when nothing matched, or Reason is Error
	Rule    int        `json:"rule"`              // index of the rule; -1 when none matched
	Reason  Reason     `json:"reason"`
	Facts   []Fact     `json:"facts,omitempty"`   // that decided, in attribute order
	Unknown []string   `json:"unknown,omitempty"` // NULL attributes that kept an earlier rule from being true or false
	Failed  string     `json:"failed,omitempty"`  // attribute whose failure kept the verdict open
	Near    []NearMiss `json:"near,omitempty"`    // by rule
	Stays   []string   `json:"stays,omitempty"`   // segments whose Stay is true, in order of rank
}

// MarshalJSON returns the canonical encoding.
func (v Verdict) MarshalJSON() ([]byte, error) { panic("unbuilt") }

// A Fact is an attribute's value as it was read.
type Fact struct {
	Attribute string `json:"attribute"`
	Value     Value  `json:"value"`
}

// A NearMiss is a single attribute whose other value alone would have made a higher rule match.
type NearMiss struct {
	Segment   string  `json:"segment"`
	Rule      int     `json:"rule"`
	Attribute string  `json:"attribute"`
	Need      string  `json:"need"`         // such as "arr >= 100000"
	By        float64 `json:"by,omitempty"` // for numbers: how far the value is from it
}

// A Reason says how a segment came about.
type Reason string

// Reasons. Classify gives the first four, Settle the rest as well.
const (
	Match    Reason = "match"
	Default  Reason = "default"
	None     Reason = "none"    // nothing matched, and the scheme has no default
	Error    Reason = "error"   // depends on a failed fact: the membership is kept
	Held     Reason = "held"    // a Stay keeps it
	Waiting  Reason = "waiting" // the move has not been due for long enough
	InReview Reason = "review"  // the move waits for a person
	Pinned   Reason = "pinned"
)

// A Membership is the segment that an account is in: the fold of its verdicts.
type Membership struct {
	Segment      string    `json:"segment,omitempty"` // "" before the first match
	Since        time.Time `json:"since,omitzero"`
	Reason       Reason    `json:"reason,omitempty"`
	Pending      string    `json:"pending,omitempty"` // where the account would go, while it waits or is in review
	PendingSince time.Time `json:"pending_since,omitzero"`
	Approved     string    `json:"approved,omitempty"` // segment that a person let the account move to
	Pin          *Pin      `json:"pin,omitempty"`
	AsOf         time.Time `json:"as_of,omitzero"` // of the last verdict
}

// A Pin keeps an account in a segment by a person's word.
type Pin struct {
	Segment string    `json:"segment"`
	By      string    `json:"by"`
	Reason  string    `json:"reason"`
	From    time.Time `json:"from"` // in force in [From, Until)
	Until   time.Time `json:"until"`
}
