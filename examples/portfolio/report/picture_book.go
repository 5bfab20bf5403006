package report

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
	"github.com/customersuccess-go/customersuccess/health"
)

// bands are the names of the bands, worst first, without the unknown one.
type bands []string

func bandsOf(r *analysis.Result) bands {
	var b bands
	for _, row := range r.Bands {
		if row.Band != health.Unknown {
			b = append(b, row.Band)
		}
	}
	return b
}

// class is the colour of a band: b0 is the worst, b4 the best, hatch is unknown.
func (b bands) class(name string) string {
	i := slices.Index(b, name)
	switch {
	case i < 0:
		return "hatch"
	case len(b) == 1:
		return "b2"
	}
	return "b" + string(rune('0'+(i*8/(len(b)-1)+1)/2))
}

func (b bands) legend(p *picture, hatched bool) {
	var keys []key
	for _, name := range b {
		keys = append(keys, key{b.class(name), name})
	}
	if hatched {
		keys = append(keys, key{"hatch", health.Unknown})
	}
	p.legend(keys...)
}

// bar draws one stretch in the colour of a band.
func (b bands) bar(p *picture, x, y, w, h float64, band string) {
	if class := b.class(band); class != "hatch" {
		p.rect(x, y, w, h, class)
		return
	}
	p.hatch(x, y, w, h)
}

// coverage shows how often each input is known, missing, not applicable and failed.
func coverage(inputs []analysis.InputCoverage) *picture {
	const most, left, right = 36, 166.0, 318.0
	p := &picture{ID: "coverage", Title: "What is known of each input",
		Caption: "Each bar is all accounts. The number is the share known among the accounts to which the input applies."}
	var sum analysis.InputCoverage
	for _, in := range inputs {
		sum.Missing, sum.NotApplicable, sum.Failed = sum.Missing+in.Missing, sum.NotApplicable+in.NotApplicable, sum.Failed+in.Failed
	}
	keys := []key{{"known", "known"}}
	for _, k := range []struct {
		n   int
		key key
	}{{sum.Failed, key{"failed", "failed"}}, {sum.Missing, key{"hatch", "missing"}}, {sum.NotApplicable, key{"na", "not applicable"}}} {
		if k.n > 0 {
			keys = append(keys, k.key)
		}
	}
	p.legend(keys...)
	var says []string
	group := ""
	for _, in := range inputs[:min(len(inputs), most)] {
		if in.Group != group {
			group = in.Group
			p.text(0, p.y+15, across, "h", upper(group))
			p.y += 24
		}
		all := in.Known + in.Missing + in.NotApplicable + in.Failed
		to := scale{0, float64(all), left, right}
		p.text(0, p.y+13, left-6, "t", pretty(in.Name))
		x, y := 0, p.y+2
		for _, part := range []struct {
			n     int
			class string
		}{{in.Known, "known"}, {in.Failed, "failed"}, {in.Missing, "hatch"}, {in.NotApplicable, "na"}} {
			from, end := to.at(float64(x)), to.at(float64(x+part.n))
			switch {
			case part.n == 0:
			case part.class == "hatch":
				p.hatch(from, y, end-from, 12)
			default:
				p.rect(from, y, max(end-from, 1), 12, part.class)
			}
			x += part.n
		}
		known := part(in.Known, all-in.NotApplicable)
		p.end(across, p.y+13, "s num", known)
		says = append(says, pretty(in.Name)+" "+count(in.Known)+" known, "+count(in.Missing)+" missing, "+
			count(in.NotApplicable)+" not applicable, "+count(in.Failed)+" failed")
		p.y += 22
	}
	if len(inputs) > most {
		p.text(0, p.y+14, across, "s", "and "+count(len(inputs)-most)+" more inputs, in the table")
		p.y += 20
	}
	p.Desc = phrases("Accounts by input: ", says, most)
	return p
}

// charges shows the revenue of each segment, divided by band.
func charges(cells []analysis.MatrixCell, b bands, currency string) *picture {
	p := &picture{ID: "charges", Title: "Revenue by segment and band",
		Caption: "The length is recurring revenue a month" + in(currency) + "; worst band first."}
	var segments []string
	sums := make(map[string]decimal.Decimal)
	top, hatched := decimal.Zero, false
	for _, c := range cells {
		if c.Monthly.Sign() > 0 && !slices.Contains(segments, c.Segment) {
			segments = append(segments, c.Segment)
		}
		sums[c.Segment] = sums[c.Segment].Add(c.Monthly)
		hatched = hatched || c.Accounts > 0 && b.class(c.Band) == "hatch"
	}
	for _, s := range segments {
		top = decimal.Max(top, sums[s])
	}
	if top.Sign() <= 0 {
		return nil
	}
	b.legend(p, hatched)
	var says []string
	for _, s := range segments {
		p.text(0, p.y+14, 220, "t", pretty(s))
		p.end(across, p.y+14, "t num", whole(sums[s]))
		x, shares := 0.0, ""
		for _, c := range cells {
			if c.Segment != s || c.Accounts == 0 {
				continue
			}
			w := across * ratio(c.Monthly, top)
			b.bar(p, x, p.y+20, w, 14, c.Band)
			x += float64(w)
			if shares != "" {
				shares += " · "
			}
			shares += c.Band + " " + percent(ratio(c.Monthly, sums[s]))
		}
		p.text(0, p.y+48, across, "s", shares)
		says = append(says, pretty(s)+" "+whole(sums[s])+" ("+shares+")")
		p.y += 62
	}
	p.Desc = phrases("Recurring revenue a month"+in(currency)+": ", says, 40)
	return p
}

// in prints " in USD".
func in(currency string) string {
	if currency == "" {
		return ""
	}
	return " in " + currency
}
