package health_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
)

// scripted is a source whose input is a function of the day from july on.
type scripted func(day int) health.Input

func (s scripted) Input(_ context.Context, account string, asOf, _ time.Time) (health.Input, bool, error) {
	in := s(int(asOf.Sub(july) / (24 * time.Hour)))
	in.Account = account
	return in, true, nil
}

// points is the input of a score of that value under renewals.
func points(v float64) health.Input {
	return health.Input{Readings: health.ReadingMap{"attainment": {Value: v / 100}, "nps": {Value: v / 10}, "usage": {Value: v}}}
}

// told checks an account daily, each day twice, and returns what happened as "day: kind from to".
func told(t *testing.T, card health.Scorecard, days int, script scripted) []string {
	t.Helper()
	var memory health.Memory
	now := july.AddDate(1, 0, 0)
	m, err := health.NewMonitor(mustCompile(t, card), script, &memory, health.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	var events []string
	ids := map[string]bool{}
	for day := range days {
		asOf := july.AddDate(0, 0, day)
		r, err := m.Check(t.Context(), "acme", asOf)
		if err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Hour)
		again, err := m.Check(t.Context(), "acme", asOf)
		if diff := cmp.Diff(r, again); diff != "" || err != nil {
			t.Errorf("day %d again: %v (-want +got):\n%s", day, err, diff)
		}
		for _, e := range r.Events {
			if ids[e.ID] || e.Account != "acme" || !e.At.Equal(asOf) || e.Points != r.Score.Value {
				t.Errorf("day %d: event %+v", day, e)
			}
			ids[e.ID] = true
			events = append(events, strings.TrimRight(fmt.Sprintf("%d: %s %s %s", day, e.Kind, e.From, e.To), " "))
			if e.Kind == health.ScoreFell {
				events[len(events)-1] += fmt.Sprint(" ", e.Lost)
			}
		}
	}
	return events
}

