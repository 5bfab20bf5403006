package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/cluster"
)

var (
	hostile = []string{`<script>alert("x")</script>`, `"quoted" & 'more' </title></svg>`, "شركة \u202eالمثال", "株式会社サンプル商事",
		"A company with a very, very long name that nobody will ever want to read in full, GmbH & Co. KG, " +
			"Wirtschaftsprüfungsgesellschaftsunterbezirksverwaltung", "two\nlines\x1b[31m\x00"}
	colours = []string{"red", "amber", "green", health.Unknown}
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func ref(s string) *decimal.Decimal { d := dec(s); return &d }

// score is one account's score with parts that count and parts that do not.
func score(account string, value float64, band string) health.Score {
	return health.Score{
		Account: account, Known: band != health.Unknown, Value: value, Computed: value + 6.5, Limited: -6.5, Band: band,
		Coverage: 0.8, Low: max(value-12.4, 0), High: min(value+9.5, 100), Certain: value < 30,
		Limit: &health.Limit{Reason: "three or more critical tickets are open"},
		Parts: []health.Part{
			{Path: "outcome/attainment", Measure: "attainment", Reading: health.Reading{Value: 0.41}, OnCurve: 41, Weight: 0.4, Points: 16.4},
			{Path: "experience/product/usage_reports_28d", Measure: "usage_reports_28d", Reading: health.Reading{Value: 0.62}, OnCurve: 70.5, Weight: 0.2, Points: 14.1},
			{Path: "experience/product/active_share", Measure: "active_share", Missing: true, Why: "missing"},
			{Path: "experience/relationship/nps", Measure: "nps", Why: "expired"},
			{Path: "experience/relationship/tickets_open", Measure: "tickets_open", Reading: health.Reading{Value: 3}, OnCurve: 12.5, Weight: 0.4, Points: value + 6.5 - 30.5},
			{Path: "experience/product/usage_streaming", Measure: "usage_streaming", Why: "not_applicable"},
		},
	}
}

func views(names []string, before bool) []analysis.AccountView {
	var all []analysis.AccountView
	for i, name := range names {
		v := analysis.AccountView{
			Account: name, Segment: []string{"enterprise", "mid_market", "tech_touch"}[i%3], Monthly: dec("12850.5").Add(decimal.NewFromInt(int64(-913 * i))),
			Score: score(name, 24.5+float64(i)*6, colours[min(i/3, 2)]),
			Reasons: []string{"attainment 41% of what was agreed, −23.6 points", "three or more critical tickets are open, −6.5 points",
				"reports used on 6 of 10 days, −5.9 points"},
			Levers: []string{"tickets_open down to 1 brings amber"}, Ask: []string{"active_share, which could move the score by 20 points"},
			Missing: "executive sponsor named; first report sent",
			Decision: &journey.Decision{Account: name, Phase: "adopt", Clock: journey.Clock{
				State: journey.Stuck, InPhase: journey.Duration(time.Duration(92+i) * day)}},
		}
		if before {
			v.Before = 71.25 + float64(i)
		}
		all = append(all, v)
	}
	return all
}

// rich has something in every section.
func rich() *analysis.Result {
	r := &analysis.Result{
		Kind: book.Simulated, Title: "A simulated world of 2,000 accounts",
		Banner: "Simulated: every customer here was made up by the program",
		About:  []string{"Two years of 2,000 accounts with usage, surveys, tickets, contracts, plans and value, and the truth that made them."},
		Limits: []string{"What holds here holds because it was planted.", "No effect size may be carried over to a real book."},
		Source: "made by the program", Licence: "none needed", Command: "go run ./examples/portfolio -simulate 2000 -seed 7",
		AsOf: time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC), Dated: true, Currency: "USD", Index: "health score",
		Totals: analysis.Totals{Accounts: 2000, Remaining: 1689, Left: 311, LeftKnown: 2000, Monthly: dec("4561160.6"), MonthlyLeft: dec("539130.85"), Certain: 1480, Known: 1893},
		Inputs: inputs(), Segments: segments(),
		Proof:    analysis.Proof{Text: "Proved over all facts: no gap, no dead rule.", Findings: []segment.Finding{{Class: segment.Shadowed, Pointer: "/segments/2/rule", Message: "an earlier rule takes every match"}}},
		Bands:    []analysis.BandRow{band("red", 288, 171, 250, "610200.4"), band("amber", 702, 96, 430, "1650300.2"), band("green", 903, 32, 800, "2150660"), band(health.Unknown, 107, 12, 0, "150000")},
		Riskiest: views(append(hostile[:5:5], "acme", "globex"), false), Movers: views([]string{"initech", "umbrella", "hooli"}, true),
		Phases: []analysis.PhaseRow{
			{Phase: "land", Title: "Land", Accounts: 212, Behind: 41, Stuck: 30, Unknown: 4, Dwell: 34.2, Dwelt: true},
			{Phase: "adopt", Title: "Adopt", Accounts: 633, Behind: 120, Stuck: 101, Unknown: 20, Dwell: 118.4, Dwelt: true},
			{Phase: "expand", Title: "Expand and grow with a partner organisation", Accounts: 701, Unknown: 701, Note: "no pace is declared"},
			{Phase: "renew", Accounts: 143, Dwell: 61, Dwelt: true},
		},
		Stalled:  views([]string{"stark", hostile[0], hostile[4]}, false),
		Outcomes: &analysis.Outcomes{Plans: 1689, Known: 1204, Mean: 0.618, Coverage: 0.74, Agreed: 3120, Achieved: 1710, Confirmed: 902, Lost: 88, Debt: dec("1250000"), Debtors: 61},
		Value: &analysis.Value{Currency: "USD", Gross: dec("9120450.25"), Adjusted: dec("6204310.1"), Cost: dec("4100000"), Known: 3204, Unknown: 410,
			Drivers: []ladder.Total{total("hours_saved", "6100450.25", "4400310.1", 300), total("errors_avoided", "3520000", "2204000", 110), total("migration", "-500000", "-400000", 0)}},
		Opportunity: needs(), Booked: ledger(), Rungs: steps(),
		Leakage: &ladder.Leakage{Currency: "USD", AtStake: ref("250000"), Value: ladder.Amount{Known: true, Low: dec("500000"), High: ref("500000")},
			Visibility: ladder.Amount{Low: dec("250000"), High: ref("500000")},
			Steps: []ladder.Loss{
				{From: ladder.Potential, To: ladder.Sold, Known: true, Amount: dec("100000"), Located: true, Over: []ladder.Stage{ladder.Sold}},
				{From: ladder.Sold, To: ladder.Adopted, Known: true, Amount: dec("200000"), Over: []ladder.Stage{ladder.Deployed, ladder.Adopted}},
				{From: ladder.Adopted, To: ladder.Achieved, Known: true, Amount: dec("200000"), Located: true, Over: []ladder.Stage{ladder.Achieved}},
				{From: ladder.Achieved, To: ladder.Verified, Known: true, Amount: dec("100000"), Located: true, Over: []ladder.Stage{ladder.Verified}},
				{From: ladder.Verified, To: ladder.Communicated, Known: true, Amount: dec("150000"), Located: true, Over: []ladder.Stage{ladder.Communicated}},
				{From: ladder.Communicated, To: ladder.Felt, Located: true, Over: []ladder.Stage{ladder.Felt}},
			}},
		Planted: []analysis.PlantedRow{{Name: "effect of training", Planted: "−4.0 points a year", Recovered: "−3.7 (−5.1 to −2.3)", OK: true, Words: "landmark at 90 days"},
			{Name: "true leakage", Planted: "USD 500,000", Recovered: "USD 531,200", Words: "beyond 5%"}},
		Unlocks: []analysis.Unlock{{What: "who felt the value", File: "leakage.csv, stage felt"}},
		Files: []book.File{{Name: "accounts.csv", Present: true, Rows: 2000}, {Name: "usage.csv", Present: true, Rows: 104210, Rejected: 13, Note: "22 exact duplicate rows, kept"},
			{Name: "leakage.csv"}},
		Failed:  []analysis.Failure{{Account: hostile[0], Package: "health", Error: `health: score "x": measure "logins" is NaN`}},
		Digests: []analysis.DigestRow{{Definition: "scorecard", Name: "simulated", Digest: "6f1ed002ab5595859014ebf0951522d9b4e1a0b7bd0a6d3f0bb2d3b56a0a1f6e"}},
	}
	example := views([]string{"Acme & Sons"}, false)[0]
	r.Example = &example
	for i := range 13 {
		r.Rejects = append(r.Rejects, book.Reject{File: "usage.csv", Line: 17 + 1000*i, Column: []string{"value", ""}[i%2], Reason: "is not a number: \"1e999999999\""})
	}
	r.Separation = &analysis.Separation{Caution: "One snapshot, no lead time: not a backtest.", By: "contract_term", Overall: area("", 0.781, 0.769, 0.793),
		Within:  []analysis.AUC{area("month-to-month", 0.66, 0.64, 0.68), area("one year", 0.58, 0.53, 0.63), {Name: "two years"}},
		Columns: []analysis.AUC{area("tenure_months", 0.74, 0.728, 0.752), area("contract_term", 0.739, 0.729, 0.749), area("usage_online_security", 0.61, 0.60, 0.62)},
		Verdict: "separates, mostly by contract", Words: []string{"Within month-to-month contracts the score adds little to tenure."}}
	r.Backtest = &analysis.Backtest{LeadDays: 90, Decisions: 1204, Lost: 188, From: time.Date(2024, 9, 1, 0, 0, 0, 0, time.UTC), To: r.AsOf,
		AUC: area("", 0.742, 0.701, 0.779), Columns: []analysis.AUC{area("nps", 0.66, 0.61, 0.70), area("tickets_high_90d", 0.63, 0.58, 0.67)},
		Bands:   []analysis.LeftRow{left("", "red", 92, 210), left("", "amber", 70, 430), left("", "green", 26, 564)},
		Rescued: 41, Verdict: "predicts", Words: []string{"The score beats each of its own measures."}}
	for i, n := range []int{120, 140, 130, 118, 94} {
		p := 0.04 + float64(0.11*float64(i))
		seen := p * 0.93
		r.Backtest.Calibration = append(r.Backtest.Calibration, analysis.CalibrationRow{Predicted: p, Observed: seen, Low: max(seen-0.06, 0), High: seen + 0.07, N: n})
	}
	r.Backtest.Calibration = append(r.Backtest.Calibration, analysis.CalibrationRow{Predicted: 0.41, Observed: 0.12, Low: 0.05, High: 0.25, N: 41, Rescued: true})
	series(r)
	return r
}

