package journey

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Options are a Tracker's. The zero value is the default.
type Options struct {
	Now     func() time.Time // recorded times; nil is time.Now
	Retries int              // after a conflict; 0 is 3
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

// A Tracker keeps accounts' journeys: a Model over a Log. It owns nothing that the host could not rebuild,
// starts no goroutine and is safe for concurrent use. Each method loads the track and appends what follows;
// a repeated call appends nothing. It returns an error if:
//   - the account's data is wrong (*DataError), or a rule forbids the step (*RefusedError);
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - the log failed, or ctx ended.
//
// Rules are "known_phase" and "known_name" (the map has no such phase, milestone or move), "approver" (of another role
// than the move's), "started" (it is under way), "under_way" (it is not), "in_order" (before what the journey has gone
// on to), "paused" (it is, or is not), and "stands" (no such evidence does).
type Tracker struct {
	model *Model
	log   Log
	opts  Options
}

// NewTracker returns a Tracker. It returns an error if the model or the log is nil.
func NewTracker(m *Model, l Log, o Options) (*Tracker, error) {
	if m == nil {
		return nil, errors.New("journey: new tracker: the model is nil")
	}
	if l == nil {
		return nil, errors.New("journey: new tracker: the log is nil")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Retries == 0 {
		o.Retries = 3
	}
	return &Tracker{m, l, o}, nil
}

// Check loads the account's track into in, decides as of an instant and appends the decision's events.
// A signal observed earlier than what is known already is a late observation: it re-folds needs and clocks.
// Before the start nothing is appended. An instant before the account entered its phase is refused ("in_order").
func (t *Tracker) Check(ctx context.Context, in Input, asOf time.Time) (Decision, error) {
	var d Decision
	err := t.run(ctx, "check", in.Account, func(ctx context.Context) ([]Event, history, error) {
		h, err := t.load(ctx, in.Account, asOf)
		if err != nil {
			return nil, h, err
		}
		if h.fact.After(asOf) {
			return nil, h, h.inOrder(in.Account, asOf)
		}
		d, err = t.decide(ctx, in, h, asOf)
		return d.Events, h, err
	})
	if err != nil {
		return Decision{}, err
	}
	return d, nil
}

// maxRounds bounds how often the clocks are looked at anew after late observations have changed them. Two settle them:
// a late observation can extend a run of a need back to itself, and then break a silence in it.
const maxRounds = 3

// decide records what was observed, late or not, and decides on the track that this leaves.
func (t *Tracker) decide(ctx context.Context, in Input, h history, asOf time.Time) (Decision, error) {
	in.Track = h.Track
	d, err := t.model.decider(&in, asOf)
	if err != nil {
		return Decision{}, err
	}
	var edges []edge
	var observed []Event
	log := followed(t.log.Events(ctx, in.Account, 0), h.Version, &observed)
	for range maxRounds {
		late, err := t.late(d, log)
		if err != nil {
			return Decision{}, err
		}
		more := append(t.model.edges(&d.track, d.observed, d.asOf), late...)
		if len(more) == 0 {
			break
		}
		edges = append(edges, more...)
		sortEdges(edges)
		observed = make([]Event, len(edges))
		for i := range edges {
			observed[i] = edges[i].event()
			t.model.complete(&observed[i], in.Account, h.Version+int64(i)+1, latest(d.asOf, h.Last))
		}
		now, err := replay(log, asOf, time.Time{})
		if err != nil {
			return Decision{}, err
		}
		d.track = now.Track
	}
	d.makeMoves()
	decision := d.decision()
	decision.Events = append(observed, decision.Events...)
	return decision, nil
}

// late returns the edges of observations from before the present state of their clocks: each is held against the
// state of its own instant.
func (t *Tracker) late(d *decider, log iter.Seq2[Event, error]) ([]edge, error) {
	if !t.model.watched(d.track.Phase) {
		return nil, nil
	}
	var edges []edge
	for i := range t.model.clocks {
		c := &t.model.clocks[i]
		o := &d.observed[c.signal]
		now := d.track.need(c.key)
		at := o.at(d.asOf)
		if !o.Known || !now.late(at) {
			continue
		}
		then, err := replay(log, at, time.Time{})
		if err != nil {
			return nil, err
		}
		es, n := c.step(then.need(c.key), o, at)
		edges = append(edges, es[:n]...)
	}
	return edges, nil
}

// followed returns the first n events of a sequence and then more, as that is when a range begins.
func followed(events iter.Seq2[Event, error], n int64, more *[]Event) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		left := n
		for e, err := range events {
			if left--; left < 0 {
				break
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
		for _, e := range *more {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// load replays an account's log.
func (t *Tracker) load(ctx context.Context, account string, asOf time.Time) (history, error) {
	h, err := replay(t.log.Events(ctx, account, 0), asOf, time.Time{})
	return h, placed(err, account)
}

// placed names the account in an error that came before the first event told it.
func placed(err error, account string) error {
	var data *DataError
	if errors.As(err, &data) && data.Account == "" {
		return &DataError{account, data.Field, data.Message}
	}
	return err
}

// run proposes events and appends them, and begins anew when another writer was first.
func (t *Tracker) run(ctx context.Context, op, account string,
	propose func(context.Context) ([]Event, history, error)) (err error) {
	if t.opts.Observe != nil {
		var done func(error)
		if ctx, done = t.opts.Observe(ctx, Op{Name: op, Account: account}); done != nil {
			defer func() { done(err) }()
		}
	}
	for try := 0; ; try++ {
		events, h, err := propose(ctx)
		if err == nil && len(events) > 0 {
			err = t.save(ctx, account, h, events)
		}
		if err == nil || isOwn(err) {
			return err
		}
		if !errors.Is(err, ErrConflict) || try >= t.opts.Retries {
			return fmt.Errorf("journey: %s %q: %w", op, account, err)
		}
	}
}

// save appends events as recorded now.
func (t *Tracker) save(ctx context.Context, account string, h history, events []Event) error {
	recorded := latest(instant.Of(t.opts.Now()), h.Last)
	if err := checkInstant(recorded); err != nil {
		return fmt.Errorf("the present %w", err)
	}
	for i := range events {
		events[i].Recorded = recorded
	}
	return t.log.Append(ctx, account, h.Version, events...)
}
