package timetovalue

import (
	"errors"
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/wire"
)

// sampleFormat is the first byte of an encoded sample.
const sampleFormat = 1

var errSample = errors.New("is not an encoded sample")

// MarshalBinary returns the encoding of the sample: equal cases have equal bytes, whatever the order in which they came.
func (s *Sample) MarshalBinary() ([]byte, error) {
	s.settle()
	e := wire.Encoder{Out: []byte{sampleFormat}}
	e.Number(int64(len(s.runs)))
	last := clock(0)
	for _, r := range s.runs {
		e.Number(int64(r.clock - last))
		e.Number(int64(r.n))
		last = r.clock
	}
	return e.Out, nil
}

// UnmarshalBinary replaces the sample by the one that [Sample.MarshalBinary] encoded, or leaves it as it was and returns
// an error: [ErrFormat] for that of a newer release. It reads no other bytes than those that MarshalBinary writes.
func (s *Sample) UnmarshalBinary(data []byte) error {
	if len(data) > 0 && data[0] > sampleFormat {
		return fmt.Errorf("timetovalue: decode sample: format %d: %w", data[0], ErrFormat)
	}
	t, ok := decode(data)
	if !ok {
		return fmt.Errorf("timetovalue: decode sample: %w", errSample)
	}
	*s = t
	return nil
}

func decode(data []byte) (s Sample, ok bool) {
	if len(data) == 0 || data[0] != sampleFormat {
		return Sample{}, false
	}
	d := wire.Decoder{Rest: data[1:]}
	last := clock(0)
	for i := range d.Count(2) {
		apart := d.Number(int64(newClock(mostDays, mostDays, unverified) - last))
		r := run{clock: last + clock(apart), n: int(d.Number(int64(mostCases - s.n)))}
		if d.Err != nil || i > 0 && apart == 0 || r.n == 0 || r.clock.entry() > r.clock.time() {
			return Sample{}, false
		}
		s.n += r.n
		s.runs = append(s.runs, r)
		last = r.clock
	}
	return s, d.End() == nil
}
