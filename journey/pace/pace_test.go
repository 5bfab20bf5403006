package pace_test

import (
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/journey/pace"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func after(days int) time.Time { return start.AddDate(0, 0, days) }

// TestAML has the maintained arm of the acute myelogenous leukaemia trial (Miller, Survival Analysis, 1981, p. 49):
// R's survival 3.5-3 gives a median of 31 with the log-log interval [13, NA].
func TestAML(t *testing.T) {
	ended := map[int]bool{9: true, 13: true, 18: true, 23: true, 31: true, 34: true, 48: true}
	var stays []pace.Stay
	for _, d := range []int{9, 13, 18, 23, 31, 34, 48} {
		stays = append(stays, pace.Stay{Account: "a", From: start, To: after(d), Ended: ended[d]})
	}
	for _, d := range []int{13, 28, 45, 161} {
		stays = append(stays, pace.Stay{Account: "a", From: start, To: after(d)})
	}
	d, err := pace.Estimate(stays)
	if err != nil {
		t.Fatal(err)
	}
	if d.N != 11 || d.Ended != 7 || d.Median == nil || *d.Median != 31 || d.Low == nil || *d.Low != 13 || d.High != nil {
		t.Errorf("%+v, want a median of 31 above 13 without an upper end", d)
	}
}

func TestNothingEnded(t *testing.T) {
	d, err := pace.Estimate([]pace.Stay{{Account: "a", From: start, To: after(100)}})
	if err != nil || d.Median != nil {
		t.Errorf("%+v, %v: a stay that has not ended has no median", d, err)
	}
}

// TestLateWatch: a stay first seen on day 50 says nothing about the days before.
func TestLateWatch(t *testing.T) {
	d, err := pace.Estimate([]pace.Stay{
		{Account: "a", From: start, To: after(10), Ended: true},
		{Account: "b", From: start, To: after(20), Ended: true},
		{Account: "c", From: start, Watched: after(50), To: after(60), Ended: true},
	})
	if err != nil || d.Median == nil || *d.Median != 15 {
		t.Errorf("%+v, %v; want 15, the middle of the stretch at one half: c is at risk from day 50 on alone", d, err)
	}
}

// A stay that was watched for less than a day was watched.
func TestShortWatch(t *testing.T) {
	s := pace.Stay{Account: "a", From: start, Watched: start.Add(77 * time.Hour), To: start.Add(93 * time.Hour), Ended: true}
	if d, err := pace.Estimate([]pace.Stay{s}); err != nil || d.Median == nil || *d.Median != 3.875 {
		t.Errorf("%+v, %v; want 3.875 days", d, err)
	}
}

func TestBadStay(t *testing.T) {
	for _, s := range []pace.Stay{
		{Account: "a", To: after(1)},
		{Account: "a", From: after(1), To: start},
		{Account: "a", From: start, Watched: after(5), To: after(4)},
	} {
		if _, err := pace.Estimate([]pace.Stay{s}); err == nil || !strings.Contains(err.Error(), `account "a"`) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}
