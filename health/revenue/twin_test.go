package revenue_test

import (
	"bytes"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/revenue"
)

// A state is what an account has from an instant on, as the twin sees it.
type state struct {
	at      time.Time
	amount  *big.Rat
	active  bool
	price   bool
	churned bool // by a movement
}

// states is the plain reading of a course before until: what is away for less than the gap was never away.
func states(moves []revenue.Movement, until time.Time, gap time.Duration) []state {
	moves = slices.DeleteFunc(slices.Clone(moves), func(m revenue.Movement) bool { return !m.At.Before(until) })
	var out []state
	has := new(big.Rat)
	for i, m := range moves {
		s := state{at: m.At, active: true, price: m.Price}
		switch m.Kind {
		case revenue.Churn:
			if i+1 < len(moves) && moves[i+1].At.Sub(m.At) < gap {
				continue
			}
			s.active, s.churned, s.amount = false, true, new(big.Rat)
		case revenue.Expansion:
			s.amount = new(big.Rat).Add(has, m.Amount.Rat())
		case revenue.Contraction:
			s.amount = new(big.Rat).Sub(has, m.Amount.Rat())
		default:
			s.amount = m.Amount.Rat()
		}
		has = s.amount
		out = append(out, s)
	}
	return out
}

// sums are what the twin adds up for a period.
type sums struct {
	start, end, price, pending, kept, capped *big.Rat
	moved                                    map[revenue.Kind]*big.Rat
	times                                    map[revenue.Kind]int

	cohort, customers, lost, left, waiting, expanded int
}

// twin counts one period over all accounts from the states at each instant, in rational numbers.
func twin(accounts [][]revenue.Movement, periods []revenue.Period, n int, o revenue.Options) sums {
	from, to, until := periods[n].From, periods[n].To, periods[len(periods)-1].To
	s := sums{moved: map[revenue.Kind]*big.Rat{}, times: map[revenue.Kind]int{}}
	for _, r := range []**big.Rat{&s.start, &s.end, &s.price, &s.pending, &s.kept, &s.capped} {
		*r = new(big.Rat)
	}
	for _, k := range allKinds {
		s.moved[k] = new(big.Rat)
	}
	for _, moves := range accounts {
		all := states(moves, until, time.Duration(o.Gap))
		here := func(x state) bool { return x.amount.Sign() > 0 || o.Free == revenue.FreeLogos && x.active }
		before := func(when time.Time) state { // the state just before an instant
			x := state{amount: new(big.Rat)}
			for _, y := range all {
				if y.at.Before(when) {
					x = y
				}
			}
			return x
		}
		ever := false // a customer before the period
		for _, y := range all {
			if y.at.Before(from) && here(y) && (o.Moves == revenue.MovesEach || y.at.Before(periods[0].From)) {
				ever = true
			}
		}
		for _, p := range periods[:n] {
			ever = ever || here(before(p.To))
		}
		start, end := before(from), before(to)
		steps := slices.DeleteFunc(slices.Clone(all), func(y state) bool { return y.at.Before(from) || !y.at.Before(to) })
		price, pending, waits := new(big.Rat), new(big.Rat), false
		for i, y := range steps {
			last := start
			if i > 0 {
				last = steps[i-1]
			}
			if y.price && here(last) {
				price.Add(price, new(big.Rat).Sub(y.amount, last.amount))
			}
			if y.churned && here(last) && until.Sub(y.at) < time.Duration(o.Gap) {
				pending, waits = last.amount, true
			}
		}
		if o.Moves == revenue.MovesNet {
			steps = []state{end}
			price = lesser(price, positive(new(big.Rat).Sub(end.amount, start.amount)))
			if !here(start) || !here(end) {
				price = new(big.Rat)
			}
			if !here(start) || here(end) {
				pending, waits = new(big.Rat), false
			}
		}
		losses, last, left, expanded, known := new(big.Rat), start, false, false, ever
		for _, y := range steps {
			by := new(big.Rat).Sub(y.amount, last.amount)
			var kind revenue.Kind
			switch {
			case !here(last) && here(y) && known:
				kind = revenue.Reactivation
			case !here(last) && here(y):
				kind = revenue.New
			case here(last) && !here(y):
				kind = revenue.Churn
				left = left || here(start)
			case by.Sign() > 0:
				kind, expanded = revenue.Expansion, true
			case by.Sign() < 0:
				kind = revenue.Contraction
			}
			known = known || here(y)
			last = y
			if kind == "" {
				continue
			}
			s.times[kind]++
			s.moved[kind].Add(s.moved[kind], by.Abs(by))
			if kind == revenue.Churn || kind == revenue.Contraction {
				losses.Add(losses, by)
			}
		}
		s.start.Add(s.start, start.amount)
		s.end.Add(s.end, end.amount)
		s.price.Add(s.price, price)
		s.pending.Add(s.pending, pending)
		s.cohort += one(here(start))
		s.customers += one(here(end))
		s.lost += one(here(start) && !here(end))
		s.left += one(left)
		s.waiting += one(waits)
		s.expanded += one(expanded)

		kept := end.amount
		if o.Prices == revenue.PricesApart {
			kept = positive(new(big.Rat).Sub(kept, price))
		}
		if left && o.Returns == revenue.ReturnsOut {
			kept = new(big.Rat)
		}
		switch {
		case start.amount.Sign() > 0:
			s.kept.Add(s.kept, kept)
			if o.GRR == revenue.GRRMovements {
				s.capped.Add(s.capped, positive(new(big.Rat).Sub(start.amount, losses)))
			} else {
				s.capped.Add(s.capped, lesser(start.amount, kept))
			}
		case o.Returns == revenue.ReturnsAll && ever && !here(start):
			s.kept.Add(s.kept, kept)
		}
	}
	return s
}

