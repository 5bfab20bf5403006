package opportunity_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
)

var asked = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// rating is one of our service, at the usual instant.
func rating(respondent int, outcome string, importance, satisfaction int) opportunity.Rating {
	return opportunity.Rating{
		Respondent: fmt.Sprintf("r%04d", respondent), Outcome: outcome, Importance: importance, Satisfaction: satisfaction, At: asked,
	}
}

// answers are those of n respondents to one outcome, so many of whom answer 5, the others 1.
func answers(outcome string, n, important, satisfied int) []opportunity.Rating {
	pick := func(yes bool) int {
		if yes {
			return 5
		}
		return 1
	}
	var list []opportunity.Rating
	for i := range n {
		list = append(list, rating(i, outcome, pick(i < important), pick(i < satisfied)))
	}
	return list
}

// survey is a random one: respondents differ in how easily they agree, which correlates their answers.
func survey(r *rand.Rand, respondents, outcomes int, missing float64) []opportunity.Rating {
	var list []opportunity.Rating
	leaning := make([]float64, outcomes)
	for j := range leaning {
		leaning[j] = r.Float64()
	}
	answer := func(easy float64, j int) int {
		if r.Float64() < missing {
			return 0
		}
		return 1 + min(4, int(5*(0.3*easy+0.4*r.Float64()+0.3*leaning[j])))
	}
	for i := range respondents {
		easy := r.Float64()
		for j := range outcomes {
			list = append(list, rating(i, fmt.Sprintf("need %03d", j), answer(easy, j), answer(1-easy, outcomes-1-j)))
		}
	}
	return list
}

func evaluate(t testing.TB, ratings []opportunity.Rating, o opportunity.Options) opportunity.Landscape {
	t.Helper()
	ls, err := opportunity.Evaluate(ratings, asked, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(ls) != 1 {
		t.Fatalf("%d landscapes, want 1", len(ls))
	}
	return ls[0]
}
