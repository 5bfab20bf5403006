package ladder_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// rising has a node on each rung, with one benefit each, and a second on the middle rung.
func rising() ladder.Ladder {
	l := ladder.Ladder{Format: 1, Name: "rising", Currency: "EUR", Nodes: []ladder.Node{
		{Name: "company", Rung: ladder.Enterprise, Stakeholder: "chief financial officer", Budget: "strategy", Needs: ladder.Audited},
		{Name: "users", Rung: ladder.Operational, Stakeholder: "team lead"},
		{Name: "support", Rung: ladder.Departmental, Stakeholder: "head of support", Budget: "support"},
		{Name: "quality", Rung: ladder.Departmental, Stakeholder: "head of quality"},
	}, Links: []ladder.Link{{From: "users", To: "support", Share: dec("1")}},
		Haircuts: []ladder.Haircut{{Class: ladder.Confirmed, Expire: 365 * ladder.Day}}}
	for _, n := range l.Nodes {
		l.Benefits = append(l.Benefits, ladder.Benefit{
			Name: n.Name + " gain", Driver: ladder.CostReduction, Basis: ladder.Annual, Node: n.Name, Moved: quantity(n.Name), UnitValue: *constant("1"),
			Evidence: ladder.Audited,
		})
	}
	return l
}

// gain is an entry of a node's benefit in the first month.
func gain(id, node, amount string, class ladder.Evidence, source string) ladder.Entry {
	return ladder.Entry{
		ID: id, Account: "acme", Benefit: node + " gain", From: epoch, To: epoch.AddDate(0, 1, 0), Amount: dec(amount),
		Currency: "EUR", Evidence: class, Source: source, Recorded: epoch.AddDate(0, 1, 1),
	}
}

func climb(t *testing.T, entries []ladder.Entry, asOf time.Time) ladder.Climb {
	t.Helper()
	c, err := compile(t, rising()).Climb("acme", entries, asOf)
	if err != nil {
		t.Fatal(err)
	}
	roundTrip(t, c)
	return c
}

