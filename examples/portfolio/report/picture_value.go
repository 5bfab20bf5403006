package report

import (
	"math"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
	"github.com/customersuccess-go/customersuccess/ladder"
)

// leakage shows where value is lost, and beside it what was had and not seen. The two are never added.
func leakage(l *ladder.Leakage) *picture {
	const left, right = 0.0, across
	p := &picture{ID: "leakage", Title: "Where value is lost, and where it is not seen",
		Caption: "Each loss starts where the one before ended; both panels have one scale" + in(l.Currency) +
			" and are never added. Hatched is unknown."}
	to := scale{0, reach(l), left, right}
	var says []string
	panel := func(head string, total ladder.Amount, seen bool) {
		p.text(0, p.y+17, across, "h", head)
		p.y += 26
		run := 0.0
		for _, step := range l.Steps {
			if late(step.From) != seen {
				continue
			}
			label := string(step.From) + " to " + string(step.To)
			p.text(0, p.y+14, 235, "t", label)
			switch size := step.Amount.InexactFloat64(); {
			case !step.Known && step.To == ladder.Felt && l.AtStake != nil:
				p.end(across, p.y+14, "t num", "0 to "+whole(*l.AtStake))
				p.hatch(to.at(run), p.y+20, to.at(run+l.AtStake.InexactFloat64())-to.at(run), 14)
				says = append(says, label+" unknown, 0 to "+amount(*l.AtStake, l.Currency))
			case !step.Known:
				p.end(across, p.y+14, "t num", unknown)
				p.hatch(left, p.y+20, right-left, 14)
				says = append(says, label+" unknown")
			default:
				x, x2 := to.at(min(run, run+size)), to.at(max(run, run+size))
				p.rect(x, p.y+20, max(x2-x, 1.5), 14, map[bool]string{true: "gain", false: "part"}[size < 0])
				p.end(across, p.y+14, "t num", whole(step.Amount))
				run += size
				says = append(says, label+" "+amount(step.Amount, l.Currency)+notLocated(step))
			}
			p.y += 34
			if !step.Located {
				p.text(0, p.y+15, across, "s", "lost over "+between(step)+", not located")
				p.y += 18
			}
			p.y += 8
		}
		p.text(0, p.y+14, 180, "h", "together")
		p.end(across, p.y+14, "h num", extent(total, whole))
		says = append(says, "together "+extent(total, whole))
		p.y += 30
	}
	panel("Value lost: potential to achieved", l.Value, false)
	p.line(0, p.y, across, p.y, "grid")
	p.y += 10
	panel("Had, not seen: achieved to felt", l.Visibility, true)
	p.Desc = phrases("Losses"+in(l.Currency)+": ", says, 20)
	return p
}

// late says whether a stage is at or after achieved, where a loss is one of visibility.
func late(s ladder.Stage) bool {
	return s == ladder.Achieved || s == ladder.Verified || s == ladder.Communicated || s == ladder.Felt
}

// reach is the largest running loss of either panel.
func reach(l *ladder.Leakage) float64 {
	most, run := 0.0, [2]float64{}
	for _, step := range l.Steps {
		i := map[bool]int{true: 1}[late(step.From)]
		if step.Known {
			run[i] += step.Amount.InexactFloat64()
		} else if l.AtStake != nil && step.To == ladder.Felt {
			run[i] += l.AtStake.InexactFloat64()
		}
		most = max(most, run[i])
	}
	return most
}

func notLocated(step ladder.Loss) string {
	if step.Located {
		return ""
	}
	return " over " + between(step) + ", not located"
}

// between names the stages that a loss lies over.
func between(step ladder.Loss) string {
	s := ""
	for i, stage := range step.Over {
		switch {
		case i > 0 && i == len(step.Over)-1:
			s += " and "
		case i > 0:
			s += ", "
		}
		s += string(stage)
	}
	return s
}

// extent prints an amount that is known, or its range.
func extent(a ladder.Amount, show func(decimal.Decimal) string) string {
	switch {
	case a.Known:
		return show(a.Low)
	case a.High == nil:
		return "at least " + show(a.Low)
	}
	return show(a.Low) + " to " + show(*a.High)
}

