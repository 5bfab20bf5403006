package house_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// nested says what the modules below the root need. One that is not named needs its modules alone.
var nested = map[string]struct {
	heavy bool // downloads or runs too much for every run of the tests
	cgo   bool // needs a C compiler
}{
	"internal/tools":        {heavy: true}, // .ci/run uses its programs
	"internal/bench":        {heavy: true, cgo: true},
	"internal/differential": {heavy: true, cgo: true},
	"examples/batch":        {heavy: true, cgo: true},
}

// TestNestedModules runs the tests of every module below the root, so that "go test ./..." at the root covers the
// house. The heavy ones run when CS_ALL is 1. It skips what the machine can't do; when CI is set that is a failure.
func TestNestedModules(t *testing.T) {
	for _, dir := range mustTree(t).modules {
		t.Run(dir, func(t *testing.T) {
			needs := nested[dir]
			switch {
			case testing.Short():
				t.Skip("-short: tests of nested modules download and build what the root does not need")
			case needs.heavy && os.Getenv("CS_ALL") != "1":
				t.Skip("heavy: set CS_ALL=1 to run it")
			case needs.cgo && !hasCompiler(t):
				lacking(t, "needs cgo and there is no C compiler")
			}
			folder := filepath.Join(root, dir)
			notice(t, folder)
			download := exec.Command("go", "mod", "download")
			download.Dir = folder
			download.Env = append(os.Environ(), "GOWORK=off")
			if out, err := download.CombinedOutput(); err != nil {
				lacking(t, "its modules can't be had: "+string(out))
			}
			run(t, folder, "go", "test", "./...")
		})
	}
}

// lacking skips the test for what the machine lacks, or ends it where everything must be there.
func lacking(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

func hasCompiler(t *testing.T) bool {
	t.Helper()
	cc := strings.Fields(run(t, root, "go", "env", "CC"))
	if len(cc) == 0 || strings.TrimSpace(run(t, root, "go", "env", "CGO_ENABLED")) != "1" {
		return false
	}
	_, err := exec.LookPath(cc[0])
	return err == nil
}

// notice lists every folder below folder, so that the go command runs this test again when a file there has changed.
func notice(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "node_modules" {
			return filepath.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestNestedAreFound fails when the list of needs names a folder that is there and holds no module.
func TestNestedAreFound(t *testing.T) {
	found := mustTree(t).modules
	for dir := range nested {
		if _, err := os.Stat(filepath.Join(root, dir)); err == nil && !slices.Contains(found, dir) {
			t.Errorf("%s is there and is no module", dir)
		}
	}
}

// TestGates holds .ci/run to what stands elsewhere: CONTRIBUTING.md names each step, and the script runs the heavy modules
// that the tests leave out.
func TestGates(t *testing.T) {
	script, guide := read(t, ".ci/run"), read(t, "CONTRIBUTING.md")
	_, rest, _ := strings.Cut(script, "\nsteps=(")
	steps, _, ok := strings.Cut(rest, ")")
	if !ok || len(strings.Fields(steps)) < 10 {
		t.Fatalf(".ci/run has no list of steps: %q", steps)
	}
	for _, step := range strings.Fields(steps) {
		if !strings.Contains(guide, "`"+step+"`") {
			t.Errorf("CONTRIBUTING.md does not name the step %s of .ci/run", step)
		}
		if !strings.Contains(script, "\nstep_"+step+"()") {
			t.Errorf(".ci/run has no function step_%s", step)
		}
	}
	for dir, needs := range nested {
		if needs.heavy && !strings.Contains(script, dir) {
			t.Errorf(".ci/run does not name the heavy module %s", dir)
		}
	}
}
