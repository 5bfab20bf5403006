package coverage_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/segment/coverage"
)

func hours(h float64) *float64 { return &h }

func euros(n int64) decimal.Decimal { return decimal.NewFromInt(n) }

// random returns a book of n accounts, some held, and m people with hours for about slack times the demand.
func random(rng *rand.Rand, n, m int, slack float64) coverage.Input {
	languages := []string{"", "", "de", "fr"}
	var in coverage.Input
	demand := 0.0
	for i := range n {
		h := float64(1+rng.IntN(80)) / 4
		demand += h
		a := coverage.Account{
			ID: fmt.Sprintf("a%05d", i), Segment: []string{"enterprise", "mid"}[rng.IntN(2)], Hours: hours(h),
			Revenue: euros(rng.Int64N(90_000)), Currency: "EUR", Language: languages[rng.IntN(4)],
		}
		if rng.IntN(3) == 0 {
			a.Skills = []string{"technical"}
		}
		if rng.IntN(4) > 0 {
			a.Holder = fmt.Sprintf("p%03d", rng.IntN(m+1))
		}
		in.Accounts = append(in.Accounts, a)
	}
	for i := range m {
		p := coverage.Person{ID: fmt.Sprintf("p%03d", i), Hours: demand * slack / float64(m) * (0.8 + 0.4*rng.Float64()), Languages: []string{"de", "fr"}}
		if rng.IntN(4) == 0 {
			p.Ramp = 0.5
		}
		if rng.IntN(3) == 0 {
			p.Languages = p.Languages[:1]
		}
		if rng.IntN(3) > 0 {
			p.Skills = []string{"technical", "billing"}
		}
		in.People = append(in.People, p)
	}
	return in
}

func assign(t testing.TB, in coverage.Input, rules coverage.Rules) coverage.Plan {
	t.Helper()
	plan, err := coverage.Assign(in, rules)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}
