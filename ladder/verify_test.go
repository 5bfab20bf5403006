package ladder_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// sound has nothing to find: audited constants, units that cancel, and one benefit for each goal.
func sound() ladder.Ladder {
	l := capable()
	l.Capabilities = l.Capabilities[:2]
	l.Metrics = []ladder.Metric{{Name: "downtime", Unit: "hour", Better: ladder.Down, Base: dec("80"), Target: ptr(dec("40")), Readings: 12}}
	l.Pools = []ladder.Pool{{Name: "team", Unit: "hour", Capacity: *quantity("team hours"), Basis: ladder.Annual}}
	l.Nodes = append(l.Nodes, ladder.Node{Name: "company", Rung: ladder.Enterprise})
	l.Benefits = append(l.Benefits, ladder.Benefit{
		Name: "downtime avoided", Driver: ladder.CostAvoidance, Basis: ladder.OneOff, Node: "users", Metric: "downtime",
		UnitValue: ladder.Term{Value: ptr(dec("500")), Unit: "EUR/hour"},
	})
	b := &l.Benefits[0]
	b.Pool, b.Moved.Unit, b.UnitValue.Unit = "team", "hour/user/month", "EUR/hour"
	b.Times = []ladder.Term{{Value: ptr(dec("12")), Unit: "month"}, {Value: ptr(dec("10")), Unit: "user"}}
	for i := range l.Benefits {
		l.Benefits[i].Evidence = ladder.Audited
	}
	return l
}

func TestVerifyFindsNothing(t *testing.T) {
	if found := compile(t, sound()).Verify(); len(found) > 0 {
		t.Errorf("found %+v", found)
	}
}

// TestVerify plants each class.
func TestVerify(t *testing.T) {
	moved := func(l *ladder.Ladder, from, to int) { l.Benefits[to].Moved = l.Benefits[from].Moved }
	for _, test := range []struct {
		name    string
		plant   func(l *ladder.Ladder)
		class   ladder.FindingClass
		pointer string
	}{
		{"a theme that nothing serves", func(l *ladder.Ladder) { l.Themes = append(l.Themes, ladder.Theme{Name: "growth"}) }, ladder.OrphanGoal, "/themes/1"},
		{"a target that nothing moves", func(l *ladder.Ladder) {
			l.Metrics = append(l.Metrics, ladder.Metric{Name: "errors", Better: ladder.Down, Target: ptr(dec("1"))})
		}, ladder.OrphanGoal, "/metrics/1/target"},
		{"a capability without an outcome", func(l *ladder.Ladder) {
			l.Capabilities = append(l.Capabilities, ladder.Capability{Name: "insight"})
		}, ladder.OrphanCapability, "/capabilities/2"},
		{"a rate and once", func(l *ladder.Ladder) { l.Benefits[1].Basis = ladder.RunRate }, ladder.MixedBases, "/nodes/0"},
		{"a rate and once, by a link", func(l *ladder.Ladder) {
			b := l.Benefits[1]
			b.Name, b.Node, b.Basis, b.Moved = "more", "company", ladder.Annual, quantity("more")
			l.Benefits = append(l.Benefits, b)
			l.Links = []ladder.Link{{From: "users", To: "company", Share: dec("1")}}
		}, ladder.MixedBases, "/nodes/1"},
		{"one reading", func(l *ladder.Ladder) { l.Metrics[0].Readings = 1 }, ladder.SingleReading, "/metrics/0/readings"},
		{"not the unit of money", func(l *ladder.Ladder) { l.Benefits[0].UnitValue.Unit = "EUR/day" }, ladder.UnitMismatch, "/benefits/0/unit_value/unit"},
		{"not the unit of the metric", func(l *ladder.Ladder) { l.Metrics[0].Unit = "minute" }, ladder.UnitMismatch, "/benefits/2/unit_value/unit"},
		{"not the unit of the pool", func(l *ladder.Ladder) { l.Pools[0].Unit = "day" }, ladder.UnitMismatch, "/benefits/0/pool"},
		{"a share with a unit", func(l *ladder.Ladder) { l.Benefits[0].Adoption = &ladder.Term{Quantity: "adoption", Unit: "user"} }, ladder.UnitMismatch, "/benefits/0/adoption/unit"},
		{"a quantity in two units", func(l *ladder.Ladder) {
			l.Benefits[1].Times = []ladder.Term{{Quantity: "hours", Unit: "day"}}
		}, ladder.UnitMismatch, "/benefits/1/times/0/unit"},
		{"assumed constants", func(l *ladder.Ladder) { l.Benefits[1].Evidence = "" }, ladder.MoneyNoEvidence, "/benefits/1/evidence"},
		{"one movement twice", func(l *ladder.Ladder) {
			moved(l, 0, 1)
			l.Benefits[0].Attribution, l.Benefits[1].Attribution = constant("0.6"), constant("0.55")
		}, ladder.AttributionOver, "/benefits/1/attribution"},
		{"one movement whole, twice", func(l *ladder.Ladder) {
			l.Benefits = append(l.Benefits, l.Benefits[2])
			l.Benefits[3].Name = "downtime avoided again"
		}, ladder.AttributionOver, "/benefits/3/attribution"},
		{"one movement by quantities", func(l *ladder.Ladder) {
			moved(l, 0, 1)
			l.Benefits[0].Attribution, l.Benefits[1].Attribution = constant("0.6"), quantity("the rest")
		}, ladder.ClaimsOverlap, "/benefits/1/attribution"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := sound()
			test.plant(&l)
			m := compile(t, l)
			found := m.Verify()
			if len(found) != 1 || found[0].Class != test.class || found[0].Pointer != test.pointer || found[0].Message == "" {
				t.Fatalf("found %+v, want %s at %s alone", found, test.class, test.pointer)
			}
			shown(t, m, found[0])
		})
	}
}

