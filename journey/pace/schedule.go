package pace

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/journey"
)

// A Stage is a phase that a schedule passes, with how long stays in it last.
type Stage struct {
	Phase string
	Curve *Curve // of stays in the phase from their beginning; ends by an advance pass it
}

// A Schedule holds the latest instants at which phases must be left.
type Schedule struct {
	Begin  time.Time `json:"begin"`  // when the first phase must begin at the latest
	Chance float64   `json:"chance"` // that all exits are met from there; at least the one asked for
	Exits  []Exit    `json:"exits"`  // in the order of the phases, the last at the renewal
}

// An Exit is the latest instant at which a phase must be left.
type Exit struct {
	Phase  string    `json:"phase"`
	By     time.Time `json:"by"`
	Days   int       `json:"days"`   // before the renewal
	Chance float64   `json:"chance"` // that, left then, all exits after it are met
}

// mostPlanned days of a dwell are planned with, ten years.
const mostPlanned = 3660

// closeEnough is how far a chance may fall short of the one asked for, for rounding.
const closeEnough = 1e-12

// Plan returns the latest exits, in whole days back from a renewal, by which from each all that follow are met with the chosen
// chance, above 0 and below 1. Dwells count as independent of each other and are convolved: quantiles of phases don't add up to
// that of their sum. A dwell counts in whole days, rounded up. What has not advanced, for leaving or for the end of what
// was watched or after ten years, never meets an exit.
//
// It returns a [DataError] for an argument that can't be, a curve that starts late among them; and a [RefusedError] with rule
// "out_of_reach" where no exit is early enough, since too few advance at all.
func Plan(stages []Stage, renewal time.Time, chance float64) (Schedule, error) {
	renewal = instant.Of(renewal)
	if err := instant.Given(renewal); err != nil {
		return Schedule{}, argument("renewal", "%s", err)
	}
	if !(chance > 0 && chance < 1) {
		return Schedule{}, argument("chance", "%v is not between 0 and 1", chance)
	}
	if len(stages) == 0 {
		return Schedule{}, argument("stages", "there are none")
	}
	s := Schedule{Exits: make([]Exit, len(stages))}
	met := chances{from: 0, of: []float64{1}}
	for i := len(stages) - 1; i >= 0; i-- {
		s.Exits[i] = Exit{stages[i].Phase, renewal.AddDate(0, 0, -met.from), met.from, met.of[0]}
		dwell, err := stages[i].dwell()
		if err != nil {
			return Schedule{}, err
		}
		var best float64
		if met, best = met.before(dwell, chance); len(met.of) == 0 {
			return Schedule{}, &RefusedError{"out_of_reach",
				fmt.Sprintf("from the beginning of phase %q all exits are met with a chance of at most %.3g", stages[i].Phase, best), "a lower chance, or stays that were watched for longer"}
		}
	}
	s.Begin, s.Chance = renewal.AddDate(0, 0, -met.from), met.of[0]
	if instant.Check(s.Begin) != nil {
		return Schedule{}, argument("renewal", "is too early for the schedule")
	}
	return s, nil
}

// dwell returns the chance to advance on each whole day, from 0.
func (g *Stage) dwell() ([]float64, error) {
	c := g.Curve
	switch {
	case c == nil:
		return nil, argument(fmt.Sprintf("stage %q", g.Phase), "has no curve")
	case !c.starts || c.start > 0:
		return nil, argument(fmt.Sprintf("stage %q", g.Phase), "has a curve that does not start with the phase")
	}
	cause := slices.Index(c.kinds, journey.Advance)
	if cause < 0 {
		return nil, nil
	}
	course := c.parts.ByCause[cause]
	var chances []float64
	before := 0.0
	for i, t := range c.parts.Times {
		if course.Events[i] == 0 {
			continue
		}
		day := int(math.Ceil(t))
		if day > mostPlanned {
			break
		}
		for len(chances) <= day {
			chances = append(chances, 0)
		}
		chances[day] += course.Cumulative[i] - before
		before = course.Cumulative[i]
	}
	return chances, nil
}

// A chances says how likely all later exits are met when so many days are left. With fewer than from days they are not.
type chances struct {
	from int
	of   []float64 // by days left from there on, never falling; the last holds for all more
}

func (c chances) with(days int) float64 { return c.of[min(days-c.from, len(c.of)-1)] }

// before returns the chances at the beginning of a phase, from the fewest days on with which they are high enough; none
// if they never are. The best is what any number of days gives.
func (c chances) before(dwell []float64, enough float64) (out chances, best float64) {
	for days := c.from; days < c.from+len(c.of)+len(dwell); days++ {
		p := 0.0
		for d, f := range dwell {
			if days-d < c.from {
				break
			}
			p += float64(f * c.with(days-d))
		}
		best = max(best, p)
		if len(out.of) == 0 {
			if p < enough-closeEnough {
				continue
			}
			out.from = days
		}
		out.of = append(out.of, p)
	}
	return out, best
}
