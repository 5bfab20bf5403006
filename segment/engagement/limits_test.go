package engagement_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

// TestDueOfNothing gives a program of every kind an account of which nothing is known, and one whose facts are NULL.
func TestDueOfNothing(t *testing.T) {
	gated := every("gated", 1)
	gated.When = "answered OR arr > 5"
	m := compile(t, every("review", 30), gated, on("thanks", "referral", 1), around("call", "renewal", -30))
	if diff := cmp.Diff("", text(due(t, m, engagement.Input{}, 400))); diff != "" {
		t.Errorf("nothing is known (-want +got):\n%s", diff)
	}
	for name, facts := range map[string]segment.Facts{
		"nil": nil, "empty": segment.FactMap{}, "NULL": segment.FactMap{"answered": segment.Null(), "arr": segment.Null()},
	} {
		in := engagement.Input{Began: day(0), Facts: facts}
		if diff := cmp.Diff("-gated@1(unknown) >review@30", text(due(t, m, in, 2))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestTextsAtTheDoor gives each text of a touch what is just kept and what is just not.
func TestTextsAtTheDoor(t *testing.T) {
	m := compile(t, every("review", 30))
	long, control, megabyte := strings.Repeat("é", 512), "a\x7f\tb", strings.Repeat("x", 1<<20)
	for name, set := range map[string]func(t *engagement.Touch, s string){
		"name":      func(t *engagement.Touch, s string) { t.Touch = s },
		"channel":   func(t *engagement.Touch, s string) { t.Channel = engagement.Channel(s) },
		"by":        func(t *engagement.Touch, s string) { t.By = s },
		"person":    func(t *engagement.Touch, s string) { t.Person = s },
		"party":     func(t *engagement.Touch, s string) { t.Party = engagement.Party(s) },
		"direction": func(t *engagement.Touch, s string) { t.Direction = engagement.Direction(s) },
		"valence":   func(t *engagement.Touch, s string) { t.Valence = engagement.Valence(s) },
		"notice":    func(t *engagement.Touch, s string) { t.Notice = engagement.Notice(s) },
		"ask":       func(t *engagement.Touch, s string) { t.Ask = engagement.Ask(s) },
		"ID":        func(t *engagement.Touch, s string) { t.ID = s },
	} {
		for _, c := range []struct{ text, want, id string }{ // what is said of a text, and of an ID
			{"", "", "is empty"}, {"a b~", "", ""}, {strings.Repeat("x", 256), "", ""}, {strings.Repeat("x", 257), "", "has 257 bytes, over 256"},
			{long, "", "has 1024 bytes, over 256"}, {long + "x", "has 1025 bytes, over 1024", "has 1025 bytes, over 256"},
			{control, "", "contains the control character U+007F at byte 1"}, {"a\x00", "contains U+0000", "contains the control character U+0000 at byte 1"},
			{"\xff", "is not valid UTF-8", "is not valid UTF-8"}, {megabyte, "has 1048576 bytes, over 1024", "has 1048576 bytes, over 256"},
		} {
			touch, want := made("review", 1), c.want
			if set(&touch, c.text); name == "ID" {
				want = c.id
			}
			_, err := m.Due(engagement.Input{Account: "a", Touches: []engagement.Touch{touch}}, day(2))
			if want == "" && err == nil {
				continue
			}
			var data *engagement.DataError
			if !errors.As(err, &data) || data.Message != want || data.Field != fmt.Sprintf("%s of touch %q", name, touch.ID) {
				t.Errorf("%s %.20q: got error %.200v, want %q", name, c.text, err, want)
			}
		}
	}
}
