package health

import (
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A Slope is how an account's score moves. Below five scores there is no 95 % interval, and the slope is not known.
type Slope struct {
	PerDay float64 `json:"per_day"` // points a day; not known: 0, and null in JSON
	Low    float64 `json:"low"`     // 95 % interval of PerDay
	High   float64 `json:"high"`    // likewise
	N      int     `json:"n"`       // known scores in the window, one an instant
	Known  bool    `json:"known"`   // false: too few scores for an interval
}

// MarshalJSON returns the canonical encoding.
func (s Slope) MarshalJSON() ([]byte, error) {
	w := slopeJSON{&s.PerDay, &s.Low, &s.High, s.N, s.Known}
	if !s.Known {
		w.PerDay, w.Low, w.High = nil, nil, nil
	}
	return canon.JSON(w)
}

// slopeJSON is a Slope whose numbers can be null.
type slopeJSON struct {
	PerDay *float64 `json:"per_day"`
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
	N      int      `json:"n"`
	Known  bool     `json:"known"`
}

const trendConfidence, trendLeast, trendMost = 0.95, 5, 5000

// Trend returns the median slope (Theil–Sen) of an account's Values in the trailing window, which ends with the latest
// score of the history and begins, exclusively, that long before. Scores come in any order; of several as of one instant
// the last counts; unknown ones are left out.
//
// Scores of two cards are no trend. The host brings a history to one card by scoring it again:
//
//	history[i], err = model.Score(history[i].Input(), history[i].AsOf)
//
// Trend returns an error if:
//   - the window is not above 0, or the scores are of more than one account (*DataError);
//   - scores in the window are of more than one digest, unknown ones included (*RefusedError, rule "one_card");
//   - there are more than 5000 (*RefusedError, rule "at_most").
func Trend(history []Score, window Duration) (Slope, error) {
	if len(history) == 0 {
		return Slope{}, nil
	}
	account := history[0].Account
	if window <= 0 {
		return Slope{}, &DataError{Account: account, Field: "window", Message: "must be above 0"}
	}
	last := history[0].AsOf
	for i := range history {
		s := &history[i]
		if s.Account != account {
			return Slope{}, &DataError{Account: account, Field: fmt.Sprintf("score %d", i), Message: fmt.Sprintf("is of account %q", check.Clip(s.Account))}
		}
		if s.AsOf.After(last) {
			last = s.AsOf
		}
	}
	begin := last.Add(-time.Duration(window))
	var seen []*Score
	for i := range history {
		if s := &history[i]; s.AsOf.After(begin) {
			seen = append(seen, s)
		}
	}
	slices.SortStableFunc(seen, func(a, b *Score) int { return a.AsOf.Compare(b.AsOf) })
	var days, values []float64
	for i, s := range seen {
		if s.Digest != seen[0].Digest {
			return Slope{}, &RefusedError{
				Account: account, Rule: "one_card",
				Message: "the scores as of " + seen[0].AsOf.Format(time.RFC3339Nano) + " and " + s.AsOf.Format(time.RFC3339Nano) + " are of two cards",
				Needs:   "a history scored by one model",
			}
		}
		if s.Known && (i+1 == len(seen) || !seen[i+1].AsOf.Equal(s.AsOf)) {
			days = append(days, float64(s.AsOf.Sub(last).Microseconds())/float64(time.Duration(Day).Microseconds()))
			values = append(values, s.Value)
		}
	}
	slope := Slope{N: len(days)}
	if slope.N > trendMost {
		return Slope{}, &RefusedError{
			Account: account, Rule: "at_most",
			Message: fmt.Sprintf("there are %d scores in the window", slope.N), Needs: fmt.Sprintf("at most %d", trendMost),
		}
	}
	if slope.N < trendLeast {
		return slope, nil
	}
	if line, ok := stat.TheilSen(days, values, trendConfidence); ok && line.Bounded {
		slope.PerDay, slope.Low, slope.High, slope.Known = line.Slope, line.Interval.Low, line.Interval.High, true
	}
	return slope, nil
}
