package house_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
)

// undocumented reports exported names without a comment that starts with them. Constants, variables and fields may
// share the comment of the first line of their paragraph or of their group; fields without a number need none, nor does
// Error, nor a method that its interface's comment names.
func undocumented(u *unit) (fs []finding) {
	report := func(pos token.Pos, msg string) { fs = append(fs, finding{pos, msg}) }
	if !slices.ContainsFunc(u.files, func(f *ast.File) bool { return starts(f.Doc, "Package "+u.pkg.Name()) }) {
		report(u.files[0].Name.Pos(), "no file has a package comment")
	}
	for _, file := range u.files {
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				hidden := d.Recv != nil && (!ast.IsExported(receiver(d)) || d.Name.Name == "Error")
				if d.Name.IsExported() && !hidden && !starts(d.Doc, d.Name.Name) {
					report(d.Name.Pos(), "no comment starts with "+d.Name.Name)
				}
			case *ast.GenDecl:
				covered := paragraphs{u: u}
				for _, spec := range d.Specs {
					switch s := spec.(type) {
					case *ast.TypeSpec:
						doc := s.Doc
						if doc == nil && !d.Lparen.IsValid() {
							doc = d.Doc
						}
						if !s.Name.IsExported() {
							continue
						}
						if !starts(doc, s.Name.Name) {
							report(s.Name.Pos(), "no comment starts with "+s.Name.Name)
						}
						fs = append(fs, undocumentedMembers(u, s.Type, doc)...)
					case *ast.ValueSpec:
						named := slices.ContainsFunc(s.Names, (*ast.Ident).IsExported)
						if ok := covered.next(s, s.Doc, s.Comment); named && !ok && d.Doc == nil {
							report(s.Pos(), "no comment on "+s.Names[0].Name)
						}
					}
				}
			}
		}
	}
	return fs
}

// undocumentedMembers reports the methods of an interface and the fields with a number without a comment.
func undocumentedMembers(u *unit, t ast.Expr, doc *ast.CommentGroup) (fs []finding) {
	var members *ast.FieldList
	words := strings.FieldsFunc(doc.Text(), func(r rune) bool { return !unicode.IsLetter(r) })
	wanted := func(f *ast.Field) bool { return len(f.Names) > 0 && !slices.Contains(words, f.Names[0].Name) }
	switch t := t.(type) {
	case *ast.InterfaceType:
		members = t.Methods
	case *ast.StructType:
		members = t.Fields
		wanted = func(f *ast.Field) bool { return isNumber(u.info.TypeOf(f.Type)) }
	default:
		return nil
	}
	covered := paragraphs{u: u}
	for _, f := range members.List {
		ok := covered.next(f, f.Doc, f.Comment)
		if slices.ContainsFunc(f.Names, (*ast.Ident).IsExported) && wanted(f) && !ok {
			fs = append(fs, finding{f.Pos(), "no comment on " + f.Names[0].Name})
		}
		if inner, ok := f.Type.(*ast.StructType); ok {
			fs = append(fs, undocumentedMembers(u, inner, nil)...)
		}
	}
	return fs
}

// paragraphs follows lines that stand together without a blank line between them.
type paragraphs struct {
	u       *unit
	last    int  // the line on which the one before ended
	covered bool // the first line of the paragraph has a comment
}

// next reports whether n, the next line, or the first of its paragraph has a comment.
func (p *paragraphs) next(n ast.Node, doc, comment *ast.CommentGroup) bool {
	first := n.Pos()
	if doc != nil {
		first = doc.Pos()
	}
	if p.u.fset.Position(first).Line > p.last+1 {
		p.covered = false
	}
	if doc != nil {
		p.covered = true
	}
	p.last = p.u.fset.Position(n.End()).Line
	return p.covered || comment != nil
}