func TestEvents(t *testing.T) {
	kim := health.Override{
		By: "kim", Reason: "call", Kind: health.OverrideFloor, Points: 80, From: july.AddDate(0, 0, 1), Until: july.AddDate(0, 0, 4),
	}
	days := func(values ...float64) scripted { return func(day int) health.Input { return points(values[day]) } }
	under := func(values ...float64) scripted {
		return func(day int) health.Input {
			in := points(values[day])
			in.Overrides = []health.Override{kim}
			return in
		}
	}
	falling := renewals()
	falling.Fall = health.Fall{Points: 20, Within: 3 * health.Day}
	for _, c := range []struct {
		name   string
		card   health.Scorecard
		script scripted
		days   int
		want   []string
	}{
		{"bands", renewals(), days(80, 80, 60, 60, 80), 5, []string{"0: band_set  green", "2: band_changed green amber", "4: band_changed amber green"}},
		{"coverage", renewals(), func(day int) health.Input {
			if day == 0 || day == 2 || day == 3 {
				return health.Input{}
			}
			return points(80)
		}, 6, []string{"1: band_set  green", "2: coverage_lost green unknown"}},
		{"an override", renewals(), under(60, 60, 78, 60, 60, 60), 6, []string{
			"0: band_set  amber",
			"1: band_changed amber green", "1: override_disagrees amber green",
			"3: override_disagrees amber green",
			"4: band_changed green amber", "4: override_expired green amber",
		}},
		{"an override over another", renewals(), func(day int) health.Input {
			in := under(60, 60, 60, 60)(day)
			if day >= 2 {
				lee := kim
				lee.By, lee.From = "lee", july.AddDate(0, 0, 2)
				in.Overrides = append(in.Overrides, lee)
			}
			return in
		}, 4, []string{"0: band_set  amber", "1: band_changed amber green", "1: override_disagrees amber green", "2: override_disagrees amber green"}},
		{"an override without a score", renewals(), func(day int) health.Input {
			return health.Input{Overrides: []health.Override{kim}}
		}, 6, []string{"4: override_expired unknown unknown"}},
		{"a fall that takes longer", falling, days(90, 80, 71, 70, 60, 51, 50, 70, 60, 51), 10, []string{
			"0: band_set  green", "2: band_changed green amber", // at most 19 points in three days
		}},
		{"falls to the point", falling, days(90, 70, 50, 70, 50), 5, []string{
			"0: band_set  green", "1: band_changed green amber", "1: score_fell 20", "2: score_fell 20", "4: score_fell 20",
		}},
		{"no fall by a person's word", falling, under(90, 90, 90, 90, 90), 5, []string{"0: band_set  green", "4: override_expired green green"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, told(t, c.card, c.days, c.script)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestEventsOfTwoCards: under another card no fall is counted from scores of the old one, and nothing breaks on bands
// that the new card does not have.
func TestEventsOfTwoCards(t *testing.T) {
	old := renewals()
	old.Fall = health.Fall{Points: 20, Within: 9 * health.Day}
	renamed := old
	renamed.Bands = []health.Band{{Name: "poor", Floor: 0}, {Name: "good", Floor: 50}}
	var memory health.Memory
	var events []string
	for day, v := range []float64{90, 65, 66, 40} {
		card := old
		if day > 0 {
			card = renamed
		}
		m, err := health.NewMonitor(mustCompile(t, card), scripted(func(int) health.Input { return points(v) }), &memory, health.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := m.Check(t.Context(), "acme", july.AddDate(0, 0, day))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range r.Events {
			events = append(events, fmt.Sprintf("%d: %s %s %s", day, e.Kind, e.From, e.To))
		}
	}
	want := []string{"0: band_set  green", "1: band_changed green good", "3: band_changed good poor", "3: score_fell  "}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestEventsSurviveACrash: a record was kept, and the answer lost. Asked again, the same events come.
func TestEventsSurviveACrash(t *testing.T) {
	crash := errors.New("power cut")
	memory := new(health.Memory)
	script := scripted(func(day int) health.Input { return points(80 - 20*float64(day)) })
	lost := &lossy{Memory: memory, err: crash}
	m, err := health.NewMonitor(mustCompile(t, renewals()), script, lost, health.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for day := range 3 {
		asOf := july.AddDate(0, 0, day)
		if _, err := m.Check(t.Context(), "acme", asOf); !errors.Is(err, crash) {
			t.Fatalf("got %v, want the crash", err)
		}
		kept, _, err := memory.Last(t.Context(), "acme")
		if err != nil {
			t.Fatal(err)
		}
		again, err := m.Check(t.Context(), "acme", asOf)
		if err != nil || len(again.Events) != 1 {
			t.Errorf("day %d: events %v, %v; want one", day, again.Events, err)
		}
		if diff := cmp.Diff(kept, again); diff != "" {
			t.Errorf("day %d (-kept +answered):\n%s", day, diff)
		}
	}
	raise := health.Act{Kind: health.Raise, Source: "crm", Category: health.SponsorLost, At: july, By: "sync", Reason: "left"}
	if _, err := m.Act(t.Context(), "acme", raise); !errors.Is(err, crash) {
		t.Fatalf("got %v, want the crash", err)
	}
	again, err := m.Act(t.Context(), "acme", raise)
	if err != nil || again.Version != 4 || len(again.Events) != 1 {
		t.Errorf("record %d, events %v, %v; want the fourth with one", again.Version, again.Events, err)
	}
}

// lossy keeps a record, and says that it failed.
type lossy struct {
	*health.Memory
	err error
}

func (l *lossy) Append(ctx context.Context, account string, after int64, r health.Record) error {
	if err := l.Memory.Append(ctx, account, after, r); err != nil {
		return err
	}
	return l.err
}

// TestRecordJSON: a record comes back from its JSON, whatever is in it.
func TestRecordJSON(t *testing.T) {
	card := renewals()
	card.Fall = health.Fall{Points: 5, Within: 30 * health.Day}
	card.Alarms = []health.Alarm{{Category: "red", Band: "red", Reason: "red"}}
	var memory health.Memory
	script := scripted(func(day int) health.Input { return points(80 - 20*float64(day)) })
	m, err := health.NewMonitor(mustCompile(t, card), script, &memory, health.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for day := range 3 {
		r, err := m.Check(t.Context(), "acme", july.AddDate(0, 0, day))
		if err != nil {
			t.Fatal(err)
		}
		if day == 2 {
			if r, err = m.Act(t.Context(), "acme", health.Act{
				Kind: health.Own, Source: health.FromCard, Category: "red", At: july.AddDate(0, 0, 3), By: "kim",
			}); err != nil {
				t.Fatal(err)
			}
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back health.Record
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, back); diff != "" {
			t.Errorf("day %d (-want +got):\n%s", day, diff)
		}
	}
}
