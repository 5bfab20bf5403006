package report

import (
	"cmp"
	"slices"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
)

func trialSection(r *analysis.Result) section {
	s := section{ID: "trial", Title: "Does it tell who leaves?"}
	if r.Separation != nil {
		s.Blocks = append(s.Blocks, separation(r, r.Separation)...)
	}
	if r.Backtest != nil {
		s.Blocks = append(s.Blocks, backtest(r, r.Backtest)...)
	}
	if r.Separation == nil && r.Backtest == nil {
		s.Blocks = append(s.Blocks, &block{Unknown: unlock("whether the "+indexOf(r)+" tells who leaves",
			"accounts.csv with the column left, and left_at for a backtest")})
		return s
	}
	if r.Backtest == nil {
		s.Blocks = append(s.Blocks, &block{Title: "Backtest", Unknown: unlock("a backtest with lead time",
			"accounts.csv with left_at, contracts.csv with from and to, and dated rows in usage.csv")})
	}
	return s
}

func separation(r *analysis.Result, sep *analysis.Separation) []*block {
	first := &block{Title: "Separation in one snapshot", Words: append(verdict(sep.Verdict), sep.Words...)}
	if sep.Caution != "" {
		first.Unknown = []string{sep.Caution}
	}
	within := "Within " + pretty(sep.By)
	first.Pictures = pictures(forest("separation", "How well it separates",
		aucGroup{"Overall", named(indexOf(r), sep.Overall)}, aucGroup{within, sep.Within}, aucGroup{"Single columns", sep.Columns}))
	first.Tables = []table{aucTable("Separation in numbers", named(indexOf(r), sep.Overall), sep.Within, sep.Columns)}
	return append([]*block{first}, shares("left-by-band", "Who left, by band within "+pretty(sep.By), r.LeftByBand, bandsOf(r))...)
}

func verdict(words string) []string {
	if words == "" {
		return nil
	}
	return []string{"Verdict: " + words + "."}
}

// shares shows rows of shares in a picture and a table.
func shares(id, title string, rows []analysis.LeftRow, b bands) []*block {
	if len(rows) == 0 {
		return nil
	}
	if !slices.ContainsFunc(rows, func(row analysis.LeftRow) bool { return row.Group != rows[0].Group }) {
		rows = slices.Clone(rows)
		for i := range rows {
			rows[i].Group = ""
		}
	}
	t := table{Caption: title, Head: []column{text("Group"), text("Band"), number("Left"), number("Of"), number("Share"), number("95% interval")}}
	for _, row := range rows {
		share, interval := unknown, unknown
		if row.N > 0 {
			share, interval = percent(row.Share), percent(row.Low)+" to "+percent(row.High)
		}
		t.Rows = append(t.Rows, []string{pretty(row.Group), row.Band, count(row.Left), count(row.N), share, interval})
	}
	if rows[0].Group == "" {
		t.Head = t.Head[1:]
		for i := range t.Rows {
			t.Rows[i] = t.Rows[i][1:]
		}
	}
	return []*block{{Pictures: []*picture{leftByBand(id, title, rows, b)}, Tables: []table{t}}}
}

// named gives an area a name where it has none.
func named(name string, a analysis.AUC) []analysis.AUC {
	if a.Name == "" {
		a.Name = name
	}
	return []analysis.AUC{a}
}

func aucTable(caption string, groups ...[]analysis.AUC) table {
	t := table{Caption: caption, Folded: true, Wide: true, Head: []column{text("Measure"), number("AUC"), number("95% interval"), number("Left"), number("Stayed")}}
	for _, g := range groups {
		for _, a := range g {
			value, interval := unknown, unknown
			if a.Known {
				value, interval = fixed(a.Value, 3), fixed(a.Low, 3)+" to "+fixed(a.High, 3)
			}
			t.Rows = append(t.Rows, []string{pretty(a.Name), value, interval, count(a.Left), count(a.Kept)})
		}
	}
	return t
}

func backtest(r *analysis.Result, b *analysis.Backtest) []*block {
	first := &block{Title: "Backtest", Words: verdict(b.Verdict)}
	if len(b.Words) == 0 {
		first.Words = append(first.Words, trialWords(b))
	}
	first.Words = append(first.Words, b.Words...)
	first.Pictures = pictures(forest("backtest", "How well it foretells",
		aucGroup{"Score", named(indexOf(r), b.AUC)}, aucGroup{"Best single measures", b.Columns}))
	first.Tables = []table{aucTable("Backtest in numbers", named(indexOf(r), b.AUC), b.Columns)}
	blocks := append([]*block{first}, shares("backtest-bands", "Who was lost, by band at the cut", b.Bands, bandsOf(r))...)
	if len(b.Calibration) == 0 {
		return append(blocks, &block{Title: "Calibration", Unknown: unlock("calibration", "more dated decisions in contracts.csv with left_at in accounts.csv")})
	}
	t := table{Caption: "Calibration in numbers", Head: []column{text("Predicted"), number("Observed"), number("95% interval"), number("Decisions"), text("Kind")}}
	rows := slices.Clone(b.Calibration)
	slices.SortStableFunc(rows, func(x, y analysis.CalibrationRow) int {
		if x.Rescued != y.Rescued {
			return map[bool]int{true: 1, false: -1}[x.Rescued]
		}
		return cmp.Compare(x.Predicted, y.Predicted)
	})
	for _, c := range rows {
		kind := "as it came"
		if c.Rescued {
			kind = "rescued"
		}
		t.Rows = append(t.Rows, []string{percent(c.Predicted), percent(c.Observed), percent(c.Low) + " to " + percent(c.High), count(c.N), kind})
	}
	var words []string
	if b.Rescued > 0 {
		words = []string{"Rescued by a play, and reported apart: " + plural(b.Rescued, "account") + "."}
	}
	return append(blocks, &block{Words: words, Pictures: []*picture{calibration(rows)}, Tables: []table{t}})
}

// trialWords says what was tried.
func trialWords(b *analysis.Backtest) string {
	words := plural(b.Decisions, "decision")
	if !b.From.IsZero() && !b.To.IsZero() {
		words += " from " + date(b.From) + " to " + date(b.To)
	}
	return words + ", " + count(b.Lost) + " lost; each scored as known " + plural(b.LeadDays, "day") + " before. AUC " + auc(b.AUC) + "."
}

func plantedSection(r *analysis.Result) section {
	s := section{ID: "planted", Title: "Planted against recovered"}
	if len(r.Planted) == 0 {
		s.Blocks = []*block{{Unknown: []string{"What was planted in this simulated world was not compared with what was recovered."}}}
		return s
	}
	t := table{Caption: "What the simulator planted, and what was recovered", Head: []column{text("Planted"), text("Truth"), text("Recovered"), text("As expected"), text("In words")}}
	good := 0
	for _, p := range r.Planted {
		ok := "no"
		if p.OK {
			ok, good = "yes", good+1
		}
		t.Rows = append(t.Rows, []string{p.Name, p.Planted, p.Recovered, ok, p.Words})
	}
	s.Blocks = []*block{{Words: []string{of(good, len(r.Planted)) + " came out as expected: within the stated tolerance, or, of a trap, outside of it."}, Tables: []table{t}}}
	return s
}
