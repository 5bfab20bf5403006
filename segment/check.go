package segment

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/nearest"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/internal/span"
)

// Bounds of a scheme and of what people say.
const (
	maxRules      = 1000
	maxAttributes = 1000
	maxName       = 63   // bytes of an attribute's name: what PostgreSQL keeps of a column's
	maxText       = 1024 // bytes of a text for people, or in a condition
)

// A checker collects the problems of a definition in document order.
type checker struct {
	problems []Problem
}

func (c *checker) addf(pointer, format string, args ...any) {
	c.problems = append(c.problems, Problem{Pointer: pointer, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) add(pointer string, err error) {
	if err != nil {
		c.addf(pointer, "%v", err)
	}
}

func (c *checker) err() error {
	if len(c.problems) == 0 {
		return nil
	}
	return &InvalidError{Problems: c.problems}
}

// note checks a text for people, which may be empty.
func (c *checker) note(pointer, text string) { c.add(pointer, checkText(text)) }

// checkText holds a text to what every store keeps.
func checkText(s string) error {
	switch {
	case !utf8.ValidString(s):
		return errors.New("is not valid UTF-8")
	case strings.IndexByte(s, 0) >= 0:
		return errors.New("contains NUL")
	case len(s) > maxText:
		return fmt.Errorf("has %d bytes, over %d", len(s), maxText)
	}
	return nil
}

func (c *checker) scheme(s *Scheme, parsed *parsedScheme) {
	if s.Format != Format {
		c.addf("/format", "must be %d, not %d", Format, s.Format)
	}
	c.add("/name", ident.Name(s.Name))
	c.note("/version", s.Version)
	c.attributes(s.Attributes)
	parsed.schema = newSchema(s.Attributes)
	c.rules(s.Rules, parsed)
	if s.Otherwise != "" {
		c.add("/otherwise", ident.Name(s.Otherwise))
	}
	if s.For < 0 {
		c.addf("/for", "must not be negative")
	}
	c.add("/for", span.Check(time.Duration(s.For)))
	if s.Review != "" && s.Review != ReviewDown {
		c.addf("/review", "must be %q or absent, not %q", ReviewDown, s.Review)
	}
}

func (c *checker) attributes(attributes []Attribute) {
	if len(attributes) == 0 || len(attributes) > maxAttributes {
		c.addf("/attributes", "must have 1 to %d attributes, not %d", maxAttributes, len(attributes))
		return
	}
	seen := make(map[string]bool, len(attributes))
	for i := range attributes {
		a, at := &attributes[i], problem.Pointer("attributes", i)
		switch {
		case !isAttributeName(a.Name):
			c.addf(at+"/name", "must be 1 to %d lower-case letters, digits and _, not beginning with a digit, not %q", maxName, shortened(a.Name))
		case isKeyword(strings.ToUpper(a.Name)):
			c.addf(at+"/name", "%q is a word of the condition language", a.Name)
		case seen[a.Name]:
			c.addf(at+"/name", "%q is the name of an earlier attribute", a.Name)
		}
		seen[a.Name] = true
		c.attributeType(a, at)
		c.note(at+"/unit", a.Unit)
		c.values(a, at)
		c.bounds(a, at)
	}
}

func isAttributeName(s string) bool {
	if s == "" || len(s) > maxName || isDigit(s[0]) {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isLower(c) && !isDigit(c) && c != '_' {
			return false
		}
	}
	return true
}

func (c *checker) attributeType(a *Attribute, at string) {
	types := []string{string(NumberType), string(TextType), string(FlagType), string(TimeType)}
	if slices.Contains(types, string(a.Type)) {
		return
	}
	if name, ok := nearest.Word(string(a.Type), types); ok {
		c.addf(at+"/type", "must be number, text, flag or time, not %q: did you mean %q?", shortened(string(a.Type)), name)
		return
	}
	c.addf(at+"/type", "must be number, text, flag or time, not %q", shortened(string(a.Type)))
}

func (c *checker) values(a *Attribute, at string) {
	if len(a.Values) > 0 && a.Type != TextType {
		c.addf(at+"/values", "are for texts alone")
		return
	}
	seen := make(map[string]bool, len(a.Values))
	for i, v := range a.Values {
		place := problem.Join(at, "values", i)
		c.add(place, checkText(v))
		if seen[v] {
			c.addf(place, "%q is there twice", shortened(v))
		}
		seen[v] = true
	}
}

func (c *checker) bounds(a *Attribute, at string) {
	for _, b := range []struct {
		name  string
		value *float64
	}{{"/min", a.Min}, {"/max", a.Max}} {
		switch {
		case b.value == nil:
		case a.Type != NumberType:
			c.addf(at+b.name, "is for numbers alone")
		case !(math.Abs(*b.value) <= maxExact):
			c.addf(at+b.name, "must be a number up to 2^53, not %v", *b.value)
		}
	}
	if a.Min != nil && a.Max != nil && *a.Min > *a.Max {
		c.addf(at+"/max", "must not be below min")
	}
}

func (c *checker) rules(rules []Rule, parsed *parsedScheme) {
	if len(rules) == 0 || len(rules) > maxRules {
		c.addf("/rules", "must have 1 to %d rules, not %d", maxRules, len(rules))
		return
	}
	parsed.rules = make([]rule, len(rules))
	for i, r := range rules {
		at := problem.Pointer("rules", i)
		c.add(at+"/segment", ident.Name(r.Segment))
		when, err := parseCondition(r.When, parsed.schema)
		c.add(at+"/when", err)
		c.note(at+"/why", r.Why)
		parsed.rules[i].when = when
		if r.Stay != nil {
			while, err := parseCondition(r.Stay.While, parsed.schema)
			c.add(at+"/stay/while", err)
			parsed.rules[i].stay = &while
		}
	}
}
