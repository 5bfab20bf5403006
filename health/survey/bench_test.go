package survey_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/health/survey"
)

// BenchmarkEstimate is one estimate over some 45 000 answers of 10 000 accounts.
func BenchmarkEstimate(b *testing.B) {
	in := random(rand.New(rand.NewPCG(1, 5)), survey.NPS(), 10_000)
	m := compile(b, survey.NPS())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Estimate(in, quarter, to); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(in.Answers)), "ns/answer")
}

// BenchmarkGroups estimates within each of many groups, such as one a salesperson.
func BenchmarkGroups(b *testing.B) {
	m := compile(b, survey.NPS())
	in := random(rand.New(rand.NewPCG(1, 1)), survey.NPS(), 10_000)
	for i := range in.Answers {
		in.Answers[i].Group = fmt.Sprint(i % 1000)
	}
	for b.Loop() {
		if _, err := m.Groups(in, quarter, to); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(in.Answers)), "ns/answer")
	b.ReportAllocs()
}
