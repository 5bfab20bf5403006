package segment_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/segment"
)

// TestGolden pins the bytes of digests, verdicts, memberships and findings of random schemes. A change of the file is a
// change of what accounts are told, and needs a new format.
func TestGolden(t *testing.T) {
	w := wide()
	r := rand.New(rand.NewPCG(13, 14))
	var out []byte
	for group := range 10 {
		sums := map[string]hash.Hash{}
		names := []string{"digests", "verdicts", "memberships", "findings", "edges"}
		for _, name := range names {
			sums[name] = sha256.New()
		}
		add := func(name string, v any) {
			data, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			sums[name].Write(append(data, '\n'))
		}
		for range 30 {
			s := segment.Scheme{Format: 1, Name: "random", Attributes: w.attributes, Exclusive: r.IntN(2) == 0, For: segment.Duration(r.IntN(3)) * segment.Day}
			if r.IntN(2) == 0 {
				s.Review = segment.ReviewDown
			}
			for i := range 1 + r.IntN(4) {
				rule := segment.Rule{Segment: string(rune('a' + i)), When: w.expr(r, 2).String()}
				if r.IntN(2) == 0 {
					rule.Stay = &segment.Stay{While: w.expr(r, 1).String()}
				}
				s.Rules = append(s.Rules, rule)
			}
			if r.IntN(2) == 0 {
				s.Otherwise = "rest"
			}
			m := compile(t, s)
			add("digests", m.Digest())
			var member segment.Membership
			for d := range 10 {
				v := classify(t, m, values(w.row(r, "null", "failed")), day(float64(d)/2))
				member = m.Settle(member, v)
				add("edges", v)
				v.Leave, v.Near = nil, slices.Clone(v.Near)
				for i := range v.Near {
					v.Near[i].ByTime = 0
				}
				add("verdicts", v) // as it was before these were
				add("memberships", member)
			}
			add("findings", m.Verify(day(-2), day(2)))
		}
		for _, name := range names {
			out = fmt.Appendf(out, "%d %s %x\n", group, name, sums[name].Sum(nil))
		}
	}
	golden.Check(t, "testdata/golden.txt", out)
}
