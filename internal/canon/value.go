package canon

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/layout"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/shopspring/decimal"
)

// maxDepth ends the encoding of values that contain themselves.
const maxDepth = 1000

type encoder struct {
	buf     []byte
	depth   int
	layouts layout.Cache
}

// placeError is an error below the value being encoded; pointer grows on the way out.
type placeError struct {
	pointer string
	err     error
}

func (e *placeError) Error() string {
	if e.pointer == "" {
		return "canon: " + e.err.Error()
	}
	return "canon: " + e.pointer + ": " + e.err.Error()
}

func (e *placeError) Unwrap() error { return e.err }

// at puts a field name or a position before the place of err.
func at(part any, err error) error {
	if p, ok := err.(*placeError); ok {
		p.pointer = problem.Pointer(part) + p.pointer
		return p
	}
	return &placeError{problem.Pointer(part), err}
}

func (e *encoder) top(v reflect.Value) error {
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if !v.IsValid() {
		return &placeError{err: errors.New("is nil")}
	}
	form := layout.Encoding(v.Type())
	if form == layout.JSON {
		form = layout.Plain
	}
	err := e.value(v, form)
	if _, ok := err.(*placeError); err != nil && !ok {
		return &placeError{err: err}
	}
	return err
}

func (e *encoder) value(v reflect.Value, form layout.Form) error {
	switch form {
	case layout.Time:
		return e.time(v.Interface().(time.Time))
	case layout.Decimal:
		d := v.Interface().(decimal.Decimal)
		if err := amount.Check(d); err != nil {
			return fmt.Errorf("decimal %w", err)
		}
		e.buf = append(e.buf, '"')
		e.buf = amount.AppendText(e.buf, d)
		e.buf = append(e.buf, '"')
		return nil
	case layout.JSON:
		return e.marshaler(layout.Addressed(v).Interface().(json.Marshaler))
	case layout.Text:
		text, err := layout.Addressed(v).Interface().(encoding.TextMarshaler).MarshalText()
		if err != nil {
			return err
		}
		return e.string(string(text))
	}
	switch v.Kind() {
	case reflect.Bool:
		e.buf = strconv.AppendBool(e.buf, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.buf = strconv.AppendInt(e.buf, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		e.buf = strconv.AppendUint(e.buf, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return e.float(v.Float(), v.Type().Bits())
	case reflect.String:
		return e.string(v.String())
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array, reflect.Pointer:
		return e.nested(v)
	default:
		return fmt.Errorf("a value of type %v has no canonical encoding", v.Type())
	}
	return nil
}

func (e *encoder) nested(v reflect.Value) error {
	if e.depth++; e.depth > maxDepth {
		return fmt.Errorf("is nested deeper than %d", maxDepth)
	}
	defer func() { e.depth-- }()
	switch v.Kind() {
	case reflect.Struct:
		return e.structure(v)
	case reflect.Map:
		return e.mapping(v)
	case reflect.Pointer:
		if v.IsNil() {
			e.buf = append(e.buf, "null"...)
			return nil
		}
		v = v.Elem()
		return e.value(v, layout.Encoding(v.Type()))
	default:
		return e.list(v)
	}
}

func (e *encoder) structure(v reflect.Value) error {
	s, err := e.layouts.Of(v.Type())
	if err != nil {
		return err
	}
	sep := byte('{')
	for i := range s.Fields {
		f := &s.Fields[i]
		fv := v.Field(f.Index)
		if f.Omitted(fv) {
			continue
		}
		e.buf = append(e.buf, sep)
		sep = ','
		if err := e.string(f.Name); err != nil {
			return at(f.Name, err)
		}
		e.buf = append(e.buf, ':')
		if err := e.value(fv, f.Form); err != nil {
			return at(f.Name, err)
		}
	}
	if sep == '{' {
		e.buf = append(e.buf, '{')
	}
	e.buf = append(e.buf, '}')
	return nil
}

func (e *encoder) mapping(v reflect.Value) error {
	t := v.Type()
	if t.Key().Kind() != reflect.String {
		return fmt.Errorf("a map with keys of type %v has no canonical encoding", t.Key())
	}
	keys := v.MapKeys() //det:sorted on the next line
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	form := layout.Encoding(t.Elem())
	e.buf = append(e.buf, '{')
	for i, k := range keys {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		key := k.String()
		if err := e.string(key); err != nil {
			return at(key, err)
		}
		e.buf = append(e.buf, ':')
		if err := e.value(v.MapIndex(k), form); err != nil {
			return at(key, err)
		}
	}
	e.buf = append(e.buf, '}')
	return nil
}

func (e *encoder) list(v reflect.Value) error {
	elem := v.Type().Elem()
	if elem.Kind() == reflect.Uint8 {
		return fmt.Errorf("a value of type %v has no canonical encoding", v.Type())
	}
	form := layout.Encoding(elem)
	e.buf = append(e.buf, '[')
	for i := range v.Len() {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		if err := e.value(v.Index(i), form); err != nil {
			return at(i, err)
		}
	}
	e.buf = append(e.buf, ']')
	return nil
}

func (e *encoder) marshaler(m json.Marshaler) error {
	text, err := m.MarshalJSON()
	if err != nil {
		return err
	}
	var compact, escaped bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		return err
	}
	json.HTMLEscape(&escaped, compact.Bytes())
	e.buf = append(e.buf, escaped.Bytes()...)
	return nil
}

func (e *encoder) time(t time.Time) error {
	if err := instant.Check(t); err != nil {
		return err
	}
	e.buf = instant.Of(t).AppendFormat(e.buf, `"2006-01-02T15:04:05.000000Z"`)
	return nil
}
