package backtest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/backtest"
	"github.com/customersuccess-go/customersuccess/internal/golden"
)

// By hand: six decisions in two segments, with a second measure that is right where the card is wrong.
func TestReportByHand(t *testing.T) {
	var cases []backtest.Case
	for i, x := range []struct {
		value, other float64
		lost         bool
		group        string
		euros        int
	}{
		{10, 5, true, "small", 1}, {20, 60, false, "small", 2}, {30, 10, true, "large", 100}, {40, 70, false, "large", 300},
		{50, 20, true, "large", 50}, {60, 80, false, "small", 4},
	} {
		c := scored(fmt.Sprint("a", i), x.value, x.lost)
		c.Bands = []string{"red", "amber", "green"}
		c.Score.Band = c.Bands[i/2]
		c.Group, c.Tenure = x.group, "first year"
		c.Money, c.Currency = dec(100*x.euros), "EUR"
		c.Score.Parts = append(c.Score.Parts, health.Part{Measure: "other", Liveness: 1, OnCurve: x.other, Reading: c.Score.Parts[0].Reading})
		cases = append(cases, c)
	}
	r := trial(t, cases...).Report(backtest.Options{Resamples: -1})
	near(t, "area", r.AUC.Value, (3+2+1)/9.0, 1e-12)
	near(t, "average precision", r.AveragePrecision, (1+2.0/3+3.0/5)/3, 1e-12)
	near(t, "lift of the riskiest", r.Lift, 2, 1e-12)
	if r.Best == nil || r.Best.Measure != "other" || r.Best.Comparison.Before.Value != 1 || r.Measures[0].AveragePrecision != 1 {
		t.Errorf("best %+v", r.Best)
	}
	want := []backtest.Rate{
		{Band: "red", Lost: 1, N: 2, Catch: 1.0 / 3, FalseAlarm: 1.0 / 3, Precision: 0.5, Single: 2.0 / 3},
		{Band: "amber", Lost: 1, N: 2, Catch: 2.0 / 3, FalseAlarm: 2.0 / 3, Precision: 0.5, Single: 1},
		{Band: "green", Lost: 1, N: 2, Catch: 1, FalseAlarm: 1, Precision: 0.5, Single: 1},
	}
	if diff := cmp.Diff(want, r.Bands); diff != "" {
		t.Errorf("bands (-want +got)\n%s", diff)
	}
	// Lost 1, 100 and 50 euros; kept above them 306 of 306, 304, 4.
	near(t, "area by money", r.Money.Value, (1*306+100*304+50*4)/(151.0*306), 1e-9)
	if r.Money.Low != 0 || r.Money.High != 1 || r.Money.Currency != "EUR" || r.Money.Lost.StringFixed(2) != "151.00" {
		t.Errorf("%+v", r.Money)
	}
	if len(r.Groups) != 2 || r.Groups[0].Name != "large" || r.Groups[0].Decisions != 3 || r.Groups[0].Lost != 2 || r.Groups[0].AUC.Value != 0.5 {
		t.Fatalf("groups %+v", r.Groups)
	}
	near(t, "area by money of the large", r.Groups[0].Money.Value, 100.0/150, 1e-9)
	if len(r.Tenures) != 1 || r.Tenures[0].AUC.Value != r.AUC.Value {
		t.Errorf("tenures %+v", r.Tenures)
	}
	text := string(must[[]byte](t)(json.Marshal(r)))
	if !strings.HasPrefix(text, `{"decisions":6,"lost":3,"rescued":0,`) || strings.Contains(text, "NaN") {
		t.Error(text)
	}
}

// Where money tells all apart the bootstrap sees no spread, and an exact bound stands in for it.
func TestMoneyPerfect(t *testing.T) {
	var cases []backtest.Case
	for i := range 20 {
		c := scored(fmt.Sprint("a", i), float64(i), i < 10)
		c.Money, c.Currency = dec(100), "EUR"
		cases = append(cases, c)
	}
	r := trial(t, cases...).Report(backtest.Options{})
	near(t, "low", r.Money.Low, math.Pow(0.025, 0.1), 1e-9)
	near(t, "low without money", r.AUC.Low, math.Pow(0.025, 0.1), 1e-9)
	cases[0].Money = dec(1_000_000) // as good as one loss alone
	if m := trial(t, cases...).Report(backtest.Options{}).Money; m.Low > 0.05 || m.High != 1 {
		t.Errorf("%+v", m)
	}
	alone := trial(t, cases[9:]...).Report(backtest.Options{}).Money
	if !alone.Known || alone.Low != 0 || alone.High != 1 {
		t.Errorf("one loss: %+v", alone)
	}
	cases[0].Currency, cases[0].Money = "", dec(0)
	if m := trial(t, cases...).Report(backtest.Options{}).Money; m.Decisions != 19 {
		t.Errorf("%+v", m)
	}
}

