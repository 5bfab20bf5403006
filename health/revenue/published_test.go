package revenue_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/revenue"
)

// A printed example has amounts of a period in which nobody new contracts, leaves or expands.
type printed struct {
	Source                                       string
	Start, New, Expansion, Contraction, Churn    float64
	StartMRR                                     float64 `json:"start_mrr"`
	MRR                                          float64
	NRR                                          json.RawMessage // a formula in one example
	GRRByFormula                                 float64         `json:"grr_by_formula"`
	Gross                                        float64
	GrossChurn                                   float64 `json:"gross_mrr_churn_rate"`
	NetChurn                                     float64 `json:"net_mrr_churn_rate"`
	QuickRatio                                   float64 `json:"quick_ratio"`
	StartCustomers, Churned, Reactivated, Joined int
	Rate                                         float64
	Day                                          struct{ Start, End, New float64 }
	Steps                                        []struct {
		Movement string  `json:"movement"`
		Delta    float64 `json:"mrr_delta"`
	}
	Subs []struct{ N, Monthly, Yearly int }
}

func amount(v float64) decimal.Decimal { return decimal.NewFromFloat(v) }

// year is 2026 of one account for each movement, and of one more with the rest of the start.
func (e printed) year(t *testing.T, o revenue.Options) revenue.Period {
	if e.StartMRR > 0 {
		e.Start = e.StartMRR
	}
	rest := e.Start - e.Contraction - e.Churn
	courses := [][]revenue.Movement{}
	add := func(account string, before, by float64, kind revenue.Kind) {
		var moves []revenue.Movement
		if before > 0 {
			moves = course(account, "2025-06-01 new "+amount(before).String())
		}
		if by > 0 {
			moves = append(moves, course(account, fmt.Sprintf("2026-03-01 %s %s", kind, amount(by)))...)
		}
		courses = append(courses, moves)
	}
	if e.Start > 0 {
		add("rest", rest, e.Expansion, revenue.Expansion)
	} else { // examples of the quick ratio do not print their start
		add("rest", 1, e.Expansion, revenue.Expansion)
	}
	add("shrinks", 2*e.Contraction, e.Contraction, revenue.Contraction)
	add("leaves", e.Churn, e.Churn, revenue.Churn)
	add("comes", 0, e.New, revenue.New)
	if e.Start > 0 {
		courses[0][0].Amount = amount(rest - e.Contraction) // the one that shrinks began with twice its contraction
	}
	return tally(t, revenue.Year, o, courses...).Periods()[0]
}

func TestPublishedExamples(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(reference(t, "revenue"), "published_examples.json"))
	if err != nil {
		t.Fatal(err)
	}
	text = []byte(strings.NewReplacer(`"start_customers"`, `"StartCustomers"`, `"of_which_reactivated_in_period"`, `"Reactivated"`,
		`"of_which_joined_in_period"`, `"Joined"`).Replace(string(text)))
	var rows []printed
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 15 {
		t.Fatalf("%d examples, want 15", len(rows))
	}
	movements := revenue.Options{GRR: revenue.GRRMovements, Returns: revenue.ReturnsAll}
	one := decimal.NewFromInt(1)
	for _, e := range rows {
		t.Run(strings.ReplaceAll(e.Source, "/", " "), func(t *testing.T) {
			is := func(what string, got decimal.Decimal, want float64) {
				t.Helper()
				near(t, what, got.InexactFloat64(), want)
			}
			switch source := e.Source; {
			case strings.Contains(source, "201244842"):
				e.holdSteps(t)
			case strings.Contains(source, "203359341"):
				p := e.year(t, movements)
				is("gross MRR churn", one.Sub(*p.GRR), e.GrossChurn)
				is("net MRR churn", one.Sub(*p.NRR), e.NetChurn)
			case strings.Contains(source, "daily formula"): // 1 - (end - new) / start
				e.Start, e.New, e.Expansion = e.Day.Start, e.Day.New, e.Day.End-e.Day.New-e.Day.Start
				is("net MRR churn", one.Sub(*e.year(t, movements).NRR), e.NetChurn)
			case strings.Contains(source, "Shopify gross"):
				e.Start, e.Contraction = e.Day.Start, e.Day.Start-e.Day.End
				is("gross", one.Sub(*e.year(t, movements).GRR), e.Gross)
			case strings.Contains(source, "207340419"):
				is("customer churn", *e.logos(t, revenue.LogosNet).LogoChurn, e.Rate)
			case strings.Contains(source, "(MRR)"):
				is("MRR", e.subscriptions(t), e.MRR)
			case strings.Contains(source, "subscriber churn"):
				// Of ten, one leaves and comes back and leaves again; one joins and leaves: 3 / (10 + 1).
				e.StartCustomers, e.Churned, e.Reactivated, e.Joined = 10, 3, 1, 1
				is("subscriber churn", *e.logos(t, revenue.LogosEvents).LogoChurn, 3.0/11)
			case strings.Contains(source, "Baremetrics"): // the formula on figures of our own
				e.Start, e.Churn, e.Expansion = 1000, 80, 30
				is("NRR", *e.year(t, revenue.Options{}).NRR, 1-(80.0-30)/1000)
			case strings.Contains(source, "Standards Board"): // likewise
				e.Start, e.Churn, e.Contraction, e.Expansion, e.New = 1000, 80, 20, 30, 500
				p := e.year(t, revenue.Options{GRR: revenue.GRRMovements})
				is("GRR", *p.GRR, (1000.0-20-80)/1000)
				is("NRR", *p.NRR, (1000.0+30-20-80)/1000)
			case strings.Contains(source, "Recurly"):
				holdMonthAway(t)
			case strings.Contains(source, "NDR"):
				p := e.year(t, movements)
				is("NRR", *p.NRR, number(t, string(e.NRR)))
				is("GRR", *p.GRR, e.GRRByFormula)
			case strings.Contains(source, "quick ratio"):
				is("quick ratio", *e.year(t, movements).QuickRatio, e.QuickRatio)
			default:
				t.Error("no test knows this example")
			}
		})
	}
}

