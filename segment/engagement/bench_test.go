package engagement_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

func BenchmarkDue(b *testing.B) {
	m, in := random(b, rand.New(rand.NewPCG(7, 8)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Due(in, day(15)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDueOfAPortfolio evaluates accounts with twelve kinds of touches and twelve touches made, under two budgets. Time
// and memory are of one account.
func BenchmarkDueOfAPortfolio(b *testing.B) {
	var plans []engagement.TouchPlan
	for i := range 6 {
		plans = append(plans, every(fmt.Sprint("cadence ", i), float64(20+10*i)))
	}
	for i := range 3 {
		plans = append(plans, on(fmt.Sprint("event ", i), fmt.Sprint("e", i), 1))
		plans = append(plans, around(fmt.Sprint("anchor ", i), "renewal", float64(-30*i)))
	}
	plans[0].When, plans[1].When = "arr >= 50000", "NOT answered"
	m := compileProgram(b, engagement.Program{Touches: plans, Budgets: []engagement.Budget{
		{Name: "week", Per: engagement.PerAccount, Most: 3, In: 7 * oneDay}, {Name: "month", Per: engagement.PerAccount, Most: 8, In: 30 * oneDay},
	}})
	r := rand.New(rand.NewPCG(1, 1))
	inputs := make([]engagement.Input, 1000)
	for n := range inputs {
		in := &inputs[n]
		*in = engagement.Input{
			Account: fmt.Sprint("account ", n), Began: day(0), Anchors: []engagement.Anchor{{Name: "renewal", At: day(300)}},
			Facts: segment.FactMap{"arr": segment.Number(60000), "answered": segment.Flag(n%2 == 0)},
		}
		for i := range 12 {
			name := plans[r.IntN(len(plans))].Name
			in.Touches = append(in.Touches, engagement.Touch{Format: 1, ID: fmt.Sprint("touch ", i), Touch: name, Channel: engagement.Human, At: day(float64(r.IntN(100)))})
		}
		for i := range 3 {
			in.Events = append(in.Events, event(fmt.Sprint("e", i), float64(r.IntN(100))))
		}
	}
	n, tasks := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		a, err := m.Due(inputs[n%len(inputs)], day(100))
		if err != nil {
			b.Fatal(err)
		}
		tasks += len(a.Due)
		n++
	}
	b.ReportMetric(float64(tasks)/float64(n), "due/op")
}
