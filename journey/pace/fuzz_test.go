package pace_test

import (
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
)

// FuzzStays reads a log out of bytes, three to an event: what is read can be estimated, whatever comes.
func FuzzStays(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 10, 1, 1, 20, 2, 3, 30, 0}, int16(15), int16(40), false)
	f.Add([]byte{0, 5, 1, 2, 9, 2, 2, 9, 3, 1, 9, 4}, int16(0), int16(9), true)
	f.Add([]byte{1, 0, 0}, int16(-5), int16(400), false)
	kinds := []journey.EventKind{journey.Started, journey.Moved, journey.MapChanged, journey.JourneyEnded, journey.NeedBegan, "none"}
	phases := []string{"land", "adopt", "grow", "", journey.Ended}
	moves := []journey.MoveKind{"", journey.Advance, journey.Regress, journey.Renew}
	f.Fuzz(func(t *testing.T, data []byte, since, last int16, midway bool) {
		var events []journey.Event
		for ; len(data) >= 3; data = data[3:] {
			e := on(int(data[1]), kinds[int(data[0])%len(kinds)], phases[int(data[2])%len(phases)], moves[int(data[2]>>4)%len(moves)])
			events = append(events, e)
		}
		got, err := pace.Stays(logged(events...), pace.Watch{Since: after(int(since)), Last: after(int(last)), Midway: midway}, after(200), time.Time{})
		if err != nil {
			return
		}
		for i, s := range got {
			if i > 0 && s.From.Before(got[i-1].To) && !s.From.IsZero() || s.To.After(after(200)) || s.Ended && s.Next == "" && s.Kind == "" {
				t.Errorf("%+v", got)
			}
		}
		c := curve(t, pace.Options{AtRisk: 1, Class: "x", Minimum: 1}, got...)
		c.Dwell()
		if _, err := c.Odds(5, 5); err == nil && len(got) == 0 {
			t.Error("odds of nothing")
		}
		for _, to := range phases[:3] {
			if s, ok := pace.Between(got, "land", to); ok {
				sample(t, s)
			}
		}
	})
}
