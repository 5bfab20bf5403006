package timetovalue

import (
	"fmt"
	"strings"

	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/internal/survival"
	"github.com/customersuccess-go/customersuccess/internal/svg"
)

// Where things are in the picture.
const (
	plotLeft, plotTop  = 64.0, 52.0
	plotWide, plotHigh = 620.0, 300.0
	pictureWide        = plotLeft + plotWide + 26
	rowHigh            = 38.0 // of a group below the curves
	mostGroups         = 6
)

// SVG returns the curves of up to 6 groups as a picture: the share with value over days since the anchor, with its interval
// as a band, a mark where someone was last watched, the median where it is reached, and below how many still wait. Of one
// group it also shows, dashed, who left before. It needs nothing from outside, and its title and description say what it
// shows. It returns a [DataError] if there are more groups or the confidence is not between 0 and 1.
func SVG(groups []Group, confidence float64) (string, error) {
	if len(groups) > mostGroups {
		return "", &DataError{Field: "groups", Message: fmt.Sprintf("%d are more than %d", len(groups), mostGroups)}
	}
	if _, ok := stat.CriticalZ(confidence); !ok {
		return "", &DataError{Field: "confidence", Message: fmt.Sprintf("%v is not between 0 and 1", confidence)}
	}
	p := plot{last: 1, confidence: confidence}
	for i := range groups {
		if steps := groups[i].Incidence.Steps; len(steps) > 0 {
			p.last = max(p.last, steps[len(steps)-1].Day)
		}
	}
	legend := plotTop + plotHigh + 62
	c := &p.Canvas
	c.Begin(pictureWide, legend+float64(rowHigh*float64(len(groups)))+8, "Time to value", p.describe(groups))
	c.Text(`font-size="15" font-weight="bold" fill="#222222"`, plotLeft, 26, "Time to value")
	c.Text(`fill="#666666" font-size="11"`, plotLeft, 42, fmt.Sprintf("share of all customers that reached value, with %.3g %% intervals; | marks who was last watched then", 100*confidence))
	p.ground()
	for i := range groups {
		p.band(&groups[i].Incidence, color(i))
	}
	for i := range groups {
		p.curve(&groups[i].Incidence, color(i), len(groups) == 1)
	}
	for i := range groups {
		p.atRisk(&groups[i], color(i), legend+float64(rowHigh*float64(i)))
	}
	return c.End(), nil
}

func color(group int) string {
	return [mostGroups]string{"#1f5a8c", "#b3541a", "#2f7d4f", "#8a3d7f", "#8a6d1a", "#4d4d4d"}[group]
}

// name is what a group is called.
func (g *Group) name() string {
	name := strings.Trim(g.Segment+", "+g.Cohort, ", ")
	if name == "" {
		return "all"
	}
	return name
}

// A plot draws into a canvas.
type plot struct {
	svg.Canvas
	last       float64 // day at the right end
	confidence float64
}

func (p *plot) x(day float64) float64 {
	return plotLeft + float64(plotWide*min(max(day/p.last, 0), 1))
}
func (p *plot) y(share float64) float64 {
	return plotTop + float64(plotHigh*(1-min(max(share, 0), 1)))
}

// describe says in words what the picture shows.
func (p *plot) describe(groups []Group) string {
	var b strings.Builder
	for i := range groups {
		g := &groups[i]
		in := &g.Incidence
		median := "the median is not reached"
		if day, ok := in.Quantile(0.5); ok {
			median = "the median is " + number(day) + " days"
		}
		fmt.Fprintf(&b, "%s: of %d, %d reached value, %d left before, %d wait; %s. ", g.name(), in.N, in.Valued, in.Left, in.Pending, median)
	}
	return strings.TrimSpace(b.String())
}

// tick is the distance of the marks on the axis of days: 1, 2 or 5 times a power of ten, about eight of them.
func (p *plot) tick() float64 {
	base := 1.0
	for base*10 <= p.last/8 {
		base *= 10
	}
	for _, m := range []float64{1, 2, 5} {
		if base*m >= p.last/8 {
			return float64(base * m)
		}
	}
	return float64(base * 10)
}

