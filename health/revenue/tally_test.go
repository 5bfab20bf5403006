package revenue_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/revenue"
)

// crowd makes movements at one instant.
func crowd(n int) []revenue.Movement {
	moves := course("a", "2025-01-01 new 1")
	for i := range n - 1 {
		moves = append(moves, course("a", "2026-01-01 expansion 1 source-"+strconv.Itoa(i))...)
	}
	return moves
}

func TestBadCourses(t *testing.T) {
	with := func(change func(m *revenue.Movement)) []revenue.Movement {
		c := course("a", "2026-01-01 new 100", "2026-02-01 expansion 10")
		change(&c[1])
		return c
	}
	for _, c := range []struct {
		name  string
		moves []revenue.Movement
		want  string
	}{
		{"new twice", course("a", "2026-01-01 new 1", "2026-02-01 new 1"), `movement 1: new, and it was a customer before`},
		{"not new", course("a", "2026-01-01 expansion 1"), `movement 0: expansion, and it is no customer`},
		{"not back", course("a", "2026-01-01 new 1", "2026-02-01 churn 1", "2026-03-01 churn 1"), `movement 2: churn, and it is no customer`},
		{"never there", course("a", "2026-01-01 reactivation 1"), `movement 0: reactivation, and it was never a customer`},
		{"not gone", course("a", "2026-01-01 new 1", "2026-02-01 reactivation 1"), `movement 1: reactivation, and it has not left`},
		{"churns too much", course("a", "2026-01-01 new 20", "2026-02-01 churn 20.001"), `movement 1: churn of 20.001, and it has 20`},
		{"churns too little", course("a", "2026-01-01 new 20.50", "2026-02-01 churn 20"), `movement 1: churn of 20, and it has 20.5`},
		{"contracts too much", course("a", "2026-01-01 new 20", "2026-02-01 contraction 21"), `movement 1: contraction of 21, and it has 20`},
		{"back in time", course("a", "2026-01-02 new 1", "2026-01-01 expansion 1"), `movement 1: is at 2026-01-01T00:00:00Z, before movement 0 at 2026-01-02T00:00:00Z`},
		{"back from later", course("a", "2026-01-02 new 1", "2028-01-01 expansion 1", "2026-02-01 expansion 1"), `movement 2: is at 2026-02-01T00:00:00Z, before movement 1 at 2028-01-01T00:00:00Z`},
		{"crowd", crowd(1002), `movement 1001: is one of over 1000 at 2026-01-01T00:00:00Z`},
		{"repeated", course("a", "2026-01-01 new 1", "2026-01-02 expansion 1 x", "2026-01-02 expansion 1 y", "2026-01-02 expansion 2 x"),
			`movement 3: is a second expansion at 2026-01-02T00:00:00Z, after movement 1`},
		{"other account", with(func(m *revenue.Movement) { m.Account = "b" }), `movement 1: is of account "b"`},
		{"kind", with(func(m *revenue.Movement) { m.Kind = "growth" }), `movement 1: kind "growth" is none of new, expansion, contraction, churn, reactivation`},
		{"instant", with(func(m *revenue.Movement) { m.At = time.Time{} }), `movement 1: instant is zero`},
		{"far", with(func(m *revenue.Movement) { m.At = time.Date(-300000, 1, 1, 0, 0, 0, 0, time.UTC) }), `movement 1: instant year -300000 is outside 1 to 9999`},
		{"currency", with(func(m *revenue.Movement) { m.Currency = "USD" }), `movement 1: is in "USD", the tally in "EUR"`},
		{"negative", with(func(m *revenue.Movement) { m.Amount = d("-1") }), `movement 1: amount is negative`},
		{"exponent", with(func(m *revenue.Movement) { m.Amount = d("1e19") }), `movement 1: amount has the exponent 19, outside -18 to 18`},
		{"vast exponent", with(func(m *revenue.Movement) { m.Amount = decimal.New(1, 1e9) }), `movement 1: amount has the exponent 1000000000, outside -18 to 18`},
		{"tiny exponent", with(func(m *revenue.Movement) { m.Amount = decimal.New(1, -1e9) }), `movement 1: amount has the exponent -1000000000, outside -18 to 18`},
		{"digits", with(func(m *revenue.Movement) { m.Amount = d("999999999999999999999999999999999999999") }), `movement 1: amount needs over 127 bits for its digits`},
		{"nothing", with(func(m *revenue.Movement) { m.Amount = d("0") }), `movement 1: expansion of 0`},
		{"source", with(func(m *revenue.Movement) { m.Source = "a\nb" }), `movement 1: source contains the control character U+000A at byte 1`},
		{"price", with(func(m *revenue.Movement) { m.Kind, m.Price = revenue.Contraction, true }), `movement 1: contraction is no rise of the price`},
		{"account", course("", "2026-01-01 new 1"), `account: is empty`},
	} {
		good := course("z", "2026-01-01 new 7")
		got := tally(t, revenue.Month, revenue.Options{}, good)
		before, _ := got.MarshalBinary()
		err := got.Add(c.moves)
		var data *revenue.DataError
		if !errors.As(err, &data) || data.Field+": "+data.Message != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
		if after, _ := got.MarshalBinary(); string(after) != string(before) {
			t.Errorf("%s: the tally has changed", c.name)
		}
	}
}

