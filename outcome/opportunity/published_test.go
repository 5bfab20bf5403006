package opportunity_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
)

// means are n ratings with a sum each.
func means(outcome string, n, importance, satisfaction int) []opportunity.Rating {
	share := func(sum, i int) int {
		if i < sum%n {
			return sum/n + 1
		}
		return sum / n
	}
	var list []opportunity.Rating
	for i := range n {
		list = append(list, rating(i, outcome, share(importance, i), share(satisfaction, i)))
	}
	return list
}

// TestPublished: each row of the published tables comes out to the digit, from answers of as many respondents as it takes
// to have its shares, or, for the rows of means on a scale of 1 to 5, its means.
func TestPublished(t *testing.T) {
	f, err := os.Open("testdata/published_cases.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const want = 12
	if len(rows)-1 != want {
		t.Fatalf("%d rows, want %d", len(rows)-1, want)
	}
	for _, row := range rows[1:] {
		t.Run(row[0], func(t *testing.T) {
			i, s := hundredths(t, row[1]), hundredths(t, row[2])
			o := opportunity.Options{Resamples: 100}
			ratings := answers("x", 300, 300*i/1000, 300*s/1000)
			if strings.Contains(row[5], "1-5 means") {
				o.Method = opportunity.Mean
				ratings = means("x", 10, i/10, s/10)
			}
			n := evaluate(t, ratings, o).Needs[0]
			gotI, gotS, got := n.Tenths()
			if print(gotI) != print(float64(i)/100) || print(gotS) != print(float64(s)/100) || print(got) != print(number(t, row[3])) {
				t.Errorf("importance %s, satisfaction %s, score %s, want %s, %s, %s", print(gotI), print(gotS), print(got), row[1], row[2], row[3])
			}
			if print(n.Score.Value) != print(number(t, row[3])) {
				t.Errorf("score %v, want %s", n.Score.Value, row[3])
			}
		})
	}
}

func print(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// hundredths reads a level of the tables, which have one decimal, as a whole number of hundredths.
func hundredths(t *testing.T, text string) int {
	t.Helper()
	return int(number(t, text)*100 + 0.5)
}

// TestTenths: 226 of 300 and 119 of 300 print as 7.5 and 4.0 (HBR: 75 % and 40 %), and their row as 11.0, where the score
// itself is 11.1.
func TestTenths(t *testing.T) {
	n := evaluate(t, answers("x", 300, 226, 119), opportunity.Options{Resamples: 100}).Needs[0]
	i, s, score := n.Tenths()
	if i != 7.5 || s != 4 || score != 11 || print(n.Score.Value) != "11.1" {
		t.Errorf("importance %v, satisfaction %v, score %v, exactly %v", i, s, score, n.Score.Value)
	}
	if i, s, score := (opportunity.Need{}).Tenths(); i != 0 || s != 0 || score != 0 {
		t.Errorf("an unknown need prints as %v, %v, %v", i, s, score)
	}
}

// TestBands: the edges, each reached exactly by shares of 100 respondents.
func TestBands(t *testing.T) {
	for _, c := range []struct {
		important, satisfied int
		band                 opportunity.Band
		grade                opportunity.Grade
	}{
		{75, 50, opportunity.Underserved, opportunity.Solid}, // 10
		{74, 49, opportunity.Served, ""},                     // 9.9
		{80, 40, opportunity.Underserved, opportunity.Strong},
		{79, 39, opportunity.Underserved, opportunity.Solid},
		{90, 30, opportunity.Underserved, opportunity.Strong},  // 15
		{90, 29, opportunity.Underserved, opportunity.Extreme}, // 15.1
		{50, 50, opportunity.Served, ""},
		{50, 51, opportunity.Overserved, ""},
		{0, 0, opportunity.Served, ""},
		{0, 100, opportunity.Overserved, ""},
		{100, 0, opportunity.Underserved, opportunity.Extreme},
	} {
		n := evaluate(t, answers("x", 100, c.important, c.satisfied), opportunity.Options{Resamples: 100}).Needs[0]
		if n.Band != c.band || n.Grade != c.grade {
			t.Errorf("%d %% and %d %%: %s %q, want %s %q", c.important, c.satisfied, n.Band, n.Grade, c.band, c.grade)
		}
	}
}
