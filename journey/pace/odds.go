package pace

import (
	"fmt"
	"slices"
	"sort"

	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/internal/survival"
	"github.com/customersuccess-go/customersuccess/journey"
)

// Odds is how an account that has been in its phase for a while compares with others, and what lies ahead of it.
type Odds struct {
	Class   string     `json:"class"`   // of the accounts it is compared with
	Day     float64    `json:"day"`     // since the account's stay began
	Within  float64    `json:"within"`  // days ahead
	N       int        `json:"n"`       // stays at risk after Day, which Next is estimated from
	Longer  Proportion `json:"longer"`  // of the stays that had not ended when last watched: those shorter than Day
	Lasting Share      `json:"lasting"` // chance that a stay lasts this long
	Next    Chance     `json:"next"`    // to end by an advance within the days ahead
}

// A Proportion is a number out of a number, with Wilson's interval.
type Proportion struct {
	Of    int     `json:"of"`    // stays
	Value float64 `json:"value"` // 0 to 1; 0 of 0
	Low   float64 `json:"low"`   // end of the interval
	High  float64 `json:"high"`  // end of the interval
}

// A Chance is a probability with its interval.
type Chance struct {
	Value float64 `json:"value"` // 0 to 1
	Low   float64 `json:"low"`   // end of the interval
	High  float64 `json:"high"`  // end of the interval
}

// Odds tells of an account that has been in its phase until a day, without an end, what part of comparable accounts that were
// still in it had been there for a shorter time, and the chance to advance in the next so many days: (F(t+w) − F(t)) / S(t).
// It takes time in proportion to the stays at risk.
//
// It returns an error if:
//   - the class of the stays is not declared, or a number is not a day (*DataError);
//   - fewer than Options.Minimum are at risk by then, rule "too_few" (*RefusedError);
//   - the estimate starts after the day, rule "not_started", or nobody was watched for as long as the days ahead, rule
//     "not_watched" (*RefusedError).
func (c *Curve) Odds(day, within float64) (Odds, error) {
	switch {
	case c.options.Class == "":
		return Odds{}, argument("class", "is empty")
	case !(day >= 0 && day <= maxDays):
		return Odds{}, argument("day", "%v is not within 0 to %d", day, maxDays)
	case !(within > 0 && within <= maxDays):
		return Odds{}, argument("within", "%v is not above 0 and up to %d", within, maxDays)
	case !c.starts || day < c.start:
		return Odds{}, &RefusedError{"not_started", fmt.Sprintf("on day %v too few were under watch", day), "accounts watched from earlier on"}
	}
	later := c.after(day)
	o := Odds{Class: c.options.Class, Day: day, Within: within, N: atRisk(later, day)}
	if o.N < c.options.Minimum {
		return Odds{}, &RefusedError{"too_few", fmt.Sprintf("%d stays are at risk after day %v", o.N, day), fmt.Sprintf("%d", c.options.Minimum)}
	}
	var ok bool
	if o.Next, ok = c.next(later, day+within); !ok {
		return Odds{}, &RefusedError{"not_watched", fmt.Sprintf("no stay was watched until day %v", day+within), "fewer days ahead"}
	}
	o.Lasting, _ = c.Lasting(day)
	shorter := 0
	for _, s := range c.obs {
		if s.Cause == 0 {
			o.Longer.Of++
			if s.Time < day {
				shorter++
			}
		}
	}
	o.Longer = proportion(shorter, o.Longer.Of, c.options.Confidence)
	return o, nil
}

// maxDays is about what an instant can lie after another.
const maxDays = 3_700_000

// after returns the observations that reach beyond a day, none at risk before it.
func (c *Curve) after(day float64) []survival.Observation {
	from := sort.Search(len(c.obs), func(i int) bool { return c.obs[i].Time > day })
	later := slices.Clone(c.obs[from:])
	for i := range later {
		later[i].Entry = max(later[i].Entry, day)
	}
	return later
}

// atRisk counts those at risk right after a day.
func atRisk(obs []survival.Observation, day float64) int {
	n := 0
	for _, o := range obs {
		if o.Entry <= day {
			n++
		}
	}
	return n
}

// next returns the chance of an advance by a day among observations.
func (c *Curve) next(obs []survival.Observation, day float64) (Chance, bool) {
	x, err := survival.AalenJohansen(obs, max(1, len(c.kinds)))
	if err != nil {
		return Chance{}, false
	}
	if _, ok := x.Waiting(day); !ok {
		return Chance{}, false
	}
	cause := slices.Index(c.kinds, journey.Advance) + 1
	p, _ := x.Cumulative(cause, day)
	i, ok := x.Interval(cause, day, c.options.Confidence, survival.LogLog)
	known := 0
	for _, o := range obs {
		if o.Time > day || o.Cause > 0 {
			known++
		}
	}
	i = c.bounds(p, i, ok, known)
	return Chance{p, i.Low, i.High}, true
}

func proportion(count, of int, confidence float64) Proportion {
	p := Proportion{Of: of, High: 1}
	if of > 0 {
		p.Value = float64(count) / float64(of)
	}
	if i, ok := stat.Wilson(count, of, confidence); ok {
		p.Low, p.High = i.Low, i.High
	}
	return p
}
