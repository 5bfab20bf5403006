package report

import (
	"sort"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
)

// journeyMap shows the phases in order: how many accounts, how many of them on pace, and how long a phase takes.
func journeyMap(rows []analysis.PhaseRow) *picture {
	const inner, pad = across - 24, 12.0
	p := &picture{ID: "journey-map", Title: "Where the accounts are on their journey",
		Caption: "Dwell is the median number of days in a phase; stays that have not ended count as such."}
	p.legend(key{"known", "on pace"}, key{"b2", "behind"}, key{"b0", "stuck"}, key{"hatch", "clock unknown"})
	var says []string
	for i, row := range rows {
		if i > 0 {
			p.line(across/2, p.y, across/2, p.y+16, "base")
			p.path("arrow", true, false, across/2-5, p.y+12, across/2+5, p.y+12, across/2, p.y+20)
			p.y += 22
		}
		title := row.Title
		if title == "" {
			title = upper(pretty(row.Phase))
		}
		p.rect(0.5, p.y+0.5, across-1, 76, "box")
		p.text(pad, p.y+21, 210, "h", title)
		p.end(across-pad, p.y+21, "t num", plural(row.Accounts, "account"))
		to := scale{0, float64(row.Accounts), pad, pad + inner}
		pace := max(row.Accounts-row.Behind-row.Stuck-row.Unknown, 0)
		x := 0
		for _, part := range []struct {
			n     int
			class string
		}{{pace, "known"}, {row.Behind, "b2"}, {row.Stuck, "b0"}, {row.Unknown, "hatch"}} {
			from, end := to.at(float64(x)), to.at(float64(x+part.n))
			if part.class == "hatch" && part.n > 0 {
				p.hatch(from, p.y+31, end-from, 12)
			} else if part.n > 0 {
				p.rect(from, p.y+31, end-from, 12, part.class)
			}
			x += part.n
		}
		stuck := part(row.Stuck, row.Accounts-row.Unknown) + " stuck"
		if row.Accounts == row.Unknown {
			stuck = "pace unknown"
		}
		p.text(pad, p.y+64, 190, "s", stuck)
		p.end(across-pad, p.y+64, "s num", dwell(row))
		says = append(says, title+" "+plural(row.Accounts, "account")+", "+count(row.Behind)+" behind, "+count(row.Stuck)+
			" stuck, "+count(row.Unknown)+" with an unknown clock, "+dwell(row))
		p.y += 77
	}
	p.y += 6
	p.Desc = phrases("Phases in order: ", says, 20)
	return p
}

func dwell(row analysis.PhaseRow) string {
	if !row.Dwelt {
		return "dwell unknown"
	}
	return "dwell " + points(row.Dwell) + " days"
}

// incidence shows over time what share has seen value, has left before, and is still waiting.
func incidence(in *analysis.Incidence) *picture {
	const left, right, high = 44.0, 372.0, 210.0
	if len(in.Steps) == 0 {
		return nil
	}
	p := &picture{ID: "incidence", Title: "Time to value, with those who left before",
		Caption: "Shares of all accounts by days since the start: not yet is not never, and leaving is no value."}
	p.legend(key{"stayed", "value"}, key{"hatch", "waiting"}, key{"left", "left before value"})
	last := in.Steps[len(in.Steps)-1]
	y0 := p.y
	x := scale{0, max(last.Day, 1), left, right}
	y := scale{0, 1, y0 + high, y0}
	value := []float64{left, y.at(0), left, y.at(0)}
	gone := []float64{left, y.at(1), left, y.at(1)}
	steps := thin(in.Steps, x)
	v, g := 0.0, 1.0
	for _, s := range steps {
		at := x.at(s.Day)
		value = append(value, at, y.at(v), at, y.at(s.Value))
		gone = append(gone, at, y.at(g), at, y.at(1-s.Left))
		v, g = s.Value, 1-s.Left
	}
	p.path("hatch", true, true, left, y.at(0), left, y.at(1), right, y.at(1), right, y.at(0))
	p.path("stayed", true, false, append(value, right, y.at(v), right, y.at(0))...)
	p.path("left", true, false, append(gone, right, y.at(g), right, y.at(1))...)
	for i := range 5 {
		v := float64(i) / 4
		p.line(left, y.at(v), right, y.at(v), "grid over")
		p.end(left-5, y.at(v)+4, "s num", fixed(v*100, 0)+"%")
	}
	p.y = y.from
	p.axis(x, 5, y.from, func(v float64) string { return fixed(v, 0) })
	p.text(left, p.y+10, across, "s", "days since the start; still at risk:")
	p.y += 14
	d := step(x.high, 5)
	for i := 0.0; i*d <= x.high*1.000001; i++ {
		p.mid(min(max(x.at(i*d), 14), across-14), p.y+14, "s", count(atRisk(in, i*d)))
	}
	p.y += 26
	median := "the median is not reached"
	if in.Median != nil {
		median = "the median is " + points(*in.Median) + " days"
		p.line(x.at(*in.Median), y.from, x.at(*in.Median), y.to, "base dash")
	}
	p.Desc = "By day " + points(last.Day) + " value has come for " + percent(last.Value) + ", " + percent(last.Left) +
		" left before, " + percent(last.Waiting) + " wait; " + median + "."
	return p
}

// thin keeps the last step in each unit of the axis.
func thin(steps []analysis.IncidenceStep, x scale) []analysis.IncidenceStep {
	var kept []analysis.IncidenceStep
	for i, s := range steps {
		if i+1 < len(steps) && int(x.at(steps[i+1].Day)) == int(x.at(s.Day)) {
			continue
		}
		kept = append(kept, s)
	}
	return kept
}

// atRisk is the number still waiting just before a day.
func atRisk(in *analysis.Incidence, day float64) int {
	i := sort.Search(len(in.Steps)-1, func(i int) bool { return in.Steps[i].Day >= day })
	return in.Steps[i].AtRisk
}
