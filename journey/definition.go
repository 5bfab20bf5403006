package journey

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/span"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// Format is the newest map format that this release reads. It versions the document and the arithmetic.
const Format = 1

// A Map is a customer journey in phases of rising value. It is a loop, not a funnel: a renewal goes round again.
// It is plain data: build it in Go or read it with [Parse], then [Compile] it. The zero Map is not valid.
type Map struct {
	Format   int      `json:"format"` // 1
	Name     string   `json:"name"`
	Version  string   `json:"version,omitempty"`  // for people; the digest identifies it
	Phases   []Phase  `json:"phases"`             // at least one; the first is where a journey starts unless said otherwise
	Moves    []Move   `json:"moves,omitempty"`    // in order of precedence: the first open one wins
	Segments []string `json:"segments,omitempty"` // that accounts may be of; if given, milestones are for these alone
}

// A Phase is a stage of maturity. Milestones, Moves, Pace and Moments are computed with; the other fields are notes
// for people and pictures.
type Phase struct {
	Name         string        `json:"name"` // unique in the map
	Title        string        `json:"title,omitempty"`
	Value        Value         `json:"value,omitzero"`         // what is pursued here, and how far it reaches
	Sponsor      string        `json:"sponsor,omitempty"`      // the stakeholder who must sponsor the phase
	Roles        []Role        `json:"roles,omitempty"`        // so that no moment is owned by a silo
	Users        []string      `json:"users,omitempty"`        // personas who work with the product here
	Domains      []string      `json:"domains,omitempty"`      // of the business that it reaches
	Capabilities []Capability  `json:"capabilities,omitempty"` // of the product, by area
	Expect       []Expectation `json:"expect,omitempty"`       // by persona
	Milestones   []Milestone   `json:"milestones,omitempty"`
	Moments      []Moment      `json:"moments,omitempty"` // of truth
	Pace         Pace          `json:"pace,omitzero"`
	Tenure       Duration      `json:"tenure,omitempty"` // age of the relationship by which accounts are expected here, rising; 0: not said
}

// A Value is the nature of the value pursued in a phase, and its reach.
type Value struct {
	Nature string `json:"nature,omitempty"` // such as cost, productivity, risk, revenue
	Reach  string `json:"reach,omitempty"`  // such as internal, department, multi-organisation, external
}

// A Role is a party's part in a phase.
type Role struct {
	Name string `json:"name"` // of the party, such as "customer success"
	Duty Duty   `json:"duty"`
}

// A Capability of the product belongs to a phase and unlocks use cases, which change a process and have an impact.
type Capability struct {
	Name     string   `json:"name"`
	Area     string   `json:"area,omitempty"`
	UseCases []string `json:"use_cases,omitempty"`
	Process  string   `json:"process,omitempty"` // how work changes
	Impact   string   `json:"impact,omitempty"`
}

// An Expectation is what a persona expects of a phase.
type Expectation struct {
	Persona    string `json:"persona"`
	Outcome    string `json:"outcome,omitempty"`
	Experience string `json:"experience,omitempty"`
}

// A Milestone is something to be reached in a phase: by evidence from a person, or by needs on signals.
// With Needs it is reached while all of them are met, or while evidence stands; without, while evidence stands.
type Milestone struct {
	Name       string   `json:"name"` // unique in the map, moves included
	Title      string   `json:"title,omitempty"`
	Optional   bool     `json:"optional,omitempty"` // does not guard the way out
	Motion     string   `json:"motion,omitempty"`   // one of several motions that run side by side in the phase
	Needs      []Need   `json:"needs,omitempty"`
	Segments   []string `json:"segments,omitempty"`   // only for accounts of these; empty: all
	Owner      string   `json:"owner,omitempty"`      // who is accountable
	Capability string   `json:"capability,omitempty"` // one of the phase's
	UseCase    string   `json:"use_case,omitempty"`   // one of the phase's capabilities'
	Due        *Due     `json:"due,omitempty"`
}

// A Due is an instant relative to an anchor.
type Due struct {
	Anchor string   `json:"anchor"` // "phase_start", or the name of an anchor of the input
	Offset Duration `json:"offset"` // elapsed; negative is before
}

// PhaseStart is the anchor that every track has: when the account entered its phase.
const PhaseStart = "phase_start"

