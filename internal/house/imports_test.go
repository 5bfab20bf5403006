package house_test

import (
	"path"
	"slices"
	"strings"
	"testing"
)

const (
	decimalPath = "github.com/shopspring/decimal"
	cmpPath     = "github.com/google/go-cmp"
	expPath     = "golang.org/x/exp"
)

// under reports whether the import path p is one of roots or below one.
func under(p string, roots ...string) bool {
	return slices.ContainsFunc(roots, func(r string) bool { return p == r || strings.HasPrefix(p, r+"/") })
}

// An edge is one import, as a sample for the rules.
type edge struct{ file, imports string }

// importRules say who may import whom. A rule refuses an import; bad are samples that it must refuse, good ones that
// it must let pass.
var importRules = []struct {
	name, reason string
	refuses      func(f goFile, imported string) bool
	bad, good    []edge
}{
	{
		name:   "the five are independent",
		reason: "a host that uses one links one; they meet in the host through the standard library's types",
		refuses: func(f goFile, imported string) bool {
			to, ours := dirOf(imported)
			return ours && family(f.dir) != "" && family(to) != "" && family(f.dir) != family(to)
		},
		bad: []edge{
			{"health/model.go", module + "/journey"},
			{"health/survey/nps.go", module + "/outcome/timetovalue"},
			{"ladder/ladder_test.go", module + "/health"},
		},
		good: []edge{{"examples/portfolio/main.go", module + "/health"}, {"health/model.go", module + "/internal/grid"}},
	},
	{
		name:   "no sibling",
		reason: "each subpackage is of use without the others; only the suites see the whole family",
		refuses: func(f goFile, imported string) bool {
			to, ours := dirOf(imported)
			return ours && isLibrary(f.dir) && family(f.dir) == family(to) && strings.Contains(f.dir, "/") &&
				strings.Contains(to, "/") && f.dir != to && !(f.test && isSuite(to))
		},
		bad: []edge{{"health/backtest/trial.go", module + "/health/survey"}, {"segment/rfm/rfm_test.go", module + "/segment/cluster"}},
		good: []edge{
			{"health/backtest/trial.go", module + "/health"},
			{"segment/segmenttest/touches.go", module + "/segment/engagement"},
			{"segment/engagement/memory_test.go", module + "/segment/engagementtest"},
		},
	},
	{
		name:   "a parent does not know its subpackages",
		reason: "what is on top would link everything; its tests may run the suite",
		refuses: func(f goFile, imported string) bool {
			to, ours := dirOf(imported)
			return ours && slices.Contains(five, f.dir) && strings.HasPrefix(to, f.dir+"/") && !(f.test && isSuite(to))
		},
		bad:  []edge{{"health/service.go", module + "/health/backtest"}, {"health/store.go", module + "/health/healthtest"}},
		good: []edge{{"health/memory_test.go", module + "/health/healthtest"}},
	},
	{
		name:   "suites serve tests",
		reason: "a suite links testing, and a host's binary must not",
		refuses: func(f goFile, imported string) bool {
			to, ours := dirOf(imported)
			return ours && isSuite(to) && !f.test && !isSuite(f.dir) && !isSupport(f.dir)
		},
		bad:  []edge{{"segment/engagement/service.go", module + "/segment/segmenttest"}, {"examples/lab/main.go", module + "/health/healthtest"}},
		good: []edge{{"examples/filestore/store_test.go", module + "/health/healthtest"}},
	},
	{
		name:   "internal knows none of the five",
		reason: "it is below them: knowing one would couple the others to it",
		refuses: func(f goFile, imported string) bool {
			to, ours := dirOf(imported)
			return ours && strings.HasPrefix(f.dir, "internal/") && !isSupport(f.dir) && family(to) != ""
		},
		bad:  []edge{{"internal/canon/canon.go", module + "/health"}},
		good: []edge{{"internal/portable/portable_test.go", module + "/health"}, {"internal/canon/canon.go", module + "/internal/instant"}},
	},
	{
		name:   "the library links the standard library and decimal",
		reason: "a dependency is something that every host must audit and keep current",
		refuses: func(f goFile, imported string) bool {
			_, ours := dirOf(imported)
			return !f.test && !ours && !isStandard(imported) && imported != decimalPath
		},
		bad: []edge{
			{"health/model.go", "example.org/stats"},
			{"internal/money/money.go", expPath + "/constraints"},
			{"examples/portfolio/main.go", cmpPath + "/cmp"},
			{"health/healthtest/history.go", cmpPath + "/cmp"},
			{"examples/portfolio/main.go", "example.org/plot"},
		},
		good: []edge{{"ladder/value.go", decimalPath}, {"health/model.go", "math"}},
	},
	{
		name:   "tests need only go-cmp and x/exp",
		reason: "whoever runs the tests of the root module downloads three modules",
		refuses: func(f goFile, imported string) bool {
			_, ours := dirOf(imported)
			return f.test && !ours && !isStandard(imported) && imported != decimalPath && !under(imported, cmpPath, expPath)
		},
		bad:  []edge{{"health/model_test.go", "example.org/assert"}},
		good: []edge{{"health/model_test.go", cmpPath + "/cmp"}, {"health/backtest/auc_test.go", expPath + "/stats"}},
	},
	{
		name:   "testing stays in tests and suites",
		reason: "it registers flags in the program that links it",
		refuses: func(f goFile, imported string) bool {
			return under(imported, "testing") && !f.test && !isSuite(f.dir) && !isSupport(f.dir)
		},
		bad:  []edge{{"health/store.go", "testing"}, {"internal/grid/grid.go", "testing/quick"}, {"examples/portfolio/main.go", "testing"}},
		good: []edge{{"health/healthtest/history.go", "testing"}, {"internal/conform/run.go", "testing"}, {"health/model_test.go", "testing"}},
	},
	{
		name:   "the library does no input or output",
		reason: "it computes; the host stores, schedules, sends and shows, and nothing outside the input can change a result",
		refuses: func(f goFile, imported string) bool {
			return isCore(f.dir) && !f.test && under(imported, "net", "os", "log", "syscall", "unsafe", "plugin", "flag",
				"runtime", "expvar", "embed", "time/tzdata", "C")
		},
		bad: []edge{
			{"health/service.go", "net/http"}, {"health/service.go", "os"}, {"journey/service.go", "log/slog"},
			{"internal/canon/canon.go", "unsafe"}, {"health/model.go", "time/tzdata"}, {"health/model.go", "C"},
		},
		good: []edge{{"examples/portfolio/main.go", "os"}, {"health/model_test.go", "os"}, {"internal/golden/golden.go", "os"}},
	},
	{
		name:   "randomness is seeded",
		reason: "the first math/rand and crypto/rand can't be replayed; math/rand/v2 with a source can",
		refuses: func(f goFile, imported string) bool {
			return imported == "math/rand" || imported == "crypto/rand" && isCore(f.dir) && !f.test
		},
		bad:  []edge{{"segment/experiment/assign.go", "crypto/rand"}, {"health/model_test.go", "math/rand"}},
		good: []edge{{"segment/experiment/assign.go", "math/rand/v2"}},
	},
	{
		name:   "no reflection outside internal",
		reason: "it is slow, and hides from the compiler what is read",
		refuses: func(f goFile, imported string) bool {
			return isLibrary(f.dir) && !f.test && imported == "reflect"
		},
		bad:  []edge{{"health/definition.go", "reflect"}},
		good: []edge{{"internal/canon/decode.go", "reflect"}, {"health/model_test.go", "reflect"}},
	},
}

func TestImports(t *testing.T) {
	for _, rule := range importRules {
		t.Run(rule.name, func(t *testing.T) {
			file := func(e edge) goFile {
				return goFile{path: e.file, dir: path.Dir(e.file), test: strings.HasSuffix(e.file, "_test.go")}
			}
			for _, e := range rule.bad {
				if !rule.refuses(file(e), e.imports) {
					t.Errorf("the rule lets %s import %s", e.file, e.imports)
				}
			}
			for _, e := range rule.good {
				if rule.refuses(file(e), e.imports) {
					t.Errorf("the rule does not let %s import %s", e.file, e.imports)
				}
			}
			for _, f := range mustTree(t).goFiles {
				for _, p := range f.imports {
					if rule.refuses(f, p) {
						t.Errorf("%s imports %s: %s", f.path, p, rule.reason)
					}
				}
			}
		})
	}
}

// TestSupport fails when a package that the import rules except is no more, so that the exception goes with it.
func TestSupport(t *testing.T) {
	for _, dir := range support {
		if !slices.ContainsFunc(mustTree(t).goFiles, func(f goFile) bool { return f.dir == dir }) {
			t.Errorf("%s is listed as support and holds no Go file", dir)
		}
	}
}
