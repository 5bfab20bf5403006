package journey

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Options are a Tracker's. The zero value is the default.
type Options struct {
	Now     func() time.Time // recorded times; nil is time.Now
	Retries int              // after a conflict; 0 is 3, below 0 none
	Observe Observer         // nil is silent
}

// An Observer is told of each operation before it starts; the function that it returns, of its end.
// It may put a span into the context. It must be safe for concurrent use. What it returns may be nil.
type Observer func(ctx context.Context, op Op) (context.Context, func(error))

// An Op is an operation of a service.
type Op struct {
	Name    string // such as "check"
	Account string
}

// A Tracker keeps accounts' journeys: a Model over a Log. It owns nothing that the host could not rebuild,
// starts no goroutine and is safe for concurrent use. Each method loads the track and appends what follows;
// a repeated call appends nothing. It returns an error if:
//   - an argument, the account's data or its log is wrong (*DataError), or a rule forbids the step (*RefusedError);
//   - an event in the log has a format above [Format] (ErrFormat);
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - the log failed, or ctx ended.
//
// Rules are "known_phase" and "known_name" (the map has no such phase, milestone or move), "approver" (of another role
// than the move's), "started" (it is under way), "under_way" (it is not), "in_order" (before what the journey has gone
// on to), "paused" (it is, or is not), "stands" (no such evidence does), and "pinned" (it goes by another map).
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
//
// Act on the moves in Made and Events: where a call ended between appending and returning, the next as of the same
// instant has its moves in Made, with their IDs, by which what was done already is known.
func (t *Tracker) Check(ctx context.Context, in Input, asOf time.Time) (Decision, error) {
	var d Decision
	err := t.run(ctx, "check", in.Account, func(ctx context.Context) ([]Event, *history, error) {
		h, err := t.load(ctx, in.Account, asOf)
		if err != nil {
			return nil, h, err
		}
		if err := t.pinned(h, in.Account); err != nil {
			return nil, h, err
		}
		if h.fact.After(asOf) {
			return nil, h, h.inOrder(in.Account, asOf)
		}
		d, err = t.decide(ctx, in, h)
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
func (t *Tracker) decide(ctx context.Context, in Input, h *history) (Decision, error) {
	in.Track = h.Track
	observed, err := t.model.observe(&in, h.AsOf)
	if err != nil {
		return Decision{}, err
	}
	d := decider{&in, micros(h.AsOf), observed, t.model.position(&in.Track, in.Segment, new(room))}
	s := step{now: d.now, after: h.Version, last: micros(h.Last)}
	var events []Event
	log := followed(t.log.Events(ctx, in.Account, 0), h.Version, &events)
	for round := range maxRounds {
		late, err := t.late(&d, log)
		if err != nil {
			return Decision{}, err
		}
		more := append(d.position.edges(nil, observed, d.now), late...)
		if len(more) == 0 {
			break
		}
		s.edges = append(s.edges, more...)
		sortEdges(s.edges)
		events = s.events(nil, &d.position, in.Account)
		if round == 0 && s.edges[0].at >= micros(h.happened) {
			d.position.change(s.edges)
			in.Track.follow(events)
			continue
		}
		now := history{Track: Track{Account: in.Account, AsOf: h.AsOf}}
		if err := now.read(log); err != nil { // which goes on with the events
			return Decision{}, err
		}
		in.Track = now.Track
		d.position = t.model.position(&in.Track, in.Segment, new(room))
	}
	s.moves = d.position.makeMoves(nil, d.now)
	told := len(events)
	events = s.events(events, &d.position, in.Account)
	in.Track.follow(events[told:])
	r := d.decision(s.moves)
	r.Events, r.Made, r.Signals = events, h.made, observed
	return r, nil
}

// late returns the edges of observations from before the present state of their clocks: each is held against the
// state of its own instant.
func (t *Tracker) late(d *decider, log iter.Seq2[Event, error]) ([]edge, error) {
	if !d.position.watched() {
		return nil, nil
	}
	var edges []edge
	for i := range t.model.clocks {
		c := &t.model.clocks[i]
		o := d.observed[c.signal].observation(d.now)
		if !o.known || !d.position.clocks[i].late(o.at) {
			continue
		}
		at := timeOf(o.at)
		then := history{Track: Track{Account: d.in.Account, AsOf: at}}
		if err := then.read(log); err != nil {
			return nil, err
		}
		state := then.need(c.key)
		edges = c.step(edges, state.clock(), o, o.at)
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
func (t *Tracker) load(ctx context.Context, account string, asOf time.Time) (*history, error) {
	h := &history{Track: Track{Account: account, AsOf: asOf}}
	return h, h.read(t.log.Events(ctx, account, 0))
}

// run proposes events and appends them, and begins anew when another writer was first.
func (t *Tracker) run(ctx context.Context, op, account string,
	propose func(context.Context) ([]Event, *history, error)) (err error) {
	ctx, end := t.begin(ctx, Op{Name: op, Account: account})
	defer func() { end(err) }()
	if err := ident.Check(account); err != nil {
		return &DataError{account, "account", err.Error()}
	}
	for try := 0; ; try++ {
		events, h, err := propose(ctx)
		if isOwn(err) {
			return err
		}
		if err != nil {
			return fmt.Errorf("journey: %s %q: read events: %w", op, account, err)
		}
		if len(events) == 0 {
			return nil
		}
		err = t.save(ctx, account, h, events)
		if err == nil {
			return nil
		}
		if !errors.Is(err, ErrConflict) || try >= t.opts.Retries {
			return fmt.Errorf("journey: %s %q: append events: %w", op, account, err)
		}
	}
}

// save appends events as recorded now.
func (t *Tracker) save(ctx context.Context, account string, h *history, events []Event) error {
	recorded := latest(instant.Of(t.opts.Now()), h.Last)
	if err := instant.Given(recorded); err != nil {
		return fmt.Errorf("the present %w", err)
	}
	for i := range events {
		events[i].Recorded = recorded
	}
	return t.log.Append(ctx, account, h.Version, events...)
}

// begin tells the observer of an operation. Neither of what it returns is nil, even if what the observer returns is.
func (t *Tracker) begin(ctx context.Context, op Op) (context.Context, func(error)) {
	end := func(error) {}
	if t.opts.Observe == nil {
		return ctx, end
	}
	observed, observedEnd := t.opts.Observe(ctx, op)
	if observed != nil {
		ctx = observed
	}
	if observedEnd != nil {
		end = observedEnd
	}
	return ctx, end
}
