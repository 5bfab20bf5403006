package revenue_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/revenue"
)

// starts lists where the periods of a calendar begin, and where and how the last one ends.
func starts(t *testing.T, c revenue.Calendar) (out []string) {
	t.Helper()
	tally, err := revenue.NewTally("EUR", c, revenue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	periods := tally.Periods()
	for _, p := range periods {
		out = append(out, p.From.Format("2006-01-02T15"))
	}
	last := periods[len(periods)-1]
	end := last.To.Format("2006-01-02T15")
	if last.Partial {
		end += " partial"
	}
	return append(out, end)
}

func TestCalendar(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	date := func(y int, m time.Month, d int, loc *time.Location) time.Time {
		return time.Date(y, m, d, 0, 0, 0, 0, loc)
	}
	for _, c := range []struct {
		name        string
		unit        revenue.Unit
		from, until time.Time
		loc         *time.Location
		want        []string
	}{
		{"whole quarters", revenue.Quarter, date(2026, 1, 1, time.UTC), date(2026, 7, 1, time.UTC), nil, []string{"2026-01-01T00", "2026-04-01T00", "2026-07-01T00"}},
		{"fiscal year, cut", revenue.Year, date(2025, 2, 1, time.UTC), date(2026, 3, 1, time.UTC), nil, []string{"2025-02-01T00", "2026-02-01T00", "2026-03-01T00 partial"}},
		{"last days of months", revenue.Month, date(2024, 1, 31, time.UTC), date(2024, 4, 30, time.UTC), nil, []string{"2024-01-31T00", "2024-02-29T00", "2024-03-31T00", "2024-04-30T00"}},
		{"summer time", revenue.Month, date(2026, 3, 1, berlin), date(2026, 5, 1, berlin), berlin, []string{"2026-02-28T23", "2026-03-31T22", "2026-04-30T22"}},
	} {
		got, err := revenue.NewCalendar(c.unit, c.from, c.until, c.loc)
		if err != nil {
			t.Fatal(c.name, err)
		}
		if diff := cmp.Diff(c.want, starts(t, got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestBadArguments(t *testing.T) {
	calendar := func(u revenue.Unit, from, until time.Time) error {
		_, err := revenue.NewCalendar(u, from, until, nil)
		return err
	}
	year, err := revenue.NewCalendar(revenue.Year, at(2026), at(2027), nil)
	if err != nil {
		t.Fatal(err)
	}
	tally := func(currency string, c revenue.Calendar, o revenue.Options) error {
		_, err := revenue.NewTally(currency, c, o)
		return err
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{calendar("week", at(2026), at(2027)), `revenue: calendar: unit "week" is none of month, quarter, year`},
		{calendar(revenue.Month, time.Time{}, at(2027)), `revenue: calendar: from is zero`},
		{calendar(revenue.Month, at(2026), time.Time{}), `revenue: calendar: until is zero`},
		{calendar(revenue.Month, at(2026), at(2026)), `revenue: calendar: until 2026-01-01T00:00:00Z is not after from 2026-01-01T00:00:00Z`},
		{calendar(revenue.Month, at(1900), at(1941)), `revenue: calendar: has over 480 periods`},
		{tally("XXY", year, revenue.Options{}), `revenue: tally: currency "XXY" is not in ISO 4217`},
		{tally("EUR", revenue.Calendar{}, revenue.Options{}), `revenue: tally: the calendar has no periods`},
		{tally("EUR", year, revenue.Options{Returns: "some"}), `revenue: tally: returns "some" is none of out, cohort, all`},
		{tally("EUR", year, revenue.Options{Per: "day"}), `revenue: tally: per "day" is none of month, quarter, year`},
		{tally("EUR", year, revenue.Options{Gap: -health.Day}), `revenue: tally: gap -1d is negative`},
		{tally("EUR", year, revenue.Options{Gap: 1}), `revenue: tally: gap: duration 1ns is not a whole number of microseconds`},
	} {
		if c.err == nil || c.err.Error() != c.want {
			t.Errorf("got %v, want %s", c.err, c.want)
		}
	}
}

func TestAnnualised(t *testing.T) {
	months := tally(t, revenue.Month, revenue.Options{}, course("a", "2025-06-01 new 100", "2026-01-15 contraction 2")).Periods()
	equal(t, "0.98 a month", months[0].Annualised(months[0].NRR), "0.784716723735") // 0.98^12 = 0.784716723734800…
	equal(t, "of no ratio", months[0].Annualised(nil), "undefined")
	part := months[0]
	part.Partial = true
	equal(t, "of a partial period", part.Annualised(part.NRR), "undefined")
	year := tally(t, revenue.Year, revenue.Options{Per: revenue.Year}, course("a", "2025-06-01 new 100", "2026-01-15 contraction 2")).Periods()[0]
	equal(t, "of a year", year.Annualised(year.NRR), "0.98")
	equal(t, "a year's revenue a year", year.ARR, "98")
}
