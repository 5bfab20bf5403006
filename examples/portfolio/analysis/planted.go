package analysis

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/world"
)

// within is how many standard errors a recovered figure may lie from the planted one.
const within = 3

// planted holds what the simulator planted against what was recovered from what a book shows.
func (c *collector) planted() []PlantedRow {
	rec := c.recovery
	if rec == nil {
		return nil
	}
	var rows []PlantedRow
	ratio := func(name string, x world.Comparison, planted float64, words string) {
		rows = append(rows, PlantedRow{Name: name, Planted: fmt.Sprintf("× %.2f", planted), Recovered: measured(x, planted),
			OK: math.Abs(x.Errors(planted)) <= within, Words: words})
	}
	ratio("training and leaving", rec.Training, world.TrainedLeaving, "an effect: those trained early leave less at their first renewal")
	ratio("training and value within 90 days", rec.Sooner, world.SoonerTrained/world.SoonerUntrained, "an effect: those trained early reach value sooner")
	ratio("webinar and leaving", rec.Webinar, 1, "noise: no effect was planted, and none should be found")
	rows = append(rows, PlantedRow{Name: "award and leaving, naively", Planted: "× 1.00", Recovered: measured(rec.Naive, 1),
		OK: math.Abs(rec.Naive.Errors(1)) > within, Words: "the immortal-time trap: the award does nothing, but only those who stayed long enough could get it; the naive comparison must look like an effect"})
	ratio("award and leaving, from a landmark", rec.Landmark, 1, "the same without the trap: those present on a day, by whether they had the award then")
	rows = append(rows, c.underserved()...)
	if in := c.r.Incidence; in != nil && in.Median != nil {
		rows = append(rows, PlantedRow{Name: "median days to value", Planted: fmt.Sprint(world.MedianDaysToValue), Recovered: fmt.Sprintf("%.0f", *in.Median),
			OK: math.Abs(*in.Median-world.MedianDaysToValue) <= 5, Words: "accounts that wait are censored, those that left are a competing end; within 5 days"})
	}
	if l := c.r.Leakage; l != nil && l.Value.Known {
		rows = append(rows, PlantedRow{Name: "value leakage", Planted: grouped(rec.Leakage.StringFixed(2)), Recovered: grouped(l.Value.Low.StringFixed(2)),
			OK: l.Value.Low.Equal(rec.Leakage), Words: "potential less achieved, to the cent"})
	}
	if b := c.r.Booked; b != nil {
		rows = append(rows, PlantedRow{Name: "booked value", Planted: grouped(rec.Booked.StringFixed(2)), Recovered: grouped(b.Amount.StringFixed(2)),
			OK: b.Amount.Equal(rec.Booked), Words: "what the books hold once wrong entries are taken back, to the cent"})
	}
	return rows
}

// underserved compares the desired outcomes with what is planted of them, where a score is known.
func (c *collector) underserved() []PlantedRow {
	found, ok := c.r.Opportunity.most()
	if !ok {
		return nil
	}
	wishes := world.Wishes()
	score := wishes[0].Score()
	tolerance := within / 1.96 * max(found.Score.High-found.Score.Value, found.Score.Value-found.Score.Low)
	rows := []PlantedRow{{Name: "most under-served", Planted: fmt.Sprintf("%s, %.1f", wishes[0].Outcome, score),
		Recovered: found.Outcome + ", " + scoreOf(found.Score), OK: found.Outcome == wishes[0].Outcome && math.Abs(found.Score.Value-score) <= tolerance,
		Words: "the opportunity score, 0 to 20, within 3 standard errors"}}
	ranking := PlantedRow{Name: "ranking of desired outcomes", OK: true, Words: "no neighbours stand the other way round and are told apart by the ratings"}
	place := func(name string) int {
		return slices.IndexFunc(wishes, func(w world.Wish) bool { return w.Outcome == name })
	}
	var planted, recovered []string
	for _, w := range wishes {
		planted = append(planted, w.Outcome)
	}
	for _, n := range c.r.Opportunity.Whole.Needs {
		recovered = append(recovered, n.Outcome)
		if l := n.Lead; l != nil && l.Distinguished && place(n.Outcome) > place(l.Over) {
			ranking.OK = false
		}
	}
	ranking.Planted, ranking.Recovered = strings.Join(planted, ", "), strings.Join(recovered, ", ")
	return append(rows, ranking)
}

func measured(x world.Comparison, planted float64) string {
	if math.IsNaN(x.Ratio()) {
		return "not known"
	}
	return fmt.Sprintf("× %.2f (%d of %d against %d of %d; %.1f standard errors from the planted)",
		x.Ratio(), x.With.Hits, x.With.N, x.Without.Hits, x.Without.N, math.Abs(x.Errors(planted)))
}

// counted is a number with commas between thousands.
func counted(n int) string { return strings.TrimSuffix(grouped(strconv.Itoa(n)), ".") }

// grouped puts commas between thousands.
func grouped(amount string) string {
	whole, rest, _ := strings.Cut(amount, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole + "." + rest
}
