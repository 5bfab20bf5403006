package experiment

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// brokenSplit is the P of a [Ratio] below which no difference is trusted.
const brokenSplit = 0.001

// Analyse compares each arm with the control. The order of outcomes does not matter, and they are not modified.
//
// Shares of accounts, without a covariate and with one look, have Newcombe's interval and Fisher's P. All else has
// Student's t, or the always-valid interval, on means with errors clustered by account.
//
// Analyse returns a *DataError if:
//   - the plan names no arm of the trial, or one of its fields is out of range;
//   - there is no outcome, or a unit is there twice;
//   - an outcome's unit or account is no ID, its arm not of the trial, its value NaN or out of range;
//   - an arm has no outcome, or outcomes of one account only (under a [Sequential] this is the burn-in instead);
//   - the covariate is the same for all units of both arms, within each, or too uneven to compute with.
func (m *Model) Analyse(p Plan, outcomes []Outcome) (Analysis, error) {
	control, p, err := m.check(p)
	if err != nil {
		return Analysis{}, err
	}
	r, err := m.read(p, outcomes)
	if err != nil {
		return Analysis{}, err
	}
	a := Analysis{Arms: r.arms}
	if a.Ratio, err = r.ratio(m.taken, p.Sequential != nil); err != nil {
		return Analysis{}, err
	}
	alpha, _ := missing(p.Confidence, len(r.arms)-1) // the plan was checked
	for i := range r.arms {
		if i == control {
			continue
		}
		e, err := r.effect(p, control, i, alpha)
		if err != nil {
			return Analysis{}, err
		}
		if a.Ratio.P < brokenSplit {
			e.Verdict, e.Reason = CantTell, BrokenSplit
		}
		a.Effects = append(a.Effects, e)
	}
	return a, nil
}

// A reading is outcomes by arm, in the order of accounts and units.
type reading struct {
	samples  []sample
	arms     []ArmResult
	clusters int  // accounts in all arms
	split    bool // whether an account is in two arms
}

func (m *Model) read(p Plan, outcomes []Outcome) (*reading, error) {
	if len(outcomes) == 0 {
		return nil, wrong("outcomes", "there are none")
	}
	rows := slices.Clone(outcomes)
	seen := make(map[string]bool, len(rows))
	for i := range rows {
		o := &rows[i]
		if err := o.check(p); err != nil {
			return nil, err
		}
		if seen[o.Unit] {
			return nil, &DataError{Unit: o.Unit, Field: "outcome", Message: "is there twice"}
		}
		seen[o.Unit] = true
		if o.Account == "" {
			o.Account = o.Unit
		}
	}
	slices.SortFunc(rows, func(a, b Outcome) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Unit, b.Unit))
	})
	r := &reading{samples: make([]sample, len(m.trial.Arms)), clusters: -1}
	for _, a := range m.trial.Arms {
		r.arms = append(r.arms, ArmResult{Arm: a.Name})
	}
	for i, o := range rows {
		k := m.arm(o.Arm)
		if k < 0 {
			return nil, &DataError{Unit: o.Unit, Field: "arm", Message: fmt.Sprintf("the trial has no arm %q", o.Arm)}
		}
		if i == 0 || o.Account != rows[i-1].Account {
			r.clusters++
		} else if o.Arm != rows[i-1].Arm {
			r.split = true
		}
		s := &r.samples[k]
		if n := len(s.cluster); n == 0 || s.cluster[n-1] != r.clusters {
			r.arms[k].Accounts++
		}
		s.y, s.cluster = append(s.y, o.Value), append(s.cluster, r.clusters)
		if p.Adjust {
			s.x = append(s.x, o.Before)
		}
	}
	r.clusters++
	return r, r.summarise(p)
}

// summarise sums arms up and refuses those that have too little.
func (r *reading) summarise(p Plan) error {
	for k := range r.arms {
		a, s := &r.arms[k], r.samples[k]
		a.Units = len(s.y)
		if p.Sequential == nil && a.Accounts < 2 {
			return wrong(fmt.Sprintf("arm %q", a.Arm), "has outcomes of %d accounts, want at least 2", a.Accounts)
		}
		if a.Units > 0 {
			mean := s.mean()
			a.Mean = &mean
		}
	}
	return nil
}

// ratio holds what was split to the buckets: accounts, or persons where those of an account are in several arms.
func (r *reading) ratio(buckets []int, sequential bool) (Ratio, error) {
	counts := make([]int, len(r.arms))
	for i, a := range r.arms {
		counts[i] = a.Accounts
		if r.split {
			counts[i] = a.Units
		}
	}
	if !sequential {
		return CheckRatio(counts, buckets)
	}
	w, err := WatchRatio(RatioWatch{}, counts, buckets)
	return Ratio{P: w.P}, err
}

func (r *reading) effect(p Plan, control, treated int, alpha float64) (Effect, error) {
	c, t := r.samples[control], r.samples[treated]
	effect := Effect{Arm: r.arms[treated].Arm, Verdict: CantTell}
	n1, n2 := r.arms[control].Accounts, r.arms[treated].Accounts
	if s := p.Sequential; s != nil && s.early(p, r.arms[control], r.arms[treated]) {
		effect.Reason = BurnIn
		return effect, nil
	}
	e := compare(c, t, r.clusters, p.Adjust)
	if !finite(e.value) || !finite(e.se) || !finite(e.df) {
		return Effect{}, wrong(fmt.Sprintf("covariate in arms %q and %q", r.arms[control].Arm, effect.Arm), "is the same for all, or too uneven")
	}
	effect.Value, effect.SE = &e.value, &e.se
	if p.Adjust && e.se > 0 {
		if plain := compare(c, t, r.clusters, false); plain.se > 0 {
			reduction := 1 - float64(e.se/plain.se*(e.se/plain.se))
			effect.Reduction = &reduction
		}
	}
	comparisons := float64(len(r.arms) - 1)
	singly := len(c.y) == n1 && len(t.y) == n2 && !r.split // each account has one outcome
	switch {
	case p.Sequential != nil && e.se > 0:
		half := float64(e.se * p.Sequential.factor(float64(n1)+float64(n2), alpha))
		effect.Interval = &Interval{Low: e.value - half, High: e.value + half}
	case p.Sequential == nil && p.Measure == Share && !p.Adjust && singly:
		i := newcombe(c.count(), t.count(), alpha)
		effect.Interval = &i
		chance := min(1, comparisons*fisher(c.count(), t.count()))
		effect.P = &chance
	case p.Sequential == nil && e.se > 0:
		effect.Interval = e.interval(alpha)
		chance := min(1, comparisons*e.p())
		effect.P = &chance
	}
	effect.Reason = NoSpread
	if effect.Interval != nil {
		effect.Verdict, effect.Reason = p.verdict(*effect.Interval), ByInterval
	}
	return effect, nil
}

// verdict reads an interval. What lies within the margin does not matter, even where it is not 0.
func (p Plan) verdict(i Interval) Verdict {
	if p.Better == Lower {
		i = Interval{Low: -i.High, High: -i.Low}
	}
	switch {
	case math.Abs(i.Low) <= p.Margin && math.Abs(i.High) <= p.Margin && p.Margin > 0:
		return NoDifference
	case i.Low > 0:
		return Better
	case i.High < 0:
		return Worse
	}
	return CantTell
}

// count returns a sample of zeros and ones as a count.
func (s sample) count() Count {
	c := Count{N: len(s.y)}
	for _, y := range s.y {
		c.Events += int(y)
	}
	return c
}
