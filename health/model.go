package health

import "time"

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

// States. The empty state is Known.
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
	Why   string    `json:"why,omitempty"` // cause of a failed or inapplicable reading
}

// An Override is a person's word over the computed score: bounded in time, and with a reason.
type Override struct {
	By     string       `json:"by"`
	Reason string       `json:"reason"`
	Kind   OverrideKind `json:"kind"`
	Points float64      `json:"points"` // 0 to 100
	From   time.Time    `json:"from"`   // in force in [From, Until)
	Until  time.Time    `json:"until"`
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
	Overrides []Override // the one in force at asOf with the latest From applies, after the limits
}

// Score evaluates an account as of an instant, which is inclusive. It does not modify or keep in.
//
// Score returns an error if (each a *DataError):
//   - the account's ID is empty, longer than 256 bytes, or not plain UTF-8;
//   - asOf is outside of the years 1 to 9999, or Since lies after it;
//   - an override in force lacks its author or reason, or its points are outside of 0 to 100.
//
// A reading that is missing, failed or expired is not an error: it lowers Coverage and widens Low to High.
func (m *Model) Score(in Input, asOf time.Time) (Score, error) { panic("unbuilt") }

// Settle folds a score into the account's standing: the band as the card's Steady lets it change.
// It is pure, and settling twice at one instant changes nothing. The zero Standing is that of an account never scored.
func (m *Model) Settle(prev Standing, s Score) Standing { panic("unbuilt") }

// Ask returns the measures whose readings are unknown, the one that would narrow Low to High most first;
// ties in definition order.
func (m *Model) Ask(in Input, asOf time.Time) ([]string, error) { panic("unbuilt") }

// Levers returns, for each measure alone and in definition order, the raw value nearest to the present one that
// would bring the score into the band, overrides left aside. It returns an error for a band that the card does not have.
func (m *Model) Levers(in Input, asOf time.Time, band string) ([]Lever, error) { panic("unbuilt") }
