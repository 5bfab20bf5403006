package segment

import "math"

// A program is the rules of a scheme as one flat list of tests, each of which says where to go on. It finds the first
// rule that is TRUE of a row without failed facts. Conditions have no NOT above a test, so that they are TRUE exactly if
// they are with every UNKNOWN taken for FALSE: a test has two ways out.
type program struct {
	steps []step
	start int // where to begin, as the ways out of a step are given
}

// A step is one test. Its ways out are the position of another step or, below 0, ^i for rule i, and for none of n ^n.
type step struct {
	within  bounds   // numbers, flags or instants that pass
	texts   []string // texts that pass, instead; rising
	test    *node    // what decides, instead
	attr    int      // position in the row
	yes, no int      // no is for NULL too
}

// Bounds are the values from a low one to a high one, both included, as the bits that a Value has for them. One comparison
// decides, since what is below the low one wraps around.
type bounds struct {
	flip      uint64 // the bits to flip in what is below 0: those of floats fall where the numbers rise
	low, span uint64
}

// numberBounds returns the numbers from low to high, which is no less. NaN is never among them.
func numberBounds(low, high float64) bounds {
	b := bounds{flip: math.MaxInt64}
	b.low = b.key(Number(low).bits)
	b.span = b.key(Number(high).bits) - b.low
	return b
}

// wholeBounds returns the flags or instants from low to high, which is no less.
func wholeBounds(low, high int64) bounds {
	return bounds{low: uint64(low), span: uint64(high) - uint64(low)}
}

// key returns bits as an integer, in two's complement, that is in order.
func (b *bounds) key(bits uint64) uint64 { return bits ^ uint64(int64(bits)>>63)&b.flip }

func (b *bounds) hold(bits uint64) bool { return b.key(bits)-b.low <= b.span }

// newProgram compiles rules, whose conditions it keeps pointers to. It goes from the last test to the first, so that the
// ways out of a test are there before it is.
func newProgram(rules []rule) program {
	p := program{start: ^len(rules)}
	for i := len(rules) - 1; i >= 0; i-- {
		p.start = p.add(&rules[i].when, ^i, p.start)
	}
	return p
}

// add adds a condition with its ways out, and returns its way in.
func (p *program) add(n *node, yes, no int) int {
	switch n.op {
	case opAnd:
		for i := len(n.parts) - 1; i >= 0; i-- {
			yes = p.add(&n.parts[i], yes, no)
		}
		return yes
	case opOr:
		for i := len(n.parts) - 1; i >= 0; i-- {
			no = p.add(&n.parts[i], yes, no)
		}
		return no
	}
	s := step{attr: n.attr, yes: yes, no: no}
	switch {
	case n.op == opFlag && n.not:
		s.within = wholeBounds(0, 0)
	case n.op == opFlag:
		s.within = wholeBounds(1, 1)
	case n.op == opRange && !n.not:
		s.within = numberBounds(n.lo, n.hi)
	case n.op == opPeriod && !n.not && !n.first.relative && !n.last.relative:
		s.within = wholeBounds(n.first.us, n.last.us)
	case n.op == opTexts && !n.not:
		s.texts = n.texts
	default:
		s.test = n
	}
	p.steps = append(p.steps, s)
	return len(p.steps) - 1
}

// run returns the first rule that is TRUE of a row of checked facts, none of which failed, or the number of rules.
func (p *program) run(row Row, now int64) int {
	at := p.start
	for uint(at) < uint(len(p.steps)) {
		s := &p.steps[at]
		v := &row[s.attr]
		at = s.no
		switch {
		case s.test != nil:
			if s.test.test(v, now) == True {
				at = s.yes
			}
		case v.kind == nullKind:
		case s.texts != nil:
			if contains(s.texts, v.text) {
				at = s.yes
			}
		case s.within.hold(v.bits):
			at = s.yes
		}
	}
	return ^at
}
