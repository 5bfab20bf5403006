package analysis_test

import (
	"testing"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
)

// Amounts in another currency than that of most contracts are in no sum, and an account that pays in it has no number for
// what it pays: neither part of it nor 0.
func TestCurrencies(t *testing.T) {
	r := run(t, nil, map[string]string{
		"accounts.csv": "account\na\nb\nc\n",
		"contracts.csv": "account,contract,from,to,amount,currency,per\n" +
			"a,1,2025-06-01,2026-06-01,100.10,EUR,month\na,2,2025-06-01,2026-06-01,1000,USD,month\n" +
			"b,1,2025-06-01,2026-06-01,10,EUR,month\nc,1,2025-06-01,2026-06-01,7,USD,month\n" +
			"b,2,2025-06-01,2026-06-01,1.05,EUR,month\n",
	})
	if r.Currency != "EUR" || !r.Totals.Monthly.Equal(dec("111.15")) {
		t.Errorf("monthly %s %s, want 111.15 EUR", r.Totals.Monthly, r.Currency)
	}
	known := func(name string) int {
		for _, c := range r.Inputs {
			if c.Name == name {
				return c.Known
			}
		}
		return -1
	}
	if got := known("annual"); got != 1 {
		t.Errorf("annual is known of %d accounts, want that of b alone", got)
	}
	if diff := noteOf(r, "contracts.csv"); diff != "money of 2 in other currencies than EUR is in no sum" {
		t.Errorf("note of contracts.csv: %q", diff)
	}
}

func noteOf(r *analysis.Result, file string) string {
	for _, f := range r.Files {
		if f.Name == file {
			return f.Note
		}
	}
	return ""
}
