package report

import (
	"strings"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
	"github.com/customersuccess-go/customersuccess/segment/cluster"
)

func needBlock(r *analysis.Result) *block {
	b := &block{Title: "What is under-served?"}
	o := r.Opportunity
	if o == nil || len(o.Whole.Needs) == 0 {
		b.Unknown = unlock("which desired outcomes are under-served", "ratings.csv")
		return b
	}
	l := &o.Whole
	b.Words = []string{mostWords(l) + " " + upper(plural(l.Respondents, "person")) + " at customers still here rated them.",
		"The score is importance, and again what satisfaction lacks of it: 0 to 20, under-served from 10 on."}
	if l.Respondents != 1 {
		b.Words[0] = strings.Replace(b.Words[0], "persons", "people", 1)
	}
	b.Pictures = []*picture{landscape(l)}
	if len(o.Segments) > 1 {
		t := table{Caption: "The greatest opportunity by segment", Head: []column{text("Segment"), number("People"), text("Desired outcome"),
			number("Score"), text("Served")}}
		for _, s := range o.Segments {
			row := []string{pretty(s.Segment), count(s.Respondents), unknown, unknown, unknown}
			if n := s.Needs[0]; n.Score.Known {
				row = append(row[:2], n.Outcome, estimate(n.Score), bandOf(n.Band))
			}
			t.Rows = append(t.Rows, row)
		}
		b.Tables = append(b.Tables, t)
	}
	t := table{Caption: "Desired outcomes, the greatest opportunity first", Wide: true, Head: []column{text("Desired outcome"), text("In words"),
		number("Importance"), number("Satisfaction"), number("Score"), text("Served"), text("Told apart from the next")}}
	for i, n := range l.Needs {
		apart := "–"
		if n.Lead != nil {
			apart = map[bool]string{true: "yes", false: "no"}[n.Lead.Distinguished]
		}
		t.Rows = append(t.Rows, []string{n.Outcome, upper(o.Texts[i]), estimate(n.Importance), estimate(n.Satisfaction), estimate(n.Score),
			bandOf(n.Band), apart})
	}
	b.Tables = append(b.Tables, t)
	if g := o.Groups; g != nil {
		b.Words = append(b.Words, groupWords(g))
		if len(g.Groups) > 0 {
			t := table{Caption: "Groups by need",
				Head: []column{number("People"), text("Rule")}}
			for _, x := range g.Groups {
				t.Rows = append(t.Rows, []string{count(x.People), pretty(x.Rule)})
			}
			b.Tables = append(b.Tables, t)
		}
	}
	return b
}

// groupWords says whether there are segments by need.
func groupWords(g *analysis.NeedGroups) string {
	words := "Segments by need: "
	switch g.Verdict {
	case cluster.NoBetter:
		return words + "none. The answers of the " + count(g.People) + " people who rated everything look like one heap: no division into 2 to 5 groups" +
			" stands out from those of answers without groups."
	case cluster.Unstable:
		return words + "none to rely on. The answers of the " + count(g.People) + " people who rated everything divide in other ways when people are drawn again."
	}
	return words + plural(len(g.Groups), "group") + " of the " + count(g.People) + " people who rated everything; the rules put " + percent(g.Fidelity) +
		" of them into their group. " + percent(g.P) + " is the chance that one heap looks so divided. Rules compare what a desired outcome lacks:" +
		" twice its importance less the satisfaction with it, −3 to 9."
}

// mostWords names what is most under-served, and what is over-served.
func mostWords(l *opportunity.Landscape) string {
	var over []string
	for _, n := range l.Needs {
		if n.Band == opportunity.Overserved {
			over = append(over, n.Outcome)
		}
	}
	first := l.Needs[0]
	words := "Most under-served: " + first.Outcome + ", " + estimate(first.Score) + "."
	switch {
	case !first.Score.Known:
		return "No desired outcome was rated by enough people for a score."
	case first.Band != opportunity.Underserved:
		words = "No desired outcome is under-served; the greatest opportunity is " + first.Outcome + ", " + estimate(first.Score) + "."
	}
	if first.Lead != nil && !first.Lead.Distinguished {
		words = strings.TrimSuffix(words, ".") + ", not told apart from " + first.Lead.Over + "."
	}
	if len(over) > 0 {
		words += " Over-served: " + strings.Join(over, ", ") + "."
	}
	return words
}

func textNeeds(t *terminal, r *analysis.Result) {
	if r.Opportunity == nil || len(r.Opportunity.Whole.Needs) == 0 {
		t.paragraph("", "Desired outcomes under-served: unknown; ratings.csv would tell.")
		return
	}
	t.paragraph("", mostWords(&r.Opportunity.Whole))
	if g := r.Opportunity.Groups; g != nil {
		t.paragraph("", groupWords(g))
		for _, x := range g.Groups {
			t.paragraph("- ", count(x.People)+" where "+pretty(x.Rule))
		}
	}
}
