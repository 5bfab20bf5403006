// Package wire writes and reads the binary encodings of values that are sent between machines: integers as varints in
// their shortest form and texts behind their length, so that a value has one encoding, and a reader accepts no other.
package wire

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// An Encoder appends to Out. The zero value is ready.
type Encoder struct{ Out []byte }

// Number writes an integer that is not negative.
func (e *Encoder) Number(n int64) { e.Word(uint64(n)) }

// Word writes an unsigned integer.
func (e *Encoder) Word(n uint64) { e.Out = binary.AppendUvarint(e.Out, n) }

// Signed writes an integer, such as an instant.
func (e *Encoder) Signed(n int64) { e.Out = binary.AppendVarint(e.Out, n) }

// Fixed writes eight bytes.
func (e *Encoder) Fixed(n uint64) { e.Out = binary.LittleEndian.AppendUint64(e.Out, n) }

// Text writes a text behind its length.
func (e *Encoder) Text(s string) {
	e.Number(int64(len(s)))
	e.Out = append(e.Out, s...)
}

var (
	errMalformed = errors.New("is malformed")
	errShort     = errors.New("ends too early")
	errLong      = errors.New("has data after its end")
)

// A Decoder takes values off the front of Rest. After the first failure, which it keeps, it returns zeros and takes no more.
type Decoder struct {
	Rest []byte
	Err  error
}

// Fail keeps a failure if it is the first.
func (d *Decoder) Fail(format string, args ...any) { d.fail(fmt.Errorf(format, args...)) }

func (d *Decoder) fail(err error) {
	if d.Err == nil {
		d.Err = err
	}
}

// End returns the first failure, of which data that has not been read is one.
func (d *Decoder) End() error {
	if len(d.Rest) > 0 {
		d.fail(errLong)
	}
	return d.Err
}

// Word reads what Word wrote.
func (d *Decoder) Word() uint64 {
	n, size := binary.Uvarint(d.Rest)
	if !d.took(size) {
		return 0
	}
	return n
}

// Number reads what Number wrote, at most most.
func (d *Decoder) Number(most int64) int64 {
	n, size := binary.Uvarint(d.Rest)
	if d.Err == nil && size > 0 && n > uint64(most) {
		d.Fail("holds %d where at most %d can be", n, most)
	}
	if !d.took(size) {
		return 0
	}
	return int64(n)
}

// Signed reads what Signed wrote.
func (d *Decoder) Signed() int64 {
	n, size := binary.Varint(d.Rest)
	if !d.took(size) {
		return 0
	}
	return n
}

// took takes a varint of size bytes, which is in its shortest form.
func (d *Decoder) took(size int) bool {
	if size <= 0 || size > 1 && d.Rest[size-1] == 0 {
		d.fail(errMalformed)
	}
	if d.Err != nil {
		return false
	}
	d.Rest = d.Rest[size:]
	return true
}

// Fixed reads what Fixed wrote.
func (d *Decoder) Fixed() uint64 {
	if len(d.Rest) < 8 {
		d.fail(errShort)
	}
	if d.Err != nil {
		return 0
	}
	n := binary.LittleEndian.Uint64(d.Rest)
	d.Rest = d.Rest[8:]
	return n
}

// Count reads how many things of so many bytes or more follow.
func (d *Decoder) Count(bytes int) int {
	n, size := binary.Uvarint(d.Rest)
	if d.Err == nil && size > 0 && n > uint64((len(d.Rest)-size)/bytes) {
		d.fail(errShort)
	}
	if !d.took(size) {
		return 0
	}
	return int(n)
}

// Text reads what Text wrote.
func (d *Decoder) Text() string {
	n := d.Count(1)
	if d.Err != nil {
		return ""
	}
	s := string(d.Rest[:n])
	d.Rest = d.Rest[n:]
	return s
}

// Name reads a text that is an ID.
func (d *Decoder) Name() string {
	s := d.Text()
	if err := ident.Check(s); d.Err == nil && err != nil {
		d.Fail("has a name that %w", err)
	}
	if d.Err != nil {
		return ""
	}
	return s
}

// Names reads a count and so many IDs in the order of their bytes, each once.
func (d *Decoder) Names() []string {
	var names []string
	for i := range d.Count(2) {
		name := d.Name()
		if d.Err == nil && i > 0 && name <= names[i-1] {
			d.Fail("has %q after %q", name, names[i-1])
		}
		if d.Err != nil {
			return nil
		}
		names = append(names, name)
	}
	return names
}
