package ladder

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// An Answer says whether something is so. What is not known is neither yes nor no.
type Answer string

// Answers.
const (
	AnswerYes     Answer = "yes"
	AnswerNo      Answer = "no"
	AnswerUnknown Answer = "unknown"
)

// A PatternName names a way in which value leaks.
type PatternName string

// Patterns.
const (
	CapabilityNoOutcome PatternName = "capability_without_outcome"
	OutcomeNoGoal       PatternName = "outcome_without_goal"
	ExpectationReality  PatternName = "expectation_against_reality"
	ValuePerception     PatternName = "value_against_perception"
	ImpactUntold        PatternName = "impact_not_communicated"
)

// patterns in order.
var patterns = []PatternName{CapabilityNoOutcome, OutcomeNoGoal, ExpectationReality, ValuePerception, ImpactUntold}

// Faces of ValuePerception.
const (
	HappyWithoutValue  = "happy_without_value"
	ValuableButUnhappy = "valuable_but_unhappy"
)

// Signs are all that a diagnosis is made of.
type Signs struct {
	Account   string
	Levels    []Level          // of the waterfall
	Statement *Statement       // what was realized, by the same ladder; nil: not known
	Sentiment *decimal.Decimal // how happy they are, 0 to 1; nil: not known
}

// A Diagnosis says by which patterns an account's value leaks, whether expansion should wait for that, and how far its
// value has come. Its JSON is canonical.
type Diagnosis struct {
	Account  string     `json:"account"`
	AsOf     time.Time  `json:"as_of"`
	Ladder   string     `json:"ladder"`   // name
	Digest   Digest     `json:"digest"`   // of the ladder
	Patterns []Pattern  `json:"patterns"` // all five, in the order of their constants
	Ready    Readiness  `json:"ready"`
	Progress []Progress `json:"progress"` // all three, in the order of their constants
}

// MarshalJSON returns the canonical encoding.
func (d Diagnosis) MarshalJSON() ([]byte, error) {
	type plain Diagnosis
	return canon.JSON(plain(d))
}

// A Pattern is one way of leaking, looked for. Where a level is not known but lies in a range, the answer is known if it
// is the same all over the range.
type Pattern struct {
	Name   PatternName      `json:"name"`
	Found  Answer           `json:"found"`
	Face   string           `json:"face,omitempty"`  // of ValuePerception, where found: HappyWithoutValue or ValuableButUnhappy
	Share  *decimal.Decimal `json:"share"`           // what the threshold is for, rounded half to even to 6 places; of ValuePerception what was achieved of what was sold; nil: not known
	Limit  *decimal.Decimal `json:"limit"`           // the threshold; nil of ValuePerception, which has four
	Amount *decimal.Decimal `json:"amount"`          // money that the pattern is about; nil: not known, or none
	Items  []string         `json:"items,omitempty"` // the capabilities without an outcome, or the benefits for no theme
	Needs  []string         `json:"needs,omitempty"` // where it is not known: what would say more, a stage, statement, sentiment, capabilities or value
}

// Diagnose looks for the five patterns of leakage, by the thresholds that the ladder declares.
//
// Diagnose returns an error if the ladder declares no thresholds (*RefusedError, rule "thresholds"), as [Model.Leakage]
// does, or if the statement is of another account or ladder, the sentiment is not 0 to 1, or a result has more digits than
// a decimal may have (*DataError).
func (m *Model) Diagnose(in Signs, asOf time.Time) (Diagnosis, error) {
	l, err := m.Leakage(in.Account, in.Levels, asOf)
	if err != nil {
		return Diagnosis{}, err
	}
	limits := m.def.Thresholds
	if limits == nil {
		return Diagnosis{}, &RefusedError{in.Account, "thresholds", "the ladder declares no thresholds", "thresholds in the ladder"}
	}
	if in.Statement != nil {
		if err := m.made(in.Account, "statement", in.Statement); err != nil {
			return Diagnosis{}, err
		}
	}
	if in.Sentiment != nil {
		if why := share.refusal(*in.Sentiment); why != "" {
			return Diagnosis{}, &DataError{in.Account, "sentiment", why}
		}
	}
	w, err := m.fall(in.Account, in.Levels)
	if err != nil {
		return Diagnosis{}, err
	}
	d := Diagnosis{
		Account: in.Account, AsOf: l.AsOf, Ladder: m.def.Name, Digest: m.digest,
		Patterns: []Pattern{
			m.capabilityNoOutcome(in.Statement),
			m.outcomeNoGoal(in.Statement),
			w.short(ExpectationReality, Sold, Achieved, limits.Expectation),
			w.perceived(in.Sentiment, limits),
			w.short(ImpactUntold, Verified, Communicated, limits.Untold),
		},
		Progress: w.progress(),
	}
	for i := range d.Patterns {
		for _, figure := range []*decimal.Decimal{d.Patterns[i].Share, d.Patterns[i].Amount} {
			if figure == nil {
				continue
			}
			if err := bounded(*figure); err != nil {
				return Diagnosis{}, &DataError{in.Account, "levels", fmt.Sprintf("%s %v", d.Patterns[i].Name, err)}
			}
		}
	}
	d.Ready = w.ready(d.Patterns, limits)
	return d, nil
}

// made refuses a statement that the model did not make for the account.
func (m *Model) made(account, field string, s *Statement) error {
	switch {
	case s.Account != account:
		return &DataError{account, field, fmt.Sprintf("is of account %q", s.Account)}
	case s.Digest != m.digest || len(s.Lines) != len(m.def.Benefits):
		return &DataError{account, field, fmt.Sprintf("is of another ladder, %v", s.Digest)}
	}
	for i := range s.Lines {
		line := &s.Lines[i]
		if line.Benefit != m.def.Benefits[i].Name {
			return &DataError{account, field, fmt.Sprintf("has the benefit %q where the ladder has %q", line.Benefit, m.def.Benefits[i].Name)}
		}
		if err := bounded(line.Gross); err != nil {
			return &DataError{account, fmt.Sprintf("benefit %q", line.Benefit), err.Error()}
		}
	}
	return nil
}

