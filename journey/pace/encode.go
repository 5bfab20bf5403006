package pace

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/journey"
)

// sampleFormat is the first byte of an encoded sample.
const sampleFormat = 1

var errSample = errors.New("is not an encoded sample")

// MarshalBinary returns the encoding of the sample: equal stays have equal bytes.
func (s *Sample) MarshalBinary() ([]byte, error) {
	s.canonical()
	b := []byte{sampleFormat}
	for _, v := range []int64{max(s.step, 1), s.n, s.ended, s.unknown, int64(len(s.ends) - 1)} {
		b = binary.AppendUvarint(b, uint64(v))
	}
	for _, e := range s.ends[1:] {
		b = appendText(appendText(b, string(e.kind)), e.next)
	}
	b = binary.AppendUvarint(b, uint64(len(s.runs)))
	last := int64(0)
	for _, r := range s.runs {
		for _, v := range []int64{r.time - last, r.entry, int64(r.end), r.n} {
			b = binary.AppendUvarint(b, uint64(v))
		}
		last = r.time
	}
	return b, nil
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
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
	d := decoder{rest: data[1:]}
	s := &Sample{step: d.number(), n: d.number(), ended: d.number(), unknown: d.number(), ends: []end{{}}}
	for range d.upTo(mostEnds) {
		s.ends = append(s.ends, end{true, journey.MoveKind(d.text()), d.text()})
	}
	known, ended, last := s.unknown, int64(0), int64(0)
	for range d.upTo(int64(len(d.rest)) / 4) { // a run has four bytes or more
		r := run{time: last + d.number(), entry: d.number(), end: int(d.upTo(int64(len(s.ends) - 1))), n: d.number()}
		last = r.time
		if d.bad || r.n == 0 || r.time > math.MaxInt64/2/max(s.step, 1) || r.entry > 0 && r.entry >= r.time || r.n > s.n-known {
			return nil, false
		}
		if known += r.n; s.ends[r.end].ended {
			ended += r.n
		}
		s.runs = append(s.runs, r)
	}
	return s, !d.bad && len(d.rest) == 0 && s.step > 0 && known == s.n && ended <= s.ended && s.ended <= ended+s.unknown
}

// A decoder takes values off the front of an encoding. It is bad from the first that is not there on.
type decoder struct {
	rest []byte
	bad  bool
}

// number reads an integer that is not negative and half of what an int64 holds at most.
func (d *decoder) number() int64 { return d.upTo(math.MaxInt64 / 2) }

func (d *decoder) upTo(most int64) int64 {
	v, n := binary.Uvarint(d.rest)
	if n <= 0 || v > uint64(most) {
		d.bad, d.rest = true, nil
		return 0
	}
	d.rest = d.rest[n:]
	return int64(v)
}

// text reads a name, which may be empty.
func (d *decoder) text() string {
	n := d.upTo(min(ident.Longest, int64(len(d.rest))))
	if n > int64(len(d.rest)) {
		d.bad = true
		return ""
	}
	text := string(d.rest[:n])
	d.rest = d.rest[n:]
	if text != "" && ident.Check(text) != nil {
		d.bad = true
	}
	return text
}
