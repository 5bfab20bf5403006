package backtest

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"sort"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A Shift is how far values have moved from those that a definition was made for. By a rule of thumb of credit scoring an
// index below 0.1 is small and one above 0.25 large; P says whether it is more than chance.
type Shift struct {
	Name      string       `json:"name"`      // of the measure; "" is the score
	Known     bool         `json:"known"`     // there are values on both sides; else Index and P are 0
	Index     float64      `json:"index"`     // population stability index, 0 or more: sum of (current - reference) ln(current / reference)
	P         float64      `json:"p"`         // chance of so large an index without any shift, for independent accounts, 0 to 1
	Reference int          `json:"reference"` // values
	Current   int          `json:"current"`   // values
	Bins      []ShiftedBin `json:"bins"`      // lowest first, then the unknown, if there are any
}

// A ShiftedBin is the values above the one before's To, up to its own.
type ShiftedBin struct {
	To        float64 `json:"to"`        // highest value; of the last, the highest of all
	Unknown   bool    `json:"unknown"`   // of values that are not known: To is 0
	Reference int     `json:"reference"` // values
	Current   int     `json:"current"`   // values
}

// MarshalJSON returns the canonical encoding.
func (s Shift) MarshalJSON() ([]byte, error) {
	type plain Shift
	return canon.JSON(plain(s))
}

// Stability compares values now with those at the time of reference. Bins are cut at quantiles of the reference (type 7
// of Hyndman and Fan), cuts that fall together once; NaN is unknown, and a bin of its own. In an empty bin the count is
// taken as one half. bins is 2 to 1000. It returns an error if that, or a value that is infinite, is wrong.
func Stability(reference, current []float64, bins int) (Shift, error) {
	if bins < 2 || bins > 1000 {
		return Shift{}, fmt.Errorf("backtest: stability: %d bins are not 2 to 1000", bins)
	}
	s := Shift{Reference: len(reference), Current: len(current)}
	from, err := ordered("reference", reference)
	if err != nil {
		return Shift{}, err
	}
	to, err := ordered("current", current)
	if err != nil {
		return Shift{}, err
	}
	if len(reference) == 0 || len(current) == 0 {
		return s, nil
	}
	for k := 1; k < bins && len(from) > 0; k++ {
		cut, _ := stat.Quantile(from, float64(k)/float64(bins))
		s.Bins = append(s.Bins, ShiftedBin{To: cut})
	}
	if len(from)+len(to) > 0 {
		s.Bins = append(s.Bins, ShiftedBin{To: slices.Max(slices.Concat(tail(from), tail(to)))})
	}
	s.Bins = slices.CompactFunc(s.Bins, func(a, b ShiftedBin) bool { return a.To == b.To })
	doneFrom, doneTo := 0, 0
	for i := range s.Bins {
		b := &s.Bins[i]
		b.Reference, b.Current = upTo(from, b.To)-doneFrom, upTo(to, b.To)-doneTo
		doneFrom, doneTo = doneFrom+b.Reference, doneTo+b.Current
	}
	if missing := (ShiftedBin{Unknown: true, Reference: len(reference) - len(from), Current: len(current) - len(to)}); missing.Reference+missing.Current > 0 {
		s.Bins = append(s.Bins, missing)
	}
	s.measure()
	return s, nil
}

// ordered returns the known values in rising order.
func ordered(side string, values []float64) ([]float64, error) {
	if i := slices.IndexFunc(values, func(v float64) bool { return math.IsInf(v, 0) }); i >= 0 {
		return nil, fmt.Errorf("backtest: stability: %s value %d is infinite", side, i)
	}
	known := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	slices.Sort(known)
	return known, nil
}

func tail(sorted []float64) []float64 { return sorted[max(0, len(sorted)-1):] }

// upTo counts the values at or below v.
func upTo(sorted []float64, v float64) int {
	return sort.Search(len(sorted), func(i int) bool { return sorted[i] > v })
}

// measure fills in the index and its P: under no shift the index over 1/n + 1/m is about chi-square with one degree of
// freedom less than bins (Yurdakul and Naranjo, Journal of Risk Model Validation 14, 2020).
func (s *Shift) measure() {
	n, m := float64(s.Reference), float64(s.Current)
	used := 0
	for _, b := range s.Bins {
		if b.Reference+b.Current == 0 {
			continue
		}
		used++
		r, c := max(float64(b.Reference), 0.5)/n, max(float64(b.Current), 0.5)/m
		s.Index += float64((c - r) * math.Log(c/r))
	}
	s.Known, s.P = true, 1
	if used > 1 {
		s.P, _ = stat.ChiSquareUpper(s.Index/(1/n+1/m), float64(used-1))
	}
}

// Drift compares the scores of one time with those of an earlier one: first the values, an unknown score being unknown,
// then the raw values of each measure in the card's order, one that is not live being unknown. Ten bins each.
// It returns an error if a sequence fails, or if a score is by another card than the first (*DataError).
func Drift(reference, current iter.Seq2[health.Score, error]) ([]Shift, error) {
	var d drift
	for side, scores := range []iter.Seq2[health.Score, error]{reference, current} {
		for s, err := range scores {
			if err != nil {
				return nil, fmt.Errorf("backtest: drift: %w", err)
			}
			if err := d.add(side, s); err != nil {
				return nil, err
			}
		}
	}
	var out []Shift
	for i, name := range append([]string{""}, d.measures...) {
		var columns [2][]float64
		for side := range columns {
			if i < len(d.values[side]) {
				columns[side] = d.values[side][i]
			}
		}
		s, err := Stability(columns[0], columns[1], 10)
		if err != nil {
			return nil, err
		}
		s.Name = name
		out = append(out, s)
	}
	return out, nil
}

type drift struct {
	digest   health.Digest
	measures []string
	begun    bool
	values   [2][][]float64 // by side: the score's, then each measure's
}

func (d *drift) add(side int, s health.Score) error {
	if !d.begun {
		d.begun, d.digest = true, s.Digest
		for _, p := range s.Parts {
			d.measures = append(d.measures, p.Measure)
		}
		for i := range d.values {
			d.values[i] = make([][]float64, 1+len(d.measures))
		}
	}
	if s.Digest != d.digest || !slices.EqualFunc(s.Parts, d.measures, sameMeasure) {
		return &DataError{Account: s.Account, Field: "score", Message: "is by another card than the first"}
	}
	to := d.values[side]
	v := math.NaN()
	if s.Known {
		v = s.Value
	}
	to[0] = append(to[0], v)
	for i := range s.Parts {
		v := math.NaN()
		if p := &s.Parts[i]; p.Liveness > 0 {
			v = p.Reading.Value
		}
		to[i+1] = append(to[i+1], v)
	}
	return nil
}

func sameMeasure(p health.Part, measure string) bool { return p.Measure == measure }
