package experiment

import "math"

// Sequential makes peeking safe: the intervals hold at all looks together, so that a trial may be looked at every day and
// stopped at any look. They are wider than those for one look, narrowest in relation to them near Tuned.
//
// The guarantee is asymptotic: the means must be about normal when the first claim may be made, hence BurnIn. Where the
// arms are split evenly 30 did in simulations, lognormal outcomes included; at 1 to 9 these need the 100. Shares need
// five events and five others in each arm besides, whatever BurnIn is: [Model.Analyse] waits for them.
type Sequential struct {
	BurnIn int `json:"burn_in,omitempty"` // accounts in each of the two arms before which nothing is claimed, 2 to 1e9; 0 is 100
	Tuned  int `json:"tuned,omitempty"`   // accounts of the two arms together at which a decision is hoped for, up to 1e9; 0 is 500
}

// Interval returns the always-valid interval of a difference with standard error se, between arms of n1 and n2
// independent units, such as accounts: Waudby-Smith and others' asymptotic confidence sequence. It is nil during the
// burn-in and where se is 0. Confidence 0 stands for 0.95; it holds for all looks at this one difference. Of a share the
// caller sees to it that each arm has five events and five others.
//
// Interval returns a *DataError if BurnIn or Tuned is negative, the value or se is not finite, se or a count is
// negative, or the confidence is not between 0.5 and 0.999999.
func (s Sequential) Interval(value, se float64, n1, n2 int, confidence float64) (*Interval, error) {
	alpha, err := missing(confidence, 1)
	if err != nil {
		return nil, err
	}
	if s, err = s.settled(); err != nil {
		return nil, err
	}
	if !finite(value) || !finite(se) || se < 0 {
		return nil, wrong("difference", "is %v with standard error %v", value, se)
	}
	if n1 < 0 || n2 < 0 {
		return nil, wrong("units", "are %d and %d", n1, n2)
	}
	if min(n1, n2) < s.BurnIn || se == 0 {
		return nil, nil
	}
	half := float64(se * s.factor(float64(n1)+float64(n2), alpha))
	return &Interval{Low: value - half, High: value + half}, nil
}

// minEvents is how many events, and how many others, each arm needs before a share is looked at: with fewer in the small
// arm of an uneven split its variance is far off, and up to a third of trials would show a difference by chance.
const minEvents = 5

// early reports whether a look at two arms comes too early.
func (s Sequential) early(measure Measure, control, treated ArmResult) bool {
	for _, a := range []ArmResult{control, treated} {
		if a.Accounts < s.BurnIn {
			return true
		}
		if measure == Share {
			events := math.Round(*a.Mean * float64(a.Units))
			if min(events, float64(a.Units)-events) < minEvents {
				return true
			}
		}
	}
	return false
}

// settled returns s with its defaults.
func (s Sequential) settled() (Sequential, error) {
	if s.BurnIn < 0 {
		return s, wrong("burn-in", "is %d", s.BurnIn)
	}
	if s.Tuned < 0 {
		return s, wrong("tuned", "is %d", s.Tuned)
	}
	if s.BurnIn == 0 {
		s.BurnIn = 100
	}
	if s.Tuned == 0 {
		s.Tuned = 500
	}
	s.BurnIn = max(2, s.BurnIn)
	return s, nil
}

// factor returns how many standard errors the interval reaches to either side after n units.
func (s Sequential) factor(n, alpha float64) float64 {
	l := -2 * ln(alpha)
	x := float64(n * ((l + ln(l+1)) / float64(s.Tuned))) // n ρ²
	return math.Sqrt(2 * (x + 1) / x * ln(math.Sqrt(x+1)/alpha))
}
