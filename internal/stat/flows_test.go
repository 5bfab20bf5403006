package stat_test

import (
	"math"
	"slices"
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

// TestRatesOfManyChanges turns the sign a hundred times over a century of days. Each derivative multiplies the amounts by
// thousands; multiplied by a power of two, the flows have the same rates.
func TestRatesOfManyChanges(t *testing.T) {
	var f, small stat.Flows
	for i := range 101 {
		amount := float64(1 - i%2*2)
		f.Amounts, f.Times = append(f.Amounts, amount), append(f.Times, 365*float64(i))
		small.Amounts, small.Times = append(small.Amounts, float64(amount*0x1p-300)), f.Times
	}
	// 1 − y + y² − … + y¹⁰⁰ = (1 + y¹⁰¹)/(1 + y) has no root above 0; less its first term it has y = 1, and no other.
	if got := f.RatesOfReturn(); len(got) != 0 {
		t.Errorf("got %v, want none", got)
	}
	f.Amounts, f.Times, small.Amounts, small.Times = f.Amounts[1:], f.Times[1:], small.Amounts[1:], small.Times[1:]
	got := f.RatesOfReturn()
	if len(got) != 1 || math.Abs(got[0]) > 1e-7 {
		t.Errorf("got %v, want 0", got)
	}
	if again := small.RatesOfReturn(); !slices.Equal(again, got) {
		t.Errorf("scaled: got %v, want %v", again, got)
	}
}
