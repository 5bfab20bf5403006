package survey_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/health/survey"
	"github.com/customersuccess-go/customersuccess/internal/golden"
)

// TestGolden holds estimates and differences of random surveys to the bytes that every platform must give.
func TestGolden(t *testing.T) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	for i, def := range instruments() {
		r := rand.New(rand.NewPCG(uint64(i), 4))
		m, in := compile(t, def), random(r, def, 20)
		for _, weighting := range []survey.Weighting{survey.ByRespondent, survey.ByAccount, survey.ByWorth} {
			before, after := quarter, quarter
			before.Group, after.Group = "onboarding", "adoption"
			before.Weighting, after.Weighting = weighting, weighting
			d, err := m.Compare(in, before, after, to)
			if err != nil {
				t.Fatal(err)
			}
			if err := enc.Encode(d); err != nil {
				t.Fatal(err)
			}
		}
	}
	golden.Check(t, "testdata/random.jsonl", out.Bytes())
}
