// Package analysis runs the five packages over a book and holds what came out, for a terminal, a report or a machine.
package analysis

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
	"github.com/customersuccess-go/customersuccess/segment"
)

// A Result is everything that the program has to say. A nil section could not be computed: Unlocks says what is missing.
type Result struct {
	Kind     book.Kind `json:"kind"`
	Banner   string    `json:"banner"` // stands on every page and picture: what kind of data this is
	Title    string    `json:"title"`
	About    []string  `json:"about"`  // what this is
	Limits   []string  `json:"limits"` // what can't be said
	Source   string    `json:"source"`
	Licence  string    `json:"licence"`
	Command  string    `json:"command"`
	AsOf     time.Time `json:"as_of"`
	Dated    bool      `json:"dated"`
	Currency string    `json:"currency"`

	Totals   Totals          `json:"totals"`
	Inputs   []InputCoverage `json:"inputs"`
	Segments []SegmentRow    `json:"segments"`
	Proof    Proof           `json:"proof"` // of the segment scheme

	Index      string         `json:"index"`  // "health score", or "experience index" where outcomes are unknown for all
	Bands      []BandRow      `json:"bands"`  // worst first; unknown last
	Matrix     []MatrixCell   `json:"matrix"` // segment × band, in order of both
	Histogram  []HistogramBin `json:"histogram"`
	LeftByBand []LeftRow      `json:"left_by_band,omitempty"` // within the grouping of Separation

	Separation *Separation   `json:"separation,omitempty"`
	Backtest   *Backtest     `json:"backtest,omitempty"`
	Riskiest   []AccountView `json:"riskiest"` // of those still here
	Movers     []AccountView `json:"movers,omitempty"`
	Example    *AccountView  `json:"example,omitempty"` // one account in full, for the page and the waterfall

	Phases      []PhaseRow      `json:"phases"`
	Diagram     string          `json:"diagram"` // Mermaid text of the map
	Stalled     []AccountView   `json:"stalled,omitempty"`
	Outcomes    *Outcomes       `json:"outcomes,omitempty"`
	Quadrant    []Point         `json:"quadrant,omitempty"` // outcome × experience, a sample for the picture
	Opportunity *Opportunity    `json:"opportunity,omitempty"`
	Value       *Value          `json:"value,omitempty"`
	Booked      *Booked         `json:"booked,omitempty"`
	Rungs       []RungRow       `json:"rungs,omitempty"`   // the value ladder, from the lowest rung up
	Leakage     *ladder.Leakage `json:"leakage,omitempty"` // of the accounts together
	Retention   []RetentionRow  `json:"retention,omitempty"`
	Incidence   *Incidence      `json:"incidence,omitempty"` // time to value, leaving as a competing end
	Touches     []TouchRow      `json:"touches"`
	Planted     []PlantedRow    `json:"planted,omitempty"` // simulated worlds: planted against recovered

	Unlocks []Unlock      `json:"unlocks,omitempty"`
	Files   []book.File   `json:"files"`
	Rejects []book.Reject `json:"rejects,omitempty"`
	Failed  []Failure     `json:"failed,omitempty"` // accounts that a package refused
	Digests []DigestRow   `json:"digests"`
}

// Totals of the book.
type Totals struct {
	Accounts    int             `json:"accounts"`
	Remaining   int             `json:"remaining"`
	Left        int             `json:"left"`
	LeftKnown   int             `json:"left_known"` // accounts of which it is known whether they left
	Monthly     decimal.Decimal `json:"monthly"`    // recurring revenue a month, of all
	MonthlyLeft decimal.Decimal `json:"monthly_left"`
	Certain     int             `json:"certain"` // accounts whose band is certain
	Known       int             `json:"known"`   // accounts whose score is known
}

// InputCoverage counts how often an input is known.
type InputCoverage struct {
	Name          string `json:"name"`
	Group         string `json:"group"` // health, journey, segment, outcome, ladder
	Known         int    `json:"known"`
	Missing       int    `json:"missing"`
	NotApplicable int    `json:"not_applicable"`
	Failed        int    `json:"failed"`
}

