package engagement

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
	"github.com/customersuccess-go/customersuccess/segment"
)

const (
	maxTouches = 1000 // of a program
	maxText    = 1024 // bytes of a text for people
)

// A checker collects the problems of a program in document order.
type checker struct {
	attributes []segment.Attribute
	problems   []Problem
	plans      []plan // in program order
}

func (c *checker) addf(pointer, format string, args ...any) {
	c.problems = append(c.problems, Problem{Pointer: pointer, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) add(pointer string, err error) {
	if err != nil {
		c.addf(pointer, "%v", err)
	}
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

// length checks a duration that must not be negative.
func (c *checker) length(pointer string, d Duration) {
	if d < 0 {
		c.addf(pointer, "must not be negative")
	}
	c.add(pointer, span.Check(time.Duration(d)))
}

func (c *checker) program(p *Program) {
	if p.Format != Format {
		c.addf("/format", "must be %d, not %d", Format, p.Format)
	}
	c.add("/name", ident.Name(p.Name))
	c.note("/version", p.Version)
	c.note("/segment", p.Segment)
	if len(p.Touches) == 0 || len(p.Touches) > maxTouches {
		c.addf("/touches", "must have 1 to %d touches, not %d", maxTouches, len(p.Touches))
		return
	}
	seen := make(map[string]bool, len(p.Touches))
	for i := range p.Touches {
		t := &p.Touches[i]
		c.touch(t, problem.Pointer("touches", i), seen[t.Name])
		seen[t.Name] = true
	}
}

func (c *checker) touch(t *TouchPlan, at string, duplicate bool) {
	c.add(at+"/name", ident.Name(t.Name))
	if duplicate {
		c.addf(at+"/name", "%q is the name of an earlier touch", t.Name)
	}
	c.note(at+"/title", t.Title)
	c.channel(at+"/channel", t.Channel)
	c.add(at+"/owner", ident.Name(t.Owner))
	c.length(at+"/every", t.Every)
	switch {
	case t.Every == 0 && t.On == nil:
		c.addf(at, "must have a cadence (every) or a trigger (on)")
	case t.Every != 0 && t.On != nil:
		c.addf(at+"/on", "must not stand beside every")
	}
	if t.On != nil {
		c.trigger(t.On, at+"/on")
	}
	c.length(at+"/within", t.Within)
	c.plans = append(c.plans, plan{TouchPlan: t.clone(), when: c.condition(t.When, at+"/when")})
	if !(t.Minutes >= 0) || math.IsInf(t.Minutes, 0) {
		c.addf(at+"/minutes", "must be a number from 0 on, not %v", t.Minutes)
	}
}

func (c *checker) channel(at string, channel Channel) {
	known := []string{string(Human), string(Digital), string(Product), string(Community), string(Partner)}
	if slices.Contains(known, string(channel)) {
		return
	}
	if name, ok := nearest.Word(string(channel), known); ok {
		c.addf(at, "must be human, digital, product, community or partner, not %q: did you mean %q?", channel, name)
		return
	}
	c.addf(at, "must be human, digital, product, community or partner, not %q", channel)
}

func (c *checker) trigger(t *Trigger, at string) {
	switch {
	case t.Event == "" && t.Anchor == "":
		c.addf(at, "must have an event or an anchor")
	case t.Event != "" && t.Anchor != "":
		c.addf(at+"/anchor", "must not stand beside event")
	}
	if t.Event != "" {
		c.add(at+"/event", ident.Name(t.Event))
		c.length(at+"/offset", t.Offset) // what happens can't be foreseen
		return
	}
	if t.Anchor != "" {
		c.add(at+"/anchor", ident.Name(t.Anchor))
	}
	c.add(at+"/offset", span.Check(time.Duration(t.Offset)))
}

// condition compiles a condition, if there is one. Wrong attributes are a problem of the whole, once.
func (c *checker) condition(when, at string) *segment.Condition {
	if when == "" {
		return nil
	}
	compiled, err := segment.CompileCondition(when, c.attributes)
	var invalid *segment.InvalidError
	if !errors.As(err, &invalid) {
		return compiled
	}
	for _, p := range invalid.Problems {
		if p.Pointer == "" {
			c.addf(at, "%s", p.Message)
			continue
		}
		wrong := Problem{Message: "the scheme's " + p.Pointer[1:] + ": " + p.Message}
		if !slices.Contains(c.problems, wrong) {
			c.problems = append(c.problems, wrong)
		}
	}
	return nil
}
