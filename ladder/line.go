package ladder

import (
	"math/big"
	"slices"

	"github.com/shopspring/decimal"
)

// A draft is a line before it is rounded.
type draft struct {
	line  Line
	units decimal.Decimal // what the formula gives, times the period's den: then exact
	kept  decimal.Decimal // what the pool leaves of units
	money decimal.Decimal // for one unit
}

// draft evaluates one formula. share is what its trace shows of the period. Products of decimals are exact, so that
// nothing is rounded here. Of a factor that is not known the value means nothing, and neither do the products then.
func (b *benefit) draft(readings []reading, in period, share *Factor) draft {
	t := trace{readings: readings, constants: b.constants, evidence: b.constants}
	units := t.moved(b.moved)
	for _, f := range b.units {
		units = units.Mul(t.factor(f))
	}
	units = units.Mul(decimal.NewFromInt(in.num(b.basis)))
	money := one
	for _, f := range b.money {
		money = money.Mul(t.factor(f))
	}
	if b.basis != OneOff {
		t.factors = append(t.factors, *share)
	}
	d := draft{units: units, kept: units, money: money, line: Line{
		Benefit: b.name, Driver: b.driver, Saving: b.saving, Node: b.node,
		Known: true, Applies: true, Evidence: t.evidence, Inputs: t.factors,
	}}
	if b.single {
		d.line.Warnings = []Warning{WarnSingleReading}
	}
	switch {
	case t.none:
		d.leave()
	case t.lacks != nil:
		d.unknown(t.lacks[0].Why, t.lacks...)
	}
	return d
}

// leave makes the line one that does not apply.
func (d *draft) leave() { d.line.Applies, d.line.Evidence = false, "" }

// unknown makes the line one that is not known.
func (d *draft) unknown(why Why, lacks ...Lack) {
	d.line.Known, d.line.Evidence, d.line.Why, d.line.Lacks = false, "", why, lacks
}

// counts reports whether the line has an amount.
func (d *draft) counts() bool { return d.line.Known && d.line.Applies }

// gross returns what units of the draft are worth: the one rounding of a line.
func (d *draft) gross(units decimal.Decimal, in period, places int32) decimal.Decimal {
	return halfEven(units.Mul(d.money), decimal.NewFromInt(in.den()), places)
}

// units returns the units of a draft as they are shown and posted. They are cut off toward zero, so that claims that
// fill a pool to the brim still fit it when they are posted.
func (p period) units(units decimal.Decimal) decimal.Decimal {
	return truncated(units, decimal.NewFromInt(p.den()), unitPlaces)
}

// share returns what a trace shows of the period: the fraction in Name is exact.
func (p period) share(b Basis) Factor {
	num, den := p.num(b), p.den()
	return Factor{
		Role: rolePeriod, Name: big.NewRat(num, den).RatString(), Constant: true,
		Value: halfEven(decimal.NewFromInt(num), decimal.NewFromInt(den), ratePlaces),
	}
}

// A trace collects what a formula is made of.
type trace struct {
	readings  []reading
	constants Evidence
	factors   []Factor
	evidence  Evidence // the weakest so far
	lacks     []Lack   // what is not known
	none      bool     // something does not apply
}

// factor returns the value of f. That of an unknown one means nothing.
func (t *trace) factor(f factor) decimal.Decimal {
	if f.quantity < 0 {
		t.factors = append(t.factors, Factor{
			Role: f.role, Name: f.name, Value: f.value, Constant: true, Evidence: t.constants,
		})
		return f.value
	}
	r := &t.readings[f.quantity]
	switch r.why {
	case "":
		t.evidence = weaker(t.evidence, r.Evidence)
		t.factors = append(t.factors, Factor{
			Role: f.role, Name: f.name, Value: r.Value, At: r.At, Age: r.age, Evidence: r.Evidence,
		})
	case notApplicable:
		t.none = true
	default:
		if l := r.lack(); !slices.Contains(t.lacks, l) {
			t.lacks = append(t.lacks, l)
		}
	}
	return r.Value
}

// moved returns how far a formula's first factor moved.
func (t *trace) moved(m movement) decimal.Decimal {
	v := t.factor(m.factor)
	if m.base == nil {
		return v
	}
	v = v.Sub(*m.base)
	if m.down {
		v = v.Neg()
	}
	if len(t.factors) > 0 { // the reading counts
		t.factors[0].Value = v
	}
	return v
}
