package health

import (
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

// Bounds of a card. Ratios of weights and liveness stay far from where floats end.
const (
	maxDepth   = 64        // of groups
	maxSize    = 1_000_000 // groups, measures, curves, knots, bands, limits and alarms
	maxGuesses = 100_000   // names compared in search of near ones
	maxText    = 1024      // bytes of a text for people
	maxAlarms  = 128       // so that the risks that they open stay few beside those that hosts raise
	minWeight  = 1e-6
	maxWeight  = 1e6
	maxRaw     = 1e300 // of a knot, so that the difference of two is finite
)

// A checker collects the problems of a card in document order. Its methods take the place of what they check in two
// parts, which they join only where there is a problem.
type checker struct {
	problem.List
	measures map[string]string // name to place
	names    []string          // of the measures, in definition order
	size     int
	guesses  int
}

func check(card *Scorecard) problem.List {
	c := checker{measures: make(map[string]string)}
	if card.Format < 1 {
		c.Addf("/format", "must be 1, not %d", card.Format)
	}
	c.name("", card.Name)
	c.text("", "/version", card.Version)
	if len(card.Groups) == 0 {
		c.Addf("/groups", "must hold at least one group")
	}
	c.groups("/groups", card.Groups, 1)
	c.bands("/bands", card.Bands)
	for i := range card.Limits {
		if !c.fits("/limits", 1) {
			break
		}
		c.limit(problem.Pointer("limits", i), &card.Limits[i])
	}
	c.within("", "/min_coverage", card.MinCoverage, 0, 1)
	c.hold("/steady/worse", card.Steady.Worse)
	c.hold("/steady/better", card.Steady.Better)
	c.fall("/fall", card.Fall)
	if len(card.Alarms) > maxAlarms {
		c.Addf("/alarms", "must hold at most %d", maxAlarms)
		return c.List
	}
	seen := make(map[string]string, len(card.Alarms))
	for i := range card.Alarms {
		if !c.fits("/alarms", 1) {
			break
		}
		c.alarm(problem.Pointer("alarms", i), &card.Alarms[i], card.Bands, seen)
	}
	return c.List
}

func (c *checker) groups(at string, groups []Group, depth int) {
	if len(groups) > 0 && depth > maxDepth {
		c.Addf(at, "groups are nested deeper than %d", maxDepth)
		return
	}
	siblings := make(map[string]string)
	for i := range groups {
		if !c.fits(at, 1) {
			return
		}
		g, at := &groups[i], problem.Join(at, i)
		if (len(g.Measures) == 0) == (len(g.Groups) == 0) {
			c.Addf(at, "must hold either measures or groups")
		}
		c.unique(at, g.Name, siblings)
		c.within(at, "/weight", g.Weight, minWeight, maxWeight)
		oneOf(c, at, "/aspect", g.Aspect, "", Outcome, Experience)
		oneOf(c, at, "/empty", g.Empty, "", EmptyUnknown, EmptyRedistribute)
		for j := range g.Measures {
			if !c.fits(at, 1) {
				break
			}
			c.measure(problem.Join(at, "measures", j), &g.Measures[j])
		}
		c.groups(at+"/groups", g.Groups, depth+1)
	}
}

// fits counts n more, and reports false where the card is too large to go on.
func (c *checker) fits(at string, n int) bool {
	before := c.size
	c.size = min(before+n, maxSize+1)
	if before <= maxSize && c.size > maxSize {
		c.Addf(at, "the card has more than %d groups, measures, curves, knots, bands, limits and alarms", maxSize)
	}
	return c.size <= maxSize
}

func (c *checker) measure(at string, x *Measure) {
	c.unique(at, x.Name, c.measures)
	c.names = append(c.names, x.Name)
	c.text(at, "/unit", x.Unit)
	c.within(at, "/weight", x.Weight, minWeight, maxWeight)
	c.curve(at+"/curve", &x.Curve)
	for i := range x.ByAge {
		at := problem.Join(at, "by_age", i)
		before := Duration(0)
		if i > 0 {
			before = x.ByAge[i-1].Under
		}
		if c.duration(at, "/under", x.ByAge[i].Under) && x.ByAge[i].Under <= before {
			c.Addf(at+"/under", "must be above 0 and above the one before")
		}
		c.curve(at+"/curve", &x.ByAge[i].Curve)
	}
	c.duration(at, "/not_before", x.NotBefore)
	c.duration(at, "/fresh", x.Fresh)
	if x.Fresh > x.Expire {
		c.Addf(at+"/fresh", "must not be above expire")
	}
	c.duration(at, "/expire", x.Expire)
	oneOf(c, at, "/missing/policy", x.Missing.Policy, "", Exclude, Neutral, Worst, Required)
	if x.Missing.Policy == Neutral {
		c.within(at, "/missing/points", x.Missing.Points, 0, 100)
	} else if x.Missing.Points != 0 {
		c.Addf(at+"/missing/points", "only the policy %q has points", Neutral)
	}
}

func (c *checker) curve(at string, curve *Curve) {
	least := 2
	if !oneOf(c, at, "/kind", curve.Kind, Points, Bounded, StepsLower, StepsUpper) || !curve.linear() {
		least = 1
	}
	if len(curve.Knots) < least {
		c.Addf(at+"/knots", "must hold at least %d", least)
	}
	if !c.fits(at, 1+len(curve.Knots)) {
		return
	}
	for i, k := range curve.Knots {
		if math.Abs(k.X) <= maxRaw && (i == 0 || k.X > curve.Knots[i-1].X) && k.Points >= 0 && k.Points <= 100 {
			continue
		}
		at := problem.Join(at, "knots", i)
		ok := c.within(at, "/x", k.X, -maxRaw, maxRaw)
		if ok && i > 0 && k.X <= curve.Knots[i-1].X {
			c.Addf(at+"/x", "must be above the one before")
		}
		c.within(at, "/points", k.Points, 0, 100)
	}
}

func (c *checker) bands(at string, bands []Band) {
	if len(bands) == 0 {
		c.Addf(at, "must hold at least one band")
	}
	if !c.fits(at, len(bands)) {
		return
	}
	seen := make(map[string]string, len(bands))
	for i, b := range bands {
		at := problem.Join(at, i)
		c.unique(at, b.Name, seen)
		if b.Name == Unknown {
			c.Addf(at+"/name", "%q is the band of a score that is not known", Unknown)
		}
		switch ok := c.within(at, "/floor", b.Floor, 0, 100); {
		case ok && i == 0 && b.Floor != 0:
			c.Addf(at+"/floor", "the first must be 0")
		case ok && i > 0 && grid(b.Floor) <= grid(bands[i-1].Floor):
			c.Addf(at+"/floor", "must be above the one before")
		}
	}
}

func (c *checker) limit(at string, l *Limit) {
	c.condition(at, l.Measure, l.When, l.Value)
	oneOf(c, at, "/kind", l.Kind, Cap, Floor)
	c.within(at, "/points", l.Points, 0, 100)
	c.reason(at, l.Reason)
}

// condition checks a comparison on a measure.
func (c *checker) condition(at, measure string, when Comparison, value float64) {
	if _, ok := c.measures[measure]; !ok {
		c.Addf(at+"/measure", "there is no measure %q%s", clip(measure), c.near(measure))
	}
	oneOf(c, at, "/when", when, Less, LessEqual, Equal, NotEqual, GreaterEqual, Greater)
	c.within(at, "/value", value, -math.MaxFloat64, math.MaxFloat64)
}

func (c *checker) reason(at, reason string) {
	if reason == "" {
		c.Addf(at+"/reason", "is empty")
	}
	c.text(at, "/reason", reason)
}

func (c *checker) fall(at string, f Fall) {
	if f == (Fall{}) {
		return
	}
	if c.within(at, "/points", f.Points, 0, 100) && grid(f.Points) == 0 {
		c.Addf(at+"/points", "must be above 0")
	}
	if c.duration(at, "/within", f.Within) && f.Within == 0 {
		c.Addf(at+"/within", "must be above 0")
	}
}

func (c *checker) alarm(at string, a *Alarm, bands []Band, seen map[string]string) {
	if err := ident.Name(a.Category); err != nil {
		c.Addf(at+"/category", "%v", err)
	} else if first, twice := seen[a.Category]; twice {
		c.Addf(at+"/category", "%q is the category of %s already", a.Category, first)
	} else {
		seen[a.Category] = at
	}
	switch {
	case a.Band == "":
		c.condition(at, a.Measure, a.When, a.Value)
	case a.Measure != "" || a.When != "" || a.Value != 0:
		c.Addf(at, "must have either a measure or a band")
	case !slices.ContainsFunc(bands, func(b Band) bool { return b.Name == a.Band }):
		c.Addf(at+"/band", "there is no band %q", clip(a.Band))
	}
	c.reason(at, a.Reason)
}

func (c *checker) hold(at string, h Hold) {
	c.within(at, "/margin", h.Margin, 0, 100)
	c.duration(at, "/dwell", h.Dwell)
}

func (c *checker) name(at, name string) bool {
	err := ident.Name(name)
	if err != nil {
		c.Addf(at+"/name", "%v", err)
	}
	return err == nil
}

// unique checks the name of what is at a place, and that it is the first of that name.
func (c *checker) unique(at, name string, seen map[string]string) {
	if !c.name(at, name) {
		return
	}
	if first, twice := seen[name]; twice {
		c.Addf(at+"/name", "%q is the name of %s already", name, first)
		return
	}
	seen[name] = at
}

func (c *checker) text(at, field, s string) {
	if why := badText(s); why != "" {
		c.Addf(at+field, "%s", why)
	}
}

// badText says what is wrong with a text for people, or "".
func badText(s string) string {
	switch {
	case len(s) > maxText:
		return fmt.Sprintf("has %d bytes, over %d", len(s), maxText)
	case !utf8.ValidString(s):
		return "is not valid UTF-8"
	case strings.Contains(s, "\x00"):
		return "contains NUL"
	}
	return ""
}

// within refuses numbers outside of low to high, NaN among them.
func (c *checker) within(at, field string, x, low, high float64) bool {
	ok := x >= low && x <= high
	switch {
	case ok:
	case low == -math.MaxFloat64:
		c.Addf(at+field, "must be finite, not %v", x)
	default:
		c.Addf(at+field, "must be %v to %v, not %v", low, high, x)
	}
	return ok
}

func (c *checker) duration(at, field string, d Duration) bool {
	if d < 0 {
		c.Addf(at+field, "must not be negative")
		return false
	}
	if err := span.Check(time.Duration(d)); err != nil {
		c.Addf(at+field, "%v", err)
		return false
	}
	return true
}

// oneOf checks an enumeration against its constants.
func oneOf[T ~string](c *checker, at, field string, got T, known ...T) bool {
	if slices.Contains(known, got) {
		return true
	}
	var words []string
	for _, k := range known {
		if k != "" {
			words = append(words, string(k))
		}
	}
	c.Addf(at+field, "must be one of %s, not %q%s", strings.Join(words, ", "), clip(string(got)), meant(string(got), words))
	return false
}

// near suggests a measure. It gives up in huge cards, where the work would be the product of two sizes.
func (c *checker) near(name string) string {
	c.guesses += len(c.names)
	if c.guesses > maxGuesses {
		return ""
	}
	return meant(name, c.names)
}

func meant(got string, known []string) string {
	if word, ok := nearest.Word(got, known); ok {
		return ": did you mean " + word + "?"
	}
	return ""
}

// clip shortens a text for a message.
func clip(s string) string {
	const longest = 64
	if len(s) > longest {
		return s[:longest] + "..."
	}
	return s
}
