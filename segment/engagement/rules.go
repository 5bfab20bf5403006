package engagement

// A Channel is how a touch reaches people.
type Channel string

// Channels.
const (
	Human     Channel = "human"
	Digital   Channel = "digital"
	Product   Channel = "product"
	Community Channel = "community"
	Partner   Channel = "partner"
)

// A Party is a kind of person that an account's touches are with.
type Party string

// Parties.
const (
	User         Party = "user"
	Sponsor      Party = "sponsor"
	PartnerParty Party = "partner"
	Peer         Party = "peer" // another customer
)

// A Notice is a touch that the account must get. Notices are not counted and not held back by budgets, need no consent and
// go to holdouts. Those of security and outages are sent in quiet hours too.
type Notice string

// Notices.
const (
	Security Notice = "security"
	Outage   Notice = "outage"
	Legal    Notice = "legal"
	Billing  Notice = "billing"
)

// urgent reports whether a notice does not wait for the morning.
func (n Notice) urgent() bool { return n == Security || n == Outage }

// An Ask is a touch in which the account is asked for advocacy. No account is asked twice within [AskRest], whatever for.
// The answer is the touch's Answered, and its Valence what it was.
type Ask string

// Asks.
const (
	Reference     Ask = "reference"
	Review        Ask = "review"
	AdvisoryBoard Ask = "advisory_board"
	Referral      Ask = "referral"
)

// AskRest is how long an account is left alone between two asks. It is the longest calendar quarter.
const AskRest = 92 * Day

// An Escalation moves an unanswered touch to another channel. The level before it is tried After times, each time waiting
// for an answer; the last level is tried once.
//
// With a trigger the next try is due Wait after the last one. With a cadence the tries of the first level keep the cadence;
// after the last level, or an answer, it begins anew.
type Escalation struct {
	After   int      `json:"after"` // tries of the level before, 1 to 20
	Wait    Duration `json:"wait"`  // for an answer to each of them
	Channel Channel  `json:"channel"`
	Owner   string   `json:"owner"`             // role
	Minutes float64  `json:"minutes,omitempty"` // of the owner's time for one touch, 0 to 10000
}

// A Budget bounds the touches that go out to an account or a person, over all programs, in the window (asOf − In, asOf].
// Notices and touches that came in do not count. Of several tasks that are due the earliest gets what is left.
// It holds what is made when the agenda is; who waits looks again.
type Budget struct {
	Name    string   `json:"name"`
	Per     Scope    `json:"per"`
	Most    int      `json:"most"`              // touches, 1 to 1000
	In      Duration `json:"in"`                // longer than 0
	Channel Channel  `json:"channel,omitempty"` // "": all together
}

// A Scope is what a budget is for.
type Scope string

// Scopes.
const (
	PerAccount Scope = "account"
	PerPerson  Scope = "person" // holds tasks with a Person
)

// Quiet is a time of day, or whole days, in which no touch is made. Times are of the wall clock at the person's place.
type Quiet struct {
	Name     string    `json:"name"`
	From     string    `json:"from,omitempty"`     // "20:00", included
	To       string    `json:"to,omitempty"`       // "08:00", excluded; before From: of the next day
	Days     []Weekday `json:"days,omitempty"`     // quiet all day
	Holidays bool      `json:"holidays,omitempty"` // of the place, quiet all day
	Channels []Channel `json:"channels,omitempty"` // empty: all
}

// A Weekday is a day of the week.
type Weekday string

// Weekdays.
const (
	Monday    Weekday = "mon"
	Tuesday   Weekday = "tue"
	Wednesday Weekday = "wed"
	Thursday  Weekday = "thu"
	Friday    Weekday = "fri"
	Saturday  Weekday = "sat"
	Sunday    Weekday = "sun"
)

// A Direction says who began a touch.
type Direction string

// Directions. "" is Outbound.
const (
	Outbound Direction = "outbound"
	Inbound  Direction = "inbound"
	Between  Direction = "between" // the account and others than the vendor
)

// A Valence says how a touch went for the account. "" is not known.
type Valence string

// Valences.
const (
	Positive Valence = "positive" // to an ask: yes
	Neutral  Valence = "neutral"
	Negative Valence = "negative" // to an ask: no
)
