package timetovalue

import (
	"cmp"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/internal/survival"
)

// A bootstrap draws cases of a cohort again and again and computes their median, each time in one pass over the cases as they
// were sorted once.
type bootstrap struct {
	obs     []survival.Observation // by time
	entered []int                  // of obs, those that came under watch late, by entry
	drawn   []uint32
	counts  []int              // how often each of obs was drawn
	curve   survival.Incidence // of the draw; its slices are used again
}

func newBootstrap(obs []survival.Observation) *bootstrap {
	s := &bootstrap{obs: slices.Clone(obs), drawn: make([]uint32, len(obs)), counts: make([]int, len(obs))}
	slices.SortFunc(s.obs, func(a, b survival.Observation) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Cause, b.Cause), cmp.Compare(a.Entry, b.Entry))
	})
	for i, o := range s.obs {
		if o.Entry > 0 {
			s.entered = append(s.entered, i)
		}
	}
	slices.SortStableFunc(s.entered, func(i, j int) int { return cmp.Compare(s.obs[i].Entry, s.obs[j].Entry) })
	s.curve.ByCause = make([]survival.Course, 1)
	return s
}

// median is that of a draw, infinite where it is not reached.
func (s *bootstrap) median(source stat.Resampler) float64 {
	source.Draw(s.drawn, len(s.obs))
	clear(s.counts)
	for _, i := range s.drawn {
		s.counts[i]++
	}
	s.estimate()
	if day, ok := s.curve.Quantile(value, 0.5); ok {
		return day
	}
	return math.Inf(1)
}

// estimate is the cumulative incidence of value over the cases drawn, by Aalen and Johansen.
func (s *bootstrap) estimate() {
	atRisk := len(s.obs)
	for _, i := range s.entered {
		atRisk -= s.counts[i]
	}
	times, cumulative := s.curve.Times[:0], s.curve.ByCause[0].Cumulative[:0]
	waiting, incidence, late := 1.0, 0.0, 0
	for i := 0; i < len(s.obs); {
		t := s.obs[i].Time
		for late < len(s.entered) && s.obs[s.entered[late]].Entry < t {
			atRisk += s.counts[s.entered[late]]
			late++
		}
		var ended [left + 1]int // by cause
		for ; i < len(s.obs) && s.obs[i].Time == t; i++ {
			ended[s.obs[i].Cause] += s.counts[i]
		}
		if atRisk == 0 || ended[0]+ended[value]+ended[left] == 0 {
			continue
		}
		n := float64(atRisk)
		incidence += float64(waiting * float64(ended[value]) / n)
		waiting = waiting * float64(atRisk-ended[value]-ended[left]) / n
		atRisk -= ended[0] + ended[value] + ended[left]
		times, cumulative = append(times, t), append(cumulative, incidence)
	}
	s.curve.Times, s.curve.ByCause[0].Cumulative = times, cumulative
}
