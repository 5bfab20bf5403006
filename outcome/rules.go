package outcome

import (
	"fmt"
	"time"
)

// An action is what can be done to an outcome.
type action string

const (
	agree    action = "agree" // the last signature that was missing
	activate action = "activate"
	pause    action = "pause"
	achieve  action = "achieve"
	miss     action = "miss"
	abandon  action = "abandon"
	attest   action = "attest"
	amend    action = "amend" // with other terms
	drop     action = "drop"  // out of the plan, which is no state
)

// A rule refuses an action in a state. Its text is its code in a RefusedError.
type rule string

const (
	agreedFirst  rule = "agreed_first"
	begunFirst   rule = "begun_first"
	resumedFirst rule = "resumed_first"
	ended        rule = "ended"
)

// A move is the state that an action leads to, or the rule that refuses it.
type move struct {
	to   State
	rule rule
}

// moves is the whole of the rules by state: what is not refused here may still be out of order, or lack its reason.
var moves = map[State]map[action]move{
	Draft: {
		agree: {to: Agreed}, activate: {rule: agreedFirst}, pause: {rule: agreedFirst},
		achieve: {rule: agreedFirst}, miss: {rule: agreedFirst}, abandon: {to: Abandoned},
		attest: {rule: agreedFirst}, amend: {to: Draft}, drop: {},
	},
	Agreed: {
		agree: {to: Agreed}, activate: {to: InProgress}, pause: {rule: begunFirst},
		achieve: {rule: begunFirst}, miss: {to: Missed}, abandon: {to: Abandoned},
		attest: {rule: begunFirst}, amend: {to: Draft}, drop: {},
	},
	InProgress: {
		agree: {to: InProgress}, activate: {to: InProgress}, pause: {to: Paused},
		achieve: {to: Achieved}, miss: {to: Missed}, abandon: {to: Abandoned},
		attest: {to: InProgress}, amend: {to: Draft}, drop: {},
	},
	Paused: {
		agree: {to: Paused}, activate: {to: InProgress}, pause: {to: Paused},
		achieve: {rule: resumedFirst}, miss: {to: Missed}, abandon: {to: Abandoned},
		attest: {to: Paused}, amend: {to: Draft}, drop: {},
	},
	Achieved: {
		agree: {to: Achieved}, activate: {rule: ended}, pause: {rule: ended},
		achieve: {to: Achieved}, miss: {rule: ended}, abandon: {rule: ended},
		attest: {to: Achieved}, amend: {to: Draft}, drop: {rule: ended},
	},
	Missed: {
		agree: {to: Missed}, activate: {rule: ended}, pause: {rule: ended},
		achieve: {rule: ended}, miss: {to: Missed}, abandon: {rule: ended},
		attest: {to: Missed}, amend: {to: Draft}, drop: {rule: ended},
	},
	Abandoned: {
		agree: {to: Abandoned}, activate: {rule: ended}, pause: {rule: ended},
		achieve: {rule: ended}, miss: {rule: ended}, abandon: {to: Abandoned},
		attest: {rule: ended}, amend: {to: Draft}, drop: {rule: ended},
	},
}

// move takes the outcome at position i through an action. An action that leaves the state changes nothing.
func (m *Model) move(p *Plan, i int, a action, at time.Time) error {
	o := &p.Outcomes[i]
	next := moves[o.State][a]
	if next.rule != "" {
		return m.refuse(p, o, next.rule)
	}
	if next.to == o.State && a != amend {
		return nil
	}
	if err := inOrder(p, o.StateAt, at, fmt.Sprintf("outcome %q is %s", o.ID, o.State)); err != nil {
		return err
	}
	o.State, o.StateAt, o.StateBy, o.StateWhy = next.to, at, "", ""
	return nil
}

// refuse says what a rule says of an outcome, and what would satisfy it.
func (m *Model) refuse(p *Plan, o *Outcome, r rule) error {
	needs := ""
	switch r {
	case agreedFirst:
		needs = fmt.Sprintf("the signatures of %q", m.unsigned(p, p.Terms(), time.Time{}))
	case begunFirst, resumedFirst:
		needs = "its activation"
	case ended:
		needs = "an amendment, which takes it up again under new terms"
	}
	return &RefusedError{p.Account, string(r), fmt.Sprintf("outcome %q is %s", o.ID, o.State), needs}
}

// inOrder refuses what is said to have happened before what it follows.
func inOrder(p *Plan, last, at time.Time, what string) error {
	if !at.Before(last) {
		return nil
	}
	return &RefusedError{p.Account, "in_order", fmt.Sprintf("%s since %s, not %s", what, date(last), date(at)),
		"an instant that is not earlier"}
}