// Amounts are exact whatever their size and their places, also where they come after others.
func TestAmountsOfAnySize(t *testing.T) {
	for _, c := range []struct {
		name        string
		moves       []string
		expansion   string
		contraction string
		end         string
	}{
		{"finer than the minor unit", []string{"new 100", "expansion 0.001", "contraction 0.0004"}, "0.001", "0.0004", "100.0006"},
		{"as fine as can be", []string{"new 0.5", "expansion 0.000000000000000001"}, "0.000000000000000001", "0", "0.500000000000000001"},
		{"beyond 64 bits of cents", []string{"new 92233720368547758.07", "expansion 0.01", "contraction 0.02"}, "0.01", "0.02", "92233720368547758.06"},
		{"down to 64 bits again", []string{"new 92233720368547758.08", "contraction 92233720368547758.07"}, "0", "92233720368547758.07", "0.01"},
		{"as large as can be", []string{"new 170141183460469231731687303715884105727", "expansion 1", "contraction 28"}, "1", "28",
			"170141183460469231731687303715884105700"},
		{"large, then fine", []string{"new 1e18", "expansion 1e-18", "contraction 0.5"}, "0.000000000000000001", "0.5",
			"999999999999999999.500000000000000001"},
	} {
		moves := []string{"2025-02-01 " + c.moves[0]}
		for i, m := range c.moves[1:] {
			moves = append(moves, fmt.Sprintf("2026-0%d-01 %s", i+2, m))
		}
		for _, o := range []revenue.Options{{}, {GRR: revenue.GRRMovements, Prices: revenue.PricesApart}} {
			p := tally(t, revenue.Year, o, course("a", moves...)).Periods()[0]
			if p.Expansion.Cmp(d(c.expansion)) != 0 || p.Contraction.Cmp(d(c.contraction)) != 0 || p.End.Cmp(d(c.end)) != 0 {
				t.Errorf("%s: + %v - %v = %v", c.name, p.Expansion, p.Contraction, p.End)
			}
		}
	}
}

// Movements at one instant come in the order given.
func TestAtOneInstant(t *testing.T) {
	p := tally(t, revenue.Year, revenue.Options{}, course("a", "2026-01-05 new 10", "2026-01-05 contraction 3", "2026-01-05 expansion 5")).Periods()[0]
	if !p.End.Equal(d("12")) || !p.Contraction.Equal(d("3")) || p.Gained != 1 {
		t.Errorf("%+v", p)
	}
}

// Equal amounts make equal bytes, however they are written.
func TestWrittenAlike(t *testing.T) {
	encoded := func(amounts ...string) string {
		code, err := tally(t, revenue.Year, revenue.Options{},
			course("a", "2026-01-05 new "+amounts[0], "2026-02-05 expansion "+amounts[1], "2026-03-05 churn "+amounts[2])).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		return string(code)
	}
	if encoded("100", "20.5", "120.5") != encoded("100.00", "20.50", "1.205e2") {
		t.Error("the bytes differ")
	}
}

// What comes at the end of the calendar or later is not seen, whatever it is.
func TestLaterIsNotSeen(t *testing.T) {
	seen := course("a", "2025-12-31 new 100", "2026-12-31 churn 100")
	later := append(seen, course("a", "2027-01-01 reactivation 30", "2027-01-01 new 5", "2027-02-01 churn 77")...)
	o := revenue.Options{Gap: 10 * health.Day}
	got, want := tally(t, revenue.Year, o, later).Periods(), tally(t, revenue.Year, o, seen).Periods()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if p := got[0]; !p.Start.Equal(d("100")) || !p.Churn.Equal(d("100")) || !p.Pending.Equal(d("100")) || p.PendingCount != 1 {
		t.Errorf("a churn on the last day is pending: %+v", p)
	}
}