// shown checks that a witness shows what its finding says.
func shown(t *testing.T, m *ladder.Model, f ladder.Finding) {
	t.Helper()
	switch f.Class {
	case ladder.MixedBases, ladder.MoneyNoEvidence, ladder.AttributionOver, ladder.ClaimsOverlap:
	default:
		if f.Witness != nil {
			t.Error("a witness where the ladder shows it")
		}
		return
	}
	if f.Witness == nil {
		t.Fatal("no witness")
	}
	s, err := m.Statement(*f.Witness, f.AsOf)
	if err != nil {
		t.Fatal(err)
	}
	l := m.Ladder()
	ok := false
	switch f.Class {
	case ladder.MoneyNoEvidence:
		for _, line := range s.Lines {
			ok = ok || line.Known && line.Evidence == ladder.Assumed
		}
	case ladder.MixedBases:
		longer := *f.Witness
		longer.To = longer.From.AddDate(2, 0, 0)
		twice, err := m.Statement(longer, f.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		same, doubled := false, false
		for i, line := range s.Lines {
			same = same || line.Gross.Sign() > 0 && twice.Lines[i].Gross.Equal(line.Gross)
			doubled = doubled || line.Gross.Sign() > 0 && twice.Lines[i].Gross.Equal(line.Gross.Add(line.Gross))
		}
		ok = same && doubled
	default:
		sum := dec("0")
		for i, line := range s.Lines {
			for _, input := range line.Inputs {
				if input.Role == "attribution" {
					sum = sum.Add(input.Value)
				}
			}
			if l.Benefits[i].Metric != "" && l.Benefits[i].Attribution == nil {
				sum = sum.Add(dec("1"))
			}
		}
		ok = sum.Cmp(dec("1")) > 0
	}
	if !ok {
		t.Errorf("the witness does not show %s: %+v", f.Class, s.Lines)
	}
}

// TestVerifyLeavesToCompile: circles and claims of over the whole of a pool never get as far as Verify.
func TestVerifyLeavesToCompile(t *testing.T) {
	for name, plant := range map[string]func(l *ladder.Ladder){
		"/links/1/to": func(l *ladder.Ladder) {
			l.Links = []ladder.Link{{From: "users", To: "company", Share: dec("0.5")}, {From: "company", To: "users", Share: dec("0.5")}}
		},
		"/benefits/1/pool": func(l *ladder.Ladder) {
			l.Benefits[1].Pool = "team"
			l.Benefits[1].Attribution = constant("0.55")
			l.Benefits[0].Attribution = constant("0.6")
		},
		"/benefits/0/attribution/value": func(l *ladder.Ladder) { l.Benefits[0].Attribution = constant("1.2") },
		"/benefits/0/capability":        func(l *ladder.Ladder) { l.Benefits[0].Capability = "automaton" },
		"/capabilities/1/name":          func(l *ladder.Ladder) { l.Capabilities[1].Name = "automation" },
		"/thresholds/serious":           func(l *ladder.Ladder) { l.Thresholds.Serious = dec("1.5") },
		"/thresholds/poor":              func(l *ladder.Ladder) { l.Thresholds.Poor = l.Thresholds.Rich },
		"/thresholds/unhappy":           func(l *ladder.Ladder) { l.Thresholds.Unhappy = dec("0.9") },
		"/thresholds/hold/0":            func(l *ladder.Ladder) { l.Thresholds.Hold[0] = "impact" },
		"/nodes/0/needs":                func(l *ladder.Ladder) { l.Nodes[0].Needs = "proven" },
		"/metrics/0/readings":           func(l *ladder.Ladder) { l.Metrics[0].Readings = -1 },
		"/benefits/0/moved/unit":        func(l *ladder.Ladder) { l.Benefits[0].Moved.Unit = "\x00" },
	} {
		t.Run(name, func(t *testing.T) {
			l := sound()
			plant(&l)
			_, err := ladder.Compile(l)
			at := pointers(problems(t, err))
			if len(at) == 0 || at[0] != name {
				t.Errorf("problems at %v, want %s", at, name)
			}
		})
	}
}

func TestSingleReadingWarns(t *testing.T) {
	for readings, want := range map[int][]ladder.Warning{0: nil, 1: {ladder.WarnSingleReading}, 2: nil} {
		l := sound()
		l.Metrics[0].Readings = readings
		s := state(t, compile(t, l), ladder.QuantityMap{"downtime": {Value: dec("60")}})
		if diff := cmp.Diff(want, s.Lines[2].Warnings); diff != "" || s.Lines[2].Gross.String() != "10000" {
			t.Errorf("%d readings: %v (-want +got):\n%s", readings, s.Lines[2].Gross, diff)
		}
		roundTrip(t, s)
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("EUR/hour", "hour/user", "user", uint64(1))
	f.Add("//**1", "*", "/", uint64(2))
	f.Fuzz(func(t *testing.T, worth, moved, times string, seed uint64) {
		l := sound()
		l.Benefits[0].UnitValue.Unit, l.Benefits[0].Moved.Unit, l.Benefits[0].Times[0].Unit = worth, moved, times
		m, err := ladder.Compile(l)
		if err != nil {
			return
		}
		for _, finding := range m.Verify() {
			if finding.Class != ladder.UnitMismatch {
				t.Errorf("found %+v", finding)
			}
		}
	})
}

// TestParseMore: a ladder with every kind of field comes back from its JSON with the same digest, and numbers out of
// bounds don't come in.
func TestParseMore(t *testing.T) {
	l := sound()
	l.Nodes[0].Needs = ladder.Audited
	model := compile(t, l)
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	back, err := ladder.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if got := compile(t, back); got.Digest() != model.Digest() {
		t.Errorf("digest %v, want %v", got.Digest(), model.Digest())
	}
	copied := model.Ladder()
	copied.Thresholds.Hold[0], copied.Thresholds.Poor, copied.Capabilities[0].Name = "", dec("0"), ""
	if again := compile(t, model.Ladder()); again.Digest() != model.Digest() {
		t.Error("what was changed in a copy changed the model")
	}
	for _, value := range []string{"1e1000000000", "0.1234567890123456789012345678901234567890"} {
		bad := strings.Replace(string(text), `"serious":"0.4"`, `"serious":`+value, 1)
		_, err := ladder.Parse([]byte(bad))
		if at := pointers(problems(t, err)); len(at) != 1 || at[0] != "/thresholds/serious" {
			t.Errorf("%s: problems at %v", value, at)
		}
	}
}
