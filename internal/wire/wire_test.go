package wire_test

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/wire"
)

func TestRoundTrip(t *testing.T) {
	var e wire.Encoder
	e.Number(0)
	e.Number(math.MaxInt64)
	e.Word(math.MaxUint64)
	e.Signed(math.MinInt64)
	e.Fixed(1 << 63)
	e.Text("")
	e.Text("Łódź")
	e.Number(2)
	e.Text("a")
	e.Text("b")
	d := wire.Decoder{Rest: e.Out}
	if a, b := d.Number(0), d.Number(math.MaxInt64); a != 0 || b != math.MaxInt64 {
		t.Errorf("numbers %d and %d", a, b)
	}
	if a, b, c := d.Word(), d.Signed(), d.Fixed(); a != math.MaxUint64 || b != math.MinInt64 || c != 1<<63 {
		t.Errorf("%d, %d and %d", a, b, c)
	}
	if a, b, c := d.Text(), d.Name(), d.Names(); a != "" || b != "Łódź" || !slices.Equal(c, []string{"a", "b"}) {
		t.Errorf("%q, %q and %q", a, b, c)
	}
	if err := d.End(); err != nil {
		t.Error(err)
	}
}

func TestRefused(t *testing.T) {
	text := func(texts ...string) []byte {
		e := wire.Encoder{}
		e.Number(int64(len(texts)))
		for _, s := range texts {
			e.Text(s)
		}
		return e.Out
	}
	for name, tc := range map[string]struct {
		data []byte
		read func(d *wire.Decoder)
		want string
	}{
		"nothing":          {nil, func(d *wire.Decoder) { d.Word() }, "is malformed"},
		"cut":              {[]byte{0x80}, func(d *wire.Decoder) { d.Number(9) }, "is malformed"},
		"too long a form":  {[]byte{0x81, 0x00}, func(d *wire.Decoder) { d.Number(9) }, "is malformed"},
		"signed, too long": {[]byte{0x81, 0x00}, func(d *wire.Decoder) { d.Signed() }, "is malformed"},
		"over 64 bits":     {bytes.Repeat([]byte{0xff}, 11), func(d *wire.Decoder) { d.Word() }, "is malformed"},
		"too many":         {[]byte{10}, func(d *wire.Decoder) { d.Number(9) }, "holds 10 where at most 9 can be"},
		"no room":          {[]byte{2, 0, 0, 0}, func(d *wire.Decoder) { d.Count(2) }, "ends too early"},
		"huge":             {[]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}, func(d *wire.Decoder) { d.Text() }, "ends too early"},
		"seven bytes":      {make([]byte, 7), func(d *wire.Decoder) { d.Fixed() }, "ends too early"},
		"no name":          {[]byte{0}, func(d *wire.Decoder) { d.Name() }, "has a name that is empty"},
		"twice":            {text("a", "a"), func(d *wire.Decoder) { d.Names() }, `has "a" after "a"`},
		"too much":         {[]byte{1, 2}, func(d *wire.Decoder) { d.Word() }, "has data after its end"},
		"the first":        {[]byte{10}, func(d *wire.Decoder) { d.Fail("first"); d.Number(9); d.Fixed() }, "first"},
	} {
		d := wire.Decoder{Rest: tc.data}
		tc.read(&d)
		if err := d.End(); err == nil || err.Error() != tc.want {
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		}
		if d.Number(math.MaxInt64) != 0 || d.Text() != "" || d.Names() != nil || d.Count(1) != 0 {
			t.Errorf("%s: goes on after a failure", name)
		}
	}
}

// FuzzDecoder: what is read as a row of numbers encodes to the same bytes.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte{1, 2, 0x80, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		d := wire.Decoder{Rest: data}
		var e wire.Encoder
		for len(d.Rest) > 0 && d.Err == nil {
			if n := d.Word(); d.Err == nil {
				e.Word(n)
			}
		}
		if d.End() == nil && !bytes.Equal(e.Out, data) {
			t.Errorf("%x is read as %x", data, e.Out)
		}
	})
}
