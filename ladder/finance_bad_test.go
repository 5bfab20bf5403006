package ladder_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

func TestFinanceRefuses(t *testing.T) {
	huge := []decimal.Decimal{decimal.New(1, 1_000_000_000)}
	digits := decs("1234567890123456789012345678901234567890") // 40 of them
	many := make([]decimal.Decimal, 1201)
	var flips []decimal.Decimal
	for i := range 40 {
		flips = append(flips, decimal.New(int64(1-i%2*2), 0))
	}
	at := func(year int, v decimal.Decimal) []ladder.Flow {
		return []ladder.Flow{{At: time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), Amount: v}}
	}
	net := func(rate decimal.Decimal, flows []decimal.Decimal, c ladder.Convention) error {
		_, err := ladder.NPV(rate, flows, c)
		return err
	}
	irr := func(flows []decimal.Decimal) error { _, err := ladder.IRR(flows); return err }
	xirr := func(flows []ladder.Flow) error { _, err := ladder.XIRR(flows); return err }
	xnpv := func(rate float64) error { _, err := ladder.XNPV(rate, nil); return err }
	back := func(flows []decimal.Decimal) error { _, err := ladder.PaybackOf(flows, dec("0")); return err }
	for _, test := range []struct {
		name string
		err  error
		want string // how the message begins
	}{
		{"rate -1", net(dec("-1"), nil, ladder.FirstNow), "ladder: rate: must be above -1"},
		{"rate 1001", net(dec("1001"), nil, ladder.FirstNow), "ladder: rate: must be above -1"},
		{"rate huge", net(huge[0], nil, ladder.FirstNow), "ladder: rate: has the exponent"},
		{"convention", net(dec("0"), nil, ""), `ladder: convention: "" is unknown`},
		{"exponent", net(dec("0"), huge, ladder.FirstNow), "ladder: flow 0: has the exponent"},
		{"digits", irr(digits), "ladder: flow 0: needs over 127 bits"},
		{"many", irr(many), "ladder: flows: are 1201, over 1200"},
		{"flips", irr(flips), "ladder: flows: change sign 39 times, over 32"},
		{"payback", back(huge), "ladder: flow 0: has the exponent"},
		{"no instant", xirr([]ladder.Flow{{}}), "ladder: flow 0: is zero"},
		{"far", xirr(at(10000, dec("1"))), "ladder: flow 0: year 10000"},
		{"dated digits", xirr(at(2026, digits[0])), "ladder: flow 0: needs over 127 bits"},
		{"dated many", xirr(make([]ladder.Flow, 1201)), "ladder: flows: are 1201, over 1200"},
		{"rate NaN", xnpv(math.NaN()), "ladder: rate: must be -0.999999 to 999999, not NaN"},
		{"rate -1 of dates", xnpv(-1), "ladder: rate: must be"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var data *ladder.DataError
			if !errors.As(test.err, &data) || !strings.HasPrefix(test.err.Error(), test.want) {
				t.Errorf("got %v, want %s", test.err, test.want)
			}
		})
	}
	if _, err := ladder.XNPV(-0.999999, at(2026, dec("1"))); err != nil {
		t.Error(err)
	}
	centuries := append(at(2026, dec("1")), at(2226, dec("1"))...)
	if _, err := ladder.XNPV(-0.999999, centuries); err == nil || !strings.Contains(err.Error(), "no float64 holds") {
		t.Errorf("two centuries of growth: %v", err)
	}
	if _, err := ladder.NPV(dec("999.999999999999999999"), slices.Repeat(decs("12345678901234567890.12"), 1200), ladder.FirstNow); err != nil {
		t.Error(err)
	}
}

// FuzzIRR: every rate that is found balances the flows.
func FuzzIRR(f *testing.F) {
	f.Add(uint64(1), int64(100))
	f.Add(uint64(7), int64(1e15))
	f.Fuzz(func(t *testing.T, seed uint64, scale int64) {
		r := rand.New(rand.NewPCG(seed, 5))
		var flows []decimal.Decimal
		for range r.IntN(60) {
			flows = append(flows, decimal.New(r.Int64N(max(scale, 1))-max(scale, 1)/2, -2))
		}
		rates, err := ladder.IRR(flows)
		if err != nil {
			var data *ladder.DataError
			if !errors.As(err, &data) {
				t.Fatal(err)
			}
			return
		}
		if !slices.IsSorted(rates.Roots) {
			t.Errorf("roots %v", rates.Roots)
		}
		for _, root := range rates.Roots {
			sum, size, factor := 0.0, 0.0, 1.0
			for _, v := range flows {
				sum += v.InexactFloat64() * factor
				size += math.Abs(v.InexactFloat64() * factor)
				factor /= 1 + root
			}
			if math.Abs(sum) > 1e-9*size {
				t.Errorf("at %v the flows come to %v of %v", root, sum, size)
			}
		}
	})
}
