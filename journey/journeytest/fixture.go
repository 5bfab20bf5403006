package journeytest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/journey"
)

// start is an instant with microseconds.
var start = time.Date(2026, 1, 31, 23, 59, 59, 123456000, time.UTC)

// event returns the n-th event of an account, with an ID of its own.
func event(account string, n int) journey.Event {
	return journey.Event{
		Format: 1, ID: fmt.Sprintf("e%03d", n), Account: account, Kind: journey.NeedBegan, Name: "logins >= 5",
		Happened: start.AddDate(0, 0, -7*n), Recorded: start.Add(time.Duration(n) * time.Microsecond),
		Digest: journey.Digest{0: 1, 31: byte(n)},
	}
}

// delicate returns events that a store could harm.
func delicate(account string) []journey.Event {
	list := make([]journey.Event, 6)
	for n := range list {
		list[n] = event(account, n)
	}
	list[0].Kind, list[0].Name, list[0].Phase = journey.Started, "", "Einführung"
	list[1].Happened = time.Date(1969, 12, 31, 23, 59, 59, 999999000, time.UTC)
	list[2].Kind, list[2].Role, list[2].By = journey.EvidenceGiven, "sales", " Zoë 株式会社 e\u0301 \U0001F4B6 "
	list[2].Note = "quoted \"text\" 'and' \\ <b>&amp;</b>\nnext line\t\u2028 "
	list[2].Note += strings.Repeat(".", 1024-len(list[2].Note))
	list[3].ID, list[3].Name = strings.Repeat("é", 128), strings.Repeat("n", 284)
	list[4].Kind, list[4].Name, list[4].From, list[4].Phase = journey.Moved, "go", "Einführung", "use"
	list[4].Move = journey.Advance
	for _, value := range []float64{0.1, 5e-324, 1.7976931348623157e308, -1.0 / 3, 9007199254740993} {
		list[4].Guards = append(list[4].Guards, journey.Guard{
			Name: "habit", Role: "sales", After: start,
			Needs: []journey.Need{
				{Signal: "share", When: journey.GreaterEqual, Value: value, For: journey.Day, Stale: journey.Duration(time.Microsecond)},
				{Signal: "tickets", When: journey.NotEqual},
			},
		})
	}
	list[4].Guards = append(list[4].Guards, journey.Guard{Name: "kick off"})
	list[5].Kind, list[5].Name = journey.JourneyEnded, ""
	return list
}

// text returns an event's canonical encoding: two events are the same if theirs is.
func text(e journey.Event) string {
	b, err := json.Marshal(e)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
