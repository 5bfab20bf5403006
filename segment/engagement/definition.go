package engagement

import (
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/span"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// Format is the newest program format that this release reads. It versions the document and the arithmetic.
const Format = 1

// A Program says which touches a segment gets, how often, from whom and on which channel.
// It is plain data: build it in Go or read it with [Parse], then [Compile] it. The zero Program is not valid.
type Program struct {
	Format  int         `json:"format"` // 1
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"` // for people; the digest identifies it
	Segment string      `json:"segment,omitempty"` // that it is for; a note for people
	Trial   string      `json:"trial,omitempty"`   // accounts in the holdout of this trial get no touch but notices
	Ordered bool        `json:"ordered,omitempty"` // a playbook: each touch waits until those before it are done or skipped
	Touches []TouchPlan `json:"touches"`           // empty in a program of rules alone
	Budgets []Budget    `json:"budgets,omitempty"`
	Quiet   []Quiet     `json:"quiet,omitempty"`
}

// A TouchPlan is one kind of touch. It has a cadence (Every) or a trigger (On), never both.
//
// Conditions are in the language of segment. While When is not TRUE the touch is held back; while Done or Skip is TRUE it
// is as if it were made.
type TouchPlan struct {
	Name     string       `json:"name"` // unique in the program
	Title    string       `json:"title,omitempty"`
	Channel  Channel      `json:"channel"`
	Owner    string       `json:"owner"`           // role
	To       Party        `json:"to,omitempty"`    // of whom one person is chosen; "": the account as a whole
	Every    Duration     `json:"every,omitempty"` // due this long after the last one; the first, after the program began
	On       *Trigger     `json:"on,omitempty"`
	Within   Duration     `json:"within,omitempty"` // service level: overdue from due + Within on; 0: at once
	When     string       `json:"when,omitempty"`   // a condition; an ask must have one
	Done     string       `json:"done,omitempty"`   // a condition, with On alone
	Skip     string       `json:"skip,omitempty"`   // a condition, with On alone
	Needs    string       `json:"needs,omitempty"`  // consent, by name
	Notice   Notice       `json:"notice,omitempty"`
	Ask      Ask          `json:"ask,omitempty"`
	Escalate []Escalation `json:"escalate,omitempty"` // levels, in order
	Minutes  float64      `json:"minutes,omitempty"`  // of the owner's time for one touch, 0 to 10000
}

// A Trigger is an event, such as a moment of truth, or an instant relative to an anchor.
type Trigger struct {
	Event  string   `json:"event,omitempty"`  // each occurrence makes one touch due; of a moment of truth, its name
	Anchor string   `json:"anchor,omitempty"` // such as "renewal"
	Offset Duration `json:"offset,omitempty"` // elapsed; negative, before the anchor, is not for events
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

// Parse reads a program from JSON, strictly: unknown, duplicate and case-folded keys, trailing data and
// numbers out of bounds are problems. It checks the document, not the program: [Compile] does that.
//
// Parse returns an error if:
//   - the document is not a program (*InvalidError with every problem);
//   - its format is newer than [Format] (ErrFormat).
func Parse(data []byte) (Program, error) { return parse[Program]("program", data) }

// ParseScoring reads a scoring as [Parse] does a program, with the same errors. [CompileScoring] checks it.
func ParseScoring(data []byte) (Scoring, error) { return parse[Scoring]("scoring", data) }

func parse[T any](what string, data []byte) (T, error) {
	var definition, none T
	if format, ok := strictjson.Format(data); ok && format > Format {
		return none, fmt.Errorf("engagement: parse %s: format %d: %w", what, format, ErrFormat)
	}
	if err := invalid(strictjson.Decode(data, &definition)); err != nil {
		return none, err
	}
	return definition, nil
}

func (p Program) clone() Program {
	p.Touches = slices.Clone(p.Touches)
	for i := range p.Touches {
		p.Touches[i] = p.Touches[i].clone()
	}
	p.Budgets = slices.Clone(p.Budgets)
	p.Quiet = slices.Clone(p.Quiet)
	for i := range p.Quiet {
		p.Quiet[i].Days = slices.Clone(p.Quiet[i].Days)
		p.Quiet[i].Channels = slices.Clone(p.Quiet[i].Channels)
	}
	return p
}

func (t TouchPlan) clone() TouchPlan {
	if t.On != nil {
		on := *t.On
		t.On = &on
	}
	t.Escalate = slices.Clone(t.Escalate)
	return t
}
