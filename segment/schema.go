package segment

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxExact is 2^53: up to it every whole number is a float64.
const maxExact = 1 << 53

// Instants of facts are in [earliest, latest]: the years 1 to 9999 without the zero time.
const (
	earliest = -62135596800*1_000_000 + 1
	latest   = 253402300800*1_000_000 - 1
)

// A schema is the attributes that conditions may speak of.
type schema struct {
	columns []column
	index   map[string]int
}

// A column is an attribute made ready. Its kind is nullKind where its type is wrong, which Compile has reported.
type column struct {
	name     string
	field    string // as data errors name it
	kind     kind
	min, max float64
	within   bounds   // the numbers, flags or instants that it allows
	listed   []string // the allowed texts in definition order; none: any
	sorted   []string // the same by bytes
}

func newSchema(attributes []Attribute) *schema {
	s := &schema{index: make(map[string]int, len(attributes))}
	for i, a := range attributes {
		c := column{name: a.Name, field: fmt.Sprintf("attribute %q", a.Name), min: -maxExact, max: maxExact}
		switch a.Type {
		case NumberType:
			c.kind = numberKind
		case TextType:
			c.kind = textKind
		case FlagType:
			c.kind = flagKind
		case TimeType:
			c.kind = timeKind
		}
		if a.Min != nil {
			c.min = *a.Min
		}
		if a.Max != nil {
			c.max = *a.Max
		}
		switch c.kind {
		case numberKind:
			c.within = numberBounds(c.min, c.max)
		case flagKind:
			c.within = wholeBounds(0, 1)
		case timeKind:
			c.within = wholeBounds(earliest, latest)
		}
		c.listed = slices.Clone(a.Values)
		c.sorted = slices.Sorted(slices.Values(a.Values))
		if _, ok := s.index[a.Name]; !ok {
			s.index[a.Name] = i
		}
		s.columns = append(s.columns, c)
	}
	return s
}

func (s *schema) names() []string {
	names := make([]string, len(s.columns))
	for i, a := range s.columns {
		names[i] = a.name
	}
	return names
}

func (k kind) String() string {
	switch k {
	case numberKind:
		return "number"
	case textKind:
		return "text"
	case flagKind:
		return "flag"
	case timeKind:
		return "time"
	case failedKind:
		return "failed fact"
	}
	return "NULL"
}

// allows reports whether a text is one of those that the attribute lists.
func (c *column) allows(text string) bool {
	return len(c.sorted) == 0 || contains(c.sorted, text)
}

// admits reports whether a fact that is there may be evaluated.
func (c *column) admits(v *Value) bool {
	switch {
	case v.kind != c.kind:
		return false
	case v.kind != textKind:
		return c.within.hold(v.bits)
	case len(c.sorted) > 0:
		return c.allows(v.text)
	}
	return isText(v.text)
}

// isText reports whether a text is UTF-8 without NUL. Short ones, which most are, need no more than a look at each byte.
func isText(s string) bool {
	for i := range min(len(s), 16) {
		if s[i] == 0 || s[i] >= utf8.RuneSelf {
			return strings.IndexByte(s, 0) < 0 && utf8.ValidString(s)
		}
	}
	return len(s) <= 16 || strings.IndexByte(s, 0) < 0 && utf8.ValidString(s)
}

// cause says why a fact is not admitted.
func (c *column) cause(v *Value) string {
	if v.kind != c.kind {
		return fmt.Sprintf("is a %s, not a %s", v.kind, c.kind)
	}
	switch f := v.number(); v.kind {
	case numberKind:
		switch {
		case math.IsNaN(f):
			return "is NaN"
		case math.IsInf(f, 0):
			return "is infinite"
		case math.Abs(f) > maxExact:
			return fmt.Sprintf("is %v, beyond 2^53", f)
		case f < c.min:
			return fmt.Sprintf("is %v, below the least possible %v", f, c.min)
		}
		return fmt.Sprintf("is %v, above the greatest possible %v", f, c.max)
	case textKind:
		switch {
		case !utf8.ValidString(v.text):
			return "is not valid UTF-8"
		case strings.IndexByte(v.text, 0) >= 0:
			return "contains NUL"
		}
		return fmt.Sprintf("is %q, which is not one of its values", shortened(v.text))
	}
	if v.micros() == earliest-1 {
		return "is zero: a missing instant is NULL"
	}
	return "is outside of the years 1 to 9999"
}

// admit checks a row of facts, in attribute order, and reports whether one of them failed.
func (s *schema) admit(row Row) (failed bool, err error) {
	for i := range row {
		v := &row[i]
		if v.kind == nullKind {
			continue
		}
		c := &s.columns[i]
		switch {
		case v.kind == failedKind:
			failed = true
		case !c.admits(v):
			return false, &DataError{Field: c.field, Message: c.cause(v)}
		}
	}
	return failed, nil
}
