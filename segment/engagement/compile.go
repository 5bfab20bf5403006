package engagement

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/segment"
)

// A Digest identifies the content of a definition: SHA-256 of its canonical JSON.
type Digest [32]byte

// String returns "sha256:" and 64 hexadecimal digits.
func (d Digest) String() string { return canon.DigestText(d) }

// MarshalText returns the text of String.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text of String.
func (d *Digest) UnmarshalText(text []byte) error { return canon.ParseDigest(text, (*[32]byte)(d)) }

// A Model is one or several compiled programs. It is immutable and safe for concurrent use.
type Model struct {
	programs   []Program
	name       string // of the programs, joined
	digests    []Digest
	digest     Digest
	conditions []*segment.Condition // each text of a program once
	plans      []plan
	byName     map[string]int // positions of plans
	budgets    []Budget
	quiet      []quiet
}

// A plan is a TouchPlan as Due needs it.
type plan struct {
	TouchPlan
	index, program   int // positions of its own, and of its program
	first            int // position of the first plan of its playbook; of other plans their own
	when, done, skip int // positions of conditions; -1: none
	tries            []try
	programName      string
	trial            string
}

// A try is one of the touches that a task becomes while nobody answers.
type try struct {
	channel Channel
	owner   string
	minutes float64
	level   int   // 0: of the touch itself; else of its escalation
	wait    int64 // microseconds after the try before; of the first 0
}

// tries returns the tries of a touch, at least one. Numbers out of bounds are problems elsewhere.
func tries(t *TouchPlan) []try {
	list := []try{{channel: t.Channel, owner: t.Owner, minutes: t.Minutes}}
	for i, e := range t.Escalate {
		wait := time.Duration(e.Wait).Microseconds()
		for range min(max(e.After, 1), maxTries) - 1 {
			again := list[len(list)-1]
			again.wait = wait
			list = append(list, again)
		}
		list = append(list, try{channel: e.Channel, owner: e.Owner, minutes: e.Minutes, level: i + 1, wait: wait})
	}
	return list
}

// Compile checks a program over the attributes that its conditions speak of, and returns its Model.
// It keeps deep copies: later changes to p and attributes have no effect.
//
// Compile returns an error if:
//   - anything in the program is wrong (*InvalidError with every problem, each with its place);
//   - the program's format is newer than [Format] (ErrFormat).
func Compile(p Program, attributes []segment.Attribute) (*Model, error) {
	if p.Format > Format {
		return nil, fmt.Errorf("engagement: compile program %q: format %d: %w", p.Name, p.Format, ErrFormat)
	}
	c := checker{attributes: attributes}
	c.program(&p)
	if err := invalid(c.List); err != nil {
		return nil, err
	}
	def := p.clone()
	digest, err := canon.Digest(def)
	if err != nil {
		return nil, fmt.Errorf("engagement: compile program %q: %w", p.Name, err)
	}
	byName := make(map[string]int, len(c.plans))
	for i := range c.plans {
		t := &c.plans[i]
		byName[t.Name] = i
		t.index = i
		t.programName, t.trial = p.Name, p.Trial
		if !p.Ordered {
			t.first = i
		}
	}
	return &Model{
		programs: []Program{def}, name: def.Name, digests: []Digest{digest}, digest: digest,
		conditions: c.conditions, plans: c.plans, byName: byName, budgets: def.Budgets, quiet: c.quiet,
	}, nil
}

// Join makes one Model of several, so that one agenda has the tasks of all: in the order of the models where they are due
// at one instant, and with the budgets and quiet times of each for all.
//
// The name of the whole is the names with a '/' between them, its digest that of the digests.
//
// Join returns an error if there is no model, or two programs or two touches have one name (*InvalidError).
func Join(models ...*Model) (*Model, error) {
	var report check.Report
	var programs, touches check.Names
	var names []string
	whole := &Model{byName: make(map[string]int)}
	for _, m := range models {
		at := len(whole.plans)
		place := 0 // of a touch in its program
		for i, p := range m.plans {
			if i > 0 && m.plans[i-1].program != p.program {
				place = 0
			}
			p.first += at
			p.index += at
			whole.byName[p.Name] = p.index
			p.program += len(whole.programs)
			for _, condition := range []*int{&p.when, &p.done, &p.skip} {
				if *condition >= 0 {
					*condition += len(whole.conditions)
				}
			}
			report.Define(&touches, problem.Pointer(p.program, "touches", place), "/name", p.Name)
			place++
			whole.plans = append(whole.plans, p)
		}
		for _, p := range m.programs {
			report.Define(&programs, problem.Pointer(len(whole.programs)), "/name", p.Name)
			names = append(names, p.Name)
			whole.programs = append(whole.programs, p)
		}
		whole.conditions = append(whole.conditions, m.conditions...)
		whole.budgets = append(whole.budgets, m.budgets...)
		whole.quiet = append(whole.quiet, m.quiet...)
		whole.digests = append(whole.digests, m.digests...)
	}
	if len(models) == 0 {
		report.Addf("", "there is no program")
	}
	if err := invalid(report.List); err != nil {
		return nil, err
	}
	whole.name, whole.digest = strings.Join(names, "/"), whole.digests[0]
	if len(whole.digests) > 1 {
		digest, err := canon.Digest(whole.digests)
		if err != nil {
			return nil, fmt.Errorf("engagement: join %q: %w", whole.name, err)
		}
		whole.digest = digest
	}
	return whole, nil
}

// Program returns a copy of the definition, of several the first.
func (m *Model) Program() Program { return m.programs[0].clone() }

// Programs returns copies of the definitions, in the order in which they were joined.
func (m *Model) Programs() []Program {
	list := slices.Clone(m.programs)
	for i := range list {
		list[i] = list[i].clone()
	}
	return list
}

// Digest returns the digest of the definition.
func (m *Model) Digest() Digest { return m.digest }

func invalid(list problem.List) error {
	if len(list) == 0 {
		return nil
	}
	problems := make([]Problem, len(list))
	for i, p := range list {
		problems[i] = Problem(p)
	}
	return &InvalidError{Problems: problems}
}
