package report

import (
	"strconv"

	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
)

// landscape places desired outcomes by importance and satisfaction, with their intervals, over the regions of the bands.
func landscape(l *opportunity.Landscape) *picture {
	const left, right, size = 44.0, 364.0, 320.0
	p := &picture{ID: "landscape", Title: "Opportunity landscape",
		Caption: "Ten times the share of people who call a desired outcome important, against that of those who are satisfied with it. " +
			"Crosses are " + fixed(l.Confidence*100, 0) + "% intervals. Numbers are ranks."}
	p.legend(key{"b0 region", "under-served"}, key{"known region", "appropriately served"}, key{"b2 region", "over-served"})
	p.text(0, p.y+12, across, "s", "satisfaction")
	p.y += 26
	x, y := scale{0, 10, left, right}, scale{0, 10, p.y + size, p.y}
	region := func(class string, at ...float64) {
		for i := range at {
			at[i] = []scale{x, y}[i%2].at(at[i])
		}
		p.path(class+" region", true, false, at...)
	}
	region("b2", 0, 0, 10, 10, 0, 10)
	region("known", 0, 0, 5, 0, 10, 10)
	region("b0", 5, 0, 10, 0, 10, 10)
	for v := 0.0; v <= 10; v += 2 {
		p.line(x.at(v), y.at(0), x.at(v), y.at(10), "grid")
		p.line(left, y.at(v), right, y.at(v), "grid")
		p.mid(x.at(v), y.at(0)+16, "s", fixed(v, 0))
		p.end(left-6, y.at(v)+4, "s", fixed(v, 0))
	}
	known := 0
	for _, n := range l.Needs {
		if !n.Score.Known {
			continue
		}
		known++
		i, s := n.Importance, n.Satisfaction
		p.line(x.at(i.Low), y.at(s.Value), x.at(i.High), y.at(s.Value), "whisker")
		p.line(x.at(i.Value), y.at(s.Low), x.at(i.Value), y.at(s.High), "whisker")
		p.circle(x.at(i.Value), y.at(s.Value), 4, "dot")
	}
	for _, n := range l.Needs[:known] { // over all lines
		p.text(x.at(n.Importance.Value)+6, y.at(n.Satisfaction.Value)-6, across, "h", strconv.Itoa(n.Rank))
	}
	p.y += size + 22
	p.end(right, p.y+10, "s", "importance")
	p.y += 20
	var says []string
	for _, n := range l.Needs {
		name, score := n.Outcome, unknown
		if n.Score.Known {
			name, score = strconv.Itoa(n.Rank)+". "+name, estimate(n.Score)
		}
		p.text(0, p.y+15, 196, "t", name)
		p.end(across, p.y+15, "t num", score)
		p.y += 22
		say := name + " score " + score
		if n.Score.Known {
			say += ", importance " + points(n.Importance.Value) + ", satisfaction " + points(n.Satisfaction.Value) + ", " + bandOf(n.Band)
		}
		says = append(says, say)
	}
	p.Desc = phrases("Desired outcomes by opportunity: ", says, 30)
	return p
}

// estimate prints a number with its interval.
func estimate(e opportunity.Estimate) string {
	if !e.Known {
		return unknown
	}
	return points(e.Value) + " (" + points(e.Low) + " to " + points(e.High) + ")"
}

// bandOf says how customers are served.
func bandOf(b opportunity.Band) string {
	switch b {
	case opportunity.Underserved:
		return "under-served"
	case opportunity.Served:
		return "appropriately served"
	case opportunity.Overserved:
		return "over-served"
	}
	return unknown
}
