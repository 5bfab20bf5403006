// Package ident checks the identifiers and names that hosts bring: they are compared and ordered by bytes, never folded.
package ident

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Longest is the most bytes an identifier or a name may have.
const Longest = 256

var (
	errEmpty = errors.New("is empty")
	errUTF8  = errors.New("is not valid UTF-8")
	errSpace = errors.New("begins or ends with a space")
	errSlash = errors.New("contains '/', which joins names to paths")
	errNUL   = errors.New("contains U+0000")
)

// LongestText is the most bytes that a text for people may have.
const LongestText = 1024

// Check holds an ID of an account, a person or an event to the rules: 1 to 256 bytes of valid UTF-8 without control
// characters. The error reads on from the name of the field: "is empty", "is not valid UTF-8".
func Check(id string) error {
	if id == "" {
		return errEmpty
	}
	if len(id) > Longest {
		return fmt.Errorf("has %d bytes, over %d", len(id), Longest)
	}
	if !utf8.ValidString(id) {
		return errUTF8
	}
	for i, r := range id {
		if unicode.IsControl(r) {
			return fmt.Errorf("contains the control character %U at byte %d", r, i)
		}
	}
	return nil
}

// Name holds a name inside a definition to the rules of [Check], and to two more: no space at either end,
// and no '/', since names are joined with it to paths.
func Name(s string) error {
	if err := Check(s); err != nil {
		return err
	}
	if strings.TrimSpace(s) != s {
		return errSpace
	}
	if strings.Contains(s, "/") {
		return errSlash
	}
	return nil
}

// Text holds what people write to what every store keeps: at most 1024 bytes of valid UTF-8 without U+0000.
// It may be empty.
func Text(s string) error {
	switch {
	case len(s) > LongestText:
		return fmt.Errorf("has %d bytes, over %d", len(s), LongestText)
	case !utf8.ValidString(s):
		return errUTF8
	case strings.IndexByte(s, 0) >= 0:
		return errNUL
	}
	return nil
}
