package segment_test

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/google/go-cmp/cmp"
)

func TestValueText(t *testing.T) {
	for _, c := range []struct {
		value      segment.Value
		text, json string
	}{
		{segment.Value{}, "NULL", "null"},
		{segment.Null(), "NULL", "null"},
		{segment.Failed("no \xff answer"), "FAILED", `{"failed":"no ` + "\uFFFD" + ` answer"}`},
		{segment.Number(100000), "100000", `{"number":100000}`},
		{segment.Number(math.Copysign(0, -1)), "0", `{"number":0}`},
		{segment.Number(-0.1), "-0.1", `{"number":-0.1}`},
		{segment.Number(1 << 53), "9007199254740992", `{"number":9007199254740992}`},
		{segment.Number(5e-324), "5e-324", `{"number":5e-324}`},
		{segment.Number(1e-6), "0.000001", `{"number":0.000001}`},
		{segment.Text(""), "''", `{"text":""}`},
		{segment.Text("it's"), "'it''s'", `{"text":"it's"}`},
		{segment.Flag(true), "TRUE", `{"flag":true}`},
		{segment.Flag(false), "FALSE", `{"flag":false}`},
		{segment.Time(time.Date(2026, 7, 1, 2, 0, 0, 0, time.FixedZone("", 7200))), "DATE '2026-07-01'", `{"time":"2026-07-01T00:00:00.000000Z"}`},
		{segment.Time(time.Date(2026, 7, 1, 8, 30, 0, 0, time.UTC)), "TIMESTAMP '2026-07-01 08:30:00'", `{"time":"2026-07-01T08:30:00.000000Z"}`},
		{segment.Time(time.Date(1969, 12, 31, 23, 59, 59, 999999999, time.UTC)), "TIMESTAMP '1969-12-31 23:59:59.999999'", `{"time":"1969-12-31T23:59:59.999999Z"}`},
	} {
		if got := c.value.String(); got != c.text {
			t.Errorf("String: got %s, want %s", got, c.text)
		}
		data, err := json.Marshal(c.value)
		if err != nil || string(data) != c.json {
			t.Errorf("%s: got JSON %s, %v, want %s", c.text, data, err, c.json)
		}
		var again segment.Value
		if err := json.Unmarshal(data, &again); err != nil || again != c.value {
			t.Errorf("%s reads back as %v, %v", data, again, err)
		}
	}
	for _, v := range []segment.Value{segment.Number(math.NaN()), segment.Number(math.Inf(1)), segment.Time(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)), segment.Text("\xff")} {
		if data, err := json.Marshal(v); err == nil {
			t.Errorf("%v has JSON %s", v, data)
		}
	}
	for _, data := range []string{`{}`, `{"number":1,"text":"a"}`, `{"Number":1}`, `{"number":"1"}`, `{"number":null}`, `5`, `{"time":"2026-07-01"}`, `{"number":1e400}`, `{"amount":1}`, `{"text":"a","text":"a"}`} {
		var v segment.Value
		if err := json.Unmarshal([]byte(data), &v); err == nil {
			t.Errorf("%s reads as %v", data, v)
		}
	}
}

// TestNewerValue reads what a newer release may have written beside what this one knows.
func TestNewerValue(t *testing.T) {
	var v segment.Value
	if err := json.Unmarshal([]byte(`{"number":1,"currency":"EUR"}`), &v); err != nil || v != segment.Number(1) {
		t.Errorf("got %v, %v", v, err)
	}
	var r segment.Record
	data := `{"format":1,"hint":[],"verdict":{"facts":[{"attribute":"arr","value":{"precision":{"digits":2},"number":5}}]}}`
	if err := json.Unmarshal([]byte(data), &r); err != nil || r.Verdict.Facts[0].Value != segment.Number(5) {
		t.Errorf("got %v, %v", r.Verdict.Facts, err)
	}
}

// TestFailedIsKept cuts and mends the words of a failure, which must not fail themselves.
func TestFailedIsKept(t *testing.T) {
	long := strings.Repeat("x", 1023)
	for why, want := range map[string]string{
		"down":            "down",
		"a\x00b":          "a\uFFFDb",
		long + "y":        long + "y",
		long + "yz":       long + "y",
		long + "\u00e9":   long,
		long + "\xff\xff": long,
	} {
		if segment.Failed(why) != segment.Failed(want) {
			t.Errorf("%q is kept as %v", why, segment.Failed(why))
		}
		data, err := json.Marshal(segment.Failed(why))
		if quoted, _ := json.Marshal(want); err != nil || string(data) != `{"failed":`+string(quoted)+`}` {
			t.Errorf("%q is written as %s, %v", why, data, err)
		}
	}
}

// TestRecordJSON writes and reads random records: the bytes and the values come back, and stay canonical.
func TestRecordJSON(t *testing.T) {
	w := wide()
	r := rand.New(rand.NewPCG(11, 12))
	for range 300 {
		var store segment.Memory
		s := segment.Scheme{Format: 1, Name: "random é", Version: "<3>", Attributes: w.attributes, For: 2 * segment.Day, Review: segment.ReviewDown}
		for i := range 1 + r.IntN(3) {
			s.Rules = append(s.Rules, segment.Rule{Segment: string(rune('a' + i)), When: w.expr(r, 1).String()})
		}
		service := roster(t, s, &store, segment.Options{})
		var last segment.Record
		for d := range 4 {
			last = check(t, service, segment.Input{Account: "acme", Facts: values(w.row(r, "null", "failed"))}, day(float64(d)))
		}
		if r.IntN(2) == 0 {
			pin := segment.Pin{Segment: "a", By: "kim", Reason: "r", From: day(5), Until: day(6)}
			var err error
			if last, err = service.Pin(t.Context(), "acme", pin); err != nil {
				t.Fatal(err)
			}
		}
		data, err := json.Marshal(last)
		if err != nil {
			t.Fatal(err)
		}
		var again segment.Record
		if err := json.Unmarshal(data, &again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(last, again, byValue); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		if second, err := json.Marshal(again); err != nil || !bytes.Equal(data, second) {
			t.Fatalf("%v: got\n%s\nthen\n%s", err, data, second)
		}
	}
}
