package outcome

import "time"

// A Plan is one account's success plan: one document, the single source of truth. Transitions return a new Plan and
// leave the old as it was. Its JSON is canonical.
type Plan struct {
	Format          int           `json:"format"` // 1
	Account         string        `json:"account"`
	ID              string        `json:"id"`       // unique in the account
	Version         int64         `json:"version"`  // number of stored writes; 0 before the first
	Recorded        time.Time     `json:"recorded"` // of the last write; never earlier than the one before
	Template        string        `json:"template"` // name of the template that it was made from
	TemplateVersion string        `json:"template_version,omitempty"`
	Digest          Digest        `json:"digest"` // of that template
	Start           time.Time     `json:"start"`
	Renewal         time.Time     `json:"renewal,omitzero"`
	Outcomes        []Outcome     `json:"outcomes"`
	Promises        []Promise     `json:"promises,omitempty"`
	Signatures      []Signature   `json:"signatures,omitempty"` // of the present terms and of earlier ones, in order
	Scope           []ScopeChange `json:"scope,omitempty"`      // amendments, in order
}

// MarshalJSON returns the canonical encoding.
func (p Plan) MarshalJSON() ([]byte, error) { panic("unbuilt") }

// Terms returns the digest of what is agreed on: outcomes with their statements, weights, owners and targets, and
// promises. Progress, states, evidence and signatures are not part of it.
func (p Plan) Terms() Digest { panic("unbuilt") }

// A Signature is a role's agreement to terms.
type Signature struct {
	Role  string    `json:"role"`
	By    string    `json:"by"`
	At    time.Time `json:"at"`
	Terms Digest    `json:"terms"`
}

// A ScopeChange is one amendment: what an outcome's target was before, so that progress can be stated under both.
type ScopeChange struct {
	Outcome string    `json:"outcome"` // ID
	By      string    `json:"by"`
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
	Before  *Target   `json:"before,omitempty"` // nil: there was none
	After   *Target   `json:"after,omitempty"`
	Terms   Digest    `json:"terms"` // that it led to
}

// A State is where an outcome stands between agreement and end.
type State string

// States.
const (
	Draft      State = "draft"
	Agreed     State = "agreed"
	InProgress State = "in_progress"
	Paused     State = "paused"
	Achieved   State = "achieved"
	Missed     State = "missed"
	Abandoned  State = "abandoned"
)

// A Verification says how sure it is that an outcome was reached. It is another axis than state and progress.
type Verification struct {
	Level    Level     `json:"level,omitempty"`
	By       string    `json:"by,omitempty"`
	At       time.Time `json:"at,omitzero"`
	Evidence string    `json:"evidence,omitempty"` // where to look
	Until    time.Time `json:"until,omitzero"`     // evidence counts up to here; zero: for ever
}

// A Level is a degree of verification.
type Level string

// Levels, each surer than the one before. The empty level is none.
const (
	Claimed   Level = "claimed"   // by the vendor
	Evidenced Level = "evidenced" // by a metric
	Confirmed Level = "confirmed" // by the customer
)

// A Proposal is what a plan starts from. Outcomes of the template are copied; those given here replace the ones of
// the same ID, or are added after them.
type Proposal struct {
	Account  string
	ID       string
	Start    time.Time
	Renewal  time.Time // zero: not known
	Outcomes []Outcome
	Promises []Promise
}

// An Amendment changes or adds one outcome, or with Drop set takes it out. It makes new terms.
type Amendment struct {
	Outcome Outcome
	Drop    bool
	By      string
	Reason  string
	At      time.Time
}

// A Closing ends an outcome.
type Closing struct {
	Outcome string // ID
	State   State  // Achieved, Missed or Abandoned
	By      string
	Reason  string // required unless Achieved
	At      time.Time
}
