package health

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/span"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// Format is the newest scorecard format that this release reads. It versions the document and the arithmetic.
const Format = 1

// Unknown is the band of a score that is not known. No band of a card may have this name.
const Unknown = "unknown"

// A Scorecard says what is looked at, how each raw value becomes points, how much each counts,
// and what is done when a value is missing or old. It is plain data: build it in Go or read it with [Parse],
// then [Compile] it. The zero Scorecard is not valid.
type Scorecard struct {
	Format      int     `json:"format"`                 // 1
	Name        string  `json:"name"`                   // of the card, for people
	Version     string  `json:"version,omitempty"`      // of the card, for people, at most 1024 bytes; the digest identifies it
	Groups      []Group `json:"groups"`                 // at least one
	Bands       []Band  `json:"bands"`                  // floors strictly rising from 0
	Limits      []Limit `json:"limits,omitempty"`       // vetoes, in the order in which ties are reported
	MinCoverage float64 `json:"min_coverage,omitempty"` // share, 0 to 1; below it the score is unknown
	Steady      Steady  `json:"steady,omitzero"`        // how a band may change over time
	Fall        Fall    `json:"fall,omitzero"`          // what counts as a sudden fall
	Alarms      []Alarm `json:"alarms,omitempty"`       // what opens a risk
}

// A Group holds measures or groups, never both. Groups nest to a depth of 64.
type Group struct {
	Name     string      `json:"name"`             // unique among its siblings
	Weight   float64     `json:"weight"`           // share among its siblings, 1e-6 to 1e6
	Aspect   Aspect      `json:"aspect,omitempty"` // outcome or experience; inherited by what it holds
	Empty    EmptyPolicy `json:"empty,omitempty"`  // what no live member means
	Measures []Measure   `json:"measures,omitempty"`
	Groups   []Group     `json:"groups,omitempty"`
}

// A Measure turns one raw value of an account into points.
type Measure struct {
	Name      string     `json:"name"`                 // unique in the card: the name under which readings come
	Unit      string     `json:"unit,omitempty"`       // of the raw value, for people, at most 1024 bytes
	Weight    float64    `json:"weight"`               // share among its siblings, 1e-6 to 1e6
	Curve     Curve      `json:"curve"`                // raw value to points
	ByAge     []AgeCurve `json:"by_age,omitempty"`     // the first whose Under exceeds the account's age replaces Curve
	NotBefore Duration   `json:"not_before,omitempty"` // younger accounts: not applicable
	Fresh     Duration   `json:"fresh,omitempty"`      // up to this age a reading counts whole
	Expire    Duration   `json:"expire,omitempty"`     // from this age on it counts nothing, linear in between; 0: a reading never ages
	Missing   Missing    `json:"missing,omitzero"`     // what the unknown part of the measure counts as
}

// A Curve maps a raw value to points, 0 to 100.
type Curve struct {
	Kind  CurveKind `json:"kind"`
	Knots []Knot    `json:"knots"` // X strictly rising; at least 1, for points and bounded 2
}

// A Knot is one point of a curve.
type Knot struct {
	X      float64 `json:"x"`      // raw value, within ±1e300
	Points float64 `json:"points"` // 0 to 100
}

// An AgeCurve is the curve of accounts younger than Under.
type AgeCurve struct {
	Under Duration `json:"under"` // elapsed since the start of the relationship, strictly rising
	Curve Curve    `json:"curve"`
}

// Missing says what the unknown part of a measure counts as. The zero value excludes it.
type Missing struct {
	Policy MissingPolicy `json:"policy,omitempty"`
	Points float64       `json:"points,omitempty"` // of the neutral policy, 0 to 100
}

// A Band is a named range of points, from its Floor up to the next band's.
type Band struct {
	Name  string  `json:"name"`
	Floor float64 `json:"floor"` // points, 0 to 100
}

// A Limit caps or floors the score while a live reading satisfies its comparison.
type Limit struct {
	Measure string     `json:"measure"`
	When    Comparison `json:"when"`
	Value   float64    `json:"value"` // raw value, finite
	Kind    LimitKind  `json:"kind"`
	Points  float64    `json:"points"` // the cap or the floor, 0 to 100
	Reason  string     `json:"reason"` // required: what people are told, at most 1024 bytes
}

// Steady keeps a band from flapping. The zero value changes a band at once.
type Steady struct {
	Worse  Hold `json:"worse,omitzero"`
	Better Hold `json:"better,omitzero"`
}

