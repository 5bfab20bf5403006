package report

import (
	"strconv"
	"strings"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
)

// A terminal gathers lines of at most width columns.
type terminal struct {
	out   strings.Builder
	width int
}

func (t *terminal) line(s string) { t.out.WriteString(strings.TrimRight(s, " ") + "\n") }

func (t *terminal) head(s string) {
	t.line("")
	t.line(strings.ToUpper(s))
}

// missing says that a section is unknown.
func (t *terminal) missing(file string) { t.paragraph("", "Unknown: "+file+" would tell.") }

// more says how many items a list left out.
func (t *terminal) more(n int, what, where string) {
	if n > 0 {
		t.line("… " + strings.Replace(plural(n, what), " ", " more ", 1) + " " + where)
	}
}

// paragraph breaks a text between words, or within one that is longer than a line. Lines after the first stand under
// the text of the first.
func (t *terminal) paragraph(lead, s string) {
	indent := strings.Repeat(" ", columns(lead))
	room, line := t.width-len(indent), ""
	flush := func() {
		t.line(lead + line)
		lead, line = indent, ""
	}
	for _, word := range strings.Fields(single(s)) {
		for columns(word) > room {
			if line != "" {
				flush()
			}
			head := strings.TrimSuffix(cut(word, room), "…")
			line, word = head, word[len(head):]
			flush()
		}
		if line != "" && columns(line)+1+columns(word) > room {
			flush()
		}
		line = join(" ", line, word)
	}
	if line != "" {
		flush()
	}
}

// table writes rows whose first is the head; l stands left, r right.
func (t *terminal) table(align string, rows [][]string) {
	for _, line := range t.lay(align, rows) {
		t.line(line)
	}
}

// lay makes rows into lines. Where they would be too wide, the widest left column is cut, and then the line.
func (t *terminal) lay(align string, rows [][]string) []string {
	widths := make([]int, len(align))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(single(cell)))
		}
	}
	total := 2 * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	for ; total > t.width; total-- {
		widest := 0
		for i := range widths {
			if align[i] == 'l' && (align[widest] != 'l' || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widths[widest] <= 8 {
			break
		}
		widths[widest]--
	}
	lines := make([]string, len(rows))
	for n, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cell = cut(single(cell), widths[i])
			pad := strings.Repeat(" ", max(widths[i]-columns(cell), 0))
			if align[i] == 'r' {
				cells[i] = pad + cell
			} else {
				cells[i] = cell + pad
			}
		}
		lines[n] = cut(strings.Join(cells, "  "), t.width)
	}
	return lines
}

// single makes a text of data one line without controls.
func single(s string) string { return strings.ReplaceAll(clean(s), "\n", " ") }

func textRetention(t *terminal, r *analysis.Result) {
	t.head("Revenue retention")
	if len(r.Retention) == 0 {
		t.missing("contracts.csv with from and to, or invoices.csv")
		return
	}
	rows := [][]string{{"period", join(" ", r.Currency, "start"), join(" ", r.Currency, "end"), "NRR", "GRR", "customers", "lost"}}
	for _, row := range r.Retention[max(len(r.Retention)-mostRows, 0):] {
		rows = append(rows, []string{periodOf(row), amount(row.Start, r.Currency), amount(row.End, r.Currency), rate(row.NRR), rate(row.GRR),
			count(row.Customers), count(row.Lost)})
	}
	t.table("lrrrrrr", rows)
}

func textPlanted(t *terminal, r *analysis.Result) {
	if len(r.Planted) == 0 {
		return
	}
	t.head("Planted against recovered")
	rows := [][]string{{"planted", "truth", "recovered", "as expected"}}
	for _, p := range r.Planted {
		ok := "no"
		if p.OK {
			ok = "yes"
		}
		recovered := p.Recovered
		if strings.Contains(recovered, " against ") { // counts are for the report
			recovered, _, _ = strings.Cut(recovered, " (")
		}
		rows = append(rows, []string{p.Name, p.Planted, recovered, ok})
	}
	t.table("llll", rows)
}

func textUnknown(t *terminal, r *analysis.Result) {
	if len(r.Unlocks) == 0 {
		return
	}
	t.head("What is unknown, and the file that would unlock it")
	var rows [][]string
	for _, u := range r.Unlocks {
		rows = append(rows, []string{u.What, u.File})
	}
	t.table("ll", rows)
}

func textRejects(t *terminal, r *analysis.Result) {
	if len(r.Rejects) > 0 {
		t.head("Rows that could not be read: " + count(len(r.Rejects)))
		rows := [][]string{{"file", "line", "column", "reason"}}
		shown := r.Rejects[:min(len(r.Rejects), mostRows)]
		for _, x := range shown {
			rows = append(rows, []string{x.File, strconv.Itoa(x.Line), x.Column, x.Reason})
		}
		t.table("lrll", rows)
		t.more(len(r.Rejects)-len(shown), "row", "in the report")
	}
	if len(r.Failed) > 0 {
		t.head("Accounts that a package refused: " + count(len(r.Failed)))
		shown := r.Failed[:min(len(r.Failed), mostRows)]
		for _, f := range shown {
			t.paragraph("", f.Account+": "+f.Error)
		}
		t.more(len(r.Failed)-len(shown), "account", "in the report")
	}
}