// drivers shows value by driver: claimed and, within it, what stands after the haircut for weak evidence.
func drivers(totals []ladder.Total, currency string) *picture {
	p := &picture{ID: "drivers", Title: "Value by driver",
		Caption: "The outline is value claimed, the filled part what stands after the haircut for weak evidence; amounts" + in(currency) + "."}
	low, high, missing := 0.0, 0.0, false
	for _, t := range totals {
		low = min(low, t.Gross.InexactFloat64(), t.Adjusted.InexactFloat64())
		high = max(high, t.Gross.InexactFloat64(), t.Adjusted.InexactFloat64())
		missing = missing || t.Unknown > 0
	}
	to := scale{low, high, 0, across}
	zero := to.at(0)
	p.legend(key{"outline", "claimed"}, key{"part", "after haircut"})
	var says []string
	for _, t := range totals {
		p.text(0, p.y+14, 230, "t", pretty(t.Group))
		p.end(across, p.y+14, "t num", whole(t.Adjusted))
		gross, adjusted := to.at(t.Gross.InexactFloat64()), to.at(t.Adjusted.InexactFloat64())
		p.rect(min(zero, adjusted), p.y+20, math.Abs(adjusted-zero), 14, "part")
		p.rect(min(zero, gross)+0.5, p.y+20, math.Abs(gross-zero)-1, 14, "outline")
		note := "claimed " + whole(t.Gross)
		if t.Unknown > 0 {
			note += "; " + plural(t.Unknown, "line") + " unknown"
		}
		p.text(0, p.y+48, across, "s", note)
		says = append(says, pretty(t.Group)+" "+amount(t.Adjusted, currency)+", "+note)
		p.y += 60
	}
	p.Desc = phrases("Value after haircut"+in(currency)+": ", says, 30)
	return p
}

// retention shows the movements of recurring revenue by period, with its rates in numbers.
func retention(rows []analysis.RetentionRow, currency string) *picture {
	const most, left, right = 36, 66.0, 260.0
	rows = rows[max(len(rows)-most, 0):]
	p := &picture{ID: "retention", Title: "Movements of recurring revenue",
		Caption: "Right of the line what was gained, left of it what was lost" + in(currency) + "; beside it the retention rates."}
	p.legend(key{"new", "new"}, key{"back", "returned"}, key{"grown", "expansion"}, key{"shrunk", "contraction"}, key{"left", "churn"})
	gain, loss := 0.0, 0.0
	for _, r := range rows {
		gain = max(gain, r.New.InexactFloat64()+r.Reactivation.InexactFloat64()+r.Expansion.InexactFloat64())
		loss = max(loss, r.Contraction.InexactFloat64()+r.Churn.InexactFloat64())
	}
	to := scale{-loss, gain, left, right}
	p.end(318, p.y+10, "s num", "NRR")
	p.end(across, p.y+10, "s num", "GRR")
	p.y += 18
	top := p.y
	var says []string
	for _, r := range rows {
		label := r.Period
		if r.Partial {
			label += "*"
		}
		p.text(0, p.y+14, left-4, "s", label)
		stack := func(sign float64, parts ...bar) {
			run := 0.0
			for _, part := range parts {
				a, b := to.at(float64(sign*run)), to.at(float64(sign*(run+part.size)))
				if part.size > 0 {
					p.rect(min(a, b), p.y+3, math.Abs(b-a), 14, part.class)
				}
				run += part.size
			}
		}
		stack(1, bar{r.New.InexactFloat64(), "new"}, bar{r.Reactivation.InexactFloat64(), "back"}, bar{r.Expansion.InexactFloat64(), "grown"})
		stack(-1, bar{r.Contraction.InexactFloat64(), "shrunk"}, bar{r.Churn.InexactFloat64(), "left"})
		p.end(318, p.y+14, "s num", short(r.NRR))
		p.end(across, p.y+14, "s num", short(r.GRR))
		says = append(says, r.Period+": new "+whole(r.New)+", returned "+whole(r.Reactivation)+", expansion "+whole(r.Expansion)+
			", contraction "+whole(r.Contraction)+", churn "+whole(r.Churn)+", NRR "+rate(r.NRR)+", GRR "+rate(r.GRR))
		p.y += 23
	}
	p.line(to.at(0), top, to.at(0), p.y, "base")
	p.axis(to, 4, top, compact)
	for _, r := range rows {
		if r.Partial {
			p.text(0, p.y+13, across, "s", "* not a whole period")
			p.y += 20
			break
		}
	}
	p.Desc = phrases("Movements"+in(currency)+": ", says, most)
	return p
}

// A bar is one stretch of a stack.
type bar struct {
	size  float64
	class string
}

// short prints a rate where there is little room.
func short(d *decimal.Decimal) string {
	if d == nil {
		return "–"
	}
	return d.Shift(2).StringFixed(1) + "%"
}
