package acceleration

import (
	"fmt"
	"math"
	"strconv"
)

// An Insight is a finding that stands, in the direction of its goal.
type Insight struct {
	Step     Step     `json:"step"`
	Better   bool     `json:"better"`   // with the step the goal is met better
	Effect   Interval `json:"effect"`   // days of difference between the restricted means, with less without
	With     int      `json:"with"`     // accounts
	Without  int      `json:"without"`  // accounts
	Adjusted float64  `json:"adjusted"` // p-value for all steps looked at
	Checked  bool     `json:"checked"`  // a control step showed nothing
	Goal     Goal     `json:"goal"`
	Landmark float64  `json:"landmark"` // day by which the step was done
	Horizon  float64  `json:"horizon"`  // days after it
	Dropped  int      `json:"dropped"`  // accounts not under way at the landmark
}

func newInsight(g *Finding, r *Report) Insight {
	return Insight{
		Step: g.Step, Better: (g.Difference.Value < 0) == (r.Goal == Sooner), Effect: *g.Difference,
		With: g.With.N, Without: g.Without.N, Adjusted: *g.Adjusted, Checked: r.Control == QuietControl,
		Goal: r.Goal, Landmark: r.Landmark, Horizon: r.Horizon, Dropped: len(r.Dropped),
	}
}

// String returns the insight in one English sentence and what it is not.
func (i Insight) String() string {
	direction := map[bool]string{true: "later", false: "sooner"}[i.Effect.Value > 0]
	end := map[Goal]string{Sooner: "got there", Later: "ended"}[i.Goal]
	low, high := i.Effect.Low, i.Effect.High
	if i.Effect.Value < 0 {
		low, high = -high, -low
	}
	text := fmt.Sprintf("Of accounts under way on day %s, those with %q by then %s %s days %s within the next %s days than those without (interval %s to %s; %d and %d accounts; adjusted p %s).",
		short(i.Landmark), i.Step.Name, end, short(math.Abs(i.Effect.Value)), direction, short(i.Horizon),
		short(low), short(high), i.With, i.Without, strconv.FormatFloat(i.Adjusted, 'g', 2, 64))
	if i.Step.Trial {
		return text + " It was drawn at random: this is an effect of having been drawn."
	}
	text += " This is an association, not shown to be a cause"
	if !i.Checked {
		text += ", and no control step backs it"
	}
	return text + "."
}

// short prints days with at most one decimal.
func short(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10+0, 'f', -1, 64) }
