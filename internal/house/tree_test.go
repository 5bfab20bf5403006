package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const (
	root   = "../.." // the repository, seen from this package's folder
	module = "github.com/customersuccess-go/customersuccess"
)

// five are the rooms of the house. What holds for one holds for its subpackages.
var five = []string{"health", "journey", "outcome", "segment", "ladder"}

// support packages serve tests alone: they may read files and take a *testing.T.
var support = []string{"internal/conform", "internal/golden", "internal/house", "internal/portable", "internal/refdata"}

// family returns the one of the five that the folder dir belongs to, or "".
func family(dir string) string {
	first, _, _ := strings.Cut(dir, "/")
	if slices.Contains(five, first) {
		return first
	}
	return ""
}

// isSuite reports whether dir is a conformance suite, such as health/healthtest. A suite bears the name of the package
// whose stores it tests (health/backtest is none).
func isSuite(dir string) bool {
	of, ok := strings.CutSuffix(path.Base(dir), "test")
	return ok && family(dir) != "" && (slices.Contains(five, of) || of == "engagement")
}

// isLibrary reports whether dir is code that a host links: one of the five or a subpackage, but no suite.
func isLibrary(dir string) bool { return family(dir) != "" && !isSuite(dir) }

// isPublic reports whether dir is a package that others import.
func isPublic(dir string) bool { return dir == "." || family(dir) != "" }

func isSupport(dir string) bool { return slices.Contains(support, dir) }

// isCore reports whether the rules of determinism hold in dir: all that computes.
func isCore(dir string) bool {
	return isLibrary(dir) || strings.HasPrefix(dir, "internal/") && !isSupport(dir)
}

// dirOf returns the folder of an import path of this module.
func dirOf(importPath string) (dir string, ours bool) {
	if importPath == module {
		return ".", true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// isStandard reports whether an import path is the standard library's: its first element has no dot.
func isStandard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

// A goFile is one Go file of the root module.
type goFile struct {
	path    string // from the root, with slashes
	dir     string // its folder, "." for the root
	test    bool   // its name ends in _test.go
	imports []string
}

// A repository is what the checks of files look at.
type repository struct {
	texts   []string // every .go and .md file and all of .ci, nested modules included
	goFiles []goFile // the Go files of the root module
	modules []string // folders of the nested modules
}

// tree reads the repository, once for all tests.
var tree = sync.OnceValues(func() (t repository, err error) {
	nested := func(dir string) bool {
		return slices.ContainsFunc(t.modules, func(m string) bool { return dir == m || strings.HasPrefix(dir, m+"/") })
	}
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			base := d.Name()
			if rel != "." && rel != ".ci" && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules") {
				return filepath.SkipDir
			}
			if _, err := os.Stat(filepath.Join(name, "go.mod")); rel != "." && err == nil {
				t.modules = append(t.modules, rel)
			}
			return nil
		}
		dir, isGo := path.Dir(rel), strings.HasSuffix(rel, ".go")
		if isGo || strings.HasSuffix(rel, ".md") || dir == ".ci" {
			t.texts = append(t.texts, rel)
		}
		if !isGo || nested(dir) {
			return nil
		}
		f := goFile{path: rel, dir: dir, test: strings.HasSuffix(rel, "_test.go")}
		syntax, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range syntax.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, p)
		}
		t.goFiles = append(t.goFiles, f)
		return nil
	})
	return t, err
})

// mustTree returns the repository or ends the test.
func mustTree(t *testing.T) repository {
	t.Helper()
	r, err := tree()
	if err != nil {
		t.Fatal(err)
	}
	if len(r.goFiles) == 0 {
		t.Fatal("no Go file found")
	}
	return r
}

// read returns the text of a file of the repository.
func read(t *testing.T, rel string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, rel))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// inspect calls f for each node below n with the node's ancestors, the nearest one last.
func inspect(n ast.Node, f func(n ast.Node, up []ast.Node)) {
	var up []ast.Node
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil {
			up = up[:len(up)-1]
			return true
		}
		f(n, up)
		up = append(up, n)
		return true
	})
}
