package health

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"
)

// TestGoldenHistory makes a stored history again, from the card in its first line and from what each record says it was
// made of: the bytes are the same. The file is from the release that wrote it, and is never written again; a release that
// computes anything else raises Format, and keeps the code that reads this one.
func TestGoldenHistory(t *testing.T) {
	file, err := os.Open("testdata/history.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	if !lines.Scan() {
		t.Fatal("no card")
	}
	card, err := Parse(lines.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	m := mustModel(t, card)
	if want := "sha256:7d1c"; m.Digest().String()[:len(want)] != want {
		t.Errorf("digest %s of the card, want %s...", m.Digest(), want)
	}
	var before Record
	evaluations, acts, kinds := 0, 0, map[EventKind]bool{}
	for lines.Scan() {
		var stored Record
		if err := json.Unmarshal(lines.Bytes(), &stored); err != nil {
			t.Fatal(err)
		}
		score, err := m.Score(stored.Score.Input(), stored.Score.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		var again Record
		if stored.Act == nil {
			evaluations++
			again = m.next(&before, score, stored.Recorded)
		} else {
			acts++
			again = before
			again.Version, again.Recorded, again.Score, again.Act, again.Events = before.Version+1, stored.Recorded, score, stored.Act, nil
			if err := again.apply(*stored.Act); err != nil {
				t.Fatal(err)
			}
		}
		text, err := json.Marshal(again)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(text, lines.Bytes()) {
			t.Fatalf("record %d is now\n%s\nand was\n%s", stored.Version, text, lines.Bytes())
		}
		for _, e := range stored.Events {
			kinds[e.Kind] = true
		}
		before = stored
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if evaluations != 40 || acts != 10 || len(kinds) < 10 {
		t.Errorf("%d evaluations, %d acts, %d kinds of events", evaluations, acts, len(kinds))
	}

	// What is stored also answers the questions of later.
	first := Evaluation{m, before.Score.Input(), before.Score.AsOf}
	if change, err := Explain(first, first); err != nil || change.Total != 0 || change.After != before.Score.Value {
		t.Errorf("explained: %+v, %v", change, err)
	}
	if before.Score.AsOf.Before(time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("the last record is as of %v", before.Score.AsOf)
	}
}
