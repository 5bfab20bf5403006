package ladder_test

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// A twin states a ladder again, in plain rationals and without any care for speed.
type twin struct {
	l    ladder.Ladder
	in   ladder.Input
	asOf time.Time
}

// A twinLine is a line before and after its pool, unrounded. why is "", "unknown" or "not_applicable".
type twinLine struct {
	units, kept, each *big.Rat
	evidence          int
	why               string
}

func rat(d decimal.Decimal) *big.Rat { return d.Rat() }

func mul(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }

// share is the part of a year, a month or the whole that the period is.
func (w twin) share(b ladder.Basis) *big.Rat {
	if b == ladder.OneOff {
		return big.NewRat(1, 1)
	}
	year := new(big.Rat)
	whole := false
	for n := 1; n < 100; n++ {
		if at := w.in.From.AddDate(0, n, 0); at.Equal(w.in.To) && at.Day() == w.in.From.Day() {
			year, whole = big.NewRat(int64(n), 12), true
		}
	}
	if !whole {
		year = big.NewRat(w.in.To.Sub(w.in.From).Microseconds(), (365 * 24 * time.Hour).Microseconds())
	}
	if b == ladder.RunRate {
		return mul(year, big.NewRat(12, 1))
	}
	return year
}

// value returns a factor, its class (-1: a constant) and why it is not known.
func (w twin) value(t ladder.Term) (v *big.Rat, class int, why string) {
	if t.Value != nil {
		return rat(*t.Value), -1, ""
	}
	q, ok := w.in.Quantities.Quantity(t.Quantity)
	if !ok || q.At.After(w.asOf) {
		return nil, 0, "unknown"
	}
	if q.State == ladder.NotApplicable || q.State == ladder.Failed {
		return nil, 0, map[ladder.State]string{ladder.NotApplicable: "not_applicable", ladder.Failed: "unknown"}[q.State]
	}
	class = max(slices.Index(classes, q.Evidence), 0)
	for _, h := range w.l.Haircuts {
		if h.Class == classes[class] && h.Expire > 0 && (q.At.IsZero() || w.asOf.Sub(q.At) >= time.Duration(h.Expire)) {
			return nil, 0, "unknown"
		}
	}
	return rat(q.Value), class, ""
}

func (w twin) line(b ladder.Benefit) twinLine {
	line := twinLine{units: w.share(b.Basis), each: big.NewRat(1, 1), evidence: len(classes)}
	constants := max(slices.Index(classes, b.Evidence), 0)
	take := func(product **big.Rat, t *ladder.Term, change func(*big.Rat) *big.Rat) {
		if t == nil {
			return
		}
		v, class, why := w.value(*t)
		if why != "" {
			if line.why != "not_applicable" {
				line.why = why
			}
			return
		}
		if class < 0 {
			class = constants
		}
		line.evidence = min(line.evidence, class)
		*product = mul(*product, change(v))
	}
	same := func(v *big.Rat) *big.Rat { return v }
	take(&line.units, b.Moved, same)
	for _, m := range w.l.Metrics {
		if m.Name == b.Metric {
			take(&line.units, &ladder.Term{Quantity: m.Name}, func(v *big.Rat) *big.Rat {
				if m.Better == ladder.Up {
					return new(big.Rat).Sub(v, rat(m.Base))
				}
				return new(big.Rat).Sub(rat(m.Base), v)
			})
			line.evidence = min(line.evidence, constants)
		}
	}
	for i := range b.Times {
		take(&line.units, &b.Times[i], same)
	}
	take(&line.units, b.Adoption, same)
	take(&line.units, b.Attribution, same)
	take(&line.each, &b.UnitValue, same)
	take(&line.each, b.Conversion, same)
	take(&line.each, b.Margin, same)
	line.kept = line.units
	return line
}