func positive(r *big.Rat) *big.Rat {
	if r.Sign() < 0 {
		return new(big.Rat)
	}
	return r
}

func lesser(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

// holds compares a period with the twin's sums.
func (s sums) holds(t *testing.T, p revenue.Period) {
	t.Helper()
	for name, c := range map[string]struct {
		got  decimal.Decimal
		want *big.Rat
	}{
		"start": {p.Start, s.start}, "end": {p.End, s.end}, "price rise": {p.PriceRise, s.price}, "pending": {p.Pending, s.pending},
		"new": {p.New, s.moved[revenue.New]}, "reactivation": {p.Reactivation, s.moved[revenue.Reactivation]},
		"expansion": {p.Expansion, s.moved[revenue.Expansion]}, "contraction": {p.Contraction, s.moved[revenue.Contraction]},
		"churn": {p.Churn, s.moved[revenue.Churn]},
	} {
		if c.got.Rat().Cmp(c.want) != 0 {
			t.Errorf("%s: %s = %v, want %s", p.From.Format(time.DateOnly), name, c.got, c.want.FloatString(4))
		}
	}
	counts := map[string]int{"cohort": s.cohort, "customers": s.customers, "lost": s.lost, "left": s.left, "waiting": s.waiting, "expanded": s.expanded,
		"new": s.times[revenue.New], "back": s.times[revenue.Reactivation], "churned": s.times[revenue.Churn]}
	got := map[string]int{"cohort": p.Cohort, "customers": p.Customers, "lost": p.Lost, "left": p.LostOnce, "waiting": p.PendingCount, "expanded": p.Expanded,
		"new": p.Gained, "back": p.Reactivated, "churned": p.Churned}
	if diff := cmp.Diff(counts, got); diff != "" {
		t.Errorf("%s: counts (-want +got):\n%s", p.From.Format(time.DateOnly), diff)
	}
	gains := new(big.Rat).Add(s.moved[revenue.New], s.moved[revenue.Reactivation])
	gains.Add(gains, s.moved[revenue.Expansion])
	losses := new(big.Rat).Add(s.moved[revenue.Contraction], s.moved[revenue.Churn])
	logos := map[revenue.Logos][2]int{revenue.LogosGross: {s.left, s.cohort}, revenue.LogosNet: {s.lost, s.cohort},
		revenue.LogosEvents: {s.times[revenue.Churn], s.cohort + s.times[revenue.New]}}[p.Options.Logos]
	for name, c := range map[string]struct {
		got         *decimal.Decimal
		part, whole *big.Rat
	}{
		"NRR": {p.NRR, s.kept, s.start}, "GRR": {p.GRR, s.capped, s.start}, "quick ratio": {p.QuickRatio, gains, losses},
		"logo churn": {p.LogoChurn, big.NewRat(int64(logos[0]), 1), big.NewRat(int64(logos[1]), 1)},
		"ARPA":       {p.ARPA, s.end, big.NewRat(int64(s.customers), 1)},
	} {
		want := "undefined"
		if c.whole.Sign() != 0 {
			want = halfEven(new(big.Rat).Quo(c.part, c.whole)).String()
		}
		equal(t, p.From.Format(time.DateOnly)+" "+name, c.got, want)
	}
}

// halfEven rounds to the places of a ratio.
func halfEven(r *big.Rat) decimal.Decimal {
	scaled := new(big.Rat).Mul(r, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(revenue.RatioPlaces), nil)))
	q, rest := new(big.Int).QuoRem(scaled.Num(), scaled.Denom(), new(big.Int))
	if c := rest.Lsh(rest, 1).Cmp(scaled.Denom()); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	return decimal.NewFromBigInt(q, -revenue.RatioPlaces)
}

func TestTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 26))
	for i := range 400 {
		o := anyOptions(r)
		var accounts [][]revenue.Movement
		for a := range 1 + r.IntN(8) {
			accounts = append(accounts, anyCourse(r, fmt.Sprint("account ", a)))
		}
		whole := tally(t, revenue.Quarter, o, accounts...)
		periods := whole.Periods()
		o = periods[0].Options
		for n, p := range periods {
			twin(accounts, periods, n, o).holds(t, p)
			holdProperties(t, p)
			if n > 0 && !p.Start.Equal(periods[n-1].End) {
				t.Error("a period does not start where the one before ended")
			}
		}
		if t.Failed() {
			t.Fatalf("round %d: %+v\n%v", i, o, accounts)
		}
		holdParts(t, r, whole, accounts, o)
	}
}

