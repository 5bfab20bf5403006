package ladder

import (
	"slices"

	"github.com/shopspring/decimal"
)

// A Readiness says whether expansion may go ahead, or should wait while serious leakage is open.
type Readiness struct {
	Ready Answer   `json:"ready"`
	Waits []string `json:"waits,omitempty"` // what it should wait for: value_leakage, or the names of patterns
	Needs []string `json:"needs,omitempty"` // what would have to be known, where it is not: a stage, or the names of patterns
}

// ready asks whether the value leakage is serious, and for the patterns that hold. One reason to wait is enough; without
// any, what is not known leaves it open.
func (w waterfall) ready(found []Pattern, limits *Thresholds) Readiness {
	var r Readiness
	leak := w.short("", Potential, Achieved, limits.Serious)
	switch leak.Found {
	case AnswerYes:
		r.Waits = append(r.Waits, "value_leakage")
	case AnswerUnknown:
		r.Needs = append(r.Needs, leak.Needs...)
	}
	for i := range found {
		p := &found[i]
		switch {
		case !slices.Contains(limits.Hold, p.Name):
		case p.Found == AnswerYes:
			r.Waits = append(r.Waits, string(p.Name))
		case p.Found == AnswerUnknown:
			r.Needs = append(r.Needs, string(p.Name))
		}
	}
	switch {
	case len(r.Waits) > 0:
		r.Ready = AnswerNo
	case len(r.Needs) > 0:
		r.Ready = AnswerUnknown
	default:
		r.Ready = AnswerYes
	}
	return r
}

// A Part is one of the three parts of a value's life.
type Part string

// Parts, in order.
const (
	Creation    Part = "creation"    // potential, sold, deployed
	Realization Part = "realization" // adopted, achieved
	Assessment  Part = "assessment"  // verified, communicated, felt
)

// Progress says whether an account has passed a part: the level of each of its stages is known and above 0, and the part
// before it is passed.
type Progress struct {
	Part   Part   `json:"part"`
	Passed bool   `json:"passed"`
	Needs  []Need `json:"needs,omitempty"` // what of this part is missing to pass, in order of stage
}

// A Need is a stage at which a level is missing.
type Need struct {
	Stage Stage `json:"stage"`
	Why   Why   `json:"why"` // WhyMissing, or WhyNothing
}

// WhyNothing says that there is a level, of 0.
const WhyNothing Why = "nothing"

func (w waterfall) progress() []Progress {
	passed := true
	var out []Progress
	for _, p := range []struct {
		part     Part
		from, to Stage
	}{{Creation, Potential, Deployed}, {Realization, Adopted, Achieved}, {Assessment, Verified, Felt}} {
		part := Progress{Part: p.part}
		for i := rank(stages, p.from); i <= rank(stages, p.to); i++ {
			switch {
			case w[i] == nil:
				part.Needs = append(part.Needs, Need{stages[i], WhyMissing})
			case w[i].Sign() == 0:
				part.Needs = append(part.Needs, Need{stages[i], WhyNothing})
			}
		}
		passed = passed && len(part.Needs) == 0
		part.Passed = passed
		out = append(out, part)
	}
	return out
}

// perUnit returns value for each unit of spend, rounded half to even to 6 places, or nil where nothing is spent.
func perUnit(value, spend decimal.Decimal) *decimal.Decimal {
	if spend.Sign() <= 0 {
		return nil
	}
	ratio := halfEven(value, spend, ratioPlaces)
	return &ratio
}
