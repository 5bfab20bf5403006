package health

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// An Evaluation is a score that can be made again: Score.Input and Score.AsOf of a stored one, and the model of its digest.
type Evaluation struct {
	Model *Model
	Input Input
	AsOf  time.Time
}

// A Change says why a score became another. Every number is in points, on the grid, and
// After - Before == Total == Data + Time + Definition + Override.
type Change struct {
	Before     float64         `json:"before"`             // Value, 0 to 100, whether or not enough was known for a score
	After      float64         `json:"after"`              // likewise
	Total      float64         `json:"total"`              // After - Before
	Data       float64         `json:"data"`               // other readings, or another start of the relationship
	Time       float64         `json:"time"`               // readings that aged, an account that grew older, an override that ended
	Definition float64         `json:"definition"`         // another card
	Override   float64         `json:"override"`           // other overrides
	Measures   []MeasureChange `json:"measures,omitempty"` // of Data, without those that are 0
}

// A MeasureChange is the share of one measure in Change.Data; all of them sum to it. An empty Measure is what limits and
// overrides did to the data's change: a cap that hides a rise takes it away here.
type MeasureChange struct {
	Measure string  `json:"measure"`
	Points  float64 `json:"points"` // never 0
}

// The causes of a change, as positions and, shifted, as bits of a combination: a bit that is set takes what after has.
const (
	causeData = iota
	causeTime
	causeDefinition
	causeOverride
	causes
)

// shareOf is Shapley's weight of a cause's difference to a combination of some of the three others, in twelfths.
func shareOf(others int) int64 { return [...]int64{3, 1, 1, 3}[others] }

// Explain attributes the difference of two evaluations of an account to four causes: what each adds to each combination
// of the others, averaged over all orders (Shapley's value over 16 combinations). A cause that is the same on both sides
// is 0. A measure's share of Data is averaged alike, from the measure's part; that needs no further evaluation.
//
// Averages are put on the grid by largest remainder, ties in the order of the four causes, and of the bytes of
// measures' names. Swapping before and after changes the signs and nothing else.
//
// In a combination, data that its own evaluation saw is seen, and counts as fresh at an instant before it; readings and
// overrides that it did not see stay unseen. Combinations need some live weight and no more: required measures, empty
// groups and MinCoverage play no role, so that a score that is unknown for their sake has a Before or After all the same.
// Where readings of before have all expired by the instant of after, explain step by step: changes of successive
// evaluations can be added up.
//
// Explain returns an error if:
//   - the evaluations are of two accounts, one has no model, or its data is wrong (*DataError), as Score does;
//   - a combination has no live weight at all (ErrUnknown).
func Explain(before, after Evaluation) (Change, error) {
	account := after.Input.Account
	if before.Input.Account != account {
		return Change{}, &DataError{
			Account: account, Field: "account",
			Message: fmt.Sprintf("the evaluation before is of %q", check.Clip(before.Input.Account)),
		}
	}
	var e explanation
	for i, side := range [2]Evaluation{before, after} {
		if side.Model == nil {
			return Change{}, &DataError{Account: account, Field: "model", Message: "is nil"}
		}
		if _, err := side.Model.Score(side.Input, side.AsOf); err != nil {
			return Change{}, err
		}
		side.AsOf = instant.Of(side.AsOf)
		e.sides[i] = side
	}
	e.name()
	for c := range 1 << causeOverride {
		if err := e.evaluate(c); err != nil {
			return Change{}, err
		}
	}
	return e.change(), nil
}

// An explanation holds the 16 combinations, in steps of the grid.
type explanation struct {
	sides  [2]Evaluation
	names  []string // of the measures of both cards: those of after, then those that before alone has
	column map[string]int
	values [1 << causes]int64
	parts  [1 << causeOverride][]int64 // by column; overrides play no role
}

func (e *explanation) name() {
	e.column = make(map[string]int)
	for _, side := range [2]int{1, 0} {
		m := e.sides[side].Model
		for i := range m.measures {
			name := m.measures[i].name
			if _, ok := e.column[name]; !ok {
				e.column[name] = len(e.names)
				e.names = append(e.names, name)
			}
		}
	}
}

