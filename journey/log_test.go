package journey_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/journey"
)

// storedLog reads a log that a release wrote once: one event a line. It must replay for ever, and is never written
// again.
func storedLog(t *testing.T, file string) (events []journey.Event, text []byte) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		var e journey.Event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return events, text
}

func TestGoldenStoredLog(t *testing.T) {
	events, text := storedLog(t, "testdata/log-format1.jsonl")
	var again bytes.Buffer
	for _, e := range events {
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		again.Write(append(line, '\n'))
		roundTrip(t, e)
	}
	if !bytes.Equal(text, again.Bytes()) {
		t.Errorf("the log through Event:\n%s\nwant\n%s", again.Bytes(), text)
	}
	var out bytes.Buffer
	for _, at := range []time.Time{day(1, 26), day(1, 28), day(2, 15), day(3, 20)} {
		for _, knownAt := range []time.Time{{}, day(1, 28)} {
			track, err := journey.Replay(sequence(events), at, knownAt)
			if err != nil {
				t.Fatal(err)
			}
			line, err := json.Marshal(track)
			if err != nil {
				t.Fatal(err)
			}
			out.Write(append(line, '\n'))
		}
	}
	golden.Check(t, "testdata/log-format1-tracks.jsonl", out.Bytes())
}

// The second stored log holds every kind of event, late ones, and a change of the map. Its maps are stored beside it.
// What the release of then replayed and decided at each instant is what this one does, to the byte.
func TestGoldenStoredLogAll(t *testing.T) {
	events, text := storedLog(t, "testdata/log-format1-all.jsonl")
	var models []*journey.Model
	for _, file := range []string{"testdata/log-format1-all-map1.json", "testdata/log-format1-all-map2.json"} {
		document, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m, err := journey.Parse(document)
		if err != nil {
			t.Fatal(err)
		}
		models = append(models, compile(t, m))
	}
	var again, out bytes.Buffer
	kinds, digests := map[journey.EventKind]bool{}, map[journey.Digest]bool{}
	for _, e := range events {
		kinds[e.Kind], digests[e.Digest] = true, true
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		again.Write(append(line, '\n'))
	}
	if !bytes.Equal(text, again.Bytes()) {
		t.Errorf("the log through Event:\n%s\nwant\n%s", again.Bytes(), text)
	}
	if len(kinds) != 12 || len(digests) != 2 || !digests[models[0].Digest()] || !digests[models[1].Digest()] {
		t.Errorf("%d kinds of events, by %d maps", len(kinds), len(digests))
	}
	write := func(v json.Marshaler, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		line, err := v.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
	signals := journey.SignalMap{"sso": {Value: 1}, "share": {Value: 0.25}}
	for asOf := day(1, 1); asOf.Before(day(3, 15)); asOf = asOf.AddDate(0, 0, 3) {
		for _, knownAt := range []time.Time{{}, day(1, 15)} {
			track, err := journey.Replay(sequence(events), asOf, knownAt)
			write(track, err)
			model := models[0]
			if track.Phase == "value" {
				model = models[1]
			}
			write(model.Decide(journey.Input{
				Account: "acme", Track: track, Signals: signals, Segment: "big", Since: day(1, 1),
				Anchors: []journey.Anchor{{Name: "renewal", At: day(12, 31)}},
			}, asOf))
		}
	}
	golden.Check(t, "testdata/log-format1-all-tracks.jsonl", out.Bytes())
}

// Readers of events ignore what a newer release has added within the format.
func TestEventWithUnknownKeys(t *testing.T) {
	var e journey.Event
	err := json.Unmarshal([]byte(`{"format":1,"id":"e1","account":"acme","kind":"started","mood":"good","phase":"a",
		"happened":"2026-01-01T00:00:00Z","recorded":"2026-01-01T01:00:00+01:00","guards":[{"name":"m","more":[1]}]}`), &e)
	if err != nil || e.Phase != "a" || e.Guards[0].Name != "m" {
		t.Errorf("event %+v, error %v", e, err)
	}
	if _, err := journey.Replay(sequence([]journey.Event{e}), day(1, 2), time.Time{}); err != nil {
		t.Error(err)
	}
}
