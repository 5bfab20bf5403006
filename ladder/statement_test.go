package ladder_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// year is an input for the ladder of hoursSaved, whose value is 60 × hours for each hour at the full adoption.
func year(quantities ladder.QuantityMap) ladder.Input {
	return ladder.Input{Account: "acme", From: epoch, To: epoch.AddDate(1, 0, 0), Quantities: quantities}
}

func TestLineStates(t *testing.T) {
	l := hoursSaved()
	l.Haircuts = []ladder.Haircut{
		{Class: ladder.Measured, Share: dec("0.2"), Expire: 90 * ladder.Day},
		{Class: ladder.Assumed, Share: dec("0.5")},
	}
	model := compile(t, l)
	asOf := epoch.AddDate(1, 0, 0)
	old := func(age time.Duration) ladder.Quantity {
		return ladder.Quantity{Value: dec("10"), At: asOf.Add(-age), Evidence: ladder.Measured}
	}
	const day = 24 * time.Hour
	all := ladder.Quantity{Value: dec("1"), Evidence: ladder.Audited}
	for _, test := range []struct {
		name  string
		hours ladder.Quantity
		want  string // gross, or why it is not known
	}{
		{"live", old(0), "15000"},
		{"as old as may be", old(90*day - time.Microsecond), "15000"},
		{"expired in the microsecond", old(90*day - time.Nanosecond), `unknown: expired: quantity "hours": expired: 90d old`},
		{"expired", old(90 * day), `unknown: expired: quantity "hours": expired: 90d old`},
		{"stopped a year ago", old(365 * day), `unknown: expired: quantity "hours": expired: 365d old`},
		{"of a class that does not expire", ladder.Quantity{Value: dec("10"), At: asOf.Add(-3650 * day)}, "15000"},
		{"of unknown age", ladder.Quantity{Value: dec("10"), Evidence: ladder.Measured}, `unknown: undated: quantity "hours": undated`},
		{"within the microsecond of asOf", old(-999 * time.Nanosecond), "15000"},
		{"from the future", old(-time.Microsecond), `unknown: missing: quantity "hours": missing`},
		{"from the future, and wrong", ladder.Quantity{Value: decimal.New(1, 1e9), At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), State: "?"}, `unknown: missing: quantity "hours": missing`},
		{"failed", ladder.Quantity{Value: decimal.New(1, 1e9), State: ladder.Failed, Why: "no answer"}, `unknown: failed: quantity "hours": failed: no answer`},
		{"failed without a word", ladder.Quantity{State: ladder.Failed}, `unknown: failed: quantity "hours": failed`},
		{"not applicable", ladder.Quantity{State: ladder.NotApplicable}, "does not apply"},
		{"zero", ladder.Quantity{}, "0"},
		{"worse", ladder.Quantity{Value: dec("-10")}, "-15000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := model.Statement(year(ladder.QuantityMap{"hours": test.hours, "adoption": all}), asOf)
			if err != nil {
				t.Fatal(err)
			}
			line := s.Lines[0]
			got := line.Gross.String()
			switch {
			case !line.Known:
				got = "unknown: " + string(line.Why)
				for _, l := range line.Lacks {
					got += ": " + l.String()
				}
			case !line.Applies:
				got = "does not apply"
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if unknown := strings.HasPrefix(test.want, "unknown"); (s.Unknown == 1) != unknown {
				t.Errorf("%d lines are unknown", s.Unknown)
			}
			roundTrip(t, s)
		})
	}
	t.Run("all missing", func(t *testing.T) {
		in := year(nil)
		in.Quantities = nil
		s, err := model.Statement(in, asOf)
		if err != nil {
			t.Fatal(err)
		}
		want := []ladder.Lack{{Quantity: "hours", Why: ladder.WhyMissing}, {Quantity: "adoption", Why: ladder.WhyMissing}}
		if diff := cmp.Diff(want, s.Lines[0].Lacks); diff != "" || s.Lines[0].Why != ladder.WhyMissing {
			t.Errorf("why %q, lacks (-want +got):\n%s", s.Lines[0].Why, diff)
		}
	})
}

