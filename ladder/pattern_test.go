package ladder_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// capable has three capabilities: automation saves hours for a theme, alerting for none, and nothing comes of insight.
func capable() ladder.Ladder {
	l := hoursSaved()
	l.Themes = []ladder.Theme{{Name: "efficiency"}}
	l.Capabilities = []ladder.Capability{{Name: "automation"}, {Name: "alerting"}, {Name: "insight"}}
	l.Thresholds = ladder.StarterThresholds()
	second := l.Benefits[0]
	second.Name, second.Moved, second.Capability = "incidents avoided", quantity("incidents"), "alerting"
	l.Benefits = append(l.Benefits, second)
	l.Benefits[0].Theme, l.Benefits[0].Capability = "efficiency", "automation"
	return l
}

// pattern is an answer as one line.
func pattern(p ladder.Pattern) string {
	show := func(d *decimal.Decimal) string {
		if d == nil {
			return "?"
		}
		return d.String()
	}
	s := fmt.Sprintf("%s share %s amount %s", p.Found, show(p.Share), show(p.Amount))
	if p.Face != "" {
		s += " " + p.Face
	}
	if len(p.Items) > 0 {
		s += " of " + strings.Join(p.Items, ", ")
	}
	if len(p.Needs) > 0 {
		s += " needs " + strings.Join(p.Needs, ", ")
	}
	return s
}

func TestPatterns(t *testing.T) {
	m := compile(t, capable())
	q := func(hours, incidents ladder.Quantity) *ladder.Statement {
		s := state(t, m, ladder.QuantityMap{"hours": hours, "incidents": incidents, "adoption": {Value: dec("1")}})
		return &s
	}
	of := func(v string) ladder.Quantity { return ladder.Quantity{Value: dec(v)} }
	failed := ladder.Quantity{State: ladder.Failed}
	feels := func(v string) *decimal.Decimal { return ptr(dec(v)) }
	for _, test := range []struct {
		name    string
		pattern ladder.PatternName
		signs   ladder.Signs
		want    string
	}{
		{"one of three", ladder.CapabilityNoOutcome, ladder.Signs{Statement: q(of("10"), of("5"))}, "yes share 0.333333 amount ? of insight"},
		{"a loss is no outcome", ladder.CapabilityNoOutcome, ladder.Signs{Statement: q(of("10"), of("-5"))}, "yes share 0.666667 amount ? of alerting, insight"},
		{"not known, and yet found", ladder.CapabilityNoOutcome, ladder.Signs{Statement: q(of("10"), failed)}, "yes share ? amount ? of insight"},
		{"no statement", ladder.CapabilityNoOutcome, ladder.Signs{}, "unknown share ? amount ? needs statement"},

		{"a third for no theme", ladder.OutcomeNoGoal, ladder.Signs{Statement: q(of("10"), of("5"))}, "yes share 0.333333 amount 7500 of incidents avoided"},
		{"a quarter is not over it", ladder.OutcomeNoGoal, ladder.Signs{Statement: q(of("15"), of("5"))}, "no share 0.25 amount 7500 of incidents avoided"},
		{"losses are no outcome", ladder.OutcomeNoGoal, ladder.Signs{Statement: q(of("15"), of("-5"))}, "no share 0 amount 0"},
		{"no value", ladder.OutcomeNoGoal, ladder.Signs{Statement: q(failed, failed)}, "unknown share ? amount ? needs value"},
		{"nothing stated", ladder.OutcomeNoGoal, ladder.Signs{}, "unknown share ? amount ? needs statement"},

		{"sold and not achieved", ladder.ExpectationReality, ladder.Signs{Levels: levels("", "900", "", "", "500")}, "yes share 0.444444 amount 400"},
		{"at the threshold", ladder.ExpectationReality, ladder.Signs{Levels: levels("", "900", "", "", "720")}, "no share 0.2 amount 180"},
		{"more than sold", ladder.ExpectationReality, ladder.Signs{Levels: levels("", "900", "", "", "1000")}, "no share -0.111111 amount -100"},
		{"between, all over", ladder.ExpectationReality, ladder.Signs{Levels: levels("", "900", "", "700", "", "400")}, "yes share ? amount ?"},
		{"between, all under", ladder.ExpectationReality, ladder.Signs{Levels: levels("", "900", "", "890", "", "880")}, "no share ? amount ?"},
		{"between, undecided", ladder.ExpectationReality, ladder.Signs{Levels: levels("", "900", "", "800", "", "400")}, "unknown share ? amount ? needs achieved"},
		{"nothing sold", ladder.ExpectationReality, ladder.Signs{Levels: levels("", "0", "", "", "500")}, "unknown share ? amount ? needs sold"},
		{"sold not known", ladder.ExpectationReality, ladder.Signs{Levels: levels("900", "", "", "", "500")}, "unknown share ? amount ? needs sold"},

		{"happy without value", ladder.ValuePerception, ladder.Signs{Levels: levels("", "900", "", "", "450"), Sentiment: feels("0.8")}, "yes share 0.5 amount 450 happy_without_value"},
		{"valuable but unhappy", ladder.ValuePerception, ladder.Signs{Levels: levels("", "900", "", "", "810"), Sentiment: feels("0.5")}, "yes share 0.9 amount 810 valuable_but_unhappy"},
		{"neither happy nor not", ladder.ValuePerception, ladder.Signs{Sentiment: feels("0.6")}, "no share ? amount ?"},
		{"happy with value", ladder.ValuePerception, ladder.Signs{Levels: levels("", "900", "", "", "451"), Sentiment: feels("1")}, "no share 0.501111 amount 451"},
		{"value not known", ladder.ValuePerception, ladder.Signs{Levels: levels("", "900"), Sentiment: feels("1")}, "unknown share ? amount ? needs achieved"},
		{"sentiment not known", ladder.ValuePerception, ladder.Signs{Levels: levels("", "900", "", "", "450")}, "unknown share 0.5 amount 450 needs sentiment"},

		{"not told", ladder.ImpactUntold, ladder.Signs{Levels: levels("", "", "", "", "", "400", "250")}, "yes share 0.375 amount 150"},
		{"told", ladder.ImpactUntold, ladder.Signs{Levels: levels("", "", "", "", "", "400", "280")}, "no share 0.3 amount 120"},
		{"not known what was told", ladder.ImpactUntold, ladder.Signs{Levels: levels("", "", "", "", "", "400")}, "unknown share ? amount ? needs communicated"},
	} {
		t.Run(string(test.pattern)+"/"+test.name, func(t *testing.T) {
			test.signs.Account = "acme"
			d, err := m.Diagnose(test.signs, epoch)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range d.Patterns {
				if p.Name == test.pattern {
					if got := pattern(p); got != test.want {
						t.Errorf("got %s, want %s", got, test.want)
					}
				}
			}
			roundTrip(t, d)
		})
	}
}

