// Package golden compares what a test computed with a file that is checked in. It is for tests alone.
package golden

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// update is the one flag of the package; it exists in test binaries only.
var update = flag.Bool("update", false, "write golden files instead of comparing with them")

// Check fails the test unless the file at path holds exactly got, and shows the lines that differ.
// With the flag -update it writes got to the file instead. The path is relative to the package under test.
func Check(t testing.TB, path string, got []byte) {
	t.Helper()
	if *update {
		if err := write(path, got); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; to write it run: go test -run '^%s$' . -update", err, t.Name())
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs (-want +got):\n%sto accept this run: go test -run '^%s$' . -update",
			path, diff(string(want), string(got)), t.Name())
	}
}

func write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

// shown is how many differing lines a message holds.
const shown = 60

// diff lists the lines that only one of the texts has, with their numbers there. A last line without an end differs
// from the same line with one.
func diff(want, got string) string {
	a, b := slices.Collect(strings.Lines(want)), slices.Collect(strings.Lines(got))
	var out strings.Builder
	lines := 0
	show := func(sign byte, number int, line string) {
		if lines++; lines <= shown {
			end := "\n"
			if !strings.HasSuffix(line, "\n") {
				end = " (no newline)\n"
			}
			fmt.Fprintf(&out, "%c%5d  %s%s", sign, number, strings.TrimSuffix(line, "\n"), end)
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		di, dj := resync(a[i:], b[j:])
		for range di {
			show('-', i+1, a[i])
			i++
		}
		for range dj {
			show('+', j+1, b[j])
			j++
		}
		for i < len(a) && j < len(b) && a[i] == b[j] {
			i++
			j++
		}
	}
	if lines > shown {
		fmt.Fprintf(&out, "and %d more lines\n", lines-shown)
	}
	return out.String()
}

// resync returns the fewest lines to leave out of a and b so that what follows begins with the same line in both.
func resync(a, b []string) (di, dj int) {
	first := make(map[string]int)
	for j := len(b) - 1; j >= 0; j-- {
		first[b[j]] = j
	}
	di, dj = len(a), len(b)
	for i, line := range a {
		if i >= di+dj {
			break
		}
		if j, ok := first[line]; ok && i+j < di+dj {
			di, dj = i, j
		}
	}
	return di, dj
}
