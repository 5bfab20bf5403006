package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// foreign are expressions that don't belong in the project, each with the reason. They are put together from pieces, so
// that this file does not hold them.
var foreign = map[string]string{
	`proxy\.` + `golang\.org|sum\.` + `golang\.org|goproxy\.` + `(io|cn)`:                                        "name no host of a registry: the host's settings choose it",
	`registry\.np` + `mjs|npm` + `js\.(com|org)|pypi\.` + `org`:                                                  "name no host of a registry: the host's settings choose it",
	`(deb|security|ftp)\.` + `debian\.org|archive\.` + `ubuntu\.com`:                                             "name no host of a registry: the host's settings choose it",
	`/wo` + `rk/|/fa` + `rm/|/tmp/re` + `search|/tmp/te` + `am|\.lib` + `rary`:                                   "a path of one machine means nothing on another",
	`(?i)\bissue #` + `?[0-9]+|\bthis ses` + `sion\b`:                                                            "the text must be clear without its history",
	`\bTO` + `DO\b|\bFIX` + `ME\b|// XX` + `X\b|\bXX` + `X:`:                                                     "finish it, or write down what is missing where readers look for it",
	`(?i)\bnot imple` + `mented|\bunimple` + `mented|\bplace` + `holder|\bcoming ` + `soon|panic\("un` + `built`: "finish it, or leave it out",
}

// TestWords looks for what does not belong in any text of the repository.
func TestWords(t *testing.T) {
	texts := mustTree(t).texts
	for _, name := range []string{"README.md", ".ci/run", "doc.go"} {
		if !slices.Contains(texts, name) {
			t.Errorf("%s is not among the texts", name)
		}
	}
	for expr, reason := range foreign {
		re := regexp.MustCompile(expr)
		for _, name := range texts {
			for i, line := range strings.Split(read(t, name), "\n") {
				if word := re.FindString(line); word != "" {
					t.Errorf("%s:%d: %q: %s", name, i+1, word, reason)
				}
			}
		}
	}
}

// TestForeignBites gives each expression a line that it must find, and the right words none.
func TestForeignBites(t *testing.T) {
	bad := []string{
		"GOPROXY=https://proxy." + "golang.org", "npm --registry registry.np" + "mjs.org", "deb http://deb." + "debian.org",
		"see /wo" + "rk/shared", "fixes iss" + "ue #12", "// TO" + "DO: later", "a place" + "holder value", "panic(\"un" + "built\")",
		"// XX" + "X",
	}
	found := func(line string) bool {
		for expr := range foreign {
			if regexp.MustCompile(expr).MatchString(line) {
				return true
			}
		}
		return false
	}
	for _, line := range bad {
		if !found(line) {
			t.Errorf("nothing finds %q", line)
		}
	}
	for _, line := range []string{"issue a refund within 30 days", "the paths of the framework/runtime", "XX" + "X is no currency"} {
		if found(line) {
			t.Errorf("a plain line is found: %q", line)
		}
	}
}

// longFiles may have more than 450 lines, each for a reason.
var longFiles = map[string]string{}

func TestFileSizes(t *testing.T) {
	for _, name := range mustTree(t).texts {
		lines := strings.Count(read(t, name), "\n")
		if lines > 450 && longFiles[name] == "" && !strings.HasSuffix(name, ".md") {
			t.Errorf("%s has %d lines; a file has one idea and at most 450", name, lines)
		}
		if lines <= 450 && longFiles[name] != "" {
			t.Errorf("%s is excepted from the limit and is not that long", name)
		}
	}
}

// TestReadme compares the first Go block of README.md with the first example of package health.
func TestReadme(t *testing.T) {
	text := read(t, "README.md")
	_, rest, ok := strings.Cut(text, "```go\n")
	if !ok {
		t.Fatal("README.md has no Go block")
	}
	block, _, _ := strings.Cut(rest, "```")
	body, err := firstExample(read(t, "health/example_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	if body == "" {
		t.Fatal("health/example_test.go has no example")
	}
	if !strings.Contains(block, outputMark) { // it may leave the output out
		body, _, _ = strings.Cut(body, "\n"+outputMark)
	}
	if diff := cmp.Diff(strings.Split(body, "\n"), strings.Split(block, "\n")); diff != "" {
		t.Errorf("the first Go block of README.md is not the first example of health/example_test.go (-example +README):\n%s", diff)
	}
}

const outputMark = "// Output:"

// firstExample returns the body of the first function Example… of a test file, one indent less.
func firstExample(source string) (string, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", source, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	for _, decl := range f.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(fn.Name.Name, "Example") {
			continue
		}
		body := source[fset.Position(fn.Body.Lbrace).Offset+1 : fset.Position(fn.Body.Rbrace).Offset]
		lines := strings.Split(strings.TrimSpace(body), "\n")
		for i := range lines {
			lines[i] = strings.TrimPrefix(lines[i], "\t")
		}
		return strings.Join(lines, "\n") + "\n", nil
	}
	return "", nil
}

func TestFirstExample(t *testing.T) {
	got, err := firstExample("package p\n\nfunc helper() {}\n\nfunc Example_start() {\n\tif x {\n\t\ty() // z\n\t}\n\n\t// Output:\n\t// 3\n}\n\nfunc Example() {}\n")
	if want := "if x {\n\ty() // z\n}\n\n// Output:\n// 3\n"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