// A return at the end would come just late enough for the churn to count.
func TestGapPassedAtTheEnd(t *testing.T) {
	for day, pending := range map[string]int{"2026-12-22": 0, "2026-12-23": 1} {
		p := tally(t, revenue.Year, revenue.Options{Gap: 10 * health.Day}, course("a", "2025-12-31 new 100", day+" churn 100")).Periods()[0]
		if p.PendingCount != pending || p.Churned != 1 {
			t.Errorf("churn on %s: %d of %d pending", day, p.PendingCount, p.Churned)
		}
	}
}

func TestPriceRisesApart(t *testing.T) {
	a := course("a", "2025-06-01 new 100", "2026-02-01 expansion 20 price", "2026-03-01 contraction 10")
	in := tally(t, revenue.Year, revenue.Options{}, a).Periods()[0]
	equal(t, "NRR", in.NRR, "1.1")
	equal(t, "GRR", in.GRR, "1")
	apart := tally(t, revenue.Year, revenue.Options{Prices: revenue.PricesApart}, a).Periods()[0]
	equal(t, "NRR without the price", apart.NRR, "0.9")
	equal(t, "GRR without the price", apart.GRR, "0.9")
	if !apart.PriceRise.Equal(d("20")) || !apart.Expansion.Equal(d("20")) {
		t.Errorf("price rise %v of expansion %v", apart.PriceRise, apart.Expansion)
	}
}

func TestFreeAccounts(t *testing.T) {
	free := course("free", "2026-01-05 new 0", "2026-06-01 churn 0")
	pays := course("pays", "2026-01-05 new 0", "2026-03-01 expansion 50", "2026-09-01 contraction 50")
	apart := tally(t, revenue.Quarter, revenue.Options{}, free, pays).Periods()
	if q1, q3 := apart[0], apart[2]; q1.Gained != 1 || !q1.New.Equal(d("50")) || q1.Customers != 1 || q3.Churned != 1 || q3.Customers != 0 || !q3.Churn.Equal(d("50")) {
		t.Errorf("free accounts apart: %+v %+v", q1, q3)
	}
	logos := tally(t, revenue.Quarter, revenue.Options{Free: revenue.FreeLogos}, free, pays).Periods()
	if q1, q2, q3 := logos[0], logos[1], logos[2]; q1.Gained != 2 || !q1.Expansion.Equal(d("50")) || q2.Lost != 1 || q3.Churned != 0 || q3.Customers != 1 {
		t.Errorf("free accounts as logos: %+v %+v %+v", q1, q2, q3)
	}
	equal(t, "NRR of no revenue", apart[3].NRR, "undefined")
	equal(t, "logo churn of no customers", apart[3].LogoChurn, "undefined")
	equal(t, "ARPA of no customers", apart[3].ARPA, "undefined")
	equal(t, "quick ratio without movements", apart[3].QuickRatio, "undefined")
}