// A Need holds while its signal compares as said, and is met once it has held for For, both ends included.
// A signal that is unknown satisfies nothing new: it begins no need, and a need whose For is over while its signal is
// unknown is met when that is known again. A need that holds, or is met, ends only when its signal is known not to
// satisfy it, or has been unknown for Stale.
//
// Needs with one signal, comparison and value share one clock, which begins at the first observation that satisfies
// them, whatever phase the account is in. They may differ in For, but not in Stale.
type Need struct {
	Signal string     `json:"signal"`
	When   Comparison `json:"when"`
	Value  float64    `json:"value"`           // finite; flags are 0 and 1
	For    Duration   `json:"for,omitempty"`   // counted from the first observation at which it held
	Stale  Duration   `json:"stale,omitempty"` // 0: an unknown signal never ends it
}

// A Move leads from one phase to another. Advance and renew are guarded by the required milestones of the phase that
// they leave; every move is guarded by its own Needs. The other kinds must have needs, a dwell or an approver.
// A move spends the evidence for itself, and one of the kind Renew all evidence given until then.
type Move struct {
	Name     string      `json:"name"` // unique in the map, milestones included
	From     string      `json:"from"` // a phase, or Ended for the kind Return
	To       string      `json:"to"`   // a phase, or Ended for the kind Leave; From only for the kind Renew
	Kind     MoveKind    `json:"kind"`
	Motion   string      `json:"motion,omitempty"` // guarded by the required milestones of this motion alone
	Needs    []Need      `json:"needs,omitempty"`
	Dwell    Duration    `json:"dwell,omitempty"`     // least time in From, elapsed, pauses included
	CoolDown Duration    `json:"cool_down,omitempty"` // least time since To was last left
	Max      int         `json:"max,omitempty"`       // passes of this move; 0: no cap
	Approver string      `json:"approver,omitempty"`  // waits for evidence named like the move, from this role
	Break    *BreakPoint `json:"break,omitempty"`
}

// Ended is where a move of the kind Leave leads, and where one of the kind Return comes from.
const Ended = "ended"

// A BreakPoint is the shift that a move demands, and what stalls when it is ignored. It is a note for people.
type BreakPoint struct {
	Value       string `json:"value,omitempty"`       // in accrued value
	Sponsorship string `json:"sponsorship,omitempty"` // in who sponsors
	Risk        string `json:"risk,omitempty"`        // in tolerance for risk
	Stalls      string `json:"stalls,omitempty"`      // what stalls
}

// A Moment of truth: validated with customers, instrumented by a signal, owned by somebody.
type Moment struct {
	Name      string `json:"name"`
	Title     string `json:"title,omitempty"`
	Persona   string `json:"persona,omitempty"` // who lives through it; "": all
	Signal    string `json:"signal,omitempty"`
	Owner     string `json:"owner,omitempty"`
	Validated string `json:"validated,omitempty"` // with whom, how and when
}

// A Pace says how long a phase takes. Zero fields are not said; those that are must rise.
type Pace struct {
	Expected Duration `json:"expected,omitempty"` // said to people
	Behind   Duration `json:"behind,omitempty"`   // from this time in the phase on
	Stuck    Duration `json:"stuck,omitempty"`    // from this time in the phase on
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

// A Duty is a role's part in a phase.
type Duty string

// Duties.
const (
	Accountable Duty = "accountable"
	Responsible Duty = "responsible"
	Consulted   Duty = "consulted"
	Informed    Duty = "informed"
)

// A MoveKind says what a move means.
type MoveKind string

// Move kinds.
const (
	Advance MoveKind = "advance"
	Regress MoveKind = "regress"
	Renew   MoveKind = "renew" // round again, with new evidence
	Leave   MoveKind = "leave"
	Return  MoveKind = "return"
)

// A Comparison holds between a signal's value and a constant.
type Comparison string

// Comparisons.
const (
	Less         Comparison = "<"
	LessEqual    Comparison = "<="
	Equal        Comparison = "="
	NotEqual     Comparison = "<>"
	GreaterEqual Comparison = ">="
	Greater      Comparison = ">"
)

// Parse reads a map from JSON, strictly: unknown, duplicate and case-folded keys, trailing data and
// numbers out of bounds are problems. It checks the document, not the map: [Compile] does that.
//
// Parse returns an error if:
//   - the document is not a map (*InvalidError with every problem);
//   - the format is newer than [Format] (ErrFormat).
func Parse(data []byte) (Map, error) {
	if f, ok := strictjson.Format(data); ok && f > Format {
		return Map{}, fmt.Errorf("journey: parse map: format %d: %w", f, ErrFormat)
	}
	var m Map
	if problems := strictjson.Decode(data, &m); len(problems) > 0 {
		return Map{}, invalid(problems)
	}
	return m, nil
}
