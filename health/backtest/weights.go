package backtest

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/customersuccess-go/customersuccess/health"
)

// shares splits 1000 tenths of a percent by coefficient, by largest remainder; ties in order. It is false if all are 0.
func shares(beta []float64) ([]int, bool) {
	sum := 0.0
	for _, b := range beta {
		sum += b
	}
	if !(sum > 0) {
		return nil, false
	}
	tenths, order := make([]int, len(beta)), make([]int, len(beta))
	rest := make([]float64, len(beta))
	left := 1000
	for i, b := range beta {
		exact := float64(b / sum * 1000)
		tenths[i] = int(math.Floor(exact))
		rest[i] = exact - math.Floor(exact)
		order[i] = i
		left -= tenths[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for _, i := range order[:max(0, left)] {
		tenths[i]++
	}
	return tenths, true
}

// reweigh returns a card with new weights: of a measure its share, of a group the sum of what it holds.
func reweigh(card health.Scorecard, tenths []int) (health.Scorecard, []Weight) {
	w := weigher{tenths: tenths}
	for _, l := range card.Limits {
		w.needed = append(w.needed, l.Measure)
	}
	for _, a := range card.Alarms {
		w.needed = append(w.needed, a.Measure)
	}
	card.Groups, _ = w.groups(card.Groups, 100)
	card.Version = strings.TrimSpace(card.Version + " fitted")
	return card, w.weights
}

type weigher struct {
	tenths  []int    // of the measures to come
	needed  []string // measures that limits and alarms read
	weights []Weight
}

// groups returns those with a measure that has a weight, and the tenths in them. share is what they are worth, in percent.
func (w *weigher) groups(groups []health.Group, share float64) (out []health.Group, sum int) {
	whole := 0.0
	for _, g := range groups {
		whole += g.Weight
	}
	for _, g := range groups {
		part := float64(share * (g.Weight / whole))
		var measures, inner int
		g.Measures, measures = w.measures(g.Measures, part)
		g.Groups, inner = w.groups(g.Groups, part)
		if n := measures + inner; n > 0 {
			g.Weight = float64(n) / 10
			out, sum = append(out, g), sum+n
		}
	}
	return out, sum
}

func (w *weigher) measures(measures []health.Measure, share float64) (out []health.Measure, sum int) {
	whole := 0.0
	for _, m := range measures {
		whole += m.Weight
	}
	for _, m := range measures {
		n := w.tenths[0]
		w.tenths = w.tenths[1:]
		if n == 0 && (m.Missing.Policy == health.Required || slices.Contains(w.needed, m.Name)) {
			n = 1
		}
		w.weights = append(w.weights, Weight{m.Name, float64(share * (m.Weight / whole)), float64(n) / 10})
		if n > 0 {
			m.Weight = float64(n) / 10
			out, sum = append(out, m), sum+n
		}
	}
	return out, sum
}
