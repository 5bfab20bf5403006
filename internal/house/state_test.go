package house_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// pureConstructors may give a package-level variable its value: they compute it from their arguments alone.
var pureConstructors = []string{
	"errors.New", "regexp.MustCompile", "strings.NewReplacer", "math.Inf", "math.NaN", "math.Sqrt", "math/big.NewInt",
	"math/big.NewRat", "reflect.TypeFor", "time.Date", "time.Unix",
	decimalPath + ".New", decimalPath + ".NewFromInt",
}

// immutable types may be shared through a pointer.
var immutable = []string{"*regexp.Regexp", "*strings.Replacer", "*time.Location"}

// packageState reports package-level variables that are not constants in all but name: sentinels made by errors.New, and
// unexported tables that nothing in the package changes or hands out.
func packageState(u *unit) (fs []finding) {
	tables := map[types.Object]bool{}
	for _, file := range u.files {
		for _, decl := range file.Decls {
			g, ok := decl.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				spec := spec.(*ast.ValueSpec)
				for _, name := range spec.Names {
					if name.Name != "_" {
						tables[u.info.Defs[name]] = true
						fs = append(fs, declared(u, name, spec)...)
					}
				}
			}
		}
	}
	for _, file := range u.files {
		inspect(file, func(n ast.Node, up []ast.Node) {
			id, ok := n.(*ast.Ident)
			if !ok || !tables[u.info.Uses[id]] {
				return
			}
			if how := changed(u, id, up); how != "" {
				fs = append(fs, finding{id.Pos(), "the package-level " + id.Name + " " + how})
			}
		})
	}
	return fs
}

// declared reports what is wrong with the declaration of a package-level variable.
func declared(u *unit, name *ast.Ident, spec *ast.ValueSpec) (fs []finding) {
	report := func(msg string) { fs = append(fs, finding{name.Pos(), name.Name + " " + msg}) }
	if len(spec.Values) == 0 {
		report("starts empty: it can only be state")
	}
	if name.IsExported() && !types.Identical(u.info.Defs[name].Type(), types.Universe.Lookup("error").Type()) {
		report("is exported: any importer could set it")
	}
	for _, v := range spec.Values {
		ast.Inspect(v, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if ok && !u.info.Types[call.Fun].IsType() && !slices.Contains(pureConstructors, u.callee(call)) {
				report("is computed at start by " + types.ExprString(call.Fun))
			}
			_, inside := n.(*ast.FuncLit)
			return !inside
		})
	}
	return fs
}

// callee returns the full name of the function that a call names, such as "errors.New" or "len".
func (u *unit) callee(call *ast.CallExpr) string {
	if f := u.calledFunc(call); f != nil {
		return f.FullName()
	}
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if b, ok := u.info.Uses[id].(*types.Builtin); ok {
			return b.Name()
		}
	}
	return ""
}

// calledFunc returns the function or method that a call names, or nil.
func (u *unit) calledFunc(call *ast.CallExpr) *types.Func {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) { // explicit type arguments
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return nil
	}
	f, _ := u.info.Uses[id].(*types.Func)
	if f != nil {
		f = f.Origin()
	}
	return f
}

