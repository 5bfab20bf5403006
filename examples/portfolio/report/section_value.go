package report

import (
	"time"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
	"github.com/customersuccess-go/customersuccess/ladder"
)

const day = 24 * time.Hour

func journeySection(r *analysis.Result) section {
	s := section{ID: "journey", Title: "Journey"}
	if len(r.Phases) == 0 {
		s.Blocks = []*block{{Unknown: unlock("phases", "milestones.csv, or usage.csv with the signals of map.json")}}
		return s
	}
	t := table{Caption: "Phases, in order of the map", Wide: true, Head: []column{text("Phase"), number("Accounts"), number("Behind"), number("Stuck"),
		number("Clock unknown"), number("Dwell, days")}}
	b := &block{Pictures: []*picture{journeyMap(r.Phases)}}
	clocks, accounts := 0, 0
	for _, row := range r.Phases {
		title, dwell := row.Title, unknown
		if title == "" {
			title = upper(pretty(row.Phase))
		}
		if row.Dwelt {
			dwell = points(row.Dwell)
		}
		t.Rows = append(t.Rows, []string{title, count(row.Accounts), paced(row, row.Behind), paced(row, row.Stuck), count(row.Unknown), dwell})
		if row.Note != "" {
			b.List = append(b.List, title+": "+row.Note)
		}
		clocks, accounts = clocks+row.Unknown, accounts+row.Accounts
	}
	switch {
	case clocks == 0:
	case r.Dated:
		b.Words = []string{"The pace of " + of(clocks, accounts) + " accounts is unknown: their phase declares none, or its start has no date."}
	default:
		b.Unknown = unlock("since when "+of(clocks, accounts)+" accounts are in their phase", "milestones.csv with dates")
	}
	if len(r.Stalled) > 0 {
		b.Tables = append(b.Tables, stalled(r))
	}
	b.Tables = append(b.Tables, t)
	s.Blocks = append(s.Blocks, b)
	return s
}

// paced prints a number of accounts that are late, where any has a clock.
func paced(row analysis.PhaseRow, n int) string {
	if row.Unknown > 0 && row.Unknown >= row.Accounts {
		return unknown
	}
	return count(n)
}

// stalled lists accounts that stand still.
func stalled(r *analysis.Result) table {
	t := table{Caption: "Stalled accounts, and what is missing", Head: []column{text("Account"), number(monthly(r)), text("Phase"), text("Missing")}}
	if len(r.Stalled) > mostCards {
		t.Caption += ": the first " + count(mostCards) + " of " + count(len(r.Stalled))
	}
	for _, v := range r.Stalled[:min(len(r.Stalled), mostCards)] {
		t.Rows = append(t.Rows, []string{v.Account, revenue(r, v.Monthly), phaseWords(v), stands(v)})
	}
	return t
}

func outcomeSection(r *analysis.Result) section {
	s := section{ID: "outcomes", Title: "Outcomes"}
	o := r.Outcomes
	if o == nil {
		s.Blocks = []*block{{Unknown: unlock("what customers came for, and whether they got it", "outcomes.csv with measurements.csv")}, needBlock(r)}
		return s
	}
	b := &block{Words: outcomeWords(o, r.Currency), Pictures: nil}
	if len(r.Quadrant) > 0 {
		b.Pictures = []*picture{quadrant(r.Quadrant)}
	} else {
		b.Unknown = unlock("outcome against experience", "measurements.csv with usage.csv and surveys.csv")
	}
	b.Tables = []table{{Caption: "Outcomes of the success plans", Head: []column{text("Outcomes"), number("Number")}, Rows: [][]string{
		{"agreed with the customer", count(o.Agreed)}, {"achieved", count(o.Achieved)},
		{"confirmed by the customer", count(o.Confirmed)}, {"achieved once, below the goal again", count(o.Lost)}}}}
	s.Blocks = []*block{b, needBlock(r)}
	return s
}

// outcomeWords sums up plans and promises.
func outcomeWords(o *analysis.Outcomes, currency string) []string {
	words := plural(o.Plans, "success plan") + "; " + of(o.Known, o.Plans) + " have a measured outcome."
	if o.Known > 0 {
		words += " Mean attainment of these is " + percent(o.Mean) + "; it covers " + percent(o.Coverage) + " of the plans' weight, the rest is not measured."
	}
	return []string{words, "Promises from the sale that nothing answers: " + money(o.Debt, currency) + " at " + plural(o.Debtors, "account") + "."}
}

