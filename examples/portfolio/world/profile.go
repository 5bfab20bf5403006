package world

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// A term is how long contracts run.
type term int

const (
	monthly term = iota
	quarterly
	yearly
)

// A tier is how an account is served.
type tier int

const (
	tech tier = iota
	growth
	enterprise
)

// Profiles.
var (
	industries = []string{"logistics", "manufacturing", "retail", "health care", "education", "public sector", "energy", "media"}
	countries  = []string{"DE", "FR", "NL", "GB", "ES", "IT", "SE", "PL", "US"}
	payments   = []string{"invoice", "card", "direct debit"}
	seats      = deciles{5, 9, 14, 22, 34, 52, 85, 145, 270, 600, 2000}
)

func (l *life) profile() {
	d := l.dice(ofProfile)
	a := &l.account
	a.ID, a.Name = fmt.Sprintf("sim-%06d", l.index), fmt.Sprintf("Sim %06d", l.index)
	a.Industry, a.Country = d.pick(industries), d.pick(countries)
	a.Seats = float64(int(d.from(&seats)))
	a.Tenure = -1
	a.Truth = new(book.Truth)

	if d.chance(0.5) { // older than the history, by up to three years
		l.since = begin.Add(-time.Duration(d.between(1, 3*365)) * day)
	} else {
		l.since = begin.Add(time.Duration(d.between(0, window-1)) * day)
	}
	if past := l.since.Day() - 28; past > 0 { // every month has this day
		l.since = l.since.Add(-time.Duration(past) * day)
	}
	a.Since, l.seen, l.end = l.since, l.since, asOf
	if l.since.Before(begin) {
		l.seen = begin
	}

	big := a.Seats >= 100
	switch x := d.uniform(); {
	case x < 0.55 || big && x < 0.8:
		l.term = yearly
	case x < 0.8:
		l.term = quarterly
	}
	plan := "starter"
	switch {
	case a.Seats >= 300:
		plan = "enterprise"
	case a.Seats >= 30:
		plan = "business"
	}
	l.api = plan == "enterprise" || plan == "business" && d.chance(0.6)
	payment := book.Trait{Name: "payment", Text: d.pick(payments)}
	if d.chance(0.05) {
		payment = book.Trait{Name: "payment", State: book.Missing}
	}
	a.Traits = []book.Trait{{Name: "plan", Text: plan}, {Name: "api", Text: yesNo(l.api)}, payment}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// feel lays out the hidden health: a level for each account, and a slow walk around it that always comes back.
// Older accounts are those that stayed, and a little better for it.
func (l *life) feel() {
	d := l.dice(ofHealth)
	l.level = d.bell()
	if l.since.Before(begin) {
		l.level += 0.3
	}
	walk := float64(0.6 * d.bell())
	for w := range l.health {
		l.health[w] = l.level + walk
		walk = float64(0.97*walk) + float64(0.15*d.bell())
	}
}
