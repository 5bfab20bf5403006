package house_test

import (
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// clockNames are what package time reads from the machine.
var clockNames = []string{"Now", "Since", "Until", "Local", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// seededNames are what math/rand/v2 offers that takes its randomness from an argument.
var seededNames = []string{"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "Source", "PCG", "ChaCha8", "Zipf"}

// surroundings reports uses of the clock, the environment, the time zone of the machine and unseeded randomness. A
// service may name time.Now as the default of an option, in service.go, without calling it.
func surroundings(u *unit) (fs []finding) {
	for _, file := range u.files {
		inService := filepath.Base(u.fset.Position(file.Pos()).Filename) == "service.go"
		inspect(file, func(n ast.Node, up []ast.Node) {
			id, ok := n.(*ast.Ident)
			if !ok {
				return
			}
			obj := u.info.Uses[id]
			if obj == nil || obj.Pkg() == nil {
				return
			}
			if _, isPackage := obj.(*types.PkgName); isPackage {
				return
			}
			name, top := obj.Name(), obj.Parent() == obj.Pkg().Scope()
			outside := false
			switch obj.Pkg().Path() {
			case "time":
				outside = top && slices.Contains(clockNames, name) || !top && name == "Local"
				if name == "Now" && inService && !called(up) {
					outside = false
				}
			case "math/rand/v2":
				outside = top && !slices.Contains(seededNames, name)
			case "context":
				outside = top && (strings.HasPrefix(name, "WithTimeout") || strings.HasPrefix(name, "WithDeadline"))
			case "os", "runtime", "hash/maphash", "crypto/rand", "math/rand":
				outside = true
			}
			if outside {
				fs = append(fs, finding{id.Pos(), "uses " + obj.Pkg().Path() + "." + name})
			}
		})
	}
	return fs
}

// called reports whether the selector that ends up is called.
func called(up []ast.Node) bool {
	if len(up) < 2 {
		return false
	}
	call, ok := up[len(up)-2].(*ast.CallExpr)
	return ok && call.Fun == up[len(up)-1]
}

// flow reports init functions, goroutines, select statements, recover, and panics outside functions named Must….
func flow(u *unit) (fs []finding) {
	for _, file := range u.files {
		for _, decl := range file.Decls {
			must := false
			if f, ok := decl.(*ast.FuncDecl); ok {
				must = strings.HasPrefix(strings.ToLower(f.Name.Name), "must")
				if f.Recv == nil && f.Name.Name == "init" {
					fs = append(fs, finding{f.Pos(), "init runs before the host asked for anything"})
				}
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.GoStmt:
					fs = append(fs, finding{n.Pos(), "starts a goroutine"})
				case *ast.SelectStmt:
					fs = append(fs, finding{n.Pos(), "select chooses at random"})
				case *ast.CallExpr:
					switch name := u.callee(n); {
					case name == "panic" && !must:
						fs = append(fs, finding{n.Pos(), "panics outside a Must function"})
					case name == "recover":
						fs = append(fs, finding{n.Pos(), "recovers: the cause is lost"})
					case name == decimalPath+".RequireFromString" && !must:
						fs = append(fs, finding{n.Pos(), "RequireFromString panics"})
					}
				}
				return true
			})
		}
	}
	return fs
}
