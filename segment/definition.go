package segment

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/span"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// Format is the newest scheme format that this release reads. It versions the document and the arithmetic.
const Format = 1

// A Scheme divides accounts into segments by rules that people write: the first rule that matches wins.
// It is plain data: build it in Go or read it with [Parse], then [Compile] it. The zero Scheme is not valid.
type Scheme struct {
	Format     int         `json:"format"` // 1
	Name       string      `json:"name"`
	Version    string      `json:"version,omitempty"`   // for people; the digest identifies it
	Attributes []Attribute `json:"attributes"`          // what conditions may speak of
	Rules      []Rule      `json:"rules"`               // in order of rank: an earlier segment is a higher one
	Otherwise  string      `json:"otherwise,omitempty"` // segment of accounts that no rule matches; "": Verify looks for gaps
	Exclusive  bool        `json:"exclusive,omitempty"` // no account may match rules of two segments: Verify looks for overlaps
	For        Duration    `json:"for,omitempty"`       // a move must have been due for that long
	Review     Review      `json:"review,omitempty"`    // moves that wait for a person
}

// An Attribute is one fact about accounts.
type Attribute struct {
	Name   string   `json:"name"` // letters, digits and _, not beginning with a digit, in lower case
	Type   Type     `json:"type"`
	Unit   string   `json:"unit,omitempty"`
	Values []string `json:"values,omitempty"` // of text: all that are allowed; empty: any
	Min    *float64 `json:"min,omitempty"`    // of numbers: the least possible
	Max    *float64 `json:"max,omitempty"`    // of numbers: the greatest possible
}

// A Rule puts accounts that match its condition into its segment.
type Rule struct {
	Segment string `json:"segment"`
	When    string `json:"when"` // a condition: see the package comment
	Why     string `json:"why,omitempty"`
	Stay    *Stay  `json:"stay,omitempty"`
}

// A Stay keeps a member of its rule's segment while its condition is true even if only a later rule matches now.
// A match of an earlier rule always moves. It acts in Settle, not in Classify.
type Stay struct {
	While string `json:"while"` // a condition
}

// A Review says which moves wait for a person. The empty review is none.
type Review string

// Reviews.
const (
	ReviewDown Review = "down" // moves to a lower segment
)

// A Type is the type of an attribute.
type Type string

// Types.
const (
	NumberType Type = "number" // float64, finite; integers up to 2^53
	TextType   Type = "text"   // UTF-8 without NUL, compared by bytes
	FlagType   Type = "flag"
	TimeType   Type = "time" // an instant in UTC, to the microsecond
)

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

// Parse reads a scheme from JSON, strictly: unknown, duplicate and case-folded keys, trailing data and
// numbers out of bounds are problems. It checks the document, not the scheme: [Compile] does that.
//
// Parse returns an error if:
//   - the document is not a scheme (*InvalidError with every problem);
//   - its format is newer than [Format] (ErrFormat).
func Parse(data []byte) (Scheme, error) {
	if format, ok := strictjson.Format(data); ok && format > Format {
		return Scheme{}, fmt.Errorf("segment: parse scheme: format %d: %w", format, ErrFormat)
	}
	var s Scheme
	if list := strictjson.Decode(data, &s); len(list) > 0 {
		e := &InvalidError{}
		for _, p := range list {
			e.Problems = append(e.Problems, Problem(p))
		}
		return Scheme{}, e
	}
	return s, nil
}
