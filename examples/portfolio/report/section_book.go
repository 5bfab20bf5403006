package report

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
	"github.com/customersuccess-go/customersuccess/health"
)

// revenue prints a sum of recurring revenue, where the book has any.
func revenue(r *analysis.Result, d decimal.Decimal) string {
	if r.Totals.Monthly.IsZero() {
		return unknown
	}
	return amount(d, r.Currency)
}

// monthly heads a column of recurring revenue.
func monthly(r *analysis.Result) string { return join(" ", r.Currency, "a month") }

func tiles(r *analysis.Result) []tile {
	t := r.Totals
	all := []tile{
		{"Accounts", count(t.Accounts), leftWords(r)},
		{"Recurring revenue a month", unknown, "contracts.csv would tell"},
		{upper(indexOf(r)) + " known", count(t.Known), knownOf(r)},
		{"Band certain", count(t.Certain), "whatever the missing inputs are"},
	}
	if !t.Monthly.IsZero() {
		all[1] = tile{"Recurring revenue a month", money(t.Monthly, r.Currency), ""}
		if t.LeftKnown > 0 {
			all[1].Note = leftRevenue(r)
		}
	}
	return all
}

// knownOf says of how many accounts a score was asked for: of those still here, or in a snapshot of all.
func knownOf(r *analysis.Result) string {
	all := 0
	for _, row := range r.Bands {
		all += row.Accounts
	}
	if all == 0 || all == r.Totals.Accounts {
		return "of " + plural(r.Totals.Accounts, "account")
	}
	return "of the " + count(all) + " still here"
}

// leftWords says how many left.
func leftWords(r *analysis.Result) string {
	t := r.Totals
	if t.LeftKnown == 0 {
		return "who left is unknown"
	}
	words := of(t.Left, t.LeftKnown) + " left (" + fixed(float64(t.Left)/float64(t.LeftKnown)*100, 2) + "%)"
	if t.LeftKnown < t.Accounts {
		words += "; of the other " + count(t.Accounts-t.LeftKnown) + " it is unknown"
	}
	return words
}

func aboutSection(r *analysis.Result) section {
	s := section{ID: "about", Title: "What this is, and what can’t be said"}
	about := &block{Words: r.About}
	if len(r.About) == 0 {
		about.Unknown = []string{"Nothing is said about this data."}
	}
	s.Blocks = append(s.Blocks, about)
	if len(r.Limits) > 0 {
		s.Blocks = append(s.Blocks, &block{Title: "What can’t be said", List: r.Limits})
	}
	if len(r.Unlocks) > 0 {
		t := table{Caption: "What would be known with one more file", Head: []column{text("Unknown"), text("Unlocked by")}}
		for _, u := range r.Unlocks {
			t.Rows = append(t.Rows, []string{u.What, u.File})
		}
		s.Blocks = append(s.Blocks, &block{Title: "What is unknown, and what would unlock it", Tables: []table{t}})
	}
	return s
}

func bookSection(r *analysis.Result) section {
	t := r.Totals
	b := &block{}
	if t.Accounts == 0 {
		b.Unknown = unlock("the book", "accounts.csv")
	} else {
		b.Words = []string{upper(plural(t.Accounts, "account")) + "; " + leftWords(r) + "."}
		if t.Monthly.IsZero() {
			b.Unknown = unlock("recurring revenue", "contracts.csv")
		} else {
			words := "Recurring revenue is " + money(t.Monthly, r.Currency) + " a month"
			if t.LeftKnown > 0 {
				words += "; " + leftRevenue(r)
			}
			b.Words = append(b.Words, words+".")
		}
	}
	if len(r.Inputs) == 0 {
		b.Unknown = append(b.Unknown, unlock("inputs of the score", "usage.csv, surveys.csv and tickets.csv")...)
		return section{ID: "book", Title: "The book", Blocks: []*block{b}}
	}
	b.Pictures = pictures(coverage(r.Inputs))
	b.Words = append(b.Words, "Missing, zero, not applicable and failed are four things: nothing that is missing counts as zero or as healthy.")
	inputs := table{Caption: "Accounts by input", Folded: true, Wide: true, Head: []column{text("Input"), text("For"), number("Known"),
		number("Missing"), number("Not applicable"), number("Failed")}}
	for _, in := range r.Inputs {
		inputs.Rows = append(inputs.Rows, []string{pretty(in.Name), in.Group, count(in.Known), count(in.Missing), count(in.NotApplicable), count(in.Failed)})
	}
	files := table{Caption: "Input files", Head: []column{text("File"), number("Rows"), number("Rejected")}}
	for _, f := range r.Files {
		rows, rejected := count(f.Rows), count(f.Rejected)
		if !f.Present {
			rows, rejected = "not there", ""
		}
		files.Rows = append(files.Rows, []string{f.Name, rows, rejected})
	}
	b.Tables = append(b.Tables, inputs)
	if len(r.Files) > 0 {
		b.Tables = append(b.Tables, files)
	}
	return section{ID: "book", Title: "The book", Blocks: []*block{b}}
}

