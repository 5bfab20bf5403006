package rfm

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/segment"
)

// tallyFormat is the first byte of an encoded tally.
const tallyFormat = 1

// mostCount is how many transactions an encoding may claim: sums of many such counts don't overflow.
const mostCount = math.MaxInt64 >> 16

var errTally = errors.New("is not an encoded tally")

// MarshalBinary returns the encoding of the tally: equal transactions have equal bytes.
//
// After the format come the currency in three bytes, then as varints the instant and the window in microseconds, the
// transactions left out as earlier and later, and the number of accounts; and of each account, in order of ID, the length
// of the ID, the ID, the purchases, the refunds, how long before the instant the last purchase was, and the sum.
func (t *Tally) MarshalBinary() ([]byte, error) {
	if t.currency == "" {
		return nil, errors.New("rfm: encode tally: the tally is not made by NewTally")
	}
	order := t.order()
	dst := append([]byte{tallyFormat}, t.currency...)
	for _, v := range []int64{t.asOf, t.window, t.earlier, t.later, int64(len(order))} {
		dst = binary.AppendVarint(dst, v)
	}
	for _, h := range order {
		s, id := t.sums[h], t.ids[h]
		dst = append(binary.AppendVarint(dst, int64(len(id))), id...)
		dst = binary.AppendVarint(binary.AppendVarint(dst, s.purchases), s.refunds)
		if s.purchases > 0 {
			dst = binary.AppendVarint(dst, t.asOf-s.last)
		}
		dst = t.total(h).AppendBinary(dst)
	}
	return dst, nil
}

// UnmarshalBinary replaces the tally by the one that [Tally.MarshalBinary] encoded, or leaves it as it was and returns an
// error: [ErrFormat] for that of a newer release. It reads no other bytes than those that MarshalBinary writes.
func (t *Tally) UnmarshalBinary(data []byte) error {
	if len(data) > 0 && data[0] > tallyFormat {
		return fmt.Errorf("rfm: decode tally: format %d: %w", data[0], ErrFormat)
	}
	u := decode(data)
	if u == nil {
		return fmt.Errorf("rfm: decode tally: %w", errTally)
	}
	// One encoding for one tally: order, form of numbers and what is left over show here.
	if again, err := u.MarshalBinary(); err != nil || !bytes.Equal(again, data) {
		return fmt.Errorf("rfm: decode tally: %w", errTally)
	}
	*t = *u
	return nil
}

// decode returns nil for what is no tally. It does not look at the order of accounts, nor at what follows them.
func decode(data []byte) *Tally {
	if len(data) < 4 || data[0] != tallyFormat {
		return nil
	}
	r := reader{rest: data[4:]}
	asOf, window := r.varint(), r.varint()
	if window < 0 || window > math.MaxInt64/int64(time.Microsecond) {
		return nil
	}
	t, err := NewTally(string(data[1:4]), instant.FromMicros(asOf), segment.Duration(time.Duration(window)*time.Microsecond))
	if err != nil {
		return nil
	}
	t.earlier, t.later = r.count(), r.count()
	for range r.count() {
		h, err := t.Intern(string(r.take(r.count())))
		if r.bad || err != nil {
			return nil
		}
		s := sum{purchases: r.count(), refunds: r.count()}
		if s.purchases > 0 {
			s.last = t.asOf - r.count()
		}
		total := r.total()
		switch {
		case r.bad || s.purchases+s.refunds == 0:
			return nil
		case s.purchases > 0 && (s.last <= t.after || instant.Given(instant.FromMicros(s.last)) != nil):
			return nil
		case s.refunds == 0 && total.Sign() < 0 || s.purchases == 0 && total.Sign() >= 0:
			return nil
		}
		if minor, ok := t.minor(total.Sum()); ok && total.Sum().Exponent() == -t.places {
			s.minor = minor
		} else {
			*t.more(h) = total
		}
		t.sums[h] = s
	}
	if r.bad {
		return nil
	}
	return t
}

// A reader takes values off the front of an encoding. It is bad from the first that is not there on.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.rest)
	if n <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// count reads what is neither negative nor absurd.
func (r *reader) count() int64 {
	v := r.varint()
	if v < 0 || v > mostCount {
		r.bad, r.rest = true, nil
		return 0
	}
	return v
}

func (r *reader) take(n int64) []byte {
	if n > int64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return nil
	}
	head := r.rest[:n]
	r.rest = r.rest[n:]
	return head
}

func (r *reader) total() amount.Total {
	t, rest, err := amount.ReadTotal(r.rest)
	if err != nil {
		r.bad = true
	}
	r.rest = rest
	return t
}
