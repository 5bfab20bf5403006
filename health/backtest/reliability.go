package backtest

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A Forecast is a chance of loss that was stated beforehand, and what happened.
type Forecast struct {
	Risk float64 // 0 to 1
	Lost bool
}

// A Reliability holds forecasts against what happened.
// Score == Gap - Resolution + Uncertainty + Within (Murphy, Journal of Applied Meteorology 12, 1973), but for rounding.
type Reliability struct {
	Known       bool    `json:"known"`       // there is a forecast; else the numbers are 0
	N           int     `json:"n"`           // forecasts
	Lost        int     `json:"lost"`        // of N
	Score       float64 `json:"score"`       // Brier's: mean square of what was stated less what happened, 0 to 1, 0 best
	Skill       float64 `json:"skill"`       // 1 less Score over Uncertainty: 0 is no better than the share lost; 0 where Uncertainty is
	Gap         float64 `json:"gap"`         // mean square of stated less happened by bin, 0 best
	Resolution  float64 `json:"resolution"`  // mean square of the bins' shares lost less that of all
	Uncertainty float64 `json:"uncertainty"` // variance of what happened, 0 to 0.25
	Within      float64 `json:"within"`      // left over where forecasts of one bin differ; 0 where they don't
	Bins        []Bin   `json:"bins"`        // those with a forecast, lowest first
}

// A Bin is the forecasts between two edges.
type Bin struct {
	Low    float64 `json:"low"`    // lowest risk stated
	High   float64 `json:"high"`   // highest risk stated
	N      int     `json:"n"`      // forecasts
	Lost   int     `json:"lost"`   // of N
	Stated float64 `json:"stated"` // mean risk stated
	Share  float64 `json:"share"`  // Lost / N
}

// MarshalJSON returns the canonical encoding.
func (r Reliability) MarshalJSON() ([]byte, error) {
	type plain Reliability
	return canon.JSON(plain(r))
}

// Reliable tabulates forecasts in bins, each from above one edge up to and with the next; what lies beyond the edges belongs
// to the bin next to it. It returns an error if a risk is not 0 to 1, or if there are not two edges or more, each above the
// one before.
func Reliable(forecasts []Forecast, edges []float64) (Reliability, error) {
	if len(edges) < 2 {
		return Reliability{}, errors.New("backtest: reliability: fewer than two edges")
	}
	for i, e := range edges {
		if math.IsNaN(e) || i > 0 && !(edges[i-1] < e) {
			return Reliability{}, fmt.Errorf("backtest: reliability: edge %d does not rise", i)
		}
	}
	bins := make([]int, len(forecasts))
	for i, f := range forecasts {
		if !(f.Risk >= 0 && f.Risk <= 1) {
			return Reliability{}, fmt.Errorf("backtest: reliability: forecast %d: risk %v is outside of 0 to 1", i, f.Risk)
		}
		at, _ := slices.BinarySearch(edges, f.Risk)
		bins[i] = min(max(at-1, 0), len(edges)-2)
	}
	return tabulate(forecasts, bins, len(edges)-1), nil
}

// tabulate makes the table of forecasts whose bins are known.
func tabulate(forecasts []Forecast, bins []int, n int) Reliability {
	r := Reliability{N: len(forecasts), Known: len(forecasts) > 0}
	if !r.Known {
		return r
	}
	all, squares := make([]Bin, n), make([]float64, len(forecasts))
	for i, f := range forecasts {
		b := &all[bins[i]]
		if b.N == 0 {
			b.Low, b.High = f.Risk, f.Risk
		}
		b.Low, b.High = min(b.Low, f.Risk), max(b.High, f.Risk)
		b.N++
		b.Stated += f.Risk
		off := f.Risk
		if f.Lost {
			b.Lost++
			r.Lost++
			off = 1 - f.Risk
		}
		squares[i] = float64(off * off)
	}
	total := float64(r.N)
	rate := float64(r.Lost) / total
	r.Score, _ = stat.Mean(squares) // exact before it is rounded, so that the order does not matter
	r.Uncertainty = float64(rate * (1 - rate))
	for _, b := range all {
		if b.N == 0 {
			continue
		}
		b.Stated /= float64(b.N)
		b.Share = float64(b.Lost) / float64(b.N)
		weight, gap, lift := float64(b.N)/total, b.Stated-b.Share, b.Share-rate
		r.Gap += float64(weight * float64(gap*gap))
		r.Resolution += float64(weight * float64(lift*lift))
		r.Bins = append(r.Bins, b)
	}
	r.Within = r.Score - (r.Gap - r.Resolution + r.Uncertainty)
	if math.Abs(r.Within) < 1e-12 {
		r.Within = 0
	}
	if r.Uncertainty > 0 {
		r.Skill = 1 - r.Score/r.Uncertainty
	}
	return r
}
