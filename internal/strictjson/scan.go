package strictjson

import (
	"fmt"
	"reflect"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/customersuccess-go/customersuccess/internal/layout"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

const (
	maxProblems = 1000
	maxText     = 1 << 20 // bytes of all pointers and messages together
)

// A decoder walks a document that check has accepted.
type decoder struct {
	data     []byte
	pos      int
	record   bool // unknown keys are skipped
	path     []step
	problems problem.List
	text     int   // bytes of pointers and messages so far
	memory   int64 // bytes of elements so far
	stopped  bool  // too many problems, or too much memory
	layouts  layout.Cache
}

// step is one part of the path to a value: the position in an array, or, if that is negative, a key.
type step struct {
	key   string
	index int
}

func (d *decoder) push(key string, index int) { d.path = append(d.path, step{key, index}) }

func (d *decoder) pop() { d.path = d.path[:len(d.path)-1] }

func (d *decoder) pointer() string {
	var b []byte
	for _, s := range d.path {
		b = append(b, '/')
		if s.index >= 0 {
			b = fmt.Append(b, s.index)
		} else {
			b = problem.AppendEscaped(b, s.key)
		}
	}
	return string(b)
}

func (d *decoder) addf(format string, args ...any) {
	d.add(problem.Problem{Pointer: d.pointer(), Message: fmt.Sprintf(format, args...)})
}

func (d *decoder) add(p problem.Problem) {
	if d.stopped {
		return
	}
	if len(d.problems) == maxProblems-1 || d.text > maxText {
		d.stopped = true
		p = problem.Problem{Message: "there are more problems than these"}
	}
	d.text += len(p.Pointer) + len(p.Message)
	d.problems = append(d.problems, p)
}

// room reports whether one more element of a type may be read, and else stops.
func (d *decoder) room(t reflect.Type) bool {
	if d.memory += int64(t.Size()); d.memory > maxMemory && !d.stopped {
		d.addf("the elements up to this one take over %d MiB", maxMemory>>20)
		d.stopped = true
	}
	return !d.stopped
}

// peek skips space and returns the first byte of what follows.
func (d *decoder) peek() byte {
	for isSpace(d.data[d.pos]) {
		d.pos++
	}
	return d.data[d.pos]
}

// more moves to the next element of an array or member of an object and reports whether there is one.
func (d *decoder) more(open, end byte) bool {
	if d.stopped {
		return false
	}
	switch d.peek() {
	case open, ',':
		d.pos++
	}
	if d.peek() != end {
		return true
	}
	d.pos++
	return false
}

// key reads a member's key and moves to its value. A key that is not valid text is not ok, and has U+FFFD in it.
func (d *decoder) key() (key string, ok bool) {
	d.peek()
	key, ok = unquote(d.skip())
	d.peek()
	d.pos++ // the colon
	d.peek()
	return key, ok
}

// skip moves past the next value and returns its text.
func (d *decoder) skip() []byte {
	first := d.peek()
	start := d.pos
	switch first {
	case '"':
		d.pos = endOfString(d.data, d.pos)
	case '{', '[':
		for depth := 0; ; {
			switch d.data[d.pos] {
			case '"':
				d.pos = endOfString(d.data, d.pos)
				continue
			case '{', '[':
				depth++
			case '}', ']':
				depth--
			}
			d.pos++
			if depth == 0 {
				break
			}
		}
	default:
		for d.pos < len(d.data) && !isEnd(d.data[d.pos]) {
			d.pos++
		}
	}
	return d.data[start:d.pos]
}

// isEnd reports whether b can't be part of a number or of true, false and null.
func isEnd(b byte) bool { return b == ',' || b == ']' || b == '}' || isSpace(b) }

// endOfString returns the position after the string that begins at i.
func endOfString(data []byte, i int) int {
	for i++; data[i] != '"'; i++ {
		if data[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// unquote returns the text of a string. It is not ok, and has U+FFFD in it, if the string holds bytes that are not
// UTF-8 or half of a surrogate pair.
func unquote(raw []byte) (text string, ok bool) {
	raw = raw[1 : len(raw)-1]
	plain := 0
	for plain < len(raw) && raw[plain] != '\\' && raw[plain] < utf8.RuneSelf {
		plain++
	}
	if plain == len(raw) {
		return string(raw), true
	}
	ok = true
	out := append(make([]byte, 0, len(raw)), raw[:plain]...)
	for i := plain; i < len(raw); {
		if raw[i] != '\\' {
			r, size := utf8.DecodeRune(raw[i:])
			ok = ok && (r != utf8.RuneError || size > 1)
			out = utf8.AppendRune(out, r)
			i += size
			continue
		}
		c := raw[i+1]
		i += 2
		switch c {
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'u':
			r := hex4(raw[i:])
			i += 4
			if utf16.IsSurrogate(r) {
				low := rune(-1)
				if len(raw) >= i+6 && raw[i] == '\\' && raw[i+1] == 'u' {
					low = hex4(raw[i+2:])
				}
				if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
					ok = false
				} else {
					i += 6
				}
			}
			out = utf8.AppendRune(out, r)
			continue
		}
		out = append(out, c)
	}
	return string(out), ok
}

func hex4(b []byte) rune {
	var r rune
	for _, c := range b[:4] {
		if isDigit(c) {
			r = r<<4 | rune(c-'0')
		} else {
			r = r<<4 | rune(c|0x20-'a'+10)
		}
	}
	return r
}
