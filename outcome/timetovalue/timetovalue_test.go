package timetovalue_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/outcome/timetovalue"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func after(days int) time.Time { return start.AddDate(0, 0, days) }

func cases(value, left, waiting []int) (c []timetovalue.Case) {
	for i, d := range value {
		c = append(c, timetovalue.Case{Account: fmt.Sprint("v", i), From: start, Value: after(d)})
	}
	for i, d := range left {
		c = append(c, timetovalue.Case{Account: fmt.Sprint("l", i), From: start, Left: after(d)})
	}
	for i, d := range waiting {
		c = append(c, timetovalue.Case{Account: fmt.Sprint("w", i), From: start, Seen: after(d)})
	}
	return c
}

// Worked by hand. One minus Kaplan–Meier would say 103/175, the mean of those that arrived 25 days: both wrong.
func TestScenario6TimeToValue(t *testing.T) {
	in, err := timetovalue.Estimate(cases([]int{10, 20, 30, 40}, []int{15, 25}, []int{12, 35, 50, 50}))
	if err != nil {
		t.Fatal(err)
	}
	last := in.Steps[len(in.Steps)-1]
	want := timetovalue.Step{Day: 50, Value: 19.0 / 40, Left: 9.0 / 40, Waiting: 3.0 / 10, AtRisk: 2}
	for _, c := range []struct {
		name      string
		got, want float64
	}{{"day", last.Day, want.Day}, {"value", last.Value, want.Value}, {"left", last.Left, want.Left}, {"waiting", last.Waiting, want.Waiting}} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
	if last.AtRisk != want.AtRisk || in.Valued != 4 || in.Left != 2 || in.Pending != 4 {
		t.Errorf("at risk %d, counts %d %d %d", last.AtRisk, in.Valued, in.Left, in.Pending)
	}
	if day, ok := in.Quantile(0.5); ok {
		t.Errorf("median %v; it was not reached", day)
	}
	if day, ok := in.Quantile(0.1); !ok || day != 10 {
		t.Errorf("tenth by day %v, %v; want 10", day, ok)
	}
}

// TestOrder: the order of cases changes no bit, and shares sum to 1.
func TestOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		draw := func() (d []int) {
			for range 1 + r.IntN(20) {
				d = append(d, r.IntN(30))
			}
			return d
		}
		c := cases(draw(), draw(), draw())
		one, err := timetovalue.Estimate(c)
		if err != nil {
			t.Fatal(err)
		}
		r.Shuffle(len(c), func(i, j int) { c[i], c[j] = c[j], c[i] })
		other, err := timetovalue.Estimate(c)
		if err != nil || !reflect.DeepEqual(one, other) {
			t.Fatalf("another order gives another answer (%v)", err)
		}
		for _, s := range one.Steps {
			if math.Abs(s.Value+s.Left+s.Waiting-1) > 1e-12 {
				t.Fatalf("shares of day %v sum to %v", s.Day, s.Value+s.Left+s.Waiting)
			}
		}
	}
}

func TestBadCases(t *testing.T) {
	for _, c := range []struct {
		name string
		c    timetovalue.Case
		want string
	}{
		{"both", timetovalue.Case{Account: "a", From: start, Value: after(1), Left: after(2)}, "left before it"},
		{"no end", timetovalue.Case{Account: "a", From: start}, "does not run"},
		{"no anchor", timetovalue.Case{Account: "a", Value: after(1)}, "does not run"},
		{"backwards", timetovalue.Case{Account: "a", From: start, Value: after(-1)}, "does not run"},
	} {
		_, err := timetovalue.Estimate([]timetovalue.Case{c.c})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), `account "a"`) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
