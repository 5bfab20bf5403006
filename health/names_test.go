package health_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
)

// TestNamesOfAnyScript: names go from a document to a stored record and back to the byte. None is folded, normalised or
// taken for another.
func TestNamesOfAnyScript(t *testing.T) {
	names := []string{
		"Łódź 株式会社 😀", "صحة العميل", "\u202eright to left", "a\u2028b", "\ufdd0", "\ufffd", "\U0010ffff", `"<&\`,
		"\u00e9", "e\u0301", "straße", "STRASSE", "K", "\u212a", "ı", "I", "zero\u200bwidth", "zerowidth",
	}
	card := health.Scorecard{Format: 1, Name: names[0], Version: names[1]}
	readings := map[string]health.Reading{}
	for i, name := range names {
		card.Groups = append(card.Groups, health.Group{Name: name, Weight: 1, Measures: []health.Measure{
			{Name: name, Unit: name, Weight: 1, Curve: direct()},
		}})
		card.Bands = append(card.Bands, health.Band{Name: name, Floor: float64(i)})
		card.Alarms = append(card.Alarms, health.Alarm{Category: name, Measure: name, When: health.Equal, Value: float64(i), Reason: name})
		readings[name] = health.Reading{Value: float64(i), At: july, Why: name}
	}
	document, err := json.Marshal(card)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := health.Parse(document)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(card, parsed); diff != "" {
		t.Fatalf("a card, written and read (-want +got):\n%s", diff)
	}
	m := mustCompile(t, parsed)
	var memory health.Memory
	monitor, err := health.NewMonitor(m, &memory, &memory, health.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, account := range names {
		if err := memory.Put(account, july, july, readings); err != nil {
			t.Fatal(err)
		}
		r, err := monitor.Check(t.Context(), account, july)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range r.Score.Parts {
			if name := names[i]; p.Path != name+"/"+name || p.Reading != readings[name] || r.Risks[i].Category != name {
				t.Fatalf("account %q: part %+v of risk %+v, want those of %q", account, p, r.Risks[i], name)
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
			t.Fatalf("account %q: a record, written and read (-want +got):\n%s", account, diff)
		}
	}
	accounts := 0
	for _, err := range memory.Accounts(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		accounts++
	}
	if accounts != len(names) {
		t.Errorf("%d accounts, want %d", accounts, len(names))
	}
}
