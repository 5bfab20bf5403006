package health

import (
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// Bounds of a card. Ratios of weights and liveness stay far from where floats end.
const (
	maxDepth  = 64        // of groups
	maxSize   = 1_000_000 // groups, measures, curves, knots, bands, limits and alarms
	maxAlarms = 128       // so that the risks that they open stay few beside those that hosts raise
	minWeight = 1e-6
	maxWeight = 1e6
	maxRaw    = 1e300 // of a knot, so that the difference of two is finite
)

// A checker collects the problems of a card in document order.
type checker struct {
	check.Report
	measures check.Names
	places   []string // of the measures, each name once
	size     int
}

// problems returns what is wrong with a card, in document order.
func problems(card *Scorecard) problem.List {
	var c checker
	c.Format(card.Format, Format)
	c.Name("", "/name", card.Name)
	c.Text("", "/version", card.Version)
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
	c.Within("", "/min_coverage", card.MinCoverage, 0, 1)
	c.hold("/steady/worse", card.Steady.Worse)
	c.hold("/steady/better", card.Steady.Better)
	c.fall("/fall", card.Fall)
	if len(card.Alarms) > maxAlarms {
		c.Addf("/alarms", "must hold at most %d", maxAlarms)
		return c.List
	}
	var seen check.Names
	for i := range card.Alarms {
		if !c.fits("/alarms", 1) {
			break
		}
		c.alarm(problem.Pointer("alarms", i), &card.Alarms[i], card.Bands, &seen)
	}
	return c.List
}

func (c *checker) groups(at string, groups []Group, depth int) {
	if len(groups) > 0 && depth > maxDepth {
		c.Addf(at, "groups are nested deeper than %d", maxDepth)
		return
	}
	var siblings check.Names
	for i := range groups {
		if !c.fits(at, 1) {
			return
		}
		g, at := &groups[i], problem.Join(at, i)
		if (len(g.Measures) == 0) == (len(g.Groups) == 0) {
			c.Addf(at, "must hold either measures or groups")
		}
		c.Define(&siblings, at, "/name", g.Name)
		c.Within(at, "/weight", g.Weight, minWeight, maxWeight)
		check.OneOf(&c.Report, at, "/aspect", g.Aspect, "", Outcome, Experience)
		check.OneOf(&c.Report, at, "/empty", g.Empty, "", EmptyUnknown, EmptyRedistribute)
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
	c.measureName(at, x.Name)
	c.Text(at, "/unit", x.Unit)
	c.Within(at, "/weight", x.Weight, minWeight, maxWeight)
	c.curve(at+"/curve", &x.Curve)
	for i := range x.ByAge {
		at := problem.Join(at, "by_age", i)
		before := Duration(0)
		if i > 0 {
			before = x.ByAge[i-1].Under
		}
		if c.Span(at, "/under", time.Duration(x.ByAge[i].Under)) && x.ByAge[i].Under <= before {
			c.Addf(at+"/under", "must be above 0 and above the one before")
		}
		c.curve(at+"/curve", &x.ByAge[i].Curve)
	}
	c.Span(at, "/not_before", time.Duration(x.NotBefore))
	c.Span(at, "/fresh", time.Duration(x.Fresh))
	if x.Fresh > x.Expire {
		c.Addf(at+"/fresh", "must not be above expire")
	}
	c.Span(at, "/expire", time.Duration(x.Expire))
	check.OneOf(&c.Report, at, "/missing/policy", x.Missing.Policy, "", Exclude, Neutral, Worst, Required)
	if x.Missing.Policy == Neutral {
		c.Within(at, "/missing/points", x.Missing.Points, 0, 100)
	} else if x.Missing.Points != 0 {
		c.Addf(at+"/missing/points", "only the policy %q has points", Neutral)
	}
}

// measureName checks that no other measure of the card has the name: groups share them.
func (c *checker) measureName(at, name string) {
	if first, twice := c.measures.Index(name); twice {
		if c.Name(at, "/name", name) {
			c.Addf(at+"/name", "%q is the name of %s already", name, c.places[first])
		}
		return
	}
	c.places = append(c.places, at)
	c.Define(&c.measures, at, "/name", name)
}

func (c *checker) curve(at string, curve *Curve) {
	least := 2
	if !check.OneOf(&c.Report, at, "/kind", curve.Kind, Points, Bounded, StepsLower, StepsUpper) || !curve.linear() {
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
		ok := c.Within(at, "/x", k.X, -maxRaw, maxRaw)
		if ok && i > 0 && k.X <= curve.Knots[i-1].X {
			c.Addf(at+"/x", "must be above the one before")
		}
		c.Within(at, "/points", k.Points, 0, 100)
	}
}

func (c *checker) bands(at string, bands []Band) {
	if len(bands) == 0 {
		c.Addf(at, "must hold at least one band")
	}
	if !c.fits(at, len(bands)) {
		return
	}
	var seen check.Names
	for i, b := range bands {
		at := problem.Join(at, i)
		c.Define(&seen, at, "/name", b.Name)
		if b.Name == Unknown {
			c.Addf(at+"/name", "%q is the band of a score that is not known", Unknown)
		}
		switch ok := c.Within(at, "/floor", b.Floor, 0, 100); {
		case ok && i == 0 && b.Floor != 0:
			c.Addf(at+"/floor", "the first must be 0")
		case ok && i > 0 && grid(b.Floor) <= grid(bands[i-1].Floor):
			c.Addf(at+"/floor", "must be above the one before")
		}
	}
}

func (c *checker) limit(at string, l *Limit) {
	c.condition(at, l.Measure, l.When, l.Value)
	check.OneOf(&c.Report, at, "/kind", l.Kind, Cap, Floor)
	c.Within(at, "/points", l.Points, 0, 100)
	c.reason(at, l.Reason)
}

// condition checks a comparison on a measure.
func (c *checker) condition(at, measure string, when Comparison, value float64) {
	c.Refer(&c.measures, at, "/measure", "measure", measure)
	check.OneOf(&c.Report, at, "/when", when, Less, LessEqual, Equal, NotEqual, GreaterEqual, Greater)
	c.Finite(at, "/value", value)
}

func (c *checker) reason(at, reason string) {
	if reason == "" {
		c.Addf(at+"/reason", "is empty")
	}
	c.Text(at, "/reason", reason)
}

func (c *checker) fall(at string, f Fall) {
	if f == (Fall{}) {
		return
	}
	if c.Within(at, "/points", f.Points, 0, 100) && grid(f.Points) == 0 {
		c.Addf(at+"/points", "must be above 0")
	}
	if c.Span(at, "/within", time.Duration(f.Within)) && f.Within == 0 {
		c.Addf(at+"/within", "must be above 0")
	}
}

func (c *checker) alarm(at string, a *Alarm, bands []Band, seen *check.Names) {
	c.Define(seen, at, "/category", a.Category)
	switch {
	case a.Band == "":
		c.condition(at, a.Measure, a.When, a.Value)
	case a.Measure != "" || a.When != "" || a.Value != 0:
		c.Addf(at, "must have either a measure or a band")
	case !slices.ContainsFunc(bands, func(b Band) bool { return b.Name == a.Band }):
		c.Addf(at+"/band", "there is no band %q", check.Clip(a.Band))
	}
	c.reason(at, a.Reason)
}

func (c *checker) hold(at string, h Hold) {
	c.Within(at, "/margin", h.Margin, 0, 100)
	c.Span(at, "/dwell", time.Duration(h.Dwell))
}