// changed says how the use of a variable could change what it holds, or "" when the use only reads. up are the
// ancestors of the use.
func changed(u *unit, id *ast.Ident, up []ast.Node) string {
	var e ast.Expr = id // the part of the variable that is used
	for i := len(up) - 1; i >= 0; i-- {
		switch p := up[i].(type) {
		case *ast.ParenExpr:
			e = p
		case *ast.StarExpr:
			e = p
		case *ast.IndexExpr:
			if p.X != e {
				return ""
			}
			e = p
		case *ast.SliceExpr:
			if p.X != e {
				return ""
			}
			e = p
		case *ast.SelectorExpr:
			s := u.info.Selections[p]
			if s == nil || s.Kind() != types.FieldVal {
				return methodUse(u, e, s)
			}
			e = p
		case *ast.UnaryExpr:
			if p.Op == token.AND {
				return "has its address taken"
			}
			return ""
		case *ast.IncDecStmt:
			return "is assigned to"
		case *ast.AssignStmt:
			if slices.Contains(p.Lhs, e) {
				return "is assigned to"
			}
			return shared(u, e)
		case *ast.RangeStmt:
			if p.Key == e || p.Value == e {
				return "is assigned to"
			}
			return ""
		case *ast.CallExpr:
			if p.Fun == e {
				return ""
			}
			if !u.info.Types[p.Fun].IsType() {
				return argumentUse(u, e, p)
			}
			e = p
		case *ast.KeyValueExpr:
			if p.Key == e {
				return ""
			}
			return shared(u, e)
		case *ast.ReturnStmt, *ast.CompositeLit, *ast.ValueSpec, *ast.SendStmt:
			return shared(u, e)
		default:
			return ""
		}
	}
	return ""
}

// methodUse says whether calling a method on e could change it.
func methodUse(u *unit, e ast.Expr, s *types.Selection) string {
	if s == nil || isImmutable(u.info.TypeOf(e)) {
		return ""
	}
	f, ok := s.Obj().(*types.Func)
	if !ok {
		return ""
	}
	if _, pointer := f.Signature().Recv().Type().(*types.Pointer); pointer {
		return "could be changed by " + f.Name() + ", which has a pointer receiver"
	}
	return ""
}

// argumentUse says whether passing e to a function could change it. The functions of this package are read for it.
func argumentUse(u *unit, e ast.Expr, call *ast.CallExpr) string {
	i := slices.Index(call.Args, e)
	switch name := u.callee(call); name {
	case "len", "cap", "min", "max", "print":
		return ""
	case "append", "copy":
		if i == 0 {
			return "is changed by " + name
		}
		return ""
	case "clear", "delete", "slices.Sort", "slices.SortFunc", "slices.SortStableFunc", "slices.Reverse", "slices.Delete",
		"slices.DeleteFunc", "slices.Insert", "slices.Replace", "slices.Compact", "slices.CompactFunc", "maps.DeleteFunc",
		"maps.Copy", "maps.Insert":
		return "is changed by " + name
	}
	f := u.calledFunc(call)
	if f == nil || f.Pkg() == nil {
		return shared(u, e)
	}
	switch f.Pkg().Path() {
	case "slices", "maps", "strings", "bytes", "fmt", "errors", "math/big": // read their arguments; the exceptions are above
		return ""
	}
	if f.Pkg() != u.pkg || shared(u, e) == "" {
		return shared(u, e)
	}
	param := f.Signature().Params().At(min(i, f.Signature().Params().Len()-1))
	how := ""
	for _, file := range u.files {
		inspect(file, func(n ast.Node, up []ast.Node) {
			if id, ok := n.(*ast.Ident); ok && u.info.Uses[id] == param && !recursive(u, f, up) && how == "" {
				how = changed(u, id, up)
			}
		})
	}
	if how != "" {
		return "goes to " + f.Name() + ", where it " + how
	}
	return ""
}

// recursive reports whether the nodes lie in a call of f within f.
func recursive(u *unit, f *types.Func, up []ast.Node) bool {
	return slices.ContainsFunc(up, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		return ok && u.calledFunc(call) == f
	})
}

// shared says whether a copy of e lets its holder change what e holds.
func shared(u *unit, e ast.Expr) string {
	t := u.info.TypeOf(e)
	if isImmutable(t) {
		return ""
	}
	switch t.Underlying().(type) {
	case *types.Map, *types.Slice, *types.Pointer, *types.Chan:
		return "is handed out: whoever gets it could change it"
	}
	return ""
}

func isImmutable(t types.Type) bool { return slices.Contains(immutable, types.TypeString(t, nil)) }
