package house_test

import (
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/golden"
)

// TestAPI compares the exported API of each package with its golden text in api/, one line for each feature, so that a
// change of the API is seen in review. It writes the text instead with -update.
func TestAPI(t *testing.T) {
	file := func(dir string) string { return strings.ReplaceAll(dir, "/", "_") + ".txt" }
	for _, u := range units(t, isPublic) {
		if u.dir == "." {
			if lines := features(u.pkg); len(lines) > 0 {
				t.Errorf("the root package exports nothing, by its own word, and yet:\n%s", strings.Join(lines, "\n"))
			}
			continue
		}
		t.Run(u.dir, func(t *testing.T) {
			golden.Check(t, filepath.Join(root, "api", file(u.dir)), []byte(strings.Join(features(u.pkg), "\n")+"\n"))
		})
	}
	files, err := os.ReadDir(filepath.Join(root, "api"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !slices.ContainsFunc(mustTree(t).goFiles, func(g goFile) bool { return isPublic(g.dir) && file(g.dir) == f.Name() }) {
			t.Errorf("api/%s belongs to no package: delete it", f.Name())
		}
	}
}

// features returns what a package exports, sorted. Fields have their tags and constants their values, since both are
// part of the wire form.
func features(pkg *types.Package) []string {
	p := printer{pkg: pkg}
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			p.object(obj)
		}
	}
	slices.Sort(p.lines)
	return p.lines
}

type printer struct {
	pkg   *types.Package
	lines []string
}

func (p *printer) add(format string, args ...any) {
	p.lines = append(p.lines, fmt.Sprintf(format, args...))
}

func (p *printer) object(obj types.Object) {
	switch obj := obj.(type) {
	case *types.Const:
		p.add("const %s %s = %s", obj.Name(), p.text(obj.Type()), obj.Val().ExactString())
	case *types.Var:
		p.add("var %s %s", obj.Name(), p.text(obj.Type()))
	case *types.Func:
		p.add("func %s%s", obj.Name(), p.signature(obj.Signature()))
	case *types.TypeName:
		p.typeName(obj)
	}
}

func (p *printer) typeName(tn *types.TypeName) {
	if tn.IsAlias() {
		p.add("type %s = %s", tn.Name(), p.text(types.Unalias(tn.Type())))
		return
	}
	named := tn.Type().(*types.Named)
	head := "type " + tn.Name() + p.typeParams(named.TypeParams())
	switch t := named.Underlying().(type) {
	case *types.Struct:
		p.add("%s struct", head)
		for i := range t.NumFields() {
			f := t.Field(i)
			if !f.Exported() {
				continue
			}
			name, tag := f.Name()+" ", ""
			if f.Embedded() {
				name = "embedded "
			}
			if t.Tag(i) != "" {
				tag = " `" + t.Tag(i) + "`"
			}
			p.add("%s struct, %s%s%s", head, name, p.text(f.Type()), tag)
		}
	case *types.Interface:
		p.add("%s interface", head)
		for m := range t.Methods() {
			p.add("%s interface, %s%s", head, m.Name(), p.signature(m.Signature()))
		}
	default:
		p.add("%s %s", head, p.text(t))
	}
	if types.IsInterface(named) {
		return
	}
	value := types.NewMethodSet(named)
	for m := range types.NewMethodSet(types.NewPointer(named)).Methods() {
		if !m.Obj().Exported() {
			continue
		}
		star := "*"
		if value.Lookup(p.pkg, m.Obj().Name()) != nil {
			star = ""
		}
		p.add("method (%s%s) %s%s", star, tn.Name(), m.Obj().Name(), p.signature(m.Type().(*types.Signature)))
	}
}

// signature returns parameters and results by type alone: their names may change.
func (p *printer) signature(s *types.Signature) string {
	tuple := func(vars *types.Tuple, variadic bool) string {
		var out []string
		for v := range vars.Variables() {
			out = append(out, p.text(v.Type()))
		}
		if variadic {
			last := vars.At(vars.Len() - 1).Type().(*types.Slice)
			out[len(out)-1] = "..." + p.text(last.Elem())
		}
		return strings.Join(out, ", ")
	}
	text := p.typeParams(s.TypeParams()) + "(" + tuple(s.Params(), s.Variadic()) + ")"
	switch s.Results().Len() {
	case 0:
		return text
	case 1:
		return text + " " + tuple(s.Results(), false)
	}
	return text + " (" + tuple(s.Results(), false) + ")"
}

func (p *printer) typeParams(list *types.TypeParamList) string {
	var out []string
	for tp := range list.TypeParams() {
		out = append(out, tp.Obj().Name()+" "+p.text(tp.Constraint()))
	}
	if out == nil {
		return ""
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// text returns a type as the package's own source would write it, function types without parameter names.
func (p *printer) text(t types.Type) string {
	switch t := t.(type) {
	case *types.Signature:
		return "func" + p.signature(t)
	case *types.Slice:
		return "[]" + p.text(t.Elem())
	case *types.Pointer:
		return "*" + p.text(t.Elem())
	case *types.Map:
		return "map[" + p.text(t.Key()) + "]" + p.text(t.Elem())
	}
	return types.TypeString(t, func(other *types.Package) string {
		if other == p.pkg {
			return ""
		}
		return other.Name()
	})
}

// TestFeatures shows the text of each kind of feature.
func TestFeatures(t *testing.T) {
	u, err := mustLoad(t).check("health", map[string][]byte{"p.go": []byte(`package health

import (
	"context"
	"iter"
	"time"
)

type Kind string

const Known Kind = "known"

const Limit = 1 << 20

var ErrConflict error

type Model struct{ hidden int }

func (m *Model) Score(in Input, asOf time.Time) (Score, error) { return Score{}, nil }

func (m Model) String() string { return "" }

func (m Model) secret() {}

type Input struct {
	Account string ` + "`json:\"account\"`" + `
	Options
	notes string
}

type Score struct{}

type Options struct {
	Observe func(ctx context.Context, op Kind) (context.Context, func(err error))
}

type History interface {
	Records(ctx context.Context, from, to time.Time) iter.Seq2[Score, error]
}

type Columns map[string][]*float64

func Fold[T any](xs ...T) (n int) { return 0 }

type Old = Score

func unexported() {}
`)})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"const Known Kind = \"known\"",
		"const Limit untyped int = 1048576",
		"func Fold[T any](...T) int",
		"method (*Model) Score(Input, time.Time) (Score, error)",
		"method (Model) String() string",
		"type Columns map[string][]*float64",
		"type History interface",
		"type History interface, Records(context.Context, time.Time, time.Time) iter.Seq2[Score, error]",
		"type Input struct",
		"type Input struct, Account string `json:\"account\"`",
		"type Input struct, embedded Options",
		"type Kind string",
		"type Model struct",
		"type Old = Score",
		"type Options struct",
		"type Options struct, Observe func(context.Context, Kind) (context.Context, func(error))",
		"type Score struct",
		"var ErrConflict error",
	}
	if got := features(u.pkg); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
