package world

import (
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// milestones are reached on the word of a role. Those from before the history are known too; they were kept by people.
func (l *life) milestones() {
	d := l.dice(ofMilestones)
	l.begins(&d)
	l.matures(&d)
	l.renewing(&d)
	slices.SortStableFunc(l.account.Milestones, func(a, b book.Milestone) int { return a.At.Compare(b.At) })
}

// reach adds a milestone if the account was a customer then.
func (l *life) reach(name, by string, at time.Time) {
	if l.happens(at) {
		l.account.Milestones = append(l.account.Milestones, book.Milestone{Name: name, By: by, At: at})
	}
}

// begins makes the first months, with what is planted in them.
func (l *life) begins(d *dice) {
	l.reach("kickoff", "onboarding lead", l.after(d.between(1, 14)))
	if sso := d.between(10, 60); d.chance(0.55) {
		l.reach("sso", "customer IT", l.after(sso))
	}
	switch early, late := d.between(3, 17), d.between(90, 300); {
	case l.trained:
		l.reach("training", "trainer", l.after(early))
	case d.chance(0.5):
		l.reach("training", "trainer", l.after(late))
	}
	if attended := d.between(10, WebinarBy); d.chance(WebinarShare) {
		l.reach("webinar", "community team", l.after(attended))
	}
	l.reach("first_value", "success manager", l.valued)
	if awarded := d.between(AwardFrom, AwardTo); d.chance(AwardShare) {
		l.reach("champion_award", "community team", l.after(awarded))
	}
}

// matures makes what follows first value. What usage shows later, people noted before there was any.
func (l *life) matures(d *dice) {
	if daily := l.valued.Add(time.Duration(d.between(20, 120)) * day); daily.Before(begin) {
		l.reach("in_daily_use", "success manager", daily)
	}
	if d.chance(clamp(0.45+float64(0.15*l.level), 0.05, 0.9)) {
		l.reach("second_team", "success manager", l.valued.Add(time.Duration(d.between(40, 240))*day))
	}
	if l.api {
		l.reach("integration", "customer IT", l.after(d.between(30, 240)))
	}
	every := 360
	if l.tier != tech {
		every = 180
	}
	for at := l.valued.Add(time.Duration(d.between(30, 120)) * day); at.Before(l.end); at = at.Add(time.Duration(every+d.between(-20, 20)) * day) {
		if d.chance(clamp(0.65+float64(0.12*l.at(at)), 0.1, 0.95)) {
			l.reach("executive_review", "success manager", at)
		}
	}
	for at := l.valued.Add(time.Duration(d.between(60, 200)) * day); at.Before(l.end); at = at.Add(time.Duration(d.between(300, 400)) * day) {
		if d.chance(clamp(0.6+float64(0.15*l.at(at)), 0.1, 0.95)) {
			l.reach("value_report", "success manager", at)
		}
	}
}

// renewing makes what is done around a renewal, once a year for those who pay by the month.
func (l *life) renewing(d *dice) {
	for _, r := range l.renewals {
		planned, signed := d.between(45, 85), d.between(3, 25)
		if l.term == monthly && (l.age(r.at)+15)%365 > 30 {
			continue
		}
		if d.chance(clamp(0.55+float64(0.15*l.at(r.at)), 0.1, 0.95)) {
			l.reach("renewal_plan", "account manager", r.at.Add(-time.Duration(planned)*day))
		}
		if r.left {
			continue
		}
		if r.grew && d.chance(0.7) {
			l.reach("expansion_case", "account manager", r.at.Add(-time.Duration(signed+10)*day))
		}
		l.reach("renewal_signed", "customer sponsor", r.at.Add(-time.Duration(signed)*day))
	}
}
