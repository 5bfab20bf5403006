package timetovalue

import (
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// An Anchor is where a clock starts.
type Anchor string

const (
	Signature Anchor = "signature" // of the contract
	KickOff   Anchor = "kick_off"  // of the work with the customer
	GoLive    Anchor = "go_live"   // of the product at the customer
)

// A Kind of value.
type Kind string

const (
	Technical Kind = "technical" // it works, and is used
	Business  Kind = "business"  // the customer has what they came for
)

// An Achievement is a desired outcome that an account achieved.
type Achievement struct {
	Outcome  string
	Kind     Kind
	Achieved time.Time
	Verified time.Time // when it was found to be true, at or after Achieved; zero: not yet
	Rejected time.Time // when it was found not to be, at or after Achieved; zero: it was not. The later of the two stands
}

// A History is what happened to an account.
type History struct {
	Account string
	Segment string // "" is one, too
	Cohort  string // such as the quarter of the signature; "" is one, too

	Signature, KickOff, GoLive time.Time // zero: not yet
	Watched                    time.Time // since when this is recorded, for accounts that began earlier; zero: from the start
	Left                       time.Time // zero: not
	Achievements               []Achievement
}

// Case returns the clock of an account as known at asOf, inclusive, from an anchor to the first achievement of a kind.
// It is false where the clock has not begun by then, where the account left before it began, and where it ended before the
// account came under watch, since those who left as early are not in the records.
//
// The first verified achievement stops the clock when it was achieved, at the anchor where that was before it. Where none is
// verified, the first that waits for it makes the case pending: it is watched until it was achieved and no longer, since
// what comes to be known of it later changes the past. What is achieved after leaving does not count.
//
// Instants are truncated to microseconds first.
//
// Case returns a [DataError] if the account's ID is none, the anchor or the kind is unknown, asOf is zero, or an achievement
// has no name or time, or is verified or rejected before it was achieved.
func (h History) Case(from Anchor, kind Kind, asOf time.Time) (Case, bool, error) {
	wrong := func(field, message string) (Case, bool, error) {
		return Case{}, false, &DataError{Account: h.Account, Field: field, Message: message}
	}
	if err := ident.Check(h.Account); err != nil {
		return wrong("", err.Error())
	}
	var anchor time.Time
	switch from {
	case Signature:
		anchor = h.Signature
	case KickOff:
		anchor = h.KickOff
	case GoLive:
		anchor = h.GoLive
	default:
		return wrong("anchor", fmt.Sprintf("%q is unknown", from))
	}
	if kind != Technical && kind != Business {
		return wrong("kind", fmt.Sprintf("%q is unknown", kind))
	}
	if err := instant.Given(asOf); err != nil {
		return wrong("as of", err.Error())
	}
	asOf, anchor, h.Left, h.Watched = instant.Of(asOf), instant.Of(anchor), instant.Of(h.Left), instant.Of(h.Watched)
	achievements := slices.Clone(h.Achievements)
	for i := range achievements {
		a := &achievements[i]
		a.Achieved, a.Verified, a.Rejected = instant.Of(a.Achieved), instant.Of(a.Verified), instant.Of(a.Rejected)
		if message := a.check(); message != "" {
			return wrong(fmt.Sprintf("achievement %q", a.Outcome), message)
		}
	}
	known := func(t time.Time) bool { return !t.IsZero() && !t.After(asOf) }
	if !known(anchor) || known(h.Left) && h.Left.Before(anchor) {
		return Case{}, false, nil
	}
	c := Case{Account: h.Account, Segment: h.Segment, Cohort: h.Cohort, From: anchor, Watched: h.Watched, Seen: asOf}
	var pending time.Time
	for _, a := range achievements {
		if a.Kind != kind || !known(a.Achieved) || known(h.Left) && a.Achieved.After(h.Left) {
			continue
		}
		at := a.Achieved
		if at.Before(anchor) {
			at = anchor
		}
		switch rejected := known(a.Rejected) && !(known(a.Verified) && a.Verified.After(a.Rejected)); {
		case rejected:
		case known(a.Verified):
			c.Value = earlier(c.Value, at)
		default:
			pending = earlier(pending, at)
		}
	}
	end := c.Seen
	switch {
	case !c.Value.IsZero():
		end = c.Value
	case !pending.IsZero():
		c.Pending, c.Seen = true, pending
		end = pending
	case known(h.Left):
		c.Left = h.Left
		end = h.Left
	}
	if end.Before(h.Watched) {
		return Case{}, false, nil
	}
	return c, true, nil
}

// earlier is the earlier of two instants, of which the first may be zero.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// check returns what is wrong with an achievement, or "".
func (a *Achievement) check() string {
	if err := ident.Check(a.Outcome); err != nil {
		return err.Error()
	}
	if a.Kind != Technical && a.Kind != Business {
		return fmt.Sprintf("kind %q is unknown", a.Kind)
	}
	if err := instant.Given(a.Achieved); err != nil {
		return "time " + err.Error()
	}
	for _, t := range []time.Time{a.Verified, a.Rejected} {
		if !t.IsZero() && t.Before(a.Achieved) {
			return "verified or rejected before it was achieved"
		}
	}
	return ""
}