func TestEvidenceAndHaircut(t *testing.T) {
	l := hoursSaved()
	l.Haircuts = []ladder.Haircut{
		{Class: ladder.Measured, Share: dec("0.3333")}, {Class: ladder.Confirmed, Share: dec("0.1")},
	}
	for _, test := range []struct {
		name                       string
		hours, adoption, constants ladder.Evidence
		value                      string
		evidence                   ladder.Evidence
		gross, adjusted            string
	}{
		{"the weakest quantity", ladder.Confirmed, ladder.Measured, ladder.Audited, "0.0333", ladder.Measured, "49.95", "33.30"},
		{"the constants", ladder.Confirmed, ladder.Audited, ladder.Measured, "0.0333", ladder.Measured, "49.95", "33.30"},
		{"without a haircut", ladder.Confirmed, ladder.Audited, "", "0.0333", ladder.Assumed, "49.95", "49.95"},
		{"a loss is taken whole", ladder.Measured, ladder.Measured, ladder.Measured, "-0.0333", ladder.Measured, "-49.95", "-49.95"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l.Benefits[0].Evidence = test.constants
			s, err := compile(t, l).Statement(year(ladder.QuantityMap{
				"hours":    {Value: dec(test.value), Evidence: test.hours},
				"adoption": {Value: dec("1"), Evidence: test.adoption},
			}), epoch)
			if err != nil {
				t.Fatal(err)
			}
			line := s.Lines[0]
			if line.Evidence != test.evidence || line.Gross.StringFixed(2) != test.gross || line.Adjusted.StringFixed(2) != test.adjusted {
				t.Errorf("got %s, %v, %v", line.Evidence, line.Gross, line.Adjusted)
			}
		})
	}
}

// TestPool shares 100 hours among claims of 60, 50 and 30, of which the second has the best evidence.
func TestPool(t *testing.T) {
	l := hoursSaved()
	l.Pools = []ladder.Pool{{Name: "team", Capacity: *quantity("capacity"), Basis: ladder.Annual}}
	l.Benefits = nil
	for _, name := range []string{"first", "second", "third", "loss"} {
		l.Benefits = append(l.Benefits, ladder.Benefit{
			Name: name, Driver: ladder.CostReduction, Basis: ladder.OneOff, Node: "users", Moved: quantity(name),
			Attribution: constant("0.25"), UnitValue: *constant("8"), Pool: "team", Evidence: ladder.Audited,
		})
	}
	model := compile(t, l)
	quantities := ladder.QuantityMap{
		"capacity": {Value: dec("100")},
		"first":    {Value: dec("240")},
		"second":   {Value: dec("200"), Evidence: ladder.Audited},
		"third":    {Value: dec("120")},
		"loss":     {Value: dec("-40")},
	}
	state := func() ladder.Statement {
		t.Helper()
		s, err := model.Statement(year(quantities), epoch)
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, s)
		return s
	}
	gross := func(s ladder.Statement) (got []string) {
		for _, line := range s.Lines {
			text, err := json.Marshal(line)
			if err != nil {
				t.Fatal(err)
			}
			var shown struct{ Gross *string }
			if err := json.Unmarshal(text, &shown); err != nil {
				t.Fatal(err)
			}
			if shown.Gross == nil {
				shown.Gross = ptr(fmt.Sprint(line.Why, line.Lacks))
			}
			got = append(got, *shown.Gross)
		}
		return got
	}
	t.Run("exhausted", func(t *testing.T) {
		s := state()
		if diff := cmp.Diff([]string{"400", "400", "0", "-80"}, gross(s)); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
		want := []ladder.Cut{
			{Pool: "team", Benefit: "first", Units: dec("10"), Amount: dec("80"), Why: ladder.WhyPoolExhausted},
			{Pool: "team", Benefit: "third", Units: dec("30"), Amount: dec("240"), Why: ladder.WhyPoolExhausted},
		}
		if diff := cmp.Diff(want, s.Cuts); diff != "" {
			t.Errorf("cuts (-want +got):\n%s", diff)
		}
	})
	t.Run("unknown", func(t *testing.T) {
		delete(quantities, "capacity")
		s := state()
		why := `pool_unknown[quantity "capacity": missing]`
		if diff := cmp.Diff([]string{why, why, why, "-80"}, gross(s)); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
		want := []ladder.Cut{
			{Pool: "team", Benefit: "first", Units: dec("60"), Amount: dec("480"), Why: ladder.WhyPoolUnknown},
			{Pool: "team", Benefit: "second", Units: dec("50"), Amount: dec("400"), Why: ladder.WhyPoolUnknown},
			{Pool: "team", Benefit: "third", Units: dec("30"), Amount: dec("240"), Why: ladder.WhyPoolUnknown},
		}
		if diff := cmp.Diff(want, s.Cuts); diff != "" {
			t.Errorf("cuts (-want +got):\n%s", diff)
		}
	})
	t.Run("not applicable", func(t *testing.T) {
		quantities["capacity"] = ladder.Quantity{State: ladder.NotApplicable}
		s := state()
		if diff := cmp.Diff([]string{"0", "0", "0", "-80"}, gross(s)); diff != "" || s.Lines[0].Applies || s.Cuts != nil {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	})
}

