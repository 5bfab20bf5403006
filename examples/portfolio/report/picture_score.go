package report

import (
	"math"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
	"github.com/customersuccess-go/customersuccess/health"
)

// leftByBand shows the share that left in each band, within groups, with Wilson intervals.
func leftByBand(id, title string, rows []analysis.LeftRow, b bands) *picture {
	const left, right = 92.0, 236.0
	p := &picture{ID: id, Title: title, Caption: "Bars are shares; the thin line is the 95% Wilson interval."}
	most := 0.0
	for _, row := range rows {
		if row.N > 0 {
			most = max(most, row.High)
		}
	}
	most = min(ceiling(most, step(most, 4)), 1)
	to := scale{0, most, left, right}
	var says []string
	group, top := "", p.y
	for i, row := range rows {
		if row.Group != group || i == 0 {
			group = row.Group
			if group != "" {
				p.text(0, p.y+17, across, "h", pretty(group))
				p.y += 26
			}
		}
		p.text(0, p.y+14, left-4, "t", row.Band)
		if row.N == 0 {
			p.text(left+6, p.y+14, across, "s", "no accounts")
			p.y += 24
			continue
		}
		b.bar(p, left, p.y+3, to.at(row.Share)-left, 14, row.Band)
		whisker(p, to, row.Low, row.High, p.y+10)
		p.end(across, p.y+14, "s num", percent(row.Share)+" "+count(row.Left)+"/"+count(row.N))
		says = append(says, name(pretty(group), row.Band)+" "+percent(row.Share)+" ("+percent(row.Low)+" to "+
			percent(row.High)+"), "+of(row.Left, row.N))
		p.y += 24
	}
	p.axis(to, 4, top, func(v float64) string { return fixed(v*100, 0) + "%" })
	p.Desc = phrases("Share that left: ", says, 40)
	return p
}

// name joins a group and a band.
func name(group, band string) string {
	if group == "" {
		return band
	}
	return group + ", " + band
}

// whisker draws an interval, with ends where there is room for them.
func whisker(p *picture, to scale, low, high, y float64) {
	p.line(to.at(low), y, to.at(high), y, "whisker")
	if to.at(high)-to.at(low) < 10 {
		return
	}
	p.line(to.at(low), y-4, to.at(low), y+4, "whisker")
	p.line(to.at(high), y-4, to.at(high), y+4, "whisker")
}

// histogram shows the scores of those who stayed upward and of those who left downward.
func histogram(bins []analysis.HistogramBin, index string) *picture {
	const left, right, height = 44.0, 368.0, 110.0
	stayed, gone, most := 0, 0, 0.0
	for _, bin := range bins {
		stayed, gone = stayed+bin.Stayed, gone+bin.Left
	}
	if stayed+gone == 0 {
		return nil
	}
	share := func(n, all int) float64 { return float64(n) / float64(max(all, 1)) }
	for _, bin := range bins {
		most = max(most, share(bin.Stayed, stayed), share(bin.Left, gone))
	}
	p := &picture{ID: "histogram", Title: "How the " + index + " is distributed",
		Caption: "Shares of the accounts that are still here."}
	if gone > 0 {
		p.Caption = "Upward those who stayed, downward those who left; each side adds up to 100% of its own."
	}
	d := step(most, 3)
	most = ceiling(most, d)
	up := scale{0, most, p.y + 22 + height, p.y + 22}
	down := scale{0, most, up.from, up.from + height}
	if gone == 0 {
		down.to = up.from - 14
	}
	for v := 0.0; v <= most*1.0001; v += d {
		p.behind(left, up.at(v), right, up.at(v))
		p.end(left-5, up.at(v)+4, "s num", fixed(v*100, 0)+"%")
		if v > 0 && gone > 0 {
			p.behind(left, down.at(v), right, down.at(v))
			p.end(left-5, down.at(v)+4, "s num", fixed(v*100, 0)+"%")
		}
	}
	to := scale{bins[0].From, bins[len(bins)-1].To, left, right}
	var says []string
	for _, bin := range bins {
		x, w := to.at(bin.From)+0.8, to.at(bin.To)-to.at(bin.From)-1.6
		if bin.Stayed > 0 {
			y := up.at(share(bin.Stayed, stayed))
			p.rect(x, y, w, up.from-y, "stayed")
		}
		if bin.Left > 0 {
			p.rect(x, up.from, w, down.at(share(bin.Left, gone))-up.from, "left")
		}
		says = append(says, fixed(bin.From, 0)+" to "+fixed(bin.To, 0)+": "+count(bin.Stayed)+" stayed, "+count(bin.Left)+" left")
	}
	p.line(left, up.from, right, up.from, "base")
	p.text(left, p.y+13, across, "h", "stayed ("+count(stayed)+")")
	if gone > 0 {
		p.text(left, down.to+17, across, "h", "left ("+count(gone)+")")
	}
	p.y = down.to + 4
	top := p.y
	p.y += 18
	p.axis(to, 5, top+18, func(v float64) string { return fixed(v, 0) })
	p.mid((left+right)/2, p.y+12, "s", "points")
	p.y += 22
	p.Desc = phrases("Accounts by points: ", says, 40)
	return p
}

