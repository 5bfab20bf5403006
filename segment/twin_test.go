package segment_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
)

// This file evaluates conditions a second time, the long way: a tree as it is written, the truth tables of SQL spelled
// out, and comparisons of the values themselves.

var epoch = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

func day(n float64) time.Time { return epoch.Add(time.Duration(n * float64(24*time.Hour))) }

// A fact is a value that can be read back.
type fact struct {
	kind string // number, text, flag, time, null, failed
	num  float64
	text string
	flag bool
	at   time.Time
}

func (f fact) value() segment.Value {
	switch f.kind {
	case "number":
		return segment.Number(f.num)
	case "text":
		return segment.Text(f.text)
	case "flag":
		return segment.Flag(f.flag)
	case "time":
		return segment.Time(f.at)
	case "failed":
		return segment.Failed("down")
	}
	return segment.Null()
}

func values(facts map[string]fact) segment.FactMap {
	m := segment.FactMap{}
	for name, f := range facts {
		m[name] = f.value()
	}
	return m
}

// A literal is a constant as it is written, and as a fact; a relative one is as_of and an offset.
type literal struct {
	text     string
	fact     fact
	relative bool
	offset   time.Duration
}

func (l literal) at(asOf time.Time) fact {
	if l.relative {
		return fact{kind: "time", at: asOf.Add(l.offset)}
	}
	return l.fact
}

// An expr is a condition: and, or, not over parts, or a test of an attribute.
type expr struct {
	op    string // and, or, not, a comparison, between, in, null, flag
	parts []expr
	attr  string
	args  []literal
	not   bool // NOT BETWEEN, NOT IN, IS NOT NULL
	left  bool // the constant is written on the left
}

func (e expr) String() string {
	not := ""
	if e.not {
		not = "NOT "
	}
	switch e.op {
	case "and", "or":
		parts := make([]string, len(e.parts))
		for i, part := range e.parts {
			parts[i] = "(" + part.String() + ")"
			if len(part.parts) == 0 || part.op == "not" || part.op == "and" && e.op == "or" {
				parts[i] = part.String()
			}
		}
		return strings.Join(parts, " "+strings.ToUpper(e.op)+" ")
	case "not":
		return "NOT (" + e.parts[0].String() + ")"
	case "null":
		return e.attr + " IS " + not + "NULL"
	case "flag":
		return e.attr
	case "between":
		return fmt.Sprintf("%s %sBETWEEN %s AND %s", e.attr, not, e.args[0].text, e.args[1].text)
	case "in":
		list := make([]string, len(e.args))
		for i, arg := range e.args {
			list[i] = arg.text
		}
		return fmt.Sprintf("%s %sIN (%s)", e.attr, not, strings.Join(list, ", "))
	}
	if e.left {
		return e.args[0].text + " " + e.op + " " + e.attr
	}
	return e.attr + " " + e.op + " " + e.args[0].text
}

// A truth is one of four letters: T, F, U (NULL), X (failed).
type truth = string

var (
	andTable = map[string]truth{"TT": "T", "TU": "U", "TX": "X", "UU": "U", "UX": "X", "XX": "X"} // any F is F
	orTable  = map[string]truth{"FF": "F", "FU": "U", "FX": "X", "UU": "U", "UX": "X", "XX": "X"} // any T is T
	notTable = map[truth]truth{"T": "F", "F": "T", "U": "U", "X": "X"}
)

func and(a, b truth) truth {
	if a == "F" || b == "F" {
		return "F"
	}
	return andTable[pair(a, b)]
}

func or(a, b truth) truth {
	if a == "T" || b == "T" {
		return "T"
	}
	return orTable[pair(a, b)]
}

// pair puts two truths into the order of the tables: F, T, U, X.
func pair(a, b truth) string { return min(a, b) + max(a, b) }

func boolean(b bool) truth {
	if b {
		return "T"
	}
	return "F"
}