func band(name string, n, left, certain int, monthly string) analysis.BandRow {
	return analysis.BandRow{Band: name, Accounts: n, Left: left, Certain: certain, Monthly: dec(monthly)}
}

func area(name string, v, low, high float64) analysis.AUC {
	return analysis.AUC{Name: name, Known: true, Value: v, Low: low, High: high, Left: 311, Kept: 1689}
}

func left(group, band string, gone, n int) analysis.LeftRow {
	p := float64(gone) / float64(max(n, 1))
	half := 1.96 * math.Sqrt(p*(1-p)/float64(max(n, 1)))
	return analysis.LeftRow{Group: group, Band: band, Left: gone, N: n, Share: p, Low: max(p-half, 0), High: min(p+half, 1)}
}

func total(group, gross, adjusted string, unknown int) ladder.Total {
	return ladder.Total{Group: group, Gross: dec(gross), Adjusted: dec(adjusted), Unknown: unknown}
}

// estimated is known, with an interval of a tenth around it.
func estimated(v float64) opportunity.Estimate {
	return opportunity.Estimate{Known: true, Value: v, Low: 0.9 * v, High: min(1.1*v, 20), N: 411}
}

func needs() *analysis.Opportunity {
	l := opportunity.Landscape{Method: opportunity.TopTwoBox, Confidence: 0.95, Respondents: 411, Needs: []opportunity.Need{
		{Outcome: "hand-over", Importance: estimated(8.5), Satisfaction: estimated(2.5), Score: estimated(14.5), Band: opportunity.Underserved, Rank: 1,
			Lead: &opportunity.Lead{Over: hostile[0], Distinguished: true}},
		{Outcome: hostile[0], Importance: estimated(9.5), Satisfaction: estimated(9.1), Score: estimated(9.9), Band: opportunity.Served, Rank: 2,
			Lead: &opportunity.Lead{Over: hostile[4]}},
		{Outcome: hostile[4], Importance: estimated(3), Satisfaction: estimated(6), Score: estimated(3), Band: opportunity.Overserved, Rank: 3},
		{Outcome: "new revenue", Importance: opportunity.Estimate{N: 3}, Satisfaction: opportunity.Estimate{N: 2}, Band: opportunity.Unknown},
	}}
	few := opportunity.Landscape{Segment: "tech_touch", Respondents: 3, Needs: l.Needs[3:]}
	most := l
	most.Segment = "enterprise"
	return &analysis.Opportunity{Whole: l, Texts: []string{"minimise the time that is lost", "", "", "increase the share"}, Segments: []opportunity.Landscape{most, few},
		Groups: &analysis.NeedGroups{People: 250, Verdict: cluster.Structure, P: 0.05, Stability: 0.9, Fidelity: 0.97, Groups: []analysis.NeedGroup{
			{People: 150, Rule: "hand_over >= 6.5"}, {People: 100, Rule: "hand_over < 6.5 AND outcome_2 < 3"}}}}
}

