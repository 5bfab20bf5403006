package opportunity_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
)

// workshop is a small survey with a need in each band, one latent, one hardly rated and one that nobody rated.
func workshop() ([]opportunity.Rating, opportunity.Options) {
	var list []opportunity.Rating
	for _, x := range []struct {
		outcome              string
		n, important, served int
	}{
		{"minimize the time to get a report ready for the board", 60, 55, 12},
		{"minimize the likelihood that a figure is wrong", 60, 57, 33},
		{"increase the share of invoices that need no correction", 60, 50, 32},
		{"minimize the effort to import last year's data", 60, 42, 33},
		{"know who changed a figure & why", 60, 31, 30},
		{"minimize the time to choose colours for charts", 60, 9, 48},
		{"increase the number of people who can answer <why>", 24, 22, 3},
		{"minimize the time to translate a report", 4, 3, 1},
	} {
		list = append(list, answers(x.outcome, x.n, x.important, x.served)...)
	}
	r := rand.New(rand.NewPCG(7, 7)) // so that the same people are not always those who agree
	for i := range list {
		list[i].Segment, list[i].Service = "finance teams", "ledger"
	}
	for k := 0; k < len(list); {
		end := k + 1
		for end < len(list) && list[end].Outcome == list[k].Outcome {
			end++
		}
		part := list[k:end]
		r.Shuffle(len(part), func(i, j int) { part[i].Importance, part[j].Importance = part[j].Importance, part[i].Importance })
		r.Shuffle(len(part), func(i, j int) {
			part[i].Satisfaction, part[j].Satisfaction = part[j].Satisfaction, part[i].Satisfaction
		})
		k = end
	}
	return list, opportunity.Options{Service: "ledger", Seed: 1, Outcomes: []string{
		"minimize the time to get a report ready for the board", "minimize the likelihood that a figure is wrong",
		"increase the share of invoices that need no correction", "minimize the effort to import last year's data",
		"know who changed a figure & why", "minimize the time to choose colours for charts",
		"minimize the time to translate a report", "minimize the time to find out who may sign",
	}}
}

// table prints a landscape to six places: Wilson's limits may differ in their last digits between platforms.
func table(l opportunity.Landscape) string {
	var b strings.Builder
	fmt.Fprintln(&b, l.Segment, l.Service, l.AsOf.Format(time.RFC3339), l.Method, l.Confidence, l.Respondents)
	for _, n := range l.Needs {
		fmt.Fprintf(&b, "\n%d [%d, %d] %s, latent %t, %s %.3f %s, gap %.6f\n", n.Rank, n.RankLow, n.RankHigh, n.Outcome, n.Latent, n.Band, n.BandShare, n.Grade, n.Gap)
		for _, e := range []opportunity.Estimate{n.Importance, n.Satisfaction, n.Score} {
			fmt.Fprintf(&b, "\t%t %.6f [%.6f, %.6f] n = %d\n", e.Known, e.Value, e.Low, e.High, e.N)
		}
		if n.Lead != nil {
			fmt.Fprintf(&b, "\t%.6f [%.6f, %.6f] %s\n", n.Lead.Difference.Value, n.Lead.Difference.Low, n.Lead.Difference.High, n.Lead)
		}
	}
	return b.String()
}

// TestJSON: the canonical encoding holds all that a landscape knows.
func TestJSON(t *testing.T) {
	ratings, o := workshop()
	l := evaluate(t, ratings, o)
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	var back opportunity.Landscape
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(l, back); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
	for _, v := range []json.Marshaler{opportunity.Trend{}, opportunity.Switch{}} {
		if text, err := json.Marshal(v); err != nil || !json.Valid(text) {
			t.Errorf("%T: %s, %v", v, text, err)
		}
	}
}

func TestGolden(t *testing.T) {
	ratings, o := workshop()
	l := evaluate(t, ratings, o)
	golden.Check(t, "testdata/landscape.txt", []byte(table(l)))
	golden.Check(t, "testdata/landscape.svg", []byte(l.SVG()))
	o.Method = opportunity.Mean
	golden.Check(t, "testdata/landscape_mean.svg", []byte(evaluate(t, ratings, o).SVG()))
}

// TestSVG: whatever a landscape holds, its picture is well-formed XML without a reference to the outside.
func TestSVG(t *testing.T) {
	many := evaluate(t, survey(rand.New(rand.NewPCG(1, 1)), 30, 60, 0.1), opportunity.Options{Resamples: 100})
	odd := many
	odd.Segment = "a<b&\"c\" \uffff\u202e 漢字"
	odd.Needs = append([]opportunity.Need(nil), many.Needs...)
	odd.Needs[0].Importance.Value, odd.Needs[1].Score.High = math.NaN(), math.Inf(1)
	for name, l := range map[string]opportunity.Landscape{"empty": {}, "many": many, "odd": odd} {
		picture := l.SVG()
		d := xml.NewDecoder(strings.NewReader(picture))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		for _, word := range []string{"href", "url(", "<script", "<style", "NaN\"", "Inf\""} {
			if strings.Contains(picture, word) {
				t.Errorf("%s: the picture holds %q", name, word)
			}
		}
		if !strings.Contains(picture, `role="img"`) || !strings.Contains(picture, "<title>Opportunity landscape") {
			t.Errorf("%s: the picture does not say what it is", name)
		}
	}
}
