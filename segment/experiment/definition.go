package experiment

import (
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// Format is the newest trial format that this release reads. It versions the document and the arithmetic.
const Format = 1

// Buckets is how many parts units are spread over. Splits are rounded down to whole buckets.
const Buckets = 10_000

// A Trial says which units take part, how they are split, and how outcomes will be read: all that is fixed before it begins.
// It is plain data: build it in Go or read it with [Parse], then [Compile] it. The zero Trial is not valid.
type Trial struct {
	Format int    `json:"format"` // 1
	Name   string `json:"name"`

	// Seed is the trial's own: trials with one seed split units alike. It does not begin with "__", and no other
	// trial's seed should begin with it.
	Seed string `json:"seed"`

	Arms     []Arm  `json:"arms"`               // 2 to 100; their order is part of the split
	Coverage int    `json:"coverage,omitempty"` // of each arm's buckets, how many in 10 000 take part; 0 is all
	Layer    *Layer `json:"layer,omitempty"`    // nil: the trial excludes no other
	Plan     Plan   `json:"plan"`
}

// An Arm is one way to treat a unit: a playbook, or nothing (a holdout).
type Arm struct {
	Name   string `json:"name"`   // no other arm has it
	Weight int    `json:"weight"` // 1 to 100 000, in relation to the other arms
}

// A Layer spreads units over buckets of its own. Of the trials that name it, those with disjoint buckets have no unit
// in common.
type Layer struct {
	Name string `json:"name"`
	From int    `json:"from"` // the trial's first bucket, from 0
	To   int    `json:"to"`   // the bucket after its last, at most 10 000
}

// A Plan says how outcomes are read. It has either a Horizon or a Sequential.
type Plan struct {
	Control    string      `json:"control"`              // name of the arm that the others are compared with
	Measure    Measure     `json:"measure"`              // what an outcome is
	Better     Direction   `json:"better"`               // which outcomes are well
	Margin     float64     `json:"margin,omitempty"`     // 0 to 1e100, in the unit of outcomes: the largest difference that does not matter; 0: any matters
	Confidence float64     `json:"confidence,omitempty"` // 0.5 to 0.999999, of all effects' intervals together; 0 is 0.95
	Adjust     bool        `json:"adjust,omitempty"`     // take off what [Outcome].Before explains
	Horizon    int         `json:"horizon,omitempty"`    // accounts of all arms together at which the one look is: two for each arm to 1e9
	Sequential *Sequential `json:"sequential,omitempty"` // many looks
}

// A Measure says what an outcome is.
type Measure string

// Measures.
const (
	Mean  Measure = "mean"  // a number, such as minutes or points
	Share Measure = "share" // 1 if it happened and 0 if not
)

// A Direction says which outcomes are well.
type Direction string

// Directions.
const (
	Higher Direction = "higher"
	Lower  Direction = "lower"
)

// Parse reads a trial from JSON, strictly: unknown, duplicate and case-folded keys, trailing data and numbers out of
// bounds are problems. It checks the document, not the trial: [Compile] does that.
//
// Parse returns an error if:
//   - the document is not a trial (*InvalidError with every problem);
//   - its format is newer than [Format] (ErrFormat).
func Parse(data []byte) (Trial, error) {
	if format, ok := strictjson.Format(data); ok && format > Format {
		return Trial{}, fmt.Errorf("experiment: parse trial: format %d: %w", format, ErrFormat)
	}
	var t Trial
	if err := invalid(strictjson.Decode(data, &t)); err != nil {
		return Trial{}, err
	}
	return t, nil
}

func (t Trial) clone() Trial {
	t.Arms = append([]Arm(nil), t.Arms...)
	if t.Layer != nil {
		layer := *t.Layer
		t.Layer = &layer
	}
	if t.Plan.Sequential != nil {
		sequential := *t.Plan.Sequential
		t.Plan.Sequential = &sequential
	}
	return t
}
