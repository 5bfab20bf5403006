package analysis

import (
	"fmt"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
	"github.com/customersuccess-go/customersuccess/segment/cluster"
)

// TestGroups asks people of whom half lack a hand-over and half an overview, people who all answer alike, and too few.
func TestGroups(t *testing.T) {
	asOf := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	needs := []opportunity.Need{{Outcome: "hand-over"}, {Outcome: "3 views"}}
	for name, tc := range map[string]struct {
		people int
		rate   func(i, outcome int) (importance, satisfaction int)
		groups int
		none   bool
	}{
		"two groups": {200, func(i, outcome int) (int, int) {
			if i%2 == outcome {
				return 5 - i/2%2, 1 + i/4%2
			}
			return 1 + i/8%2, 5 - i/16%2
		}, 2, false},
		"one answer": {200, func(int, int) (int, int) { return 4, 4 }, 0, true},
		"few":        {fewest - 1, func(i, outcome int) (int, int) { return 1 + i%5, 1 + i/5%5 }, 0, true},
		"half asked": {200, func(i, outcome int) (int, int) { return outcome, 1 + i%5 }, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			c := &collector{book: &book.Book{AsOf: asOf}}
			for i := range tc.people {
				for k, n := range needs {
					r := opportunity.Rating{Respondent: fmt.Sprint(i), Outcome: n.Outcome, At: asOf}
					r.Importance, r.Satisfaction = tc.rate(i, k)
					old := r // an answer before, which counts no more
					old.Importance, old.Satisfaction, old.At = min(r.Importance, 3), 3, asOf.Add(-day)
					c.ratings = append(c.ratings, r, old)
				}
			}
			g, err := c.groups(needs)
			if err != nil || (g == nil) != tc.none {
				t.Fatalf("got %+v and error %v", g, err)
			}
			if g == nil {
				return
			}
			if g.People != tc.people || g.Verdict != cluster.Structure || len(g.Groups) != tc.groups || g.Fidelity != 1 {
				t.Errorf("got %+v", g)
			}
			for _, x := range g.Groups {
				if x.People != tc.people/tc.groups || x.Rule == "" {
					t.Errorf("got a group %+v", x)
				}
			}
		})
	}
}
