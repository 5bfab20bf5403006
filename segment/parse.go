package segment

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/nearest"
)

// maxDepth bounds how deep parentheses nest in a condition.
const maxDepth = 100

// keywords can't be names of attributes.
var keywords = [...]string{
	"AND", "AS_OF", "BETWEEN", "DATE", "FALSE", "IN", "INTERVAL", "IS", "NOT", "NULL", "OR", "TIMESTAMP", "TRUE",
}

func isKeyword(upper string) bool { return slices.Contains(keywords[:], upper) }

// parseCondition parses and type-checks a condition. Its error is the located message of the first mistake.
func parseCondition(src string, s *schema) (node, error) {
	p := parser{lexer: lexer{src: src}, schema: s}
	if err := p.refuse(); err != nil {
		p.fail(err)
	}
	p.advance()
	n := p.or(false)
	if p.tok.kind != endToken {
		p.expected("AND, OR or the end")
	}
	var syntax *syntaxError
	if errors.As(p.err, &syntax) {
		return node{}, errors.New(located(src, syntax))
	}
	return n, nil
}

// A parser reads a condition by recursive descent, one token ahead. After a mistake it sees nothing but the end, and what
// it returns means nothing.
type parser struct {
	lexer
	schema *schema
	tok    token
	depth  int
	err    error // the first mistake
}

func (p *parser) fail(err error) {
	if p.err == nil {
		p.err = err
	}
	p.tok = token{at: len(p.src)}
}

func (p *parser) advance() {
	if p.err != nil {
		return
	}
	tok, err := p.next()
	if err != nil {
		p.fail(err)
		return
	}
	p.tok = tok
}

// accept moves past the token if it is the given symbol or keyword.
func (p *parser) accept(word string) bool {
	if !p.tok.is(word) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) require(word, expected string) {
	if !p.accept(word) {
		p.expected(expected)
	}
}

// expected says what should have been where the token is.
func (p *parser) expected(what string) {
	p.fail(errorAt(p.tok.at, "expected %s, found %s", what, p.tok.found()))
}

// or reads alternatives; not says that their negation is wanted.
func (p *parser) or(not bool) node {
	return p.chain("OR", opOr, opAnd, not, p.and)
}

func (p *parser) and(not bool) node {
	return p.chain("AND", opAnd, opOr, not, p.negation)
}

// chain reads parts joined by a keyword. Negated parts are joined by the other operation.
func (p *parser) chain(word string, o, negated op, not bool, part func(bool) node) node {
	n := part(not)
	if !p.tok.is(word) {
		return n
	}
	all := node{op: o, parts: []node{n}}
	if not {
		all.op = negated
	}
	for p.accept(word) {
		all.parts = append(all.parts, part(not))
	}
	return all
}

func (p *parser) negation(not bool) node {
	for p.accept("NOT") {
		not = !not
	}
	if !p.tok.is("(") {
		return p.predicate(not)
	}
	if p.depth++; p.depth > maxDepth {
		p.fail(errorAt(p.tok.at, "expected parentheses at most %d deep, found more", maxDepth))
	}
	p.advance()
	n := p.or(not)
	p.require(")", "AND, OR or )")
	p.depth--
	return n
}

// attribute reads the name of an attribute and returns its position and its column, which is never nil.
func (p *parser) attribute(expected string) (int, *column) {
	name := p.tok
	i, ok := p.schema.index[name.raw]
	switch {
	case name.kind != wordToken || isKeyword(name.text):
		p.expected(expected)
	case ok:
		p.advance()
		return i, &p.schema.columns[i]
	default:
		hint := ", which the scheme does not have"
		if near, ok := nearest.Word(name.raw, p.schema.names()); ok {
			hint = ": did you mean " + near + "?"
		}
		p.fail(errorAt(name.at, "expected an attribute, found %s%s", name.found(), hint))
	}
	return 0, &column{}
}

// startsConstant reports whether the token begins a constant.
func (p *parser) startsConstant() bool {
	switch p.tok.kind {
	case numberToken, textToken:
		return true
	}
	return slices.ContainsFunc([]string{"+", "-", "TRUE", "FALSE", "DATE", "TIMESTAMP", "AS_OF", "NULL"}, p.tok.is)
}

// A constant is a value that a condition compares an attribute with.
type constant struct {
	kind   kind
	at     int    // byte offset in the condition
	raw    string // as it is written
	number float64
	text   string
	flag   bool
	moment moment
}

