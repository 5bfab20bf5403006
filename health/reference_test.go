package health_test

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/refdata"
)

// reference returns the rows of a file of small composite-indicator cases, computed with the R package COINr, without its
// header. It skips where the files are not at hand.
func reference(t *testing.T, name string) [][]string {
	t.Helper()
	path := refdata.Reference(t, filepath.Join("..", "..", "shared", "reference"), "scorecard", name)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func parseFloat(t *testing.T, text string) float64 {
	t.Helper()
	return refdata.Number(t, text)
}

// TestReferenceAggregation: a weighted mean leaves out what is missing and spreads its weight. Of the file's three means a
// scorecard is the arithmetic one, in which a low part can be made up for: limits are there for those that can't.
func TestReferenceAggregation(t *testing.T) {
	rows := reference(t, "aggregators_small.csv")
	if len(rows) != 3 {
		t.Fatalf("the file has %d rows, not 3", len(rows))
	}
	arithmetic := 0
	for _, row := range rows {
		card := health.Scorecard{Format: 1, Name: "mean", Bands: []health.Band{{Name: "all"}},
			Groups: []health.Group{{Name: "all", Weight: 1}}}
		readings := health.ReadingMap{}
		values, weights := strings.Split(row[1], ";"), strings.Split(row[2], ";")
		for i, w := range weights {
			name := "x" + strconv.Itoa(i)
			card.Groups[0].Measures = append(card.Groups[0].Measures, health.Measure{Name: name, Weight: parseFloat(t, w),
				Curve: health.Curve{Kind: health.Points, Knots: []health.Knot{{X: 0}, {X: 100, Points: 100}}}})
			if values[i] != "NA" {
				readings[name] = health.Reading{Value: parseFloat(t, values[i])}
			}
		}
		s := mustScore(t, mustCompile(t, card), readings)
		want := parseFloat(t, row[3])
		if row[0] == "a_amean" {
			arithmetic++
			if s.Value != want || s.Coverage != 0.8 {
				t.Errorf("%v: score %v of coverage %v, want %v of 0.8", row, s.Value, s.Coverage, want)
			}
		} else if s.Value <= want { // the inequality of means
			t.Errorf("%v: score %v is not above it", row, s.Value)
		}
	}
	if arithmetic != 1 {
		t.Errorf("%d rows are arithmetic means", arithmetic)
	}
}

// TestReferenceNormalisation: the normalisations that fix their goalposts are curves. Those by rank or deviation depend on
// who else is scored, and are none.
func TestReferenceNormalisation(t *testing.T) {
	curve := func(x1, y1, x2, y2 float64) health.Curve {
		return health.Curve{Kind: health.Points, Knots: []health.Knot{{X: x1, Points: y1}, {X: x2, Points: y2}}}
	}
	columns := map[string]struct {
		column int
		scale  float64 // of the file's number to points
		curve  health.Curve
	}{
		"minmax":              {1, 1, curve(2, 0, 100, 100)},
		"distance to maximum": {6, 100, curve(2, 0, 100, 100)},
		"goalposts 0 and 50":  {7, 1, curve(0, 0, 50, 100)},
		"distance to target":  {8, 100, curve(2, 0, 8, 100)},
	}
	rows := reference(t, "normalisers_small.csv")
	if len(rows) != 6 {
		t.Fatalf("the file has %d rows, not 6", len(rows))
	}
	for name, c := range columns {
		m := mustCompile(t, health.Scorecard{Format: 1, Name: name, Bands: []health.Band{{Name: "all"}},
			Groups: []health.Group{{Name: "all", Weight: 1, Measures: []health.Measure{{Name: "x", Weight: 1, Curve: c.curve}}}}})
		for _, row := range rows {
			readings := health.ReadingMap{}
			if row[0] != "" {
				readings["x"] = health.Reading{Value: parseFloat(t, row[0])}
			}
			s := mustScore(t, m, readings)
			switch {
			case row[c.column] == "NA":
				if s.Known {
					t.Errorf("%s of nothing: %v", name, s.Value)
				}
			case !s.Known || math.Abs(s.Value-float64(parseFloat(t, row[c.column])*c.scale)) > 0x1p-21: // half a step of the grid
				t.Errorf("%s of %s: %v, want %s times %v", name, row[0], s.Value, row[c.column], c.scale)
			}
		}
	}
}
