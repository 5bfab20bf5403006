package book

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// Limits of what is read. A row is one line: quoted fields may hold commas and quotes, not line breaks,
// so that a broken quote costs one row and not the rest of the file.
const (
	maxLine    = 1 << 20 // bytes
	maxRejects = 1000    // kept of one file; all are counted
)

// errHeader says that a file as a whole can't be used.
var errHeader = errors.New("can't be used")

// A column of a file that the program knows.
type column struct {
	name     string
	required bool // a file without it can't be used
}

// A table reads one CSV file row by row, and collects what it rejects.
type table struct {
	file    File
	rejects []Reject
	index   map[string]int // of known columns
	extra   []string       // names of unknown columns, with their positions in extraAt
	extraAt []int

	line   int
	fields []string
	bad    bool // the present row was rejected
}

// readTable reads the file called name and calls row for each data row. A file that is not there is no error: its
// File then says so. The error wraps errHeader when nothing of the file can be used.
func readTable(fsys fs.FS, name string, columns []column, row func(*table)) (*table, error) {
	t := &table{file: File{Name: name}}
	f, err := fsys.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		return t, fmt.Errorf("open %s: %w", name, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return t, fmt.Errorf("%w: %s is a folder, not a file", errHeader, name)
	}
	t.file.Present = true

	lines := bufio.NewReaderSize(f, 1<<16)
	for {
		line, err := readLine(lines)
		if err == io.EOF {
			break
		}
		t.line++
		t.bad = false
		switch {
		case errors.Is(err, bufio.ErrTooLong):
			t.reject("", "the line is longer than 1 MiB")
		case err != nil:
			return t, fmt.Errorf("read %s: line %d: %w", name, t.line, err)
		case t.line == 1:
			if err := t.header(strings.TrimPrefix(line, "\ufeff"), columns); err != nil {
				return t, err
			}
			continue
		case strings.TrimSpace(line) == "":
			continue
		}
		t.file.Rows++
		if !t.bad && t.split(line) {
			row(t)
		}
		if t.bad {
			t.file.Rejected++
		}
	}
	if t.line == 0 {
		return t, fmt.Errorf("%w: %s is empty; its first line must name the columns: %s", errHeader, name, names(columns))
	}
	return t, nil
}

// readLine returns the next line without its end, LF or CRLF.
func readLine(r *bufio.Reader) (string, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			long = true
		} else {
			line = append(line, part...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil && (err != io.EOF || len(line) == 0 && !long) {
			return "", err
		}
		break
	}
	if long {
		return "", bufio.ErrTooLong
	}
	s := strings.TrimSuffix(string(line), "\n")
	return strings.TrimSuffix(s, "\r"), nil
}

func (t *table) header(line string, columns []column) error {
	fields, err := splitLine(line)
	if err != nil {
		return fmt.Errorf("%w: %s: line 1: %v", errHeader, t.file.Name, err)
	}
	known := make(map[string]bool)
	for _, c := range columns {
		known[c.name] = true
	}
	t.index = make(map[string]int)
	seen := make(map[string]bool)
	for i, name := range fields {
		name = strings.TrimSpace(name)
		if seen[name] {
			return fmt.Errorf("%w: %s: line 1: column %q is there twice", errHeader, t.file.Name, name)
		}
		seen[name] = true
		if known[name] {
			t.index[name] = i
		} else if name != "" {
			t.extra, t.extraAt = append(t.extra, name), append(t.extraAt, i)
		}
	}
	var missing []string
	for _, c := range columns {
		if _, ok := t.index[c.name]; c.required && !ok {
			missing = append(missing, c.name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: %s: line 1: missing column %s; found %s", errHeader, t.file.Name,
			strings.Join(missing, ", "), strings.Join(fields, ", "))
	}
	t.fields = make([]string, len(fields))
	return nil
}

// split makes the line the present row.
func (t *table) split(line string) bool {
	fields, err := splitLine(line)
	switch {
	case err != nil:
		t.reject("", err.Error())
	case len(fields) != len(t.fields):
		t.reject("", fmt.Sprintf("has %d fields, the header %d", len(fields), len(t.fields)))
	default:
		t.fields = fields
		return true
	}
	return false
}

func splitLine(line string) ([]string, error) {
	if !utf8.ValidString(line) {
		return nil, errors.New("is not valid UTF-8")
	}
	if strings.ContainsRune(line, 0) {
		return nil, errors.New("holds a NUL byte")
	}
	if !strings.Contains(line, `"`) {
		return strings.Split(line, ","), nil
	}
	fields, err := csv.NewReader(strings.NewReader(line)).Read()
	if err != nil {
		return nil, errors.New("has a broken quote (a row is one line)")
	}
	return fields, nil
}

func names(columns []column) string {
	var s []string
	for _, c := range columns {
		s = append(s, c.name)
	}
	return strings.Join(s, ",")
}

// reject marks the present row as bad.
func (t *table) reject(column, reason string) {
	t.bad = true
	if len(t.rejects) < maxRejects {
		t.rejects = append(t.rejects, Reject{t.file.Name, t.line, column, reason})
	}
}

// The methods below read one field of the present row; "" where the file lacks the column.
// A field that can't be read rejects the row.

func (t *table) text(column string) string {
	i, ok := t.index[column]
	if !ok {
		return ""
	}
	return strings.TrimSpace(t.fields[i])
}

// id reads an identifier, which must be there.
func (t *table) id(column string) string {
	s := t.text(column)
	switch {
	case s == "":
		t.reject(column, "is empty")
	case len(s) > 256:
		t.reject(column, "is longer than 256 bytes")
	case strings.ContainsFunc(s, unicode.IsControl):
		t.reject(column, "holds a control character")
	}
	return s
}

// number reads a float; ok is false where the field is blank.
func (t *table) number(column string) (v float64, ok bool) {
	s := t.text(column)
	if s == "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || len(s) > 64 || strings.ContainsAny(s, "xX_") {
		t.reject(column, fmt.Sprintf("%.40q is not a finite number", s))
		return 0, false
	}
	return v, true
}

