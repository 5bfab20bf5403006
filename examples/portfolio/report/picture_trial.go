package report

import (
	"math"
	"slices"
	"strings"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
)

// An aucGroup is a part of the forest under one heading.
type aucGroup struct {
	head string
	rows []analysis.AUC
}

// forest shows areas under the curve with their intervals; 0.5 is chance.
func forest(id, title string, groups ...aucGroup) *picture {
	const most, left, right = 12, 156.0, 262.0
	p := &picture{ID: id, Title: title,
		Caption: "AUC: the chance that a customer who left scored lower than one who stayed. 0.5 is chance, 1 is perfect; lines are 95% intervals."}
	low := 0.5
	for _, g := range groups {
		for _, a := range g.rows {
			if a.Known {
				low = min(low, a.Low)
			}
		}
	}
	to := scale{max(math.Floor(low*20)/20, 0), 1, left, right}
	top := p.y
	var says []string
	chance := len(p.Shapes)
	for _, g := range groups {
		if len(g.rows) == 0 {
			continue
		}
		p.text(0, p.y+17, across, "h", g.head)
		p.y += 26
		for i, a := range g.rows {
			bare, _, _ := strings.Cut(pretty(a.Name), " (") // the table has the note
			if i == most {
				p.text(0, p.y+14, across, "s", "and "+count(len(g.rows)-most)+" more, in the table")
				p.y += 24
				break
			}
			p.text(0, p.y+14, left-8, "t", bare)
			if !a.Known {
				p.text(left+4, p.y+14, across-left, "s", "unknown: too few")
				says = append(says, pretty(a.Name)+" unknown")
				p.y += 24
				continue
			}
			whisker(p, to, a.Low, a.High, p.y+10)
			p.circle(to.at(a.Value), p.y+10, 4, "dot")
			p.end(across, p.y+14, "s num", fixed(a.Value, 2)+" ("+fixed(a.Low, 2)+"–"+fixed(a.High, 2)+")")
			says = append(says, pretty(a.Name)+" "+auc(a))
			p.y += 24
		}
	}
	line := shape{Kind: "line", Class: "base", X: px(to.at(0.5)), Y: px(top), W: px(to.at(0.5)), H: px(p.y)}
	p.Shapes = slices.Insert(p.Shapes, chance, line)
	p.ticks(to, 0.25, top, func(v float64) string { return fixed(v, 2) })
	p.Desc = phrases("AUC: ", says, 40)
	return p
}

// auc prints an area with its interval.
func auc(a analysis.AUC) string {
	if !a.Known {
		return unknown
	}
	return fixed(a.Value, 3) + " (" + fixed(a.Low, 3) + " to " + fixed(a.High, 3) + ")"
}

// calibration compares predicted with observed shares; accounts that a play rescued are apart.
func calibration(rows []analysis.CalibrationRow) *picture {
	const left, right = 48.0, 364.0
	p := &picture{ID: "calibration", Title: "Predicted and observed",
		Caption: "Fitted on the earlier half, judged on the later. On the diagonal a prediction is right; lines are 95% intervals."}
	most := 0.0
	rescued := false
	for _, row := range rows {
		most = max(most, row.Predicted, row.Observed)
		if !row.Rescued {
			most = max(most, row.High)
		}
		rescued = rescued || row.Rescued
	}
	if rescued {
		p.Caption += " Rescued accounts stand apart, since a play changed their end."
		p.legend(key{"ring", "as it came"}, key{"gem", "rescued by a play"})
	}
	d := step(most, 4)
	most = min(ceiling(most, d), 1)
	p.y += 6
	y0 := p.y
	x := scale{0, most, left, right}
	y := scale{0, most, y0 + right - left, y0}
	for i := 0.0; i*d <= most*1.0001; i++ {
		p.behind(left, y.at(i*d), right, y.at(i*d))
		p.end(left-5, y.at(i*d)+2, "s num", fixed(i*d*100, 0)+"%")
	}
	p.line(left, y.from, right, y.to, "base dash")
	var says []string
	for _, row := range rows {
		at := x.at(row.Predicted)
		kind := ""
		if row.Rescued {
			p.line(at, y.at(row.Low), at, y.at(row.High), "whisker faint")
			p.diamond(at, y.at(row.Observed), 5.5, "gem")
			kind = "rescued, "
		} else {
			p.line(at, y.at(row.Low), at, y.at(row.High), "whisker")
			p.circle(at, y.at(row.Observed), 4.5, "ring")
		}
		says = append(says, kind+"predicted "+percent(row.Predicted)+", observed "+percent(row.Observed)+" ("+
			percent(row.Low)+" to "+percent(row.High)+") of "+count(row.N))
	}
	p.y = y.from
	p.axis(x, 4, y0, func(v float64) string { return fixed(v*100, 0) + "%" })
	p.text(0, p.y+12, across, "s", "across: predicted share that leaves; up: observed")
	p.y += 22
	p.Desc = phrases("", says, 40)
	return p
}

// quadrant shows outcome against experience, with those who left marked apart.
func quadrant(all []analysis.Point) *picture {
	const most, left, right = 400, 44.0, 368.0
	p := &picture{ID: "quadrant", Title: "Outcome and experience",
		Caption: "Each mark is an account. Upper left: content, yet without what they came for. Lower right: served, yet not content."}
	if slices.ContainsFunc(all, func(pt analysis.Point) bool { return pt.Left }) {
		p.legend(key{"ring", "stayed"}, key{"gem", "left"})
	}
	p.y += 6
	y0 := p.y
	x, y := scale{0, 100, left, right}, scale{0, 100, y0 + right - left, y0}
	for v := 0.0; v <= 100; v += 25 {
		p.behind(left, y.at(v), right, y.at(v))
		p.end(left-5, y.at(v)+4, "s num", fixed(v, 0))
	}
	p.line(left, y.at(50), right, y.at(50), "base")
	p.line(x.at(50), y.from, x.at(50), y.to, "base")
	var n, gone [4]int // low outcome low experience, low high, high low, high high
	for i, pt := range all {
		q := 0
		if pt.Outcome >= 50 {
			q += 2
		}
		if pt.Experience >= 50 {
			q++
		}
		n[q]++
		if pt.Left {
			gone[q]++
		}
		stride := (len(all) + most - 1) / most
		switch {
		case i%stride != 0:
		case pt.Left:
			p.diamond(x.at(pt.Outcome), y.at(pt.Experience), 4, "gem")
		default:
			p.circle(x.at(pt.Outcome), y.at(pt.Experience), 3, "ring")
		}
	}
	p.y = y.from
	p.axis(x, 4, y0, func(v float64) string { return fixed(v, 0) })
	p.text(0, p.y+12, across, "s", "across: outcome, points; up: experience, points")
	p.y += 22
	p.Desc = phrases("Left, by outcome and experience below or from 50 points: ", []string{
		"both low " + of(gone[0], n[0]), "outcome low, experience high " + of(gone[1], n[1]),
		"outcome high, experience low " + of(gone[2], n[2]), "both high " + of(gone[3], n[3])}, 4)
	return p
}
