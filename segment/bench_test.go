package segment_test

import (
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment"
)

// benchModel returns five rules on four attributes, and rows of which a tenth of the facts is unknown.
func benchModel(t testing.TB) (*segment.Model, []segment.Row) {
	s := scheme([]segment.Attribute{
		numeric("arr"), numeric("seats"), {Name: "region", Type: segment.TextType, Values: []string{"EU", "UK", "US", "APAC"}},
		{Name: "trial", Type: segment.FlagType},
	},
		"trial: trial",
		"strategic: arr >= 100000 AND region IN ('EU', 'UK')",
		"enterprise: arr >= 100000 OR seats >= 500",
		"growth: arr BETWEEN 20000 AND 99999 AND seats > 10",
		"tech: arr < 20000 OR seats <= 10",
	)
	s.Otherwise = "unknown"
	m := compile(t, s)
	r := rand.New(rand.NewPCG(7, 8))
	rows := make([]segment.Row, 1024)
	for i := range rows {
		row := segment.Row{
			segment.Number(float64(r.IntN(200000))), segment.Number(float64(r.IntN(600))),
			segment.Text(pick(r, []string{"EU", "UK", "US", "APAC"})), segment.Flag(r.IntN(10) == 0),
		}
		for j := range row {
			if r.IntN(10) == 0 {
				row[j] = segment.Null()
			}
		}
		rows[i] = row
	}
	return m, rows
}

func BenchmarkClassifyRow(b *testing.B) {
	m, rows := benchModel(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := m.ClassifyRow(rows[i%len(rows)], epoch); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkClassify(b *testing.B) {
	m, rows := benchModel(b)
	inputs := make([]segment.Input, len(rows))
	for i, row := range rows {
		facts := segment.FactMap{}
		for j, name := range m.Attributes() {
			facts[name] = row[j]
		}
		inputs[i] = segment.Input{Account: "acme", Facts: facts}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := m.Classify(inputs[i%len(inputs)], epoch); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompileCondition(b *testing.B) {
	attributes := []segment.Attribute{numeric("arr"), {Name: "region", Type: segment.TextType}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := segment.CompileCondition("arr >= 100000 AND (region IN ('EU', 'UK') OR region IS NULL)", attributes); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	m, _ := benchModel(b)
	b.ReportAllocs()
	for b.Loop() {
		m.Verify(epoch, epoch.AddDate(1, 0, 0))
	}
}