// ledger sums to 900000.25.
func ledger() *analysis.Booked {
	part := func(group, amount string, n int) analysis.BookedPart {
		return analysis.BookedPart{Group: group, Amount: dec(amount), Entries: n}
	}
	return &analysis.Booked{Currency: "USD", Amount: dec("900000.25"), Posted: dec("950000.25"), TakenBack: dec("50000"), Accounts: 211, Entries: 800, Reversed: 12,
		Lines: []analysis.BookedLine{
			{Benefit: "time saved", Driver: ladder.Productivity, Rung: ladder.Operational, Evidence: ladder.Confirmed, Amount: dec("700000.25"), Entries: 500},
			{Benefit: hostile[0], Driver: ladder.RiskReduction, Rung: ladder.Departmental, Evidence: ladder.Measured, Amount: dec("250000"), Entries: 300},
			{Benefit: hostile[4], Driver: ladder.RiskReduction, Rung: ladder.Departmental, Evidence: ladder.Assumed, Amount: dec("-50000"), Entries: 12},
		},
		Rungs:    []analysis.BookedPart{part("operational", "700000.25", 500), part("departmental", "200000", 312)},
		Drivers:  []analysis.BookedPart{part("productivity", "700000.25", 500), part("risk_reduction", "200000", 312)},
		Evidence: []analysis.BookedPart{part("confirmed", "700000.25", 500), part("measured", "250000", 300), part("assumed", "-50000", 12)},
		Promised: &analysis.Against{Accounts: 61, Covered: 40, Amount: dec("1250000"), Booked: dec("640000.25")},
		Stated:   &analysis.Against{Accounts: 1204, Covered: 88, Amount: dec("9120450.25"), Booked: dec("450000")}}
}

