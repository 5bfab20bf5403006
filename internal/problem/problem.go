// Package problem collects what is wrong with a definition or a document, each finding with the place it was found at.
//
// Places are JSON Pointers (RFC 6901): "" is the whole document, "/groups/0/weight" a field of it.
package problem

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// shown is how many problems an error message prints before it counts the rest.
const shown = 20

// Problem is one finding.
type Problem struct {
	Pointer string // JSON Pointer; empty for the whole document
	Message string // what must hold, in lower case and without a stop
}

// List holds problems in the order they were found. The zero value is ready.
type List []Problem

// Addf appends a problem whose message is formatted as by [fmt.Sprintf].
func (l *List) Addf(pointer, format string, args ...any) {
	*l = append(*l, Problem{Pointer: pointer, Message: fmt.Sprintf(format, args...)})
}

// Err returns nil for an empty list, and otherwise an error that [Of] turns back into the list.
// An UnmarshalJSON method returns it so that the document around it can point into the value.
func (l List) Err(prefix string) error {
	if len(l) == 0 {
		return nil
	}
	return &listError{prefix: prefix, list: l}
}

// Of returns the problems that an error made by [List.Err] carries.
func Of(err error) (List, bool) {
	var e *listError
	if !errors.As(err, &e) {
		return nil, false
	}
	return e.list, true
}

type listError struct {
	prefix string
	list   List
}

func (e *listError) Error() string {
	return Message(e.prefix, len(e.list), func(i int) (string, string) {
		return e.list[i].Pointer, e.list[i].Message
	})
}

// Pointer joins parts to a JSON Pointer: strings are object keys and are escaped, integers are positions in arrays.
// No parts make the empty pointer.
func Pointer(parts ...any) string {
	return Join("", parts...)
}

// Join appends parts, as [Pointer] takes them, to a pointer that is already escaped.
func Join(base string, parts ...any) string {
	if len(parts) == 0 {
		return base
	}
	b := []byte(base)
	for _, part := range parts {
		b = append(b, '/')
		switch p := part.(type) {
		case string:
			b = AppendEscaped(b, p)
		case int:
			b = strconv.AppendInt(b, int64(p), 10)
		default:
			b = AppendEscaped(b, fmt.Sprint(p))
		}
	}
	return string(b)
}

// AppendEscaped appends key as one reference token of a JSON Pointer: "~" becomes "~0" and "/" becomes "~1".
func AppendEscaped(dst []byte, key string) []byte {
	for i := range len(key) {
		switch c := key[i]; c {
		case '~':
			dst = append(dst, "~0"...)
		case '/':
			dst = append(dst, "~1"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// Message formats n problems behind a prefix: "health: invalid scorecard: 2 problems: /a: …; /b: …".
// A single problem is printed without the count, and of many the first 20.
// It takes a function since each public package has a problem type of its own.
func Message(prefix string, n int, at func(i int) (pointer, message string)) string {
	var b strings.Builder
	b.WriteString(prefix)
	if n > 1 {
		fmt.Fprintf(&b, ": %d problems", n)
	}
	sep := ": "
	for i := range min(n, shown) {
		b.WriteString(sep)
		sep = "; "
		pointer, message := at(i)
		if pointer != "" {
			b.WriteString(pointer)
			b.WriteString(": ")
		}
		b.WriteString(message)
	}
	if n > shown {
		fmt.Fprintf(&b, "; and %d more", n-shown)
	}
	return b.String()
}
