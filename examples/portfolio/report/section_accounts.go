package report

import (
	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
	"github.com/customersuccess-go/customersuccess/journey"
)

// most accounts of a list that a page shows.
const mostCards = 12

func accountSection(r *analysis.Result) section {
	s := section{ID: "accounts", Title: "Accounts to look at"}
	risk := &block{Title: "Riskiest of those still here"}
	if len(r.Riskiest) == 0 {
		risk.Unknown = unlock("the riskiest accounts", "usage.csv, surveys.csv and tickets.csv")
	}
	risk.Cards, risk.Words = cards(r, r.Riskiest)
	s.Blocks = append(s.Blocks, risk)
	moved := &block{Title: "Movers since a quarter ago"}
	if len(r.Movers) == 0 {
		moved.Unknown = unlock("movers", "dated rows in usage.csv and surveys.csv")
	}
	moved.Cards, moved.Words = cards(r, r.Movers)
	s.Blocks = append(s.Blocks, moved)
	if r.Example != nil {
		s.Blocks = append(s.Blocks, example(r, *r.Example))
	}
	return s
}

// cards shows accounts, and says how many it does not show.
func cards(r *analysis.Result, views []analysis.AccountView) ([]card, []string) {
	var all []card
	for _, v := range views[:min(len(views), mostCards)] {
		c := card{Account: v.Account, Band: v.Score.Band, Class: chip(r, v.Score), Line: line(r, v), Score: moves(v)}
		c.Groups = groups(group{"Reasons", v.Reasons[:min(len(v.Reasons), 3)]}, group{"What would lift it", v.Levers}, group{"Find out next", v.Ask})
		all = append(all, c)
	}
	if len(views) > mostCards {
		return all, []string{"The first " + count(mostCards) + " of " + count(len(views)) + "; -json has all."}
	}
	return all, nil
}

func groups(all ...group) []group {
	var kept []group
	for _, g := range all {
		if len(g.Items) > 0 {
			kept = append(kept, g)
		}
	}
	return kept
}

// line says what an account is: its segment and its revenue.
func line(r *analysis.Result, v analysis.AccountView) string {
	words := "revenue unknown"
	if !r.Totals.Monthly.IsZero() {
		words = money(v.Monthly, r.Currency) + " a month"
	}
	return join(" · ", pretty(v.Segment), words)
}

// moves prints the score, and where it came from.
func moves(v analysis.AccountView) string {
	if v.Before != 0 && v.Score.Known {
		return points(v.Before) + " → " + points(v.Score.Value)
	}
	return scored(v.Score)
}

func example(r *analysis.Result, v analysis.AccountView) *block {
	b := &block{Title: "One account in full: " + v.Account, Words: []string{line(r, v) + " · " + scored(v.Score) + ", " + v.Score.Band + "."}}
	if v.Decision != nil {
		b.Words = append(b.Words, "Journey: "+phaseWords(v)+".")
	}
	b.List = append(b.List, v.Reasons...)
	for _, lever := range v.Levers {
		b.List = append(b.List, "Lever: "+lever)
	}
	for _, ask := range v.Ask {
		b.List = append(b.List, "Find out: "+ask)
	}
	if len(v.Score.Parts) == 0 {
		b.Unknown = unlock("what the score is made of", "usage.csv, surveys.csv and tickets.csv")
		return b
	}
	b.Pictures = []*picture{waterfall(v, bandsOf(r))}
	t := table{Caption: "Parts of the score of " + v.Account, Wide: true, Head: []column{text("Part"), number("Value"), number("On curve"), number("Weight"), number("Points"), text("State")}}
	for _, part := range v.Score.Parts {
		row := []string{pretty(part.Path), fixed(part.Reading.Value, 2), points(part.OnCurve), percent(part.Weight), points(part.Points), "counts"}
		if part.Why != "" {
			row = []string{pretty(part.Path), "–", "–", "–", "–", why(part.Why)}
		}
		t.Rows = append(t.Rows, row)
	}
	b.Tables = []table{t}
	return b
}

// phaseWords says where an account is on its journey.
func phaseWords(v analysis.AccountView) string {
	d := v.Decision
	if d == nil {
		return unknown
	}
	clock := map[journey.ClockState]string{journey.OnTrack: "on pace", journey.Behind: "behind", journey.Stuck: "stuck", journey.Paused: "paused"}[d.Clock.State]
	if clock == "" {
		clock = "pace unknown"
	} else if days := d.Clock.InPhase; days > 0 {
		clock += " after " + plural(int(days/journey.Duration(day)), "day")
	}
	return join(", ", pretty(d.Phase), clock)
}

// stands says what stands in the way of an account.
func stands(v analysis.AccountView) string {
	if v.Missing != "" {
		return v.Missing
	}
	if v.Decision == nil {
		return unknown
	}
	words := ""
	for _, m := range v.Decision.Missing {
		if title := m.Title; title != "" {
			words = join("; ", words, title)
		} else {
			words = join("; ", words, pretty(m.Milestone+m.Move))
		}
	}
	if words == "" {
		return unknown
	}
	return words
}
