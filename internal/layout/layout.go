// Package layout says how a Go type is laid out as JSON, for the one encoder and the one decoder of the module,
// so that both read struct tags the same way.
package layout

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Form is how a value of a type is written.
type Form uint8

const (
	Plain   Form = iota // by its kind
	Time                // time.Time
	Decimal             // decimal.Decimal
	JSON                // by its own MarshalJSON or UnmarshalJSON
	Text                // as a string, by its own MarshalText or UnmarshalText
)

// Cache keeps the layouts that one call of the encoder or the decoder has met. It is not for concurrent use.
type Cache struct {
	Form    func(reflect.Type) Form // [Encoding] or [Decoding]
	structs map[reflect.Type]*Struct
}

// Of returns the layout of a struct type. It refuses embedded fields without a name, two fields of one name,
// and the option "string", whose rules differ between encoders.
func (c *Cache) Of(t reflect.Type) (*Struct, error) {
	if s, ok := c.structs[t]; ok {
		return s, nil
	}
	s, err := of(t, c.Form)
	if err != nil {
		return nil, err
	}
	if c.structs == nil {
		c.structs = make(map[reflect.Type]*Struct)
	}
	c.structs[t] = s
	return s, nil
}

// Struct is the layout of a struct type.
type Struct struct {
	Fields []Field // those that have a JSON name, in declaration order
}

// Field is one field of a struct.
type Field struct {
	Name      string // in JSON
	Index     int    // position in the struct type
	Form      Form
	OmitEmpty bool
	OmitZero  bool
	isZero    bool // the type, or the pointer to it, has IsZero() bool
}

// Encoding returns how values of t are encoded. Methods count whether their receiver is a value or a pointer.
func Encoding(t reflect.Type) Form {
	if form, ok := known(t); ok {
		return form
	}
	switch p := reflect.PointerTo(t); {
	case p.Implements(reflect.TypeFor[json.Marshaler]()):
		return JSON
	case p.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return Text
	}
	return Plain
}

// Decoding returns how values of t are decoded.
func Decoding(t reflect.Type) Form {
	if form, ok := known(t); ok {
		return form
	}
	switch p := reflect.PointerTo(t); {
	case p.Implements(reflect.TypeFor[json.Unmarshaler]()):
		return JSON
	case p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return Text
	}
	return Plain
}

// known answers for the types that have a form of their own and for those that have no methods.
func known(t reflect.Type) (Form, bool) {
	switch t {
	case reflect.TypeFor[time.Time]():
		return Time, true
	case reflect.TypeFor[decimal.Decimal]():
		return Decimal, true
	}
	return Plain, t.PkgPath() == "" || t.Kind() == reflect.Interface
}

func of(t reflect.Type, form func(reflect.Type) Form) (*Struct, error) {
	s := &Struct{Fields: make([]Field, 0, t.NumField())}
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		if tag == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if f.Anonymous && (name == "" || !f.IsExported()) {
			return nil, fmt.Errorf("%v: embedded field %s has no name", t, f.Name)
		}
		if name == "" {
			name = f.Name
		}
		if _, twice := s.Find(name, 0); twice {
			return nil, fmt.Errorf("%v: two fields have the name %q", t, name)
		}
		field := Field{Name: name, Index: i, Form: form(f.Type)}
		for option := range strings.SplitSeq(options, ",") {
			switch option {
			case "omitempty":
				field.OmitEmpty = true
			case "omitzero":
				field.OmitZero = true
				z := reflect.TypeFor[zeroer]()
				field.isZero = f.Type.Implements(z) || reflect.PointerTo(f.Type).Implements(z)
			case "string":
				return nil, fmt.Errorf("%v: field %s has the option \"string\"", t, f.Name)
			}
		}
		s.Fields = append(s.Fields, field)
	}
	return s, nil
}

// Find returns the position of a name in Fields, fastest if it is next.
func (s *Struct) Find(name string, next int) (int, bool) {
	if next < len(s.Fields) && s.Fields[next].Name == name {
		return next, true
	}
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return i, true
		}
	}
	return 0, false
}

// Names returns the names of all fields in order.
func (s *Struct) Names() []string {
	names := make([]string, len(s.Fields))
	for i := range s.Fields {
		names[i] = s.Fields[i].Name
	}
	return names
}

type zeroer interface{ IsZero() bool }

// Omitted reports whether the options of f leave out its value v, by the rules of encoding/json.
func (f *Field) Omitted(v reflect.Value) bool {
	if f.OmitEmpty && empty(v) {
		return true
	}
	if !f.OmitZero {
		return false
	}
	if !f.isZero || v.Kind() == reflect.Pointer && v.IsNil() {
		return zero(v)
	}
	z, ok := v.Interface().(zeroer)
	if !ok {
		z = Addressed(v).Interface().(zeroer)
	}
	return z.IsZero()
}

func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return zero(v)
}

// zero is v.IsZero, but takes a float of -0 for the 0 that it is written as.
func zero(v reflect.Value) bool {
	return v.CanFloat() && v.Float() == 0 || v.IsZero()
}

// Addressed returns a pointer to v, or to a copy of it where v has no address.
func Addressed(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v.Addr()
	}
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return p
}
