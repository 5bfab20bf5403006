package ladder_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

func day(n int) time.Time { return epoch.AddDate(0, 0, n) }

// evenly is an amount over some days; at once with to 0.
func evenly(from, to int, v string) ladder.Accrual {
	a := ladder.Accrual{From: day(from), Amount: dec(v)}
	if to != 0 {
		a.To = day(to)
	}
	return a
}

func TestCourse(t *testing.T) {
	model := compile(t, hoursSaved())
	list := func(a ...ladder.Accrual) []ladder.Accrual { return a }
	for _, test := range []struct {
		name         string
		value, spend []ladder.Accrual
		asOf         int
		want         string // value, spend and a day's value; break-even in days
	}{
		{"nothing", nil, nil, 5, "0 0 0; never"},
		{"value alone", list(evenly(0, 10, "100")), nil, 5, "50 0 10; never"},
		{"on a line", list(evenly(0, 100, "1000")), list(evenly(0, 0, "400")), 10, "100 400 10; day 40"},
		{"to the microsecond", list(evenly(0, 90, "900")), list(evenly(0, 0, "0.01")), 10, "100 0.01 10; day 0.001"},
		{"in a leap", list(evenly(30, 0, "500")), list(evenly(0, 0, "400")), 30, "500 400 0; day 30"},
		{"just before the leap", list(evenly(30, 0, "500")), list(evenly(0, 0, "400")), 29, "0 400 0; never yet"},
		{"spend that comes evenly too", list(evenly(0, 10, "200")), list(evenly(0, 0, "50"), evenly(0, 10, "100")), 10, "200 150 0; day 5"},
		{"value before spend", list(evenly(0, 10, "100")), list(evenly(10, 20, "50")), 20, "100 50 0; day 10"},
		{"dips", list(evenly(0, 10, "100")), list(evenly(0, 0, "50"), evenly(20, 0, "100")), 20, "100 150 0; day 5, dips"},
		{"never", list(evenly(0, 10, "100")), list(evenly(0, 0, "100.01")), 20, "100 100.01 0; never"},
		{"to the cent", list(evenly(0, 10, "100")), list(evenly(0, 0, "100")), 20, "100 100 0; day 10"},
		{"thirds of a cent", list(evenly(0, 3, "0.01")), nil, 1, "0 0 0; never"},
		{"thirds of a cent, half even", list(evenly(0, 4, "0.02"), evenly(0, 4, "0.06")), nil, 1, "0.02 0 0.02; never"},
		{"before the contract", list(evenly(-10, 0, "1")), list(evenly(-20, 0, "7"), evenly(0, 7, "7")), -13, "0 7 0; never"},
		{"taken back", list(evenly(0, 7, "100"), evenly(0, 7, "-100")), list(evenly(0, 0, "1")), 3, "0 1 0; never"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := model.Course("acme", epoch, test.value, test.spend, day(test.asOf))
			if err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprintf("%v %v %v; never", c.Value, c.Spend, c.PerDay)
			if c.BreakEven != nil {
				days := decimal.NewFromInt(c.BreakEven.Sub(epoch).Microseconds()).DivRound(decimal.NewFromInt(86400e6), 9)
				got = strings.TrimSuffix(got, "never") + "day " + days.String()
				if c.BreakEven.After(c.AsOf) {
					got = strings.Replace(got, "day", "expected on day", 1)
				}
			}
			if c.Dips {
				got += ", dips"
			}
			want := strings.Replace(test.want, "never yet", "expected on day 30", 1)
			if strings.Contains(want, "day 40") {
				want = strings.Replace(want, "day", "expected on day", 1)
			}
			if got != want || c.Day != int64(test.asOf) {
				t.Errorf("day %d: got %s, want %s", c.Day, got, want)
			}
			roundTrip(t, c)
		})
	}
}

