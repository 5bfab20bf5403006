package journey

import (
	"context"
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// A Migration says where accounts in flight go when a map is changed. Phases that it does not name keep their names.
// What accounts have reached goes with them: the clocks of needs, evidence, passes and times are known by name.
type Migration struct {
	Phases []Rename `json:"phases,omitempty"`
}

// A Rename takes the accounts of a phase of the old map to one of the new.
type Rename struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Check returns an error (*InvalidError with every problem, each with its place in the migration) unless every phase of
// the old map leads to one of the new: a phase in use can't vanish.
func (g Migration) Check(from, to *Model) error {
	var list problem.List
	named := make(map[string]bool)
	for i, r := range g.Phases {
		if from.phase(r.From) == nil {
			list.Addf(problem.Pointer("phases", i, "from"), "the old map has no phase %q", r.From)
		}
		if to.phase(r.To) == nil {
			list.Addf(problem.Pointer("phases", i, "to"), "the new map has no phase %q", r.To)
		}
		if named[r.From] {
			list.Addf(problem.Pointer("phases", i, "from"), "%q is there already", r.From)
		}
		named[r.From] = true
	}
	for i := range from.phases {
		if name := from.phases[i].def.Name; !named[name] && to.phase(name) == nil {
			list.Addf("", "phase %q vanishes: the new map does not have it, and nothing says where its accounts go", name)
		}
	}
	if len(list) > 0 {
		return invalidAs("migration", list)
	}
	return nil
}

// target returns the phase that accounts of another go to.
func (g Migration) target(phase string) string {
	for _, r := range g.Phases {
		if r.From == phase {
			return r.To
		}
	}
	return phase
}

// Migrate returns the event that takes an account, whose track is as of asOf, over to the model's map. It stays in its
// phase for as long as it has been; an account that has ended changes its map alone. The event is recorded at asOf, or
// at Track.Last if that is later.
//
// Migrate returns an error if:
//   - the track has no account, is of after asOf, or asOf is zero or outside of the years 1 to 9999 (*DataError);
//   - the journey has not started ("under_way"), or the phase that the account is in leads to none of the map's
//     ("known_phase") (*RefusedError).
func (m *Model) Migrate(t Track, g Migration, asOf time.Time) (Event, error) {
	asOf = instant.Of(asOf)
	if err := instant.Given(asOf); err != nil {
		return Event{}, &DataError{t.Account, "as of", err.Error()}
	}
	if t.Account == "" {
		return Event{}, &DataError{t.Account, "account", "is empty"}
	}
	if err := t.notAfter(asOf); err != nil {
		return Event{}, &DataError{t.Account, "track", err.Error()}
	}
	e := Event{Kind: MapChanged, Happened: asOf}
	switch t.Phase {
	case "":
		return Event{}, (&history{}).notUnderWay(t.Account)
	case Ended:
	default:
		e.From, e.Phase = t.Phase, g.target(t.Phase)
		if m.phase(e.Phase) == nil {
			return Event{}, &RefusedError{t.Account, "known_phase",
				fmt.Sprintf("the journey is in phase %q, and map %q has no phase %q", t.Phase, m.def.Name, e.Phase),
				"a migration that says where accounts of the phase go"}
		}
	}
	m.complete(&e, t.Account, t.Version+1, latest(asOf, t.Last))
	return e, nil
}

// Migrate takes an account over to the Tracker's map as of an instant. An account that is on it already stays as it is.
// Until it is migrated an account is pinned: the Tracker of another map refuses to go on with it ("pinned").
func (t *Tracker) Migrate(ctx context.Context, account string, g Migration, at time.Time) error {
	return t.run(ctx, "migrate", account, func(ctx context.Context) ([]Event, *history, error) {
		h, err := t.load(ctx, account, at)
		if err != nil || h.Version > 0 && h.Digest == t.model.digest {
			return nil, h, err
		}
		if h.fact.After(h.AsOf) {
			return nil, h, h.inOrder(account, at)
		}
		e, err := t.model.Migrate(h.Track, g, at)
		return []Event{e}, h, err
	})
}

// pinned refuses to go on with a journey of another map. Events that don't say of which map they are pin nothing.
func (t *Tracker) pinned(h *history, account string) error {
	if h.Version == 0 || h.Digest == t.model.digest || h.Digest == (Digest{}) {
		return nil
	}
	return &RefusedError{account, "pinned", fmt.Sprintf("the journey goes by map %v", h.Digest), "the tracker of that map, or a migration"}
}
