package segment

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Dialect is a database's kind of SQL.
type Dialect string

// Dialects. The package comment has the type that a column must have in each.
const (
	PostgreSQL Dialect = "postgresql"
	SQLite     Dialect = "sqlite"
	DuckDB     Dialect = "duckdb"
)

// SQL returns the scheme as one CASE expression, whose value is the segment of [Model.Classify] as of an instant, and NULL
// where no rule matches and there is no default. Columns have the names of attributes. as_of and all that is relative to it
// are constants of asOf. A row with a value that Classify refuses is NULL as well, if a rule reads that attribute.
//
// SQL returns an error if the dialect is unknown, or asOf is zero or outside of the years 1 to 9999 (*DataError).
func (m *Model) SQL(d Dialect, asOf time.Time) (string, error) {
	p, err := newPrinter(d, m.schema, asOf)
	if err != nil {
		return "", err
	}
	read := make([]bool, len(m.schema.columns))
	for i := range m.rules {
		for _, attr := range m.rules[i].reads {
			read[attr] = true
		}
	}
	p.WriteString("CASE\n")
	for attr := range read {
		if read[attr] {
			p.refused(attr)
		}
	}
	for i := range m.rules {
		p.WriteString("  WHEN ")
		p.condition(&m.rules[i].when)
		p.write(" THEN ", p.text(m.def.Rules[i].Segment), "\n")
	}
	otherwise := "NULL"
	if m.def.Otherwise != "" {
		otherwise = p.text(m.def.Otherwise)
	}
	p.write("  ELSE ", otherwise, "\nEND")
	return p.String(), nil
}

// SQL returns the condition as one predicate in parentheses, which is TRUE, FALSE and NULL where [Condition.Eval] is TRUE,
// FALSE and UNKNOWN as of an instant. Columns have the names of attributes. Of a row that Eval refuses it says nothing.
//
// SQL returns an error if the dialect is unknown, or asOf is zero or outside of the years 1 to 9999 (*DataError).
func (c *Condition) SQL(d Dialect, asOf time.Time) (string, error) {
	p, err := newPrinter(d, c.schema, asOf)
	if err != nil {
		return "", err
	}
	p.WriteByte('(')
	p.condition(&c.root)
	p.WriteByte(')')
	return p.String(), nil
}

// A printer writes conditions in a dialect. Whatever comes from a scheme is written by text, column or a number's text,
// and by nothing else.
type printer struct {
	strings.Builder
	dialect Dialect
	types   map[kind]string
	schema  *schema
	now     int64
}

func newPrinter(d Dialect, s *schema, asOf time.Time) (*printer, error) {
	now, err := instantOf(asOf)
	if err != nil {
		return nil, err
	}
	p := &printer{dialect: d, schema: s, now: now}
	switch d {
	case PostgreSQL:
		p.types = map[kind]string{numberKind: "double precision", textKind: "text", flagKind: "boolean", timeKind: "timestamptz"}
	case SQLite:
		p.types = map[kind]string{numberKind: "REAL", textKind: "TEXT", flagKind: "INTEGER", timeKind: "INTEGER"}
	case DuckDB:
		p.types = map[kind]string{numberKind: "DOUBLE", textKind: "VARCHAR", flagKind: "BOOLEAN", timeKind: "TIMESTAMPTZ"}
	default:
		return nil, &DataError{
			Field: "dialect", Message: fmt.Sprintf("must be one of %s, %s, %s, not %q", PostgreSQL, SQLite, DuckDB, shortened(string(d))),
		}
	}
	return p, nil
}

func (p *printer) write(pieces ...string) {
	for _, s := range pieces {
		p.WriteString(s)
	}
}

// mostParts bounds how many parts stand side by side: databases nest a chain as deep as it is long, and SQLite and DuckDB
// refuse a depth of 1000.
const mostParts = 8

func (p *printer) condition(n *node) {
	switch n.op {
	case opAnd:
		p.chain(" AND ", n.parts)
	case opOr:
		p.chain(" OR ", n.parts)
	default:
		p.test(n)
	}
}

func (p *printer) chain(word string, parts []node) {
	if len(parts) > mostParts {
		half := len(parts) / 2
		p.WriteByte('(')
		p.chain(word, parts[:half])
		p.write(")", word, "(")
		p.chain(word, parts[half:])
		p.WriteByte(')')
		return
	}
	for i := range parts {
		if i > 0 {
			p.WriteString(word)
		}
		if part := &parts[i]; part.op > opOr {
			p.test(part)
		} else {
			p.WriteByte('(')
			p.condition(part)
			p.WriteByte(')')
		}
	}
}

// test writes a test of one attribute, which binds more closely than NOT, AND and OR.
func (p *printer) test(n *node) {
	switch n.op {
	case opNull:
		p.write(p.name(n.attr), " IS ", negated(n.not), "NULL")
	case opFlag:
		switch {
		case p.dialect == SQLite && n.not:
			p.write(p.column(n.attr), " = 0")
		case p.dialect == SQLite:
			p.write(p.column(n.attr), " = 1")
		default:
			p.write(negated(n.not), p.column(n.attr))
		}
	case opTexts:
		p.among(n, each(n.texts, p.text))
	case opNumbers:
		p.among(n, each(n.numbers, p.number))
	case opMoments:
		p.among(n, each(n.moments, p.moment))
	case opRange:
		p.bounded(n, each(n.numbers, p.number), n.lo == n.numbers[0], n.hi == n.numbers[len(n.numbers)-1], n.lo < n.numbers[0])
	case opPeriod:
		first, last := n.moments[0], n.moments[len(n.moments)-1]
		p.bounded(n, each(n.moments, p.moment), n.first == first, n.last == last, n.first.us == math.MinInt64)
	}
}

