package journey

import (
	"fmt"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// A RollUp declares how the journeys of one account, one for each product, make one stage. Each journey has a track
// and a log of its own; their maps may differ, so that phases are put on one scale.
type RollUp struct {
	Format int        `json:"format"` // 1
	Name   string     `json:"name"`
	Stages []Stage    `json:"stages"` // rising, at least one
	Rule   RollUpRule `json:"rule"`
	Lead   string     `json:"lead,omitempty"` // of the rule lead: the map whose journey decides
}

// A Stage is a step of the scale.
type Stage struct {
	Name   string     `json:"name"`
	Phases []MapPhase `json:"phases"`
}

// A MapPhase is a phase of one of the maps.
type MapPhase struct {
	Map   string `json:"map"`
	Phase string `json:"phase"`
}

// A RollUpRule says which journey decides.
type RollUpRule string

// Roll-up rules.
const (
	RollUpLeast RollUpRule = "least" // the one that is least advanced: all have come as far
	RollUpMost  RollUpRule = "most"  // the one that is most advanced
	RollUpLead  RollUpRule = "lead"  // that of one map
)

// ParseRollUp reads a roll-up from JSON, strictly, as [Parse] does a map.
func ParseRollUp(data []byte) (RollUp, error) {
	if f, ok := strictjson.Format(data); ok && f > Format {
		return RollUp{}, fmt.Errorf("journey: parse roll-up: format %d: %w", f, ErrFormat)
	}
	var r RollUp
	if problems := strictjson.Decode(data, &r); len(problems) > 0 {
		return RollUp{}, invalidAs("roll-up", problems)
	}
	return r, nil
}

// A RollUpModel is a compiled RollUp. It is immutable and safe for concurrent use.
type RollUpModel struct {
	def    RollUp
	stages map[MapPhase]int
}

// Compile checks a roll-up against the models of its maps: every phase of each must be in one stage, and no other.
// It returns an *InvalidError with every problem, each with its place in the roll-up. A newer format is ErrFormat.
func (r RollUp) Compile(models ...*Model) (*RollUpModel, error) {
	if r.Format > Format {
		return nil, fmt.Errorf("journey: compile roll-up %q: format %d: %w", r.Name, r.Format, ErrFormat)
	}
	c := &checker{}
	c.Format(r.Format, Format)
	c.Name("", "/name", r.Name)
	if len(r.Stages) == 0 {
		c.Addf("/stages", "must have at least one stage")
	}
	var maps []string
	open := make(map[MapPhase]bool) // not yet in a stage
	for _, m := range models {
		if slices.Contains(maps, m.def.Name) {
			c.Addf("", "two maps are called %q", m.def.Name)
		}
		maps = append(maps, m.def.Name)
		for i := range m.phases {
			open[MapPhase{m.def.Name, m.phases[i].def.Name}] = true
		}
	}
	model := &RollUpModel{def: r, stages: make(map[MapPhase]int)}
	model.def.Stages = slices.Clone(r.Stages)
	var stages names
	for i, s := range r.Stages {
		at := problem.Pointer("stages", i)
		c.unique(&stages, at, s.Name)
		model.def.Stages[i].Phases = slices.Clone(s.Phases)
		for j, p := range s.Phases {
			at := problem.Join(at, "phases", j)
			if _, twice := model.stages[p]; twice {
				c.Addf(at, "phase %q of map %q is in a stage already", p.Phase, p.Map)
			} else if !open[p] {
				c.Addf(at, "no map %q with a phase %q", p.Map, p.Phase)
			}
			model.stages[p] = i
			delete(open, p)
		}
	}
	for _, m := range models {
		for i := range m.phases {
			if p := (MapPhase{m.def.Name, m.phases[i].def.Name}); open[p] {
				c.Addf("/stages", "phase %q of map %q is in no stage", p.Phase, p.Map)
			}
		}
	}
	check.OneOf(&c.Report, "", "/rule", r.Rule, RollUpLeast, RollUpMost, RollUpLead)
	switch {
	case r.Rule == RollUpLead && !slices.Contains(maps, r.Lead):
		c.unknown("/lead", "map", r.Lead, maps)
	case r.Rule != RollUpLead && r.Lead != "":
		c.Addf("/lead", "is for the rule %q", RollUpLead)
	}
	if len(c.List) > 0 {
		return nil, invalidAs("roll-up", c.List)
	}
	return model, nil
}

// A Standing is what the journeys of an account come to.
type Standing struct {
	Account string     `json:"account"`
	Stage   string     `json:"stage,omitempty"`   // "": no journey that counts is under way
	Map     string     `json:"map,omitempty"`     // whose journey decided, the first given of several
	Clock   ClockState `json:"clock"`             // the worst of all: stuck, behind, on track, paused, unknown
	Behind  []string   `json:"behind,omitempty"`  // maps whose journeys are behind or stuck, as given
	Open    int        `json:"open"`              // journeys under way
	Ended   int        `json:"ended,omitempty"`   // journeys that have ended
	Waiting int        `json:"waiting,omitempty"` // journeys that have not started
}

// Of rolls up one account's decisions, one for each journey. Journeys that have not started or have ended don't decide.
//
// Of returns an error if (each a *DataError):
//   - there is no decision, they are of two accounts or as of two instants, or two are of one map;
//   - a decision is of a map or in a phase that is in no stage.
func (r *RollUpModel) Of(decisions ...Decision) (Standing, error) {
	if len(decisions) == 0 {
		return Standing{}, &DataError{"", "decisions", "there are none"}
	}
	first := &decisions[0]
	s := Standing{Account: first.Account, Clock: ClockUnknown}
	best := -1
	for i := range decisions {
		d := &decisions[i]
		fail := func(cause string) (Standing, error) {
			return Standing{}, &DataError{first.Account, fmt.Sprintf("decision %d", i+1), cause}
		}
		switch {
		case d.Account != first.Account:
			return fail(fmt.Sprintf("belongs to account %q", d.Account))
		case !d.AsOf.Equal(first.AsOf):
			return fail(fmt.Sprintf("is as of %s, not %s", timeText(d.AsOf), timeText(first.AsOf)))
		case slices.ContainsFunc(decisions[:i], func(other Decision) bool { return other.Map == d.Map }):
			return fail(fmt.Sprintf("map %q is given twice", d.Map))
		case d.Phase == "":
			s.Waiting++
			continue
		case d.Phase == Ended:
			s.Ended++
			continue
		}
		stage, ok := r.stages[MapPhase{d.Map, d.Phase}]
		if !ok {
			return fail(fmt.Sprintf("phase %q of map %q is in no stage", d.Phase, d.Map))
		}
		s.Open++
		if urgency(d.Clock.State) > urgency(s.Clock) {
			s.Clock = d.Clock.State
		}
		if d.Clock.State == Behind || d.Clock.State == Stuck {
			s.Behind = append(s.Behind, d.Map)
		}
		if best < 0 && (r.def.Rule != RollUpLead || r.def.Lead == d.Map) || best >= 0 &&
			(r.def.Rule == RollUpLeast && stage < best || r.def.Rule == RollUpMost && stage > best) {
			best, s.Stage, s.Map = stage, r.def.Stages[stage].Name, d.Map
		}
	}
	return s, nil
}

// urgency orders clock states.
func urgency(s ClockState) int {
	return slices.Index([]ClockState{ClockUnknown, Paused, OnTrack, Behind, Stuck}, s)
}
