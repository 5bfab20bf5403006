package world

import (
	"fmt"
	"math"
	"sync"
	"testing"
	"time"
)

const many = 20_000

// recovered is what plain counts find in a world of many accounts.
var recovered = sync.OnceValue(func() Recovery {
	var r Recovery
	for i := range many {
		a := Account(i, seed)
		r.Add(&a)
	}
	return r
})

func TestRecovered(t *testing.T) {
	r := recovered()
	for _, c := range []struct {
		name  string
		found Comparison
		ratio float64
	}{
		{"trained accounts leave less often", r.Training, TrainedLeaving},
		{"trained accounts reach value sooner", r.Sooner, SoonerTrained / SoonerUntrained},
		{"a webinar has no effect", r.Webinar, 1},
		{"an award has no effect from the landmark on", r.Landmark, 1},
	} {
		if z := c.found.Errors(c.ratio); !(math.Abs(z) < 3) {
			t.Errorf("%s: %+v is %.1f standard errors from a ratio of %.2f", c.name, c.found, z, c.ratio)
		}
	}
	for _, c := range []struct {
		name  string
		found Comparison
		least float64
	}{
		{"trained accounts leave as often", r.Training, 3},
		{"trained accounts reach value no sooner", r.Sooner, 20},
		{"an award keeps customers", r.Naive, 5},
	} {
		if z := math.Abs(c.found.Errors(1)); !(z > c.least) {
			t.Errorf("that %s: %+v is %.1f standard errors from no effect, want over %v", c.name, c.found, z, c.least)
		}
	}
}

// The shares of 4 and 5 among the answers are those that are planted, within 4 standard errors, and the wishes stand in the
// order of their scores.
func TestWishes(t *testing.T) {
	wishes := Wishes()
	important, satisfied := make(map[string]*Arm), make(map[string]*Arm)
	for k, w := range wishes {
		important[w.Outcome], satisfied[w.Outcome] = &Arm{}, &Arm{}
		if k > 0 && w.Score() > wishes[k-1].Score()-0.5 {
			t.Errorf("%s scores %.2f, %s before it %.2f", w.Outcome, w.Score(), wishes[k-1].Outcome, wishes[k-1].Score())
		}
	}
	if got := wishes[0].Score(); got != 14.5 { // 8.5 + (8.5 - 2.5)
		t.Errorf("the first scores %v, want 14.5", got)
	}
	for i := range many {
		for _, r := range Account(i, seed).Ratings {
			if r.Importance > 0 {
				important[r.Outcome].add(r.Importance >= 4)
			}
			if r.Satisfaction > 0 {
				satisfied[r.Outcome].add(r.Satisfaction >= 4)
			}
		}
	}
	for _, w := range wishes {
		for _, c := range []struct {
			what  string
			arm   *Arm
			share float64
		}{{"important", important[w.Outcome], w.Important}, {"satisfied", satisfied[w.Outcome], w.Satisfied}} {
			if z := (c.arm.Share() - c.share) / math.Sqrt(c.share*(1-c.share)/float64(c.arm.N)); !(math.Abs(z) < 4) {
				t.Errorf("%s %s: %+v is %.1f standard errors from %.2f", w.Outcome, c.what, c.arm, z, c.share)
			}
		}
	}
}

func TestRecoveryMerges(t *testing.T) {
	var whole, left, right Recovery
	for i := range 400 {
		a := Account(i, seed)
		whole.Add(&a)
		if i%3 == 0 {
			left.Add(&a)
		} else {
			right.Add(&a)
		}
	}
	left.Merge(right)
	if fmt.Sprint(left) != fmt.Sprint(whole) {
		t.Errorf("parts %+v, whole %+v", left, whole)
	}
}

func TestComparison(t *testing.T) {
	c := Comparison{Arm{100, 30}, Arm{400, 200}}
	if got := c.Ratio(); got != 0.6 {
		t.Errorf("ratio %v, want 0.6", got)
	}
	// (0.3 - 0.5) / sqrt(0.3*0.7/100 + 0.5*0.5/400) = -0.2 / sqrt(0.002725)
	if got := c.Errors(1); math.Abs(got+3.8313051) > 1e-6 {
		t.Errorf("standard errors %v, want -3.8313051", got)
	}
	if got := c.Errors(0.6); got != 0 {
		t.Errorf("standard errors from 0.6 %v, want 0", got)
	}
}

