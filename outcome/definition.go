package outcome

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/span"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// Format is the newest format of templates and plans that this release reads. It versions documents and arithmetic.
const Format = 1

// A Template is the blueprint of a success plan for a segment or use case: what customers come for, who signs, and
// how it is measured. It is plain data: build it in Go or read it with [Parse], then [Compile] it.
// The zero Template is not valid.
type Template struct {
	Format   int       `json:"format"` // 1
	Name     string    `json:"name"`
	Version  string    `json:"version,omitempty"` // for people; the digest identifies it
	From     *Lineage  `json:"from,omitempty"`    // nil: it was made from no other
	Jobs     []Job     `json:"jobs,omitempty"`
	Roles    []Role    `json:"roles"`              // parties to a plan; one at least signs
	Outcomes []Outcome `json:"outcomes,omitempty"` // copied into each plan; dues come from DueIn
	Axes     []Axis    `json:"axes,omitempty"`     // by which attainment is rolled up; empty: horizon and persona
	Words    *Words    `json:"words,omitempty"`    // what Verify reads statements by; nil: [English]
}

// A Lineage is the template that another was made from by [Model.Derive].
type Lineage struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	Digest  Digest `json:"digest"`
}

// A Job is what the customer tries to accomplish, with all trace of solution removed.
type Job struct {
	Name     string    `json:"name"` // unique in the template
	Text     string    `json:"text"`
	Parent   string    `json:"parent,omitempty"`  // a job that it serves
	Related  []string  `json:"related,omitempty"` // jobs done beside it, that neither serve it nor are served by it
	Parties  []string  `json:"parties,omitempty"` // who takes part
	Outcomes []Desired `json:"outcomes,omitempty"`
}

// A Role is a party to a plan.
type Role struct {
	Name  string `json:"name"` // unique, such as "sales", "success", "customer"
	Side  Side   `json:"side"`
	Signs bool   `json:"signs,omitempty"` // must sign the terms before a plan is agreed
}

// An Outcome is one thing that a plan is to reach. In a template it has no state and no dates: those come from DueIn.
// An owner is a role of the template or a person's ID.
type Outcome struct {
	ID           string       `json:"id"`                // unique in the plan
	Statement    string       `json:"statement"`         // in the customer's words
	Desired      string       `json:"desired,omitempty"` // name of the template's desired outcome
	Horizon      Horizon      `json:"horizon,omitempty"`
	Persona      string       `json:"persona,omitempty"`
	Weight       float64      `json:"weight"`          // share in roll-ups, above 0, at most 1e6
	After        []string     `json:"after,omitempty"` // IDs of outcomes that come first; a circle is refused in a plan
	Target       *Target      `json:"target,omitempty"`
	DueIn        Duration     `json:"due_in,omitempty"`   // until it is in a plan: due this long after the plan's start
	Vendor       string       `json:"vendor,omitempty"`   // owner on our side
	Customer     string       `json:"customer,omitempty"` // owner on theirs
	Sponsors     []Sponsor    `json:"sponsors,omitempty"`
	Milestones   []Milestone  `json:"milestones,omitempty"`
	Risk         string       `json:"risk,omitempty"`
	State        State        `json:"state,omitempty"`
	StateAt      time.Time    `json:"state_at,omitzero"`   // since when it is in State; zero: since the plan was proposed
	StateBy      string       `json:"state_by,omitempty"`  // who ended it
	StateWhy     string       `json:"state_why,omitempty"` // why it was ended
	Verification Verification `json:"verification,omitzero"`
}

// A Target is what "reached" means. Direction follows from Base and Goal; when they are equal, the value is to be
// maintained within Band.
type Target struct {
	Measure string    `json:"measure"` // name of the series that is measured
	Unit    string    `json:"unit,omitempty"`
	Base    float64   `json:"base"`              // finite
	NoBase  bool      `json:"no_base,omitempty"` // nobody knows the base yet: attainment is unknown; Base is 0
	Goal    float64   `json:"goal"`              // finite
	Band    float64   `json:"band,omitempty"`    // above 0 when Base == Goal, else 0: attainment is 1 up to it, 0 at twice
	Share   float64   `json:"share,omitempty"`   // part of the measure's change from Base that is this outcome's; 0: all of it
	Start   time.Time `json:"start,omitzero"`    // what was measured before does not count; zero: the plan's
	Due     time.Time `json:"due,omitzero"`      // after the start; zero: none
}