// A SegmentRow is one segment.
type SegmentRow struct {
	Segment  string          `json:"segment"`
	Why      string          `json:"why,omitempty"`
	Accounts int             `json:"accounts"`
	Left     int             `json:"left"`
	Monthly  decimal.Decimal `json:"monthly"`
	Touches  int             `json:"touches"` // due now
	Hours    float64         `json:"hours"`   // of people, a year, by the program
}

// Proof is what Verify said of the scheme.
type Proof struct {
	Text     string            `json:"text"`
	Findings []segment.Finding `json:"findings,omitempty"`
}

// A BandRow is one band.
type BandRow struct {
	Band     string          `json:"band"`
	Accounts int             `json:"accounts"`
	Left     int             `json:"left"`
	Certain  int             `json:"certain"`
	Monthly  decimal.Decimal `json:"monthly"`
}

// A MatrixCell is the accounts of one segment in one band.
type MatrixCell struct {
	Segment  string          `json:"segment"`
	Band     string          `json:"band"`
	Accounts int             `json:"accounts"`
	Monthly  decimal.Decimal `json:"monthly"`
}

// A HistogramBin counts scores in [From, To), the last bin closed.
type HistogramBin struct {
	From   float64 `json:"from"`
	To     float64 `json:"to"`
	Stayed int     `json:"stayed"`
	Left   int     `json:"left"`
}

// A LeftRow is the share that left in one band of one group, with its Wilson interval.
type LeftRow struct {
	Group string  `json:"group"`
	Band  string  `json:"band"`
	Left  int     `json:"left"`
	N     int     `json:"n"`
	Share float64 `json:"share"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Separation says how well the index tells those who left from those who stayed, in one snapshot. It is no backtest.
type Separation struct {
	Caution string   `json:"caution"`
	By      string   `json:"by"` // what Within groups by
	Overall AUC      `json:"overall"`
	Within  []AUC    `json:"within"`
	Columns []AUC    `json:"columns"` // single columns, best first
	Verdict string   `json:"verdict"`
	Words   []string `json:"words"`
}

// An AUC is the chance that a customer who left scored lower than one who stayed, ties counting half, with its
// DeLong interval on the logit scale.
type AUC struct {
	Name  string  `json:"name"`
	Known bool    `json:"known"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Left  int     `json:"left"`
	Kept  int     `json:"kept"`
}

// A Backtest is the scorecard on trial: scored as known a lead time before each decision.
type Backtest struct {
	LeadDays    int              `json:"lead_days"`
	Decisions   int              `json:"decisions"` // renewals that were due
	Lost        int              `json:"lost"`
	From, To    time.Time        `json:"-"`
	AUC         AUC              `json:"auc"`
	Columns     []AUC            `json:"columns"` // best single measures
	Bands       []LeftRow        `json:"bands"`
	Calibration []CalibrationRow `json:"calibration,omitempty"` // fitted on the earlier half, judged on the later
	Rescued     int              `json:"rescued"`               // reported apart
	Verdict     string           `json:"verdict"`
	Words       []string         `json:"words"`
}

// A CalibrationRow compares what was predicted with what happened.
type CalibrationRow struct {
	Predicted float64 `json:"predicted"`
	Observed  float64 `json:"observed"`
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
	N         int     `json:"n"`
	Rescued   bool    `json:"rescued,omitempty"` // accounts that a play rescued, apart
}

// An AccountView is one account as a person should see it.
type AccountView struct {
	Account  string            `json:"account"`
	Segment  string            `json:"segment"`
	Monthly  decimal.Decimal   `json:"monthly"`
	Score    health.Score      `json:"score"`
	Before   float64           `json:"before,omitempty"` // of movers: the value a quarter ago
	Reasons  []string          `json:"reasons"`          // three at most, largest loss of points first
	Levers   []string          `json:"levers,omitempty"`
	Ask      []string          `json:"ask,omitempty"` // what to find out next
	Decision *journey.Decision `json:"decision,omitempty"`
	Missing  string            `json:"missing,omitempty"` // what stands in the way, in words
}

