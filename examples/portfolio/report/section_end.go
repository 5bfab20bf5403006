package report

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
)

// most bad rows and refused accounts that are listed.
const mostRejects = 50

func retentionSection(r *analysis.Result) section {
	s := section{ID: "retention", Title: "Revenue retention"}
	if len(r.Retention) == 0 {
		s.Blocks = []*block{{Unknown: unlock("NRR, GRR and movements", "contracts.csv with from and to, or invoices.csv")}}
		return s
	}
	t := table{Caption: "Recurring revenue by period" + in(r.Currency), Folded: true, Wide: true, Head: []column{text("Period"), number("Start"), number("New"), number("Returned"),
		number("Expansion"), number("Contraction"), number("Churn"), number("End"), number("NRR"), number("GRR"), number("Customers"), number("Lost")}}
	for _, row := range r.Retention {
		cells := []string{periodOf(row)}
		for _, d := range []decimal.Decimal{row.Start, row.New, row.Reactivation, row.Expansion, row.Contraction, row.Churn, row.End} {
			cells = append(cells, amount(d, r.Currency))
		}
		t.Rows = append(t.Rows, append(cells, rate(row.NRR), rate(row.GRR), count(row.Customers), count(row.Lost)))
	}
	ends := table{Caption: "Customers", Head: []column{text("Period"), number("At the end"), number("Lost"), number(join(" ", r.Currency, "at the end"))}}
	for _, row := range r.Retention {
		ends.Rows = append(ends.Rows, []string{periodOf(row), count(row.Customers), count(row.Lost), amount(row.End, r.Currency)})
	}
	b := &block{Pictures: []*picture{retention(r.Retention, r.Currency)}, Tables: []table{ends, t}}
	if words := lastWhole(r.Retention); words != "" {
		b.Words = []string{words}
	}
	s.Blocks = []*block{b}
	return s
}

func periodOf(row analysis.RetentionRow) string {
	if row.Partial {
		return row.Period + ", in part"
	}
	return row.Period
}

// lastWhole states the rates of the last whole period.
func lastWhole(rows []analysis.RetentionRow) string {
	for i := len(rows) - 1; i >= 0; i-- {
		if row := rows[i]; !row.Partial {
			return "In " + row.Period + ", the last whole period, NRR was " + rate(row.NRR) + " and GRR " + rate(row.GRR) + "; " +
				plural(row.Lost, "customer") + " were lost."
		}
	}
	return ""
}

func touchSection(r *analysis.Result) section {
	s := section{ID: "touches", Title: "Touches and hours"}
	if len(r.Touches) == 0 {
		s.Blocks = []*block{{Unknown: unlock("touches", "touches.csv, with a program_SEGMENT.json for each segment")}}
		return s
	}
	t := table{Caption: "Touches by segment", Head: []column{text("Segment"), text("Touch"), text("Channel"), text("Owner"), number("Due"),
		number("Overdue"), number("Held back"), number("Hours")}}
	due, late, held, hours := 0, 0, 0, 0.0
	for _, row := range r.Touches {
		t.Rows = append(t.Rows, []string{pretty(row.Segment), pretty(row.Touch), pretty(row.Channel), pretty(row.Owner), count(row.Due), count(row.Overdue),
			count(row.Held), points(row.Hours)})
		due, late, held, hours = due+row.Due, late+row.Overdue, held+row.Held, hours+row.Hours
	}
	b := &block{Words: []string{count(due) + " touches are due, " + count(late) + " of them overdue; " + count(held) + " are held back. They take " +
		points(hours) + " hours of people."}}
	if !r.Dated {
		b.Words = []string{"The programs plan " + count(due) + " touches in a year; they take " + points(hours) + " hours of people."}
		b.Unknown = unlock("which touches are due now", "touches.csv")
		t.Caption, t.Head = "Touches planned in a year, by segment", append(t.Head[:4:4], number("A year"), number("Hours"))
		for i, row := range t.Rows {
			t.Rows[i] = append(row[:5], row[7])
		}
	}
	b.Tables = []table{t}
	s.Blocks = []*block{b}
	return s
}

// touchesHead names the column of touches: without dates nothing is due, and what a year asks for is shown.
func touchesHead(r *analysis.Result) string {
	if r.Dated {
		return "touches due"
	}
	return "touches a year"
}

// touchesOf sums up the touches of a segment and their hours.
func touchesOf(r *analysis.Result, s analysis.SegmentRow) (n, hours string) {
	if len(r.Touches) == 0 {
		return unknown, unknown
	}
	due, sum := 0, 0.0
	for _, t := range r.Touches {
		if t.Segment == s.Segment {
			due, sum = due+t.Due, sum+t.Hours
		}
	}
	if r.Dated {
		due = s.Touches
	}
	return count(due), points(sum)
}

func recordSection(r *analysis.Result) section {
	s := section{ID: "record", Title: "Record"}
	facts := table{Caption: "How this report came about", Head: []column{text("What"), text("Which")}}
	for _, f := range [][]string{{"Source", r.Source}, {"Licence of the data", r.Licence}, {"Read", when(r)}, {"Command", r.Command}} {
		if f[1] == "" {
			f[1] = "not stated"
		}
		facts.Rows = append(facts.Rows, f)
	}
	s.Blocks = append(s.Blocks, &block{Tables: []table{facts}})
	s.Blocks = append(s.Blocks, rejects(r))
	if len(r.Failed) > 0 {
		t := table{Caption: "Accounts that a package refused", Head: []column{text("Account"), text("Package"), text("Reason")}}
		for _, f := range r.Failed[:min(len(r.Failed), mostRejects)] {
			t.Rows = append(t.Rows, []string{f.Account, f.Package, f.Error})
		}
		s.Blocks = append(s.Blocks, &block{Title: "Refused accounts: " + count(len(r.Failed)), Tables: []table{t}})
	}
	if len(r.Digests) > 0 {
		t := table{Caption: "Definitions, by content", Head: []column{text("Definition"), text("Name"), text("Digest")}}
		for _, d := range r.Digests {
			t.Rows = append(t.Rows, []string{d.Definition, d.Name, d.Digest})
		}
		s.Blocks = append(s.Blocks, &block{Tables: []table{t}})
	}
	return s
}

func rejects(r *analysis.Result) *block {
	b := &block{Title: "Rows that could not be read: " + count(len(r.Rejects))}
	for _, f := range r.Files {
		if f.Note != "" {
			b.List = append(b.List, f.Name+": "+f.Note)
		}
	}
	if len(r.Rejects) == 0 {
		b.Words = []string{"Every row was read."}
		return b
	}
	if len(r.Rejects) > mostRejects {
		b.Words = []string{"The first " + count(mostRejects) + "; " + count(len(r.Rejects)-mostRejects) + " more are in -json."}
	}
	t := table{Caption: "Rejected rows", Head: []column{text("File"), number("Line"), text("Column"), text("Reason")}}
	for _, x := range r.Rejects[:min(len(r.Rejects), mostRejects)] {
		column := x.Column
		if column == "" {
			column = "whole row"
		}
		t.Rows = append(t.Rows, []string{x.File, strconv.Itoa(x.Line), column, x.Reason})
	}
	b.Tables = []table{t}
	return b
}

// amountIn prints amounts of one currency.
func amountIn(currency string) func(decimal.Decimal) string {
	return func(d decimal.Decimal) string { return amount(d, currency) }
}
