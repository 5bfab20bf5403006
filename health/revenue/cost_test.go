package revenue_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health/revenue"
)

func TestCostRatios(t *testing.T) {
	p := tally(t, revenue.Year, revenue.Options{},
		course("a", "2025-06-01 new 100", "2026-02-01 expansion 50"),
		course("b", "2025-06-01 new 100", "2026-02-01 churn 100"),
		course("c", "2026-06-01 new 40"), course("d", "2026-06-01 new 60")).Periods()[0]
	got, err := p.CostRatios(revenue.Costs{Currency: "EUR", Acquisition: d("300"), Retention: d("20"), Expansion: d("10")})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "CAC", got.CAC, "150")
	equal(t, "CRC", got.CRC, "20")
	equal(t, "CEC", got.CEC, "10")
	equal(t, "acquisition a unit of new revenue", got.PerNew, "3")
	equal(t, "retention a unit of revenue", got.PerStart, "0.1")
	equal(t, "expansion a unit of expansion", got.PerExpansion, "0.2")

	none, err := tally(t, revenue.Year, revenue.Options{}).Periods()[0].CostRatios(revenue.Costs{Currency: "EUR", Acquisition: d("300")})
	if err != nil {
		t.Fatal(err)
	}
	text, err := none.MarshalJSON()
	if want := `{"cac":null,"crc":null,"cec":null,"per_new":null,"per_start":null,"per_expansion":null}`; err != nil || string(text) != want {
		t.Errorf("nothing came of it: %s, %v", text, err)
	}
	for _, c := range []struct {
		costs revenue.Costs
		want  string
	}{
		{revenue.Costs{Currency: "USD"}, `revenue: cost ratios: costs are in "USD", the period in "EUR"`},
		{revenue.Costs{Currency: "EUR", Retention: d("-1")}, `revenue: cost ratios: retention is negative`},
	} {
		if _, err := p.CostRatios(c.costs); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestCostToServe(t *testing.T) {
	served := func(account, segment, cost, brought string) revenue.Served {
		return revenue.Served{Account: account, Segment: segment, Currency: "EUR", Cost: d(cost), Revenue: d(brought)}
	}
	got, err := revenue.CostToServe("EUR", sequence(served("1", "growth", "10", "100"), served("2", "tech", "0.50", "0"),
		served("3", "growth", "5", "0"), served("4", "growth", "15", "200")))
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, s := range got {
		text, err := s.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		have = append(have, string(text))
	}
	if diff := cmp.Diff([]string{
		`{"segment":"growth","accounts":3,"customers":2,"cost":"30","revenue":"300","per_customer":"15","per_revenue":"0.1"}`,
		`{"segment":"tech","accounts":1,"customers":0,"cost":"0.5","revenue":"0","per_customer":null,"per_revenue":null}`,
	}, have); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	usd := served("5", "tech", "1", "1")
	usd.Currency = "USD"
	for _, c := range []struct {
		accounts []revenue.Served
		want     string
	}{
		{[]revenue.Served{usd}, `revenue: account "5": currency: is "USD", that of the sum "EUR"`},
		{[]revenue.Served{served("6", "x", "1", "1"), served("6", "y", "1", "1")}, `revenue: account "6": is there twice`},
		{[]revenue.Served{served("", "x", "1", "1")}, `revenue: account "": account: is empty`},
		{[]revenue.Served{served("7", "", "1", "1")}, `revenue: account "7": segment: is empty`},
		{[]revenue.Served{served("7", "x", "-1", "1")}, `revenue: account "7": cost: is negative`},
		{[]revenue.Served{served("7", "x", "1", "-1")}, `revenue: account "7": revenue: is negative`},
	} {
		var data *revenue.DataError
		if _, err := revenue.CostToServe("EUR", sequence(c.accounts...)); !errors.As(err, &data) || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestConsumption(t *testing.T) {
	var bills []revenue.Level
	for i, amount := range []string{"90", "150", "-30", "0", "200"} {
		bills = append(bills, revenue.Level{At: at(2020 + i), Amount: d(amount)})
	}
	for _, c := range []struct {
		rule revenue.Consumption
		want []string
	}{
		{revenue.Consumption{Rule: revenue.ConsumptionLatest, Bills: 1}, []string{"90", "150", "0", "0", "200"}},
		{revenue.Consumption{Rule: revenue.ConsumptionMean, Bills: 3}, []string{"90", "120", "70", "40", "56.666666666667"}},
		{revenue.Consumption{Rule: revenue.ConsumptionLeast, Bills: 2}, []string{"90", "90", "0", "0", "0"}},
		{revenue.Consumption{Rule: revenue.ConsumptionMean, Bills: 3, Floor: d("60")}, []string{"90", "120", "70", "60", "60"}},
	} {
		levels, err := c.rule.Levels("a", bills)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range levels {
			got = append(got, l.Amount.String())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s over %d (-want +got):\n%s", c.rule.Rule, c.rule.Bills, diff)
		}
		if _, err := revenue.Movements("a", "EUR", levels); err != nil {
			t.Error(err)
		}
	}
	good := revenue.Consumption{Rule: revenue.ConsumptionMean, Bills: 3}
	for _, c := range []struct {
		rule  revenue.Consumption
		bills []revenue.Level
		want  string
	}{
		{revenue.Consumption{Rule: "median", Bills: 3}, nil, `revenue: consumption: rule "median" is none of latest, mean, least`},
		{revenue.Consumption{Rule: revenue.ConsumptionMean}, nil, `revenue: consumption: 0 bills is outside 1 to 120`},
		{revenue.Consumption{Rule: revenue.ConsumptionMean, Bills: 1, Floor: d("-1")}, nil, `revenue: consumption: floor is negative`},
		{good, []revenue.Level{{At: at(2026)}, {At: at(2026)}}, `revenue: account "a": bill 1: instant 2026-01-01T00:00:00Z is not after that of bill 0`},
		{good, []revenue.Level{{}}, `revenue: account "a": bill 0: instant is zero`},
		{good, []revenue.Level{{At: at(2026), Amount: d("1e20")}}, `revenue: account "a": bill 0: amount has the exponent 20, outside -18 to 18`},
	} {
		if _, err := c.rule.Levels("a", c.bills); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestBadLevels(t *testing.T) {
	level := revenue.Level{At: at(2026), Amount: decimal.NewFromInt(1)}
	for _, c := range []struct {
		account, currency string
		levels            []revenue.Level
		want              string
	}{
		{"", "EUR", nil, `revenue: account "": account: is empty`},
		{"a", "XXY", nil, `revenue: account "a": currency: "XXY" is not in ISO 4217`},
		{"a", "EUR", []revenue.Level{level, level}, `revenue: account "a": level 1: instant 2026-01-01T00:00:00Z is not after that of level 0`},
		{"a", "EUR", []revenue.Level{{At: at(2026), Amount: d("-1")}}, `revenue: account "a": level 0: amount is negative`},
	} {
		if _, err := revenue.Movements(c.account, c.currency, c.levels); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
