package acceleration_test

import (
	"fmt"
	"log"
	"time"

	"github.com/customersuccess-go/customersuccess/journey/acceleration"
)

// Of 120 accounts half had their administrator trained by day 20. They advance on days 40 to 69, the others on 60 to 89. Which
// colour they chose, the control step, has nothing to do with it.
func ExampleAnalyze() {
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var accounts []acceleration.Account
	for i := range 120 {
		a := acceleration.Account{ID: fmt.Sprint("account ", i), From: begin, End: acceleration.Reached}
		day := 60 + i/2%30
		if i%2 == 0 {
			day -= 20
			a.Done = append(a.Done, acceleration.Done{Step: "admin trained", At: begin.AddDate(0, 0, 20)})
		}
		if i%4 < 2 {
			a.Done = append(a.Done, acceleration.Done{Step: "colour chosen", At: begin})
		}
		a.To = begin.AddDate(0, 0, day)
		accounts = append(accounts, a)
	}
	report, err := acceleration.Analyze(accounts, acceleration.Plan{
		Goal: acceleration.Sooner, Landmark: 30, Horizon: 60, Control: "colour chosen",
		Steps: []acceleration.Step{{Name: "admin trained", Kind: acceleration.Play}, {Name: "colour chosen"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.N, "accounts, control", report.Control)
	for _, insight := range report.Insights {
		fmt.Println(insight)
	}
	// Output:
	// 120 accounts, control quiet
	// Of accounts under way on day 30, those with "admin trained" by then got there 20 days sooner within the next 60 days than those without (interval 16.9 to 23.1; 60 and 60 accounts; adjusted p 0.0005). This is an association, not shown to be a cause.
}