func TestReturn(t *testing.T) {
	l := hoursSaved()
	l.Costs = []ladder.Cost{{Name: "licence", Kind: ladder.Licence}, {Name: "rollout", Kind: ladder.Change}}
	model := compile(t, l)
	known := ladder.QuantityMap{"hours": {Value: dec("1")}, "adoption": {Value: dec("1")}}
	cost := func(amounts ...string) (costs []ladder.Cost) {
		for _, a := range amounts {
			costs = append(costs, ladder.Cost{Name: "rollout", Amount: dec(a)})
		}
		return costs
	}
	for _, test := range []struct {
		name       string
		quantities ladder.QuantityMap
		costs      []ladder.Cost
		cost, want string
	}{
		{"no cost", known, nil, "0", ""},
		{"a cost of nothing", known, cost("0.005"), "0", ""},
		{"a third", known, cost("1125"), "1125", "0.333333"},
		{"half to even", known, cost("96000.00"), "96000", "-0.984375"},
		{"each cost is rounded", known, cost("0.015", "0.025"), "0.04", "37499"},
		{"a loss", ladder.QuantityMap{"hours": {Value: dec("-1")}, "adoption": {Value: dec("1")}}, cost("1000"), "1000", "-2.5"},
		{"nothing known", nil, cost("1000"), "1000", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := year(test.quantities)
			in.Costs = test.costs
			s, err := model.Statement(in, epoch)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if s.ROI != nil {
				got = s.ROI.String()
			}
			if !s.Cost.Equal(dec(test.cost)) || got != test.want {
				t.Errorf("cost %v, ROI %q, want %s and %q", s.Cost, got, test.cost, test.want)
			}
			for i, c := range s.Costs {
				if c.Kind != ladder.Change || in.Costs[i].Kind != "" {
					t.Errorf("cost %+v of %+v", c, in.Costs[i])
				}
			}
		})
	}
}