// Another seed moves the interval a little, and the same seed does not.
func TestMoneySeed(t *testing.T) {
	cases := repeated(600)
	for i := range cases {
		cases[i].Money, cases[i].Currency = dec(1+i*i), "EUR"
	}
	tr := trial(t, cases...)
	one, same, other := tr.Report(backtest.Options{Seed: 1}).Money, tr.Report(backtest.Options{Seed: 1}).Money, tr.Report(backtest.Options{Seed: 2}).Money
	if one.Low != same.Low || one.Low == other.Low || math.Abs(one.Low-other.Low) > 0.03 || one.Value != other.Value {
		t.Errorf("%+v\n%+v\n%+v", one, same, other)
	}
	few := trial(t, cases[:6]...)
	if most, million := few.Report(backtest.Options{Resamples: math.MaxInt}).Money, few.Report(backtest.Options{Resamples: 1_000_000}).Money; most.Low != million.Low {
		t.Errorf("%+v, a million resamples give %+v", most, million)
	}
}

func TestCompare(t *testing.T) {
	_, err := backtest.Compare(nil, new(backtest.Trial))
	expect(t, "no trial", err, "backtest: compare: a trial is nil")
	before := trialOf(t, points([]float64{20, 40, 55}, []float64{45, 60, 80, 90}))
	same := must[backtest.Comparison](t)(backtest.Compare(before, before))
	if same.Difference != 0 || same.Error != 0 || same.P != 1 || same.Low != 0 || same.High != 0 || same.Left != 0 {
		t.Errorf("against itself: %+v", same)
	}
	// The accounts come in another order, one is missing, and one is new.
	var cases []backtest.Case
	for i := 6; i >= 1; i-- {
		cases = append(cases, scored(fmt.Sprintf("a%07d", i), float64(10*i), i < 3))
	}
	after := trial(t, append(cases, scored("new", 1, true))...)
	c := must[backtest.Comparison](t)(backtest.Compare(before, after))
	if c.Left != 2 || c.After.Lost != 2 || c.After.Kept != 4 || c.After.Value != 1 {
		t.Errorf("%+v", c)
	}
	near(t, "difference", c.Difference, 1-7.0/8, 1e-12)
	cases[0].Lost = true
	_, err = backtest.Compare(before, trial(t, cases...))
	var data *backtest.DataError
	if !errors.As(err, &data) || data.Error() != `backtest: account "a0000006": decision: was lost in one trial and kept in the other` {
		t.Errorf("%v", err)
	}
	none := must[backtest.Comparison](t)(backtest.Compare(before, trial(t)))
	if none.Before.Known || none.Left != 7 || none.Low != -1 || none.High != 1 {
		t.Errorf("%+v", none)
	}
	turned := trialOf(t, points([]float64{9, 9, 9}, []float64{1, 1, 1, 1}))
	right := trialOf(t, points([]float64{1, 1, 1}, []float64{9, 9, 9, 9}))
	if c := must[backtest.Comparison](t)(backtest.Compare(turned, right)); c.Difference != 1 || c.Low != -1 || c.High != 1 || c.P != 1 {
		t.Errorf("areas without spread: %+v", c)
	}
}

// What results print as JSON is canonical, and reads back as it was.
func TestJSON(t *testing.T) {
	tr := trialOf(t, points(make([]float64, 40), make([]float64, 40)))
	rel := must[backtest.Reliability](t)(backtest.Reliable([]backtest.Forecast{{Risk: 0.25, Lost: true}}, []float64{0, 1}))
	check(t, rel, `{"known":true,"n":1,"lost":1,"score":0.5625,"skill":0,"gap":0.5625,"resolution":0,"uncertainty":0,"within":0,"bins":[{"low":0.25,"high":0.25,"n":1,"lost":1,"stated":0.25,"share":1}]}`)
	shift := must[backtest.Shift](t)(backtest.Stability([]float64{1, 1}, []float64{1}, 2))
	check(t, shift, `{"name":"","known":true,"index":0,"p":1,"reference":2,"current":1,"bins":[{"to":1,"unknown":false,"reference":2,"current":1}]}`)
	check(t, backtest.Calibration{Cut: renewal, Map: []backtest.Block{{Low: 1, High: 2, Risk: 0.5, N: 2, Lost: 1}}, Judged: rel, Rescued: rel}, "")
	check(t, tr.Report(backtest.Options{}), "")
}

