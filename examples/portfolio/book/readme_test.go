package book

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// The README names each file with all of its columns, the needed ones in bold, and the files of -h are those that are read.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	usage, err := os.ReadFile("../main.go")
	if err != nil {
		t.Fatal(err)
	}
	files := []reader{{name: "accounts.csv", columns: accountColumns[1:]}}
	for _, r := range append(files, readers()...) {
		if !strings.Contains(string(usage), r.name) {
			t.Errorf("-h does not name %s", r.name)
		}
		_, row, ok := strings.Cut(string(text), "\n| `"+r.name+"` | ")
		if !ok {
			t.Errorf("%s is not in the README", r.name)
			continue
		}
		row, _, _ = strings.Cut(row, " |\n")
		row, _, _ = strings.Cut(row, ";")
		var want, got []string
		for _, c := range append([]column{{"account", true}}, r.columns...) {
			if c.required {
				c.name = "**" + c.name + "**"
			}
			want = append(want, c.name)
		}
		depth := 0
		for _, cell := range strings.FieldsFunc(row, func(r rune) bool { // commas in brackets part nothing
			switch r {
			case '(':
				depth++
			case ')':
				depth--
			}
			return r == ',' && depth == 0
		}) {
			name, _, _ := strings.Cut(strings.TrimSpace(cell), " (")
			got = append(got, name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the README has the columns %q, the reader %q", r.name, got, want)
		}
	}
}
