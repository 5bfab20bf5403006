package health

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Options are a Monitor's. The zero value is the default.
type Options struct {
	Now     func() time.Time // recorded times; nil is time.Now
	Retries int              // after a conflict; 0 is 3, below 0 none
	Observe Observer         // nil is silent
}

// An Observer is told of each operation before it starts; the function that it returns, of its end.
// It may put a span into the context. It must be safe for concurrent use.
type Observer func(ctx context.Context, op Op) (context.Context, func(error))

// An Op is an operation of a service.
type Op struct {
	Name    string // such as "check"
	Account string // "" for an operation over many
	Done    int    // accounts done so far, in an operation over many
}

// A Monitor scores accounts, follows their risks and keeps what came out: a Model over a Source and a History.
// It owns nothing that the host could not rebuild, starts no goroutine and is safe for concurrent use.
type Monitor struct {
	model   *Model
	source  Source
	history History
	now     func() time.Time
	retries int
	observe Observer
}

// NewMonitor returns a Monitor. It returns an error if the model or a store is nil.
func NewMonitor(m *Model, s Source, h History, o Options) (*Monitor, error) {
	switch {
	case m == nil:
		return nil, errors.New("health: new monitor: the model is nil")
	case s == nil:
		return nil, errors.New("health: new monitor: the source is nil")
	case h == nil:
		return nil, errors.New("health: new monitor: the history is nil")
	}
	monitor := &Monitor{model: m, source: s, history: h, now: o.Now, retries: o.Retries, observe: o.Observe}
	if monitor.now == nil {
		monitor.now = time.Now
	}
	if monitor.retries == 0 {
		monitor.retries = 3
	}
	return monitor, nil
}

// Check reads an account's input as of an instant, scores it, settles it against the last record, appends the new
// record and returns it with its events. Asked again for the same instant it returns the stored record.
//
// Check returns an error if:
//   - the source does not know the account, or its data is wrong (*DataError);
//   - a store gave what is another account's (*DataError), or a record of a format newer than [Format] (ErrFormat);
//   - a record of a later instant is there, and none of this one (*RefusedError, rule "in_order");
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - a store failed, or ctx ended.
func (m *Monitor) Check(ctx context.Context, account string, asOf time.Time) (Record, error) {
	return m.check(ctx, Op{Name: "check", Account: account}, asOf, nil)
}

// begin tells the observer of an operation. What it returns is never nil.
func (m *Monitor) begin(ctx context.Context, op Op) (context.Context, func(error)) {
	observed, end := ctx, func(error) {}
	if m.observe != nil {
		observed, end = m.observe(ctx, op)
	}
	if observed == nil {
		observed = ctx
	}
	if end == nil {
		end = func(error) {}
	}
	return observed, end
}

// check is Check with what was read ahead.
func (m *Monitor) check(ctx context.Context, op Op, asOf time.Time, inputs *ahead) (r Record, err error) {
	ctx, end := m.begin(ctx, op)
	defer func() { end(err) }()
	if err := atDoor(op.Account, asOf); err != nil {
		return Record{}, err
	}
	asOf = instant.Of(asOf)
	return m.retry(func() (Record, error) { return m.advance(ctx, op.Account, asOf, inputs) })
}

// retry attempts again after a conflict.
func (m *Monitor) retry(attempt func() (Record, error)) (Record, error) {
	for tries := 0; ; tries++ {
		r, err := attempt()
		if !errors.Is(err, ErrConflict) || tries >= m.retries {
			return r, err
		}
	}
}

// advance is one attempt at a check.
func (m *Monitor) advance(ctx context.Context, account string, asOf time.Time, inputs *ahead) (Record, error) {
	last, found, err := m.last(ctx, "check", account)
	if err != nil {
		return Record{}, err
	}
	if found && !last.Score.AsOf.Before(asOf) {
		return m.stored(ctx, last, asOf)
	}
	in, recorded, err := m.input(ctx, account, asOf, last, inputs)
	if err != nil {
		return Record{}, err
	}
	score, err := m.model.Score(in, asOf)
	if err != nil {
		return Record{}, err
	}
	return m.append(ctx, "check", m.model.next(&last, score, recorded))
}

