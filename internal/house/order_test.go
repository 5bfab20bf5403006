package house_test

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// sorted marks a loop over a map whose order can't be seen, with the reason, on the line of the loop.
const sorted = "//det:sorted"

// mapOrder reports loops over maps and uses of their unordered iterators, but slices.Sorted(maps.Keys(m)) and its like
// and lines that carry the marker and a reason.
func mapOrder(u *unit) (fs []finding) {
	report := func(n ast.Node, msg string) {
		switch why, ok := u.marker(n.Pos(), sorted); {
		case ok && why == "":
			fs = append(fs, finding{n.Pos(), "the marker gives no reason"})
		case !ok:
			fs = append(fs, finding{n.Pos(), msg})
		}
	}
	for _, file := range u.files {
		inspect(file, func(n ast.Node, up []ast.Node) {
			switch n := n.(type) {
			case *ast.RangeStmt:
				if isMap(u.info.TypeOf(n.X)) {
					report(n, "ranges over a map")
				}
			case *ast.CallExpr:
				switch name := u.callee(n); name {
				case "maps.Keys", "maps.Values", "maps.All", "(reflect.Value).MapKeys":
					if !sortedAtOnce(u, n, up) {
						report(n, name+" has no order; sort at once with slices.Sorted")
					}
				case "(*sync.Map).Range", "(reflect.Value).MapRange":
					report(n, name+" has no order")
				}
			}
		})
	}
	return fs
}

// sortedAtOnce reports whether what the call returns goes to a function that sorts what it collects, or into a variable
// that the next statement sorts.
func sortedAtOnce(u *unit, call *ast.CallExpr, up []ast.Node) bool {
	var e ast.Expr = call
	for i := len(up) - 1; i > 0; i-- {
		switch p := up[i].(type) {
		case *ast.CallExpr:
			switch u.callee(p) {
			case "slices.Sorted", "slices.SortedFunc", "slices.SortedStableFunc":
				return p.Args[0] == e
			case "slices.Collect":
				e = p
			default:
				return false
			}
		case *ast.AssignStmt:
			block, ok := up[i-1].(*ast.BlockStmt)
			return ok && len(p.Lhs) == 1 && sortsNext(u, block.List, p)
		default:
			return false
		}
	}
	return false
}

// sortsNext reports whether the statement after assign sorts the variable that assign gives a value.
func sortsNext(u *unit, stmts []ast.Stmt, assign *ast.AssignStmt) bool {
	i := slices.Index(stmts, ast.Stmt(assign))
	if i < 0 || i+1 == len(stmts) {
		return false
	}
	next, ok := stmts[i+1].(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := next.X.(*ast.CallExpr)
	if !ok || !strings.HasPrefix(u.callee(call), "slices.Sort") {
		return false
	}
	return types.ExprString(call.Args[0]) == types.ExprString(assign.Lhs[0])
}

// isMap reports whether t is a map, or a type parameter that could be one.
func isMap(t types.Type) bool {
	if t == nil {
		return false
	}
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		return anyTerm(p, isMap)
	}
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// anyTerm reports whether one of the types that a type parameter's constraint lists satisfies f.
func anyTerm(p *types.TypeParam, f func(types.Type) bool) bool {
	constraint, ok := p.Constraint().Underlying().(*types.Interface)
	return ok && anyEmbedded(constraint, f)
}

func anyEmbedded(constraint *types.Interface, f func(types.Type) bool) bool {
	for e := range constraint.EmbeddedTypes() {
		switch e := e.(type) {
		case *types.Union:
			for term := range e.Terms() {
				if f(term.Type()) {
					return true
				}
			}
		default:
			if inner, ok := e.Underlying().(*types.Interface); ok {
				if anyEmbedded(inner, f) {
					return true
				}
			} else if f(e) {
				return true
			}
		}
	}
	return false
}
