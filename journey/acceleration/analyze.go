package acceleration

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/internal/survival"
)

// A Report is what a plan found.
type Report struct {
	Goal     Goal      `json:"goal"`
	Landmark float64   `json:"landmark"` // day
	Horizon  float64   `json:"horizon"`  // days after it
	N        int       `json:"n"`        // accounts compared
	Dropped  []Drop    `json:"dropped"`  // accounts not under way at the landmark, by ID
	Findings []Finding `json:"findings"` // one for each step of the plan, in its order
	Control  Control   `json:"control"`
	Insights []Insight `json:"insights"` // the largest effect first
}

// A Finding is what is known of one step.
type Finding struct {
	Step       Step      `json:"step"`
	Verdict    Verdict   `json:"verdict"`
	With       Side      `json:"with"`
	Without    Side      `json:"without"`
	Later      int       `json:"later"`      // of Without, did it after the landmark
	Apart      int       `json:"apart"`      // accounts in segments that have too few with or without it, which Difference leaves out
	Segments   int       `json:"segments"`   // that Difference is made of
	Difference *Interval `json:"difference"` // of the restricted means, with less without, within segments, in days; nil: not known
	LogRank    *float64  `json:"log_rank"`   // standard deviations by which ends with the step exceed what is expected; nil: no ends to tell
	P          *float64  `json:"p"`          // by permutation, of no difference
	Adjusted   *float64  `json:"adjusted"`   // P for all steps looked at; nil also of the control
}

// A Side is the accounts with a step, or without it.
type Side struct {
	N     int      `json:"n"`     // accounts
	Ended int      `json:"ended"` // of N, within the horizon
	Mean  *float64 `json:"mean"`  // days from the landmark to the end, up to the horizon, all segments together; nil: not known
}

// An Interval is an estimate with its interval by the normal distribution.
type Interval struct {
	Value float64 `json:"value"` // days, or a share of −1 to 1
	SE    float64 `json:"se"`    // standard error of Value
	Low   float64 `json:"low"`   // end of the interval
	High  float64 `json:"high"`  // end of the interval
}

// A Verdict says what became of a step.
type Verdict string

// Verdicts.
const (
	Found    Verdict = "found"     // an insight, for better or worse
	NotFound Verdict = "not_found" // not told apart from chance
	TooFew   Verdict = "too_few"   // fewer than the minimum with it or without it, or no ends to tell
	Withheld Verdict = "withheld"  // would be found, and the control step seems to matter too
	AControl Verdict = "control"   // the control step
)

// A Control says what the control step showed.
type Control string

// Controls.
const (
	NoControl    Control = "none"    // none was planned
	QuietControl Control = "quiet"   // it does not seem to matter, as it should
	LoudControl  Control = "loud"    // it seems to matter: the sides differ in more than the steps
	WeakControl  Control = "too_few" // there is too little to tell
)

// loud is the p-value from which down a control step seems to matter.
const loud = 0.05

// Analyze looks at each step of a plan. It returns a [DataError] for a plan or an account that can't be, and for two
// accounts of one ID. It takes time in proportion to the accounts with each step, times the permutations.
func Analyze(accounts []Account, p Plan) (Report, error) {
	p, err := p.complete()
	if err != nil {
		return Report{}, err
	}
	f, drops, err := newField(accounts, p)
	if err != nil {
		return Report{}, err
	}
	r := Report{Goal: p.Goal, Landmark: p.Landmark, Horizon: p.Horizon, N: len(f.obs), Dropped: drops, Control: NoControl}
	scores := f.scores()
	var family []contrast
	var members []int
	for i, step := range p.Steps {
		g, err := f.finding(i)
		if err != nil {
			return Report{}, err
		}
		c, ok := f.contrast(i, scores)
		ok = ok && g.enough(p.Minimum)
		switch {
		case step.Name == p.Control:
			r.Control, g.Verdict = WeakControl, AControl
			if ok {
				t := f.test([]contrast{c}, scores)[0]
				g.LogRank, g.P = &t.z, &t.p
				if r.Control = QuietControl; t.p <= loud {
					r.Control = LoudControl
				}
			}
		case ok:
			family, members = append(family, c), append(members, i)
		default:
			g.Verdict = TooFew
		}
		r.Findings = append(r.Findings, g)
	}
	for k, t := range f.test(family, scores) {
		g := &r.Findings[members[k]]
		g.LogRank, g.P, g.Adjusted = &t.z, &t.p, &t.adjusted
		g.Verdict = g.judge(p.Discovery, r.Control)
		if g.Verdict == Found {
			r.Insights = append(r.Insights, newInsight(g, &r))
		}
	}
	slices.SortStableFunc(r.Insights, func(a, b Insight) int {
		return cmp.Compare(math.Abs(b.Effect.Value), math.Abs(a.Effect.Value))
	})
	return r, nil
}

// enough reports whether the segments compared have the minimum on each side.
func (g *Finding) enough(minimum int) bool { return min(g.With.N, g.Without.N) >= minimum }

// judge says whether a tested step is found: both statistics must say so, and in one direction.
func (g *Finding) judge(discovery float64, control Control) Verdict {
	d := g.Difference
	switch {
	case *g.Adjusted > discovery || d == nil || d.Low <= 0 && d.High >= 0 || (*g.LogRank > 0) == (d.Value > 0):
		return NotFound
	case control == LoudControl:
		return Withheld
	}
	return Found
}

// finding estimates both sides of a step.
func (f *field) finding(step int) (Finding, error) {
	g := Finding{Step: f.plan.Steps[step], Later: f.later[step]}
	var all sides
	difference, variance, weights := 0.0, 0.0, 0.0
	known := true
	strata := f.compared(step)
	for _, s := range strata {
		x := f.split(step, s)
		all.with, all.without = append(all.with, x.with...), append(all.without, x.without...)
		mean1, se1, ok1, err := f.mean(x.with)
		if err != nil {
			return g, err
		}
		mean0, se0, ok0, err := f.mean(x.without)
		if err != nil {
			return g, err
		}
		n1, n0 := float64(len(x.with)), float64(len(x.without))
		w := n1 * n0 / (n1 + n0)
		known = known && ok1 && ok0
		difference += float64(w * (mean1 - mean0))
		variance += float64(w * w * (float64(se1*se1) + float64(se0*se0)))
		weights += w
	}
	if g.Segments = len(strata); known && weights > 0 {
		z, _ := stat.CriticalZ(f.plan.Confidence)
		d := Interval{Value: difference / weights, SE: math.Sqrt(variance) / weights}
		half := float64(places(z) * d.SE)
		d.Low, d.High = d.Value-half, d.Value+half
		g.Difference = &d
	}
	var err error
	if g.With, err = f.side(all.with); err != nil {
		return g, err
	}
	g.Without, err = f.side(all.without)
	g.Apart = len(f.obs) - g.With.N - g.Without.N
	return g, err
}

// mean returns the restricted mean up to the horizon, which is not known where nobody was watched that long.
func (f *field) mean(obs []survival.Observation) (mean, se float64, ok bool, err error) {
	curve, err := survival.KaplanMeier(obs)
	if err != nil {
		return 0, 0, false, fmt.Errorf("acceleration: %w", err)
	}
	mean, se, ok = curve.RestrictedMean(f.plan.Horizon)
	return mean, se, ok, nil
}

func (f *field) side(obs []survival.Observation) (Side, error) {
	s := Side{N: len(obs)}
	for _, o := range obs {
		s.Ended += o.Cause
	}
	mean, _, ok, err := f.mean(obs)
	if ok {
		s.Mean = &mean
	}
	return s, err
}
