package report

import (
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
)

func bookedBlock(r *analysis.Result) *block {
	b := &block{Title: "What is booked?"}
	x := r.Booked
	if x == nil {
		b.Unknown = unlock("value booked, against what was promised and stated", "ledger.csv")
		return b
	}
	b.Words = []string{bookedWords(x), sumWords(x)}
	b.Pictures = []*picture{booked(x)}
	if all := comparisons(x); len(all) > 0 {
		t := table{Caption: "Booked against promised and stated", Head: []column{text("At the accounts that have it")},
			Rows: [][]string{{"accounts"}, {"what was promised in the sale, or stated for a year" + in(x.Currency)}, {"booked there" + in(x.Currency)}, {"share"}, {"accounts with as much booked"}}}
		for _, a := range all {
			t.Head = append(t.Head, number(a.name))
			for i, cell := range []string{count(a.Accounts), amount(a.Amount, x.Currency), amount(a.Booked, x.Currency), shareOf(a.Against), count(a.Covered)} {
				t.Rows[i] = append(t.Rows[i], cell)
			}
		}
		b.Tables = append(b.Tables, t)
	}
	lines := table{Caption: "Booked by benefit and evidence" + in(x.Currency), Wide: true, Head: []column{text("Benefit"), text("Evidence"),
		number("Postings"), number("Amount")}}
	entries, sum := 0, decimal.Decimal{}
	for _, l := range x.Lines {
		lines.Rows = append(lines.Rows, []string{l.Benefit, pretty(string(l.Evidence)), count(l.Entries),
			amount(l.Amount, x.Currency)})
		entries, sum = entries+l.Entries, sum.Add(l.Amount)
	}
	lines.Rows = append(lines.Rows, []string{"sum of the lines", "", count(entries), amount(sum, x.Currency)})
	b.Tables = append(b.Tables, lines)
	return b
}

// bookedWords says what is booked, and what was taken back of it.
func bookedWords(x *analysis.Booked) string {
	words := "Booked is " + money(x.Amount, x.Currency) + " at " + plural(x.Accounts, "customer") + " still here: " +
		money(x.Posted, x.Currency) + " in " + entriesOf(x.Entries)
	if x.Reversed == 0 {
		return words + "; none was taken back."
	}
	return words + ", less " + money(x.TakenBack, x.Currency) + " of " + count(x.Reversed) + " that were taken back."
}

func entriesOf(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return count(n) + " entries"
}

// sumWords holds the lines against the total.
func sumWords(x *analysis.Booked) string {
	var sum decimal.Decimal
	for _, l := range x.Lines {
		sum = sum.Add(l.Amount)
	}
	if !sum.Equal(x.Amount) {
		return "The lines sum to " + money(sum, x.Currency) + ", which is not the total: do not use these figures."
	}
	return "The " + count(len(x.Lines)) + " lines by benefit and evidence sum to it to the cent."
}

// againstWords holds what is booked against what was promised and stated.
func againstWords(x *analysis.Booked) []string {
	promised, stated := "What was promised in the sale is unknown; promises.csv would tell.", "Stated value is unknown; value.csv would tell."
	if a := x.Promised; a != nil {
		promised = "Promised in the sale, and not waived: " + money(a.Amount, x.Currency) + " at " + plural(a.Accounts, "account") +
			"; booked there: " + money(a.Booked, x.Currency) + ". As much as was promised is booked at " + of(a.Covered, a.Accounts) + "."
	}
	if a := x.Stated; a != nil {
		stated = "Stated by the formulas for a year: " + money(a.Amount, x.Currency) + " at " + plural(a.Accounts, "account") +
			"; booked there for the year before: " + money(a.Booked, x.Currency) + ", " + shareOf(a) + " of it."
	}
	return []string{promised, stated}
}

// shareOf is what is booked as a share of the other figure, where that is above 0.
func shareOf(a *analysis.Against) string {
	if !a.Amount.IsPositive() {
		return unknown
	}
	return percent(ratio(a.Booked, a.Amount))
}

func textBooked(t *terminal, r *analysis.Result) {
	x := r.Booked
	if x == nil {
		t.paragraph("", "Booked value: unknown; ledger.csv would tell.")
		return
	}
	t.paragraph("", bookedWords(x)+" "+sumWords(x))
	for _, words := range againstWords(x) {
		t.paragraph("- ", words)
	}
	rows := [][]string{{"booked", "by", x.Currency}}
	for _, by := range []struct {
		name  string
		parts []analysis.BookedPart
	}{{"rung", x.Rungs}, {"driver", x.Drivers}, {"evidence", x.Evidence}} {
		for _, part := range by.parts {
			rows = append(rows, []string{pretty(part.Group), by.name, amount(part.Amount, x.Currency)})
		}
	}
	t.table("llr", rows)
}