func negated(not bool) string {
	if not {
		return "NOT "
	}
	return ""
}

// among writes that a column is one of some constants.
func (p *printer) among(n *node, constants []string) {
	p.WriteString(p.column(n.attr))
	if len(constants) > 1 {
		p.write(" ", negated(n.not), "IN (", strings.Join(constants, ", "), ")")
		return
	}
	p.write(comparison("=", n.not), constants[0])
}

// bounded writes a range as its author did: from and to say whether the constants are its bounds, below whether it lies
// below the constant.
func (p *printer) bounded(n *node, constants []string, from, to, below bool) {
	p.WriteString(p.column(n.attr))
	if len(constants) > 1 {
		p.write(" ", negated(n.not), "BETWEEN ", constants[0], " AND ", constants[1])
		return
	}
	sign := ">"
	switch {
	case from && to:
		sign = "="
	case from:
		sign = ">="
	case to:
		sign = "<="
	case below:
		sign = "<"
	}
	p.write(comparison(sign, n.not), constants[0])
}

// comparison returns the sign, or its opposite, between blanks.
func comparison(sign string, not bool) string {
	if not {
		switch sign {
		case "=":
			sign = "<>"
		case "<":
			sign = ">="
		case "<=":
			sign = ">"
		case ">":
			sign = "<="
		case ">=":
			sign = "<"
		}
	}
	return " " + sign + " "
}

// refused writes the branch of a row that Classify refuses for an attribute, if there can be one.
func (p *printer) refused(attr int) {
	c := &p.schema.columns[attr]
	var tests []string
	if p.dialect == SQLite { // whose columns may hold what their types don't
		types := map[kind]string{numberKind: "'real', 'integer'", textKind: "'text'", flagKind: "'integer'", timeKind: "'integer'"}
		tests = append(tests, "typeof("+p.name(attr)+") NOT IN ("+types[c.kind]+", 'null')")
	}
	switch {
	case c.kind == numberKind:
		tests = append(tests, p.column(attr)+" NOT BETWEEN "+p.number(c.min)+" AND "+p.number(c.max))
	case c.kind == timeKind:
		tests = append(tests, p.column(attr)+" NOT BETWEEN "+p.instant(earliest)+" AND "+p.instant(latest))
	case c.kind == textKind && len(c.sorted) > 0:
		tests = append(tests, p.column(attr)+" NOT IN ("+strings.Join(each(c.sorted, p.text), ", ")+")")
	case c.kind == flagKind && p.dialect == SQLite:
		tests = append(tests, p.column(attr)+" NOT IN (0, 1)")
	}
	if len(tests) > 0 {
		p.write("  WHEN ", strings.Join(tests, " OR "), " THEN NULL\n")
	}
}

// name returns a column's name, which is lower-case letters, digits and _ alone. SQLite takes what it does not find for a
// text if it stands between double quotes.
func (p *printer) name(attr int) string {
	if p.dialect == SQLite {
		return "[" + p.schema.columns[attr].name + "]"
	}
	return `"` + p.schema.columns[attr].name + `"`
}

// column returns a column in the type of its attribute; texts compare by bytes.
func (p *printer) column(attr int) string {
	kind := p.schema.columns[attr].kind
	s := "CAST(" + p.name(attr) + " AS " + p.types[kind] + ")"
	switch {
	case kind == textKind && p.dialect == SQLite:
		s += " COLLATE BINARY"
	case kind == textKind:
		s += ` COLLATE "C"`
	}
	return s
}

// each returns constants as they are written.
func each[T any](constants []T, write func(T) string) []string {
	list := make([]string, len(constants))
	for i, c := range constants {
		list[i] = write(c)
	}
	return list
}

// text returns a text, which has no NUL. PostgreSQL can be told to take a backslash for itself or for the beginning of an
// escape; in E” it is always the latter.
func (p *printer) text(s string) string {
	if p.dialect == PostgreSQL && strings.Contains(s, `\`) {
		return "E" + quoted(strings.ReplaceAll(s, `\`, `\\`))
	}
	return quoted(s)
}

// number returns a finite number. A fraction is cast, since it would be a decimal before it becomes a float64.
func (p *printer) number(f float64) string {
	s := numberText(f)
	if _, err := strconv.ParseInt(s, 10, 64); err == nil || p.dialect == SQLite {
		return s
	}
	return "CAST('" + s + "' AS " + p.types[numberKind] + ")"
}

func (p *printer) moment(m moment) string { return p.instant(m.at(p.now)) }

// instant returns an instant. One outside of the domain is the next beside it, which compares alike with all inside.
func (p *printer) instant(us int64) string {
	us = min(max(us, earliest-1), latest+1)
	if p.dialect == SQLite {
		return strconv.FormatInt(us, 10)
	}
	return instant.FromMicros(us).Format("TIMESTAMPTZ '2006-01-02 15:04:05.999999+00'")
}
