package timetovalue_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/outcome/timetovalue"
)

func groups(t *testing.T, cohorts ...[]timetovalue.Case) []timetovalue.Group {
	t.Helper()
	var list []timetovalue.Group
	for _, cases := range cohorts {
		in, err := timetovalue.Estimate(cases)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, timetovalue.Group{Incidence: in})
	}
	return list
}

func TestGolden(t *testing.T) {
	r := rand.New(rand.NewPCG(84, 30))
	two := groups(t, cohort(r, 120, 84), cohort(r, 90, 30))
	two[0].Cohort, two[1].Cohort = "signed in 2025", "signed in 2026 & <later>"
	for name, list := range map[string][]timetovalue.Group{
		"cohorts.svg":  two,
		"scenario.svg": groups(t, cases([]int{10, 20, 30, 40}, []int{15, 25}, []int{12, 35, 50, 50})),
	} {
		picture, err := timetovalue.SVG(list, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		golden.Check(t, "testdata/"+name, []byte(picture))
	}
}

// TestSVG: whatever groups hold, the picture is well-formed XML without a reference to the outside.
func TestSVG(t *testing.T) {
	odd := groups(t, cases([]int{0}, []int{0}, []int{0}), nil, cases(nil, []int{3}, nil), cases([]int{100_000}, nil, []int{7}))
	odd[0].Segment = "a<b&\"c\" \uffff\u202e 漢字" + strings.Repeat("x", 100)
	odd = append(odd, timetovalue.Group{Incidence: timetovalue.Incidence{Steps: []timetovalue.Step{{Day: math.NaN(), Value: math.Inf(1)}}}})
	for name, list := range map[string][]timetovalue.Group{"none": nil, "odd": odd, "alone": odd[:1]} {
		picture, err := timetovalue.SVG(list, 0.9)
		if err != nil {
			t.Fatal(err)
		}
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
	}
	var bad *timetovalue.DataError
	if _, err := timetovalue.SVG(make([]timetovalue.Group, 7), 0.9); !errors.As(err, &bad) || err.Error() != "timetovalue: groups: 7 are more than 6" {
		t.Errorf("seven groups: %v", err)
	}
	if _, err := timetovalue.SVG(nil, 1); !errors.As(err, &bad) {
		t.Errorf("confidence 1: %v", err)
	}
}
