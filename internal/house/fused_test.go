package house_test

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"slices"
)

// fusedProducts reports sums of floats with an operand that is a product not yet rounded by a conversion. The compiler
// may fuse the two, on arm64 and others, also when the product went through a variable, a field, an argument or a
// result on its way ("possibly across statements", The Go Programming Language Specification, Floating-point operators).
func fusedProducts(u *unit) (fs []finding) {
	p := products{u: u, carriers: map[types.Object]token.Pos{}}
	for p.grown = true; p.grown; { // until nothing new carries a product
		p.grown = false
		for _, file := range u.files {
			inspect(file, p.carry)
		}
	}
	for _, file := range u.files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if (n.Op == token.ADD || n.Op == token.SUB) && p.isFloat(n) {
					fs = append(fs, p.operand(n.X)...)
					fs = append(fs, p.operand(n.Y)...)
				}
			case *ast.AssignStmt:
				if (n.Tok == token.ADD_ASSIGN || n.Tok == token.SUB_ASSIGN) && p.isFloat(n.Lhs[0]) {
					fs = append(fs, p.operand(n.Lhs[0])...)
					fs = append(fs, p.operand(n.Rhs[0])...)
				}
			}
			return true
		})
	}
	return fs
}

// products knows the variables, fields, parameters and functions of a package that hold an unrounded product.
type products struct {
	u        *unit
	carriers map[types.Object]token.Pos // from where on in the source they may
	grown    bool
}

func (p *products) add(obj types.Object, from token.Pos) {
	if obj == nil || obj.Pkg() != p.u.pkg {
		return
	}
	if at, ok := p.carriers[obj]; !ok || from < at {
		p.carriers[obj], p.grown = from, true
	}
}

// assign notes that n, an assignment below the nodes up, gives obj a product. A local variable holds it from there on,
// or, in a loop, from where the outermost loop begins. Fields and variables of closures may hold it anywhere.
func (p *products) assign(obj types.Object, n ast.Node, up []ast.Node) {
	from := n.End()
	for i := len(up) - 1; i >= 0; i-- {
		switch up[i].(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			from = up[i].Pos()
		case *ast.FuncLit:
			from = token.NoPos
		}
	}
	if v, ok := obj.(*types.Var); ok && (v.IsField() || v.Parent() == p.u.pkg.Scope()) {
		from = token.NoPos
	}
	p.add(obj, from)
}

// carry notes where a node puts a product.
func (p *products) carry(n ast.Node, up []ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok == token.MUL_ASSIGN && p.isFloat(n.Lhs[0]) {
			p.assign(p.object(n.Lhs[0]), n, up)
		}
		if len(n.Lhs) == len(n.Rhs) && (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) {
			for i, e := range n.Rhs {
				if p.isProduct(e) {
					p.assign(p.object(n.Lhs[i]), n, up)
				}
			}
		}
	case *ast.ValueSpec:
		for i, e := range n.Values {
			if len(n.Names) == len(n.Values) && p.isProduct(e) {
				p.assign(p.u.info.Defs[n.Names[i]], n, up)
			}
		}
	case *ast.ReturnStmt:
		if len(n.Results) != 1 || !p.isProduct(n.Results[0]) {
			return
		}
		for i := len(up) - 1; i >= 0; i-- {
			if _, closure := up[i].(*ast.FuncLit); closure {
				return
			}
			if f, ok := up[i].(*ast.FuncDecl); ok {
				p.add(p.u.info.Defs[f.Name], token.NoPos)
			}
		}
	case *ast.CompositeLit:
		p.carryFields(n)
	case *ast.CallExpr:
		f := p.u.calledFunc(n)
		if f == nil || f.Signature().Variadic() {
			return
		}
		for i, e := range n.Args {
			if i < f.Signature().Params().Len() && p.isProduct(e) {
				p.add(f.Signature().Params().At(i), token.NoPos)
			}
		}
	}
}

