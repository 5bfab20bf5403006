package segment

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Pin keeps an account in a segment until p.Until, as of p.From; it takes the place of a pin before it. Saying the same
// again as of the same instant returns the stored record.
//
// Pin returns an error if:
//   - the account's ID, By, Reason, From or Until is missing or can't be kept, as texts over 1024 bytes, not UTF-8 or with a
//     NUL, or Until is not after From (*DataError);
//   - the scheme does not have the segment (*RefusedError, rule "segment"), or a record of a later instant is there
//     ("in_order");
//   - a stored record can't be gone on from, other writers were first, the store failed or ctx ended, as in [Roster.Check].
func (r *Roster) Pin(ctx context.Context, account string, p Pin) (record Record, err error) {
	ctx, end := r.begin(ctx, Op{Name: "pin", Account: account})
	defer func() { end(err) }()
	p.From, p.Until = instant.Of(p.From), instant.Of(p.Until)
	if err := p.check(account); err != nil {
		return Record{}, err
	}
	if !slices.Contains(r.model.segments, p.Segment) {
		return Record{}, &RefusedError{
			Account: account, Rule: "segment", Message: fmt.Sprintf("the scheme has no segment %q", p.Segment),
			Needs: "one of " + strings.Join(r.model.segments, ", "),
		}
	}
	return r.update(ctx, "pin", account, func(last Record) (Record, error) {
		if p.From.Before(last.Verdict.AsOf) {
			return Record{}, refusedOrder(account, p.From, last.Verdict.AsOf)
		}
		if last.Membership.Pin.same(p) && last.Verdict.AsOf.Equal(p.From) {
			return last, nil
		}
		v := r.model.verdict(account, p.From)
		v.Reason, v.Segment = Pinned, p.Segment
		prev := last.Membership
		prev.Pin = &p
		return r.next(last, v, prev), nil
	})
}

// Approve lets the pending move of an account happen as of an instant, whether it waits or is in review. Saying the same
// again as of the same instant returns the stored record.
//
// Approve returns an error if:
//   - the account's ID, by or at is missing or can't be kept, as for [Roster.Pin] (*DataError);
//   - no move is pending (*RefusedError, rule "pending"), or a record of a later instant is there ("in_order");
//   - a stored record can't be gone on from, other writers were first, the store failed or ctx ended, as in [Roster.Check].
func (r *Roster) Approve(ctx context.Context, account, by string, at time.Time) (Record, error) {
	return r.answer(ctx, "approve", account, at, answer{Approved, by, ""})
}

// Decline keeps an account where it is as of an instant, against its pending move, and says why. That move begins anew: it
// is pending from the next verdict that asks for it, waits for as long as For says, and is then in review again. [Roster.Pin]
// keeps an account for longer. Saying the same again as of the same instant returns the stored record.
//
// Decline returns errors as [Roster.Approve] does, and of reason as of by.
func (r *Roster) Decline(ctx context.Context, account, by, reason string, at time.Time) (Record, error) {
	return r.answer(ctx, "decline", account, at, answer{Declined, by, reason})
}

// An answer is what a person says to a pending move.
type answer struct {
	kind       Reason // Approved or Declined
	by, reason string // reason of Declined alone
}

// given reports whether a record holds it.
func (a answer) given(r Record) bool {
	d := r.Membership.Declined
	switch {
	case r.Verdict.Reason != a.kind:
		return false
	case a.kind == Approved:
		return r.Membership.ApprovedBy == a.by
	}
	return d != nil && d.By == a.by && d.Reason == a.reason
}

func (r *Roster) answer(ctx context.Context, verb, account string, at time.Time, a answer) (record Record, err error) {
	ctx, end := r.begin(ctx, Op{Name: verb, Account: account})
	defer func() { end(err) }()
	at = instant.Of(at)
	err = cmp.Or(
		dataError(account, "account", ident.Check(account)),
		dataError(account, "by", checkGiven(a.by)),
		dataError(account, "at", instant.Given(at)),
	)
	if err == nil && a.kind == Declined {
		err = dataError(account, "reason", checkGiven(a.reason))
	}
	if err != nil {
		return Record{}, err
	}
	return r.update(ctx, verb, account, func(last Record) (Record, error) {
		if at.Before(last.Verdict.AsOf) {
			return Record{}, refusedOrder(account, at, last.Verdict.AsOf)
		}
		prev := last.Membership
		if last.Verdict.AsOf.Equal(at) && a.given(last) {
			return last, nil
		}
		if prev.PendingSince.IsZero() {
			return Record{}, &RefusedError{
				Account: account, Rule: "pending", Message: "no move is pending", Needs: "a membership that waits or is in review",
			}
		}
		v := r.model.verdict(account, at)
		if v.Reason = a.kind; a.kind == Approved {
			v.Segment = prev.Pending
			prev.Approved, prev.ApprovedBy = prev.Pending, a.by
		} else {
			v.Segment = prev.Segment
			prev.Declined = &Decline{Segment: prev.Pending, By: a.by, Reason: a.reason, At: at}
		}
		return r.next(last, v, prev), nil
	})
}

func (p *Pin) same(q Pin) bool {
	return p != nil && p.Segment == q.Segment && p.By == q.By && p.Reason == q.Reason &&
		p.From.Equal(q.From) && p.Until.Equal(q.Until)
}

func (p *Pin) check(account string) error {
	err := cmp.Or(
		dataError(account, "account", ident.Check(account)),
		dataError(account, "by", checkGiven(p.By)),
		dataError(account, "reason", checkGiven(p.Reason)),
		dataError(account, "from", instant.Given(p.From)),
		dataError(account, "until", instant.Given(p.Until)),
	)
	if err == nil && !p.From.Before(p.Until) {
		err = dataError(account, "until", errors.New("is not after from"))
	}
	return err
}

// checkGiven checks a text that must be there.
func checkGiven(text string) error {
	if text == "" {
		return errors.New("is empty")
	}
	return ident.Text(text)
}
