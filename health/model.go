package health

import (
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Readings are an account's raw values. Reading returns false for a measure that is missing.
// A host's own type may implement it; it must answer alike for as long as a call runs.
type Readings interface {
	Reading(measure string) (Reading, bool)
}

// A ReadingMap is the simplest Readings.
type ReadingMap map[string]Reading

// Reading returns the reading of a measure.
func (m ReadingMap) Reading(measure string) (Reading, bool) {
	r, ok := m[measure]
	return r, ok
}

// A State says whether a value is known.
type State string

// States. The empty state is Known; one that is none of these counts as failed.
const (
	Known         State = "known"
	NotApplicable State = "not_applicable" // excluded, and not counted against coverage
	Failed        State = "failed"         // missing, with the cause in Why
)

// A Reading is one raw value and when it was true. NaN and infinities count as failed.
// A reading from after asOf is not seen: it counts as missing.
type Reading struct {
	Value float64   `json:"value"`       // in the measure's unit
	At    time.Time `json:"at,omitzero"` // zero: of unknown age, which is missing where the measure expires
	State State     `json:"state,omitempty"`
	Why   string    `json:"why,omitempty"` // cause of a failed or inapplicable reading, at most 1024 bytes
}

// An Override is a person's word over the computed score: bounded in time, and with a reason.
type Override struct {
	By     string       `json:"by"`     // ID of the person, required
	Reason string       `json:"reason"` // required, at most 1024 bytes
	Kind   OverrideKind `json:"kind"`
	Points float64      `json:"points"` // 0 to 100
	From   time.Time    `json:"from"`   // required; in force in [From, Until)
	Until  time.Time    `json:"until"`  // required
}

// An OverrideKind says what an override does to the score.
type OverrideKind string

// Override kinds.
const (
	OverrideValue OverrideKind = "value" // replaces it
	OverrideFloor OverrideKind = "floor" // raises it to at least Points
	OverrideCap   OverrideKind = "cap"   // lowers it to at most Points
)

// An Input is all that a score is made of. What is not in it can't influence the score.
type Input struct {
	Account   string
	Since     time.Time  // start of the relationship; zero: age unknown, and measures that depend on it are missing
	Readings  Readings   // nil: all missing
	Overrides []Override // the one in force at asOf with the latest From applies, of equals the last, after the limits
}

// Score evaluates an account as of an instant, which is inclusive. It does not modify or keep in.
//
// Score returns an error if (each a *DataError):
//   - the account's ID is empty, longer than 256 bytes, or not plain UTF-8;
//   - asOf is zero or outside of the years 1 to 9999, or Since lies outside of them or after asOf;
//   - an override in force lacks its author, reason, start or end, or its kind or points are out of bounds;
//   - a text of it, or the Why of a reading that is seen, is not valid UTF-8, contains NUL or is longer than 1024 bytes.
//
// A reading that is missing, failed or expired is not an error: it lowers Coverage and widens Low to High.
// An override does not make an unknown score known.
func (m *Model) Score(in Input, asOf time.Time) (Score, error) {
	var room buffers
	parts := make([]Part, len(m.measures))
	s := m.open(&room, parts)
	if err := m.read(&s, in, asOf); err != nil {
		return Score{}, err
	}
	asOf = instant.Of(asOf)
	override, err := inForce(in, asOf, asOf)
	if err != nil {
		return Score{}, err
	}
	m.sum(&s)
	m.distribute(&s)
	whole := s.whole()

	score := Score{
		Account: in.Account, AsOf: asOf, Since: instant.Of(in.Since),
		Card: m.card.Name, Version: m.card.Version, Digest: m.digest,
		Band: Unknown, Coverage: share9(whole.coverage), Aspects: m.index(&s),
		Parts: parts, Override: override, Why: m.unknown(&s),
	}
	score.Known = score.Why == ""
	score.Low, score.High = m.bounds(&s)
	if score.Known {
		score.Computed = grid(whole.value)
		limited, decided := m.limited(score.Computed, &s, "")
		if decided != nil {
			limit := decided.Limit
			score.Limit = &limit
		}
		// Low and High are means of other numbers than Value: rounding may put them on the wrong side of it by a step.
		score.Low, score.High = min(score.Low, limited), max(score.High, limited)
		score.Limited = limited - score.Computed
		score.Value = override.apply(limited)
		score.Overridden = score.Value - limited
		score.Band = m.bands[m.band(score.Value)].Name
	}
	score.Certain = m.band(score.Low) == m.band(score.High)
	finish(&score, &s, room.order[:])
	return score, nil
}

// unknown returns the code of why the score is unknown, or "".
func (m *Model) unknown(s *sheet) Why {
	switch whole := s.whole(); {
	case whole.required:
		return WhyRequired
	case whole.empty || whole.coverage == 0: // neutral and worst values alone say nothing
		return WhyEmpty
	case share9(whole.coverage) < m.coverage:
		return WhyCoverage
	}
	return ""
}

// bounds returns what the score could be, before any override, if the missing parts were known.
func (m *Model) bounds(s *sheet) (low, high float64) {
	whole := s.whole()
	low, _ = m.limited(grid(whole.low), s, Cap)
	high, _ = m.limited(grid(whole.high), s, Floor)
	return low, high
}

// index returns the value and coverage of each aspect that the card has.
func (m *Model) index(s *sheet) []AspectScore {
	if len(m.aspects) == 0 {
		return nil
	}
	var sums [2]struct {
		live                          bool
		share, points, nominal, known float64
	}
	for i := range s.leaves {
		if a := m.measures[i].aspect; a >= 0 {
			sum, l := &sums[a], &s.leaves[i]
			sum.live = sum.live || l.known > 0
			sum.share += l.share
			sum.points += l.exact
			sum.nominal += l.nominal
			sum.known += float64(l.nominal * l.known)
		}
	}
	scores := make([]AspectScore, len(m.aspects))
	for a := range scores {
		score, sum := &scores[a], &sums[a]
		score.Aspect = m.aspects[a]
		if sum.nominal > 0 {
			score.Coverage = share9(sum.known / sum.nominal)
		}
		if sum.live && sum.share > 0 {
			score.Known, score.Value = true, grid(sum.points/sum.share)
		}
	}
	return scores
}

// finish puts shares and points into the parts. Those of an unknown score give no points, as the score has none.
func finish(score *Score, s *sheet, order []int32) {
	if score.Known {
		if len(order) < len(s.leaves) {
			order = make([]int32, len(s.leaves))
		}
		apportion(score.Computed, s.leaves, order)
	}
	for i := range s.leaves {
		l, p := &s.leaves[i], &s.parts[i]
		p.Weight, p.Points = l.share, l.part
		if l.known > 0 {
			p.OnCurve = grid(l.points)
		}
	}
}
