package health

import "time"

// A Score is the result of one evaluation. Every number of points is a multiple of 2^-20, so that sums are exact
// in any order: Value == Computed + Limited + Overridden, and Computed == the sum of the parts' Points.
// Its JSON is canonical; an unknown Value is null there.
type Score struct {
	Account    string        `json:"account"`
	AsOf       time.Time     `json:"as_of"`
	Since      time.Time     `json:"since,omitzero"`
	Card       string        `json:"card"`
	Version    string        `json:"version,omitempty"`
	Digest     Digest        `json:"digest"` // of the card that made it
	Known      bool          `json:"known"`  // false: Value, Computed, Limited and Overridden are 0, Band is Unknown
	Value      float64       `json:"value"`  // points, 0 to 100
	Computed   float64       `json:"computed"`
	Limited    float64       `json:"limited,omitempty"`    // what limits added (negative: took away)
	Overridden float64       `json:"overridden,omitempty"` // what the override added
	Band       string        `json:"band"`                 // of Value alone; a Standing has the steadied one
	Coverage   float64       `json:"coverage"`             // share of the applicable weight that is known, 0 to 1
	Aspects    []AspectScore `json:"aspects,omitempty"`    // the experience index lives here when outcomes are unknown
	Low        float64       `json:"low"`                  // bounds of Value before any override, with every
	High       float64       `json:"high"`                 // missing part at 0 and at 100, points
	Certain    bool          `json:"certain"`              // Low and High lie in one band
	Parts      []Part        `json:"parts"`                // in definition order
	Limit      *Limit        `json:"limit,omitempty"`      // the one that decided
	Override   *Override     `json:"override,omitempty"`   // the one in force
	Why        string        `json:"why,omitempty"`        // stable code of why the score is unknown: coverage, required, empty
}

// MarshalJSON returns the canonical encoding.
func (s Score) MarshalJSON() ([]byte, error) { panic("unbuilt") }

// Input returns what the score was made of, so that a stored score can be scored again.
func (s Score) Input() Input { panic("unbuilt") }

// An AspectScore is the value of one aspect alone, an index over its live measures.
type AspectScore struct {
	Aspect   Aspect  `json:"aspect"`
	Known    bool    `json:"known"` // some measure of the aspect is live
	Value    float64 `json:"value"` // points, 0 to 100
	Coverage float64 `json:"coverage"`
}

// A Part is what one measure gave to the score.
type Part struct {
	Path     string   `json:"path"` // group names and the measure's, joined with "/"
	Measure  string   `json:"measure"`
	Reading  Reading  `json:"reading,omitzero"`
	Missing  bool     `json:"missing,omitempty"` // there was no reading
	Age      Duration `json:"age,omitempty"`     // of the reading at AsOf
	Liveness float64  `json:"liveness"`          // 0 to 1
	OnCurve  float64  `json:"on_curve"`          // points, 0 to 100, of the raw value; 0 when not live
	Weight   float64  `json:"weight"`            // share of the whole, 0 to 1
	Points   float64  `json:"points"`            // contributed
	Why      string   `json:"why,omitempty"`     // why it is not live, or not applicable
}

// A Standing is an account's steadied band: the fold of its scores.
type Standing struct {
	Band         string    `json:"band"`                   // "" before the first score; Unknown before the first known one
	Since        time.Time `json:"since,omitzero"`         // since when it has been in Band
	Pending      string    `json:"pending,omitempty"`      // the band that the score asks for, while it dwells
	PendingSince time.Time `json:"pending_since,omitzero"` // since when every score was past the edge
	AsOf         time.Time `json:"as_of,omitzero"`         // of the last score
	Unknown      bool      `json:"unknown,omitempty"`      // the last score was unknown: Band is kept from before
}

// A Lever is the nearest raw value of one measure that would bring the score into a band.
type Lever struct {
	Measure   string  `json:"measure"`
	Value     float64 `json:"value"`     // raw, in the measure's unit
	Reachable bool    `json:"reachable"` // false: no value of this measure alone does it
}
