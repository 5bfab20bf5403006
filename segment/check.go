package segment

import (
	"math"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// Bounds of a scheme.
const (
	maxRules      = 1000
	maxAttributes = 1000
	maxName       = 63   // bytes of an attribute's name: what PostgreSQL keeps of a column's
	maxText       = 1024 // bytes of a text in a condition, and of why a fact failed
)

// A checker collects the problems of a definition in document order.
type checker struct {
	check.Report
	attribute check.Names
}

func (c *checker) err() error {
	if len(c.List) == 0 {
		return nil
	}
	e := &InvalidError{}
	for _, p := range c.List {
		e.Problems = append(e.Problems, Problem(p))
	}
	return e
}

func (c *checker) scheme(s *Scheme, parsed *parsedScheme) {
	c.Format(s.Format, Format)
	c.Name("", "/name", s.Name)
	c.Text("", "/version", s.Version)
	c.attributes(s.Attributes)
	parsed.schema = newSchema(s.Attributes)
	c.rules(s.Rules, parsed)
	c.Maybe("", "/otherwise", s.Otherwise)
	c.Span("", "/for", time.Duration(s.For))
	check.OneOf(&c.Report, "", "/review", s.Review, "", ReviewDown)
}

func (c *checker) attributes(attributes []Attribute) {
	if len(attributes) == 0 {
		c.Addf("/attributes", "is empty: conditions need something to speak of")
	}
	if !c.Fits("", "/attributes", len(attributes), maxAttributes) {
		return
	}
	for i := range attributes {
		a, at := &attributes[i], problem.Pointer("attributes", i)
		if c.Define(&c.attribute, at, "/name", a.Name) {
			switch {
			case !isAttributeName(a.Name):
				c.Addf(at+"/name", "must be lower-case letters, digits and _, not beginning with a digit, at most %d, not %q", maxName, check.Clip(a.Name))
			case isKeyword(strings.ToUpper(a.Name)):
				c.Addf(at+"/name", "%q is a word of the condition language", a.Name)
			}
		}
		check.OneOf(&c.Report, at, "/type", a.Type, NumberType, TextType, FlagType, TimeType)
		c.Text(at, "/unit", a.Unit)
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

func (c *checker) values(a *Attribute, at string) {
	if len(a.Values) > 0 && a.Type != TextType {
		c.Addf(at+"/values", "are for texts alone")
		return
	}
	seen := make(map[string]bool, len(a.Values))
	for i, v := range a.Values {
		place := problem.Join(at, "values", i)
		if c.Text(place, "", v) && seen[v] {
			c.Addf(place, "%q is there twice", check.Clip(v))
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
			c.Addf(at+b.name, "is for numbers alone")
		case !(math.Abs(*b.value) <= maxExact):
			c.Addf(at+b.name, "must be at most 2^53 either side of zero, not %v", *b.value)
		}
	}
	if a.Min != nil && a.Max != nil && *a.Min > *a.Max {
		c.Addf(at+"/max", "must not be below min")
	}
}

func (c *checker) rules(rules []Rule, parsed *parsedScheme) {
	if len(rules) == 0 {
		c.Addf("/rules", "is empty: a scheme without rules says nothing")
	}
	if !c.Fits("", "/rules", len(rules), maxRules) {
		return
	}
	parsed.rules = make([]rule, len(rules))
	for i, r := range rules {
		at := problem.Pointer("rules", i)
		c.Name(at, "/segment", r.Segment)
		when, err := parseCondition(r.When, parsed.schema)
		c.Err(at, "/when", err)
		c.Text(at, "/why", r.Why)
		parsed.rules[i].when = when
		if r.Stay != nil {
			while, err := parseCondition(r.Stay.While, parsed.schema)
			c.Err(at, "/stay/while", err)
			parsed.rules[i].stay = &while
		}
	}
}
