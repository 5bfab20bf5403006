package pace_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
)

// TestGolden holds what must be the same on every platform: samples, steps, quantiles and schedules of seeded stays.
func TestGolden(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	var out bytes.Buffer
	for i := range 40 {
		s := sample(t, random(r, 20+r.IntN(100))...)
		fmt.Fprintf(&out, "%d sample %x\n", i, sha256.Sum256(encoded(t, s)))
		c, err := s.Estimate(pace.Options{AtRisk: 5})
		if err != nil {
			t.Fatal(err)
		}
		steps := sha256.New()
		for step := range c.Steps() {
			if err := json.NewEncoder(steps).Encode(step); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Fprintf(&out, "%d steps %x\n", i, steps.Sum(nil))
		for _, kind := range c.Kinds() {
			if q, _ := c.Quantile(kind, 0.25); q.Day != nil {
				fmt.Fprintf(&out, "%d %s %v\n", i, kind, *q.Day)
			}
		}
		if m, ok := c.Mean(30); ok {
			fmt.Fprintf(&out, "%d mean %v %v\n", i, m.Days, m.SE)
		}
		var list []pace.Stay
		for range 30 {
			list = append(list, stay(r.IntN(90), journey.Advance))
		}
		g := pace.Stage{Phase: "x", Curve: curve(t, pace.Options{}, list...)}
		plan, err := pace.Plan([]pace.Stage{g, g, g}, after(400), 0.8)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(plan)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%d %s\n", i, text)
	}
	golden.Check(t, "testdata/golden.txt", out.Bytes())
}