// TestCourseTwin checks the points of seeded courses: each is the sum of its parts, and before the break-even no point
// from the first spend on has value at spend or above.
func TestCourseTwin(t *testing.T) {
	model := compile(t, hoursSaved())
	reached := 0
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 41))
		side := func(n int) (list []ladder.Accrual) {
			for range n {
				from := r.IntN(100)
				list = append(list, evenly(from, pick(r, 0, from+1+r.IntN(100)), decimal.New(r.Int64N(1e6), -2).String()))
			}
			return list
		}
		value, spend := side(1+r.IntN(6)), side(1+r.IntN(3))
		c, err := model.Course("acme", epoch, value, spend, day(r.IntN(200)))
		if err != nil {
			t.Fatal(err)
		}
		sum := func(list []ladder.Accrual) (sum decimal.Decimal) {
			for _, a := range list {
				sum = sum.Add(a.Amount)
			}
			return sum
		}
		last := c.Points[len(c.Points)-1]
		if !last.Value.Equal(sum(value)) || !last.Spend.Equal(sum(spend)) {
			t.Fatalf("seed %d: ends at %v and %v, want %v and %v", seed, last.Value, last.Spend, sum(value), sum(spend))
		}
		for _, p := range c.Points {
			ahead := p.Spend.Sign() > 0 && p.Value.Cmp(p.Spend) >= 0
			if ahead && c.BreakEven == nil || ahead && p.At.Before(*c.BreakEven) {
				t.Fatalf("seed %d: value at %v is %v to %v, but break-even %v", seed, p.At, p.Value, p.Spend, c.BreakEven)
			}
		}
		if c.BreakEven != nil {
			reached++
			at, err := model.Course("acme", epoch, value, spend, *c.BreakEven)
			if err != nil {
				t.Fatal(err)
			}
			// Each of at most nine amounts is off the line by half a cent.
			if at.Value.Sub(at.Spend).Cmp(dec("-0.05")) < 0 {
				t.Fatalf("seed %d: at the break-even value is %v, spend %v", seed, at.Value, at.Spend)
			}
		}
		shuffled, err := model.Course("acme", epoch, randomShuffle(r, value), randomShuffle(r, spend), c.AsOf)
		if diff := cmp.Diff(c, shuffled); err != nil || diff != "" {
			t.Fatalf("seed %d, in another order: %v\n%s", seed, err, diff)
		}
	}
	if reached < 100 {
		t.Errorf("only %d reach the break-even", reached)
	}
}

