package ladder_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/golden"
)

// TestGolden holds the bytes of seeded results: of the first few in full, of all as a digest for each fifty.
func TestGolden(t *testing.T) {
	var out bytes.Buffer
	sum := sha256.New()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 12))
		model := compile(t, randomLadder(r))
		in, asOf := randomInput(r)
		s, err := model.Statement(in, asOf)
		if err != nil {
			t.Fatal(err)
		}
		l, err := model.Leakage("acme", randomLevels(r), asOf)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []any{s, l} {
			text, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			if seed < 3 {
				fmt.Fprintf(&out, "%s\n", text)
			}
			sum.Write(text)
		}
		if seed%50 == 49 {
			fmt.Fprintf(&out, "%d %x\n", seed+1, sum.Sum(nil))
		}
	}
	golden.Check(t, "testdata/results.golden", out.Bytes())
}