func (p *parser) constant() constant {
	c := constant{at: p.tok.at}
	p.value(&c)
	c.raw = strings.TrimSpace(p.src[c.at:p.tok.at])
	return c
}

func (p *parser) value(c *constant) {
	tok := p.tok
	switch {
	case tok.kind == textToken:
		c.kind, c.text = textKind, tok.text
	case tok.is("TRUE"), tok.is("FALSE"):
		c.kind, c.flag = flagKind, tok.is("TRUE")
	case tok.kind == numberToken, tok.is("-"), tok.is("+"):
		p.signed(c)
		return
	case tok.is("DATE"):
		p.instant(c, "a date as in '2026-07-01'", time.DateOnly)
		return
	case tok.is("TIMESTAMP"):
		p.instant(c, "an instant in UTC as in '2026-07-01 08:30:00'", time.DateTime)
		return
	case tok.is("AS_OF"):
		p.relative(c)
		return
	case tok.kind == wordToken && !isKeyword(tok.text):
		p.fail(errorAt(tok.at, "expected a constant, found %s: attributes are compared with constants only", tok.found()))
	default:
		p.expected("a constant")
	}
	p.advance()
}

func (p *parser) signed(c *constant) {
	c.kind = numberKind
	sign := ""
	if p.tok.kind == symbolToken {
		sign = p.tok.raw
		p.advance()
	}
	if p.tok.kind != numberToken {
		p.expected("a number")
		return
	}
	f, ok := float(p.tok.raw)
	if !ok {
		p.fail(errorAt(c.at, "expected a number that a float64 holds, up to 2^53, found %s", sign+p.tok.raw))
	}
	if sign == "-" {
		f = -f
	}
	c.number = f + 0 // -0 becomes 0
	p.advance()
}

// float returns a number without sign, if it is not beyond 2^53 and does not vanish. Whole numbers beyond that are
// compared as they are written, since the first of them would round down to it.
func float(digits string) (float64, bool) {
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil || f > maxExact {
		return 0, false
	}
	if whole, err := strconv.ParseUint(digits, 10, 64); err == nil && whole > maxExact {
		return 0, false
	}
	mantissa, _, _ := strings.Cut(strings.ToLower(digits), "e")
	return f, f != 0 || !strings.ContainsAny(mantissa, "123456789")
}

// instant reads the text after DATE or TIMESTAMP.
func (p *parser) instant(c *constant, expected, layout string) {
	c.kind = timeKind
	p.advance()
	whole, fraction, dotted := strings.Cut(p.tok.text, ".")
	t, err := time.Parse(layout, whole)
	micros, ok := fractionMicros(fraction)
	if p.tok.kind != textToken || err != nil || len(whole) != len(layout) || instant.Check(t) != nil ||
		dotted && (!ok || layout == time.DateOnly) {
		p.expected(expected)
	}
	c.moment = moment{us: instant.Micros(t) + micros}
	p.advance()
}

// fractionMicros returns the microseconds of one to six digits after the point of seconds.
func fractionMicros(digits string) (us int64, ok bool) {
	if len(digits) < 1 || len(digits) > 6 {
		return 0, false
	}
	for i := range 6 {
		us *= 10
		if i < len(digits) {
			if !isDigit(digits[i]) {
				return 0, false
			}
			us += int64(digits[i] - '0')
		}
	}
	return us, true
}

// relative reads as_of, with an interval if one follows.
func (p *parser) relative(c *constant) {
	c.kind, c.moment.relative = timeKind, true
	p.advance()
	minus := p.tok.is("-")
	if !p.accept("-") && !p.accept("+") {
		return
	}
	p.require("INTERVAL", "INTERVAL")
	us, ok := interval(p.tok.text)
	if p.tok.kind != textToken || !ok {
		p.expected("an interval as in '90 days', in days, hours or minutes")
	}
	if minus {
		us = -us
	}
	c.moment.us = us
	p.advance()
}

// interval reads up to seven digits and a unit.
func interval(text string) (us int64, ok bool) {
	count, unit, _ := strings.Cut(text, " ")
	n, err := strconv.ParseUint(count, 10, 32)
	if err != nil || len(count) > 7 {
		return 0, false
	}
	switch unit {
	case "day", "days":
		return int64(n) * microsPerDay, true
	case "hour", "hours":
		return int64(n) * microsPerHour, true
	case "minute", "minutes":
		return int64(n) * microsPerMinute, true
	}
	return 0, false
}