func TestClimb(t *testing.T) {
	entries := []ladder.Entry{
		gain("u1", "users", "100", ladder.Measured, "dashboard"),
		gain("s1", "support", "900.50", ladder.Confirmed, "letter of 3 February"),
		gain("s2", "support", "50", ladder.Assumed, ""),
		gain("c1", "company", "5000", ladder.Confirmed, "board minutes"),
	}
	got := climb(t, entries, epoch.AddDate(0, 6, 0))
	through := epoch.AddDate(0, 1, 0)
	company := ladder.Opening{Node: "company", Rung: ladder.Enterprise, Stakeholder: "chief financial officer", Budget: "strategy"}
	want := []ladder.NodeStanding{
		{Node: "users", Rung: ladder.Operational, Stakeholder: "team lead", Standing: ladder.StandingStalled, Amount: dec("100"), Entry: "u1",
			Source: "dashboard", Through: through, Missing: ladder.WhyEvidence, Needs: ladder.Confirmed},
		{Node: "support", Rung: ladder.Departmental, Stakeholder: "head of support", Budget: "support", Standing: ladder.StandingConfirmed, Amount: dec("950.50"),
			Entry: "s1", Source: "letter of 3 February", Through: through, Needs: ladder.Confirmed, Opens: []ladder.Opening{company}},
		{Node: "quality", Rung: ladder.Departmental, Stakeholder: "head of quality", Standing: ladder.StandingOpen, Missing: ladder.WhyNoValue,
			Needs: ladder.Confirmed, Opens: []ladder.Opening{company}},
		{Node: "company", Rung: ladder.Enterprise, Stakeholder: "chief financial officer", Budget: "strategy", Standing: ladder.StandingStalled, Amount: dec("5000"),
			Entry: "c1", Source: "board minutes", Through: through, Missing: ladder.WhyEvidence, Needs: ladder.Audited},
	}
	if diff := cmp.Diff(want, got.Nodes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestClimbMissing(t *testing.T) {
	reversed := gain("r", "users", "-100", ladder.Confirmed, "letter")
	reversed.Reverses = "a"
	for _, test := range []struct {
		name    string
		entries []ladder.Entry
		asOf    time.Time
		want    string
	}{
		{"nothing", nil, epoch.AddDate(0, 6, 0), "open no_value 0 "},
		{"not recorded yet", []ladder.Entry{gain("a", "users", "100", ladder.Confirmed, "letter")}, epoch, "open no_value 0 "},
		{"a loss", []ladder.Entry{gain("a", "users", "-100", ladder.Confirmed, "letter")}, epoch.AddDate(0, 6, 0), "open no_value -100 "},
		{"reversed", []ladder.Entry{gain("a", "users", "100", ladder.Confirmed, "letter"), reversed}, epoch.AddDate(0, 6, 0), "open no_value 0 "},
		{"no source", []ladder.Entry{gain("a", "users", "100", ladder.Audited, ""), gain("b", "users", "5", ladder.Assumed, "x")}, epoch.AddDate(0, 6, 0), "stalled no_source 105 a"},
		{"expired", []ladder.Entry{gain("a", "users", "100", ladder.Confirmed, "letter")}, epoch.AddDate(0, 1, 365), "stalled expired 100 a"},
		{"not quite expired", []ladder.Entry{gain("a", "users", "100", ladder.Confirmed, "letter")}, epoch.AddDate(0, 1, 365).Add(-time.Microsecond), "confirmed  100 a"},
		{"the better one", []ladder.Entry{gain("a", "users", "100", ladder.Confirmed, "letter"), gain("b", "users", "1", ladder.Audited, "books")}, epoch.AddDate(0, 2, 0), "confirmed  101 b"},
		{"a benefit of old", []ladder.Entry{gain("a", "gone", "100", ladder.Confirmed, "letter")}, epoch.AddDate(0, 6, 0), "open no_value 0 "},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := climb(t, test.entries, test.asOf).Nodes[0]
			if got := fmt.Sprintf("%s %s %v %s", n.Standing, n.Missing, n.Amount, n.Entry); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	m := compile(t, rising())
	foreign, dollars := gain("a", "users", "1", ladder.Audited, ""), gain("a", "users", "1", ladder.Audited, "")
	foreign.Account, dollars.Currency = "other", "USD"
	for _, test := range []struct {
		account string
		entries []ladder.Entry
		asOf    time.Time
		want    string
	}{
		{"", nil, epoch, "account: is empty"},
		{"acme", nil, time.Time{}, "as of: is zero"},
		{"acme", []ladder.Entry{foreign}, far, "as of: year"},
		{"acme", []ladder.Entry{foreign}, epoch, `entry "a": is of account "other"`},
		{"acme", []ladder.Entry{dollars}, epoch.AddDate(1, 0, 0), `entry "a": is in "USD", not in "EUR"`},
	} {
		_, err := m.Climb(test.account, test.entries, test.asOf)
		var data *ladder.DataError
		if !errors.As(err, &data) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

// TestReversalRestores: posting and reversing leaves balance, course and climb as they were, to the cent.
func TestReversalRestores(t *testing.T) {
	ctx := context.Background()
	store := new(ladder.Memory)
	m := compile(t, rising())
	books, err := ladder.NewBooks(m, store, ladder.Options{Now: clock()})
	if err != nil {
		t.Fatal(err)
	}
	post := func(e ladder.Entry) {
		t.Helper()
		if _, err := books.Post(ctx, e, nil); err != nil {
			t.Fatal(err)
		}
	}
	post(gain("a", "users", "33.33", ladder.Confirmed, "letter"))
	later := epoch.AddDate(50, 0, 0)
	now := func() (decimal.Decimal, ladder.Climb, ladder.Course) {
		balance, err := books.Balance(ctx, "acme", time.Time{}, time.Time{}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		entries := entriesOf(t, store)
		climb, err := m.Climb("acme", entries, later)
		if err != nil {
			t.Fatal(err)
		}
		var accruals []ladder.Accrual
		for _, e := range entries {
			accruals = append(accruals, e.Accrual())
		}
		course, err := m.Course("acme", epoch, accruals, nil, epoch.AddDate(0, 0, 11))
		if err != nil {
			t.Fatal(err)
		}
		course.Points = nil
		return balance.Amount, climb, course
	}
	amount, before, course := now()
	post(gain("b", "support", "0.01", ladder.Audited, "books"))
	post(gain("c", "company", "77777.77", ladder.Audited, "books"))
	for _, id := range []string{"b", "c"} {
		if _, err := books.Reverse(ctx, "acme", id, "somebody", ""); err != nil {
			t.Fatal(err)
		}
	}
	again, after, courseAfter := now()
	if !amount.Equal(again) {
		t.Errorf("balance %v, before %v", again, amount)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("climb (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(course, courseAfter); diff != "" {
		t.Errorf("course (-before +after):\n%s", diff)
	}
}

func TestCase(t *testing.T) {
	l := rising()
	l.Costs = []ladder.Cost{{Name: "licence", Kind: ladder.Licence}}
	m := compile(t, l)
	made := func(users, support ladder.Quantity, cost string, from time.Time) ladder.Statement {
		zero := ladder.Quantity{Evidence: ladder.Audited}
		s, err := m.Statement(ladder.Input{
			Account: "acme", From: from, To: from.AddDate(1, 0, 0),
			Quantities: ladder.QuantityMap{"users": users, "support": support, "company": zero, "quality": zero},
			Costs:      []ladder.Cost{{Name: "licence", Amount: dec(cost)}},
		}, epoch.AddDate(1, 0, 0))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	of := func(v string, class ladder.Evidence) ladder.Quantity {
		return ladder.Quantity{Value: dec(v), At: epoch.AddDate(0, 11, 0), Evidence: class}
	}
	before := made(of("300", ladder.Audited), of("0", ladder.Audited), "100", epoch.AddDate(-1, 0, 0))
	now := made(of("500", ladder.Confirmed), of("70", ladder.Measured), "150", epoch)
	leak, err := m.Leakage("acme", levels("1000", "900", "", "", "570"), epoch)
	if err != nil {
		t.Fatal(err)
	}
	standing, err := m.Climb("acme", []ladder.Entry{gain("u", "users", "500", ladder.Confirmed, "letter")}, epoch.AddDate(0, 6, 0))
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.Case(ladder.Grounds{Now: now, Before: &before, Price: ptr(dec("160")), Climb: &standing, Leakage: &leak})
	if err != nil {
		t.Fatal(err)
	}
	roundTrip(t, got)
	want := ladder.Case{
		Account: "acme", From: epoch, To: epoch.AddDate(1, 0, 0), Ladder: "rising", Digest: m.Digest(), Currency: "EUR",
		Own: dec("500"), Other: dec("70"), Spend: dec("150"), PerUnit: ptr(dec("3.333333")),
		Figures: []ladder.Figure{
			{Benefit: "company gain", Amount: dec("0"), Evidence: ladder.Audited},
			{Benefit: "users gain", Amount: dec("500"), Evidence: ladder.Confirmed},
			{Benefit: "quality gain", Amount: dec("0"), Evidence: ladder.Audited},
		},
		Stay: ladder.Stay{Holds: ladder.AnswerYes, Net: dec("350")},
		// 300 for 100 was 3 for each; 500 is that for up to 166.66.
		PayMore: ladder.PayMore{Holds: ladder.AnswerYes, Growth: ptr(dec("200")), Before: ptr(dec("3")), Price: ptr(dec("160")),
			Then: ptr(dec("3.125")), Most: ptr(dec("166.66"))},
		Evolve: ladder.Evolve{Holds: ladder.AnswerYes, Open: &ladder.Amount{Known: true, Low: dec("430"), High: ptr(dec("430"))},
			Opens: []ladder.Opening{{Node: "support", Rung: ladder.Departmental, Stakeholder: "head of support", Budget: "support"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	nothing, err := m.Leakage("acme", levels("570", "570", "570", "570", "570"), epoch)
	if err != nil {
		t.Fatal(err)
	}
	free := made(of("300", ladder.Audited), of("0", ladder.Audited), "0", epoch.AddDate(-1, 0, 0))
	quarter := made(of("250", ladder.Audited), of("0", ladder.Audited), "100", epoch.AddDate(-1, 0, 0))
	empty, err := m.Climb("acme", nil, epoch)
	if err != nil {
		t.Fatal(err)
	}
	failed := ladder.Quantity{State: ladder.Failed}
	for _, test := range []struct {
		name    string
		grounds ladder.Grounds
		want    string // stay, pay more, evolve
	}{
		{"alone", ladder.Grounds{Now: now}, "yes unknown unknown"},
		{"at one cent too much", ladder.Grounds{Now: now, Before: &before, Price: ptr(dec("166.67"))}, "yes no unknown"},
		{"for what it was", ladder.Grounds{Now: now, Before: &before, Price: ptr(dec("166.66"))}, "yes yes unknown"},
		{"for exactly what it was", ladder.Grounds{Now: now, Before: &quarter, Price: ptr(dec("200"))}, "yes yes unknown"},
		{"free before", ladder.Grounds{Now: now, Before: &free, Price: ptr(dec("160"))}, "yes unknown unknown"},
		{"no price", ladder.Grounds{Now: now, Before: &before}, "yes unknown unknown"},
		{"by our figures alone", ladder.Grounds{Now: made(of("500", ladder.Measured), of("70", ladder.Measured), "150", epoch)}, "unknown unknown unknown"},
		{"not worth it", ladder.Grounds{Now: made(of("50", ladder.Confirmed), of("70", ladder.Measured), "150", epoch)}, "no unknown unknown"},
		{"not worth it yet", ladder.Grounds{Now: made(of("50", ladder.Confirmed), failed, "150", epoch)}, "unknown unknown unknown"},
		{"nothing open", ladder.Grounds{Now: now, Leakage: &nothing, Climb: &empty}, "yes unknown no"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := m.Case(test.grounds)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(c.Stay.Holds, " ", c.PayMore.Holds, " ", c.Evolve.Holds); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}

	much := made(of("10000000000000000000000000000", ladder.Confirmed), of("0", ladder.Audited), "1", epoch)
	cheap := made(of("0.01", ladder.Audited), of("0", ladder.Audited), "1000000000", epoch.AddDate(-1, 0, 0))
	short, other := before, standing
	short.To = short.To.AddDate(0, -1, 0)
	other.Account = "other"
	stranger := leak
	stranger.Digest[0]++
	for _, test := range []struct {
		name    string
		grounds ladder.Grounds
		want    string
	}{
		{"nothing", ladder.Grounds{}, "now: is of another ladder"},
		{"another length", ladder.Grounds{Now: now, Before: &short}, "before: is of a period of another length"},
		{"price", ladder.Grounds{Now: now, Price: ptr(dec("-1"))}, "price: must not be negative"},
		{"too much for each unit of the price", ladder.Grounds{Now: much, Price: ptr(dec("0.0000001"))}, "sums: comes to a figure that"},
		{"too high a price", ladder.Grounds{Now: much, Before: &cheap}, "sums: comes to a figure that"},
		{"climb", ladder.Grounds{Now: now, Climb: &other}, `climb: is of account "other"`},
		{"leakage", ladder.Grounds{Now: now, Leakage: &stranger}, `leakage: is of account "acme" and ladder`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := m.Case(test.grounds)
			var data *ladder.DataError
			if !errors.As(err, &data) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
