// Package pace estimates how long accounts stay in a phase.
//
// # Model
//
// A stay that has not ended is a censored observation, not a short one: the mean of completed stays is no estimate.
// Stays that began before they were watched enter when the watch began.
//
// # Sources
//
// Kaplan and Meier, Journal of the American Statistical Association 53 (1958); intervals on the log-log scale
// (Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, 2002, chapter 1).
//
// # Concurrency
//
// The functions are pure.
package pace

import (
	"errors"
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/survival"
)

// A Stay is one account's time in a phase.
type Stay struct {
	Account string
	From    time.Time // when the phase began
	Watched time.Time // since when it was watched; zero: from the start
	To      time.Time // when it ended, or was last watched
	Ended   bool
}

// A Dwell is how long a phase takes.
type Dwell struct {
	N      int      `json:"n"`      // stays
	Ended  int      `json:"ended"`  // of N; the others are censored
	Median *float64 `json:"median"` // days; nil: not reached
	Low    *float64 `json:"low"`    // lower end of its 95 % interval, days; nil: not known
	High   *float64 `json:"high"`   // upper end, days; nil: beyond what was watched
}

// Estimate returns the dwell over stays, in days. It returns an error that names the account if a
// stay ends before it begins or is watched.
func Estimate(stays []Stay) (Dwell, error) {
	d := Dwell{N: len(stays)}
	obs := make([]survival.Observation, 0, len(stays))
	for _, s := range stays {
		entry := time.Duration(0)
		if s.Watched.After(s.From) {
			entry = s.Watched.Sub(s.From)
		}
		if s.From.IsZero() || s.To.Sub(s.From) < entry {
			return Dwell{}, fmt.Errorf("pace: account %q: the stay from %v to %v does not run", s.Account, s.From, s.To)
		}
		o := survival.Observation{Entry: days(entry), Time: days(s.To.Sub(s.From))}
		if s.Ended {
			o.Cause = 1
			d.Ended++
		}
		obs = append(obs, o)
	}
	curve, err := survival.KaplanMeier(obs)
	if err != nil {
		var bad *survival.DataError
		if errors.As(err, &bad) {
			return Dwell{}, fmt.Errorf("pace: account %q: %w", stays[bad.Index].Account, err)
		}
		return Dwell{}, fmt.Errorf("pace: %w", err)
	}
	if median, ok := curve.Quantile(0.5); ok {
		d.Median = &median
	}
	if r, ok := curve.QuantileInterval(0.5, 0.95, survival.LogLog); d.Median != nil && ok {
		if r.LowKnown {
			d.Low = &r.Low
		}
		if r.HighKnown {
			d.High = &r.High
		}
	}
	return d, nil
}

// days keeps microseconds, so that a stay that was watched for less than a day was watched.
func days(d time.Duration) float64 {
	return float64(d.Microseconds()) / float64((24 * time.Hour).Microseconds())
}