func steps() []analysis.RungRow {
	low, middle := total("operational", "5210000", "3900000.1", 210), total("departmental", "3910450.25", "2304310", 200)
	return []analysis.RungRow{
		{Rung: ladder.Operational, Holders: []string{"team lead"}, Stated: &low, Booked: ref("700000.25")},
		{Rung: ladder.Departmental, Holders: []string{"head of operations", hostile[0]}, Stated: &middle, Booked: ref("200000"), Carried: dec("5210000")},
		{Rung: ladder.Enterprise, Holders: []string{"executive board"}},
	}
}

func inputs() []analysis.InputCoverage {
	var all []analysis.InputCoverage
	for i, name := range []string{"attainment", "usage_reports_28d", "active_share", "usage_streaming_movies_28d", "nps", "tickets_open", "tenure_months", "phase_lag", "value_verified"} {
		all = append(all, analysis.InputCoverage{Name: name, Group: []string{"health", "health", "health", "health", "health", "health", "segment", "journey", "ladder"}[i],
			Known: 1900 - 190*i, Missing: 90*i + 60, NotApplicable: 90 * i, Failed: 10*i + 40})
	}
	return all
}

func segments() []analysis.SegmentRow {
	return []analysis.SegmentRow{
		{Segment: "enterprise", Why: "annual >= 100000", Accounts: 140, Left: 9, Monthly: dec("2100300.5"), Touches: 61, Hours: 2240},
		{Segment: "mid_market", Why: "annual BETWEEN 20000 AND 99999.99", Accounts: 610, Left: 70, Monthly: dec("1700200"), Touches: 130, Hours: 1830.5},
		{Segment: "tech_touch", Why: "otherwise", Accounts: 1250, Left: 232, Monthly: dec("760660.1"), Touches: 512, Hours: 120},
	}
}

