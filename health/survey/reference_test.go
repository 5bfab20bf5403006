package survey_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/customersuccess-go/customersuccess/health/survey"
	"github.com/customersuccess-go/customersuccess/internal/refdata"
)

// reference returns the path of a file of known answers, or skips.
func reference(t *testing.T, name string) string {
	t.Helper()
	path := refdata.Reference(t, "../../../shared/reference", "surveys", name)
	return path
}

// TestNPS has the values of the R package NPS 1.1 (Rocks) and of the adjusted Wald interval of Rocks (2016).
func TestNPS(t *testing.T) {
	file, err := os.Open(reference(t, "nps_expected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 11 {
		t.Fatalf("%d rows, want a head and 10", len(rows))
	}
	m := compile(t, survey.NPS())
	for _, row := range rows[1:] {
		want := map[string]float64{}
		for i, column := range rows[0] {
			if want[column], err = strconv.ParseFloat(row[i], 64); err != nil {
				t.Fatal(err)
			}
		}
		values := repeat(map[float64]int{10: int(want["promoters"]), 7: int(want["passives"]), 6: int(want["detractors"])}, 10, 7, 6)
		in := survey.Input{Answers: answers("nps", values...)}
		e := estimate(t, m, in, quarter)
		n := float64(e.N)
		got := map[string]float64{
			"promoters": float64(e.Top), "passives": float64(e.N - e.Top - e.Bottom), "detractors": float64(e.Bottom), "n": n,
			"nps": *e.Value, "se": *e.SE, "var": *e.SE * *e.SE * n, "sd_n_minus_1": *e.SE * math.Sqrt(n) * math.Sqrt(n/(n-1)),
			"wald_lo": e.Plain.Low, "wald_hi": e.Plain.High,
			"adj_center": (e.Interval.Low + e.Interval.High) / 2,
			"adj_se":     (e.Interval.High - e.Interval.Low) / 2 / 1.959963984540054,
			"adj_lo":     e.Interval.Low, "adj_hi": e.Interval.High,
		}
		ninety := quarter
		ninety.Confidence = 0.9
		e90 := estimate(t, m, in, ninety)
		got["adj90_lo"], got["adj90_hi"] = e90.Interval.Low, e90.Interval.High
		for _, column := range rows[0] {
			if n == 1 && column == "sd_n_minus_1" {
				continue // one answer has none
			}
			near(t, fmt.Sprintf("%v: %s", row[:3], column), got[column], want[column], 1e-12)
		}
		if e.Interval.Method != survey.AdjustedWald || e.Plain.Method != survey.Wald || *e.Effective != n {
			t.Errorf("%v: methods %s and %s, effective %v", row[:3], e.Interval.Method, e.Plain.Method, *e.Effective)
		}
	}
}

// TestPublished has Newcombe's tables of 1998: single shares to four places, differences by his method 10.
func TestPublished(t *testing.T) {
	data, err := os.ReadFile(reference(t, "published_examples.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Single []struct {
			X, N   int
			Wilson [2]float64
		} `json:"wilson_newcombe_1998_single"`
		Pairs []struct {
			K1, N1, K2, N2 int
			CI             [2]float64
		} `json:"newcombe_1998_difference_method10"`
		CES []struct {
			N     int
			Rated int     `json:"rated_5_6_7_of_7"`
			Share float64 `json:"ces_percent"`
		} `json:"ces"`
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	if len(want.Single) != 4 || len(want.Pairs) != 8 || len(want.CES) != 3 {
		t.Fatalf("%d, %d and %d rows", len(want.Single), len(want.Pairs), len(want.CES))
	}
	m := compile(t, survey.CSAT(5))
	votes := func(top, n int) []survey.Answer {
		return answers("csat", repeat(map[float64]int{4: top, 3: n - top}, 4, 3)...)
	}
	for _, w := range want.Single {
		e := estimate(t, m, survey.Input{Answers: votes(w.X, w.N)}, quarter)
		near(t, fmt.Sprintf("%d of %d: low", w.X, w.N), e.Interval.Low, w.Wilson[0], 0.5001e-4)
		near(t, fmt.Sprintf("%d of %d: high", w.X, w.N), e.Interval.High, w.Wilson[1], 0.5001e-4)
	}
	for _, w := range want.Pairs {
		in := survey.Input{Answers: votes(w.K1, w.N1)}
		for i, a := range votes(w.K2, w.N2) {
			a.Account, a.Group = fmt.Sprintf("other %d", i), "other"
			in.Answers = append(in.Answers, a)
		}
		for i := range in.Answers[:w.N1] {
			in.Answers[i].Group = "first"
		}
		first, other := quarter, quarter
		first.Group, other.Group = "first", "other"
		d, err := m.Compare(in, other, first, to)
		if err != nil {
			t.Fatal(err)
		}
		near(t, fmt.Sprintf("%+v: low", w), d.Interval.Low, w.CI[0], 0.5001e-4)
		near(t, fmt.Sprintf("%+v: high", w), d.Interval.High, w.CI[1], 0.5001e-4)
		if d.Interval.Method != survey.Newcombe || d.Shared != 0 {
			t.Errorf("%+v: method %s, %d shared", w, d.Interval.Method, d.Shared)
		}
	}
	share := survey.CES()
	share.Method, share.Top = survey.TopBox, 3
	w := want.CES[0]
	e := estimate(t, compile(t, share), survey.Input{Answers: answers("ces", repeat(map[float64]int{5: w.Rated - 5, 7: 5, 4: w.N - w.Rated}, 5, 7, 4)...)}, quarter)
	near(t, "share of 5 to 7", *e.Value*100, w.Share, 1e-12)
}

// TestMean has the mean of agreement (CES 2.0) with an interval by Student's t: for 4, 5, 6, 7, 7 the mean is 5.8, the
// standard deviation √1.7 and t(0.975, 4) = 2.776445105198 (R's qt).
func TestMean(t *testing.T) {
	e := estimate(t, compile(t, survey.CES()), survey.Input{Answers: answers("ces", 4, 5, 6, 7, 7)}, quarter)
	near(t, "value", *e.Value, 5.8, 1e-12)
	near(t, "se", *e.SE, math.Sqrt(1.7/5), 1e-12)
	near(t, "high", e.Interval.High, 5.8+2.776445105198*math.Sqrt(1.7/5), 1e-10)
	if e.Interval.Method != survey.StudentT {
		t.Error(e.Interval.Method)
	}
	for _, values := range [][]float64{{6, 6, 6}, {5}} {
		if e := estimate(t, compile(t, survey.CES()), survey.Input{Answers: answers("ces", values...)}, quarter); e.Interval != nil {
			t.Errorf("%v: interval %+v, though nothing shows how answers differ", values, *e.Interval)
		}
	}
}

// TestEffort: where less is well, less is better.
func TestEffort(t *testing.T) {
	def := instruments()[3]
	in := survey.Input{Answers: answers(def.Name, 5, 5, 4, 5, 4, 5, 5, 4, 1, 2, 1, 2, 1, 1, 2, 1)}
	for i := range in.Answers {
		in.Answers[i].Group = []string{"before", "after"}[i/8]
	}
	before, after := quarter, quarter
	before.Group, after.Group = "before", "after"
	d, err := compile(t, def).Compare(in, before, after, to)
	if err != nil {
		t.Fatal(err)
	}
	if *d.Change != 11.0/8-37.0/8 || d.Verdict != survey.Better {
		t.Errorf("change %v is %s, want better", *d.Change, d.Verdict)
	}
	if d, _ := compile(t, def).Compare(in, after, before, to); d.Verdict != survey.Worse {
		t.Errorf("the other way is %s, want worse", d.Verdict)
	}
}