func segmentSection(r *analysis.Result) section {
	s := section{ID: "segments", Title: "Segments"}
	if len(r.Segments) == 0 {
		s.Blocks = []*block{{Unknown: unlock("segments", "accounts.csv with contracts.csv, and a scheme.json with -config")}}
		return s
	}
	t := table{Caption: "Segments, in order of the scheme", Head: []column{text("Segment"), number("Accounts"), number("Left"),
		number(monthly(r)), number(upper(touchesHead(r))), number("Hours a year")}}
	var why []string
	left := 0
	for _, row := range r.Segments {
		n, _ := touchesOf(r, row)
		t.Rows = append(t.Rows, []string{pretty(row.Segment), count(row.Accounts), count(row.Left), revenue(r, row.Monthly), n, points(row.Hours)})
		left += row.Left
		if row.Why != "" {
			why = append(why, pretty(row.Segment)+": "+row.Why)
		}
	}
	if left == 0 {
		t.drop(2, r)
	}
	b := &block{Tables: []table{t}, List: why}
	s.Blocks = append(s.Blocks, b)
	proof := &block{Title: "Is the scheme without gaps?"}
	if r.Proof.Text != "" {
		proof.Words = []string{r.Proof.Text}
	}
	for _, f := range r.Proof.Findings {
		proof.List = append(proof.List, string(f.Class)+": "+join(" ", f.Message, f.Pointer))
	}
	if r.Proof.Text == "" && len(r.Proof.Findings) == 0 {
		proof.Unknown = []string{"The scheme was not verified."}
	}
	s.Blocks = append(s.Blocks, proof)
	if p := charges(r.Matrix, bandsOf(r), r.Currency); p != nil {
		s.Blocks = append(s.Blocks, &block{Pictures: []*picture{p}, Tables: []table{matrix(r)}})
	} else {
		s.Blocks = append(s.Blocks, &block{Unknown: unlock("revenue by segment and band", "contracts.csv")})
	}
	return s
}

// matrix is the table behind the picture of charges.
func matrix(r *analysis.Result) table {
	t := table{Caption: "Accounts and revenue by segment and band", Head: []column{text("Segment"), text("Band"), number("Accounts"), number(monthly(r))}}
	for _, c := range r.Matrix {
		if c.Accounts > 0 {
			t.Rows = append(t.Rows, []string{pretty(c.Segment), c.Band, count(c.Accounts), revenue(r, c.Monthly)})
		}
	}
	return t
}

// indexOf names the score.
func indexOf(r *analysis.Result) string {
	if r.Index == "" {
		return "score"
	}
	return r.Index
}

func indexSection(r *analysis.Result) section {
	s := section{ID: "index", Title: upper(indexOf(r))}
	b := &block{}
	s.Blocks = append(s.Blocks, b)
	if len(r.Bands) == 0 {
		b.Unknown = unlock("the "+indexOf(r), "usage.csv, surveys.csv, tickets.csv and outcomes.csv")
		return s
	}
	t := r.Totals
	b.Words = []string{"It is known of " + count(t.Known) + " accounts, and of " + count(t.Certain) +
		" the band is certain: no value of what is missing would change it."}
	rows := table{Caption: "Bands, worst first", Head: []column{text("Band"), number("Accounts"), number("Share"), number("Left"), number("Certain"), number(monthly(r))}}
	all, left := 0, 0
	for _, row := range r.Bands {
		all, left = all+row.Accounts, left+row.Left
	}
	for _, row := range r.Bands {
		rows.Rows = append(rows.Rows, []string{row.Band, count(row.Accounts), part(row.Accounts, all), count(row.Left),
			count(row.Certain), revenue(r, row.Monthly)})
	}
	if left == 0 {
		rows.drop(3, r)
	}
	b.Tables = []table{rows}
	if r.Outcomes == nil {
		b.Unknown = append(b.Unknown, unlock("outcomes, for all accounts", "outcomes.csv with measurements.csv")...)
	}
	b.Pictures = pictures(histogram(r.Histogram, indexOf(r)))
	if len(b.Pictures) == 0 {
		b.Unknown = append(b.Unknown, unlock("the distribution of the "+indexOf(r), "usage.csv and surveys.csv")...)
	}
	return s
}

// drop takes out the column of those who left, where none of the table's accounts did.
func (t *table) drop(i int, r *analysis.Result) {
	t.Head = slices.Delete(t.Head, i, i+1)
	for j := range t.Rows {
		t.Rows[j] = slices.Delete(t.Rows[j], i, i+1)
	}
	if r.Totals.Left > 0 {
		t.Caption += ": those still here"
	}
}

// chip is the class of a band's chip.
func chip(r *analysis.Result, s health.Score) string { return bandsOf(r).class(s.Band) }

// leftRevenue says what those who left pay or paid. A snapshot still holds it; where there are dates it has gone.
func leftRevenue(r *analysis.Result) string {
	t := r.Totals
	if r.Dated {
		return "those who left paid " + money(t.MonthlyLeft, r.Currency)
	}
	return money(t.MonthlyLeft, r.Currency) + " of it (" + percent(ratio(t.MonthlyLeft, t.Monthly)) + ") is of those who left"
}
