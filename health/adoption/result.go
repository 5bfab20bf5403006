package adoption

import (
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// An Adoption is how one account uses the product within a window. A user is one with an event in it; a day counts for
// a user with an event on it.
type Adoption struct {
	Account string        `json:"account"`
	AsOf    time.Time     `json:"as_of"`
	Digest  health.Digest `json:"digest"` // of the plan
	From    time.Time     `json:"from"`   // where the days that count begin
	To      time.Time     `json:"to"`     // where they end
	Days    int           `json:"days"`   // that count: of the window, from the start of the account or its first use on, to that of as of
	Users   int           `json:"users"`  // active
	Uses    int64         `json:"uses"`   // actions

	Breadth     Ratio `json:"breadth"`      // entitled features used MinUses times or more, of those entitled
	Depth       Ratio `json:"depth"`        // users with MinDays active days or more, of Users
	Frequency   Ratio `json:"frequency"`    // active days, a week of a user with one; whole weeks counted back from the last day
	Intensity   Ratio `json:"intensity"`    // Uses, of Users: actions an active user
	Process     Ratio `json:"process"`      // processes that run, of those planned
	Penetration Ratio `json:"penetration"`  // Users, of licences; may be above 1
	Stickiness  Ratio `json:"stickiness"`   // active days on workdays, of Users times workdays: DAU/MAU where the window is a month
	SelfService Ratio `json:"self_service"` // questions resolved by self-service, of all

	Over       int  `json:"over"`       // Users above the licences; 0 also when licences are unknown
	Unlicensed *int `json:"unlicensed"` // users who hold no licence; nil: holders are unknown

	Features  []FeatureUse  `json:"features"`  // that were used, by ID
	Processes []ProcessUse  `json:"processes"` // planned, in plan order
	FirstUse  Reach         `json:"first_use"` // of any feature, from the account's start; never Missed
	Moments   []MomentReach `json:"moments"`   // in plan order
	Reengage  []Lapse       `json:"reengage"`  // holders and users who have not completed every task, by ID
}

// MarshalJSON returns the canonical encoding.
func (a Adoption) MarshalJSON() ([]byte, error) {
	type plain Adoption
	return canon.JSON(plain(a))
}

// A Ratio is part by whole, both exact.
type Ratio struct {
	Part  int64    `json:"part"`  // 0 or more
	Whole int64    `json:"whole"` // 0 or more; 0: undefined
	Value *float64 `json:"value"` // Part by Whole; nil: undefined
	Why   Reason   `json:"why,omitempty"`
}

// A Reason says why something is undefined or unknown.
type Reason string

// Reasons.
const (
	NoUsers         Reason = "no_users"         // nobody was active, or long enough ago
	NoEntitlements  Reason = "no_entitlements"  // none are given
	NoLicences      Reason = "no_licences"      // there are none
	UnknownLicences Reason = "unknown_licences" // neither seats nor holders are given
	NothingPlanned  Reason = "nothing_planned"  // no process is
	NoQuestions     Reason = "no_questions"     // none were asked
	NotDeclared     Reason = "not_declared"     // the plan does not say what self-service is
	UnderAWeek      Reason = "under_a_week"     // there is no whole week
	NoWorkdays      Reason = "no_workdays"      // no workday among the days
	UnknownStart    Reason = "unknown_start"    // Since is not given
	BeganBefore     Reason = "began_before"     // the account began before the window: its first use may not be in it
)

// A FeatureUse is how an account uses one feature.
type FeatureUse struct {
	Feature  string    `json:"feature"`
	Entitled bool      `json:"entitled"`
	Uses     int64     `json:"uses"`  // 1 or more
	Users    int       `json:"users"` // 1 or more
	First    time.Time `json:"first"` // within the window
}

// A ProcessUse says whether a process runs.
type ProcessUse struct {
	Process string   `json:"process"`
	Running bool     `json:"running"`
	Missing []string `json:"missing"` // features that are used too little
}

// A State says how far something is that takes time.
type State string

// States. Not yet is not never: what can still be reached is Open.
const (
	Reached State = "reached"
	Missed  State = "missed" // its time is up
	Open    State = "open"
	Unknown State = "unknown" // Why says what is missing
)

// A Reach is when something was reached.
type Reach struct {
	State State            `json:"state"`
	At    *time.Time       `json:"at"`   // nil: not at all; with Missed, too late
	Took  *health.Duration `json:"took"` // from the account's start, 0 for what was before; nil: as At
	Why   Reason           `json:"why,omitempty"`
}

// A MomentReach says whether an account reached a moment from its start on, and how many of its users did for
// themselves from their first use on.
type MomentReach struct {
	Moment string `json:"moment"`
	Reach  Reach  `json:"reach"`
	Users  Ratio  `json:"users"` // who reached it in time, of those whose time is up
}

// A Lapse is a user to be won back, with what they have not done.
type Lapse struct {
	User    string     `json:"user"`
	Last    *time.Time `json:"last"`    // latest use of any feature; nil: none in the window
	Missing []string   `json:"missing"` // tasks, in plan order
}
