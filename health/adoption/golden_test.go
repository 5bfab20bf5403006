package adoption_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/golden"
)

// TestGolden holds random adoptions, and the bytes of the usages behind them, to what every platform must give.
func TestGolden(t *testing.T) {
	m := compile(t, plan())
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 4))
		asOf := from.AddDate(0, 0, 30)
		u := fill(t, m, randomEvents(r, 150))
		a, err := m.Assess(u, randomAccount(r, asOf), asOf)
		if err != nil {
			t.Fatal(err)
		}
		if err := enc.Encode(a); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "usage %x\n", sha256.Sum256([]byte(encoded(t, u))))
	}
	golden.Check(t, "testdata/random.jsonl", out.Bytes())
}
