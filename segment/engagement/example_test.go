package engagement_test

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

func Example() {
	model, err := engagement.Compile(engagement.Program{
		Format: 1, Name: "growth",
		Touches: []engagement.TouchPlan{
			{Name: "welcome", Channel: engagement.Digital, Owner: "program", On: &engagement.Trigger{Event: "signed"}},
			{Name: "review", Channel: engagement.Human, Owner: "csm", Every: 30 * engagement.Day, Within: 7 * engagement.Day},
			{
				Name: "renewal", Channel: engagement.Human, Owner: "csm",
				On: &engagement.Trigger{Anchor: "renewal", Offset: -90 * engagement.Day},
			},
		},
	}, nil)
	if err != nil {
		panic(err)
	}
	signed := time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
	input := engagement.Input{
		Account: "acme", Began: signed,
		Events:  []engagement.Event{{Name: "signed", At: signed}},
		Anchors: []engagement.Anchor{{Name: "renewal", At: signed.AddDate(1, 0, 0)}},
	}
	for at := signed; len(input.Touches) < 4; {
		agenda, err := model.Due(input, at)
		if err != nil {
			panic(err)
		}
		for _, task := range agenda.Due { // the host does it, and says so
			fmt.Println(task.Due.Format(time.DateOnly), task.Touch, task.Why, task.Overdue)
			input.Touches = append(input.Touches, engagement.Touch{ID: task.ID, Touch: task.Touch, At: at})
		}
		if agenda.Next != nil {
			at = agenda.Next.Due.Add(24 * time.Hour) // a day late
		}
	}

	// Output:
	// 2026-07-01 welcome event true
	// 2026-07-31 review cadence false
	// 2026-08-31 review cadence false
	// 2026-10-01 review cadence false
}
