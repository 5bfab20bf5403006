package world

import (
	"slices"
	"strconv"
	"time"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// A cadence is a touch that comes again and again.
type cadence struct {
	touch   string
	channel string
	by      string
	every   int  // days
	weak    bool // only while hidden health is weak
}

// cadences are as in the programs of the segments.
var cadences = [...][]cadence{
	tech: {
		{"tips_mail", "digital", "digital programs", 30, false},
		{"office_hours", "community", "community team", 90, false},
		{"in_app_guide", "product", "product", 30, true},
	},
	growth: {
		{"check_in", "human", "success manager", 60, false},
		{"adoption_mail", "digital", "digital programs", 30, false},
	},
	enterprise: {
		{"check_in", "human", "success manager", 30, false},
		{"business_review", "human", "success manager", 90, false},
	},
}

// notices are what is done before a renewal.
var notices = [...]struct {
	cadence
	before int // days
}{
	tech:       {cadence{touch: "renewal_notice", channel: "digital", by: "digital programs"}, 45},
	growth:     {cadence{touch: "renewal_talk", channel: "human", by: "account manager"}, 90},
	enterprise: {cadence{touch: "renewal_talk", channel: "human", by: "account manager"}, 120},
}

// touches makes what was done with the account, nine times in ten when it was due.
func (l *life) touches() {
	d := l.dice(ofTouches)
	for _, c := range cadences[l.tier] {
		first := c.every
		if l.since.Before(begin) {
			first = d.between(0, c.every)
		}
		for at := l.seen.Add(time.Duration(first) * day); at.Before(l.end); at = at.Add(time.Duration(c.every) * day) {
			if d.chance(0.9) && (!c.weak || l.at(at) < -0.6) {
				l.touch(&d, c, at.Add(time.Duration(d.between(0, 6))*day))
			}
		}
	}
	l.afterMilestones(&d)
	if l.term != monthly {
		l.beforeRenewals(&d)
	}
	slices.SortStableFunc(l.account.Touches, func(a, b book.Touch) int { return a.At.Compare(b.At) })
	for i := range l.account.Touches {
		l.account.Touches[i].ID = "h" + strconv.Itoa(i+1)
	}
}

// afterMilestones makes what follows a milestone; what followed those from before the history was done then.
func (l *life) afterMilestones(d *dice) {
	for _, m := range l.account.Milestones {
		at := m.At.Add(time.Duration(d.between(2, 9)) * day)
		if at.Before(l.seen) {
			at = l.seen
		}
		done := d.chance(0.9) || m.At.Before(begin)
		switch {
		case !done:
		case m.Name == "training" && l.tier == enterprise:
			l.touch(d, cadence{touch: "training_follow_up", channel: "human", by: "trainer"}, at)
		case m.Name == "first_value":
			l.touch(d, cadence{touch: "value_story", channel: "digital", by: "success manager"}, at)
		}
	}
}

// beforeRenewals makes what leads up to the end of each contract, that of the running one too.
func (l *life) beforeRenewals(d *dice) {
	for _, c := range l.account.Contracts {
		n := notices[l.tier]
		if late := d.between(0, 12); d.chance(0.88) {
			l.touch(d, n.cadence, c.To.Add(-time.Duration(n.before-late)*day))
		}
	}
	for _, r := range l.renewals {
		if r.play {
			l.touch(d, cadence{touch: "save_play", channel: "human", by: "success manager"}, r.at.Add(-RescueBefore*day))
		}
	}
}

// touch adds a touch if the account was watched then. People are answered more often than mails.
func (l *life) touch(d *dice, c cadence, at time.Time) {
	share, days := 0.2, d.between(0, 5)
	if c.channel == "human" {
		share = 0.55
	}
	answered := d.chance(clamp(share+float64(0.12*l.at(at)), 0.02, 0.95))
	if at.Before(l.seen) || !at.Before(l.end) {
		return
	}
	t := book.Touch{Touch: c.touch, Channel: c.channel, By: c.by, At: at}
	if reply := at.Add(time.Duration(days) * day); answered && reply.Before(l.end) {
		t.Answered = reply
	}
	l.account.Touches = append(l.account.Touches, t)
}
