package peer_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/refdata"
	"github.com/customersuccess-go/customersuccess/ladder/peer"
)

// table reads a CSV file of known answers below stats as one map a row.
func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	return refdata.Rows(t, reference(t, "stats", name))
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	return refdata.Number(t, text)
}

// TestTypeSeven has R's quantiles of type 7 for all whole percentages: where they lie in each sample, and for the sample
// that is large enough what is released of it.
func TestTypeSeven(t *testing.T) {
	data, err := os.ReadFile(reference(t, "stats", "quantile_input.json"))
	if err != nil {
		t.Fatal(err)
	}
	var samples map[string][]float64
	if err := json.Unmarshal(data, &samples); err != nil {
		t.Fatal(err)
	}
	var list []peer.Contribution
	for i, v := range samples["lungtime"] {
		list = append(list, plain(fmt.Sprintf("p%03d", i), fmt.Sprint(v)))
	}
	percentiles := []int{5, 10, 20, 25, 50, 75, 80, 90, 95}
	released := publish(t, list, nil, peer.Options{Percentiles: percentiles, Digits: 6, Rules: peer.Rules{Percent: decimal.NewFromInt(1)}}).Release.Groups[0]
	checked, seen := 0, 0
	for _, row := range table(t, "quantile_types_expected.csv") {
		p := number(t, row["p"])
		percent := int(math.Round(100 * p))
		if row["type"] != "7" || math.Abs(p-float64(percent)/100) > 1e-9 {
			continue
		}
		want := number(t, row["q"])
		sorted := slices.Sorted(slices.Values(samples[row["data"]]))
		low, share := peer.Position(len(sorted), percent)
		got := sorted[low]
		if share > 0 {
			got += float64(share) / 100 * (sorted[low+1] - sorted[low])
		}
		near(t, fmt.Sprint(row["data"], " ", percent), got, want, 1e-12*max(1, math.Abs(want)))
		checked++
		if row["data"] != "lungtime" {
			continue
		}
		for _, q := range released.Quantiles {
			if q.Percent == percent {
				seen++
				// On a grid of a thousandth, and a thousandth up where it would be somebody's day.
				near(t, fmt.Sprint("released ", percent), q.Value.InexactFloat64(), want, 0.0015)
			}
		}
	}
	if checked != 78 || seen != len(percentiles) {
		t.Errorf("%d rows checked, %d released", checked, seen)
	}
}

// TestRanks has pandas' average ranks under ties: a value's leads less trails is twice its rank less n + 1.
func TestRanks(t *testing.T) {
	rows := table(t, "rank_ties_expected.csv")
	if len(rows) != 7 {
		t.Fatalf("%d rows, want 7", len(rows))
	}
	var values []float64
	for _, row := range rows {
		values = append(values, number(t, row["x"]))
	}
	for i, r := range peer.Ranks(values[:3], values[3:]) {
		if got, want := float64(r+int64(len(rows))+1)/2, number(t, rows[i]["average"]); got != want {
			t.Errorf("rank of row %d = %v, want %v", i, got, want)
		}
	}
}
