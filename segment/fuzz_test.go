package segment_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/segment"
)

func FuzzParse(f *testing.F) {
	tiers, err := json.Marshal(segment.Tiers())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tiers)
	f.Add([]byte(`{"format":1,"name":"x","attributes":[{"name":"t","type":"text","values":["a","b"]}],"rules":[{"segment":"a","when":"t = 'a'","stay":{"while":"t <> 'b'"}}],"otherwise":"b","exclusive":true,"for":"1h30m"}`))
	f.Add([]byte(`{"format":2}`))
	f.Add([]byte(`{"format":1,"rules":[{}],"attributes":[{"min":1e308}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := segment.Parse(data)
		if err != nil {
			return
		}
		once, err := canon.JSON(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := segment.Parse(once)
		if err != nil {
			t.Fatalf("what was parsed and written can't be parsed: %v\n%s", err, once)
		}
		twice, err := canon.JSON(again)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%v: got\n%s\nthen\n%s", err, once, twice)
		}
		m, err := segment.Compile(s)
		if err != nil {
			return
		}
		if len(s.Rules) > 8 || len(data) > 4096 {
			return
		}
		for _, finding := range m.Verify(epoch, epoch.AddDate(1, 0, 0)) {
			confirm(t, m, finding)
		}
	})
}

// FuzzCondition looks for text that makes the compiler or the evaluator panic, for conditions whose negation does not
// negate, and for such whose SQL says more than they do.
func FuzzCondition(f *testing.F) {
	for _, text := range []string{
		"arr >= 100000 AND region IN ('EU', 'UK') AND seats IS NULL", "NOT (trial OR arr BETWEEN -1 AND 1e3)",
		"renewal < as_of + INTERVAL '90 days'", "TIMESTAMP '2026-07-01 12:00:00.000001' >= renewal", "note <> 'it''s'", `note = '\''; --'`, "((((", "\x00", "'",
	} {
		f.Add(text, 5.0, "EU", true, int64(1))
	}
	f.Add("arr > 0", math.NaN(), "\xff", false, int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, text string, n float64, s string, b bool, us int64) {
		c, err := segment.CompileCondition(text, language())
		var invalid *segment.InvalidError
		if err != nil {
			if !errors.As(err, &invalid) {
				t.Fatalf("got error %v, want an InvalidError", err)
			}
			return
		}
		harmless(t, c)
		negated, err := segment.CompileCondition("NOT ("+text+")", language())
		facts := segment.FactMap{
			"arr": segment.Number(n), "region": segment.Text("EU"), "note": segment.Text(s), "trial": segment.Flag(b),
			"renewal": segment.Time(time.UnixMicro(us)),
		}
		truth, failedOn, errEval := c.Eval(facts, epoch)
		if err != nil || errEval != nil || failedOn != "" {
			return // one level too deep, or a fact that is refused
		}
		if opposite, _, err := negated.Eval(facts, epoch); err != nil || opposite != -truth {
			t.Fatalf("%s is %v, its negation %v, %v", text, truth, opposite, err)
		}
	})
}

func FuzzValue(f *testing.F) {
	for _, data := range []string{`null`, `{"number":0.1}`, `{"text":"é"}`, `{"flag":true}`, `{"time":"2026-07-01T00:00:00.5Z"}`, `{"failed":""}`, `{}`} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var v segment.Value
		if json.Unmarshal(data, &v) != nil {
			return
		}
		once, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var again segment.Value
		if err := json.Unmarshal(once, &again); err != nil || again != v {
			t.Fatalf("%s reads as %v, %v, want %v", once, again, err, v)
		}
	})
}
