package report

import (
	"math"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
)

// valueLadder shows the rungs of value, the highest on top: who holds each, what is claimed there, what stands after the
// haircut, what is booked, and what is felt there and made below.
func valueLadder(rungs []analysis.RungRow, currency string) *picture {
	const left, right, foot = 14.0, across - 14, 8.0
	p := &picture{ID: "ladder", Title: "The value ladder",
		Caption: "From the users’ work up to the enterprise, on one scale. What is felt on a rung and made below it is in no sum. Amounts" + in(currency) + "."}
	p.legend(key{"outline", "claimed"}, key{"part", "after haircut"}, key{"gain", "booked"})
	to := scale{0, 0, left, right}
	for _, r := range rungs {
		for _, v := range amountsOn(r) {
			to.low, to.high = min(to.low, v), max(to.high, v)
		}
	}
	zero := to.at(0)
	bar := func(d decimal.Decimal, class string, inset float64) {
		x := to.at(d.InexactFloat64())
		p.rect(min(zero, x)+inset, p.y+20, max(math.Abs(x-zero), 1.5)-2*inset, 14, class)
	}
	var says []string
	top := p.y
	for _, r := range slices.Backward(rungs) {
		p.line(foot, p.y+6, across-foot, p.y+6, "rung")
		name, say := upper(pretty(string(r.Rung))), pretty(string(r.Rung))
		if len(r.Holders) > 0 {
			name += ": " + strings.Join(r.Holders, ", ")
		}
		p.text(left, p.y+28, right-left, "h", name)
		p.y += 36
		head := func(label, figure string) {
			p.text(left, p.y+15, 200, "t", label)
			p.end(right, p.y+15, "t num", figure)
		}
		if s := r.Stated; s != nil {
			note := "claimed " + whole(s.Gross)
			if s.Unknown > 0 {
				note += "; " + plural(s.Unknown, "line") + " unknown"
			}
			head("after haircut", whole(s.Adjusted))
			bar(s.Adjusted, "part", 0)
			bar(s.Gross, "outline", 0.5)
			p.text(left, p.y+47, right-left, "s", note)
			say += " " + amount(s.Adjusted, currency) + " after haircut, " + note
			p.y += 55
		} else {
			head("stated", unknown)
			say += " stated value unknown"
			p.y += 20
		}
		if r.Booked != nil {
			head("booked", whole(*r.Booked))
			bar(*r.Booked, "gain", 0)
			say += ", booked " + amount(*r.Booked, currency)
			p.y += 38
		} else {
			head("booked", unknown)
			say += ", booked unknown"
			p.y += 20
		}
		if !r.Carried.IsZero() {
			p.text(left, p.y+14, right-left, "s", "↑ felt here, made below: "+whole(r.Carried))
			say += ", felt here and made below " + amount(r.Carried, currency)
			p.y += 18
		}
		says = append(says, say)
		p.y += 10
	}
	p.line(foot, p.y+4, across-foot, p.y+4, "rung")
	for _, x := range []float64{foot - 3, across - foot + 3} {
		p.line(x, top, x, p.y+12, "rail")
	}
	p.y += 14
	p.Desc = phrases("Value by rung, the highest first"+in(currency)+": ", says, 10)
	return p
}

// amountsOn are the figures of a rung that its bars show.
func amountsOn(r analysis.RungRow) (all []float64) {
	if r.Stated != nil {
		all = append(all, r.Stated.Gross.InexactFloat64(), r.Stated.Adjusted.InexactFloat64())
	}
	if r.Booked != nil {
		all = append(all, r.Booked.InexactFloat64())
	}
	return all
}

// booked shows what the books hold by rung, driver and evidence, of which each sums to the whole, and against what was
// promised and stated.
func booked(b *analysis.Booked) *picture {
	p := &picture{ID: "booked", Title: "Booked value by rung, driver and evidence",
		Caption: "Each of the three sums to " + money(b.Amount, b.Currency) + "; one scale" + in(b.Currency) +
			". An outline is what was promised in the sale, or stated for a year."}
	to := scale{0, 0, 0, across}
	groups := []struct {
		head  string
		parts []analysis.BookedPart
	}{{"By rung", b.Rungs}, {"By driver", b.Drivers}, {"By evidence, the best first", b.Evidence}}
	for _, g := range groups {
		for _, x := range g.parts {
			to.low, to.high = min(to.low, x.Amount.InexactFloat64()), max(to.high, x.Amount.InexactFloat64())
		}
	}
	for _, a := range comparisons(b) {
		to.low, to.high = min(to.low, a.Amount.InexactFloat64()), max(to.high, a.Amount.InexactFloat64())
	}
	zero := to.at(0)
	var says []string
	for _, g := range groups {
		p.text(0, p.y+17, across, "h", g.head)
		p.y += 24
		for _, x := range g.parts {
			at := to.at(x.Amount.InexactFloat64())
			p.text(0, p.y+15, 210, "t", pretty(x.Group))
			p.end(across, p.y+15, "t num", whole(x.Amount))
			p.rect(min(zero, at), p.y+21, max(math.Abs(at-zero), 1.5), 12, "gain")
			says = append(says, pretty(x.Group)+" "+amount(x.Amount, b.Currency))
			p.y += 40
		}
		p.y += 6
	}
	if len(comparisons(b)) > 0 {
		p.text(0, p.y+17, across, "h", "Booked of what was")
		p.y += 24
	}
	for _, a := range comparisons(b) {
		booked, figure := to.at(a.Booked.InexactFloat64()), to.at(a.Amount.InexactFloat64())
		p.text(0, p.y+15, 110, "t", a.name)
		p.end(across, p.y+15, "t num", whole(a.Booked)+" of "+whole(a.Amount))
		p.rect(min(zero, booked), p.y+21, max(math.Abs(booked-zero), 1.5), 12, "gain")
		p.rect(min(zero, figure)+0.5, p.y+21, max(math.Abs(figure-zero)-1, 1.5), 12, "outline")
		says = append(says, amount(a.Booked, b.Currency)+" of "+amount(a.Amount, b.Currency)+" "+a.name)
		p.y += 40
	}
	p.Desc = phrases("Booked"+in(b.Currency)+": ", says, 30)
	return p
}

// A comparison is a figure that booked value is held against.
type comparison struct {
	name string
	*analysis.Against
}

// comparisons are those that are known.
func comparisons(b *analysis.Booked) (all []comparison) {
	for _, c := range []comparison{{"promised", b.Promised}, {"stated", b.Stated}} {
		if c.Against != nil {
			all = append(all, c)
		}
	}
	return all
}
