package ident_test

import (
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/ident"
)

func TestCheckAndName(t *testing.T) {
	for name, tc := range map[string]struct{ in, check, name string }{
		"letters":            {"acme", "", ""},
		"any script":         {"Łódź 株式会社 😀", "", ""},
		"256 bytes":          {strings.Repeat("a", 256), "", ""},
		"slash":              {"a/b", "", "contains '/', which joins names to paths"},
		"space before":       {" a", "", "begins or ends with a space"},
		"wide space after":   {"a\u3000", "", "begins or ends with a space"},
		"space alone":        {" ", "", "begins or ends with a space"},
		"space inside":       {"a b", "", ""},
		"empty":              {"", "is empty", "is empty"},
		"257 bytes":          {strings.Repeat("a", 257), "has 257 bytes, over 256", "has 257 bytes, over 256"},
		"bytes, not letters": {strings.Repeat("é", 129), "has 258 bytes, over 256", "has 258 bytes, over 256"},
		"not UTF-8":          {"a\xff", "is not valid UTF-8", "is not valid UTF-8"},
		"surrogate":          {"\xed\xa0\x80", "is not valid UTF-8", "is not valid UTF-8"},
		"newline":            {"é\n", "contains the control character U+000A at byte 2", "contains the control character U+000A at byte 2"},
		"NUL":                {"\x00", "contains the control character U+0000 at byte 0", "contains the control character U+0000 at byte 0"},
		"delete":             {"a\x7f", "contains the control character U+007F at byte 1", "contains the control character U+007F at byte 1"},
		"next line":          {"\u0085", "contains the control character U+0085 at byte 0", "contains the control character U+0085 at byte 0"},
	} {
		if got := text(ident.Check(tc.in)); got != tc.check {
			t.Errorf("%s: Check says %q, want %q", name, got, tc.check)
		}
		if got := text(ident.Name(tc.in)); got != tc.name {
			t.Errorf("%s: Name says %q, want %q", name, got, tc.name)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