// A Hold is how far and how long a score must be past an edge before the band changes.
type Hold struct {
	Margin float64  `json:"margin,omitempty"` // points past the edge, 0 to 100
	Dwell  Duration `json:"dwell,omitempty"`  // elapsed, at every evaluation in between
}

// A Fall is a loss of points within a time. The zero value is none.
type Fall struct {
	Points float64  `json:"points"` // above 0, to 100, from the highest score of the window, overrides aside
	Within Duration `json:"within"` // trailing window, above 0
}

// An Alarm opens a risk when its condition begins to hold: a comparison on a live reading, or a steadied band.
// While a reading or score is unknown the condition stays what it was.
type Alarm struct {
	Category string     `json:"category"`          // of the risk, unique in the card, such as SponsorLost
	Measure  string     `json:"measure,omitempty"` // this and When, or Band
	When     Comparison `json:"when,omitempty"`
	Value    float64    `json:"value,omitempty"` // raw value, finite
	Band     string     `json:"band,omitempty"`  // the steadied band is this one or a worse one
	Reason   string     `json:"reason"`          // required: what people are told, at most 1024 bytes
}

// A Duration is an elapsed time; its text is "90d", "2w", "36h" (d = 24 h, w = 7 d).
type Duration time.Duration

// Day is 24 hours.
const Day = Duration(24 * time.Hour)

// String returns the canonical text, such as "90d".
func (d Duration) String() string { return span.Format(time.Duration(d)) }

// MarshalText returns the canonical text.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads one or more integers with units in falling order: w, d, h, m, s, ms, us.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := span.Parse(string(text))
	if err != nil {
		return err
	}
	*d = Duration(v)
	return nil
}

// An Aspect is one of the two sides of success: what customers reach, and what they live through on the way.
type Aspect string

// Aspects.
const (
	Outcome    Aspect = "outcome"
	Experience Aspect = "experience"
)

// An EmptyPolicy says what a group without a live member means.
type EmptyPolicy string

// Empty-group policies. Without one, a group that names the outcome aspect is EmptyUnknown, and any other, those within
// it included, is EmptyRedistribute. A group whose members all do not apply is not empty: it does not apply itself.
const (
	EmptyUnknown      EmptyPolicy = "unknown"      // the score is unknown
	EmptyRedistribute EmptyPolicy = "redistribute" // its weight goes to its siblings
)

// A CurveKind says how values between and beyond the knots are read.
type CurveKind string

// Curve kinds.
const (
	Points     CurveKind = "points"      // piecewise linear, flat beyond the ends
	Bounded    CurveKind = "bounded"     // piecewise linear; a value beyond the ends is impossible, the reading failed
	StepsLower CurveKind = "steps_lower" // the last knot with X <= value; below the first knot its points
	StepsUpper CurveKind = "steps_upper" // the first knot with value <= X; above the last knot its points
)

// A MissingPolicy says what the unknown part of a measure counts as.
type MissingPolicy string

// Missing policies. Without one, a measure is Exclude.
const (
	Exclude  MissingPolicy = "exclude"  // its weight goes to its siblings
	Neutral  MissingPolicy = "neutral"  // it counts as Missing.Points
	Worst    MissingPolicy = "worst"    // it counts as 0 points
	Required MissingPolicy = "required" // without a live reading the score is unknown; while ageing, as Exclude
)

// A Comparison holds between a raw value and a constant.
type Comparison string

// Comparisons.
const (
	Less         Comparison = "<"
	LessEqual    Comparison = "<="
	Equal        Comparison = "="
	NotEqual     Comparison = "<>"
	GreaterEqual Comparison = ">="
	Greater      Comparison = ">"
)

// A LimitKind is the direction of a limit.
type LimitKind string

// Limit kinds. Floors act first, then caps; the highest floor and the lowest cap win.
const (
	Cap   LimitKind = "cap"
	Floor LimitKind = "floor"
)

// Parse reads a scorecard from JSON, strictly: unknown, duplicate and case-folded keys, trailing data and
// numbers out of bounds are problems. It checks the document, not the card: [Compile] does that.
//
// Parse returns an error if:
//   - the document is not a scorecard (*InvalidError with every problem);
//   - its format is newer than [Format] (ErrFormat).
func Parse(data []byte) (Scorecard, error) {
	if format, ok := strictjson.Format(data); ok && format > Format {
		return Scorecard{}, fmt.Errorf("health: parse scorecard: format %d: %w", format, ErrFormat)
	}
	var card Scorecard
	if err := invalid(strictjson.Decode(data, &card)); err != nil {
		return Scorecard{}, err
	}
	return card, nil
}