func TestStatementRefuses(t *testing.T) {
	l := ladder.Starter()
	model := compile(t, l)
	const ok = "ladder: account \"acme\": "
	good := func() ladder.Input {
		q := ladder.QuantityMap{}
		for _, name := range model.Quantities() {
			q[name] = ladder.Quantity{Value: dec("1"), At: epoch}
		}
		return year(q)
	}
	set := func(in *ladder.Input, name, value string) {
		in.Quantities.(ladder.QuantityMap)[name] = ladder.Quantity{Value: dec(value), At: epoch}
	}
	for _, test := range []struct {
		name  string
		spoil func(in *ladder.Input)
		want  string // how the message begins
	}{
		{"no account", func(in *ladder.Input) { in.Account = "" }, `ladder: account "": account: is empty`},
		{"no start", func(in *ladder.Input) { in.From = time.Time{} }, ok + "from: is zero"},
		{"no end", func(in *ladder.Input) { in.To = time.Time{} }, ok + "to: is zero"},
		{"period backward", func(in *ladder.Input) { in.From, in.To = in.To, in.From }, ok + "period: does not end after"},
		{"period of a nanosecond", func(in *ladder.Input) { in.To = in.From.Add(1) }, ok + "period: does not end after"},
		{"far period", func(in *ladder.Input) { in.To = in.To.AddDate(9000, 0, 0) }, ok + "to: year"},
		{"adoption of 120 %", func(in *ladder.Input) { set(in, "adoption", "1.2") }, ok + `quantity "adoption": must be 0 to 1, not 1.2`},
		{"users below 0", func(in *ladder.Input) { set(in, "users", "-1") }, ok + `quantity "users": must not be negative`},
		{"capacity below 0", func(in *ladder.Input) { set(in, "team_hours", "-1") }, ok + `quantity "team_hours": must not be negative`},
		{"40 digits", func(in *ladder.Input) { set(in, "users", "1234567890123456789012345678901234567891") }, ok + `quantity "users": needs`},
		{"exponent", func(in *ladder.Input) {
			in.Quantities.(ladder.QuantityMap)["users"] = ladder.Quantity{Value: decimal.New(1, 1e9), At: epoch}
		}, ok + `quantity "users": has`},
		{"unknown state", func(in *ladder.Input) { in.Quantities.(ladder.QuantityMap)["users"] = ladder.Quantity{State: "gone"} },
			ok + `quantity "users": has the unknown state "gone"`},
		{"unknown class", func(in *ladder.Input) {
			in.Quantities.(ladder.QuantityMap)["users"] = ladder.Quantity{Evidence: "hearsay"}
		},
			ok + `quantity "users": has the unknown evidence class "hearsay"`},
		{"before the year 1", func(in *ladder.Input) {
			in.Quantities.(ladder.QuantityMap)["users"] = ladder.Quantity{At: time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)}
		}, ok + `quantity "users": at: year`},
		{"after the year 9999", func(in *ladder.Input) { in.Quantities.(ladder.QuantityMap)["users"] = ladder.Quantity{At: far} },
			ok + `quantity "users": at: year 10000`},
		{"failed without end", func(in *ladder.Input) {
			in.Quantities.(ladder.QuantityMap)["users"] = ladder.Quantity{State: ladder.Failed, Why: strings.Repeat("x", 1025)}
		}, ok + `quantity "users": why: has 1025 bytes, over 1024`},
		{"failed with NUL", func(in *ladder.Input) {
			in.Quantities.(ladder.QuantityMap)["users"] = ladder.Quantity{State: ladder.Failed, Why: "\x00"}
		}, ok + `quantity "users": why: contains U+0000`},
		{"failed in no text", func(in *ladder.Input) {
			in.Quantities.(ladder.QuantityMap)["users"] = ladder.Quantity{State: ladder.Failed, Why: "\xff"}
		}, ok + `quantity "users": why: is not valid UTF-8`},
		{"cost below 0", func(in *ladder.Input) { in.Costs = []ladder.Cost{{Name: "licence", Amount: dec("-1")}} }, ok + `cost "licence": must not be negative`},
		{"unknown cost", func(in *ladder.Input) { in.Costs = []ladder.Cost{{Name: "beer", Kind: ladder.Internal}} }, ok + `cost "beer": is not one of the ladder's`},
		{"cost of another kind", func(in *ladder.Input) { in.Costs = []ladder.Cost{{Name: "licence", Kind: ladder.Change}} },
			ok + `cost "licence": is of the kind "licence", not "change"`},
		{"cost with an exponent", func(in *ladder.Input) { in.Costs = []ladder.Cost{{Name: "licence", Amount: decimal.New(1, -1e9)}} }, ok + `cost "licence": has`},
		{"result beyond all bounds", func(in *ladder.Input) {
			set(in, "incidents", "-1e18")
			set(in, "incident_cost", "99999999999999999999999999999999999999")
		}, ok + `benefit "incidents avoided": comes to a figure that`},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := good()
			test.spoil(&in)
			_, err := model.Statement(in, epoch)
			var data *ladder.DataError
			if !errors.As(err, &data) || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s…", err, test.want)
			}
		})
	}
	for _, asOf := range []time.Time{{}, far} {
		if _, err := model.Statement(good(), asOf); err == nil || !strings.HasPrefix(err.Error(), ok+"as of: ") {
			t.Errorf("as of %v: %v", asOf, err)
		}
	}
	if s, err := model.Statement(good(), epoch); err != nil || s.Unknown > 0 {
		t.Errorf("the good input: %v and %d unknown lines", err, s.Unknown)
	}
}

