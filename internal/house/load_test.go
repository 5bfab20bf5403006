package house_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A unit is one package with its types, without its test files.
type unit struct {
	dir   string // from the root of the repository
	fset  *token.FileSet
	files []*ast.File
	lines map[string][]string // the text of each file by the name in fset
	info  *types.Info
	pkg   *types.Package
}

// A finding is a place that breaks a rule.
type finding struct {
	pos token.Pos
	msg string
}

// String gives a finding as file:line: message, the file from the root of the repository.
func (u *unit) String(f finding) string {
	at := u.fset.Position(f.pos)
	if rel, err := filepath.Rel(root, at.Filename); err == nil {
		at.Filename = rel
	}
	return fmt.Sprintf("%s:%d: %s", at.Filename, at.Line, f.msg)
}

// marker returns what follows mark on the line of pos.
func (u *unit) marker(pos token.Pos, mark string) (text string, ok bool) {
	at := u.fset.Position(pos)
	_, text, ok = strings.Cut(u.lines[at.Filename][at.Line-1], mark)
	return strings.TrimSpace(text), ok
}

// listed is what the go command says of a package.
type listed struct {
	ImportPath, Export string
	GoFiles            []string
	Standard           bool
	Error              *struct{ Err string }
}

// A loader type-checks packages of this module and small programs against compiled dependencies.
type loader struct {
	packages []listed // all of the module and their dependencies
	fset     *token.FileSet
	importer types.Importer
}

// samplesImport is what the programs that break a rule may import, beside what the module does.
var samplesImport = []string{
	"context", "encoding/json", "errors", "fmt", "iter", "maps", "math", "math/big", "math/rand/v2", "os", "reflect", "regexp",
	"slices", "sort", "strings", "sync", "time", decimalPath, module + "/internal/problem",
}

// load asks the go command for the packages and for the compiled types of all that they import, once for all tests.
var load = sync.OnceValues(func() (*loader, error) {
	args := []string{"list", "-e", "-deps", "-export", "-json=ImportPath,Export,GoFiles,Standard,Error", "./..."}
	cmd := exec.Command("go", append(args, samplesImport...)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.Bytes())
	}
	l := &loader{fset: token.NewFileSet()}
	exports := map[string]string{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		l.packages = append(l.packages, p)
		exports[p.ImportPath] = p.Export
	}
	l.importer = importer.ForCompiler(l.fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no compiled package %q", path)
		}
		return os.Open(exports[path])
	})
	return l, nil
})

// mustLoad returns the loader or ends the test.
func mustLoad(t *testing.T) *loader {
	t.Helper()
	l, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// check type-checks one package from the text of its files.
func (l *loader) check(dir string, sources map[string][]byte) (*unit, error) {
	u := &unit{dir: dir, fset: l.fset, lines: map[string][]string{}}
	names := make([]string, 0, len(sources))
	for name := range sources {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f, err := parser.ParseFile(l.fset, name, sources[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		u.files = append(u.files, f)
		u.lines[name] = strings.Split(string(sources[name]), "\n")
	}
	u.info = &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	config := types.Config{Importer: l.importer}
	pkg, err := config.Check(module+"/"+dir, l.fset, u.files, u.info)
	u.pkg = pkg
	return u, err
}

// units type-checks the packages of the module whose folder is wanted. A package that does not compile fails the test.
func units(t *testing.T, wanted func(dir string) bool) []*unit {
	t.Helper()
	mustTree(t) // what is read there decides whether a stored test result is still good
	l := mustLoad(t)
	var us []*unit
	for _, p := range l.packages {
		dir, ours := dirOf(p.ImportPath)
		if !ours || !wanted(dir) {
			continue
		}
		sources := map[string][]byte{}
		for _, name := range p.GoFiles {
			name = filepath.Join(root, dir, name)
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sources[name] = b
		}
		u, err := l.check(dir, sources)
		if err != nil {
			t.Errorf("%s does not compile: %v", dir, err)
			continue
		}
		us = append(us, u)
	}
	if len(us) == 0 {
		t.Error("no package found")
	}
	return us
}
