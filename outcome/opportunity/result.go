package opportunity

import (
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// An Estimate is a number with its interval. Where it is not known, its numbers but N are 0 and mean nothing.
type Estimate struct {
	Known bool    `json:"known"`
	Value float64 `json:"value"` // on the scale of the field that holds the estimate
	Low   float64 `json:"low"`   // end of the interval, on the scale of Value
	High  float64 `json:"high"`  // end of the interval, on the scale of Value
	N     int     `json:"n"`     // respondents that it rests on; of two answers, those who gave the rarer one
}

// A Band says whether customers are served what they need.
type Band string

const (
	Unknown     Band = "unknown"              // no score, or one that has no bands
	Overserved  Band = "over_served"          // satisfaction is above importance
	Served      Band = "appropriately_served" // neither
	Underserved Band = "under_served"         // the score is 10 or above
)

// A Grade says how large the opportunity of an under-served need is.
type Grade string

const (
	Solid   Grade = "solid"   // a score of 10 to below 12: worth considering
	Strong  Grade = "strong"  // 12 to 15
	Extreme Grade = "extreme" // above 15
)

// A Need is a desired outcome with its opportunity.
type Need struct {
	Outcome      string   `json:"outcome"`
	Latent       bool     `json:"latent"` // respondents rated it, though it was not asked for
	Importance   Estimate `json:"importance"`
	Satisfaction Estimate `json:"satisfaction"`
	Score        Estimate `json:"score"` // importance + max(importance − satisfaction, 0)
	Gap          float64  `json:"gap"`   // importance − satisfaction, not clamped; 0 where Score is not known
	Band         Band     `json:"band"`
	BandShare    float64  `json:"band_share"` // share of the resamples that put it into Band, 0 to 1; 0 where Band is Unknown
	Grade        Grade    `json:"grade,omitempty"`

	Rank     int `json:"rank"`      // 1 is the highest score, equal scores share one; 0 where Score is not known
	RankLow  int `json:"rank_low"`  // best rank within the interval
	RankHigh int `json:"rank_high"` // worst rank within the interval

	Lead *Lead `json:"lead,omitempty"` // over the next need in the list; nil where there is none with a score
}

// A Lead is how far a need's score is above that of the next one.
type Lead struct {
	Over          string   `json:"over"`          // the next need
	Difference    Estimate `json:"difference"`    // of the scores, 0 or more, of the same respondents resampled together
	Distinguished bool     `json:"distinguished"` // the interval of the difference does not reach 0
}

// A Landscape is all needs of a segment that use one service.
type Landscape struct {
	Segment     string    `json:"segment"`
	Service     string    `json:"service"`
	AsOf        time.Time `json:"as_of"`
	Method      Method    `json:"method"`
	Confidence  float64   `json:"confidence"`  // of the intervals, between 0 and 1
	Respondents int       `json:"respondents"` // who gave an answer that counts
	Needs       []Need    `json:"needs"`       // by rank, equal scores by outcome; those without a score last
}

// MarshalJSON returns the canonical encoding.
func (l Landscape) MarshalJSON() ([]byte, error) {
	type plain Landscape
	return canon.JSON(plain(l))
}

// A Turn says what became of a need between two instants.
type Turn string

const (
	Rose      Turn = "rose"      // the interval of the change is above 0
	Fell      Turn = "fell"      // the interval of the change is below 0
	Unclear   Turn = "unclear"   // the interval of the change reaches 0
	Emerged   Turn = "emerged"   // no answers before, a score now
	Faded     Turn = "faded"     // a score before, no answers now
	Uncertain Turn = "uncertain" // too few answers before or now
)

// A Change is a need at two instants.
type Change struct {
	Outcome string   `json:"outcome"`
	Latent  bool     `json:"latent"`
	Before  Estimate `json:"before"` // the score
	After   Estimate `json:"after"`  // the score
	Shift   Estimate `json:"shift"`  // after − before, the respondents of both resampled together
	Turn    Turn     `json:"turn"`
}

// A Trend is how the needs of a segment changed.
type Trend struct {
	Segment    string    `json:"segment"`
	Service    string    `json:"service"`
	From       time.Time `json:"from"`
	To         time.Time `json:"to"`
	Method     Method    `json:"method"`
	Confidence float64   `json:"confidence"` // of the intervals, between 0 and 1
	Changes    []Change  `json:"changes"`    // those asked for in their order, then the latent ones
}

// MarshalJSON returns the canonical encoding.
func (t Trend) MarshalJSON() ([]byte, error) {
	type plain Trend
	return canon.JSON(plain(t))
}

// A Pull says whether an alternative draws customers away.
type Pull string

const (
	Stays    Pull = "stays"    // the interval of the net gap is below 0
	Switches Pull = "switches" // the interval of the net gap is above 0
	Open     Pull = "open"     // the interval of the net gap reaches 0, or nothing is known
)

// A Part is what one need contributes to the gap between two services.
type Part struct {
	Outcome string  `json:"outcome"`
	Weight  float64 `json:"weight"` // share of the importance of all parts, 0 to 1
	Ours    float64 `json:"ours"`   // satisfaction
	Theirs  float64 `json:"theirs"` // satisfaction with the alternative
	Points  float64 `json:"points"` // Weight × (Theirs − Ours)
}

// A Switch is what customers of a segment would gain by the alternative. All is on the scale of the satisfaction.
type Switch struct {
	Segment     string    `json:"segment"`
	Service     string    `json:"service"`
	Alternative string    `json:"alternative"`
	AsOf        time.Time `json:"as_of"`
	Method      Method    `json:"method"`
	Confidence  float64   `json:"confidence"` // of the intervals, between 0 and 1
	Ours        Estimate  `json:"ours"`       // satisfaction, weighted by importance
	Theirs      Estimate  `json:"theirs"`     // satisfaction with the alternative, weighted by importance
	Gap         Estimate  `json:"gap"`        // theirs − ours: the sum of the parts
	Cost        float64   `json:"cost"`       // of switching, 0 or more
	Net         Estimate  `json:"net"`        // gap − cost: above 0 they gain by switching
	Pull        Pull      `json:"pull"`
	Parts       []Part    `json:"parts"`   // those asked for in their order, then the latent ones
	Missing     []string  `json:"missing"` // needs without an importance or without one of the satisfactions: in no sum
}

// MarshalJSON returns the canonical encoding.
func (s Switch) MarshalJSON() ([]byte, error) {
	type plain Switch
	return canon.JSON(plain(s))
}