// A customer with two weeks between contracts in 2015 and five months in 2017 (the invented lines of flipRevenueMetrics).
func TestGapsBetweenContracts(t *testing.T) {
	var lines []contract
	for _, l := range read(t, filepath.Join(reference(t, "revenue"), "flip_fake_invoice_lines.csv")) {
		lines = append(lines, contract{l["Name"], day(t, l["From"]), day(t, l["To"]), d(l["Value"])})
	}
	if len(lines) != 18 {
		t.Fatalf("%d lines, want 18", len(lines))
	}
	c, err := revenue.NewCalendar(revenue.Year, at(2010), at(2020), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []struct {
		gap            health.Duration
		churned, again int
	}{{0, 3, 2}, {14 * health.Day, 3, 2}, {15 * health.Day, 2, 1}, {200 * health.Day, 1, 0}} {
		got, err := revenue.NewTally("AUD", c, revenue.Options{Gap: o.gap})
		if err != nil {
			t.Fatal(err)
		}
		if failed, err := got.AddAll(movements(t, lines)); err != nil || len(failed) > 0 {
			t.Fatal(failed, err)
		}
		churned, again := 0, 0
		for _, p := range got.Periods() {
			churned, again = churned+p.Churned, again+p.Reactivated
		}
		if churned != o.churned || again != o.again {
			t.Errorf("gap %v: %d left, %d came back; want %d and %d", o.gap, churned, again, o.churned, o.again)
		}
	}
}

func TestCohorts(t *testing.T) {
	got := tally(t, revenue.Quarter, revenue.Options{},
		course("old", "2025-06-01 new 100", "2026-05-01 churn 100"),
		course("gone", "2025-01-01 new 40", "2025-02-01 churn 40", "2026-08-01 reactivation 25"),
		course("x", "2026-02-01 new 10", "2026-03-01 expansion 5", "2026-07-01 churn 15", "2026-10-01 reactivation 20"),
		course("y", "2026-03-01 new 30"),
		course("z", "2026-07-01 new 0", "2026-11-01 expansion 8")).Cohorts()
	if len(got) != 5 {
		t.Fatalf("%d cohorts, want 5", len(got))
	}
	type row struct {
		customers, revenue, logos, retention []string
	}
	for i, want := range []row{
		{[]string{"1", "0", "1", "1"}, []string{"100", "0", "25", "25"}, []string{"1", "0", "1", "1"}, []string{"1", "0", "0.25", "0.25"}},
		{[]string{"2", "2", "1", "2"}, []string{"45", "45", "30", "50"}, []string{"1", "1", "0.5", "1"}, []string{"1.125", "1.125", "0.75", "1.25"}},
		{[]string{"0", "0", "0"}, []string{"0", "0", "0"}, []string{"undefined", "undefined", "undefined"}, []string{"undefined", "undefined", "undefined"}},
		{[]string{"0", "0"}, []string{"0", "0"}, []string{"undefined", "undefined"}, []string{"undefined", "undefined"}},
		{[]string{"1"}, []string{"8"}, []string{"1"}, []string{"1"}},
	} {
		var have row
		for _, a := range got[i].Ages {
			have.customers = append(have.customers, strconv.Itoa(a.Customers))
			have.revenue = append(have.revenue, a.Revenue.String())
			have.logos = append(have.logos, ratioText(a.Logos))
			have.retention = append(have.retention, ratioText(a.Retention))
		}
		if diff := cmp.Diff(want, have, cmp.AllowUnexported(row{})); diff != "" {
			t.Errorf("cohort %d (-want +got):\n%s", i, diff)
		}
	}
	text, err := got[4].MarshalJSON()
	if want := `{"from":"2026-10-01T00:00:00.000000Z","partial":false,"customers":1,"revenue":"8",` +
		`"ages":[{"customers":1,"revenue":"8","logos":"1","retention":"1"}]}`; err != nil || string(text) != want {
		t.Errorf("%s, %v; want %s", text, err, want)
	}
	if c := got[0]; !c.From.IsZero() || c.Customers != 1 || !c.Revenue.Equal(d("100")) {
		t.Errorf("before the calendar: %+v", c)
	}
}

func TestSources(t *testing.T) {
	year := tally(t, revenue.Year, revenue.Options{},
		course("a", "2026-01-05 new 100 referral", "2026-02-01 expansion 20 csm:ana", "2026-04-01 expansion 7"),
		course("b", "2026-01-06 new 50 referral", "2026-03-01 churn 50 competitor"))
	got := year.Sources(0)
	var have []string
	for _, s := range got {
		have = append(have, s.Source+" "+s.New.String()+" "+s.Expansion.String()+" "+s.Churn.String())
	}
	if diff := cmp.Diff([]string{"competitor 0 0 50", "csm:ana 0 20 0", "referral 150 0 0"}, have); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	text, err := got[2].MarshalJSON()
	if want := `{"source":"referral","new":"150","reactivation":"0","expansion":"0","contraction":"0","churn":"0"}`; err != nil || string(text) != want {
		t.Errorf("%s, %v; want %s", text, err, want)
	}
	if year.Sources(-1) != nil || year.Sources(1) != nil {
		t.Error("there are sources outside the calendar")
	}
}

func TestAddAll(t *testing.T) {
	var stream []revenue.Movement
	for _, c := range [][]revenue.Movement{course("a", "2026-01-05 new 1"), course("b", "2026-01-05 churn 1"), course("c", "2026-01-05 new 4")} {
		stream = append(stream, c...)
	}
	got := tally(t, revenue.Year, revenue.Options{})
	failed, err := got.AddAll(sequence(stream...))
	if err != nil || len(failed) != 1 || failed[0].Account != "b" || got.Accounts() != 2 || !got.Periods()[0].End.Equal(d("5")) {
		t.Errorf("failed %v, %v; %d accounts with %v", failed, err, got.Accounts(), got.Periods()[0].End)
	}
	_, err = got.AddAll(sequence(append(stream[2:3:3], stream[0])...))
	if want := `revenue: add movements: account "a" comes after "c"`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	broken := errors.New("connection lost")
	_, err = got.AddAll(func(yield func(revenue.Movement, error) bool) { yield(revenue.Movement{}, broken) })
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if err := got.Add(nil); err != nil {
		t.Error(err)
	}
	var zero revenue.Tally
	if err := zero.Add(stream[:1]); err == nil || err.Error() != `revenue: account "a": the tally has no calendar` {
		t.Errorf("without a calendar: %v", err)
	}
}
