package world

import (
	"math"
	"strconv"
	"time"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// Features that are used, one row each week. Core tasks are for an active user and week.
const (
	activeUsers = iota
	logins
	coreTasks
	apiCalls
)

var features = [...]string{activeUsers: "active_users", logins: "logins", coreTasks: "core_tasks", apiCalls: "api_calls"}

// daysToClose is how long tickets stay open.
var daysToClose = deciles{0, 0.4, 1, 1.6, 2.4, 3.5, 5, 7, 11, 19, 60}

// usage makes weekly rows. Some accounts have weeks without any, some have weeks in which reading failed, and one row
// in a hundred is missing; features that the plan does not have do not apply.
func (l *life) usage() {
	d := l.dice(ofUsage)
	a := &l.account
	first := int(l.seen.Sub(begin)/(7*day)) + 1
	last := int(l.end.Sub(begin) / (7 * day)) // rows are dated by the end of the week
	if last < first {
		return
	}
	gap := stretch(&d, 0.08, 3, 14)
	failed := stretch(&d, 0.05, 1, 6)
	a.Usage = make([]book.Usage, 0, (last-first+1)*len(features))
	if !l.api {
		a.Usage = append(a.Usage, book.Usage{Feature: features[apiCalls], At: week(first), State: book.NotApplicable})
	}
	habit := [2]float64{d.bell(), d.bell()}
	var values [len(features)]float64
	for w := first; w <= last; w++ {
		at := week(w)
		l.use(&d, at, habit, &values)
		if w >= gap[0] && w < gap[1] {
			continue
		}
		for f, name := range features {
			u := book.Usage{Feature: name, At: at, Value: values[f]}
			switch {
			case f == apiCalls && !l.api:
				continue
			case w >= failed[0] && w < failed[1]:
				u.Value, u.State = 0, book.Failed
			case d.chance(0.01):
				u.Value, u.State = 0, book.Missing
			}
			a.Usage = append(a.Usage, u)
		}
	}
}

func week(w int) time.Time { return begin.Add(time.Duration(w) * 7 * day) }

// stretch is a run of weeks that an account has with the given chance; else it is empty.
func stretch(d *dice, chance float64, low, high int) [2]int {
	from, long := d.between(0, weeks-1), d.between(low, high)
	if !d.chance(chance) {
		return [2]int{}
	}
	return [2]int{from, from + long}
}

// use is a week of work. New accounts take a quarter of a year to get going. Accounts differ by habit in how many of
// their people have to do with it and in how much there is to do, which says nothing of their health.
func (l *life) use(d *dice, at time.Time, habit [2]float64, values *[len(features)]float64) {
	health := l.at(at.Add(-1))
	start := min(1, 0.25+float64(0.75*float64(l.age(at)))/90)
	share := clamp(start*(0.48+float64(0.15*health)+float64(0.1*habit[0])+float64(0.05*d.bell())), 0.01, 0.98)
	seats := l.seatsAt(at.Add(-1))
	active := rounded(seats*share, 1)
	values[activeUsers] = active
	values[logins] = math.Floor(float64(active * max(1, 4+float64(0.6*health)+float64(0.5*d.bell()))))
	values[coreTasks] = rounded(max(0, 3.5+float64(1.1*health)+float64(1.1*habit[1])+float64(0.6*d.bell()))*start, 10)
	values[apiCalls] = math.Floor(float64(seats * max(0, 40+float64(10*health)+float64(8*d.bell())) * start))
}

// surveys asks a few people for a 0 to 10 every half year. Most don't answer, the less well rather less.
func (l *life) surveys() {
	d := l.dice(ofSurveys)
	asked := 2
	switch {
	case l.account.Seats >= 250:
		asked = 4
	case l.account.Seats >= 50:
		asked = 3
	}
	for at := l.seen.Add(time.Duration(d.between(30, 180)) * day); at.Before(l.end); at = at.Add(182 * day) {
		for r := range asked {
			answered := at.Add(time.Duration(d.between(0, 9)) * day)
			score := rounded(clamp(7+float64(1.3*l.at(at))+float64(1.5*d.bell()), 0, 10), 1)
			if d.chance(clamp(0.28+float64(0.05*l.at(at)), 0.05, 0.6)) && answered.Before(l.end) {
				l.survey("nps", r, answered, score)
			}
		}
	}
}

func (l *life) survey(instrument string, respondent int, at time.Time, score float64) {
	l.account.Surveys = append(l.account.Surveys,
		book.Survey{Instrument: instrument, Respondent: "r" + strconv.Itoa(respondent+1), At: at, Score: score})
}

// tickets opens cases, more of them where there are more users and less health, and asks how it was once they are closed.
func (l *life) tickets() {
	d := l.dice(ofTickets)
	for at := l.seen.Add(time.Duration(d.between(1, 7)) * day); at.Before(l.end); at = at.Add(7 * day) {
		health := l.at(at)
		users := min(l.account.Seats, 1000)
		if !d.chance(clamp((0.05+float64(0.0003*users))*(1.3-float64(0.5*health)), 0.005, 0.7)) {
			continue
		}
		k := book.Ticket{ID: "t" + strconv.Itoa(len(l.account.Tickets)+1), Severity: "normal", Opened: at.Add(time.Duration(d.between(0, 23)) * time.Hour)}
		switch x := d.uniform(); {
		case x < 0.14-float64(0.05*health):
			k.Severity = "high"
		case x > 0.7:
			k.Severity = "low"
		}
		hours := int(float64(24*d.from(&daysToClose)) * clamp(1.2-float64(0.3*health), 0.5, 3))
		if closed := k.Opened.Add(time.Duration(1+hours) * time.Hour); closed.Before(l.end) {
			k.Closed = closed
			if d.chance(0.3) {
				l.survey("csat", d.between(0, 5), closed, rounded(clamp(3.9+float64(0.45*health)+float64(0.9*d.bell()), 1, 5), 1))
			}
		}
		l.account.Tickets = append(l.account.Tickets, k)
	}
}
