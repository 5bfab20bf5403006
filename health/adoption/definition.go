package adoption

import (
	"fmt"
	"slices"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// Format is the newest plan format that this release reads. It versions the document and the arithmetic.
const Format = 1

// A Plan says what adoption means for a product. It is plain data: build it in Go or read it with [Parse], then
// [Compile] it. The zero Plan is not valid.
type Plan struct {
	Format      int          `json:"format"` // 1
	Name        string       `json:"name"`
	Version     string       `json:"version,omitempty"`  // for people; the digest identifies it
	MinUses     int          `json:"min_uses"`           // uses by an account from which it has adopted a feature, 1 or more
	MinDays     int          `json:"min_days"`           // active days from which a user is a deep one, 1 or more
	Workdays    []Weekday    `json:"workdays,omitempty"` // days that stickiness counts; empty: all
	Processes   []Process    `json:"processes,omitempty"`
	Moments     []Moment     `json:"moments,omitempty"`
	Tasks       []Task       `json:"tasks,omitempty"`
	SelfService *SelfService `json:"self_service,omitempty"`
}

// A Process is a business process or use case. It runs on the product when each of its features has been used as often
// and by as many users as it says.
type Process struct {
	Name     string   `json:"name"`
	Features []string `json:"features"`
	Uses     int      `json:"uses"`  // of each feature, 1 or more
	Users    int      `json:"users"` // of each feature, 1 or more
}

// A Moment is the pattern of events after which customers stay: an aha moment. It is reached when the last of its steps
// is, in any order of steps.
type Moment struct {
	Name   string          `json:"name"`
	Within health.Duration `json:"within"` // of the start, inclusive; above 0
	Steps  []Step          `json:"steps"`
}

// A Step is reached with the last of a number of uses of a feature.
type Step struct {
	Feature string `json:"feature"`
	Uses    int    `json:"uses"` // 1 to 100: so many instants are kept for each user
}

// A Task is something critical that every user should do.
type Task struct {
	Name    string `json:"name"`
	Feature string `json:"feature"`
	Uses    int    `json:"uses"` // 1 or more
}

// A SelfService tells from the use of features which questions people answered for themselves.
type SelfService struct {
	Resolved  []string `json:"resolved"`  // each use is a question answered by self-service
	Escalated []string `json:"escalated"` // each use is a question that went to a person
}

// A Weekday is a day of the week.
type Weekday string

// Weekdays.
const (
	Sunday    Weekday = "sun"
	Monday    Weekday = "mon"
	Tuesday   Weekday = "tue"
	Wednesday Weekday = "wed"
	Thursday  Weekday = "thu"
	Friday    Weekday = "fri"
	Saturday  Weekday = "sat"
)

// weekdays are in the order of package time.
var weekdays = [...]Weekday{Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday}

// Parse reads a plan from JSON, strictly: unknown, duplicate and case-folded keys, trailing data and numbers out of
// bounds are problems. It checks the document, not the plan: [Compile] does that.
//
// Parse returns an error if:
//   - the document is not a plan (*InvalidError with every problem);
//   - its format is newer than [Format] (ErrFormat).
func Parse(data []byte) (Plan, error) {
	if format, ok := strictjson.Format(data); ok && format > Format {
		return Plan{}, fmt.Errorf("adoption: parse plan: format %d: %w", format, ErrFormat)
	}
	var p Plan
	if err := invalid(strictjson.Decode(data, &p)); err != nil {
		return Plan{}, err
	}
	return p, nil
}

// clone returns a deep copy.
func (p Plan) clone() Plan {
	p.Workdays = slices.Clone(p.Workdays)
	p.Tasks = slices.Clone(p.Tasks)
	p.Processes = slices.Clone(p.Processes)
	for i := range p.Processes {
		p.Processes[i].Features = slices.Clone(p.Processes[i].Features)
	}
	p.Moments = slices.Clone(p.Moments)
	for i := range p.Moments {
		p.Moments[i].Steps = slices.Clone(p.Moments[i].Steps)
	}
	if p.SelfService != nil {
		p.SelfService = &SelfService{slices.Clone(p.SelfService.Resolved), slices.Clone(p.SelfService.Escalated)}
	}
	return p
}