func (e expr) eval(facts map[string]fact, asOf time.Time) truth {
	negate := func(t truth) truth {
		if e.not {
			return notTable[t]
		}
		return t
	}
	f := facts[e.attr]
	switch e.op {
	case "and", "or":
		t := e.parts[0].eval(facts, asOf)
		for _, part := range e.parts[1:] {
			if e.op == "and" {
				t = and(t, part.eval(facts, asOf))
			} else {
				t = or(t, part.eval(facts, asOf))
			}
		}
		return t
	case "not":
		return notTable[e.parts[0].eval(facts, asOf)]
	case "null":
		if f.kind == "failed" {
			return "X"
		}
		return negate(boolean(f.kind == "" || f.kind == "null"))
	case "flag":
		return compared(f, "=", fact{kind: "flag", flag: true})
	case "between": // ISO 9075-2: x >= a AND x <= b
		return negate(and(compared(f, ">=", e.args[0].at(asOf)), compared(f, "<=", e.args[1].at(asOf))))
	case "in": // ISO 9075-2: x = a OR x = b OR …
		t := "F"
		for _, arg := range e.args {
			t = or(t, compared(f, "=", arg.at(asOf)))
		}
		return negate(t)
	}
	if e.left {
		mirror := map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
		return compared(f, mirror[e.op], e.args[0].at(asOf))
	}
	return compared(f, e.op, e.args[0].at(asOf))
}

func compared(a fact, op string, b fact) truth {
	switch a.kind {
	case "", "null":
		return "U"
	case "failed":
		return "X"
	}
	less := a.num < b.num || a.text < b.text || a.at.Before(b.at) || !a.flag && b.flag
	equal := a.num == b.num && a.text == b.text && a.at.Equal(b.at) && a.flag == b.flag
	switch op {
	case "=":
		return boolean(equal)
	case "<>":
		return boolean(!equal)
	case "<":
		return boolean(less)
	case "<=":
		return boolean(less || equal)
	case ">":
		return boolean(!less && !equal)
	}
	return boolean(!less)
}

// A world is attributes with the values that facts and constants take. They are few, so that they meet.
type world struct {
	attributes []segment.Attribute
	facts      map[string][]fact
	literals   map[string][]literal
}

func number(text string, f float64) (fact, literal) {
	n := fact{kind: "number", num: f}
	return n, literal{text: text, fact: n}
}

// wide has values at the edges of what floats and texts can be.
func wide() world {
	w := world{
		attributes: []segment.Attribute{
			{Name: "n", Type: segment.NumberType}, {Name: "t", Type: segment.TextType},
			{Name: "f", Type: segment.FlagType}, {Name: "w", Type: segment.TimeType},
		},
		facts: map[string][]fact{}, literals: map[string][]literal{},
	}
	for _, c := range []struct {
		text string
		f    float64
	}{
		{"0", 0}, {"-1", -1}, {"0.1", 0.1}, {"+0.30000000000000004", 0.30000000000000004}, {"5e-324", math.SmallestNonzeroFloat64},
		{"9007199254740992", 1 << 53}, {"-9007199254740992", -1 << 53}, {"1E2", 100}, {"100.0", 100},
	} {
		f, l := number(c.text, c.f)
		w.facts["n"], w.literals["n"] = append(w.facts["n"], f), append(w.literals["n"], l)
	}
	for _, text := range []string{"", "a", "A", "a ", "it's", "e\u0301", "\u00e9", "''"} {
		f := fact{kind: "text", text: text}
		w.facts["t"] = append(w.facts["t"], f)
		w.literals["t"] = append(w.literals["t"], literal{text: "'" + strings.ReplaceAll(text, "'", "''") + "'", fact: f})
	}
	for _, b := range []bool{true, false} {
		f := fact{kind: "flag", flag: b}
		w.facts["f"] = append(w.facts["f"], f)
		w.literals["f"] = append(w.literals["f"], literal{text: fmt.Sprint(b), fact: f})
	}
	w.times(1)
	return w
}

