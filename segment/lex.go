package segment

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a condition's text, in bytes.
const (
	maxCondition = 1 << 16
	maxNumber    = 64 // of one number
)

type tokenKind uint8

const (
	endToken tokenKind = iota
	wordToken
	numberToken
	textToken
	symbolToken
)

// A token is one piece of a condition.
type token struct {
	kind tokenKind
	at   int    // byte offset in the condition
	raw  string // as it is written
	text string // of a text: what it says; of a word: the word in upper case
}

// is reports whether the token is a symbol or a keyword, which is given in upper case.
func (t token) is(word string) bool {
	switch t.kind {
	case symbolToken:
		return t.raw == word
	case wordToken:
		return t.text == word
	}
	return false
}

// found names the token in a message.
func (t token) found() string {
	if t.kind == endToken {
		return "the end"
	}
	return shortened(t.raw)
}

func shortened(s string) string {
	const most = 32
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "..."
		}
	}
	return s
}

// A syntaxError is what is wrong with a condition, and where.
type syntaxError struct {
	at      int // byte offset
	message string
}

func (e *syntaxError) Error() string { return e.message }

func errorAt(at int, format string, args ...any) error {
	return &syntaxError{at, fmt.Sprintf(format, args...)}
}

// A lexer cuts a condition into tokens.
type lexer struct {
	src string
	pos int
}

// refuse checks what the lexer relies on: bounded UTF-8 without NUL.
func (l *lexer) refuse() error {
	if len(l.src) > maxCondition {
		return errorAt(0, "expected at most %d bytes, found %d", maxCondition, len(l.src))
	}
	for i, r := range l.src {
		if r == 0 {
			return errorAt(i, "expected text, found a NUL byte")
		}
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(l.src[i:]); size == 1 {
				return errorAt(i, "expected UTF-8, found the byte %#x", l.src[i])
			}
		}
	}
	return nil
}

func (l *lexer) next() (token, error) {
	for l.pos < len(l.src) && strings.IndexByte(" \t\r\n", l.src[l.pos]) >= 0 {
		l.pos++
	}
	at := l.pos
	if at == len(l.src) {
		return token{at: at}, nil
	}
	switch c := l.src[at]; {
	case isWordStart(c):
		l.take(isWordPart)
		raw := l.src[at:l.pos]
		return token{wordToken, at, raw, strings.ToUpper(raw)}, nil
	case isDigit(c):
		return l.number()
	case c == '\'':
		return l.text()
	}
	return l.symbol()
}

func (l *lexer) take(is func(byte) bool) {
	for l.pos < len(l.src) && is(l.src[l.pos]) {
		l.pos++
	}
}

func (l *lexer) has(prefix string) bool { return strings.HasPrefix(l.src[l.pos:], prefix) }

// number reads digits, with a fraction and an exponent if they follow.
func (l *lexer) number() (token, error) {
	at := l.pos
	l.take(isDigit)
	if l.has(".") {
		l.pos++
		if err := l.digits(at, "in the fraction"); err != nil {
			return token{}, err
		}
	}
	if l.has("e") || l.has("E") {
		l.pos++
		if l.has("+") || l.has("-") {
			l.pos++
		}
		if err := l.digits(at, "in the exponent"); err != nil {
			return token{}, err
		}
	}
	raw := l.src[at:l.pos]
	if len(raw) > maxNumber {
		return token{}, errorAt(at, "expected a number of at most %d bytes, found %d", maxNumber, len(raw))
	}
	if l.pos < len(l.src) && (isWordPart(l.src[l.pos]) || l.src[l.pos] == '.') {
		l.take(func(c byte) bool { return isWordPart(c) || c == '.' })
		return token{}, errorAt(at, "expected a number, found %s", shortened(l.src[at:l.pos]))
	}
	return token{numberToken, at, raw, ""}, nil
}

func (l *lexer) digits(at int, where string) error {
	before := l.pos
	if l.take(isDigit); l.pos == before {
		return errorAt(at, "expected digits %s, found %s", where, shortened(l.src[at:l.pos]))
	}
	return nil
}

// text reads a text in single quotes; a quote in it is written twice.
func (l *lexer) text() (token, error) {
	at := l.pos
	var b strings.Builder
	for rest := l.src[at+1:]; ; {
		i := strings.IndexByte(rest, '\'')
		if i < 0 {
			return token{}, errorAt(at, "expected a quote at the end of the text, found %s", shortened(l.src[at:]))
		}
		b.WriteString(rest[:i])
		if rest = rest[i+1:]; !strings.HasPrefix(rest, "'") {
			l.pos = len(l.src) - len(rest)
			break
		}
		b.WriteByte('\'')
		rest = rest[1:]
	}
	if b.Len() > maxText {
		return token{}, errorAt(at, "expected a text of at most %d bytes, found %d", maxText, b.Len())
	}
	return token{textToken, at, l.src[at:l.pos], b.String()}, nil
}

// foreign are spellings of other languages, and what to write instead.
var foreign = [...]struct{ found, expected string }{
	{"!=", "<>"}, {"==", "="}, {"&&", "AND"}, {"||", "OR"}, {"!", "NOT"},
	{"--", "no comment"}, {"/*", "no comment"},
	{`"`, "an attribute without quotes, or a text in single ones"}, {"`", "an attribute without quotes"},
}

func (l *lexer) symbol() (token, error) {
	at := l.pos
	for _, f := range foreign {
		if l.has(f.found) {
			return token{}, errorAt(at, "expected %s, found %s", f.expected, f.found)
		}
	}
	for _, s := range [...]string{"<>", "<=", ">=", "<", ">", "=", "(", ")", ",", "+", "-"} {
		if l.has(s) {
			l.pos += len(s)
			return token{symbolToken, at, s, ""}, nil
		}
	}
	r, size := utf8.DecodeRuneInString(l.src[at:])
	if !unicode.IsPrint(r) {
		return token{}, errorAt(at, "expected a condition, found the character %U", r)
	}
	return token{}, errorAt(at, "expected a condition, found %s", l.src[at:at+size])
}

func isDigit(c byte) bool     { return '0' <= c && c <= '9' }
func isLower(c byte) bool     { return 'a' <= c && c <= 'z' }
func isWordStart(c byte) bool { return isLower(c|0x20) || c == '_' }
func isWordPart(c byte) bool  { return isWordStart(c) || isDigit(c) }

// located returns the message of a syntax error with its line and column, the line itself, and a caret below the place.
// Columns count characters from 1.
func located(src string, e *syntaxError) string {
	before := src[:e.at]
	start := strings.LastIndexByte(before, '\n') + 1
	line, _, _ := strings.Cut(src[start:], "\n")
	column := utf8.RuneCountInString(src[start:e.at])
	shown, caret := window([]rune(line), column)
	return fmt.Sprintf("line %d, column %d: %s\n\t%s\n\t%s^",
		strings.Count(before, "\n")+1, column+1, e.message, shown, strings.Repeat(" ", caret))
}

// window returns the part of a line around a column, and the column in it. What can't be printed is a blank.
func window(line []rune, column int) (shown string, at int) {
	const around = 40
	from, to := max(0, column-around), min(len(line), column+around)
	var b strings.Builder
	if from > 0 {
		b.WriteString("...")
		at = 3
	}
	for _, r := range line[from:to] {
		if !unicode.IsPrint(r) {
			r = ' '
		}
		b.WriteRune(r)
	}
	if to < len(line) {
		b.WriteString("...")
	}
	return b.String(), at + column - from
}
