package pace

import (
	"fmt"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/survival"
	"github.com/customersuccess-go/customersuccess/journey"
)

// A Row of a transition matrix tells where accounts go from a phase.
type Row struct {
	Phase   string `json:"phase"`
	N       int    `json:"n"`       // stays
	Ended   int    `json:"ended"`   // of N
	Open    int    `json:"open"`    // of N, not ended: they may still go anywhere
	Unknown int    `json:"unknown"` // of N, without a clock
	Cells   []Cell `json:"cells"`   // in the order of the bytes of Kind and Next
}

// A Cell of a transition matrix.
type Cell struct {
	Kind  journey.MoveKind `json:"kind"`
	Next  string           `json:"next"`  // phase
	N     int              `json:"n"`     // stays with a clock that so ended
	Share Proportion       `json:"share"` // of the stays with a clock that ended; quick exits are too many among them
	By    *Share           `json:"by"`    // of all stays, those open included: by the last day asked for; nil: not known
}

// Matrix returns the transitions from phases, each a group of the stays in it, by a number of days. What it says of
// open stays is by the cumulative incidence. It returns a [DataError] for an argument that can't be.
func Matrix(phases []Group, days float64, o Options) ([]Row, error) {
	curves, err := estimates(phases, days, o)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(phases))
	for i, g := range phases {
		if rows[i], err = curves[i].row(g, days); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// row estimates with a cause for each kind of end and phase that it led to.
func (c *Curve) row(g Group, days float64) (Row, error) {
	s := g.Sample
	r := Row{Phase: g.Name, N: c.n, Ended: c.ended, Open: c.n - c.ended, Unknown: c.unknown}
	var ends []end
	for _, e := range s.ends {
		if e.ended {
			ends = append(ends, e)
		}
	}
	slices.SortFunc(ends, end.compare)
	counts := make([]int, len(ends))
	all := 0
	for _, x := range s.runs {
		if e := s.ends[x.end]; e.ended {
			counts[slices.Index(ends, e)] += int(x.n)
			all += int(x.n)
		}
	}
	obs := s.observations(func(e end) int { return slices.Index(ends, e) + 1 })
	if !c.starts {
		obs = nil
	} else {
		obs = survival.Landmark(obs, c.start)
	}
	x, err := survival.AalenJohansen(obs, max(1, len(ends)))
	if err != nil {
		return Row{}, fmt.Errorf("pace: matrix: %w", err)
	}
	for i, e := range ends {
		if counts[i] == 0 {
			continue
		}
		cell := Cell{Kind: e.kind, Next: e.next, N: counts[i], Share: proportion(counts[i], all, c.options.Confidence)}
		if p, ok := x.Cumulative(i+1, days); ok && days >= c.start {
			interval, ok := x.Interval(i+1, days, c.options.Confidence, survival.LogLog)
			share := c.share(days, p, interval, ok)
			cell.By = &share
		}
		r.Cells = append(r.Cells, cell)
	}
	return r, nil
}

// A Level of a funnel tells how many accounts get as far as a phase, and when.
type Level struct {
	Phase   string   `json:"phase"`
	N       int      `json:"n"`       // accounts that were seen at the top
	Reached int      `json:"reached"` // of N so far
	Left    int      `json:"left"`    // of N, before they got there; the others are under way
	Unknown int      `json:"unknown"` // of N, without a clock
	By      *Share   `json:"by"`      // reached it within the days asked for; nil: not known
	Median  Quantile `json:"median"`  // of all accounts, those that leave included
}

// Funnel returns how accounts get from the top of a funnel to phases, each a group of the accounts' times from the top to
// it, as [Between] gives them, by a number of days. It returns a [DataError] for an argument that can't be.
func Funnel(phases []Group, days float64, o Options) ([]Level, error) {
	curves, err := estimates(phases, days, o)
	if err != nil {
		return nil, err
	}
	levels := make([]Level, len(phases))
	for i, g := range phases {
		c := curves[i]
		l := Level{Phase: g.Name, N: c.n, Unknown: c.unknown}
		for _, x := range g.Sample.runs {
			switch e := g.Sample.ends[x.end]; {
			case !e.ended:
			case e.kind == journey.Advance:
				l.Reached += int(x.n)
			default:
				l.Left += int(x.n)
			}
		}
		if share, ok := c.Ended(journey.Advance, days); ok {
			l.By = &share
		}
		l.Median, _ = c.Quantile(journey.Advance, 0.5)
		levels[i] = l
	}
	return levels, nil
}
