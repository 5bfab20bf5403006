package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// recorder is a test that notes what it is told instead of failing.
type recorder struct {
	testing.TB
	said  string
	fatal bool
}

func (r *recorder) Helper()      {}
func (r *recorder) Name() string { return "TestThing" }

func (r *recorder) Errorf(format string, args ...any) { r.said += fmt.Sprintf(format, args...) }

func (r *recorder) Fatalf(format string, args ...any) {
	r.fatal = true
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Fatal(args ...any) { r.Fatalf("%s", fmt.Sprint(args...)) }

// record runs Check as a test of its own.
func record(path, got string) *recorder {
	var r recorder
	done := make(chan struct{})
	go func() {
		defer close(done)
		Check(&r, path, []byte(got))
	}()
	<-done
	return &r
}

func setUpdate(t *testing.T, on bool) {
	was := *update
	*update = on
	t.Cleanup(func() { *update = was })
}

func TestCheck(t *testing.T) {
	path := filepath.Join(t.TempDir(), "testdata", "a.txt")
	setUpdate(t, false)
	r := record(path, "x")
	if !r.fatal || !strings.Contains(r.said, "a.txt") || !strings.Contains(r.said, "go test -run '^TestThing$' . -update") {
		t.Errorf("no file: fatal %v, %q", r.fatal, r.said)
	}
	*update = true
	if r := record(path, "a\nb\nc\n"); r.said != "" {
		t.Fatalf("update said %q", r.said)
	}
	*update = false
	if got, err := os.ReadFile(path); err != nil || string(got) != "a\nb\nc\n" {
		t.Errorf("wrote %q, %v", got, err)
	}
	if r := record(path, "a\nb\nc\n"); r.said != "" {
		t.Errorf("equal text: %q", r.said)
	}
	r = record(path, "a\nB\nc\n")
	want := path + " differs (-want +got):\n-    2  b\n+    2  B\nto accept this run: go test -run '^TestThing$' . -update"
	if r.fatal || r.said != want {
		t.Errorf("got\n%s\nwant\n%s", r.said, want)
	}
	*update = true
	if r := record(filepath.Join(path, "below a file"), "x"); !r.fatal {
		t.Error("a file that can't be written passed")
	}
}

func TestDiff(t *testing.T) {
	for name, tc := range map[string]struct{ want, got, diff string }{
		"inserted":       {"a\nc\n", "a\nb\nc\n", "+    2  b\n"},
		"removed":        {"a\nb\nc\n", "a\nc\n", "-    2  b\n"},
		"two places":     {"a\nb\nc\nd\ne\n", "A\nb\nc\nd\nE\n", "-    1  a\n+    1  A\n-    5  e\n+    5  E\n"},
		"moved":          {"a\nb\nc\nd\n", "b\nc\nd\na\n", "-    1  a\n+    4  a\n"},
		"end of line":    {"a\nb\n", "a\nb", "-    2  b\n+    2  b (no newline)\n"},
		"empty":          {"", "a\n", "+    1  a\n"},
		"carriage":       {"a\r\n", "a\n", "-    1  a\r\n+    1  a\n"},
		"nothing shared": {"a\nb", "c", "-    1  a\n-    2  b (no newline)\n+    1  c (no newline)\n"},
	} {
		if got := diff(tc.want, tc.got); got != tc.diff {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, tc.diff)
		}
	}
	long := diff(strings.Repeat("a\n", 100), strings.Repeat("b\n", 100))
	if strings.Count(long, "\n") != 61 || !strings.HasSuffix(long, "and 140 more lines\n") {
		t.Errorf("100 lines: %s", long)
	}
}
