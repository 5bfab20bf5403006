package rfm

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/wire"
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
	e := wire.Encoder{Out: append([]byte{tallyFormat}, t.currency...)}
	e.Signed(t.asOf)
	for _, v := range []int64{t.window, t.earlier, t.later, int64(len(order))} {
		e.Number(v)
	}
	for _, h := range order {
		s := t.sums[h]
		e.Text(t.ids[h])
		e.Number(s.purchases)
		e.Number(s.refunds)
		if s.purchases > 0 {
			e.Number(t.asOf - s.last)
		}
		e.Out = t.total(h).AppendBinary(e.Out)
	}
	return e.Out, nil
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
	// One encoding for one tally: the order of accounts and the form of sums show here.
	if again, err := u.MarshalBinary(); err != nil || !bytes.Equal(again, data) {
		return fmt.Errorf("rfm: decode tally: %w", errTally)
	}
	*t = *u
	return nil
}

// decode returns nil for what is no tally. It does not look at the order of accounts.
func decode(data []byte) *Tally {
	if len(data) < 4 || data[0] != tallyFormat {
		return nil
	}
	d := wire.Decoder{Rest: data[4:]}
	asOf, window := d.Signed(), d.Number(math.MaxInt64/int64(time.Microsecond))
	t, err := NewTally(string(data[1:4]), instant.FromMicros(asOf), segment.Duration(time.Duration(window)*time.Microsecond))
	if err != nil {
		return nil
	}
	t.earlier, t.later = d.Number(mostCount), d.Number(mostCount)
	for range d.Count(6) {
		h, err := t.Intern(d.Name())
		if err != nil {
			return nil
		}
		s := sum{purchases: d.Number(mostCount), refunds: d.Number(mostCount)}
		if s.purchases > 0 {
			s.last = t.asOf - d.Number(t.asOf-instant.Micros(time.Time{})-1)
		}
		if d.Err != nil {
			return nil
		}
		var total amount.Total
		if total, d.Rest, err = amount.ReadTotal(d.Rest); err != nil {
			return nil
		}
		switch {
		case s.purchases+s.refunds == 0 || s.purchases > 0 && s.last <= t.after:
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
	if d.End() != nil {
		return nil
	}
	return t
}
