package segment

import "slices"

// failed is the fourth truth, inside of the package: whatever the other facts say, the answer depends on one that
// could not be had. AND is FALSE if a part is FALSE, else failed if one is, else UNKNOWN if one is; OR likewise from TRUE.
const failed Truth = 2

type op uint8

const (
	opAnd op = iota
	opOr
	// Tests of one attribute. But for opNull they are UNKNOWN where it is NULL.
	opNull    // is NULL
	opFlag    // is TRUE
	opTexts   // is one of texts
	opRange   // is a number from lo to hi, both included
	opNumbers // is one of numbers
	opPeriod  // is an instant from first to last, both included
	opMoments // is one of moments
)

// A node is a condition in negation normal form: NOT is pushed down into the tests, which SQL's logic allows, and the
// parts stay in the order in which they were written. An open bound is the closed one at the next float or microsecond.
type node struct {
	op          op
	not         bool // of a test: its opposite
	attr        int  // of a test: position in the row
	parts       []node
	lo, hi      float64
	first, last moment
	texts       []string  // rising, each once
	numbers     []float64 // rising, each once; of opRange: the constants as they were written
	moments     []moment  // of opPeriod: the constants as they were written
}

// eval evaluates the condition over a row of checked facts.
func (n *node) eval(row Row, now int64) Truth {
	if n.op > opOr {
		return n.test(&row[n.attr], now)
	}
	settled, neutral := False, True // of AND
	if n.op == opOr {
		settled, neutral = True, False
	}
	t := neutral
	for i := range n.parts {
		var part Truth
		if p := &n.parts[i]; p.op > opOr {
			part = p.test(&row[p.attr], now)
		} else {
			part = p.eval(row, now)
		}
		if part == settled {
			return settled
		}
		if part != neutral && t != failed {
			t = part
		}
	}
	return t
}

// test evaluates a test of one fact.
func (n *node) test(v *Value, now int64) Truth {
	switch {
	case v.kind == failedKind:
		return failed
	case v.kind == nullKind && n.op != opNull:
		return Unknown
	}
	var yes bool
	switch n.op {
	case opNull:
		yes = v.kind == nullKind
	case opFlag:
		yes = v.bits == 1
	case opTexts:
		yes = contains(n.texts, v.text)
	case opRange:
		f := v.number()
		yes = n.lo <= f && f <= n.hi
	case opNumbers:
		_, yes = slices.BinarySearch(n.numbers, v.number())
	case opPeriod:
		us := v.micros()
		yes = n.first.at(now) <= us && us <= n.last.at(now)
	case opMoments:
		us := v.micros()
		yes = slices.ContainsFunc(n.moments, func(m moment) bool { return m.at(now) == us })
	}
	if yes != n.not {
		return True
	}
	return False
}

// contains reports whether a rising list has the text. Short lists are searched faster from one end to the other.
func contains(list []string, text string) bool {
	if len(list) <= 8 {
		for _, s := range list {
			if s == text {
				return true
			}
		}
		return false
	}
	_, ok := slices.BinarySearch(list, text)
	return ok
}

// tests calls f with each test of the condition, in the order in which they were written.
func (n *node) tests(f func(*node)) {
	if n.op > opOr {
		f(n)
		return
	}
	for i := range n.parts {
		n.parts[i].tests(f)
	}
}

// failure returns the attribute of the first test whose fact failed and on which the truth depends.
// The condition must have evaluated to failed.
func (n *node) failure(row Row, now int64) int {
	for n.op <= opOr {
		i := slices.IndexFunc(n.parts, func(part node) bool { return part.eval(row, now) == failed })
		n = &n.parts[i]
	}
	return n.attr
}
