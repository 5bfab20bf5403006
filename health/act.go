package health

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Act appends a record of what was done about a risk, and returns it with its events. The record keeps score and standing
// of the account's last evaluation. Asked for the same act again it returns the stored record, so that an answer that was
// lost can be asked for once more.
//
// Act returns an error if:
//   - an ID, At or Reason of the act is missing or malformed, or its kind or alarm is none (*DataError);
//   - the account has no record yet (*RefusedError, rule "checked");
//   - there is no such risk (*RefusedError, rule "known_risk"), it is closed ("open_risk"), or nobody owns what is
//     mitigated ("owned_risk");
//   - the risk came into its state after At ("in_order"), or the account has 512 risks and this is one more ("at_most");
//   - a store gave what is another account's (*DataError), or a record of a format newer than [Format] (ErrFormat);
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - a store failed, or ctx ended.
func (m *Monitor) Act(ctx context.Context, account string, a Act) (r Record, err error) {
	ctx, end := m.begin(ctx, Op{Name: "act", Account: account})
	defer func() { end(err) }()
	if err := atDoor(account, a.At); err != nil {
		return Record{}, err
	}
	if field, cause := a.problem(); cause != "" {
		return Record{}, &DataError{Account: account, Field: "act: " + field, Message: cause}
	}
	a.At = instant.Of(a.At)
	return m.retry(func() (Record, error) { return m.act(ctx, account, a) })
}

// act is one attempt at an act.
func (m *Monitor) act(ctx context.Context, account string, a Act) (Record, error) {
	last, found, err := m.last(ctx, "act", account)
	if err != nil {
		return Record{}, err
	}
	if !found {
		return Record{}, &RefusedError{
			Account: account, Rule: "checked", Message: "the account has no record", Needs: "a check of the account",
		}
	}
	if !a.At.After(last.later(a)) {
		if r, done, err := m.done(ctx, account, a); done || err != nil {
			return r, err
		}
	}
	r := Record{
		Format: Format, Version: last.Version + 1, Recorded: m.recorded(last), Score: last.Score, Standing: last.Standing,
		Risks: slices.Clone(last.Risks), Act: &a,
	}
	if err := r.apply(a); err != nil {
		return Record{}, err
	}
	return m.append(ctx, "act", r)
}

// done finds the record of an act that was done already.
func (m *Monitor) done(ctx context.Context, account string, a Act) (Record, bool, error) {
	for r, err := range m.history.Records(ctx, account, time.Time{}, time.Time{}, time.Time{}) {
		if err != nil {
			return Record{}, false, fmt.Errorf("health: act %q: stored record: %w", account, err)
		}
		if err := r.belongs("act", account); err != nil {
			return Record{}, false, err
		}
		if r.Act != nil && *r.Act == a {
			return r, true, nil
		}
	}
	return Record{}, false, nil
}
