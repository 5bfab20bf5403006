package world

import (
	"strconv"
	"time"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// A Wish is a desired outcome of the template, with what is planted of it.
type Wish struct {
	Outcome   string
	Important float64 // share of people who rate its importance 4 or 5
	Satisfied float64 // share of people who rate their satisfaction with it 4 or 5
}

// Score is the planted opportunity score, 0 to 20.
func (w Wish) Score() float64 {
	return float64(10*w.Important) + max(0, float64(10*w.Important)-float64(10*w.Satisfied))
}

// Wishes are all desired outcomes, the greatest opportunity first: ten times Important, and again what Satisfied lacks of
// it. How a person rates has nothing to do with the account.
func Wishes() []Wish {
	return []Wish{
		{"hand-over", 0.85, 0.25},
		{"promise kept", 0.8, 0.48},
		{"speed", 0.9, 0.82},
		{"clarity", 0.72, 0.64},
		{"effort", 0.6, 0.52},
		{"new revenue", 0.45, 0.38},
		{"overview", 0.42, 0.74},
		{"trial", 0.3, 0.6},
	}
}

// ratings asks up to three people once a year, in two accounts of five. Six in ten answer, and leave a question out in
// 25 or two.
func (l *life) ratings() {
	d := l.dice(ofRatings)
	first, asked := d.between(60, 300), 1
	switch {
	case l.account.Seats >= 250:
		asked = 3
	case l.account.Seats >= 50:
		asked = 2
	}
	if !d.chance(0.4) {
		return
	}
	wishes := Wishes()
	for at := l.seen.Add(time.Duration(first) * day); at.Before(l.end); at = at.Add(365 * day) {
		for person := range asked {
			answered := at.Add(time.Duration(d.between(0, 12)) * day)
			if !d.chance(0.6) || !answered.Before(l.end) {
				continue
			}
			for _, w := range wishes {
				r := book.Rating{Respondent: "r" + strconv.Itoa(person+1), Outcome: w.Outcome, At: answered,
					Importance: d.rate(w.Important), Satisfaction: d.rate(w.Satisfied)}
				if r.Importance+r.Satisfaction > 0 {
					l.account.Ratings = append(l.account.Ratings, r)
				}
			}
		}
	}
}

// rate is a rating that is 4 or 5 with the given chance; 0 is no answer.
func (d *dice) rate(high float64) int {
	answered, good, how := d.chance(0.96), d.chance(high), d.uniform()
	switch {
	case !answered:
		return 0
	case good && how < 0.5:
		return 4
	case good:
		return 5
	case how < 0.5:
		return 3
	case how < 0.8:
		return 2
	}
	return 1
}
