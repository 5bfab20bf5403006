package outcome

import (
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// MarshalJSON returns the canonical encoding.
func (a Assessment) MarshalJSON() ([]byte, error) {
	type plain Assessment
	return canon.JSON(plain(a))
}

// MarshalJSON returns the canonical encoding, with null for an unknown value.
func (a Attainment) MarshalJSON() ([]byte, error) {
	return canon.JSON(attainmentJSON{a.Known, known(a.Value, a.Known), a.Coverage, a.Low, a.High})
}

// MarshalJSON returns the canonical encoding, with null for unknown numbers.
func (p Progress) MarshalJSON() ([]byte, error) {
	return canon.JSON(progressJSON{
		p.Outcome, p.State, p.Level,
		p.Known, known(p.Value, p.Known), p.At, known(p.Raw, p.Known), known(p.Clamped, p.Known), p.Points, p.Lost,
		known(p.Expected, p.Timed), p.Timed, known(p.Required, p.Rated), known(p.Best, p.Rated), p.Rated,
		p.Forecast, p.Overdue,
	})
}

// MarshalJSON returns the canonical encoding, with null for unknown numbers.
func (f Forecast) MarshalJSON() ([]byte, error) {
	return canon.JSON(forecastJSON{f.Known, known(f.Value, f.Known), known(f.Low, f.Known), known(f.High, f.Known), f.N})
}

// known returns nil, which is null, for a number that is not known.
func known(v float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	return &v
}

// The types below are the exported ones with pointers where null can stand.

type attainmentJSON struct {
	Known    bool     `json:"known"`
	Value    *float64 `json:"value"`
	Coverage float64  `json:"coverage"`
	Low      float64  `json:"low"`
	High     float64  `json:"high"`
}

type progressJSON struct {
	Outcome  string    `json:"outcome"`
	State    State     `json:"state"`
	Level    Level     `json:"level,omitempty"`
	Known    bool      `json:"known"`
	Value    *float64  `json:"value"`
	At       time.Time `json:"at,omitzero"`
	Raw      *float64  `json:"raw"`
	Clamped  *float64  `json:"clamped"`
	Points   float64   `json:"points"`
	Lost     bool      `json:"lost,omitempty"`
	Expected *float64  `json:"expected"`
	Timed    bool      `json:"timed,omitempty"`
	Required *float64  `json:"required"`
	Best     *float64  `json:"best"`
	Rated    bool      `json:"rated,omitempty"`
	Forecast Forecast  `json:"forecast,omitzero"`
	Overdue  bool      `json:"overdue,omitempty"`
}

type forecastJSON struct {
	Known bool     `json:"known"`
	Value *float64 `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
	N     int      `json:"n"`
}
