package strictjson

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/customersuccess-go/customersuccess/internal/layout"
	"github.com/customersuccess-go/customersuccess/internal/nearest"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

func (d *decoder) top(v reflect.Value) {
	form := layout.Decoding(v.Type())
	if form == layout.JSON {
		form = layout.Plain
	}
	d.value(v, form)
}

// value reads the next value into v, or adds a problem and moves past it.
func (d *decoder) value(v reflect.Value, form layout.Form) {
	if d.stopped {
		return
	}
	switch form {
	case layout.Time:
		d.time(v)
		return
	case layout.Decimal:
		d.decimal(v)
		return
	case layout.JSON:
		d.unmarshaler(v.Addr().Interface().(json.Unmarshaler))
		return
	case layout.Text:
		if s, ok := d.string("a string"); ok {
			if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s)); err != nil {
				d.addf("%v", err)
			}
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		d.pointed(v)
	case reflect.Struct:
		d.structure(v)
	case reflect.Map:
		d.mapping(v)
	case reflect.Slice:
		d.slice(v)
	case reflect.Array:
		d.array(v)
	case reflect.String:
		if s, ok := d.string("a string"); ok {
			v.SetString(s)
		}
	case reflect.Bool:
		d.bool(v)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		d.int(v)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		d.uint(v)
	case reflect.Float32, reflect.Float64:
		d.float(v)
	default:
		d.unreadable(v.Type())
	}
}

// unreadable reports a mistake of the program, not of the document: nothing can be read into the type.
func (d *decoder) unreadable(t reflect.Type) {
	d.skip()
	d.addf("can't be read into a %v", t)
}

func (d *decoder) pointed(v reflect.Value) {
	if d.peek() == 'n' {
		d.skip()
		v.SetZero()
		return
	}
	t := v.Type().Elem()
	p := reflect.New(t)
	d.value(p.Elem(), layout.Decoding(t))
	v.Set(p)
}

func (d *decoder) structure(v reflect.Value) {
	if !d.expect('{', "an object") {
		return
	}
	s, err := d.layouts.Of(v.Type())
	if err != nil {
		d.skip()
		d.addf("can't be read: %v", err)
		return
	}
	seen := make([]bool, len(s.Fields))
	i := -1
	for d.more('{', '}') {
		key, ok := d.key()
		found, known := s.Find(key, i+1)
		switch {
		case !ok:
			d.addf("has a key that is not valid UTF-8: %s", quote(key))
			d.skip()
		case !known:
			d.unknown(key, s)
			d.skip()
		default:
			i = found
			f := &s.Fields[i]
			d.push(f.Name, -1)
			if seen[i] {
				d.addf("duplicate key %s", quote(key))
				d.skip()
			} else {
				d.value(v.Field(f.Index), f.Form)
			}
			seen[i] = true
			d.pop()
		}
	}
}

// unknown reports a key that the struct does not have; of a record only one that differs from its own in case.
func (d *decoder) unknown(key string, s *layout.Struct) {
	i := slices.IndexFunc(s.Fields, func(f layout.Field) bool { return strings.EqualFold(f.Name, key) })
	if d.record && i < 0 {
		return
	}
	meant, ok := "", i >= 0
	if ok {
		meant = s.Fields[i].Name
	} else {
		meant, ok = nearest.Word(key, s.Names())
	}
	d.push(key, -1)
	defer d.pop()
	if ok {
		d.addf("unknown key %s: did you mean %q?", quote(key), meant)
	} else {
		d.addf("unknown key %s", quote(key))
	}
}

func (d *decoder) mapping(v reflect.Value) {
	t := v.Type()
	if t.Key().Kind() != reflect.String {
		d.unreadable(t)
		return
	}
	if !d.expect('{', "an object") {
		return
	}
	v.SetZero()
	keyForm := layout.Decoding(t.Key())
	form := layout.Decoding(t.Elem())
	for d.more('{', '}') && d.room(t.Elem()) {
		name, ok := d.key()
		if !ok {
			d.addf("has a key that is not valid UTF-8: %s", quote(name))
			d.skip()
			continue
		}
		d.push(name, -1)
		key := reflect.New(t.Key()).Elem()
		key.SetString(name)
		var err error
		if keyForm == layout.Text {
			err = key.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(name))
		}
		switch {
		case err != nil:
			d.addf("key: %v", err)
			d.skip()
		case v.MapIndex(key).IsValid():
			d.addf("duplicate key %s", quote(name))
			d.skip()
		default:
			elem := reflect.New(t.Elem()).Elem()
			d.value(elem, form)
			if v.IsNil() {
				v.Set(reflect.MakeMap(t))
			}
			v.SetMapIndex(key, elem)
		}
		d.pop()
	}
}

func (d *decoder) slice(v reflect.Value) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		d.unreadable(v.Type())
		return
	}
	if !d.expect('[', "an array") {
		return
	}
	v.SetZero()
	form := layout.Decoding(v.Type().Elem())
	for n := 0; d.more('[', ']') && d.room(v.Type().Elem()); n++ {
		v.Grow(1)
		v.SetLen(n + 1)
		d.push("", n)
		d.value(v.Index(n), form)
		d.pop()
	}
}

func (d *decoder) array(v reflect.Value) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		d.unreadable(v.Type())
		return
	}
	if !d.expect('[', "an array") {
		return
	}
	form := layout.Decoding(v.Type().Elem())
	n := 0
	for ; d.more('[', ']'); n++ {
		if n >= v.Len() {
			d.skip()
			continue
		}
		d.push("", n)
		d.value(v.Index(n), form)
		d.pop()
	}
	if n != v.Len() && !d.stopped {
		d.addf("must have %d elements, not %d", v.Len(), n)
	}
}

// unmarshaler lets a value read itself. Problems that it returns as problem.List.Err keep their places.
func (d *decoder) unmarshaler(u json.Unmarshaler) {
	err := u.UnmarshalJSON(d.skip())
	if err == nil {
		return
	}
	list, ok := problem.Of(err)
	if !ok {
		d.addf("%v", err)
		return
	}
	base := d.pointer()
	for _, p := range list {
		d.add(problem.Problem{Pointer: base + p.Pointer, Message: p.Message})
	}
}
