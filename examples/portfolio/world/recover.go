package world

import (
	"math"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// An Arm counts accounts and those of them to which something happened.
type Arm struct{ N, Hits int }

// Share is 0 to 1; NaN without accounts.
func (a Arm) Share() float64 { return float64(a.Hits) / float64(a.N) }

func (a *Arm) add(hit bool) {
	a.N++
	if hit {
		a.Hits++
	}
}

// A Comparison is of the accounts that have something with those that don't.
type Comparison struct{ With, Without Arm }

func (c *Comparison) add(with, hit bool) {
	if with {
		c.With.add(hit)
	} else {
		c.Without.add(hit)
	}
}

func (c *Comparison) merge(other Comparison) {
	c.With = Arm{c.With.N + other.With.N, c.With.Hits + other.With.Hits}
	c.Without = Arm{c.Without.N + other.Without.N, c.Without.Hits + other.Without.Hits}
}

// Ratio is the share of the one over that of the other; NaN where that is not known.
func (c Comparison) Ratio() float64 { return c.With.Share() / c.Without.Share() }

// Errors is how many standard errors the shares are away from the planted ratio: (p - ratio q) over the square root of
// p(1-p)/n + ratio² q(1-q)/m. 1 is no effect.
func (c Comparison) Errors(ratio float64) float64 {
	p, q := c.With.Share(), c.Without.Share()
	variance := p*(1-p)/float64(c.With.N) + ratio*ratio*q*(1-q)/float64(c.Without.N)
	return (p - ratio*q) / math.Sqrt(variance)
}

// A Recovery looks for what is planted by plain counts over what a book shows; it reads book.Truth for Leakage and Booked
// alone. The zero Recovery is empty. It is not safe for concurrent use; those of parts of a book merge to that of the whole.
type Recovery struct {
	Training Comparison // lost at their first renewal, by trained early; planted: TrainedLeaving
	Sooner   Comparison // at value within 90 days, by trained early; planted: SoonerTrained and SoonerUntrained
	Webinar  Comparison // lost at their first renewal, by webinar; planted: 1
	Naive    Comparison // ever left, by ever awarded; planted: 1, which it does not show
	Landmark Comparison // left after AwardLandmark days, of those present then, by awarded until then; planted: 1
	Leakage  decimal.Decimal
	Booked   decimal.Decimal // of the entries that stand
}

// SoonerTrained and SoonerUntrained are the planted shares of the arms that reach value before 90 days are over.
const (
	SoonerTrained   = 0.6
	SoonerUntrained = 0.3 + 0.1*(90-80)/(98-80.0)
)

// Add counts an account. Accounts older than the history are left out of all but Landmark, which they enter late,
// Leakage, which is the sum of potential less achieved over those who are still customers, and Booked, which is the sum of
// the entries that stand over the same.
func (r *Recovery) Add(a *book.Account) {
	awarded, award := reached(a, "champion_award")
	landmark := a.Since.Add(AwardLandmark * day)
	if !landmark.Before(begin) && landmark.Before(asOf) && !(a.Left.Left && !a.Left.At.After(landmark)) {
		r.Landmark.add(awarded && !award.After(landmark), a.Left.Left)
	}
	if !a.Left.Left && a.Truth != nil {
		r.Leakage = r.Leakage.Add(a.Truth.Leakage)
		r.Booked = r.Booked.Add(a.Truth.Booked)
	}
	if a.Since.Before(begin) {
		return
	}
	r.Naive.add(awarded, a.Left.Left)
	was, at := reached(a, "training")
	trained := was && !at.After(a.Since.Add(TrainedWithin*day))
	if first := a.Contracts[0].To; !first.After(asOf) {
		lost := a.Left.Left && a.Left.At.Equal(first)
		r.Training.add(trained, lost)
		attended, _ := reached(a, "webinar")
		r.Webinar.add(attended, lost)
	}
	if ninety := a.Since.Add(90 * day); !ninety.After(asOf) {
		valued, when := reached(a, "first_value")
		r.Sooner.add(trained, valued && when.Before(ninety))
	}
}

// Merge adds what another recovery has counted.
func (r *Recovery) Merge(other Recovery) {
	r.Training.merge(other.Training)
	r.Sooner.merge(other.Sooner)
	r.Webinar.merge(other.Webinar)
	r.Naive.merge(other.Naive)
	r.Landmark.merge(other.Landmark)
	r.Leakage = r.Leakage.Add(other.Leakage)
	r.Booked = r.Booked.Add(other.Booked)
}

// reached is when an account first reached a milestone.
func reached(a *book.Account, name string) (bool, time.Time) {
	for _, m := range a.Milestones { // in order of time
		if m.Name == name {
			return true, m.At
		}
	}
	return false, time.Time{}
}

// Ceiling is the area under the curve of the one who knows each account's hidden health on the very day of a renewal:
// the chance that one who left had a greater hazard than one who stayed, ties counting half. No scorecard can be
// expected to do better. It is over the renewals of contracts that ran for at least months; rescued customers
// are left out. NaN where nobody left.
func Ceiling(n int, seed uint64, months int) float64 {
	const bins = 4096
	var lost, kept [bins]int64
	for i := range n {
		l := life{index: i, seed: seed}
		l.decide()
		for _, r := range l.renewals {
			bin := int(float64(r.hazard*float64(r.months)) / 12 * bins)
			switch {
			case r.months < months || r.rescued:
			case r.left:
				lost[bin]++
			default:
				kept[bin]++
			}
		}
	}
	var below, pairs, all int64
	for bin := range bins {
		pairs += lost[bin] * (2*below + kept[bin])
		below += kept[bin]
		all += lost[bin]
	}
	return float64(pairs) / (2 * float64(all) * float64(below))
}