func (p *plot) ground() {
	const label = `fill="#666666" font-size="11"`
	for i := range 5 {
		share := float64(i) / 4
		p.Line(`stroke="#e4e4e4"`, plotLeft, p.y(share), plotLeft+plotWide, p.y(share))
		p.Text(label+` text-anchor="end"`, plotLeft-7, p.y(share)+4, fmt.Sprintf("%.0f %%", 100*share))
	}
	for t := 0.0; t <= p.last; t += p.tick() {
		p.Line(`stroke="#999999"`, p.x(t), p.y(0), p.x(t), p.y(0)+5)
		p.Text(label+` text-anchor="middle"`, p.x(t), p.y(0)+18, number(t))
	}
	p.Text(`fill="#222222" text-anchor="middle"`, plotLeft+plotWide/2, p.y(0)+36, "days since the anchor")
}

// band fills the interval, where it is defined.
func (p *plot) band(in *Incidence, color string) {
	curve := in.curve()
	var upper, lower []float64 // x and y by turns
	for i, s := range in.Steps {
		limits, ok := curve.Interval(value, s.Day, p.confidence, survival.LogLog)
		if !ok {
			continue
		}
		until := p.last
		if i+1 < len(in.Steps) {
			until = in.Steps[i+1].Day
		} else if s.Waiting > 0 {
			until = s.Day
		}
		upper = append(upper, p.x(s.Day), p.y(limits.High), p.x(until), p.y(limits.High))
		lower = append(lower, p.x(s.Day), p.y(limits.Low), p.x(until), p.y(limits.Low))
	}
	for i := len(lower) - 2; i >= 0; i -= 2 {
		upper = append(upper, lower[i], lower[i+1])
	}
	if len(upper) > 0 {
		p.Path(fmt.Sprintf(`fill="%s" fill-opacity="0.14"`, color), upper...)
	}
}

// curve draws the steps, the marks and the median, and who left where alone.
func (p *plot) curve(in *Incidence, color string, alone bool) {
	arrived, gone := []float64{p.x(0), p.y(0)}, []float64{p.x(0), p.y(0)}
	level, lost, end := 0.0, 0.0, 0.0
	for _, s := range in.Steps {
		arrived = append(arrived, p.x(s.Day), p.y(level), p.x(s.Day), p.y(s.Value))
		gone = append(gone, p.x(s.Day), p.y(lost), p.x(s.Day), p.y(s.Left))
		level, lost, end = s.Value, s.Left, s.Day
		if s.Waiting == 0 {
			end = p.last
		}
	}
	arrived, gone = append(arrived, p.x(end), p.y(level)), append(gone, p.x(end), p.y(lost))
	if alone && in.Left > 0 {
		p.Path(`fill="none" stroke="#999999" stroke-width="1.5" stroke-dasharray="5 4"`, gone...)
		p.Text(`fill="#777777" font-size="11" text-anchor="end"`, p.x(end)-4, p.y(lost)-5, "left before value")
	}
	p.Path(fmt.Sprintf(`fill="none" stroke="%s" stroke-width="2"`, color), arrived...)
	for _, s := range in.Steps {
		if s.Censored > 0 {
			p.Line(fmt.Sprintf(`stroke="%s" stroke-width="1.2"`, color), p.x(s.Day), p.y(s.Value)-5, p.x(s.Day), p.y(s.Value)+5)
		}
	}
	if day, ok := in.Quantile(0.5); ok {
		style := fmt.Sprintf(`stroke="%s" stroke-dasharray="2 3"`, color)
		p.Line(style, plotLeft, p.y(0.5), p.x(day), p.y(0.5))
		p.Line(style, p.x(day), p.y(0.5), p.x(day), p.y(0))
	}
}

// atRisk writes the name of a group, its median and how many still wait at each tick.
func (p *plot) atRisk(g *Group, color string, y float64) {
	in := &g.Incidence
	text := fmt.Sprintf("%s: %d of %d reached value, %d left", svg.Shorten(g.name(), 30), in.Valued, in.N, in.Left)
	if q, ok := in.QuantileInterval(0.5, p.confidence); ok {
		median := "not reached"
		if q.Day != nil {
			median = number(*q.Day)
		}
		text += fmt.Sprintf("; median %s [%s, %s] days", median, end(q.Low), end(q.High))
	}
	p.Text(fmt.Sprintf(`fill="%s" font-weight="bold" font-size="11"`, color), plotLeft, y, text+"; still waiting:")
	for t := 0.0; t <= p.last; t += p.tick() {
		n := 0
		for _, s := range in.Steps {
			if s.Day >= t {
				n = s.AtRisk
				break
			}
		}
		p.Text(fmt.Sprintf(`fill="%s" text-anchor="middle"`, color), p.x(t), y+16, fmt.Sprint(n))
	}
}

// end prints an end of an interval, and a dash where it was not reached.
func end(day *float64) string {
	if day == nil {
		return "–"
	}
	return number(*day)
}
