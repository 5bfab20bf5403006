package ladder_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// TestPeriods values one unit a year, a month and once at 1 000 000.00.
func TestPeriods(t *testing.T) {
	l := hoursSaved()
	for _, b := range []ladder.Basis{ladder.Annual, ladder.RunRate, ladder.OneOff} {
		l.Benefits = append(l.Benefits, ladder.Benefit{
			Name: string(b), Driver: ladder.CostReduction, Basis: b, Node: "users", Moved: constant("1"), UnitValue: *constant("1000000"),
		})
	}
	l.Benefits = l.Benefits[1:]
	model := compile(t, l)
	at := func(text string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, test := range []struct{ name, from, to, year, month string }{
		{"a year", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "1000000.00", "12000000.00"},
		{"a leap year", "2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z", "1000000.00", "12000000.00"},
		{"a month", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", "83333.33", "1000000.00"},
		{"five months from the 15th, 10:30", "2026-09-15T10:30:00.5Z", "2027-02-15T10:30:00.5Z", "416666.67", "5000000.00"},
		{"two months from the 31st", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z", "166666.67", "2000000.00"},
		{"28 days from the 31st", "2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z", "76712.33", "920547.95"},
		{"365 days across a leap day", "2028-01-01T00:00:00Z", "2028-12-31T00:00:00Z", "1000000.00", "12000000.00"},
		{"half a day", "2026-01-01T00:00:00Z", "2026-01-01T12:00:00Z", "1369.86", "16438.36"},
		{"a month in Berlin", "2026-03-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00", "84817.35", "1017808.22"},
		{"a microsecond", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000001Z", "0.00", "0.00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := ladder.Input{Account: "acme", From: at(test.from), To: at(test.to)}
			s, err := model.Statement(in, epoch)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{s.Lines[0].Gross.StringFixed(2), s.Lines[1].Gross.StringFixed(2), s.Lines[2].Gross.StringFixed(2)}
			if diff := cmp.Diff([]string{test.year, test.month, "1000000.00"}, got); diff != "" {
				t.Errorf("annual, run rate, one-off (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRounding checks lines that end in exactly half a minor unit.
func TestRounding(t *testing.T) {
	for _, test := range []struct{ currency, moved, want string }{
		{"EUR", "0.005", "0.00"}, {"EUR", "0.015", "0.02"}, {"EUR", "0.025", "0.02"}, {"EUR", "-0.005", "0.00"},
		{"EUR", "-0.015", "-0.02"}, {"EUR", "-0.025", "-0.02"}, {"EUR", "0.0050000000000001", "0.01"},
		{"JPY", "2.5", "2"}, {"JPY", "3.5", "4"}, {"KWD", "0.0005", "0.000"}, {"KWD", "0.0015", "0.002"},
	} {
		l := hoursSaved()
		l.Currency = test.currency
		l.Benefits[0] = ladder.Benefit{
			Name: "x", Driver: ladder.CostAvoidance, Basis: ladder.OneOff, Node: "users", Moved: constant(test.moved), UnitValue: *constant("1"),
		}
		s, err := compile(t, l).Statement(year(nil), epoch)
		if err != nil || !s.Gross.Equal(dec(test.want)) {
			t.Errorf("%s %s: got %v, %v, want %s", test.moved, test.currency, s.Gross, err, test.want)
		}
	}
}
