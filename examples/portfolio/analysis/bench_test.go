package analysis_test

import (
	"context"
	"io/fs"
	"testing"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
	"github.com/customersuccess-go/customersuccess/examples/portfolio/data"
	"github.com/customersuccess-go/customersuccess/examples/portfolio/world"
)

// BenchmarkRun is the whole chain over 2000 simulated accounts, their making included.
func BenchmarkRun(b *testing.B) {
	folder, err := fs.Sub(data.Files, "simulated")
	if err != nil {
		b.Fatal(err)
	}
	defs, err := analysis.Load(nil, folder)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := analysis.Run(context.Background(), world.New(2000, 1), defs, analysis.Options{Workers: 1}); err != nil {
			b.Fatal(err)
		}
	}
}
