package journey

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

func sampleEvent() Event {
	at := time.Date(2026, 1, 5, 12, 0, 0, 1000, time.UTC)
	return Event{
		Format: 1, Account: "acme", Kind: Moved, Happened: at, Phase: "adopt", From: "land", Name: "go_live", Move: Advance,
		By: "ada", Role: "sales", Note: "minutes 7",
		Guards: []Guard{
			{Needs: []Need{{Signal: "sso", When: Equal, Value: 1, For: Day, Stale: Day}, {Signal: "x", When: Less, Value: 0.5}}, After: at},
			{Name: "kick_off", Role: "sales"},
		},
	}
}

// IDs are data: a release that changed them would append what another one has appended already. These two were
// computed once from the description of appendContent, with another program.
func TestEventIDGolden(t *testing.T) {
	e := sampleEvent()
	if got, want := eventID(&e, 7), "7-moved-9f387f8de398b81e9bfc9b74"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	e = Event{Format: 1, Account: "acme", Kind: Started, Happened: e.Happened, Phase: "land"}
	if got, want := eventID(&e, 0), "started-bd284dc0a806248ad90ae53c"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Whatever changes of the content changes the ID, and nothing else does.
func TestEventIDTellsContentsApart(t *testing.T) {
	ids := map[string]string{}
	for name, change := range map[string]func(e *Event){
		"as it is":         func(e *Event) {},
		"format":           func(e *Event) { e.Format = 2 },
		"account":          func(e *Event) { e.Account = "acm" },
		"kind":             func(e *Event) { e.Kind = NeedBegan },
		"happened":         func(e *Event) { e.Happened = e.Happened.Add(time.Microsecond) },
		"phase":            func(e *Event) { e.Phase = "" },
		"phase to from":    func(e *Event) { e.Phase, e.From = "adop", "tland" },
		"from to phase":    func(e *Event) { e.Phase, e.From = "adoptl", "and" },
		"name":             func(e *Event) { e.Name = "go_live " },
		"move":             func(e *Event) { e.Move = Renew },
		"by":               func(e *Event) { e.By = "" },
		"role":             func(e *Event) { e.Role = "" },
		"by and role":      func(e *Event) { e.By, e.Role = "adas", "ales" },
		"note":             func(e *Event) { e.Note = "" },
		"no guards":        func(e *Event) { e.Guards = nil },
		"one guard":        func(e *Event) { e.Guards = e.Guards[:1] },
		"guards the other": func(e *Event) { e.Guards[0], e.Guards[1] = e.Guards[1], e.Guards[0] },
		"guard's name":     func(e *Event) { e.Guards[1].Name = "goals" },
		"guard's role":     func(e *Event) { e.Guards[1].Role = "" },
		"guard's after":    func(e *Event) { e.Guards[0].After = time.Time{} },
		"needs in a row":   func(e *Event) { e.Guards[1].Needs, e.Guards[0].Needs = e.Guards[0].Needs[1:], e.Guards[0].Needs[:1] },
		"need's signal":    func(e *Event) { e.Guards[0].Needs[0].Signal = "ss" },
		"need's when":      func(e *Event) { e.Guards[0].Needs[0].When = NotEqual },
		"need's value":     func(e *Event) { e.Guards[0].Needs[0].Value = math.Nextafter(1, 2) },
		"need's for":       func(e *Event) { e.Guards[0].Needs[0].For = 0 },
		"need's stale":     func(e *Event) { e.Guards[0].Needs[0].Stale = -Day },
	} {
		e := sampleEvent()
		change(&e)
		id := eventID(&e, 7)
		if held, ok := ids[id]; ok {
			t.Errorf("%q and %q have one ID", held, name)
		}
		ids[id] = name
		e.ID, e.Recorded, e.Digest = "x", e.Happened, Digest{1}
		if again := eventID(&e, 7); again != id {
			t.Errorf("%q: recorded elsewhere the ID is %s, not %s", name, again, id)
		}
		if other := eventID(&e, 8); other == id {
			t.Errorf("%q: another number has one ID", name)
		}
	}
	zero, minus := sampleEvent(), sampleEvent()
	zero.Guards[0].Needs[0].Value, minus.Guards[0].Needs[0].Value = 0, math.Copysign(0, -1)
	if eventID(&zero, 1) != eventID(&minus, 1) {
		t.Error("-0 is not 0")
	}
}

// The keys of needs are in stored logs: their numbers are those of the canonical encoding.
func TestNeedKeyNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 6))
	values := []float64{0, math.Copysign(0, -1), 1, -1, 0.1, 100, 1e6, 123456789.25, 1e15, 1e20, 1e21, 1e-6, 9.99e-7, -1e-7,
		math.Nextafter(1e21, 0), math.Nextafter(1e-6, 0), math.MaxFloat64, 5e-324, 1 << 53, 0.30000000000000004}
	for range 10_000 {
		if v := math.Float64frombits(r.Uint64()); !math.IsNaN(v) && !math.IsInf(v, 0) {
			values = append(values, v, r.NormFloat64())
		}
	}
	for _, v := range values {
		number, err := canon.JSON(v)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := needKey(Need{Signal: "s", When: Less, Value: v}), "s < "+string(number); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