func TestCourseRefuses(t *testing.T) {
	model := compile(t, hoursSaved())
	good := []ladder.Accrual{evenly(0, 1, "1")}
	for _, test := range []struct {
		name         string
		account      string
		start, asOf  time.Time
		value, spend []ladder.Accrual
		want         string
	}{
		{"account", "", epoch, epoch, good, good, `ladder: account "": account: is empty`},
		{"start", "acme", time.Time{}, epoch, good, good, `ladder: account "acme": start: is zero`},
		{"as of", "acme", epoch, far, good, good, `ladder: account "acme": as of: year`},
		{"value", "acme", epoch, epoch, []ladder.Accrual{{}}, good, `ladder: account "acme": value 0: from: is zero`},
		{"end", "acme", epoch, epoch, []ladder.Accrual{evenly(2, 1, "1")}, good, `ladder: account "acme": value 0: does not end`},
		{"digits", "acme", epoch, epoch, []ladder.Accrual{evenly(0, 1, "1234567890123456789012345678901234567890")}, good, `ladder: account "acme": value 0: needs over 127 bits`},
		{"spend", "acme", epoch, epoch, good, []ladder.Accrual{evenly(0, 1, "-1")}, `ladder: account "acme": spend 0: must not be negative`},
		{"far", "acme", epoch, epoch, good, []ladder.Accrual{{From: epoch, To: far}}, `ladder: account "acme": spend 0: to: year`},
		{"many", "acme", epoch, epoch, make([]ladder.Accrual, 1201), nil, `ladder: account "acme": value: has 1201 accruals, over 1200`},
		{"sums", "acme", epoch, epoch, []ladder.Accrual{evenly(0, 1, "9e30"), evenly(0, 0, "9e18"), {From: epoch, Amount: decimal.New(9e17, 18).Add(dec("0.000000000000000001"))}}, nil, `ladder: account "acme": `},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := model.Course(test.account, test.start, test.value, test.spend, test.asOf)
			var data *ladder.DataError
			if !errors.As(err, &data) || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestStatementPayback(t *testing.T) {
	l := hoursSaved()
	l.Costs = []ladder.Cost{{Name: "licence", Kind: ladder.Licence}}
	model := compile(t, l)
	for _, test := range []struct {
		hours, cost string
		want        time.Time // zero: never
	}{
		{"10", "15000", epoch.AddDate(1, 0, 0)},
		{"10", "30000", day(730)},
		{"73", "1500", day(5)},
		{"10", "0", time.Time{}},
		{"-10", "5", time.Time{}},
		{"0", "5", time.Time{}},
		{"0.0001", "1000000000", time.Time{}},
	} {
		in := year(ladder.QuantityMap{"hours": {Value: dec(test.hours)}, "adoption": {Value: dec("1")}})
		in.Costs = []ladder.Cost{{Name: "licence", Amount: dec(test.cost)}}
		s, err := model.Statement(in, epoch)
		if err != nil {
			t.Fatal(err)
		}
		if at, ok := s.Payback(); ok == test.want.IsZero() || ok && !at.Equal(test.want) {
			t.Errorf("%s hours for %s: %v, %v, want %v", test.hours, test.cost, at, ok, test.want)
		}
	}
}

func TestSensitivity(t *testing.T) {
	model := compile(t, hoursSaved())
	in := year(ladder.QuantityMap{"hours": {Value: dec("45")}, "adoption": {Value: dec("0.6")}})
	got, err := model.Sensitivity(in, []ladder.Range{
		{Quantity: "hours", Low: dec("40"), High: dec("54")}, {Quantity: "adoption", Low: dec("0.4"), High: dec("0.8")},
	}, epoch)
	if err != nil {
		t.Fatal(err)
	}
	// 12 × 10 × 50.00 × 0.5 × 0.5 = 1 500 for an hour at full adoption.
	want := ladder.Tornado{
		Account: "acme", AsOf: epoch, Ladder: "to the cent", Digest: model.Digest(), Currency: "EUR", Gross: dec("40500"),
		Bars: []ladder.Bar{
			{Quantity: "adoption", Low: dec("0.4"), High: dec("0.8"), AtLow: dec("27000"), AtHigh: dec("54000"), Swing: dec("27000")},
			{Quantity: "hours", Low: dec("40"), High: dec("54"), AtLow: dec("36000"), AtHigh: dec("48600"), Swing: dec("12600")},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	roundTrip(t, got)
	in.Quantities.(ladder.QuantityMap)["gone"] = ladder.Quantity{}
	for _, test := range []struct {
		name   string
		ranges []ladder.Range
		want   string
	}{
		{"unknown", []ladder.Range{{Quantity: "gone"}}, `range of "gone": the ladder reads no such quantity`},
		{"twice", []ladder.Range{{Quantity: "hours", High: dec("99")}, {Quantity: "hours"}}, `range of "hours": is given twice`},
		{"not within", []ladder.Range{{Quantity: "hours", Low: dec("46"), High: dec("50")}}, `range of "hours": 46 to 50 does not hold its value 45`},
		{"no share", []ladder.Range{{Quantity: "adoption", High: dec("1.2")}}, `range of "adoption": must be 0 to 1, not 1.2`},
		{"huge", []ladder.Range{{Quantity: "hours", High: decimal.New(1, 1e9)}}, `range of "hours": has the exponent`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := model.Sensitivity(in, test.ranges, epoch)
			var data *ladder.DataError
			if !errors.As(err, &data) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	in.Quantities.(ladder.QuantityMap)["hours"] = ladder.Quantity{State: ladder.Failed}
	if _, err := model.Sensitivity(in, []ladder.Range{{Quantity: "hours"}}, epoch); err == nil || !strings.Contains(err.Error(), "the quantity is not known") {
		t.Errorf("a range of what is not known: %v", err)
	}
}
