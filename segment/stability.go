package segment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Stability says how often memberships changed in a span of time, and changed back.
type Stability struct {
	Accounts int `json:"accounts"` // with a record in the span
	Moves    int `json:"moves"`    // changes of segment in the span, without an account's first entry
	Flaps    int `json:"flaps"`    // of Moves, those back into a segment that had been left shortly before
	Flapping int `json:"flapping"` // accounts with a flap
}

// FlapRate returns the share of moves that are flaps, 0 to 1, and false where nothing moved.
func (s Stability) FlapRate() (rate float64, ok bool) {
	if s.Moves == 0 {
		return 0, false
	}
	return float64(s.Flaps) / float64(s.Moves), true
}

// MeasureStability reads the memberships that a store keeps, as of instants in [from, to). A move is a flap if the account
// had left that segment at most within before, be that earlier than from.
//
// MeasureStability returns an error if:
//   - from or to is zero or outside of the years 1 to 9999, to is not after from, or within is not above 0 (*DataError);
//   - the store gives another account's record (*DataError), or a format newer than [Format] (ErrFormat);
//   - the store failed, or ctx ended.
func MeasureStability(ctx context.Context, store Assignments, within Duration, from, to time.Time) (Stability, error) {
	from, to = instant.Of(from), instant.Of(to)
	switch {
	case store == nil:
		return Stability{}, errors.New("segment: measure stability: the store is nil")
	case instant.Given(from) != nil:
		return Stability{}, dataError("", "from", instant.Given(from))
	case instant.Given(to) != nil:
		return Stability{}, dataError("", "to", instant.Given(to))
	case !from.Before(to):
		return Stability{}, &DataError{Field: "to", Message: "is not after from"}
	case within <= 0:
		return Stability{}, &DataError{Field: "within", Message: "must be above 0"}
	}
	var s Stability
	for account, err := range store.Accounts(ctx, "") {
		if err == nil {
			err = s.add(ctx, store, account, within, from, to)
		}
		if err != nil {
			return Stability{}, fmt.Errorf("segment: measure stability: %w", err)
		}
	}
	return s, nil
}

// add counts one account.
func (s *Stability) add(ctx context.Context, store Assignments, account string, within Duration, from, to time.Time) error {
	var flaps int
	var seen, entered bool // in the span; a segment
	var segment string
	left := make(map[string]time.Time) // when segments were left last
	for r, err := range store.Records(ctx, account, time.Time{}, to, time.Time{}) {
		if err == nil {
			err = readable("measure", account, "record", r)
		}
		if err != nil {
			return err
		}
		at, now := r.Verdict.AsOf, r.Membership.Segment
		inSpan := !at.Before(from)
		seen = seen || inSpan
		if now == segment {
			continue
		}
		if inSpan && entered {
			s.Moves++
			if last, ok := left[now]; ok && now != "" && at.Sub(last) <= time.Duration(within) {
				flaps++
			}
		}
		left[segment], segment, entered = at, now, true
	}
	if seen {
		s.Accounts++
	}
	if flaps > 0 {
		s.Flaps += flaps
		s.Flapping++
	}
	return nil
}
