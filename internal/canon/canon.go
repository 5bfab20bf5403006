// Package canon writes values in the canonical encoding of the module, so that equal values have equal bytes
// on every platform and in every release, and digests them.
//
// The encoding is JSON as [encoding/json] writes it, with these differences:
//
//   - a nil slice is [] and a nil map {}, as empty ones are, so that both have one digest
//   - a float of -0 is 0
//   - a decimal is a string of plain digits without an exponent or zeros at the end of its fraction
//   - a time is in UTC with exactly six digits of fraction, truncated toward the past
//   - text that is not valid UTF-8 is an error
//   - methods with a pointer receiver are called wherever the value sits
//
// Struct fields keep their order, and follow their json tags; map keys are sorted by bytes.
//
// A type that encodes itself uses a copy of the type without methods:
//
//	func (r Record) MarshalJSON() ([]byte, error) {
//		type plain Record
//		return canon.JSON(plain(r))
//	}
//
// Then json.Marshal(r) returns these very bytes, since they are already compact and escaped as it escapes.
package canon

import (
	"crypto/sha256"
	"reflect"

	"github.com/customersuccess-go/customersuccess/internal/layout"
)

// JSON returns the canonical encoding of v. A MarshalJSON method of v itself is not called, so that it can call JSON;
// those of values inside it are. Errors name the place by its JSON Pointer.
//
// Interfaces, functions, channels, complex numbers, []byte, embedded fields, maps with keys that are not strings,
// NaN, infinities and decimals beyond the amounts that the module takes are errors.
func JSON(v any) ([]byte, error) {
	return Append(nil, v)
}

// Append appends what [JSON] returns to dst. On an error it returns dst as it was.
func Append(dst []byte, v any) ([]byte, error) {
	e := encoder{buf: dst, layouts: layout.Cache{Form: layout.Encoding}}
	if err := e.top(reflect.ValueOf(v)); err != nil {
		return dst, err
	}
	return e.buf, nil
}

// Digest returns the SHA-256 of [JSON] of v.
func Digest(v any) ([32]byte, error) {
	b, err := JSON(v)
	if err != nil {
		return [32]byte{}, err
	}
	return sha256.Sum256(b), nil
}
