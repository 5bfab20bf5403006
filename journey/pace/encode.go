package pace

import (
	"bytes"
	"errors"
	"fmt"
	"math"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/wire"
	"github.com/customersuccess-go/customersuccess/journey"
)

// sampleFormat is the first byte of an encoded sample.
const sampleFormat = 1

var errSample = errors.New("is not an encoded sample")

// MarshalBinary returns the encoding of the sample: equal stays have equal bytes.
func (s *Sample) MarshalBinary() ([]byte, error) {
	s.canonical()
	e := wire.Encoder{Out: []byte{sampleFormat}}
	for _, v := range []int64{max(s.step, 1), s.n, s.ended, s.unknown, int64(len(s.ends) - 1)} {
		e.Number(v)
	}
	for _, end := range s.ends[1:] {
		e.Text(string(end.kind))
		e.Text(end.next)
	}
	e.Number(int64(len(s.runs)))
	last := int64(0)
	for _, r := range s.runs {
		for _, v := range []int64{r.time - last, r.entry, int64(r.end), r.n} {
			e.Number(v)
		}
		last = r.time
	}
	return e.Out, nil
}

// UnmarshalBinary replaces the sample by the one that [Sample.MarshalBinary] encoded, or leaves it as it was and returns
// an error: [ErrFormat] for that of a newer release. It reads no other bytes than those that MarshalBinary writes.
func (s *Sample) UnmarshalBinary(data []byte) error {
	if len(data) > 0 && data[0] > sampleFormat {
		return fmt.Errorf("pace: decode sample: format %d: %w", data[0], ErrFormat)
	}
	t, ok := decode(data)
	if ok {
		again, err := t.MarshalBinary()
		ok = err == nil && bytes.Equal(again, data)
	}
	if !ok {
		return fmt.Errorf("pace: decode sample: %w", errSample)
	}
	*s = *t
	return nil
}

func decode(data []byte) (*Sample, bool) {
	if len(data) == 0 || data[0] != sampleFormat {
		return nil, false
	}
	d := decoder{wire.Decoder{Rest: data[1:]}}
	s := &Sample{step: d.number(), n: d.number(), ended: d.number(), unknown: d.number(), ends: []end{{}}}
	for range d.Number(mostEnds) {
		s.ends = append(s.ends, end{true, journey.MoveKind(d.name()), d.name()})
	}
	known, ended, last := s.unknown, int64(0), int64(0)
	for range d.Count(4) {
		r := run{time: last + d.number(), entry: d.number(), end: int(d.Number(int64(len(s.ends) - 1))), n: d.number()}
		last = r.time
		if d.Err != nil || r.n == 0 || r.time > math.MaxInt64/2/max(s.step, 1) || r.entry > 0 && r.entry >= r.time || r.n > s.n-known {
			return nil, false
		}
		if known += r.n; s.ends[r.end].ended {
			ended += r.n
		}
		s.runs = append(s.runs, r)
	}
	return s, d.End() == nil && s.step > 0 && known == s.n && ended <= s.ended && s.ended <= ended+s.unknown
}

// A decoder reads what MarshalBinary wrote.
type decoder struct{ wire.Decoder }

// number reads an integer that is not negative and half of what an int64 holds at most.
func (d *decoder) number() int64 { return d.Number(math.MaxInt64 / 2) }

// name reads a name, which may be empty.
func (d *decoder) name() string {
	text := d.Text()
	if err := ident.Check(text); text != "" && err != nil {
		d.Fail("has a name that %w", err)
	}
	return text
}
