package world

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// goals are what customers come for, the first for all who have a plan.
var goals = [...]book.Outcome{
	{Statement: "A request is answered in six days instead of twelve.", Persona: "team lead", Horizon: "short", Weight: 3,
		Measure: "cycle_time", Unit: "days", Base: 12, Goal: 6},
	{Statement: "Nine of ten orders are on time.", Persona: "head of operations", Horizon: "medium", Weight: 2,
		Measure: "on_time_share", Unit: "%", Base: 70, Goal: 90},
	{Statement: "A case costs a quarter less.", Persona: "finance", Horizon: "medium", Weight: 1,
		Measure: "cost_per_case", Unit: "EUR", Base: 40, Goal: 30},
	{Statement: "A tenth of revenue comes from services that were not possible before.", Persona: "sponsor", Horizon: "long", Weight: 1,
		Measure: "new_revenue_share", Unit: "%", Base: 0, Goal: 10},
}

// pledges are what sales promised.
var pledges = []string{"A connection to the existing archive.", "Training for every new colleague in the first year.", "Reports in the group's own format."}

// outcomes makes a plan of up to four outcomes. The first is achieved on the day value comes, the others later.
func (l *life) outcomes() {
	d := l.dice(ofOutcomes)
	count := 0
	for _, share := range []float64{0.8, 0.75, 0.6, 0.45} {
		if !d.chance(share) {
			break
		}
		count++
	}
	for k := range count {
		o := goals[k]
		o.ID = "o" + strconv.Itoa(k+1)
		o.Start, o.Due = l.since, l.after(180)
		reached := l.valued
		agreed, confirmed := d.between(5, 15), d.between(7, 60)
		if k > 0 {
			o.Start = l.seen.Add(time.Duration(d.between(45, 120)) * day)
			span := [...]int{180, 240, 300, 480}[k]
			o.Due = o.Start.Add(time.Duration(span) * day)
			took := clamp(1.1-float64(0.3*l.at(o.Start))+float64(0.3*d.bell()), 0.4, 3)
			reached = o.Start.Add(time.Duration(float64(float64(span)*took)) * day)
			if first := l.valued.Add(30 * day); reached.Before(first) {
				reached = first
			}
		}
		if !o.Start.Before(l.end) {
			break
		}
		if k == 0 || d.chance(0.85) {
			o.Agreed = l.past(o.Start.Add(time.Duration(agreed) * day))
		}
		if !o.Agreed.IsZero() {
			o.Achieved = l.past(reached)
		}
		if !o.Achieved.IsZero() && d.chance(0.6) {
			o.Confirmed = l.past(reached.Add(time.Duration(confirmed) * day))
		}
		l.account.Outcomes = append(l.account.Outcomes, o)
		if d.chance(0.87) {
			l.measure(&d, o, reached)
		}
	}
}

// past is an instant if the account was a customer then, else zero.
func (l *life) past(at time.Time) time.Time {
	if !l.happens(at) {
		return time.Time{}
	}
	return at
}

// measure makes one value a month. Once the goal is reached, health decides whether it is held. One value in seven is
// recorded late.
func (l *life) measure(d *dice, o book.Outcome, reached time.Time) {
	from := o.Start
	if from.Before(l.seen) {
		from = l.seen
	}
	whole := float64(reached.Sub(o.Start) / day)
	for at := from.Add(time.Duration(d.between(20, 35)) * day); at.Before(l.end); at = at.Add(30 * day) {
		health := l.at(at)
		progress := 1.06 + float64(0.16*health) + float64(0.05*d.bell())
		if at.Before(reached) {
			progress = clamp(float64(float64(at.Sub(o.Start)/day)/whole*(1+float64(0.2*health)))+float64(0.04*d.bell()), 0, 0.98)
		}
		m := book.Measured{Measure: o.Measure, At: at, Value: rounded(o.Base+float64((o.Goal-o.Base)*max(0, progress)), 100)}
		if late := d.between(10, 60); d.chance(1.0 / 7) {
			m.Recorded = at.Add(time.Duration(late) * day)
		}
		l.account.Measured = append(l.account.Measured, m)
	}
}

// promises are what sales said before the first contract. What an outcome of the plan, evidence or a waiver does not
// answer is debt.
func (l *life) promises() {
	d := l.dice(ofPromises)
	a := &l.account
	annual := l.annual().IntPart()
	for k := range d.between(0, 5) - 3 {
		p := book.Promise{ID: "p" + strconv.Itoa(k+1), Text: d.pick(pledges), Currency: "EUR", At: l.after(-d.between(10, 90))}
		p.Amount = decimal.New(annual*int64(d.between(3, 15))/100, 0)
		waived := l.past(l.after(d.between(60, 300)))
		switch x := d.uniform(); {
		case x < 0.6 && len(a.Outcomes) > 0:
			p.Answers = a.Outcomes[d.between(0, len(a.Outcomes)-1)].ID
		case x < 0.75:
			p.Evidence = "accepted by the customer in writing"
		case x < 0.82 && !waived.IsZero():
			p.WaivedBy, p.WaivedAt = "customer sponsor", waived
		}
		a.Promises = append(a.Promises, p)
	}
}
