// Package strictjson reads definitions and records from JSON and reports everything that is wrong with them at once.
//
// Where [encoding/json] guesses, it refuses: unknown, duplicate and case-folded keys, null, wrong types, numbers that
// do not fit, text that is not valid UTF-8. Each problem carries the JSON Pointer of its value, and reading goes on
// after it, so that ten mistakes are ten problems.
//
// It fills plain structs with json tags, slices, arrays, maps with string keys, pointers, booleans, numbers, strings,
// time.Time (RFC 3339, to UTC and microseconds), decimal.Decimal (a string or a number, see [amount.Parse]) and types
// that decode themselves: [json.Unmarshaler], but not that of the outermost value, and [encoding.TextUnmarshaler],
// from strings. null is for pointers and for types with UnmarshalJSON. An empty array is a nil slice and an empty
// object a nil map, as canon writes them. A float of -0 is 0.
//
// Work and memory are bounded by limits on size, depth and what elements take, since "{}" may be a large struct; a document is refused as a whole when it exceeds them
// or is not JSON.
package strictjson

import (
	"reflect"
	"strconv"

	"github.com/customersuccess-go/customersuccess/internal/layout"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

const (
	maxSize   = 16 << 20  // bytes of a document
	maxDepth  = 256       // arrays and objects inside each other
	maxNumber = 64        // bytes of a number
	maxMemory = 256 << 20 // bytes of the elements of all arrays and objects that a document fills
)

// Decode reads data into what into points to, which should be a zero value, and returns the problems in the order of
// the document, at most a thousand. If there are any, what into holds means nothing.
func Decode(data []byte, into any) problem.List {
	return decode(data, into, false)
}

// DecodeRecord is [Decode] for records, which a newer release may have written: unknown keys are skipped.
// A key that differs from a known one in case alone is still a problem.
func DecodeRecord(data []byte, into any) problem.List {
	return decode(data, into, true)
}

func decode(data []byte, into any, record bool) problem.List {
	d := decoder{data: data, record: record, layouts: layout.Cache{Form: layout.Decoding}}
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		d.problems.Addf("", "can't be read into a %T, which is not a pointer", into)
		return d.problems
	}
	if err := check(data); err != nil {
		d.problems.Addf("", "%v", err)
		return d.problems
	}
	d.top(v.Elem())
	return d.problems
}

// Format returns the integer under the key "format" of the outermost object, whatever else that holds, so that a
// reader can tell a newer document from a wrong one. It is false when the key is absent or there twice, its value is
// not a whole number of 32 bits, or data is not JSON within the limits.
func Format(data []byte) (int, bool) {
	if check(data) != nil {
		return 0, false
	}
	d := decoder{data: data}
	if d.peek() != '{' {
		return 0, false
	}
	format, found := 0, false
	for d.more('{', '}') {
		key, _ := d.key()
		if key != "format" {
			d.skip()
			continue
		}
		n, err := strconv.ParseInt(string(d.skip()), 10, 32)
		if err != nil || found {
			return 0, false
		}
		format, found = int(n), true
	}
	return format, found
}
