package outcome

import "strings"

// A Desired outcome is how a customer measures that a job is done well: direction, measure, object of control and
// context (Ulwick, Turn Customer Input into Innovation, Harvard Business Review, January 2002).
type Desired struct {
	Name      string    `json:"name"` // unique in the template
	Step      Step      `json:"step,omitempty"`
	Direction Direction `json:"direction"`
	Measure   string    `json:"measure"`           // such as "time", "likelihood"
	Object    string    `json:"object"`            // of control, such as "it takes to close the books"
	Context   string    `json:"context,omitempty"` // such as "at the end of a quarter"
	Example   string    `json:"example,omitempty"`
	Personas  []string  `json:"personas,omitempty"` // whose it is; empty: of all parties to the job
	Themes    []string  `json:"themes,omitempty"`   // such as "cost", "risk"
}

// A Step is one of the eight of the universal job map (Bettencourt and Ulwick, Harvard Business Review, May 2008).
type Step string

// Steps.
const (
	Define   Step = "define"
	Locate   Step = "locate"
	Prepare  Step = "prepare"
	Confirm  Step = "confirm"
	Execute  Step = "execute"
	Monitor  Step = "monitor"
	Modify   Step = "modify"
	Conclude Step = "conclude"
)

// Steps returns the eight in the order of the job map.
func Steps() []Step {
	return []Step{Define, Locate, Prepare, Confirm, Execute, Monitor, Modify, Conclude}
}

// A Direction says which way a desired outcome's measure should go.
type Direction string

// Directions.
const (
	Minimise Direction = "minimise"
	Maximise Direction = "maximise"
	Increase Direction = "increase"
	Reduce   Direction = "reduce"
)

func directions() []Direction { return []Direction{Minimise, Maximise, Increase, Reduce} }

// String returns one English sentence without its stop, such as
// "minimise the time it takes to close the books, at the end of a quarter, e.g. with two currencies".
func (d Desired) String() string {
	s := string(d.Direction) + " the " + d.Measure + " " + d.Object
	if d.Context != "" {
		s += ", " + d.Context
	}
	if d.Example != "" {
		s += ", e.g. " + d.Example
	}
	return s
}

// ParseDesired reads what [Desired.String] prints and nothing else, so that the result prints as the sentence. The
// measure is the word after "the"; the object ends at the first ", ", and what follows ", e.g. " is the example.
// A sentence of another form is an *InvalidError that says what is missing. Name, step, personas and themes are left empty.
//
// Fields that hold those marks themselves print as a sentence that reads as other fields; Verify finds them.
func ParseDesired(sentence string) (Desired, error) {
	var d Desired
	var c checker
	rest := sentence
	for _, way := range directions() {
		if after, ok := strings.CutPrefix(sentence, string(way)+" the "); ok {
			d.Direction, rest = way, after
		}
	}
	if d.Direction == "" {
		c.Addf("/direction", "is missing: write a sentence that begins with %s", beginnings)
		return Desired{}, invalid(c.List)
	}
	rest, example, exemplified := strings.Cut(rest, ", e.g. ")
	rest, context, placed := strings.Cut(rest, ", ")
	d.Measure, d.Object, _ = strings.Cut(rest, " ")
	d.Context, d.Example = context, example
	if c.sentence(&d); placed && context == "" {
		c.Err("", "/context", errRequired)
	}
	if exemplified && example == "" {
		c.Err("", "/example", errRequired)
	}
	if len(c.List) > 0 {
		return Desired{}, invalid(c.List)
	}
	return d, nil
}

const beginnings = `"minimise the", "maximise the", "increase the" or "reduce the"`

// says reports whether two desired outcomes have the same sentence part by part.
func (d Desired) says(other Desired) bool {
	return d.Direction == other.Direction && d.Measure == other.Measure && d.Object == other.Object &&
		d.Context == other.Context && d.Example == other.Example
}