// TestNarrowestBound reads one quantity as a share and then as a movement, which may be anything.
func TestNarrowestBound(t *testing.T) {
	l := hoursSaved()
	l.Benefits = append(l.Benefits, l.Benefits[0])
	l.Benefits[1].Name, l.Benefits[1].Moved, l.Benefits[1].Adoption = "again", quantity("adoption"), nil
	_, err := compile(t, l).Statement(year(ladder.QuantityMap{"adoption": {Value: dec("2")}}), epoch)
	if err == nil || err.Error() != `ladder: account "acme": quantity "adoption": must be 0 to 1, not 2` {
		t.Errorf("got %v", err)
	}
}

// TestLongWay moves a metric from a fraction to a number of 38 digits, of which nothing is attributed.
func TestLongWay(t *testing.T) {
	l := hoursSaved()
	l.Metrics = []ladder.Metric{{Name: "hours", Better: ladder.Up, Base: dec("0.000000000000000001")}}
	l.Benefits[0].Moved, l.Benefits[0].Metric, l.Benefits[0].Attribution = nil, "hours", constant("0")
	in := year(ladder.QuantityMap{"hours": {Value: dec(strings.Repeat("9", 38))}, "adoption": {Value: dec("1")}})
	var data *ladder.DataError
	if _, err := compile(t, l).Statement(in, epoch); !errors.As(err, &data) {
		t.Errorf("got %v, want a DataError", err)
	}
}

func TestStatementJSON(t *testing.T) {
	l := hoursSaved()
	l.Benefits[0].Basis = ladder.Annual
	in := ladder.Input{
		Account: "acme", From: epoch, To: epoch.AddDate(0, 5, 0),
		Quantities: ladder.QuantityMap{"hours": {Value: dec("1.10"), At: epoch.Add(-time.Hour), Evidence: ladder.Measured}},
	}
	model := compile(t, l)
	s, err := model.Statement(in, epoch)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	c := func(role, value string) string {
		return `{"role":"` + role + `","value":"` + value + `","constant":true,"evidence":"assumed"},`
	}
	zero := func(axis, group string) string {
		return `{"axis":"` + axis + `","group":"` + group + `","gross":"0","adjusted":"0","unknown":1}`
	}
	want := `{"account":"acme","from":"2026-01-01T00:00:00.000000Z","to":"2026-06-01T00:00:00.000000Z","as_of":"2026-01-01T00:00:00.000000Z",` +
		`"ladder":"to the cent","digest":"` + model.Digest().String() + `","currency":"EUR","gross":"0","adjusted":"0","hard":"0","soft":"0","cost":"0",` +
		`"roi":null,"unknown":1,"lines":[{"benefit":"hours saved","driver":"productivity","saving":"soft","node":"users","known":false,"applies":true,` +
		`"units":null,"gross":null,"adjusted":null,"evidence":"","inputs":[` +
		`{"role":"moved","name":"hours","value":"1.1","at":"2025-12-31T23:00:00.000000Z","age":"1h","evidence":"measured"},` +
		c("times", "12") + c("times", "10") + c("attribution", "0.5") + c("unit_value", "50") + c("conversion", "0.5") +
		`{"role":"period","name":"5/12","value":"0.416666666667","constant":true}],"why":"missing","lacks":[{"quantity":"adoption","why":"missing"}]}],"totals":[` +
		zero("driver", "productivity") + "," + zero("rung", "operational") + "," + zero("node", "users") + "," +
		zero("stakeholder", "") + "," + zero("theme", "") + `]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStatementAll(t *testing.T) {
	model := compile(t, hoursSaved())
	failed := errors.New("no more rows")
	inputs := func(yield func(ladder.Input, error) bool) {
		for _, account := range []string{"a", "", "c"} {
			in := year(nil)
			in.Account = account
			if !yield(in, nil) {
				return
			}
		}
		yield(ladder.Input{}, failed)
	}
	var accounts []string
	var last error
	for item, err := range model.StatementAll(inputs, epoch) {
		if err != nil {
			last = err
			continue
		}
		if (item.Statement == nil) == (item.Err == nil) || (item.Err == nil) != (item.Account != "") {
			t.Errorf("item %+v", item)
		}
		accounts = append(accounts, item.Account)
	}
	if diff := cmp.Diff([]string{"a", "", "c"}, accounts); diff != "" || !errors.Is(last, failed) || last.Error() != "ladder: state accounts: no more rows" {
		t.Errorf("error %v, accounts (-want +got):\n%s", last, diff)
	}
	for range model.StatementAll(inputs, epoch) {
		break
	}
}
