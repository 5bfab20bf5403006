package journey_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

// What people give is refused where no store can be trusted to keep it.
func TestTextsAtTheDoors(t *testing.T) {
	w := newWorld(t, journey.LAER())
	w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 1)))
	longest := strings.Repeat("é", 512)
	w.ok(w.tracker.Attest(w.ctx, "acme", journey.Evidence{Name: "kick_off", By: longest, Role: longest, Note: longest, At: day(1, 2)}))
	w.ok(w.tracker.Withdraw(w.ctx, "acme", journey.Evidence{Name: "kick_off", By: "ada\n", At: day(1, 3)}))
	before := w.version()
	for _, text := range []struct{ value, cause string }{
		{"\xff", "is not valid UTF-8"}, {"a\x00", "contains U+0000"}, {longest + ".", "has 1025 bytes, over 1024"},
	} {
		steps := map[string][]error{
			"by": {
				w.tracker.Attest(w.ctx, "acme", journey.Evidence{Name: "goals", By: text.value, At: day(1, 4)}),
				w.tracker.Withdraw(w.ctx, "acme", journey.Evidence{Name: "goals", By: text.value, At: day(1, 4)}),
				w.tracker.Pause(w.ctx, "acme", text.value, "", day(1, 4)),
				w.tracker.Resume(w.ctx, "acme", text.value, day(1, 4)),
				w.tracker.End(w.ctx, "acme", text.value, "", day(1, 4)),
			},
			"role": {w.tracker.Attest(w.ctx, "acme", journey.Evidence{Name: "goals", By: "ada", Role: text.value, At: day(1, 4)})},
			"note": {
				w.tracker.Attest(w.ctx, "acme", journey.Evidence{Name: "goals", By: "ada", Note: text.value, At: day(1, 4)}),
				w.tracker.Pause(w.ctx, "acme", "ada", text.value, day(1, 4)),
				w.tracker.End(w.ctx, "acme", "ada", text.value, day(1, 4)),
			},
			"name": {w.tracker.Attest(w.ctx, "acme", journey.Evidence{Name: text.value, By: "ada", At: day(1, 4)})},
		}
		for _, field := range []string{"by", "role", "note", "name"} {
			for i, err := range steps[field] {
				wantData(t, fmt.Sprintf("step %d", i), err, journey.DataError{Account: "acme", Field: field, Message: text.cause})
			}
		}
	}
	empty := journey.DataError{Account: "acme", Field: "by", Message: "is empty"}
	wantData(t, "attest", w.tracker.Attest(w.ctx, "acme", journey.Evidence{Name: "goals", At: day(1, 4)}), empty)
	wantData(t, "withdraw", w.tracker.Withdraw(w.ctx, "acme", journey.Evidence{Name: "goals", At: day(1, 4)}), empty)
	wantData(t, "pause", w.tracker.Pause(w.ctx, "acme", "", "", day(1, 4)), empty)
	wantData(t, "resume", w.tracker.Resume(w.ctx, "acme", "", day(1, 4)), empty)
	wantData(t, "end", w.tracker.End(w.ctx, "acme", "", "", day(1, 4)), empty)
	if after := w.version(); after != before {
		t.Errorf("what was refused appended %d events", after-before)
	}
}

func wantData(t *testing.T, what string, err error, want journey.DataError) {
	t.Helper()
	var data *journey.DataError
	if !errors.As(err, &data) {
		t.Errorf("%s: got %v, want a data error in %s", what, err, want.Field)
	} else if diff := cmp.Diff(want, *data); diff != "" {
		t.Errorf("%s: data error (-want +got):\n%s", what, diff)
	}
}

// A log that gives what is another account's, or of a later release, is not gone on from.
func TestTrackerDistrustsTheLog(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(e *journey.Event)
		format bool
		want   string
	}{
		{"another account", func(e *journey.Event) { e.Account = "zeta" }, false, `journey: account "acme": event 1: belongs to account "zeta"`},
		{"a later format", func(e *journey.Event) { e.Format = journey.Format + 1 }, true,
			`journey: %s "acme": read events: event 1: format 2: unknown format`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, journey.LAER())
			e := journey.Event{Format: 1, ID: "e1", Account: "acme", Kind: journey.Started, Phase: "land", Happened: day(1, 1), Recorded: day(1, 1)}
			c.change(&e)
			w.ok(w.log.Append(w.ctx, "acme", 0, e))
			_, checked := w.tracker.Check(w.ctx, journey.Input{Account: "acme"}, day(1, 2))
			for op, err := range map[string]error{"check": checked, "pause": w.tracker.Pause(w.ctx, "acme", "ada", "", day(1, 2))} {
				var data *journey.DataError
				want := strings.Replace(c.want, "%s", op, 1)
				if err == nil || err.Error() != want || errors.Is(err, journey.ErrFormat) != c.format || errors.As(err, &data) == c.format {
					t.Errorf("got %v, want %s", err, want)
				}
			}
		})
	}
}

func TestFormatsToCome(t *testing.T) {
	m := journey.LAER()
	m.Format = 2
	_, err := journey.Compile(m)
	if want := `journey: compile map "laer": format 2: unknown format`; !errors.Is(err, journey.ErrFormat) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = journey.Parse([]byte(`{"format":2}`))
	if want := "journey: parse map: format 2: unknown format"; !errors.Is(err, journey.ErrFormat) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A store's conflict is worded once, by the store.
func TestMemoryConflict(t *testing.T) {
	var log journey.Memory
	e := journey.Event{Format: 1, ID: "e1", Account: "acme", Kind: journey.Started, Phase: "a", Happened: day(1, 1), Recorded: day(1, 1)}
	other := e
	other.Phase = "b"
	if err := log.Append(t.Context(), "acme", 0, e); err != nil {
		t.Fatal(err)
	}
	for _, events := range [][]journey.Event{{{ID: "e2"}}, {other}, {e, {ID: "e2"}}} {
		err := log.Append(t.Context(), "acme", 3, events...)
		if !errors.Is(err, journey.ErrConflict) || err.Error() != "after 3: conflict" {
			t.Errorf("got %v", err)
		}
	}
	e.Recorded = time.Time{}
	if err := log.Append(t.Context(), "acme", 3, e, e); err != nil {
		t.Errorf("an event that is there: %v", err)
	}
}