func TestReady(t *testing.T) {
	m := compile(t, capable())
	calm, upset := ptr(dec("0.6")), ptr(dec("0.1"))
	for _, test := range []struct {
		name      string
		levels    []ladder.Level
		sentiment *decimal.Decimal
		want      string
	}{
		{"little is lost", levels("1000", "900", "850", "820", "800"), calm, "yes [] []"},
		{"serious", levels("1000", "600", "600", "600", "599"), calm, "no [value_leakage] []"},
		{"at the threshold", levels("1000", "600", "600", "600", "600"), calm, "yes [] []"},
		{"a pattern that holds", levels("1000", "900", "850", "820", "700"), calm, "no [expectation_against_reality] []"},
		{"two", levels("1000", "500", "450", "450", "455"), upset, "no [value_leakage value_against_perception] []"},
		{"nothing known", nil, calm, "unknown [] [potential expectation_against_reality]"},
		{"one is known, and enough", levels("1000", "", "", "", "100"), nil, "no [value_leakage] [expectation_against_reality value_against_perception]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := m.Diagnose(ladder.Signs{Account: "acme", Levels: test.levels, Sentiment: test.sentiment}, epoch)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(d.Ready.Ready, " ", d.Ready.Waits, " ", d.Ready.Needs); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestProgress(t *testing.T) {
	m := compile(t, capable())
	missing := func(stages ...ladder.Stage) (needs []ladder.Need) {
		for _, s := range stages {
			needs = append(needs, ladder.Need{Stage: s, Why: ladder.WhyMissing})
		}
		return needs
	}
	for _, test := range []struct {
		name   string
		levels []ladder.Level
		passed int
		needs  [3][]ladder.Need
	}{
		{"nothing", nil, 0, [3][]ladder.Need{missing("potential", "sold", "deployed"), missing("adopted", "achieved"), missing("verified", "communicated", "felt")}},
		{"created", levels("9", "8", "7", "6"), 1, [3][]ladder.Need{nil, missing("achieved"), missing("verified", "communicated", "felt")}},
		{"nothing achieved", levels("9", "8", "7", "6", "0", "0", "0", "0"), 1, [3][]ladder.Need{nil, {{Stage: "achieved", Why: ladder.WhyNothing}},
			{{Stage: "verified", Why: ladder.WhyNothing}, {Stage: "communicated", Why: ladder.WhyNothing}, {Stage: "felt", Why: ladder.WhyNothing}}}},
		{"the end without the beginning", levels("", "8", "7", "6", "5", "4", "3", "2"), 0, [3][]ladder.Need{missing("potential"), nil, nil}},
		{"all", levels("9", "8", "7", "6", "5", "4", "3", "9"), 3, [3][]ladder.Need{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := m.Diagnose(ladder.Signs{Account: "acme", Levels: test.levels}, epoch)
			if err != nil {
				t.Fatal(err)
			}
			var want []ladder.Progress
			for i, part := range []ladder.Part{ladder.Creation, ladder.Realization, ladder.Assessment} {
				want = append(want, ladder.Progress{Part: part, Passed: i < test.passed, Needs: test.needs[i]})
			}
			if diff := cmp.Diff(want, d.Progress); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDiagnoseRefuses(t *testing.T) {
	m := compile(t, capable())
	s := state(t, m, ladder.QuantityMap{})
	other := s
	other.Account = "other"
	foreign := s
	foreign.Digest[0]++
	renamed := s
	renamed.Lines = []ladder.Line{s.Lines[1], s.Lines[0]}
	huge := s
	huge.Lines = []ladder.Line{{Benefit: "hours saved", Gross: decimal.New(1, 1_000_000_000)}, s.Lines[1]}
	for _, test := range []struct {
		name  string
		signs ladder.Signs
		want  string
	}{
		{"account", ladder.Signs{}, "account: is empty"},
		{"statement of another", ladder.Signs{Account: "acme", Statement: &other}, `statement: is of account "other"`},
		{"of another ladder", ladder.Signs{Account: "acme", Statement: &foreign}, "statement: is of another ladder"},
		{"in another order", ladder.Signs{Account: "acme", Statement: &renamed}, `statement: has the benefit "incidents avoided" where the ladder has "hours saved"`},
		{"huge", ladder.Signs{Account: "acme", Statement: &huge}, `benefit "hours saved": comes to a figure that`},
		{"sentiment", ladder.Signs{Account: "acme", Sentiment: ptr(dec("1.1"))}, "sentiment: must be 0 to 1, not 1.1"},
		{"share beyond measure", ladder.Signs{Account: "acme", Levels: levels("", "0.01", "", "", "1000000000000000000000000000000000000")},
			"levels: expectation_against_reality comes to a figure that"},
		{"level", ladder.Signs{Account: "acme", Levels: []ladder.Level{{Stage: "bought"}}}, `level "bought": is not a stage`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := m.Diagnose(test.signs, epoch)
			var data *ladder.DataError
			if !errors.As(err, &data) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	_, err := compile(t, hoursSaved()).Diagnose(ladder.Signs{Account: "acme"}, epoch)
	if refusal(err) != "thresholds" {
		t.Errorf("without thresholds: %v", err)
	}
}

// TestDiagnoseMonotone: what becomes known never turns a yes into a no or a no into a yes.
func TestDiagnoseMonotone(t *testing.T) {
	m := compile(t, capable())
	answers := map[ladder.Answer]int{}
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 51))
		value := int64(1000)
		var all []ladder.Level
		for _, s := range stages {
			all = append(all, ladder.Level{Stage: s, Amount: decimal.New(value, 0)})
			value -= r.Int64N(value/3 + 1)
		}
		known, err := m.Diagnose(ladder.Signs{Account: "acme", Levels: all}, epoch)
		if err != nil {
			t.Fatal(err)
		}
		i := r.IntN(len(all))
		part := append(append([]ladder.Level(nil), all[:i]...), all[i+1:]...)
		less, err := m.Diagnose(ladder.Signs{Account: "acme", Levels: part}, epoch)
		if err != nil {
			t.Fatal(err)
		}
		for k, p := range less.Patterns {
			answers[p.Found]++
			if p.Found != ladder.AnswerUnknown && p.Found != known.Patterns[k].Found {
				t.Fatalf("seed %d without %s: %s %s, with it %s", seed, all[i].Stage, p.Name, p.Found, known.Patterns[k].Found)
			}
		}
	}
	if answers[ladder.AnswerYes] < 500 || answers[ladder.AnswerNo] < 500 {
		t.Errorf("answers %v", answers)
	}
}