// carryFields notes the fields of a struct literal that hold a product.
func (p *products) carryFields(lit *ast.CompositeLit) {
	s, ok := p.u.info.TypeOf(lit).Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok && p.isProduct(kv.Value) {
				p.add(p.u.info.Uses[key], token.NoPos)
			}
		} else if p.isProduct(e) {
			p.add(s.Field(i), token.NoPos)
		}
	}
}

// operand reports e, an operand of a sum, when it is a product.
func (p *products) operand(e ast.Expr) []finding {
	if !p.isProduct(e) {
		return nil
	}
	return []finding{{e.Pos(), "write the product that feeds this sum as float64(a*b): " + types.ExprString(e)}}
}

// isProduct reports whether e is a float product that no conversion has rounded.
func (p *products) isProduct(e ast.Expr) bool {
	if !p.isFloat(e) || p.u.info.Types[e].Value != nil {
		return false
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return p.isProduct(e.X)
	case *ast.UnaryExpr:
		return p.isProduct(e.X)
	case *ast.BinaryExpr:
		return e.Op == token.MUL && !p.isPowerOfTwo(e.X) && !p.isPowerOfTwo(e.Y)
	case *ast.CallExpr:
		return p.carries(p.u.calledFunc(e), e)
	}
	return p.carries(p.object(e), e)
}

// carries reports whether obj, used at e, may hold a product.
func (p *products) carries(obj types.Object, e ast.Expr) bool {
	from, ok := p.carriers[obj]
	return ok && e.Pos() >= from
}

// isPowerOfTwo reports whether e is a constant by which a product is exact, so that fusing it changes nothing.
func (p *products) isPowerOfTwo(e ast.Expr) bool {
	v := p.u.info.Types[e].Value
	if v == nil {
		return false
	}
	f, _ := constant.Float64Val(constant.ToFloat(v))
	fraction, _ := math.Frexp(math.Abs(f))
	return fraction == 0.5
}

// object returns the variable or field that e names, or nil.
func (p *products) object(e ast.Expr) types.Object {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return p.object(e.X)
	case *ast.Ident:
		if obj := p.u.info.Defs[e]; obj != nil {
			return obj
		}
		return p.u.info.Uses[e]
	case *ast.SelectorExpr:
		return p.u.info.Uses[e.Sel]
	case *ast.IndexExpr: // an element stands for all elements
		return p.object(e.X)
	case *ast.StarExpr:
		return p.object(e.X)
	}
	return nil
}

func (p *products) isFloat(e ast.Expr) bool { return isFloat(p.u.info.TypeOf(e)) }

// isFloat reports whether t is a floating-point type, or a type parameter that could be one.
func isFloat(t types.Type) bool {
	if t == nil {
		return false
	}
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		return anyTerm(p, isFloat)
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsFloat != 0
}

// exactMath are the functions of math that give the same bits on every platform.
var exactMath = []string{
	"Abs", "Ceil", "Copysign", "Dim", "FMA", "Float32bits", "Float32frombits", "Float64bits", "Float64frombits", "Floor",
	"Frexp", "Inf", "IsInf", "IsNaN", "Ldexp", "Logb", "Ilogb", "Max", "Min", "Mod", "Modf", "NaN", "Nextafter", "Remainder",
	"Round", "RoundToEven", "Signbit", "Sqrt", "Trunc",
}

// statistics are the packages whose results carry a stated tolerance: they are read by people, and neither stored as
// part of a result, nor banded, nor compared.
var statistics = []string{"internal/stat", "internal/survival", "health/backtest"}

// approximations reports functions of math outside of statistics that are not exact.
func approximations(u *unit) (fs []finding) {
	if slices.Contains(statistics, u.dir) {
		return nil
	}
	for _, file := range u.files {
		ast.Inspect(file, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			f, ok := u.info.Uses[id].(*types.Func)
			if ok && f.Pkg() != nil && f.Pkg().Path() == "math" && !slices.Contains(exactMath, f.Name()) {
				fs = append(fs, finding{id.Pos(), "uses math." + f.Name()})
			}
			return true
		})
	}
	return fs
}