// value is number for a field that must be there.
func (t *table) value(column string) float64 {
	v, ok := t.number(column)
	if !ok && !t.bad {
		t.reject(column, "is empty")
	}
	return v
}

// rating reads a whole number from 1 to 5; 0 where the field is blank.
func (t *table) rating(column string) int {
	s := t.text(column)
	if len(s) == 1 && '1' <= s[0] && s[0] <= '5' {
		return int(s[0] - '0')
	}
	if s != "" {
		t.reject(column, fmt.Sprintf("%.40q is not a whole number from 1 to 5", s))
	}
	return 0
}

// amount reads a plain decimal of up to 38 digits without an exponent; ok is false where the field is blank.
func (t *table) amount(column string) (v decimal.Decimal, ok bool) {
	s := t.text(column)
	if s == "" {
		return v, false
	}
	digits := strings.TrimPrefix(s, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	plain := whole != "" && len(whole)+len(fraction) <= 38 && len(fraction) <= 18 && !strings.HasSuffix(digits, ".")
	for _, r := range whole + fraction {
		plain = plain && '0' <= r && r <= '9'
	}
	if plain {
		if v, err := decimal.NewFromString(s); err == nil {
			return v, true
		}
	}
	t.reject(column, fmt.Sprintf("%.40q is not an amount such as 1234.50", s))
	return v, false
}

// date reads an instant: a day, or RFC 3339. Zero where the field is blank.
func (t *table) date(column string) time.Time {
	s := t.text(column)
	if s == "" {
		return time.Time{}
	}
	at, err := ParseDate(s)
	if err != nil {
		t.reject(column, fmt.Sprintf("%.40q is not a date such as 2026-01-31 or 2026-01-31T12:00:00Z", s))
	}
	return at
}

// day is date for a field that must be there.
func (t *table) day(column string) time.Time {
	at := t.date(column)
	if at.IsZero() && !t.bad {
		t.reject(column, "is empty")
	}
	return at
}

// ParseDate reads a day, which begins in UTC, or an RFC 3339 instant.
func ParseDate(s string) (time.Time, error) {
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		at, err = time.Parse(time.RFC3339Nano, s)
	}
	if err != nil {
		return time.Time{}, err
	}
	return at.UTC().Truncate(time.Microsecond), nil
}

// choice reads one of the given texts, or the blank one.
func (t *table) choice(column string, of ...string) string {
	s := t.text(column)
	for _, c := range of {
		if s == c {
			return s
		}
	}
	if s != "" {
		t.reject(column, fmt.Sprintf("%.40q is none of %s", s, strings.Join(of, ", ")))
	}
	return ""
}

// once rejects a row whose key was there before; the first is kept. No part of a key holds a control character.
func (t *table) once(column string, seen map[string]bool, key ...string) {
	k := strings.Join(key, "\x00")
	if seen[k] {
		t.reject(column, "the same is there twice; the first is kept")
	}
	seen[k] = true
}

// columnsOf reads a list of column names; a "!" marks those without which a file can't be used.
func columnsOf(list string) []column {
	var columns []column
	for _, name := range strings.Fields(list) {
		base, required := strings.CutSuffix(name, "!")
		columns = append(columns, column{base, required})
	}
	return columns
}