func (w twin) lines() []twinLine {
	lines := make([]twinLine, len(w.l.Benefits))
	for i, b := range w.l.Benefits {
		lines[i] = w.line(b)
	}
	for _, p := range w.l.Pools {
		left, _, why := w.value(p.Capacity)
		if why == "" {
			left = mul(left, w.share(p.Basis))
		}
		for class := len(classes); class >= 0; class-- {
			for i, b := range w.l.Benefits {
				line := &lines[i]
				if b.Pool != p.Name || line.why != "" || line.evidence != class || line.units.Sign() <= 0 {
					continue
				}
				if line.why = why; why != "" {
					continue
				}
				if line.kept.Cmp(left) > 0 {
					line.kept = left
				}
				left = new(big.Rat).Sub(left, line.kept)
			}
		}
	}
	return lines
}

// rounded returns v in units of 10^-places, a half to even.
func rounded(v *big.Rat, places int) *big.Rat {
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
	scaled := mul(v, scale)
	below := new(big.Int).Div(scaled.Num(), scaled.Denom()) // floor: the divisor is positive
	twice := new(big.Rat).Sub(scaled, new(big.Rat).SetInt(below))
	twice.Add(twice, twice)
	if c := twice.Cmp(big.NewRat(1, 1)); c > 0 || c == 0 && below.Bit(0) == 1 {
		below.Add(below, big.NewInt(1))
	}
	return new(big.Rat).Quo(new(big.Rat).SetInt(below), scale)
}

func TestStatementTwin(t *testing.T) {
	minor := map[string]int{"EUR": 2, "JPY": 0, "KWD": 3}
	counts := map[string]int{}
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 8))
		w := twin{l: randomLadder(r)}
		w.in, w.asOf = randomInput(r)
		s, err := compile(t, w.l).Statement(w.in, w.asOf)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		places := minor[w.l.Currency]
		gross, cut := new(big.Rat), 0
		for i, want := range w.lines() {
			got := s.Lines[i]
			counts[want.why]++
			if got.Known != (want.why != "unknown") || got.Applies != (want.why != "not_applicable") {
				t.Fatalf("seed %d, %s: known %v, applies %v, want %q", seed, got.Benefit, got.Known, got.Applies, want.why)
			}
			if want.why != "" {
				if !got.Gross.IsZero() || !got.Units.IsZero() || !got.Adjusted.IsZero() || got.Evidence != "" {
					t.Fatalf("seed %d: a line without an amount has one: %+v", seed, got)
				}
				continue
			}
			value := rounded(mul(want.kept, want.each), places)
			if rat(got.Gross).Cmp(value) != 0 || got.Evidence != classes[want.evidence] {
				t.Fatalf("seed %d, %s: %v %s, want %v %s", seed, got.Benefit, got.Gross, got.Evidence, value.FloatString(9), classes[want.evidence])
			}
			adjusted := value
			for _, h := range w.l.Haircuts {
				if h.Class == got.Evidence && value.Sign() > 0 {
					adjusted = rounded(mul(value, new(big.Rat).Sub(big.NewRat(1, 1), rat(h.Share))), places)
				}
			}
			if rat(got.Adjusted).Cmp(adjusted) != 0 {
				t.Fatalf("seed %d, %s: adjusted %v, want %v", seed, got.Benefit, got.Adjusted, adjusted.FloatString(9))
			}
			gross.Add(gross, value)
			if want.kept.Cmp(want.units) != 0 {
				cut++
				counts["cut"]++
			}
			if below := new(big.Rat).Sub(want.kept, rat(got.Units)); below.Sign()*want.kept.Sign() < 0 || below.Abs(below).Cmp(big.NewRat(1, 1e9)) >= 0 {
				t.Fatalf("seed %d, %s: units %v, want %v cut off", seed, got.Benefit, got.Units, want.kept.FloatString(12))
			}
		}
		if rat(s.Gross).Cmp(gross) != 0 {
			t.Fatalf("seed %d: gross %v, want %v", seed, s.Gross, gross.FloatString(9))
		}
		exhausted := 0
		for _, c := range s.Cuts {
			if c.Why == ladder.WhyPoolExhausted {
				exhausted++
			}
		}
		if exhausted != cut {
			t.Fatalf("seed %d: %d cuts, want %d", seed, exhausted, cut)
		}
	}
	for _, why := range []string{"", "unknown", "not_applicable", "cut"} {
		if counts[why] < 200 {
			t.Errorf("only %d lines are %q: the inputs do not try that", counts[why], why)
		}
	}
}
