package house_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestLinks asks the go command what the library's packages need, through all that they import.
func TestLinks(t *testing.T) {
	for _, dir := range libraryDirs(t) {
		t.Run(dir, func(t *testing.T) {
			out := run(t, root, "go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./"+dir)
			if !slices.Contains(strings.Fields(out), module+"/"+dir) {
				t.Fatalf("the package is not among its dependencies:\n%s", out)
			}
			for _, p := range strings.Fields(out) {
				if _, ours := dirOf(p); !ours && p != decimalPath {
					t.Errorf("links %s", p)
				}
			}
		})
	}
}

// TestHost builds a program of another module that imports every package of the library, and reads from the binary
// which modules are in it.
func TestHost(t *testing.T) {
	host := t.TempDir()
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	var imports strings.Builder
	for _, dir := range libraryDirs(t) {
		fmt.Fprintf(&imports, "import _ %q\n", module+"/"+dir)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(host, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("main.go", "package main\n\n"+imports.String()+"\nfunc main() {}\n")
	write("go.sum", read(t, "go.sum"))
	write("go.mod", fmt.Sprintf("module host.example\n\ngo 1.25.0\n\nrequire %s v0.0.0\n\nreplace %[1]s => %s\n", module, top))
	run(t, host, "go", "build", "-mod=mod", "-o", "host", ".")

	t.Run("binary", func(t *testing.T) {
		var got []string
		for line := range strings.Lines(run(t, host, "go", "version", "-m", "host")) {
			if f := strings.Fields(line); len(f) > 1 && f[0] == "dep" {
				got = append(got, f[1])
			}
		}
		if want := []string{module, decimalPath}; !slices.Equal(got, want) {
			t.Errorf("the binary holds the modules %v, want %v", got, want)
		}
	})
	t.Run("go.mod", func(t *testing.T) {
		mod, err := os.ReadFile(filepath.Join(host, "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for line := range strings.Lines(string(mod)) {
			if strings.Contains(line, "// indirect") {
				got = append(got, strings.Fields(strings.TrimPrefix(line, "require "))[0])
			}
		}
		if want := []string{decimalPath}; !slices.Equal(got, want) {
			t.Errorf("the host's go.mod needs %v besides the library, want %v:\n%s", got, want, mod)
		}
	})
}

// libraryDirs returns the folders of the five and of their subpackages that hold a package, without the suites.
func libraryDirs(t *testing.T) []string {
	t.Helper()
	var dirs []string
	for _, f := range mustTree(t).goFiles {
		if isLibrary(f.dir) && !f.test && !slices.Contains(dirs, f.dir) {
			dirs = append(dirs, f.dir)
		}
	}
	for _, name := range five {
		if !slices.Contains(dirs, name) {
			t.Errorf("there is no package %s", name)
		}
	}
	return dirs
}

// run returns what a program prints, or ends the test with what it printed when it failed.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, &stdout, &stderr)
	}
	return stdout.String()
}