// capabilities returns the names of those listed, then of those that benefits name.
func (m *Model) capabilities() []string {
	var names []string
	listed := map[string]bool{"": true} // a benefit that names none
	for _, c := range m.def.Capabilities {
		names, listed[c.Name] = append(names, c.Name), true
	}
	for i := range m.def.Benefits {
		if name := m.def.Benefits[i].Capability; !listed[name] {
			names, listed[name] = append(names, name), true
		}
	}
	return names
}

// capabilityNoOutcome counts the capabilities of which no benefit is worth anything. One with a benefit that is not
// known, and none that is worth something, could be either.
func (m *Model) capabilityNoOutcome(s *Statement) Pattern {
	limit := m.def.Thresholds.Capability
	p := Pattern{Name: CapabilityNoOutcome, Found: AnswerUnknown, Limit: &limit}
	names := m.capabilities()
	switch {
	case len(names) == 0:
		p.Needs = []string{"capabilities"}
		return p
	case s == nil:
		p.Needs = []string{"statement"}
		return p
	}
	valuable, unknown := make(map[string]bool), make(map[string]bool)
	for i := range s.Lines {
		name, line := m.def.Benefits[i].Capability, &s.Lines[i]
		valuable[name] = valuable[name] || line.Known && line.Gross.Sign() > 0
		unknown[name] = unknown[name] || !line.Known
	}
	open := int64(0)
	for _, name := range names {
		switch {
		case valuable[name]:
		case unknown[name]:
			open++
		default:
			p.Items = append(p.Items, name)
		}
	}
	without, all := int64(len(p.Items)), decimal.NewFromInt(int64(len(names)))
	p.decide(decimal.NewFromInt(without), decimal.NewFromInt(without+open), all, limit)
	if p.Found == AnswerUnknown {
		p.Needs = []string{"value"}
	}
	return p
}

// outcomeNoGoal takes the known value alone: gains that serve no theme, of all gains.
func (m *Model) outcomeNoGoal(s *Statement) Pattern {
	limit := m.def.Thresholds.Goal
	p := Pattern{Name: OutcomeNoGoal, Found: AnswerUnknown, Limit: &limit}
	if s == nil {
		p.Needs = []string{"statement"}
		return p
	}
	var lost, all decimal.Decimal
	for i := range s.Lines {
		line := &s.Lines[i]
		if !line.Known || line.Gross.Sign() <= 0 {
			continue
		}
		all = all.Add(line.Gross)
		if m.def.Benefits[i].Theme == "" {
			lost = lost.Add(line.Gross)
			p.Items = append(p.Items, line.Benefit)
		}
	}
	if all.Sign() == 0 {
		p.Needs = []string{"value"}
		return p
	}
	p.decide(lost, lost, all, limit)
	p.Amount = &lost
	return p
}

// short looks for a loss from one stage to a later one that is over a share of the first.
func (w waterfall) short(name PatternName, from, to Stage, limit decimal.Decimal) Pattern {
	p := Pattern{Name: name, Found: AnswerUnknown, Limit: &limit}
	whole := w[rank(stages, from)]
	if whole == nil || whole.Sign() == 0 {
		p.Needs = []string{string(from)}
		return p
	}
	loss := w.between(from, to)
	high := *whole // at most all of it
	if loss.High != nil {
		high = *loss.High
	}
	p.decide(loss.Low, high, *whole, limit)
	if loss.Known {
		p.Amount = &loss.Low
	}
	if p.Found == AnswerUnknown {
		p.Needs = []string{string(to)}
	}
	return p
}

// decide answers for a part of a whole that lies between low and high.
func (p *Pattern) decide(low, high, whole, limit decimal.Decimal) {
	most := whole.Mul(limit)
	switch {
	case low.Cmp(most) > 0:
		p.Found = AnswerYes
	case high.Cmp(most) <= 0:
		p.Found = AnswerNo
	}
	if low.Equal(high) {
		part := halfEven(low, whole, ratioPlaces)
		p.Share = &part
	}
}

// perceived sets how happy they are against what they have of what was sold.
func (w waterfall) perceived(sentiment *decimal.Decimal, limits *Thresholds) Pattern {
	p := Pattern{Name: ValuePerception, Found: AnswerUnknown}
	sold, achieved := w[rank(stages, Sold)], w[rank(stages, Achieved)]
	if sold != nil && sold.Sign() > 0 && achieved != nil {
		part := halfEven(*achieved, *sold, ratioPlaces)
		p.Share, p.Amount = &part, cloneOf(achieved)
	}
	if sentiment == nil {
		p.Needs = append(p.Needs, "sentiment")
		return p
	}
	happy, unhappy := sentiment.Cmp(limits.Happy) >= 0, sentiment.Cmp(limits.Unhappy) <= 0
	switch {
	case !happy && !unhappy:
		p.Found = AnswerNo
	case sold == nil || sold.Sign() == 0:
		p.Needs = append(p.Needs, string(Sold))
	case achieved == nil:
		p.Needs = append(p.Needs, string(Achieved))
	case happy && achieved.Cmp(sold.Mul(limits.Poor)) <= 0:
		p.Found, p.Face = AnswerYes, HappyWithoutValue
	case unhappy && achieved.Cmp(sold.Mul(limits.Rich)) >= 0:
		p.Found, p.Face = AnswerYes, ValuableButUnhappy
	default:
		p.Found = AnswerNo
	}
	return p
}