// holdSteps leads one account through what the example buys, 2000 a year and 60 a month among it.
func (e printed) holdSteps(t *testing.T) {
	yearly := decimal.NewFromInt(2000).DivRound(decimal.NewFromInt(12), 12)
	var levels []revenue.Level
	for i, amount := range []decimal.Decimal{yearly, yearly.Add(d("60")), yearly, {}, d("150")} {
		levels = append(levels, revenue.Level{At: at(2020 + i), Amount: amount})
	}
	moves, err := revenue.Movements("Syncalytics", "USD", levels)
	if err != nil || len(moves) != len(e.Steps) {
		t.Fatal(len(moves), err)
	}
	for i, step := range e.Steps {
		delta := moves[i].Amount
		if moves[i].Kind == revenue.Churn || moves[i].Kind == revenue.Contraction {
			delta = delta.Neg()
		}
		if kind := strings.TrimSuffix(step.Movement, "_business"); string(moves[i].Kind) != kind || !delta.Round(2).Equal(amount(step.Delta)) {
			t.Errorf("step %d: %s of %s, want %s of %v", i, moves[i].Kind, delta.Round(2), kind, step.Delta)
		}
	}
}

// logos makes a year in which Churned leave, of whom some come back and some had joined.
func (e printed) logos(t *testing.T, how revenue.Logos) revenue.Period {
	var courses [][]revenue.Movement
	for i := range e.StartCustomers {
		moves := []string{"2025-06-01 new 10"}
		if i < e.Churned-e.Joined-e.Reactivated*one(how == revenue.LogosEvents) {
			moves = append(moves, "2026-03-01 churn 10")
		}
		if i < e.Reactivated {
			moves = append(moves, "2026-05-01 reactivation 10")
			if how == revenue.LogosEvents {
				moves = append(moves, "2026-07-01 churn 10")
			}
		}
		courses = append(courses, course(fmt.Sprint(i), moves...))
	}
	for i := range e.Joined {
		courses = append(courses, course(fmt.Sprint("joined ", i), "2026-02-01 new 10", "2026-03-01 churn 10"))
	}
	return tally(t, revenue.Year, revenue.Options{Logos: how}, courses...).Periods()[0]
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// subscriptions is the recurring revenue of all, a month.
func (e printed) subscriptions(t *testing.T) decimal.Decimal {
	var courses [][]revenue.Movement
	for _, s := range e.Subs {
		for i := range s.N {
			monthly := decimal.NewFromInt(int64(s.Monthly)).Add(decimal.NewFromInt(int64(s.Yearly)).DivRound(decimal.NewFromInt(12), 12))
			courses = append(courses, course(fmt.Sprint(s.Yearly, " ", i), "2025-06-01 new "+monthly.String()))
		}
	}
	return tally(t, revenue.Year, revenue.Options{}, courses...).Periods()[0].End
}

// holdMonthAway: with a gap of 31 days, who is away for 30 has not left.
func holdMonthAway(t *testing.T) {
	gap := revenue.Options{Gap: 31 * health.Day}
	soon := course("a", "2025-06-01 new 100", "2026-03-01 churn 100", "2026-03-31 reactivation 90")
	late := course("b", "2025-06-01 new 100", "2026-03-01 churn 100", "2026-04-01 reactivation 90")
	p := tally(t, revenue.Year, gap, soon, late).Periods()[0]
	if p.Churned != 1 || p.Reactivated != 1 || !p.Contraction.Equal(d("10")) || !p.Churn.Equal(d("100")) || !p.Reactivation.Equal(d("90")) {
		t.Errorf("%+v", p)
	}
}