// A PhaseRow is one phase of the map.
type PhaseRow struct {
	Phase    string  `json:"phase"`
	Title    string  `json:"title"`
	Accounts int     `json:"accounts"`
	Behind   int     `json:"behind"`
	Stuck    int     `json:"stuck"`
	Unknown  int     `json:"unknown"` // clocks that are unknown
	Dwell    float64 `json:"dwell"`   // median days by Kaplan–Meier, unfinished stays censored
	Dwelt    bool    `json:"dwelt"`   // Dwell is known
	Note     string  `json:"note,omitempty"`
}

// Outcomes sums up the success plans.
type Outcomes struct {
	Plans     int             `json:"plans"`
	Known     int             `json:"known"`    // plans with a measured outcome
	Mean      float64         `json:"mean"`     // attainment of the known, 0 to 1
	Coverage  float64         `json:"coverage"` // mean share that is measured
	Agreed    int             `json:"agreed"`   // outcomes that the customer signed
	Achieved  int             `json:"achieved"`
	Confirmed int             `json:"confirmed"`
	Lost      int             `json:"lost"` // achieved once, below goal again
	Debt      decimal.Decimal `json:"debt"` // promises that nothing answers
	Debtors   int             `json:"debtors"`
}

// Opportunity says which desired outcomes matter to the customers still here and are not well served.
type Opportunity struct {
	Whole    opportunity.Landscape   `json:"whole"`    // of all ratings; needs by rank, the greatest opportunity first
	Texts    []string                `json:"texts"`    // of Whole.Needs; "" where the template does not have it
	Segments []opportunity.Landscape `json:"segments"` // in order of rank
	Groups   *NeedGroups             `json:"groups,omitempty"`
}

// A Point of the quadrant: outcome against experience.
type Point struct {
	Outcome    float64 `json:"outcome"`    // points
	Experience float64 `json:"experience"` // points
	Left       bool    `json:"left"`
}

// Value sums up statements.
type Value struct {
	Currency string          `json:"currency"` // of the ladder
	Gross    decimal.Decimal `json:"gross"`
	Adjusted decimal.Decimal `json:"adjusted"`
	Cost     decimal.Decimal `json:"cost"`    // of licences that are paid in Currency
	Known    int             `json:"known"`   // lines
	Unknown  int             `json:"unknown"` // lines
	Drivers  []ladder.Total  `json:"drivers"`
	Rungs    []ladder.Total  `json:"rungs"`
}

// Booked is what the books hold of the customers still here, exact: Amount is Posted less TakenBack, and the sum of Lines.
type Booked struct {
	Currency  string          `json:"currency"` // of the ladder
	Amount    decimal.Decimal `json:"amount"`
	Posted    decimal.Decimal `json:"posted"`
	TakenBack decimal.Decimal `json:"taken_back"`
	Accounts  int             `json:"accounts"` // with an entry
	Entries   int             `json:"entries"`  // posted, those taken back included
	Reversed  int             `json:"reversed"` // entries that were taken back
	Lines     []BookedLine    `json:"lines"`    // in the order of the ladder, best evidence first
	Rungs     []BookedPart    `json:"rungs"`
	Drivers   []BookedPart    `json:"drivers"`
	Evidence  []BookedPart    `json:"evidence"`           // best first
	Promised  *Against        `json:"promised,omitempty"` // in the sale, and not waived
	Stated    *Against        `json:"stated,omitempty"`   // a year by the formulas, against what is booked for the year before as_of
}

// A BookedLine is one benefit under one class of evidence.
type BookedLine struct {
	Benefit  string          `json:"benefit"`
	Driver   ladder.Driver   `json:"driver"`
	Rung     ladder.Rung     `json:"rung"`
	Evidence ladder.Evidence `json:"evidence"`
	Amount   decimal.Decimal `json:"amount"`
	Entries  int             `json:"entries"` // reversed ones and their reversals included
}

