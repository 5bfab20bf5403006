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
func storedLog(t *testing.T) (events []journey.Event, text []byte) {
	t.Helper()
	text, err := os.ReadFile("testdata/log-format1.jsonl")
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
	events, text := storedLog(t)
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
