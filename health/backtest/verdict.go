package backtest

import "fmt"

// A Verdict says what a trial shows.
type Verdict string

// Verdicts.
const (
	Insufficient  Verdict = "insufficient_evidence"
	NotPredictive Verdict = "not_predictive"
	Predictive    Verdict = "predictive"
)

// What a verdict needs, and the area below which a scorecard is called not predictive.
const (
	MinDecisions = 30
	MinEach      = 10 // of lost and of kept
	LeastAUC     = 0.60
)

// Verdict returns, in this order: Insufficient below MinDecisions or MinEach; NotPredictive when the interval's upper
// end is below LeastAUC; Predictive when its lower end is above one half; else Insufficient.
// It knows nothing of lead time: the verdict on a snapshot is Insufficient whatever the area, and a [Report] says so.
func (a AUC) Verdict() Verdict {
	switch {
	case a.Lost+a.Kept < MinDecisions || a.Lost < MinEach || a.Kept < MinEach:
		return Insufficient
	case a.High < LeastAUC:
		return NotPredictive
	case a.Low > 0.5:
		return Predictive
	}
	return Insufficient
}

// A Need is something that is short of what a verdict or a stage asks for.
type Need struct {
	Code NeedCode `json:"code"`
	Have float64  `json:"have"` // decisions, or for separation the lower end of the interval, 0 to 1
	Want float64  `json:"want"` // in the unit of Have: at least, for separation more than
}

// A NeedCode is a stable code of what is short.
type NeedCode string

// Codes of needs.
const (
	NeedDecisions  NeedCode = "decisions"  // judged
	NeedLosses     NeedCode = "losses"     // judged and lost
	NeedKept       NeedCode = "kept"       // judged and kept
	NeedLead       NeedCode = "lead"       // judged on a score from before the decision
	NeedDates      NeedCode = "dates"      // judged on dated readings alone
	NeedKnown      NeedCode = "known"      // with a score that is known
	NeedSeparation NeedCode = "separation" // the interval of the AUC above one half
	NeedTrial      NeedCode = "trial"      // a trial with a control group that showed a play to work
)

// String says the need in English.
func (n Need) String() string {
	switch n.Code {
	case NeedDecisions:
		return fmt.Sprintf("%.0f decisions, not %.0f", n.Want, n.Have)
	case NeedLosses:
		return fmt.Sprintf("%.0f losses, not %.0f", n.Want, n.Have)
	case NeedKept:
		return fmt.Sprintf("%.0f kept, not %.0f", n.Want, n.Have)
	case NeedLead:
		return fmt.Sprintf("a score from before each decision: %.0f of %.0f have one; separation in one snapshot is not a backtest", n.Have, n.Want)
	case NeedDates:
		return fmt.Sprintf("dated readings behind each score: %.0f of %.0f have them", n.Have, n.Want)
	case NeedKnown:
		return fmt.Sprintf("a known score for half of the decisions: %.0f, not %.0f", n.Want, n.Have)
	case NeedSeparation:
		return fmt.Sprintf("an interval of the area above %.2f; it begins at %.3f", n.Want, n.Have)
	case NeedTrial:
		return "a trial with a control group that shows a play to work"
	}
	return string(n.Code)
}

// judge sets the verdict of a report, and what an insufficient one is short of.
func (r *Report) judge() {
	need := func(code NeedCode, have, want int) {
		if have < want {
			r.Needs = append(r.Needs, Need{code, float64(have), float64(want)})
		}
	}
	need(NeedLead, r.Decisions-r.NoLead, r.Decisions)
	need(NeedDates, r.Decisions-r.Undated, r.Decisions)
	timed := len(r.Needs) == 0
	need(NeedDecisions, r.Decisions, MinDecisions)
	need(NeedLosses, r.Lost, MinEach)
	need(NeedKept, r.Decisions-r.Lost, MinEach)
	r.Verdict = Insufficient
	if timed {
		r.Verdict = r.AUC.Verdict()
	}
	if r.Verdict == Insufficient && len(r.Needs) == 0 {
		r.Needs = []Need{{NeedSeparation, r.AUC.Low, 0.5}}
	}
}

// A Stage is how far data is on the way to what it can be used for.
type Stage string

// Stages, each of which includes those before it.
const (
	NotCollected    Stage = "not_collected" // there is no decision
	Collected       Stage = "collected"     // there are decisions
	Scored          Stage = "scored"        // at least half have a score that was known before, from dated readings
	ForPrediction   Stage = "predictive"    // the verdict is Predictive
	ForPrescription Stage = "prescriptive"  // a play that the score calls for is known to work
)

// A Readiness is the stage that data has reached, and what the next one needs.
type Readiness struct {
	Stage Stage  `json:"stage"`
	Needs []Need `json:"needs"` // of the next stage; none at the last
}

// Readiness returns how far the data of the report is. tested says that a randomised trial with a control group showed a
// play to work that the score calls for: that a score predicts does not show that acting on it helps.
func (r Report) Readiness(tested bool) Readiness {
	all := r.Decisions + r.Rescued + r.Overridden + r.Unknown + r.Failed
	known := all - r.Unknown - r.Failed
	switch {
	case all == 0:
		return Readiness{NotCollected, []Need{{NeedDecisions, 0, 1}}}
	case 2*known < all:
		return Readiness{Collected, []Need{{NeedKnown, float64(known), float64((all + 1) / 2)}}}
	case r.NoLead > 0 || r.Undated > 0:
		return Readiness{Collected, r.Needs}
	case r.Verdict == Insufficient:
		return Readiness{Scored, r.Needs}
	case r.Verdict == NotPredictive:
		return Readiness{Scored, []Need{{NeedSeparation, r.AUC.Low, 0.5}}}
	case !tested:
		return Readiness{ForPrediction, []Need{{NeedTrial, 0, 1}}}
	}
	return Readiness{Stage: ForPrescription}
}