// evaluate fills in one combination of data, time and definition, with both sides' overrides.
func (e *explanation) evaluate(c int) error {
	data, at, m := &e.sides[c>>causeData&1], e.sides[c>>causeTime&1].AsOf, e.sides[c>>causeDefinition&1].Model
	in := Input{Account: data.Input.Account, Since: instant.Of(data.Input.Since)}
	if in.Since.After(at) {
		in.Since = at
	}
	if data.Input.Readings != nil {
		in.Readings = seen{data.Input.Readings, data.AsOf, at}
	}
	var room buffers
	s := m.open(&room, make([]Part, len(m.measures)))
	if err := m.read(&s, in, at); err != nil {
		return err
	}
	m.sum(&s)
	if s.whole().live == 0 {
		return fmt.Errorf("health: explain %q: data as of %s at %s under card %q: no live weight: %w", in.Account,
			data.AsOf.Format(time.RFC3339Nano), at.Format(time.RFC3339Nano), check.Clip(m.card.Name), ErrUnknown)
	}
	m.distribute(&s)
	computed := grid(s.whole().value)
	apportion(computed, s.leaves, make([]int32, len(s.leaves)))
	e.parts[c] = make([]int64, len(e.names))
	for i := range s.leaves {
		e.parts[c][e.column[m.measures[i].name]] = steps(s.leaves[i].part)
	}
	limited, _ := m.limited(computed, &s, "")
	for side := range e.sides {
		own := &e.sides[side]
		o, err := inForce(own.Input, own.AsOf, at)
		if err != nil {
			return err
		}
		e.values[c|side<<causeOverride] = steps(o.apply(limited))
	}
	return nil
}

// seen gives the readings that an evaluation as of own saw, none of them dated after at.
type seen struct {
	Readings
	own, at time.Time
}

func (s seen) Reading(measure string) (Reading, bool) {
	r, ok := s.Readings.Reading(measure)
	if r.At = instant.Of(r.At); !ok || r.At.After(s.own) {
		return Reading{}, false
	}
	if r.At.After(s.at) {
		r.At = s.at
	}
	return r, true
}

// eachOther calls f for each combination of the causes but one, with its weight in twelfths.
func eachOther(cause int, f func(c int, weight int64)) {
	for c := range 1 << causes {
		if c>>cause&1 == 0 {
			others := 0
			for bits := c; bits > 0; bits >>= 1 {
				others += bits & 1
			}
			f(c, shareOf(others))
		}
	}
}

func (e *explanation) change() Change {
	var twelfths [causes]int64
	for cause := range twelfths {
		eachOther(cause, func(c int, weight int64) {
			twelfths[cause] += weight * (e.values[c|1<<cause] - e.values[c])
		})
	}
	first, last := e.values[0], e.values[1<<causes-1]
	shares := inSteps(twelfths[:], last-first, cmp.Compare[int])
	change := Change{
		Before: points(first), After: points(last), Total: points(last - first),
		Data: points(shares[causeData]), Time: points(shares[causeTime]),
		Definition: points(shares[causeDefinition]), Override: points(shares[causeOverride]),
	}

	measures := make([]int64, len(e.names)+1) // the last is the share of limits and overrides
	rest := twelfths[causeData]
	eachOther(causeData, func(c int, weight int64) {
		c %= len(e.parts)
		with, without := e.parts[c|1<<causeData], e.parts[c]
		for i := range with {
			share := weight * (with[i] - without[i])
			measures[i] += share
			rest -= share
		}
	})
	measures[len(e.names)] = rest
	names := slices.Concat(e.names, []string{""})
	byName := func(a, b int) int { return cmp.Compare(names[a], names[b]) }
	for i, p := range inSteps(measures, shares[causeData], byName) {
		if p != 0 {
			change.Measures = append(change.Measures, MeasureChange{Measure: names[i], Points: points(p)})
		}
	}
	return change
}

// inSteps rounds shares, which are in twelfths of a step, to whole steps that sum to total, each by less than one step:
// all are cut toward zero, and what is left over goes to the largest remainders of its sign, ties in the given order.
// total differs from the sum of the shares by less than one step for each of them.
func inSteps(twelfths []int64, total int64, order func(a, b int) int) []int64 {
	shares := make([]int64, len(twelfths))
	left := total
	byRest := make([]int, len(twelfths))
	for i, t := range twelfths {
		shares[i] = t / 12
		left -= shares[i]
		byRest[i] = i
	}
	sign := int64(1)
	if left < 0 {
		sign, left = -1, -left
	}
	if left > 0 {
		slices.SortFunc(byRest, func(a, b int) int {
			return cmp.Or(cmp.Compare(sign*(twelfths[b]%12), sign*(twelfths[a]%12)), order(a, b))
		})
	}
	for _, i := range byRest[:left] {
		shares[i] += sign
	}
	return shares
}

// steps is a number of points in steps of the grid, on which it lies.
func steps(x float64) int64 { return int64(x * perPoint) }

// points is the inverse of steps.
func points(steps int64) float64 { return float64(steps) / perPoint }
