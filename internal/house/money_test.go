package house_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// steadyDecimals are the functions and methods of decimal that no settable variable of that package changes, that do
// not pass through a float and do not panic on amounts from outside. (Read in v1.6.0.)
var steadyDecimals = []string{
	"New", "NewFromInt", "NewFromInt32", "NewFromUint64", "NewFromBigInt", "NewFromString", "Sum", "Min", "Max",
	"Abs", "Add", "Sub", "Neg", "Mul", "Shift", "DivRound", "QuoRem", "Mod", "Cmp", "Compare", "Equal", "Equals",
	"GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual", "Sign", "IsPositive", "IsNegative", "IsZero",
	"IsInteger", "Exponent", "Coefficient", "CoefficientInt64", "NumDigits", "Copy", "Round", "RoundBank", "RoundCeil",
	"RoundFloor", "RoundUp", "RoundDown", "RoundCash", "Truncate", "Ceil", "Floor", "StringFixed", "StringFixedBank",
	"BigInt", "Rat", "Float64", "InexactFloat64",
}

// decimalTypes may be named; its variables may be neither read nor set, since the host can set them.
var decimalTypes = []string{"Decimal", "NullDecimal"}

// looseMoney reports operations of decimal whose result depends on the package's variables, == on decimals or on what
// holds them, and maps with such keys.
func looseMoney(u *unit) (fs []finding) {
	for _, file := range u.files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				obj := u.info.Uses[n]
				if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != decimalPath {
					break
				}
				if v, ok := obj.(*types.Var); ok && v.IsField() {
					break
				}
				if !slices.Contains(steadyDecimals, n.Name) && !slices.Contains(decimalTypes, n.Name) {
					fs = append(fs, finding{n.Pos(), "decimal's " + n.Name + " depends on its package variables, on floats, or panics"})
				}
			case *ast.BinaryExpr:
				if (n.Op == token.EQL || n.Op == token.NEQ) && holdsDecimal(u.info.TypeOf(n.X)) {
					fs = append(fs, finding{n.Pos(), n.Op.String() + " compares a pointer inside the decimal; use Equal"})
				}
			case *ast.MapType:
				if holdsDecimal(u.info.TypeOf(n.Key)) {
					fs = append(fs, finding{n.Pos(), "a decimal in a key is compared by its pointer"})
				}
			}
			return true
		})
	}
	return fs
}

// holdsDecimal reports whether a value of type t is compared by comparing a decimal.
func holdsDecimal(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == decimalPath {
			return true
		}
		return holdsDecimal(t.Underlying())
	case *types.Struct:
		for f := range t.Fields() {
			if holdsDecimal(f.Type()) {
				return true
			}
		}
	case *types.Array:
		return holdsDecimal(t.Elem())
	}
	return false
}