// A BookedPart is the sum of the lines of one group.
type BookedPart struct {
	Group   string          `json:"group"`
	Amount  decimal.Decimal `json:"amount"`
	Entries int             `json:"entries"` // reversed ones and their reversals included
}

// Against holds what is booked against another figure, at the accounts that have that figure.
type Against struct {
	Accounts int             `json:"accounts"`
	Covered  int             `json:"covered"` // of them, those with at least as much booked
	Amount   decimal.Decimal `json:"amount"`  // the other figure
	Booked   decimal.Decimal `json:"booked"`
}

// A RungRow is one step of the value ladder.
type RungRow struct {
	Rung    ladder.Rung      `json:"rung"`
	Holders []string         `json:"holders,omitempty"` // stakeholders
	Stated  *ladder.Total    `json:"stated,omitempty"`  // nil: value.csv has nothing of it
	Booked  *decimal.Decimal `json:"booked,omitempty"`  // nil: no ledger.csv
	Carried decimal.Decimal  `json:"carried"`           // stated on lower rungs and felt here; in no sum
}

// A RetentionRow is one period of recurring revenue: Start + New + Reactivation + Expansion - Contraction - Churn = End.
type RetentionRow struct {
	Period       string           `json:"period"`
	Start        decimal.Decimal  `json:"start"`
	New          decimal.Decimal  `json:"new"`
	Reactivation decimal.Decimal  `json:"reactivation"`
	Expansion    decimal.Decimal  `json:"expansion"`
	Contraction  decimal.Decimal  `json:"contraction"`
	Churn        decimal.Decimal  `json:"churn"`
	End          decimal.Decimal  `json:"end"`
	NRR          *decimal.Decimal `json:"nrr"` // shares; nil: undefined
	GRR          *decimal.Decimal `json:"grr"`
	Customers    int              `json:"customers"` // at the end
	Lost         int              `json:"lost"`
	Partial      bool             `json:"partial,omitempty"`
}

// Incidence of value and of leaving over days since the start.
type Incidence struct {
	Steps   []IncidenceStep `json:"steps"`
	N       int             `json:"n"`
	Valued  int             `json:"valued"`
	LeftN   int             `json:"left"`
	Pending int             `json:"pending"`
	Median  *float64        `json:"median"` // days; nil: not reached
}

// An IncidenceStep is one day's shares; they sum to 1.
type IncidenceStep struct {
	Day     float64 `json:"day"`
	Value   float64 `json:"value"`
	Left    float64 `json:"left"`
	Waiting float64 `json:"waiting"`
	AtRisk  int     `json:"at_risk"`
}

// A TouchRow is one kind of touch of one segment.
type TouchRow struct {
	Segment string  `json:"segment"`
	Touch   string  `json:"touch"`
	Channel string  `json:"channel"`
	Owner   string  `json:"owner"`
	Due     int     `json:"due"` // now; of an undated book, in a year
	Overdue int     `json:"overdue"`
	Held    int     `json:"held"`  // suppressed
	Hours   float64 `json:"hours"` // of people, for what is due
}

// A PlantedRow compares what the simulator planted with what was recovered.
type PlantedRow struct {
	Name      string `json:"name"`
	Planted   string `json:"planted"`
	Recovered string `json:"recovered"`
	OK        bool   `json:"ok"` // within the stated tolerance, or, of a trap, outside of it
	Words     string `json:"words"`
}

// An Unlock says what is unknown, and which file would tell.
type Unlock struct {
	What string `json:"what"`
	File string `json:"file"`
}

// A Failure is an account that a package refused.
type Failure struct {
	Account string `json:"account"`
	Package string `json:"package"`
	Error   string `json:"error"`
}

// A DigestRow names a definition that was used.
type DigestRow struct {
	Definition string `json:"definition"`
	Name       string `json:"name"`
	Digest     string `json:"digest"`
}
