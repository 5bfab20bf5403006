package segment

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Pin keeps an account in a segment until p.Until, as of p.From; it takes the place of a pin before it. Saying the same
// again as of the same instant returns the stored record.
//
// Pin returns an error if:
//   - the account's ID or the text of the pin can't be kept (*DataError);
//   - the scheme does not have the segment (*RefusedError, rule "segment"), the author or the reason is missing ("author",
//     "reason"), Until is not after From ("period"), or a record of a later instant is there ("in_order");
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - the store failed, or ctx ended.
func (r *Roster) Pin(ctx context.Context, account string, p Pin) (record Record, err error) {
	ctx, done := r.observe(ctx, Op{Name: "pin", Account: account})
	defer func() { done(err) }()
	if err := checkWord(account, p.By, p.Reason, p.From, p.Until); err != nil {
		return Record{}, err
	}
	p.From, p.Until = instant.Of(p.From), instant.Of(p.Until)
	refuse := func(rule, message, needs string) (Record, error) {
		return Record{}, &RefusedError{Account: account, Rule: rule, Message: message, Needs: needs}
	}
	switch {
	case !slices.Contains(r.model.segments, p.Segment):
		return refuse("segment", fmt.Sprintf("the scheme has no segment %q", p.Segment),
			"needs one of "+strings.Join(r.model.segments, ", "))
	case p.By == "":
		return refuse("author", "nobody answers for the pin", "needs By")
	case p.Reason == "":
		return refuse("reason", "the pin has no reason", "needs Reason")
	case !p.From.Before(p.Until):
		return refuse("period", "the pin ends before it begins", "needs Until after From")
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
//   - the account's ID or the author can't be kept (*DataError);
//   - no move is pending (*RefusedError, rule "pending"), the author is missing ("author"), or a record of a later
//     instant is there ("in_order");
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - the store failed, or ctx ended.
func (r *Roster) Approve(ctx context.Context, account, by string, at time.Time) (record Record, err error) {
	ctx, done := r.observe(ctx, Op{Name: "approve", Account: account})
	defer func() { done(err) }()
	if err := checkWord(account, by, "", at, at); err != nil {
		return Record{}, err
	}
	if by == "" {
		return Record{}, &RefusedError{account, "author", "nobody answers for the approval", "needs by"}
	}
	at = instant.Of(at)
	return r.update(ctx, "approve", account, func(last Record) (Record, error) {
		if at.Before(last.Verdict.AsOf) {
			return Record{}, refusedOrder(account, at, last.Verdict.AsOf)
		}
		prev := last.Membership
		if last.Verdict.Reason == Approved && prev.ApprovedBy == by && last.Verdict.AsOf.Equal(at) {
			return last, nil
		}
		if prev.PendingSince.IsZero() {
			return Record{}, &RefusedError{account, "pending", "no move is pending", "needs a membership that waits or is in review"}
		}
		v := r.model.verdict(account, at)
		v.Reason, v.Segment = Approved, prev.Pending
		prev.Approved, prev.ApprovedBy = prev.Pending, by
		return r.next(last, v, prev), nil
	})
}

func (p *Pin) same(q Pin) bool {
	return p != nil && p.Segment == q.Segment && p.By == q.By && p.Reason == q.Reason &&
		p.From.Equal(q.From) && p.Until.Equal(q.Until)
}

// checkWord checks what a person's word is stored with.
func checkWord(account, by, reason string, times ...time.Time) error {
	if err := ident.Check(account); err != nil {
		return &DataError{Account: account, Message: "the ID " + err.Error()}
	}
	if !utf8.ValidString(by) || !utf8.ValidString(reason) {
		return &DataError{Account: account, Field: "author or reason", Message: "is not valid UTF-8"}
	}
	for _, t := range times {
		if err := instant.Check(t); err != nil {
			return &DataError{Account: account, Field: "period", Message: err.Error()}
		}
	}
	return nil
}
