package ladder_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/ladder"
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

// TestGoldenMore does the same for what is made of statements and levels.
func TestGoldenMore(t *testing.T) {
	var out bytes.Buffer
	sum := sha256.New()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 14))
		l := randomLadder(r)
		l.Thresholds = ladder.StarterThresholds()
		model := compile(t, l)
		var pair [2]ladder.Statement
		for i := range pair {
			in, asOf := randomInput(r)
			var err error
			if pair[i], err = model.Statement(in, asOf); err != nil {
				t.Fatal(err)
			}
		}
		d, err := model.Diagnose(ladder.Signs{Account: "acme", Levels: randomLevels(r), Statement: &pair[1], Sentiment: ptr(randomShare(r))}, epoch)
		if err != nil {
			t.Fatal(err)
		}
		value := []ladder.Accrual{evenly(r.IntN(30), 40+r.IntN(300), randomDecimal(r, 1e6).String())}
		c, err := model.Course("acme", epoch, value, []ladder.Accrual{evenly(r.IntN(50), 0, randomDecimal(r, 1e6).String())}, day(r.IntN(300)))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []any{compare(t, pair[0], pair[1]), d, c, model.Verify()} {
			text, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			if seed < 2 {
				fmt.Fprintf(&out, "%s\n", text)
			}
			sum.Write(text)
		}
		if seed%50 == 49 {
			fmt.Fprintf(&out, "%d %x\n", seed+1, sum.Sum(nil))
		}
	}
	golden.Check(t, "testdata/more.golden", out.Bytes())
}