// holdProperties: movements lead from start to end, and no ratio is beyond its bounds.
func holdProperties(t *testing.T, p revenue.Period) {
	t.Helper()
	if sum := p.Start.Add(p.New).Add(p.Reactivation).Add(p.Expansion).Sub(p.Contraction).Sub(p.Churn); !sum.Equal(p.End) || !p.End.Sub(p.Start).Equal(p.NetNew) {
		t.Errorf("movements lead from %v to %v, end is %v", p.Start, sum, p.End)
	}
	if p.GRR != nil && (p.GRR.GreaterThan(*p.NRR) || p.GRR.IsNegative() || p.GRR.GreaterThan(decimal.NewFromInt(1))) {
		t.Errorf("GRR %v, NRR %v", p.GRR, p.NRR)
	}
}

// holdParts: accounts in any order, in any parts that are encoded, decoded and merged, give the same bytes.
func holdParts(t *testing.T, r *rand.Rand, whole *revenue.Tally, accounts [][]revenue.Movement, o revenue.Options) {
	t.Helper()
	want, err := whole.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	r.Shuffle(len(accounts), func(i, j int) { accounts[i], accounts[j] = accounts[j], accounts[i] })
	merged := tally(t, revenue.Quarter, o)
	for part := range slices.Chunk(accounts, 1+r.IntN(3)) {
		code, err := tally(t, revenue.Quarter, o, part...).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var read revenue.Tally
		if err := read.UnmarshalBinary(code); err != nil {
			t.Fatal(err)
		}
		if err := merged.Merge(&read); err != nil {
			t.Fatal(err)
		}
	}
	got, err := merged.MarshalBinary()
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("merged parts differ from the whole: %v", err)
	}
	if diff := cmp.Diff(whole.Periods(), merged.Periods()); diff != "" {
		t.Fatalf("periods of the whole and of its parts (-want +got):\n%s", diff)
	}
}

var allKinds = []revenue.Kind{revenue.New, revenue.Expansion, revenue.Contraction, revenue.Churn, revenue.Reactivation}

func anyOptions(r *rand.Rand) revenue.Options {
	return revenue.Options{
		Returns: []revenue.Returns{revenue.ReturnsOut, revenue.ReturnsCohort, revenue.ReturnsAll}[r.IntN(3)],
		GRR:     []revenue.GRR{revenue.GRREndState, revenue.GRRMovements}[r.IntN(2)],
		Logos:   []revenue.Logos{revenue.LogosGross, revenue.LogosNet, revenue.LogosEvents}[r.IntN(3)],
		Prices:  []revenue.Prices{revenue.PricesIn, revenue.PricesApart}[r.IntN(2)],
		Moves:   []revenue.Moves{revenue.MovesEach, revenue.MovesNet}[r.IntN(2)],
		Free:    []revenue.Free{revenue.FreeApart, revenue.FreeLogos}[r.IntN(2)],
		Gap:     health.Duration(r.IntN(3)) * 30 * health.Day,
	}
}

// anyCourse draws a valid course from before 2026 until after it. The amounts of some are finer than cents, beyond what 64
// bits hold, or about there.
func anyCourse(r *rand.Rand, account string) []revenue.Movement {
	out := priced(r, account)
	factor := []decimal.Decimal{decimal.New(1, -15), decimal.New(1, 13), decimal.New(987654321987654321, 12)}
	if i := r.IntN(9); i < len(factor) {
		for j := range out {
			out[j].Amount = out[j].Amount.Mul(factor[i])
		}
	}
	return out
}

// priced draws a valid course in amounts of up to three places.
func priced(r *rand.Rand, account string) (out []revenue.Movement) {
	var has decimal.Decimal
	known, active := false, false
	when := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(400))
	for range r.IntN(14) {
		m := revenue.Movement{Account: account, At: when, Currency: "EUR", Amount: decimal.New(int64(r.IntN(4000)), -int32(r.IntN(4)))}
		switch {
		case !known:
			m.Kind, known, active = revenue.New, true, true
			has = m.Amount
		case !active:
			m.Kind, active = revenue.Reactivation, true
			has = m.Amount
		case r.IntN(4) == 0:
			m.Kind, active = revenue.Churn, false
			m.Amount, has = has, decimal.Decimal{}
		case r.IntN(2) == 0 && has.IsPositive():
			m.Kind = revenue.Contraction
			if m.Amount.GreaterThan(has) || m.Amount.IsZero() {
				m.Amount = has
			}
			has = has.Sub(m.Amount)
		default:
			m.Kind, m.Price = revenue.Expansion, r.IntN(2) == 0
			m.Amount = m.Amount.Add(d("0.01"))
			has = has.Add(m.Amount)
		}
		if r.IntN(3) == 0 {
			m.Source = []string{"referral", "csm:ana", "self-service"}[r.IntN(3)]
		}
		out = append(out, m)
		when = when.Add(time.Duration(1+r.IntN(90*24)) * time.Hour)
	}
	return out
}
