package health

import (
	"encoding/json"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Score is the result of one evaluation. Every number of points is a multiple of 2^-20, so that sums are exact
// in any order: Value == Computed + Limited + Overridden, and Computed == the sum of the parts' Points.
// Its JSON is canonical; an unknown Value is null there.
type Score struct {
	Account    string        `json:"account"`
	AsOf       time.Time     `json:"as_of"`
	Since      time.Time     `json:"since,omitzero"`
	Card       string        `json:"card"`
	Version    string        `json:"version,omitempty"`
	Digest     Digest        `json:"digest"`               // of the card that made it
	Known      bool          `json:"known"`                // false: Value, Computed, Limited, Overridden and all Parts' Points are 0
	Value      float64       `json:"value"`                // points, 0 to 100
	Computed   float64       `json:"computed"`             // before limits and override
	Limited    float64       `json:"limited,omitempty"`    // what limits added (negative: took away)
	Overridden float64       `json:"overridden,omitempty"` // what the override added
	Band       string        `json:"band"`                 // of Value alone, or Unknown; a Standing has the steadied one
	Coverage   float64       `json:"coverage"`             // share of the applicable weight that is known, 0 to 1, nine places
	Aspects    []AspectScore `json:"aspects,omitempty"`    // value and coverage of each aspect that the card has; see Index
	Low        float64       `json:"low"`                  // bounds of Value before any override, with every
	High       float64       `json:"high"`                 // missing part at 0 and at 100, points
	Certain    bool          `json:"certain"`              // Low and High lie in one band
	Parts      []Part        `json:"parts"`                // in definition order
	Limit      *Limit        `json:"limit,omitempty"`      // the one that decided
	Override   *Override     `json:"override,omitempty"`   // the one in force, whether or not it changed the value
	Why        Why           `json:"why,omitempty"`        // why the score is unknown
}

// MarshalJSON returns the canonical encoding. Value and Computed of an unknown score are null.
func (s Score) MarshalJSON() ([]byte, error) {
	w := scoreJSON{
		s.Account, s.AsOf, s.Since, s.Card, s.Version, s.Digest, s.Known, &s.Value, &s.Computed, s.Limited, s.Overridden,
		s.Band, s.Coverage, s.Aspects, s.Low, s.High, s.Certain, s.Parts, s.Limit, s.Override, s.Why,
	}
	if !s.Known {
		w.Value, w.Computed = nil, nil
	}
	return canon.JSON(w)
}

// UnmarshalJSON reads what MarshalJSON wrote. Unknown keys are ignored.
func (s *Score) UnmarshalJSON(data []byte) error {
	type plain Score
	var p plain
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*s = Score(p)
	return nil
}

// scoreJSON is a Score whose Value and Computed can be null.
type scoreJSON struct {
	Account    string        `json:"account"`
	AsOf       time.Time     `json:"as_of"`
	Since      time.Time     `json:"since,omitzero"`
	Card       string        `json:"card"`
	Version    string        `json:"version,omitempty"`
	Digest     Digest        `json:"digest"`
	Known      bool          `json:"known"`
	Value      *float64      `json:"value"`
	Computed   *float64      `json:"computed"`
	Limited    float64       `json:"limited,omitempty"`
	Overridden float64       `json:"overridden,omitempty"`
	Band       string        `json:"band"`
	Coverage   float64       `json:"coverage"`
	Aspects    []AspectScore `json:"aspects,omitempty"`
	Low        float64       `json:"low"`
	High       float64       `json:"high"`
	Certain    bool          `json:"certain"`
	Parts      []Part        `json:"parts"`
	Limit      *Limit        `json:"limit,omitempty"`
	Override   *Override     `json:"override,omitempty"`
	Why        Why           `json:"why,omitempty"`
}

// Input returns what the score was made of, so that a stored score can be scored again: the same model gives the same
// score at AsOf. Readings that were not seen and overrides that were not in force are not in it.
func (s Score) Input() Input {
	in := Input{Account: s.Account, Since: s.Since}
	readings := make(ReadingMap, len(s.Parts))
	for _, p := range s.Parts {
		if !p.Missing {
			readings[p.Measure] = p.Reading
		}
	}
	in.Readings = readings
	if s.Override != nil {
		in.Overrides = []Override{*s.Override}
	}
	return in
}

// Index returns the number to show, and the name that it deserves: Value is a "health score" where outcomes were measured,
// and an "experience index" where they were not, or the card has none. Of a score that is unknown since a group is empty it
// is the one aspect that is known, if there is but one: an "experience index" or an "outcome index", without a band.
// Points are 0 to 100; not known, they are 0.
func (s Score) Index() (name string, points float64, known bool) {
	var live []AspectScore
	name = "experience index"
	for _, a := range s.Aspects {
		if !a.Known {
			continue
		}
		live = append(live, a)
		if a.Aspect == Outcome {
			name = "health score"
		}
	}
	switch {
	case s.Known:
		return name, s.Value, true
	case s.Why == WhyEmpty && len(live) == 1:
		return string(live[0].Aspect) + " index", live[0].Value, true
	}
	return name, 0, false
}

// An AspectScore is the value of one aspect alone: the points of its measures over their weights.
type AspectScore struct {
	Aspect   Aspect  `json:"aspect"`
	Known    bool    `json:"known"`    // some measure of the aspect is live
	Value    float64 `json:"value"`    // points, 0 to 100; unknown: 0, and null in JSON
	Coverage float64 `json:"coverage"` // share of the aspect's applicable weight that is known, 0 to 1, nine places
}

// MarshalJSON returns the canonical encoding.
func (a AspectScore) MarshalJSON() ([]byte, error) {
	w := aspectJSON{a.Aspect, a.Known, &a.Value, a.Coverage}
	if !a.Known {
		w.Value = nil
	}
	return canon.JSON(w)
}

// UnmarshalJSON reads what MarshalJSON wrote. Unknown keys are ignored.
func (a *AspectScore) UnmarshalJSON(data []byte) error {
	type plain AspectScore
	var p plain
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*a = AspectScore(p)
	return nil
}

// aspectJSON is an AspectScore whose Value can be null.
type aspectJSON struct {
	Aspect   Aspect   `json:"aspect"`
	Known    bool     `json:"known"`
	Value    *float64 `json:"value"`
	Coverage float64  `json:"coverage"`
}

// A Part is what one measure gave to the score.
type Part struct {
	Path     string   `json:"path"` // group names and the measure's, joined with "/"
	Measure  string   `json:"measure"`
	Reading  Reading  `json:"reading,omitzero"`
	Missing  bool     `json:"missing,omitempty"` // there was no reading, or only one from after AsOf
	Age      Duration `json:"age,omitempty"`     // of the reading at AsOf; 0 also where that is unknown
	Liveness float64  `json:"liveness"`          // 0 to 1
	OnCurve  float64  `json:"on_curve"`          // points, 0 to 100, of the raw value; 0 when not live
	Weight   float64  `json:"weight"`            // share of all that counts, 0 to 1
	Points   float64  `json:"points"`            // contributed
	Why      Why      `json:"why,omitempty"`     // why the measure is not live
}

// Why is a stable code of why something does not count.
type Why string

// Codes of why a score is unknown.
const (
	WhyRequired Why = "required" // a required measure has no live reading
	WhyEmpty    Why = "empty"    // a group that must not be empty, or the whole card, has no live member
	WhyCoverage Why = "coverage" // less is known than MinCoverage
)

// Codes of why a measure is not live.
const (
	WhyMissing       Why = "missing"
	WhyFailed        Why = "failed"
	WhyImpossible    Why = "impossible" // beyond a bounded curve
	WhyUndated       Why = "undated"    // the measure expires, and the reading has no time
	WhyExpired       Why = "expired"
	WhyNoAge         Why = "no_age" // the measure depends on the age of the account, which is unknown
	WhyTooYoung      Why = "too_young"
	WhyNotApplicable Why = "not_applicable"
)

// A Standing is an account's steadied band: the fold of its scores.
type Standing struct {
	Band         string    `json:"band"`                   // "" before the first score; Unknown before the first known one
	Since        time.Time `json:"since,omitzero"`         // since when it has been in Band
	Pending      string    `json:"pending,omitempty"`      // the band that the score asks for, while it dwells
	PendingSince time.Time `json:"pending_since,omitzero"` // since when every score was past the edge
	AsOf         time.Time `json:"as_of,omitzero"`         // of the last score
	Unknown      bool      `json:"unknown,omitempty"`      // the last score was unknown: Band is kept from before
	Fell         float64   `json:"fell,omitempty"`         // points that the last score lost, if that was the card's Fall; else 0
	Peaks        []Peak    `json:"peaks,omitempty"`        // with a Fall: the scores of its window, since the last fall, that none later reached
	PeaksOf      Digest    `json:"peaks_of,omitzero"`      // of the card that made the Peaks
}

// A Peak is a score that none later reached.
type Peak struct {
	AsOf   time.Time `json:"as_of"`
	Points float64   `json:"points"` // 0 to 100, overrides aside
}

// A Lever is the nearest raw value of one measure that would bring the score into a band.
type Lever struct {
	Measure   string  `json:"measure"`
	Value     float64 `json:"value"`     // raw, in the measure's unit; not reachable: 0, and null in JSON
	Reachable bool    `json:"reachable"` // false: no value of this measure alone does it
}

// MarshalJSON returns the canonical encoding.
func (l Lever) MarshalJSON() ([]byte, error) {
	w := leverJSON{l.Measure, &l.Value, l.Reachable}
	if !l.Reachable {
		w.Value = nil
	}
	return canon.JSON(w)
}

// UnmarshalJSON reads what MarshalJSON wrote. Unknown keys are ignored.
func (l *Lever) UnmarshalJSON(data []byte) error {
	type plain Lever
	var p plain
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*l = Lever(p)
	return nil
}

// leverJSON is a Lever whose Value can be null.
type leverJSON struct {
	Measure   string   `json:"measure"`
	Value     *float64 `json:"value"`
	Reachable bool     `json:"reachable"`
}
