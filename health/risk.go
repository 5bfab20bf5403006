package health

import (
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Risk is something that may cost the account, from its opening to its closing, and again. Its key is account, source
// and category: what fires again while it is open is one more occurrence and no second alert.
type Risk struct {
	ID          string    `json:"id"`       // derived from the key
	Source      string    `json:"source"`   // FromCard, or what the host calls its own
	Category    string    `json:"category"` // such as SponsorLost
	State       RiskState `json:"state"`
	Changed     time.Time `json:"changed"`         // when it came into State
	Opened      time.Time `json:"opened"`          // when it was opened, or reopened last
	Occurrences int       `json:"occurrences"`     // firings since Opened, at least 1
	Last        time.Time `json:"last"`            // firing
	Reason      string    `json:"reason"`          // of the last firing
	Owner       string    `json:"owner,omitempty"` // ID of a person; "" before it is owned
	Alarm       Truth     `json:"alarm,omitempty"` // what the last closing found; "" before the first
	Holds       bool      `json:"holds,omitempty"` // of FromCard: the condition held when it was last known
}

// FromCard is the source of risks that the card's Alarms open.
const FromCard = "scorecard"

// Categories that are common to many hosts. Any other name serves as well.
const (
	SponsorLost  = "sponsor_lost"  // who pays for the product has left
	ChampionLost = "champion_lost" // who speaks for the product has left
)

// A RiskState is a stage in the life of a risk. All but Closed are open.
type RiskState string

// Risk states.
const (
	Opened    RiskState = "opened"    // nobody has taken it yet
	Owned     RiskState = "owned"     // somebody has
	Mitigated RiskState = "mitigated" // something has been done; whether it helped is not known yet
	Closed    RiskState = "closed"
	Reopened  RiskState = "reopened" // it fired after it had been closed
)

// A Truth says whether an alarm was one.
type Truth string

// Truths.
const (
	TrueAlarm  Truth = "true"
	FalseAlarm Truth = "false"
)

// An Act is what a person, or a system of the host, does about a risk.
type Act struct {
	Kind     ActKind   `json:"kind"`
	Source   string    `json:"source"` // key of the risk; an ID
	Category string    `json:"category"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`               // ID, required; of Own: who owns the risk from now on
	Reason   string    `json:"reason,omitempty"` // required but for Own, at most 1024 bytes
	Alarm    Truth     `json:"alarm,omitempty"`  // of Close, and required there
}

// An ActKind says what an act does.
type ActKind string

// Act kinds.
const (
	Raise    ActKind = "raise"    // fires: opens the risk, reopens it, or adds an occurrence
	Own      ActKind = "own"      // an open risk, owned or not
	Mitigate ActKind = "mitigate" // an owned risk
	Close    ActKind = "close"    // an open risk
)

// maxRisks bounds what is carried from record to record.
const maxRisks = 512

// An alarm is a card's alarm with what it names found.
type alarm struct {
	Alarm
	measure int // where there is no Band
	band    int // -1: none
}

// holds reports whether an alarm's condition holds for an evaluation, and whether that is known.
func (m *Model) holds(a *alarm, r *Record) (holds, known bool) {
	if a.band >= 0 {
		return m.bandNamed(r.Standing.Band) <= a.band, r.Score.Known
	}
	p := &r.Score.Parts[a.measure]
	return a.When.holds(p.Reading.Value, a.Value), p.Liveness > 0
}

// alarm fires the card's alarms whose condition holds for an evaluation and did not before.
func (m *Model) alarm(r *Record) {
	for i := range m.alarms {
		a := &m.alarms[i]
		holds, known := m.holds(a, r)
		if !known {
			continue
		}
		at := r.risk(FromCard, a.Category)
		held := at >= 0 && r.Risks[at].Holds
		if holds && !held {
			at = r.fire(FromCard, a.Category, a.Reason, r.Score.AsOf)
		}
		if at >= 0 {
			r.Risks[at].Holds = holds
		}
	}
}

// risk returns the position of a risk in the record, or -1.
func (r *Record) risk(source, category string) int {
	return slices.IndexFunc(r.Risks, func(x Risk) bool { return x.Source == source && x.Category == category })
}

// fire opens a risk, reopens it or adds an occurrence, and returns its position. What fired before a risk was closed
// does not reopen it.
func (r *Record) fire(source, category, reason string, at time.Time) int {
	i := r.risk(source, category)
	switch {
	case i < 0:
		id := short(r.Score.Account + "\x00" + source + "\x00" + category)
		i = len(r.Risks)
		r.Risks = append(r.Risks, Risk{ID: id, Source: source, Category: category, Opened: at, Last: at})
		r.move(i, Opened, RiskOpened, at)
	case r.Risks[i].State == Closed && !at.After(r.Risks[i].Changed):
		return i
	case r.Risks[i].State == Closed:
		x := &r.Risks[i]
		x.Opened, x.Last, x.Occurrences, x.Owner = at, at, 0, ""
		r.move(i, Reopened, RiskReopened, at)
	}
	x := &r.Risks[i]
	x.Occurrences++
	if !at.Before(x.Last) {
		x.Last, x.Reason = at, reason
	}
	return i
}

// move brings a risk into a state, with an event.
func (r *Record) move(i int, to RiskState, kind EventKind, at time.Time) {
	x := &r.Risks[i]
	e := r.event(kind, string(x.State), string(to))
	e.ID = eventID(x.ID, kind, r.Version)
	e.At, e.Risk, e.Category = at, x.ID, x.Category
	r.Events = append(r.Events, e)
	x.State, x.Changed = to, at
}

// problem says what is malformed in an act, as a field and a cause, or "".
func (a *Act) problem() (field, cause string) {
	for _, id := range [...][2]string{{"source", a.Source}, {"category", a.Category}, {"by", a.By}} {
		if err := ident.Check(id[1]); err != nil {
			return id[0], err.Error()
		}
	}
	if err := instant.Given(a.At); err != nil {
		return "at", err.Error()
	}
	if err := ident.Text(a.Reason); err != nil {
		return "reason", err.Error()
	}
	switch {
	case a.Kind != Raise && a.Kind != Own && a.Kind != Mitigate && a.Kind != Close:
		return "kind", fmt.Sprintf("%q is none of raise, own, mitigate, close", check.Clip(string(a.Kind)))
	case a.Kind != Own && a.Reason == "":
		return "reason", "is empty"
	case a.Kind == Close && a.Alarm != TrueAlarm && a.Alarm != FalseAlarm:
		return "alarm", fmt.Sprintf("%q is none of true, false", check.Clip(string(a.Alarm)))
	case a.Kind != Close && a.Alarm != "":
		return "alarm", "only closing says whether it was one"
	case a.Kind == Raise && a.Source == FromCard:
		return "source", fmt.Sprintf("%q is that of the card's own alarms", FromCard)
	}
	return "", ""
}

// apply does an act in a record that has the risks of the one before. A nil error and no event is one more occurrence.
func (r *Record) apply(a Act) error {
	refuse := func(rule, message, needs string) error {
		return &RefusedError{Account: r.Score.Account, Rule: rule, Message: message, Needs: needs}
	}
	i := r.risk(a.Source, a.Category)
	state := RiskState("")
	if i >= 0 {
		state = r.Risks[i].State
		changes := a.Kind != Raise || state == Closed
		if changed := r.Risks[i].Changed; changes && a.At.Before(changed) {
			at := changed.Format(time.RFC3339Nano)
			return refuse("in_order", fmt.Sprintf("the risk is %s since %s", state, at), "an instant that is not before "+at)
		}
	}
	switch {
	case a.Kind == Raise && i < 0 && len(r.Risks) >= maxRisks:
		return refuse("at_most", fmt.Sprintf("the account has %d risks", len(r.Risks)), "the source and category of one of them")
	case a.Kind == Raise:
		r.fire(a.Source, a.Category, a.Reason, a.At)
	case i < 0:
		return refuse("known_risk", fmt.Sprintf("there is no risk %q of source %q", check.Clip(a.Category), check.Clip(a.Source)), "a risk of the account")
	case state == Closed:
		return refuse("open_risk", "the risk is closed", "a risk that is open")
	case a.Kind == Own:
		r.move(i, Owned, RiskOwned, a.At)
		r.Risks[i].Owner = a.By
	case a.Kind == Mitigate && state != Owned:
		return refuse("owned_risk", fmt.Sprintf("the risk is %s", state), "a risk that somebody owns")
	case a.Kind == Mitigate:
		r.move(i, Mitigated, RiskMitigated, a.At)
	case a.Kind == Close:
		r.move(i, Closed, RiskClosed, a.At)
		r.Risks[i].Alarm = a.Alarm
	}
	return nil
}

// later returns the instant up to which an act on the risk may be one that was done already.
func (r *Record) later(a Act) time.Time {
	i := r.risk(a.Source, a.Category)
	if i < 0 {
		return time.Time{}
	}
	return slices.MaxFunc([]time.Time{r.Risks[i].Changed, r.Risks[i].Last}, time.Time.Compare)
}