// The medians follow from the deciles: half of both arms together have T < MedianDaysToValue + 1, and less than half
// have T < MedianDaysToValue, since days count whole.
func TestMedians(t *testing.T) {
	below := func(days float64) float64 { // share of untrained accounts
		for k := range 10 {
			if days < daysToValue[k+1] {
				return max(0, (float64(k)+(days-daysToValue[k])/(daysToValue[k+1]-daysToValue[k]))/10)
			}
		}
		return 1
	}
	for _, c := range []struct {
		name    string
		median  float64
		trained float64 // share
	}{
		{"both arms", MedianDaysToValue, TrainedShare}, {"trained", MedianDaysTrained, 1}, {"untrained", MedianDaysUntrained, 0},
	} {
		share := func(days float64) float64 {
			return c.trained*below(days/TrainedTimeToValue) + (1-c.trained)*below(days)
		}
		if low, high := share(c.median), share(c.median+1); low >= 0.5 || high < 0.5 {
			t.Errorf("%s: %.4f before day %v and %.4f on it, want 0.5 in between", c.name, low, c.median, high)
		}
	}
	if got := below(90); math.Abs(got-SoonerUntrained) > 1e-12 {
		t.Errorf("untrained at value before day 90: %v, want %v", got, SoonerUntrained)
	}
	if got := below(90 / TrainedTimeToValue); math.Abs(got-SoonerTrained) > 0.002 {
		t.Errorf("trained at value before day 90: %v, want %v", got, SoonerTrained)
	}
}

// The world looks like a book of business: none of these bounds is planted.
func TestPlausible(t *testing.T) {
	year := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	var churned [2]Arm // of those who were customers when 2024 and 2025 began
	var answered, rescued, plan, core Arm
	segments := map[tier]int{}
	var leftHealth, keptHealth float64
	lost, kept := 0, 0
	const n = 5000
	for i := range n {
		l := life{index: i, seed: seed}
		l.decide()
		segments[l.tier]++
		for _, r := range l.renewals {
			if r.left {
				leftHealth, lost = leftHealth+l.at(r.at), lost+1
			} else {
				keptHealth, kept = keptHealth+l.at(r.at), kept+1
			}
		}
		a := Account(i, seed)
		for k, at := range []time.Time{Begin(), year} {
			if a.Since.Before(at) && (!a.Left.Left || a.Left.At.After(at)) {
				churned[k].add(a.Left.Left && !a.Left.At.After(at.AddDate(1, 0, 0)))
			}
		}
		plan.add(len(a.Outcomes) > 0)
		rescued.add(a.Truth.Rescued)
		if a.Left.Left {
			continue
		}
		recent, used := false, false
		for _, s := range a.Surveys {
			recent = recent || s.Instrument == "nps" && s.At.After(AsOf().Add(-180*day))
		}
		for _, u := range a.Usage {
			used = used || u.Feature == "core_tasks" && u.State == "" && u.At.After(AsOf().Add(-28*day))
		}
		answered.add(recent)
		core.add(used)
	}
	for _, c := range []struct {
		name      string
		got       float64
		low, high float64
	}{
		{"churn in 2024", churned[0].Share(), 0.08, 0.25},
		{"churn in 2025", churned[1].Share(), 0.08, 0.25},
		{"customers with an answer in half a year", answered.Share(), 0.4, 0.8},
		{"customers with recent usage", core.Share(), 0.9, 0.995},
		{"accounts with a plan", plan.Share(), 0.7, 0.9},
		{"accounts rescued", rescued.Share(), 0.004, 0.03},
		{"enterprise accounts", float64(segments[enterprise]) / n, 0.1, 0.25},
		{"growth accounts", float64(segments[growth]) / n, 0.2, 0.35},
		{"health of those kept above that of those lost", keptHealth/float64(kept) - leftHealth/float64(lost), 1, 2},
		{"ceiling of the area under the curve", Ceiling(n, seed, 2), 0.8, 0.95},
	} {
		if !(c.low <= c.got && c.got <= c.high) {
			t.Errorf("%s: %.3f, want %v to %v", c.name, c.got, c.low, c.high)
		}
	}
}

// The distributions are what their names say.
func TestDice(t *testing.T) {
	d := throw(seed, 1, ofProfile)
	const n = 200_000
	sum, squares, extreme := 0.0, 0.0, 0
	var counts [7]int
	under := 0
	for range n {
		x := d.bell()
		sum, squares = sum+x, squares+x*x
		if math.Abs(x) > 1.96 {
			extreme++
		}
		counts[d.between(-3, 3)+3]++
		if d.from(&daysToValue) < daysToValue[5] {
			under++
		}
	}
	within := func(name string, got, want, tolerance float64) {
		if math.Abs(got-want) > tolerance {
			t.Errorf("%s %.4f, want %v within %v", name, got, want, tolerance)
		}
	}
	within("mean", sum/n, 0, 0.01)
	within("variance", squares/n, 1, 0.02)
	within("share beyond 1.96", float64(extreme)/n, 0.05, 0.005)
	within("share below the median", float64(under)/n, 0.5, 0.005)
	for i, c := range counts {
		within(fmt.Sprint("share of ", i-3), float64(c)/n, 1.0/7, 0.004)
	}
}