// input returns an account's input, and when that was known, which is never earlier than the last record's.
func (m *Monitor) input(
	ctx context.Context, account string, asOf time.Time, last Record, inputs *ahead,
) (in Input, recorded time.Time, err error) {
	known := false
	if item, ok := inputs.of(account, last.Recorded); ok {
		recorded, err = inputs.knownAt, item.Err
		if known = item.Input != nil; known {
			in = *item.Input
		}
	} else {
		recorded = m.recorded(last)
		in, known, err = m.source.Input(ctx, account, asOf, recorded)
	}
	switch {
	case err != nil:
		err = fmt.Errorf("health: check %q: read input: %w", account, err)
	case !known:
		err = &DataError{Account: account, Message: "is not known to the source"}
	case in.Account != account:
		err = &DataError{Account: account, Field: "input", Message: fmt.Sprintf("is of account %q", check.Clip(in.Account))}
	}
	return in, recorded, err
}

// next returns the record of an evaluation after the one before, which is zero if there is none.
func (m *Model) next(before *Record, s Score, recorded time.Time) Record {
	r := Record{Format: Format, Version: before.Version + 1, Recorded: recorded, Score: s, Risks: slices.Clone(before.Risks)}
	r.Standing = m.Settle(before.Standing, s)
	r.Events = m.happened(before, &r)
	m.alarm(&r)
	return r
}

// last reads and checks the account's last record.
func (m *Monitor) last(ctx context.Context, verb, account string) (Record, bool, error) {
	last, found, err := m.history.Last(ctx, account)
	if err != nil {
		return Record{}, false, fmt.Errorf("health: %s %q: last record: %w", verb, account, err)
	}
	if found {
		err = last.belongs(verb, account)
	}
	return last, found, err
}

// recorded is the time of a record, never earlier than that of the one before.
func (m *Monitor) recorded(last Record) time.Time {
	if now := instant.Of(m.now()); now.After(last.Recorded) {
		return now
	}
	return last.Recorded
}

func (m *Monitor) append(ctx context.Context, verb string, r Record) (Record, error) {
	if err := m.history.Append(ctx, r.Score.Account, r.Version-1, r); err != nil {
		return Record{}, fmt.Errorf("health: %s %q: append record: %w", verb, r.Score.Account, err)
	}
	return r, nil
}

// stored returns the evaluation of an instant that is not after the last record's.
func (m *Monitor) stored(ctx context.Context, last Record, asOf time.Time) (Record, error) {
	if last.Score.AsOf.Equal(asOf) && last.Act == nil {
		return last, nil
	}
	account := last.Score.Account
	for r, err := range m.history.Records(ctx, account, asOf, asOf.Add(time.Microsecond), time.Time{}) {
		if err != nil {
			return Record{}, fmt.Errorf("health: check %q: stored record: %w", account, err)
		}
		if err := r.belongs("check", account); err != nil {
			return Record{}, err
		}
		if r.Act == nil {
			return r, nil
		}
	}
	at := last.Score.AsOf.Format(time.RFC3339Nano)
	return Record{}, &RefusedError{
		Account: account, Rule: "in_order",
		Message: "there is a record as of " + at + " and none as of " + asOf.Format(time.RFC3339Nano),
		Needs:   "an instant after " + at,
	}
}

// belongs checks that a stored record is one of the account's that this release can read.
func (r *Record) belongs(verb, account string) error {
	if r.Format > Format {
		return fmt.Errorf("health: %s %q: record %d: format %d: %w", verb, account, r.Version, r.Format, ErrFormat)
	}
	if r.Score.Account != account {
		return &DataError{
			Account: account, Field: fmt.Sprintf("record %d", r.Version),
			Message: fmt.Sprintf("is of account %q", check.Clip(r.Score.Account)),
		}
	}
	return nil
}