// waterfall shows how the parts of one account's score add up, and the range that what is missing leaves.
func waterfall(view analysis.AccountView, b bands) *picture {
	const most, left, right = 20, 152.0, 320.0
	s := view.Score
	p := &picture{ID: "waterfall", Title: "How one score comes about: " + view.Account,
		Caption: "Each part adds weight × points on its curve. Hatched: how far what is missing could move the score."}
	to := scale{0, 100, left, right}
	top, run := p.y, 0.0
	var says []string
	row := func(label, sub, value, class string, from, end float64) {
		if sub == "" {
			p.text(0, p.y+19, left-6, "t", label)
		} else {
			p.text(0, p.y+13, left-6, "t", label)
			p.text(0, p.y+28, left-6, "s", sub)
		}
		if class != "" {
			x, x2 := to.at(min(from, end)), to.at(max(from, end))
			p.rect(x, p.y+6, x2-x, 16, class)
		}
		p.end(across, p.y+18, "t num", value)
		says = append(says, label+" "+value)
		p.y += 36
	}
	for _, part := range s.Parts[:min(len(s.Parts), most)] {
		if part.Why != "" {
			p.text(left+4, p.y+18, right-left, "s", why(part.Why))
			row(pretty(part.Path), "", map[bool]string{true: "–", false: "?"}[part.Why == "not_applicable" || part.Why == "too_young"], "", 0, 0)
			says[len(says)-1] = pretty(part.Path) + " " + why(part.Why)
			continue
		}
		row(pretty(part.Path), percent(part.Weight)+" × "+points(part.OnCurve), signed(part.Points), "part", run, run+part.Points)
		run += part.Points
	}
	for _, part := range s.Parts[min(len(s.Parts), most):] {
		run += part.Points
	}
	if len(s.Parts) > most {
		row("other parts", plural(len(s.Parts)-most, "part"), "", "", 0, 0)
	}
	if s.Limited != 0 {
		row("limit", limitReason(s), signed(s.Limited), "failed", run, run+s.Limited)
		run += s.Limited
	}
	if s.Overridden != 0 {
		row("override", "by a person", signed(s.Overridden), "failed", run, run+s.Overridden)
	}
	if s.Known {
		row("score", s.Band, points(s.Value), b.class(s.Band), 0, s.Value)
	} else {
		row("score", health.Unknown, "?", "", 0, 0)
	}
	x := to.at(s.Low)
	p.hatch(x, p.y+6, max(to.at(s.High)-x, 2), 16)
	row("range", map[bool]string{true: "band is certain", false: "band is uncertain"}[s.Certain], "", "", 0, 0)
	if s.Low == s.High {
		p.end(across, p.y-18, "s num", points(s.Low))
	} else {
		p.end(across, p.y-24, "s num", points(s.Low)+"–")
		p.end(across, p.y-9, "s num", points(s.High))
	}
	says[len(says)-1] = "range " + points(s.Low) + " to " + points(s.High)
	p.axis(to, 4, top, func(v float64) string { return fixed(v, 0) })
	p.Desc = phrases("Points of "+view.Account+": ", says, 40)
	return p
}

// signed prints points with their sign.
func signed(v float64) string {
	if s := points(math.Abs(v)); v < 0 && s != "0.0" {
		return "−" + s
	}
	return "+" + points(math.Abs(v))
}

func limitReason(s health.Score) string {
	if s.Limit == nil {
		return ""
	}
	return s.Limit.Reason
}

// why says in words why a part of a score does not count.
func why(code health.Why) string {
	switch code {
	case "impossible":
		return "failed: an impossible value"
	case "undated":
		return "unknown: not dated"
	case "expired":
		return "unknown: too old"
	case "no_age":
		return "unknown: age of account"
	case "not_applicable":
		return "not applicable"
	case "too_young":
		return "not yet: too young"
	case "failed":
		return "failed"
	}
	return "unknown: " + pretty(string(code))
}