func check[T any](t *testing.T, v T, want string) {
	t.Helper()
	got := must[[]byte](t)(json.Marshal(v))
	if want != "" && string(got) != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	var back T
	if err := json.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	if again := must[[]byte](t)(json.Marshal(back)); string(again) != string(got) {
		t.Errorf("%s\nreads back as\n%s", got, again)
	}
}

func TestNeeds(t *testing.T) {
	for code, want := range map[backtest.NeedCode]string{
		backtest.NeedDecisions: "3 decisions, not 2", backtest.NeedLosses: "3 losses, not 2", backtest.NeedKept: "3 kept, not 2",
		backtest.NeedLead:  "a score from before each decision: 2 of 3 have one; separation in one snapshot is not a backtest",
		backtest.NeedDates: "dated readings behind each score: 2 of 3 have them", backtest.NeedKnown: "a known score for half of the decisions: 3, not 2",
		backtest.NeedSeparation: "an interval of the area above 3.00; it begins at 2.000",
		backtest.NeedTrial:      "a trial with a control group that shows a play to work", "other": "other",
	} {
		if got := (backtest.Need{Code: code, Have: 2, Want: 3}).String(); got != want {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
}

// FuzzTrial: whatever cases come, nothing panics, what is refused changes nothing, and the numbers are in their ranges.
func FuzzTrial(f *testing.F) {
	f.Add([]byte("abcdefghijklmnopqrstuvwxyz"))
	f.Add([]byte{0, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 255, 1, 2, 3, 4, 5, 6})
	f.Fuzz(func(t *testing.T, data []byte) {
		var tr backtest.Trial
		added := 0
		for ; len(data) >= 4; data = data[4:] {
			c := scored(string(data[:1]), float64(data[1])/2, data[2]&1 == 1)
			c.At = c.At.AddDate(0, 0, int(data[3]))
			c.Rescued = data[2]&2 == 2
			c.Score.Known = data[2]&12 != 0
			c.Score.Band = []string{"red", "green", ""}[int(data[2]>>4)%3]
			c.Standing.Band = []string{"", "green", "amber"}[int(data[1])%3]
			c.Group = string(data[3] & 0x83)
			if data[2]&32 == 0 {
				c.Money, c.Currency = dec(int(data[1])-5), "EUR"
			}
			if data[2]&64 == 0 {
				c.Score.Parts[0].Liveness = 0
			}
			if data[2]&128 == 0 {
				c.Score.Override = &health.Override{}
			}
			if tr.Add(c) == nil {
				added++
			}
		}
		r := tr.Report(backtest.Options{Resamples: 20})
		if n := r.Decisions + r.Rescued + r.Overridden + r.Unknown + r.Failed; n != added {
			t.Fatalf("%d cases were added, %d are reported", added, n)
		}
		for _, v := range []float64{r.AUC.Value, r.AUC.Low, r.AUC.High, r.AveragePrecision, r.Money.Value, r.Money.Low, r.Money.High} {
			if !(v >= 0 && v <= 1) {
				t.Fatalf("%v in %+v", v, r)
			}
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
		r.Readiness(true)
		if c, err := tr.Calibrate(renewal.AddDate(0, 0, 128)); err == nil && !(c.Judged.Score >= 0 && c.Judged.Score <= 1) {
			t.Fatalf("%+v", c)
		}
	})
}

// TestGolden holds the bytes of a report to those that every platform must give. What goes through a distribution
// function, in Best, may differ in its last bits and is left out.
func TestGolden(t *testing.T) {
	cases := repeated(300)
	for i := range cases {
		c := &cases[i]
		c.Money, c.Currency = dec(100+i*i), "EUR"
		c.Group, c.Tenure = []string{"large", "small"}[i%2], []string{"first year", "later"}[i/150]
		c.Score.Value = math.Round(50 + 10*c.Score.Value)
		c.Bands = []string{"red", "green"}
		c.Score.Band, c.Standing.Band = c.Bands[min(1, int(c.Score.Value)/50)], c.Bands[min(1, int(c.Score.Value)/45)]
		c.Score.Parts[0].OnCurve = c.Score.Value
		c.Rescued = !c.Lost && i%29 == 0
	}
	r := trial(t, cases...).Report(backtest.Options{Seed: 3, Resamples: 100})
	r.Best = nil
	golden.Check(t, "testdata/report.json", append(must[[]byte](t)(json.MarshalIndent(r, "", " ")), '\n'))
}