// starts reports whether a comment starts with name, an article before it allowed.
func starts(doc *ast.CommentGroup, name string) bool {
	text := doc.Text()
	for _, article := range []string{"", "A ", "An ", "The "} {
		rest, ok := strings.CutPrefix(text, article+name)
		if ok && rest != "" && strings.ContainsAny(rest[:1], " \n,:;.'") {
			return true
		}
	}
	return false
}

// receiver returns the name of the type that a method belongs to.
func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// isNumber reports whether t is a number, an amount, or a slice or pointer of such.
func isNumber(t types.Type) bool {
	if t == nil {
		return false
	}
	if types.TypeString(t, nil) == decimalPath+".Decimal" {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsNumeric != 0
	case *types.Pointer:
		return isNumber(u.Elem())
	case *types.Slice:
		b, _ := u.Elem().Underlying().(*types.Basic)
		return (b == nil || b.Kind() != types.Byte) && isNumber(u.Elem())
	}
	return false
}

// looseSignatures reports exported signatures with an empty interface, with a type of an internal package or of another
// module than decimal, or with an unexported type of the package.
func looseSignatures(u *unit) []finding {
	s := signatures{u: u}
	scope := u.pkg.Scope()
	for _, name := range scope.Names() {
		obj := scope.Lookup(name)
		if !obj.Exported() {
			continue
		}
		s.pos = obj.Pos()
		tn, ok := obj.(*types.TypeName)
		if !ok {
			s.visit(obj.Type())
			continue
		}
		if tn.IsAlias() {
			s.visit(types.Unalias(tn.Type()))
			continue
		}
		s.members(tn)
	}
	return s.findings
}

type signatures struct {
	u        *unit
	pos      token.Pos // what findings point at
	findings []finding
}

// members visits what a defined type shows: its fields or what else it is made of, and its methods, promoted ones too.
func (s *signatures) members(tn *types.TypeName) {
	if st, ok := tn.Type().Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			if s.pos = f.Pos(); f.Exported() {
				s.visit(f.Type())
			}
		}
	} else {
		s.visit(tn.Type().Underlying())
	}
	if types.IsInterface(tn.Type()) {
		return
	}
	for m := range types.NewMethodSet(types.NewPointer(tn.Type())).Methods() {
		if s.pos = m.Obj().Pos(); m.Obj().Exported() {
			if m.Obj().Pkg() != s.u.pkg {
				s.pos = tn.Pos()
			}
			s.visit(m.Type())
		}
	}
}

func (s *signatures) report(msg string) { s.findings = append(s.findings, finding{s.pos, msg}) }

// visit reports what a type that stands in a signature is made of, down to named types.
func (s *signatures) visit(t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			s.visit(a)
		}
		s.named(t.Obj())
	case *types.Interface:
		if t.NumMethods() == 0 && t.NumEmbeddeds() == 0 {
			s.report("any says nothing about what is taken or given")
		}
		for m := range t.ExplicitMethods() {
			s.visit(m.Type())
		}
	case *types.Signature:
		for v := range t.Params().Variables() {
			s.visit(v.Type())
		}
		for v := range t.Results().Variables() {
			s.visit(v.Type())
		}
	case *types.Struct:
		for f := range t.Fields() {
			s.visit(f.Type())
		}
	case *types.Map:
		s.visit(t.Key())
		s.visit(t.Elem())
	case interface{ Elem() types.Type }: // pointers, slices, arrays and channels
		s.visit(t.Elem())
	}
}

// named reports a named type that a host can't name.
func (s *signatures) named(tn *types.TypeName) {
	if tn.Pkg() == nil || isStandard(tn.Pkg().Path()) || tn.Pkg().Path() == decimalPath {
		return
	}
	switch dir, ours := dirOf(tn.Pkg().Path()); {
	case !ours:
		s.report(tn.Pkg().Path() + " is no dependency of the library")
	case !isPublic(dir):
		s.report("names the internal type " + tn.Pkg().Name() + "." + tn.Name())
	case !tn.Exported():
		s.report("names the unexported type " + tn.Name())
	}
}