// A Sponsor stands for an outcome at the customer.
type Sponsor struct {
	Name   string `json:"name"`             // ID of the person
	Role   string `json:"role,omitempty"`   // such as sponsor, champion
	Leaves string `json:"leaves,omitempty"` // what happens when they leave

	Left      time.Time `json:"left,omitzero"`       // by [Model.Depart]; zero: they are there
	Successor string    `json:"successor,omitempty"` // ID of the person who stands for it since
}

// A Milestone is a step to an outcome.
type Milestone struct {
	Name  string    `json:"name"`            // unique in the outcome
	After []string  `json:"after,omitempty"` // milestones of the same outcome that come first
	Owner string    `json:"owner,omitempty"` // a role or a person's ID; "": the outcome's owner on our side
	Takes Duration  `json:"takes,omitempty"` // expected from when the steps before it are done; 0: not known
	Due   time.Time `json:"due,omitzero"`
	Done  time.Time `json:"done,omitzero"` // zero: open
}

// A Promise was made in the sale. It is answered by an outcome of the plan that is neither missed nor abandoned, by
// evidence, or by the customer's waiver; else it is debt.
type Promise struct {
	ID       string          `json:"id"` // unique in the plan
	Text     string          `json:"text"`
	Amount   decimal.Decimal `json:"amount"`             // of Currency, not negative
	Currency string          `json:"currency,omitempty"` // ISO 4217; "" when Amount is 0
	At       time.Time       `json:"at"`                 // when it was signed
	Answers  []string        `json:"answers,omitempty"`  // IDs of the outcomes that answer it
	Evidence string          `json:"evidence,omitempty"` // that it was kept
	Waived   *Waiver         `json:"waived,omitempty"`
}

// A Waiver is the customer's word that a promise need not be kept.
type Waiver struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
}

// A Duration is an elapsed time; its text is "90d", "2w", "36h" (d = 24 h, w = 7 d).
type Duration time.Duration

// Day is 24 hours.
const Day = Duration(24 * time.Hour)

// String returns the canonical text, such as "90d".
func (d Duration) String() string { return span.Format(time.Duration(d)) }

// MarshalText returns the canonical text.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads one or more integers with units in falling order: w, d, h, m, s, ms, us.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := span.Parse(string(text))
	if err != nil {
		return err
	}
	*d = Duration(v)
	return nil
}

// A Side is a side of the table.
type Side string

// Sides.
const (
	Vendor   Side = "vendor"
	Customer Side = "customer"
)

// A Horizon is how far ahead an outcome lies.
type Horizon string

// Horizons.
const (
	Short  Horizon = "short"
	Medium Horizon = "medium"
	Long   Horizon = "long"
)

// An Axis is a way to roll attainment up.
type Axis string

// Axes.
const (
	ByHorizon Axis = "horizon"
	ByPersona Axis = "persona"
)

// Parse reads a template from JSON, strictly: unknown, duplicate and case-folded keys, trailing data and
// numbers out of bounds are problems. It checks the document, not the template: [Compile] does that.
//
// Parse returns an error if:
//   - the document is not a template (*InvalidError with every problem);
//   - the format is newer than [Format] (ErrFormat).
func Parse(data []byte) (Template, error) {
	if f, ok := strictjson.Format(data); ok && f > Format {
		return Template{}, fmt.Errorf("outcome: parse template: format %d: %w", f, ErrFormat)
	}
	var t Template
	if problems := strictjson.Decode(data, &t); len(problems) > 0 {
		return Template{}, invalid(problems)
	}
	return t, nil
}
