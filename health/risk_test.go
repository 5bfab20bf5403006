package health_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
)

// sponsored is renewals with a flag that says whether there is a sponsor, and two alarms.
func sponsored() health.Scorecard {
	card := renewals()
	card.Groups[1].Measures = append(card.Groups[1].Measures, health.Measure{
		Name: "sponsor", Weight: 1e-6, Curve: health.Curve{Kind: health.StepsLower, Knots: []health.Knot{{X: 0, Points: 0}, {X: 1, Points: 100}}},
	})
	card.Alarms = []health.Alarm{
		{Category: health.SponsorLost, Measure: "sponsor", When: health.Equal, Value: 0, Reason: "the sponsor has left"},
		{Category: "in_red", Band: "red", Reason: "the account is red"},
	}
	return card
}

// A desk is a monitor over scripted days, and what it has told.
type desk struct {
	*health.Monitor
	memory *health.Memory
	t      *testing.T
	last   health.Record
}

// newDesk has a sponsor on the days that say 1, none on those that say 0, and does not know on others; the score is 80.
func newDesk(t *testing.T, days string) *desk {
	d := &desk{memory: new(health.Memory), t: t}
	var err error
	d.Monitor, err = health.NewMonitor(mustCompile(t, sponsored()), scripted(func(day int) health.Input {
		in := points(80)
		if c := days[day]; c == '0' || c == '1' {
			in.Readings.(health.ReadingMap)["sponsor"] = health.Reading{Value: float64(c - '0')}
		}
		return in
	}), d.memory, health.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// check returns the events of a day's check but the first band's.
func (d *desk) check(day int) string {
	d.t.Helper()
	r, err := d.Check(d.t.Context(), "acme", july.AddDate(0, 0, day))
	return d.told(r, err)
}

// act returns the events of an act on the risk that the card's sponsor alarm opens, at noon of a day.
func (d *desk) act(kind health.ActKind, day int, alarm health.Truth) string {
	d.t.Helper()
	r, err := d.Act(d.t.Context(), "acme", health.Act{
		Kind: kind, Source: health.FromCard, Category: health.SponsorLost, At: july.AddDate(0, 0, day).Add(3 * time.Hour),
		By: "kim", Reason: "a talk", Alarm: alarm,
	})
	return d.told(r, err)
}

func (d *desk) told(r health.Record, err error) string {
	d.t.Helper()
	var refused *health.RefusedError
	if errors.As(err, &refused) {
		return "refused by " + refused.Rule
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.last = r
	var events []string
	for _, e := range r.Events {
		if e.Kind != health.BandSet {
			events = append(events, strings.TrimSpace(fmt.Sprintf("%s %s %s", e.Kind, e.From, e.To)))
		}
	}
	return strings.Join(events, ", ")
}

// TestRiskLife follows one risk from its opening to its closing, and again. Times fired is since it was opened last.
func TestRiskLife(t *testing.T) {
	d := newDesk(t, "110?010001?01")
	for i, c := range []struct {
		got   string
		want  string
		state health.RiskState
		fired int
	}{
		{d.check(0), "", "", 0},
		{d.act(health.Own, 0, ""), "refused by known_risk", "", 0},
		{d.check(2), "risk_opened  opened", health.Opened, 1},
		{d.check(3), "", health.Opened, 1}, // unknown: the condition stays what it was
		{d.check(4), "", health.Opened, 1}, // still
		{d.act(health.Mitigate, 4, ""), "refused by owned_risk", health.Opened, 1},
		{d.act(health.Own, 4, ""), "risk_owned opened owned", health.Owned, 1},
		{d.check(5), "", health.Owned, 1},
		{d.check(6), "", health.Owned, 2}, // fires again: one more occurrence, and no second alert
		{d.act(health.Mitigate, 6, ""), "risk_mitigated owned mitigated", health.Mitigated, 2},
		{d.act(health.Own, 6, ""), "risk_owned mitigated owned", health.Owned, 2},
		{d.act(health.Close, 7, health.TrueAlarm), "risk_closed owned closed", health.Closed, 2},
		{d.act(health.Own, 8, ""), "refused by open_risk", health.Closed, 2},
		{d.check(8), "", health.Closed, 2}, // it holds on, and did not fire
		{d.check(9), "", health.Closed, 2},
		{d.check(10), "", health.Closed, 2},
		{d.check(11), "risk_reopened closed reopened", health.Reopened, 1},
		{d.act(health.Close, 10, health.FalseAlarm), "refused by in_order", health.Reopened, 1},
		{d.act(health.Close, 12, health.FalseAlarm), "risk_closed reopened closed", health.Closed, 1},
	} {
		if c.got != c.want {
			t.Errorf("step %d: %q, want %q", i, c.got, c.want)
		}
	}
	r := d.last
	want := []health.Risk{{
		ID: r.Risks[0].ID, Source: health.FromCard, Category: health.SponsorLost, State: health.Closed,
		Changed: july.AddDate(0, 0, 12).Add(3 * time.Hour), Opened: july.AddDate(0, 0, 11), Occurrences: 1,
		Last: july.AddDate(0, 0, 11), Reason: "the sponsor has left", Alarm: health.FalseAlarm, Holds: true,
	}}
	if diff := cmp.Diff(want, r.Risks); diff != "" {
		t.Errorf("risks (-want +got):\n%s", diff)
	}
	e := r.Events[0]
	if e.Risk != r.Risks[0].ID || len(e.Risk) != 32 || e.Category != health.SponsorLost || !e.At.Equal(want[0].Changed) || r.Act.Alarm != health.FalseAlarm {
		t.Errorf("event %+v of %+v", e, r.Act)
	}
}

// TestRiskBand: an alarm on a band follows the steadied one, and an unknown score says nothing.
func TestRiskBand(t *testing.T) {
	card := sponsored()
	card.Steady.Worse.Dwell = 2 * health.Day
	got := told(t, card, 9, func(day int) health.Input {
		if day == 3 {
			return health.Input{}
		}
		return points([]float64{80, 20, 20, 0, 20, 20, 20, 80, 80}[day])
	})
	want := []string{
		"0: band_set  green", "3: coverage_lost red unknown", "6: band_changed green red", "6: risk_opened  opened",
		"7: band_changed red green",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestActRaise: risks that the host raises live beside those of the card, by source and category.
func TestActRaise(t *testing.T) {
	d := newDesk(t, "011111")
	raise := func(source string, hour int) health.Act {
		return health.Act{
			Kind: health.Raise, Source: source, Category: health.SponsorLost, At: july.Add(time.Duration(hour) * time.Hour), By: "sync", Reason: source,
		}
	}
	_, err := d.Act(t.Context(), "acme", raise("crm", 1))
	var refused *health.RefusedError
	if !errors.As(err, &refused) || refused.Rule != "checked" {
		t.Fatalf("before any check: %v, want checked", err)
	}
	d.check(0)
	for _, c := range []struct {
		act  health.Act
		want string
		n    int // occurrences
	}{
		{raise("crm", 1), "risk_opened  opened", 1},
		{raise("mail", 1), "risk_opened  opened", 1},
		{raise("crm", 5), "", 2},
		{raise("crm", 3), "", 3}, // known late
	} {
		r, err := d.Act(t.Context(), "acme", c.act)
		if got := d.told(r, err); got != c.want {
			t.Errorf("%s: %q, want %q", c.act.Source, got, c.want)
		}
		for _, x := range r.Risks {
			if x.Source == c.act.Source && x.Occurrences != c.n {
				t.Errorf("%s: %d occurrences, want %d", x.Source, x.Occurrences, c.n)
			}
		}
		version := r.Version
		if r, err = d.Act(t.Context(), "acme", c.act); err != nil || r.Version != version || d.told(r, err) != c.want {
			t.Errorf("%s again: record %d, %v; want %d", c.act.Source, r.Version, err, version)
		}
	}
	crm := d.last.Risks[1]
	if crm.Source != "crm" || !crm.Last.Equal(july.Add(5*time.Hour)) || len(d.last.Risks) != 3 {
		t.Errorf("risks %+v", d.last.Risks)
	}
	again, err := d.Check(t.Context(), "acme", july)
	if err != nil || again.Version != 1 || again.Act != nil {
		t.Errorf("the check of before the acts: record %d, %v", again.Version, err)
	}
	if got := d.check(1); got != "" || d.last.Version != 6 || d.last.Act != nil || len(d.last.Risks) != 3 {
		t.Errorf("the next check: %q, record %d with %d risks", got, d.last.Version, len(d.last.Risks))
	}
}

// TestRiskFiredBefore: an alarm of before the closing, scored after it, does not reopen what is closed.
func TestRiskFiredBefore(t *testing.T) {
	d := newDesk(t, "01011")
	d.check(0)
	d.check(1)
	d.act(health.Close, 3, health.TrueAlarm)
	if got := d.check(2); got != "" || d.last.Risks[0].State != health.Closed || !d.last.Risks[0].Holds {
		t.Errorf("%q, %+v", got, d.last.Risks[0])
	}
	late := health.Act{Kind: health.Raise, Source: "crm", Category: "late", At: july, By: "sync", Reason: "late"}
	if _, err := d.Act(t.Context(), "acme", late); err != nil {
		t.Fatal(err)
	}
	closing := late
	closing.Kind, closing.Alarm, closing.At = health.Close, health.FalseAlarm, july.Add(2*time.Hour)
	if _, err := d.Act(t.Context(), "acme", closing); err != nil {
		t.Fatal(err)
	}
	late.At = july.Add(time.Hour)
	var refused *health.RefusedError
	if _, err := d.Act(t.Context(), "acme", late); !errors.As(err, &refused) || refused.Rule != "in_order" {
		t.Errorf("raised for a time before the closing: %v, want in_order", err)
	}
}

func TestActErrors(t *testing.T) {
	d := newDesk(t, "0")
	d.check(0)
	good := health.Act{Kind: health.Close, Source: health.FromCard, Category: health.SponsorLost, At: july, By: "kim", Reason: "done", Alarm: health.TrueAlarm}
	for _, c := range []struct {
		name   string
		change func(*health.Act)
		want   string
	}{
		{"no source", func(a *health.Act) { a.Source = "" }, "act: source: is empty"},
		{"a category with NUL", func(a *health.Act) { a.Category = "\x00" }, "act: category: contains the control character U+0000 at byte 0"},
		{"nobody", func(a *health.Act) { a.By = "" }, "act: by: is empty"},
		{"no instant", func(a *health.Act) { a.At = time.Time{} }, "as of: is zero"},
		{"no reason", func(a *health.Act) { a.Reason = "" }, "act: reason: is empty"},
		{"a reason of bytes", func(a *health.Act) { a.Reason = "\xff" }, "act: reason: is not valid UTF-8"},
		{"no kind", func(a *health.Act) { a.Kind = "ponder" }, `act: kind: "ponder" is none of raise, own, mitigate, close`},
		{"closed without a word", func(a *health.Act) { a.Alarm = "" }, `act: alarm: "" is none of true, false`},
		{"owned with one", func(a *health.Act) { a.Kind = health.Own }, "act: alarm: only closing says whether it was one"},
		{"raised for the card", func(a *health.Act) { a.Kind, a.Alarm = health.Raise, "" }, `act: source: "scorecard" is that of the card's own alarms`},
	} {
		a := good
		c.change(&a)
		_, err := d.Act(t.Context(), "acme", a)
		var data *health.DataError
		if !errors.As(err, &data) || err.Error() != `health: account "acme": `+c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	if last, _, err := d.memory.Last(t.Context(), "acme"); err != nil || last.Version != 1 {
		t.Errorf("last record %d, %v; want the check alone", last.Version, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Act(ctx, "acme", good); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestActStores: what stores say when they fail, and that a lost race is run again.
func TestActStores(t *testing.T) {
	down := errors.New("store is down")
	own := health.Act{Kind: health.Own, Source: "crm", Category: "x", At: july, By: "kim"}
	for _, c := range []struct {
		name   string
		faulty faulty
		again  bool // the act was done already
		want   string
		is     error
	}{
		{name: "last", faulty: faulty{last: down}, want: `health: act "acme": last record: store is down`, is: down},
		{name: "records", faulty: faulty{records: down}, again: true, want: `health: act "acme": stored record: store is down`, is: down},
		{name: "append", faulty: faulty{append: func(int) error { return down }}, want: `health: act "acme": append record: store is down`, is: down},
		{name: "conflict for ever", faulty: faulty{append: func(int) error { return health.ErrConflict }}, want: `health: act "acme": append record: conflict`, is: health.ErrConflict},
		{name: "conflict twice", faulty: faulty{append: func(n int) error {
			if n <= 2 {
				return health.ErrConflict
			}
			return nil
		}}},
		{name: "a newer record", faulty: faulty{change: func(r *health.Record) { r.Format = 2 }}, want: `health: act "acme": record 2: format 2: unknown format`, is: health.ErrFormat},
		{name: "a newer first record", faulty: faulty{change: func(r *health.Record) { r.Format += int(2 / (r.Version + 1)) }}, again: true,
			want: `health: act "acme": record 1: format 2: unknown format`, is: health.ErrFormat},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, "1")
			d.check(0)
			raise := own
			raise.Kind, raise.Reason = health.Raise, "left"
			if _, err := d.Act(t.Context(), "acme", raise); err != nil {
				t.Fatal(err)
			}
			if c.again {
				if _, err := d.Act(t.Context(), "acme", own); err != nil {
					t.Fatal(err)
				}
			}
			c.faulty.Memory = d.memory
			m, err := health.NewMonitor(mustCompile(t, sponsored()), &c.faulty, &c.faulty, health.Options{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = m.Act(t.Context(), "acme", own)
			if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want || !errors.Is(err, c.is)) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// TestActRace: of many who take a risk at once each is heard, one after the other, and each record holds its own event.
func TestActRace(t *testing.T) {
	d := newDesk(t, "0")
	d.check(0)
	m, err := health.NewMonitor(mustCompile(t, sponsored()), scripted(nil), d.memory, health.Options{Retries: 50})
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			own := health.Act{Kind: health.Own, Source: health.FromCard, Category: health.SponsorLost, At: july.Add(time.Hour), By: fmt.Sprint("p", i)}
			for range 2 {
				r, err := m.Act(t.Context(), "acme", own)
				if err != nil || r.Risks[0].Owner != own.By || len(r.Events) != 1 {
					t.Errorf("%s: %+v, %v", own.By, r.Risks, err)
				}
			}
		})
	}
	wait.Wait()
	if last, _, err := d.memory.Last(t.Context(), "acme"); err != nil || last.Version != 9 {
		t.Errorf("last record %d, %v; want the check and eight acts", last.Version, err)
	}
}

// TestRiskMany: no account carries more than 512 risks along.
func TestRiskMany(t *testing.T) {
	d := newDesk(t, "1")
	d.check(0)
	for i := range 513 {
		_, err := d.Act(t.Context(), "acme", health.Act{Kind: health.Raise, Source: "crm", Category: fmt.Sprint(i), At: july, By: "sync", Reason: "x"})
		var refused *health.RefusedError
		if errors.As(err, &refused) != (i == 512) || refused != nil && refused.Rule != "at_most" {
			t.Fatalf("risk %d: %v", i, err)
		}
	}
}

// FuzzRisk does anything in any order: no panic, each key has one risk, states change with an event and not else, all
// IDs are distinct, and what is asked again is what is stored.
func FuzzRisk(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 3))
		d := newDesk(t, strings.Repeat("0110?01", 10))
		ids := map[string]bool{}
		var before health.Record
		day := -1
		for range 40 {
			step := func() (health.Record, error) { return d.Check(t.Context(), "acme", july.AddDate(0, 0, day)) }
			if r.IntN(3) == 0 || day < 0 {
				day++
			} else {
				a := health.Act{
					Kind:   []health.ActKind{health.Raise, health.Own, health.Mitigate, health.Close}[r.IntN(4)],
					Source: []string{"crm", health.FromCard}[r.IntN(2)], Category: []string{"a", health.SponsorLost}[r.IntN(2)],
					At: july.AddDate(0, 0, max(0, day-r.IntN(2))), By: "kim", Reason: "x",
				}
				if a.Kind == health.Close {
					a.Alarm = health.FalseAlarm
				}
				step = func() (health.Record, error) { return d.Act(t.Context(), "acme", a) }
			}
			x, err := step()
			if err != nil {
				continue
			}
			again, err := step()
			if diff := cmp.Diff(x, again); diff != "" || err != nil {
				t.Fatalf("again: %v (-want +got):\n%s", err, diff)
			}
			if x.Version <= before.Version {
				continue // it was stored before
			}
			states := map[string]health.RiskState{}
			for _, risk := range before.Risks {
				states[risk.ID] = risk.State
			}
			for _, e := range x.Events {
				if ids[e.ID] {
					t.Fatalf("the ID %s is there twice", e.ID)
				}
				if ids[e.ID] = true; e.Risk != "" {
					if string(states[e.Risk]) != e.From {
						t.Fatalf("%+v, but the risk was %s", e, states[e.Risk])
					}
					states[e.Risk] = health.RiskState(e.To)
				}
			}
			if len(states) != len(x.Risks) {
				t.Fatalf("%d risks, %d by their events", len(x.Risks), len(states))
			}
			for _, risk := range x.Risks {
				if states[risk.ID] != risk.State || risk.Occurrences < 1 || risk.Last.Before(risk.Opened) {
					t.Fatalf("%+v, by its events %s", risk, states[risk.ID])
				}
			}
			before = x
		}
	})
}
