package journey_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/journey"
)

func addMaps(f *testing.F, add func(document []byte)) {
	for _, m := range append(readyMade(), nasty(), onboarding()) {
		text, err := json.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		add(text)
	}
}

// parsed returns the map of a document and its model; nil: there is none.
func parsed(document []byte) (journey.Map, *journey.Model) {
	m, err := journey.Parse(document)
	if err != nil {
		return m, nil
	}
	model, err := journey.Compile(m)
	if err != nil {
		return m, nil
	}
	return m, model
}

func FuzzParse(f *testing.F) {
	addMaps(f, func(document []byte) { f.Add(document) })
	f.Add([]byte(`{"format":1,"name":"m","phases":[{"name":"a","tenure":"1w"}],"moves":null}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		m, err := journey.Parse(document)
		if err != nil {
			return
		}
		text, err := canon.JSON(m)
		if err != nil {
			t.Fatal(err)
		}
		again, err := journey.Parse(text)
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if diff := cmp.Diff(m, again); diff != "" {
			t.Fatalf("parsed again (-first +again):\n%s", diff)
		}
		if model, err := journey.Compile(m); err == nil {
			if diff := cmp.Diff(m, model.Map()); diff != "" {
				t.Fatalf("compiled (-map +model):\n%s", diff)
			}
			_, _, _ = model.Mermaid(), model.DOT(), model.SVG()
		}
	})
}

func FuzzReplay(f *testing.F) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 10 {
		text, err := json.Marshal(randomLog(r))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, int64(30), int64(20))
	}
	f.Fuzz(func(t *testing.T, log []byte, asOf, knownAt int64) {
		var events []journey.Event
		if json.Unmarshal(log, &events) != nil {
			return
		}
		track, err := journey.Replay(sequence(events), hour0.Add(time.Duration(asOf)*time.Hour), hour0.Add(time.Duration(knownAt)*time.Hour))
		if err != nil {
			return
		}
		if track.Version > int64(len(events)) {
			t.Errorf("version %d of %d events", track.Version, len(events))
		}
		if text, err := json.Marshal(track); err == nil { // texts that are not UTF-8 have no encoding
			var back journey.Track
			if err := json.Unmarshal(text, &back); err != nil {
				t.Fatalf("%v in %s", err, text)
			}
			again, err := json.Marshal(back)
			if err != nil || string(again) != string(text) {
				t.Errorf("%v, read back:\n%s\n%s", err, text, again)
			}
		}
	})
}

// FuzzDecide decides twice on whatever map and log: the second time nothing may be left to do.
func FuzzDecide(f *testing.F) {
	started, err := json.Marshal(logOf(started("land")))
	if err != nil {
		f.Fatal(err)
	}
	addMaps(f, func(document []byte) { f.Add(document, started, int64(40), 0.7, int64(3)) })
	f.Fuzz(func(t *testing.T, document, log []byte, days int64, value float64, age int64) {
		m, model := parsed(document)
		if model == nil {
			return
		}
		var events []journey.Event
		if json.Unmarshal(log, &events) != nil {
			return
		}
		asOf := day(1, 1).AddDate(0, 0, int(days%100_000))
		in := journey.Input{Account: "acme", Since: day(1, 1), Anchors: []journey.Anchor{{Name: "renewal", At: asOf}}}
		if in.Track, err = journey.Replay(sequence(events), asOf, time.Time{}); err != nil {
			return
		}
		signals := journey.SignalMap{}
		for _, p := range m.Phases {
			for _, ms := range p.Milestones {
				for _, n := range ms.Needs {
					signals[n.Signal] = journey.Signal{Value: value, At: asOf.AddDate(0, 0, -int(age%100_000))}
				}
			}
		}
		in.Signals = signals
		d, err := model.Decide(in, asOf)
		if err != nil {
			return
		}
		if in.Track, err = journey.Replay(sequence(append(events, d.Events...)), asOf, time.Time{}); err != nil {
			t.Fatalf("the decision's events don't replay: %v", err)
		}
		again, err := model.Decide(in, asOf)
		if err != nil || len(again.Events) > 0 || again.Phase != d.Phase {
			t.Fatalf("decided %q with %v, and again %q with %v, %v", d.Phase, d.Events, again.Phase, again.Events, err)
		}
	})
}

// FuzzVerify verifies whatever map, in bounded time, and lets Decide evaluate the witnesses.
func FuzzVerify(f *testing.F) {
	addMaps(f, func(document []byte) { f.Add(document) })
	r := rand.New(rand.NewPCG(4, 10))
	for range 5 {
		text, err := json.Marshal(smallMap(r))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		m, model := parsed(document)
		if model == nil {
			return
		}
		for _, finding := range model.Verify() {
			if finding.Pointer == "" || finding.Message == "" {
				t.Errorf("finding %+v", finding)
			}
			if finding.Witness != nil {
				decideWitness(t, m, finding)
			}
		}
	})
}

// FuzzWalk steps along with Decide, whatever the map and the signals, as long as the log goes on with the events.
func FuzzWalk(f *testing.F) {
	f.Add(uint64(0), int64(1), 0.25, int64(5), "known", uint8(7))
	f.Add(uint64(0), int64(400), -1.0, int64(-3), "failed", uint8(40))
	for seed := range uint64(5) {
		f.Add(seed, int64(seed*7), 0.25, int64(seed), "", uint8(seed*31))
	}
	f.Fuzz(func(t *testing.T, seed uint64, days int64, value float64, age int64, state string, mask uint8) {
		m := journey.LAER()
		if seed > 0 {
			m = randomMap(rand.New(rand.NewPCG(seed, 3)))
		}
		p := start(t, m, day(1, 1))
		p.attest("go1", "boss", day(1, 2))
		w := p.walk(day(1, 2))
		asOf := day(1, 2)
		for turn := range 3 {
			asOf = asOf.AddDate(0, 0, int(days%100_000))
			signals := journey.SignalMap{}
			for i, name := range []string{"s0", "s1", "s2", "first_value", "active_share", "cancelled"} {
				s := journey.Signal{Value: value * float64(1-turn), State: journey.State(state)}
				if mask>>(i%3)&1 == 1 {
					s.At = asOf.AddDate(0, 0, -int(age%100_000))
				}
				if mask>>(i%3+turn+3)&1 == 0 {
					signals[name] = s
				}
			}
			p.in.Signals = signals
			if _, err := p.model.Decide(p.in, asOf); err == nil && !asOf.Before(day(1, 2)) {
				p.step(w, signals, asOf)
				continue
			}
			if _, err := w.Step(signals, asOf); !w.Due(signals, asOf) || err == nil {
				t.Fatalf("as of %v: Decide refuses what the walk does not: %v", asOf, err)
			}
		}
	})
}

func FuzzParseRollUp(f *testing.F) {
	text, err := json.Marshal(twoProducts(journey.RollUpMost))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, document []byte) {
		r, err := journey.ParseRollUp(document)
		if err != nil {
			return
		}
		text, err := canon.JSON(r)
		if err != nil {
			t.Fatal(err)
		}
		again, err := journey.ParseRollUp(text)
		if diff := cmp.Diff(r, again); diff != "" || err != nil {
			t.Fatalf("parsed again (-first +again):\n%s%v", diff, err)
		}
		_, _ = r.Compile()
	})
}
