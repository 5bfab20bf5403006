package experiment

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/segment"
)

// brokenSplit is the P of a [Ratio] below which no difference is trusted.
const brokenSplit = 0.001

// broken compares a P by the digits in which platforms agree.
func (r Ratio) broken() bool { return math.Round(r.P*1e9) < brokenSplit*1e9 }

// Analyse compares each arm with the control. The order of outcomes does not matter, and they are not modified.
//
// Registered is the [Model.Digest] that was kept when the trial began. If this trial is another one, say with a margin that
// was chosen since, differences are shown and every verdict is [CantTell], for the reason [Changed].
//
// Shares of accounts, without a covariate and with one look, have Newcombe's interval and Fisher's P. All else has
// Student's t, or the always-valid interval, on means with errors clustered by account. The one look is the first that is
// not [Early]; a later one, with more outcomes, is a second.
//
// Analyse returns a *DataError if:
//   - registered is zero;
//   - there is no outcome, or a unit is there twice;
//   - an outcome's unit or account is no ID, its arm not of the trial, its value NaN or out of range;
//   - at the one look, an arm has no outcome, or outcomes of one account only;
//   - the covariate is the same for all units of both arms, within each, or too uneven to compute with.
func (m *Model) Analyse(registered segment.Digest, outcomes []Outcome) (Analysis, error) {
	if registered == (segment.Digest{}) {
		return Analysis{}, wrong("registered", "is zero")
	}
	r, err := m.read(outcomes)
	if err != nil {
		return Analysis{}, err
	}
	a := Analysis{Trial: m.def.Name, Digest: m.digest, Registered: registered, Arms: r.arms}
	if a.Ratio, err = r.ratio(m.split.taken, m.looks != nil || r.early); err != nil {
		return Analysis{}, err
	}
	for i := range r.arms {
		if i == m.control {
			continue
		}
		e, err := m.effect(r, i)
		if err != nil {
			return Analysis{}, err
		}
		switch {
		case registered != m.digest:
			e.Verdict, e.Reason = CantTell, Changed
		case a.Ratio.broken():
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
	early    bool // whether the one look is still to come
}

func (m *Model) read(outcomes []Outcome) (*reading, error) {
	if len(outcomes) == 0 {
		return nil, wrong("outcomes", "there are none")
	}
	rows := slices.Clone(outcomes)
	seen := make(map[string]bool, len(rows))
	for i := range rows {
		o := &rows[i]
		if err := o.check(&m.def.Plan); err != nil {
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
	r := &reading{samples: make([]sample, len(m.def.Arms)), clusters: -1}
	for _, a := range m.def.Arms {
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
		if m.def.Plan.Adjust {
			s.x = append(s.x, o.Before)
		}
	}
	r.clusters++
	r.early = m.looks == nil && r.clusters < m.def.Plan.Horizon
	for k := range r.arms {
		a := &r.arms[k]
		if a.Units = len(r.samples[k].y); a.Units > 0 {
			mean := r.samples[k].mean()
			a.Mean = &mean
		}
		if m.looks == nil && !r.early && a.Accounts < 2 {
			return nil, wrong(fmt.Sprintf("arm %q", a.Arm), "has outcomes of %d accounts, want at least 2", a.Accounts)
		}
	}
	return r, nil
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

func (m *Model) effect(r *reading, treated int) (Effect, error) {
	p, control := &m.def.Plan, m.control
	c, t := r.samples[control], r.samples[treated]
	effect := Effect{Arm: r.arms[treated].Arm, Verdict: CantTell}
	n1, n2 := r.arms[control].Accounts, r.arms[treated].Accounts
	switch {
	case r.early:
		effect.Reason = Early
		return effect, nil
	case m.looks != nil && m.looks.early(p.Measure, r.arms[control], r.arms[treated]):
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
	case m.looks != nil && e.se > 0:
		half := float64(e.se * m.looks.factor(float64(n1)+float64(n2), m.alpha))
		effect.Interval = &Interval{Low: e.value - half, High: e.value + half}
	case m.looks == nil && p.Measure == Share && !p.Adjust && singly:
		i := newcombe(c.count(), t.count(), m.alpha)
		effect.Interval = &i
		chance := min(1, comparisons*fisher(c.count(), t.count()))
		effect.P = &chance
	case m.looks == nil && e.se > 0:
		effect.Interval = e.interval(m.alpha)
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
func (p *Plan) verdict(i Interval) Verdict {
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