// series adds what is made of many numbers.
func series(r *analysis.Result) {
	rng := rand.New(rand.NewPCG(7, 7))
	for i := range 20 {
		x := float64(i*5) + 2.5
		r.Histogram = append(r.Histogram, analysis.HistogramBin{From: x - 2.5, To: x + 2.5, Stayed: int(max(240-float64(5*math.Abs(x-68)), 3)), Left: int(max(50-math.Abs(x-40), 0))})
	}
	for i, s := range r.Segments {
		for j, b := range colours {
			share := []string{"0.11", "0.36", "0.47", "0.06"}[(j+i)%4]
			r.Matrix = append(r.Matrix, analysis.MatrixCell{Segment: s.Segment, Band: b, Accounts: s.Accounts / (j + 2), Monthly: s.Monthly.Mul(dec(share)).Round(2)})
		}
	}
	for i, g := range []string{"month-to-month", "one year", "two years"} {
		for j, b := range colours[:3] {
			r.LeftByBand = append(r.LeftByBand, left(g, b, (60-12*j)/(i*2+1), 120+40*j-60*i*(j%2)))
		}
	}
	r.LeftByBand = append(r.LeftByBand, analysis.LeftRow{Group: "two years", Band: health.Unknown})
	for range 90 {
		o, e := rng.Float64()*100, rng.Float64()*100
		r.Quadrant = append(r.Quadrant, analysis.Point{Outcome: o, Experience: e, Left: rng.Float64()*160 > o+e/2+40})
	}
	for i, y := range []string{"2019", "2020", "2021", "2022", "2023", "2024", "2025", "2026"} {
		start := 100000 * int64(i*i+1)
		n := func(share int64) decimal.Decimal { return decimal.New(start*share, -2) }
		row := analysis.RetentionRow{Period: y, Start: n(100), New: n(30), Reactivation: n(2), Expansion: n(int64(8 + i)), Contraction: n(4), Churn: n(int64(14 - i)),
			Customers: 40 + 60*i, Lost: 4 + 3*i, Partial: i == 7}
		row.End = row.Start.Add(row.New).Add(row.Reactivation).Add(row.Expansion).Sub(row.Contraction).Sub(row.Churn)
		if i > 0 {
			row.NRR, row.GRR = ref(fmt.Sprintf("0.%d", 90+i)), ref(fmt.Sprintf("0.%d", 82+i))
		}
		r.Retention = append(r.Retention, row)
	}
	median := 143.0
	r.Incidence = &analysis.Incidence{N: 2000, Valued: 1290, LeftN: 204, Pending: 506, Median: &median}
	for i := range 80 {
		d := float64(i) * 9
		v, l := 0.78*(d/(d+90)), 0.16*(d/(d+260))
		r.Incidence.Steps = append(r.Incidence.Steps, analysis.IncidenceStep{Day: d, Value: v, Left: l, Waiting: 1 - v - l, AtRisk: 2000 - 22*i})
	}
	for _, s := range r.Segments {
		r.Touches = append(r.Touches, analysis.TouchRow{Segment: s.Segment, Touch: "business_review", Channel: "call", Owner: "csm", Due: s.Touches / 2, Overdue: s.Touches / 9, Held: 3, Hours: float64(s.Touches) * 0.75},
			analysis.TouchRow{Segment: s.Segment, Touch: "usage_digest", Channel: "mail", Due: s.Touches - s.Touches/2})
	}
}

// bare has nothing but accounts.
func bare() *analysis.Result {
	return &analysis.Result{
		Kind: book.Own, Banner: "Your data", Totals: analysis.Totals{Accounts: 3, Remaining: 3},
		AsOf: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}
