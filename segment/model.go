package segment

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Facts are what is known of an account. Fact returns false for an attribute that is missing, which is NULL.
// A host's own type may implement it; it must answer alike for as long as a call runs.
type Facts interface {
	Fact(attribute string) (Value, bool)
}

// A FactMap is the simplest Facts.
type FactMap map[string]Value

// Fact returns the value of an attribute.
func (m FactMap) Fact(attribute string) (Value, bool) {
	v, ok := m[attribute]
	return v, ok
}

// A Row is facts by attribute position, in the order of Model.Attributes: no map, no allocation.
type Row []Value

// An Input is all that a verdict is made of. What is not in it can't influence the verdict.
type Input struct {
	Account string
	Facts   Facts // nil: all NULL
}

// Classify evaluates an account as of an instant, which is inclusive. It does not modify or keep in.
//
// Classify returns an error if (each a *DataError):
//   - the account's ID is empty, longer than 256 bytes, or not plain UTF-8;
//   - asOf is zero or outside of the years 1 to 9999;
//   - a fact is not of its attribute's type, is NaN, infinite or an integer above 2^53, text with NUL or not UTF-8,
//     or a text or number that the attribute does not allow.
//
// A fact that is NULL or failed is not an error.
func (m *Model) Classify(in Input, asOf time.Time) (Verdict, error) {
	if err := atDoor(in.Account, asOf); err != nil {
		return Verdict{}, err
	}
	row := m.schema.row(in.Facts, nil)
	if _, err := m.schema.admit(row); err != nil {
		return Verdict{}, of(in.Account, err)
	}
	return m.explained(in.Account, row, instant.Micros(asOf)), nil
}

// atDoor checks what every evaluation of an account begins with.
func atDoor(account string, asOf time.Time) error {
	if err := ident.Check(account); err != nil {
		return dataError(account, "account", err)
	}
	_, err := instantOf(asOf)
	return of(account, err)
}

// of says whose data an error is about.
func of(account string, err error) error {
	if err == nil {
		return nil
	}
	var data *DataError
	if errors.As(err, &data) {
		data.Account = account
	}
	return err
}

// explained classifies a row of checked facts.
func (m *Model) explained(account string, row Row, now int64) Verdict {
	v := m.verdict(account, instant.FromMicros(now))
	marks := make([]bool, 2*len(row))
	decided, unknown := marks[:len(row)], marks[len(row):]
	rule, stopped := m.match(row, now)
	for i := range m.rules[:rule] {
		when := &m.rules[i].when
		when.why(row, now, decided)
		if when.eval(row, now) == Unknown {
			when.unknown(row, now, unknown)
		}
	}
	switch {
	case stopped:
		attr := m.rules[rule].when.failure(row, now)
		decided[attr] = true
		v.Reason, v.Failed = Error, m.schema.columns[attr].name
	case rule < len(m.rules):
		m.rules[rule].when.why(row, now, decided)
		v.Reason, v.Rule, v.Segment = Match, rule, m.def.Rules[rule].Segment
	case m.def.Otherwise != "":
		v.Reason, v.Segment = Default, m.def.Otherwise
	default:
		v.Reason = None
	}
	facts := 0
	for _, yes := range decided {
		if yes {
			facts++
		}
	}
	if facts > 0 {
		v.Facts = make([]Fact, 0, facts)
	}
	for i := range row {
		if decided[i] {
			v.Facts = append(v.Facts, Fact{m.schema.columns[i].name, row[i]})
		}
		if unknown[i] {
			v.Unknown = append(v.Unknown, m.schema.columns[i].name)
		}
	}
	if !stopped {
		v.Near, v.Leave = m.near(row, now, rule, v.Segment)
	}
	v.Stays = m.stays(row, now)
	return v
}

// verdict returns a verdict that says nothing yet.
func (m *Model) verdict(account string, asOf time.Time) Verdict {
	return Verdict{
		Account: account, AsOf: asOf, Scheme: m.def.Name, Version: m.def.Version, Digest: m.digest, Rule: -1,
	}
}

// match returns the first rule that is true, or stopped and the first one that depends on a failed fact before that;
// len(m.rules) if there is none.
func (m *Model) match(row Row, now int64) (rule int, stopped bool) {
	for i := range m.rules {
		switch m.rules[i].when.eval(row, now) {
		case True:
			return i, false
		case failed:
			return i, true
		}
	}
	return len(m.rules), false
}

// stays returns the segments with a Stay that is true. One that depends on a failed fact counts as true, since an
// outage must not move anyone.
func (m *Model) stays(row Row, now int64) []string {
	var segments []string
	for i := range m.rules {
		stay, segment := m.rules[i].stay, m.def.Rules[i].Segment
		if stay == nil || slices.Contains(segments, segment) {
			continue
		}
		if t := stay.eval(row, now); t == True || t == failed {
			segments = append(segments, segment)
		}
	}
	slices.SortFunc(segments, func(a, b string) int { return m.rank(a) - m.rank(b) })
	return segments
}

// rank returns a segment's place in the order of rank, and one after all others for what is no segment of the scheme.
func (m *Model) rank(segment string) int {
	if i := slices.Index(m.segments, segment); i >= 0 {
		return i
	}
	return len(m.segments)
}

// ClassifyRow is Classify for the segment alone, without explanation or allocation: the index of the rule that
// matched, len(Rules) for the default, -1 for none, or -2 when the answer depends on a failed fact.
//
// ClassifyRow returns an error if the row has another number of facts than the scheme has attributes, or for the reasons
// for which Classify does (*DataError without account).
func (m *Model) ClassifyRow(row Row, asOf time.Time) (int, error) {
	now, err := instantOf(asOf)
	if err != nil {
		return -1, err
	}
	if len(row) != len(m.schema.columns) {
		return -1, &DataError{Message: fmt.Sprintf("has %d facts for %d attributes", len(row), len(m.schema.columns))}
	}
	failed, err := m.schema.admit(row)
	if err != nil {
		return -1, err
	}
	var rule int
	if failed {
		var stopped bool
		if rule, stopped = m.match(row, now); stopped {
			return -2, nil
		}
	} else {
		rule = m.program.run(row, now)
	}
	if rule == len(m.rules) && m.def.Otherwise == "" {
		return -1, nil
	}
	return rule, nil
}