func valueSection(r *analysis.Result) section {
	return section{ID: "value", Title: "Value", Blocks: []*block{valueBlock(r), bookedBlock(r), leakageBlock(r), incidenceBlock(r)}}
}

func valueBlock(r *analysis.Result) *block {
	b := &block{Title: "What was it worth?"}
	if len(r.Rungs) > 0 {
		b.Pictures = []*picture{valueLadder(r.Rungs, ladderCurrency(r))}
	}
	if r.Value == nil {
		b.Unknown = unlock("value realized", "value.csv")
		return b
	}
	b.Words = []string{valueWords(r.Value)}
	if len(r.Value.Drivers) > 0 {
		b.Pictures = append(b.Pictures, drivers(r.Value.Drivers, r.Value.Currency))
	}
	return b
}

// ladderCurrency is that of what is stated and booked.
func ladderCurrency(r *analysis.Result) string {
	switch {
	case r.Value != nil:
		return r.Value.Currency
	case r.Booked != nil:
		return r.Booked.Currency
	}
	return ""
}

// valueWords sums up value statements.
func valueWords(v *analysis.Value) string {
	words := "Value claimed is " + money(v.Gross, v.Currency) + "; after the haircut for weak evidence " + money(v.Adjusted, v.Currency) + " stands, "
	if v.Cost.IsZero() {
		words += "against a cost that is unknown."
	} else {
		words += "against a cost of " + money(v.Cost, v.Currency) + "."
	}
	if v.Unknown > 0 {
		words += " " + of(v.Unknown, v.Known+v.Unknown) + " lines are unknown and not in these sums."
	}
	return words
}

func leakageBlock(r *analysis.Result) *block {
	b := &block{Title: "Where does value get lost?"}
	l := r.Leakage
	if l == nil || len(l.Steps) == 0 {
		b.Unknown = unlock("leakage", "leakage.csv")
		return b
	}
	b.Words = leakageWords(l)
	b.Pictures = []*picture{leakage(l)}
	t := table{Caption: "Losses between stages", Head: []column{text("Between"), number("Lost" + in(l.Currency)), text("Located")}}
	for _, step := range l.Steps {
		lost, where := unknown, "yes"
		if step.Known {
			lost = amount(step.Amount, l.Currency)
		}
		if !step.Located {
			where = "over " + between(step)
		}
		t.Rows = append(t.Rows, []string{string(step.From) + " to " + string(step.To), lost, where})
	}
	b.Tables = []table{t}
	return b
}

// leakageWords states the two subtotals, which are never added.
func leakageWords(l *ladder.Leakage) []string {
	show := func(a ladder.Amount) string { return join(" ", l.Currency, extent(a, amountIn(l.Currency))) }
	words := "Value lost between potential and achieved: " + show(l.Value) + ". Had and not seen, between achieved and felt: " + show(l.Visibility) + "."
	if l.AtStake != nil {
		words += " At stake, since what is felt is unknown: " + money(*l.AtStake, l.Currency) + "."
	}
	return []string{words}
}

func incidenceBlock(r *analysis.Result) *block {
	b := &block{Title: "How long until value?"}
	if r.Incidence == nil || len(r.Incidence.Steps) == 0 {
		b.Unknown = unlock("time to value", "milestones.csv or measurements.csv with dates, with since in accounts.csv")
		return b
	}
	b.Words = []string{incidenceWords(r.Incidence)}
	b.Pictures = pictures(incidence(r.Incidence))
	return b
}

// incidenceWords says how far a cohort came.
func incidenceWords(in *analysis.Incidence) string {
	words := "Of " + plural(in.N, "account") + " " + count(in.Valued) + " have seen value, " + count(in.LeftN) + " left before, " +
		count(in.Pending) + " wait."
	if in.Median == nil {
		return words + " The median time to value is not reached."
	}
	return words + " The median time to value is " + points(*in.Median) + " days, with those who wait or left counted as what they are."
}
