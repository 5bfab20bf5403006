package stat_test

import (
	"math"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// TestRatesOfReturn expands (x - 1.1)(x - 1.2)(x - 1.5) and finds its roots again, among other flows.
func TestRatesOfReturn(t *testing.T) {
	for _, test := range []struct {
		name  string
		flows stat.Flows
		want  []float64
	}{
		{"none", stat.Flows{}, nil},
		{"one sign", stat.Flows{Amounts: []float64{1, 2}, Times: []float64{0, 1}}, nil},
		{"one", stat.Flows{Amounts: []float64{-100, 121}, Times: []float64{0, 2}}, []float64{0.1}},
		{"three", stat.Flows{Amounts: []float64{1, -3.8, 4.77, -1.98}, Times: []float64{0, 1, 2, 3}}, []float64{0.1, 0.2, 0.5}},
		{"touching", stat.Flows{Amounts: []float64{100, -220, 121}, Times: []float64{0, 1, 2}}, []float64{0.1}},
		{"never", stat.Flows{Amounts: []float64{1000, -3000, 2500}, Times: []float64{0, 1, 2}}, nil},
		{"late and far apart", stat.Flows{Amounts: []float64{-1e-30, 1e30}, Times: []float64{1000, 1040}}, []float64{math.Pow(1e60, 1.0/40) - 1}},
		{"beyond the bounds", stat.Flows{Amounts: []float64{-1, 1e7}, Times: []float64{0, 1}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := test.flows.RatesOfReturn()
			if len(got) != len(test.want) || test.flows.Changes() < len(got) {
				t.Fatalf("got %v, want %v", got, test.want)
			}
			for i := range got {
				if math.Abs(got[i]-test.want[i]) > 1e-7*(1+test.want[i]) {
					t.Errorf("got %v, want %v", got, test.want)
				}
			}
		})
	}
	f := stat.Flows{Amounts: []float64{-100, 110, 242}, Times: []float64{0, 1, 2}}
	if v := f.PresentValue(0.1); math.Abs(v-200) > 1e-12 {
		t.Errorf("present value %v, want 200", v)
	}
}
