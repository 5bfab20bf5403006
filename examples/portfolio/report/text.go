package report

import (
	"io"
	"slices"
	"strings"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
)

// Lists of the terminal are short; the page has more of each.
const (
	mostViews = 5
	mostMoves = 3
	mostRows  = 10
)

// Text writes a summary for a terminal of so many columns; fewer than 60 count as 60, more than 90 as 90.
func Text(w io.Writer, r *analysis.Result, width int) error {
	t := &terminal{width: min(max(width, 60), 90)}
	t.paragraph("", banner(r))
	t.line("")
	t.line(cut(titleOf(r), t.width))
	t.paragraph("", when(r)+". "+upper(plural(r.Totals.Accounts, "account"))+"; "+leftWords(r)+". "+revenueWords(r))
	for _, limit := range r.Limits {
		t.paragraph("- ", limit)
	}
	textBands(t, r)
	textViews(t, r, "Riskiest of those still here", r.Riskiest, mostViews)
	textViews(t, r, "Movers since a quarter ago", r.Movers, mostMoves)
	textTrial(t, r)
	textJourney(t, r)
	textSegments(t, r)
	textValue(t, r)
	textRetention(t, r)
	textPlanted(t, r)
	textUnknown(t, r)
	textRejects(t, r)
	_, err := io.WriteString(w, clean(t.out.String()))
	return err
}

func revenueWords(r *analysis.Result) string {
	switch {
	case r.Totals.Monthly.IsZero():
		return "Recurring revenue is unknown."
	case r.Totals.LeftKnown == 0:
		return money(r.Totals.Monthly, r.Currency) + " a month."
	}
	return money(r.Totals.Monthly, r.Currency) + " a month; " + leftRevenue(r) + "."
}

func textBands(t *terminal, r *analysis.Result) {
	t.head(upper(indexOf(r)))
	if len(r.Bands) == 0 {
		t.missing("usage.csv, surveys.csv, tickets.csv and outcomes.csv")
		return
	}
	align, rows := "lrrr", [][]string{{"band", "accounts", "certain", monthly(r)}}
	left := slices.ContainsFunc(r.Bands, func(b analysis.BandRow) bool { return b.Left > 0 })
	if left {
		align, rows[0] = "lrrrr", append(rows[0], "of whom left")
	}
	for _, b := range r.Bands {
		row := []string{b.Band, count(b.Accounts), count(b.Certain), revenue(r, b.Monthly)}
		if left {
			row = append(row, count(b.Left))
		}
		rows = append(rows, row)
	}
	t.table(align, rows)
	t.paragraph("", "Certain: no value of what is missing would change the band.")
	if r.Outcomes == nil {
		t.paragraph("", "Outcomes are unknown for all: outcomes.csv with measurements.csv would tell.")
	}
}

func textViews(t *terminal, r *analysis.Result, head string, views []analysis.AccountView, most int) {
	if len(views) == 0 {
		return
	}
	t.head(head)
	rows := [][]string{{"account", "segment", "score", "band", monthly(r)}}
	shown := views[:min(len(views), most)]
	for _, v := range shown {
		rows = append(rows, []string{v.Account, pretty(v.Segment), moves(v), v.Score.Band, revenue(r, v.Monthly)})
	}
	lines := t.lay("llllr", rows)
	t.line(lines[0])
	for i, v := range shown {
		t.line(lines[i+1])
		for _, reason := range v.Reasons[:min(len(v.Reasons), 3)] {
			t.line(cut("    "+single(reason), t.width))
		}
	}
	t.more(len(views)-len(shown), "account", "in the report")
}

func textTrial(t *terminal, r *analysis.Result) {
	t.head("Does it tell who leaves?")
	if s := r.Separation; s != nil {
		t.paragraph("", join(" ", "Separation: AUC "+auc(s.Overall)+".", strings.Join(verdict(s.Verdict), ""), s.Caution))
	}
	if b := r.Backtest; b != nil {
		t.paragraph("", join(" ", "Backtest:", trialWords(b), strings.Join(verdict(b.Verdict), "")))
	} else {
		t.paragraph("", "A backtest is not possible: left_at in accounts.csv and dated rows would allow one.")
	}
}

func textJourney(t *terminal, r *analysis.Result) {
	t.head("Journey")
	if len(r.Phases) == 0 {
		t.missing("milestones.csv, or usage.csv with the signals of map.json")
		return
	}
	rows := [][]string{{"phase", "accounts", "behind", "stuck", "clock unknown", "dwell, days"}}
	for _, p := range r.Phases {
		title, days := p.Title, unknown
		if title == "" {
			title = upper(pretty(p.Phase))
		}
		if p.Dwelt {
			days = points(p.Dwell)
		}
		rows = append(rows, []string{title, count(p.Accounts), paced(p, p.Behind), paced(p, p.Stuck), count(p.Unknown), days})
	}
	t.table("lrrrrr", rows)
	if len(r.Stalled) == 0 {
		return
	}
	t.line("")
	rows = [][]string{{"stalled", "phase"}}
	shown := r.Stalled[:min(len(r.Stalled), mostViews)]
	for _, v := range shown {
		rows = append(rows, []string{v.Account, phaseWords(v)})
	}
	lines := t.lay("ll", rows)
	t.line(lines[0])
	for i, v := range shown {
		t.line(lines[i+1])
		t.line(cut("    missing: "+single(stands(v)), t.width))
	}
	t.more(len(r.Stalled)-len(shown), "account", "in the report")
}

func textSegments(t *terminal, r *analysis.Result) {
	t.head("Segments and touches")
	if len(r.Segments) == 0 {
		t.missing("accounts.csv with contracts.csv, and a scheme.json with -config")
		return
	}
	align, head := "lrrrrr", []string{"segment", "accounts", monthly(r), touchesHead(r), "hours due", "hours a year"}
	if !r.Dated {
		align, head = "lrrrr", append(head[:4:4], head[5])
	}
	rows := [][]string{head}
	for _, s := range r.Segments {
		n, hours := touchesOf(r, s)
		row := []string{pretty(s.Segment), count(s.Accounts), revenue(r, s.Monthly), n}
		if r.Dated {
			row = append(row, hours)
		}
		rows = append(rows, append(row, points(s.Hours)))
	}
	t.table(align, rows)
	if r.Proof.Text != "" {
		t.paragraph("", r.Proof.Text)
	}
}

func textValue(t *terminal, r *analysis.Result) {
	t.head("Outcomes and value")
	if r.Outcomes == nil {
		t.paragraph("", "Outcomes: unknown; outcomes.csv with measurements.csv would tell.")
	} else {
		for _, words := range outcomeWords(r.Outcomes, r.Currency) {
			t.paragraph("", words)
		}
	}
	textNeeds(t, r)
	if r.Value == nil {
		t.paragraph("", "Value: unknown; value.csv would tell.")
	} else {
		t.paragraph("", valueWords(r.Value))
	}
	textBooked(t, r)
	if r.Leakage == nil || len(r.Leakage.Steps) == 0 {
		t.paragraph("", "Leakage: unknown; leakage.csv would tell.")
	} else {
		for _, words := range leakageWords(r.Leakage) {
			t.paragraph("", words)
		}
	}
	if r.Incidence == nil {
		t.paragraph("", "Time to value: unknown; dated milestones.csv or measurements.csv would tell.")
	} else {
		t.paragraph("", incidenceWords(r.Incidence))
	}
}
