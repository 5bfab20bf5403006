package segment

import (
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Settle folds a verdict into the account's membership, as Stay, For, Review and pins let it change. It is pure, and
// settling twice at one instant changes nothing. The zero Membership is that of an account never classified.
//
//   - A verdict of before prev.AsOf changes nothing.
//   - A pin in force decides. When it has ended the account is where it was pinned, and is settled as usual from there.
//   - A verdict that depends on a failed fact keeps the membership and what is pending.
//   - An account that is in no segment of the scheme enters the verdict's at once.
//   - A Stay holds against a lower segment, and against leaving all.
//   - Any other move is pending from the first verdict that asks for it to the first that asks for something else. It
//     happens when For has passed and, where Review says so, a person has approved; an approved one happens at once, and a
//     declined one is pending no longer.
func (m *Model) Settle(prev Membership, v Verdict) Membership {
	asOf := instant.Of(v.AsOf)
	if asOf.Before(prev.AsOf) {
		return prev
	}
	next := prev
	next.AsOf = asOf
	next.Pin, next.Declined = copied(prev.Pin), copied(prev.Declined)
	if p := next.Pin; p != nil {
		if !asOf.Before(p.From) && asOf.Before(p.Until) {
			next.move(p.Segment, Pinned, asOf)
			return next
		}
		if !asOf.Before(p.Until) {
			next.Pin = nil
		}
	}
	from, to := m.rank(prev.Segment), m.rank(v.Segment)
	switch {
	case v.Reason == Error:
		if prev.Reason != InReview {
			next.Reason = Error
		}
		return next
	case v.Segment == prev.Segment:
		next.settled(v.Reason)
		return next
	case from == len(m.segments):
		next.move(v.Segment, v.Reason, asOf)
		return next
	case to > from && slices.Contains(v.Stays, prev.Segment):
		next.settled(Held)
		return next
	}
	if prev.PendingSince.IsZero() || prev.Pending != v.Segment {
		next.Pending, next.PendingSince = v.Segment, asOf
	}
	switch {
	case v.Reason == Approved || v.Segment != "" && prev.Approved == v.Segment:
		next.move(v.Segment, v.Reason, asOf)
	case asOf.Sub(next.PendingSince) < time.Duration(m.def.For):
		next.Reason = Waiting
	case to > from && m.def.Review == ReviewDown:
		next.Reason = InReview
	default:
		next.move(v.Segment, v.Reason, asOf)
	}
	return next
}

// settled ends what was pending: the account is where it should be.
func (s *Membership) settled(why Reason) {
	s.Reason, s.Pending, s.PendingSince = why, "", time.Time{}
	if s.Approved != s.Segment {
		s.Approved, s.ApprovedBy = "", ""
	}
}

// move puts the account into a segment.
func (s *Membership) move(segment string, why Reason, asOf time.Time) {
	if s.Segment != segment {
		s.Segment, s.Since, s.Declined = segment, asOf, nil
	}
	s.settled(why)
}
