package strictjson

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A checker holds a document to the grammar of RFC 8259 and to the limits, so that what comes after it can rely on
// both. It does not look at encodings: text that is not UTF-8 is a problem of the value it is in.
type checker struct {
	data  []byte
	pos   int
	depth int
}

// check returns what is wrong with the document as a whole, with line and column.
func check(data []byte) error {
	if len(data) > maxSize {
		return fmt.Errorf("the document has %d bytes, over %d", len(data), maxSize)
	}
	c := checker{data: data}
	c.space()
	if c.pos == len(data) {
		return errors.New("the document is empty")
	}
	if err := c.value(); err != nil {
		return err
	}
	if c.space(); c.pos < len(data) {
		return c.errorf("unexpected %s after the document", c.found())
	}
	return nil
}

func (c *checker) value() error {
	switch b := c.peek(); {
	case b == '{':
		return c.object()
	case b == '[':
		return c.array()
	case b == '"':
		return c.string()
	case b == '-' || isDigit(b):
		return c.number()
	case b == 't':
		return c.literal("true")
	case b == 'f':
		return c.literal("false")
	case b == 'n':
		return c.literal("null")
	}
	return c.errorf("expected a value, found %s", c.found())
}

func (c *checker) object() error {
	if err := c.open(); err != nil {
		return err
	}
	if c.peek() == '}' {
		return c.close()
	}
	for {
		if c.peek() != '"' {
			return c.errorf("expected a key in quotes, found %s", c.found())
		}
		if err := c.string(); err != nil {
			return err
		}
		if c.space(); c.peek() != ':' {
			return c.errorf("expected ':' after the key, found %s", c.found())
		}
		c.pos++
		c.space()
		if err := c.value(); err != nil {
			return err
		}
		c.space()
		switch c.peek() {
		case ',':
			c.pos++
			c.space()
		case '}':
			return c.close()
		default:
			return c.errorf("expected ',' or '}' after the value, found %s", c.found())
		}
	}
}

func (c *checker) array() error {
	if err := c.open(); err != nil {
		return err
	}
	if c.peek() == ']' {
		return c.close()
	}
	for {
		if err := c.value(); err != nil {
			return err
		}
		c.space()
		switch c.peek() {
		case ',':
			c.pos++
			c.space()
		case ']':
			return c.close()
		default:
			return c.errorf("expected ',' or ']' after the value, found %s", c.found())
		}
	}
}

func (c *checker) open() error {
	if c.depth++; c.depth > maxDepth {
		return c.errorf("nested deeper than %d", maxDepth)
	}
	c.pos++
	c.space()
	return nil
}

func (c *checker) close() error {
	c.depth--
	c.pos++
	return nil
}

func (c *checker) string() error {
	start := c.pos
	for c.pos++; c.pos < len(c.data); c.pos++ {
		switch b := c.data[c.pos]; {
		case b == '"':
			c.pos++
			return nil
		case b < ' ':
			return c.errorf("expected text without control characters, found %s; write it as an escape", c.found())
		case b == '\\':
			c.pos++
			if err := c.escape(); err != nil {
				return err
			}
		}
	}
	c.pos = start
	return c.errorf("the text that begins here has no closing quote")
}

// escape checks what follows a backslash and leaves pos at its last byte.
func (c *checker) escape() error {
	b := c.peek()
	if b == 'u' {
		for range 4 {
			c.pos++
			if !isHex(c.peek()) {
				return c.errorf(`expected four hexadecimal digits after \u, found %s`, c.found())
			}
		}
		return nil
	}
	if strings.IndexByte(`"\/bfnrt`, b) < 0 {
		return c.errorf("expected an escape, found %s after the backslash", c.found())
	}
	return nil
}

func (c *checker) number() error {
	if c.peek() == '-' {
		c.pos++
	}
	if c.peek() == '0' {
		c.pos++
	} else if err := c.digits(); err != nil {
		return err
	}
	if c.peek() == '.' {
		c.pos++
		if err := c.digits(); err != nil {
			return err
		}
	}
	if b := c.peek(); b == 'e' || b == 'E' {
		c.pos++
		if b := c.peek(); b == '+' || b == '-' {
			c.pos++
		}
		return c.digits()
	}
	return nil
}

func (c *checker) digits() error {
	if !isDigit(c.peek()) {
		return c.errorf("expected a digit, found %s", c.found())
	}
	for isDigit(c.peek()) {
		c.pos++
	}
	return nil
}

func (c *checker) literal(word string) error {
	if !bytes.HasPrefix(c.data[c.pos:], []byte(word)) {
		return c.errorf("expected a value, found a word that is not true, false or null")
	}
	c.pos += len(word)
	return nil
}

func (c *checker) space() {
	for c.pos < len(c.data) && isSpace(c.data[c.pos]) {
		c.pos++
	}
}

// peek returns the next byte, or 0 at the end.
func (c *checker) peek() byte {
	if c.pos < len(c.data) {
		return c.data[c.pos]
	}
	return 0
}

// found describes the next character.
func (c *checker) found() string {
	if c.pos >= len(c.data) {
		return "the end"
	}
	r, _ := utf8.DecodeRune(c.data[c.pos:])
	return fmt.Sprintf("%q", r)
}

// errorf says where in the document it is: lines and columns count from 1, columns in characters.
func (c *checker) errorf(format string, args ...any) error {
	before := c.data[:min(c.pos, len(c.data))]
	line := bytes.Count(before, []byte{'\n'}) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Errorf("line %d, column %d: %s", line, column, fmt.Sprintf(format, args...))
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func isHex(b byte) bool { return isDigit(b) || 'a' <= b|0x20 && b|0x20 <= 'f' }
