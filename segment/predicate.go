package segment

import (
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/nearest"
)

// predicate reads a test of one attribute, or its opposite.
func (p *parser) predicate(not bool) node {
	if p.startsConstant() {
		return p.mirrored(not)
	}
	name := p.tok.raw
	i, c := p.attribute("an attribute, a constant, NOT or (")
	n := node{attr: i, not: not}
	if isComparison(p.tok) {
		p.comparison(&n, c)
		return n
	}
	if p.accept("IS") {
		n.op, n.not = opNull, not != p.accept("NOT")
		p.require("NULL", "NULL or NOT NULL")
		return n
	}
	inverse := p.accept("NOT")
	n.not = not != inverse
	switch {
	case p.tok.is("BETWEEN"):
		p.between(&n, c)
	case p.tok.is("IN"):
		p.in(&n, c)
	case inverse:
		p.expected("BETWEEN or IN")
	case c.kind == flagKind || c.kind == nullKind:
		n.op = opFlag
	default:
		p.fail(errorAt(p.tok.at, "expected a comparison of %s, which is a %s, found %s", name, c.kind, p.tok.found()))
	}
	return n
}

func isComparison(t token) bool {
	return slices.ContainsFunc([]string{"=", "<>", "<", "<=", ">", ">="}, t.is)
}

// comparison reads an operator and a constant.
func (p *parser) comparison(n *node, c *column) {
	sign := p.tok
	p.advance()
	if p.tok.is("NULL") {
		instead := "IS NULL"
		if sign.raw == "<>" {
			instead = "IS NOT NULL"
		}
		p.fail(errorAt(sign.at, "expected %s, found %s NULL, which is never true", instead, sign.raw))
	}
	p.compare(n, c, sign, p.constant())
}

// mirrored reads a comparison with the constant on the left.
func (p *parser) mirrored(not bool) node {
	if p.tok.is("NULL") {
		p.expected("an attribute, as in arr IS NULL")
	}
	k, sign := p.constant(), p.tok
	if !isComparison(sign) {
		p.expected("a comparison of the constant with an attribute")
	}
	p.advance()
	i, c := p.attribute("an attribute")
	switch sign.raw {
	case "<":
		sign.raw = ">"
	case "<=":
		sign.raw = ">="
	case ">":
		sign.raw = "<"
	case ">=":
		sign.raw = "<="
	}
	n := node{attr: i, not: not}
	p.compare(&n, c, sign, k)
	return n
}

// compare makes n the comparison of an attribute with a constant.
func (p *parser) compare(n *node, c *column, sign token, k constant) {
	p.takes(c, k)
	order := sign.raw != "=" && sign.raw != "<>"
	if order && (k.kind == textKind || k.kind == flagKind) {
		p.fail(errorAt(sign.at, "expected = or <>, found %s: a %s has no order here", sign.raw, k.kind))
	}
	n.not = n.not != (sign.raw == "<>")
	switch k.kind {
	case flagKind:
		n.op, n.not = opFlag, n.not == k.flag
	case textKind:
		n.op, n.texts = opTexts, []string{k.text}
	case numberKind:
		n.op, n.lo, n.hi, n.numbers = opRange, k.number, k.number, []float64{k.number}
		switch sign.raw {
		case "<":
			n.lo, n.hi = math.Inf(-1), math.Nextafter(k.number, math.Inf(-1))
		case "<=":
			n.lo = math.Inf(-1)
		case ">":
			n.lo, n.hi = math.Nextafter(k.number, math.Inf(1)), math.Inf(1)
		case ">=":
			n.hi = math.Inf(1)
		}
	case timeKind:
		n.op, n.first, n.last, n.moments = opPeriod, k.moment, k.moment, []moment{k.moment}
		switch sign.raw {
		case "<":
			n.first = moment{us: math.MinInt64}
			n.last.us--
		case "<=":
			n.first = moment{us: math.MinInt64}
		case ">":
			n.first.us++
			n.last = moment{us: math.MaxInt64}
		case ">=":
			n.last = moment{us: math.MaxInt64}
		}
	}
}

// between reads the bounds after BETWEEN, both of which are included.
func (p *parser) between(n *node, c *column) {
	sign := p.tok
	p.advance()
	lo := p.member(c)
	p.require("AND", "AND and the upper bound")
	hi := p.member(c)
	switch {
	case lo.kind == textKind || lo.kind == flagKind:
		p.fail(errorAt(sign.at, "expected =, <> or IN, found BETWEEN: a %s has no order here", lo.kind))
	case lo.number > hi.number || lo.moment.relative == hi.moment.relative && lo.moment.us > hi.moment.us:
		p.fail(errorAt(lo.at, "expected the lesser bound first, found %s AND %s", lo.raw, hi.raw))
	case lo.kind == numberKind:
		n.op, n.lo, n.hi = opRange, lo.number, hi.number
		n.numbers = slices.Compact([]float64{lo.number, hi.number})
	default:
		n.op, n.first, n.last, n.moments = opPeriod, lo.moment, hi.moment, []moment{lo.moment, hi.moment}
	}
}

// in reads the list after IN.
func (p *parser) in(n *node, c *column) {
	p.advance()
	p.require("(", "( and a list of constants")
	for more := true; more; more = p.accept(",") {
		switch k := p.member(c); k.kind {
		case textKind:
			n.op, n.texts = opTexts, append(n.texts, k.text)
		case numberKind:
			n.op, n.numbers = opNumbers, append(n.numbers, k.number)
		case timeKind:
			n.op, n.moments = opMoments, append(n.moments, k.moment)
		case flagKind:
			p.fail(errorAt(k.at, "expected a number, a text or a time in the list, found %s: write %s = %s", k.raw, c.name, k.raw))
		}
	}
	p.require(")", ", or )")
	slices.Sort(n.texts)
	n.texts = slices.Compact(n.texts)
	slices.Sort(n.numbers)
	n.numbers = slices.Compact(n.numbers)
}

// member reads a constant inside of BETWEEN or IN.
func (p *parser) member(c *column) constant {
	if p.tok.is("NULL") {
		p.fail(errorAt(p.tok.at, "expected a constant, found NULL: write OR %s IS NULL", c.name))
	}
	k := p.constant()
	p.takes(c, k)
	return k
}

// takes checks that an attribute can be compared with a constant. One whose type is wrong can be with any.
func (p *parser) takes(c *column, k constant) {
	switch {
	case c.kind == nullKind:
	case c.kind != k.kind:
		p.fail(errorAt(k.at, "expected a %s to compare %s with, found %s", c.kind, c.name, shortened(k.raw)))
	case k.kind == textKind && !c.allows(k.text):
		hint := ", which it does not allow"
		if near, ok := nearest.Word(k.text, c.listed); ok {
			hint = ": did you mean " + quoted(near) + "?"
		}
		p.fail(errorAt(k.at, "expected a value of %s, found %s%s", c.name, shortened(k.raw), hint))
	}
}