// times adds the attribute w: instants around epoch, and constants that are absolute or relative to as_of.
func (w *world) times(step float64) {
	for d := -3.0; d <= 3; d += step {
		w.facts["w"] = append(w.facts["w"], fact{kind: "time", at: day(d)}, fact{kind: "time", at: day(d).Add(time.Microsecond)})
	}
	for d := -2; d <= 2; d++ {
		at := day(float64(d))
		text := at.Format("TIMESTAMP '2006-01-02 15:04:05'")
		w.literals["w"] = append(w.literals["w"], literal{text: text, fact: fact{kind: "time", at: at}})
		relative := "as_of"
		switch {
		case d < 0:
			relative = fmt.Sprintf("as_of - INTERVAL '%d hours'", -24*d)
		case d > 0:
			relative = fmt.Sprintf("AS_OF + interval '%d minutes'", 24*60*d)
		}
		w.literals["w"] = append(w.literals["w"], literal{text: relative, relative: true, offset: time.Duration(d) * 24 * time.Hour})
	}
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// expr returns a random condition at most depth deep.
func (w world) expr(r *rand.Rand, depth int) expr {
	if depth > 0 && r.IntN(3) > 0 {
		op := pick(r, []string{"and", "or", "not"})
		n := 1
		if op != "not" {
			n = 2 + r.IntN(2)
		}
		e := expr{op: op}
		for range n {
			e.parts = append(e.parts, w.expr(r, depth-1))
		}
		return e
	}
	a := pick(r, w.attributes)
	e := expr{attr: a.Name, not: r.IntN(2) == 0}
	ops := []string{"null", "=", "<>", "in"}
	switch a.Type {
	case segment.FlagType:
		ops = []string{"null", "=", "<>", "flag"}
	case segment.NumberType, segment.TimeType:
		ops = append(ops, "<", "<=", ">", ">=", "between")
	}
	e.op = pick(r, ops)
	switch e.op {
	case "null", "flag":
	case "in":
		for range 1 + r.IntN(3) {
			e.args = append(e.args, pick(r, w.literals[a.Name]))
		}
	case "between":
		x, y := pick(r, w.literals[a.Name]), pick(r, w.literals[a.Name])
		if compared(x.at(epoch), ">", y.at(epoch)) == "T" && x.relative == y.relative {
			x, y = y, x
		}
		e.args = []literal{x, y}
	default:
		e.args = []literal{pick(r, w.literals[a.Name])}
		e.left = e.not
	}
	return e
}

// row returns random facts; kinds are added to the world's own, such as "null".
func (w world) row(r *rand.Rand, kinds ...string) map[string]fact {
	facts := map[string]fact{}
	for _, a := range w.attributes {
		if i := r.IntN(4 + len(kinds)); i < len(kinds) {
			facts[a.Name] = fact{kind: kinds[i]}
		} else {
			facts[a.Name] = pick(r, w.facts[a.Name])
		}
	}
	return facts
}

// TestConditionTwin compares Eval with the twin on random conditions and facts.
func TestConditionTwin(t *testing.T) {
	w := wide()
	r := rand.New(rand.NewPCG(1, 2))
	letters := map[segment.Truth]truth{segment.True: "T", segment.False: "F", segment.Unknown: "U"}
	seen := map[truth]int{}
	for range 3000 {
		e := w.expr(r, 4)
		c, err := segment.CompileCondition(e.String(), w.attributes)
		if err != nil {
			t.Fatalf("%s: %v", e, err)
		}
		for range 20 {
			facts, asOf := w.row(r, "null", "failed"), day(float64(r.IntN(5)-2))
			want := e.eval(facts, asOf)
			got, failedOn, err := c.Eval(values(facts), asOf)
			if err != nil {
				t.Fatalf("%s: %v", e, err)
			}
			letter := letters[got]
			if failedOn != "" {
				letter = "X"
				if facts[failedOn].kind != "failed" {
					t.Fatalf("%s over %v names %s, which did not fail", e, facts, failedOn)
				}
			}
			if letter != want {
				t.Fatalf("%s over %v as of %v: got %s, want %s", e, facts, asOf, letter, want)
			}
			seen[want]++
		}
	}
	for _, letter := range []truth{"T", "F", "U", "X"} {
		if seen[letter] < 1000 {
			t.Errorf("only %d of 60 000 evaluations were %s", seen[letter], letter)
		}
	}
}
