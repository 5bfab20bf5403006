package backtest

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Options are a report's. The zero value is the default.
type Options struct {
	Seed      uint64 // of the bootstrap behind the intervals of money-weighted areas
	Resamples int    // of accounts, a million at most; 0: DefaultResamples; below 0: none, and the interval is [0, 1]
}

// DefaultResamples is how often the bootstrap draws accounts anew unless Options say otherwise. It takes 5 to 20 ns for
// each decision and resample.
const DefaultResamples = 1000

// mostResamples are taken where more are asked for.
const mostResamples = 1_000_000

// A Report is what came of a trial. Decisions are those on which the card's own word stands: the score was known, no
// override was in force, and no play rescued the account. Those rescued or under an override are in Apart.
type Report struct {
	Decisions  int             `json:"decisions"`  // that were judged
	Lost       int             `json:"lost"`       // of Decisions
	Rescued    int             `json:"rescued"`    // apart
	Overridden int             `json:"overridden"` // apart, unless rescued
	Unknown    int             `json:"unknown"`    // left out: the score was unknown
	Failed     int             `json:"failed"`     // left out: the account could not be scored
	NoLead     int             `json:"no_lead"`    // of Decisions: the score is not from before
	Undated    int             `json:"undated"`    // of Decisions: a live reading has no time
	Lead       health.Duration `json:"lead"`       // the shortest from a score to its decision
	Verdict    Verdict         `json:"verdict"`
	Needs      []Need          `json:"needs"` // what an insufficient verdict is short of

	AUC              AUC     `json:"auc"`
	AveragePrecision float64 `json:"average_precision"` // 0 to 1; that of chance is the share lost; 0 where AUC is not known
	Lift             float64 `json:"top_decile_lift"`   // share lost of the riskiest tenth over that of all; 0 where AUC is not known
	Money            Money   `json:"money"`             // the area weighted by money

	Bands    []Rate    `json:"bands"`    // of the value, worst first
	Steadied []Rate    `json:"steadied"` // of the standing, worst first, over the decisions that have one
	Measures []Measure `json:"measures"` // by area, best first; ties in the card's order
	Best     *Best     `json:"best"`     // nil: no measure is live on half of the decisions
	Groups   []Within  `json:"groups"`   // by Decision.Group, in order of bytes
	Tenures  []Within  `json:"tenures"`  // by Decision.Tenure, in order of bytes
	Apart    []Apart   `json:"apart"`
}

// MarshalJSON returns the canonical encoding.
func (r Report) MarshalJSON() ([]byte, error) {
	type plain Report
	return canon.JSON(plain(r))
}

// A Rate is what became of a band's decisions, and what an alert at this band or a worse one would have done.
type Rate struct {
	Band       string  `json:"band"`
	Lost       int     `json:"lost"`        // of N
	N          int     `json:"n"`           // decisions in the band
	Catch      float64 `json:"catch"`       // share of the lost that are in this band or a worse one
	FalseAlarm float64 `json:"false_alarm"` // share of the kept that are
	Precision  float64 `json:"precision"`   // share of those in this band or a worse one that are lost
	Single     float64 `json:"single"`      // the catch of the best single measure with as large a share of alerts
}

// A Measure is how well one measure's points alone would have told, over the decisions at which it was live.
type Measure struct {
	Measure          string  `json:"measure"`
	AUC              AUC     `json:"auc"`
	AveragePrecision float64 `json:"average_precision"` // as in Report
	Lift             float64 `json:"top_decile_lift"`   // as in Report
}

// A Best holds the card against the best single measure, on the decisions at which that is live. The measure was picked
// among several after the fact, which flatters it.
type Best struct {
	Measure    string     `json:"measure"`
	Comparison Comparison `json:"comparison"` // from the measure to the card
}

// A Within is a report within one group.
type Within struct {
	Name      string `json:"name"`
	Decisions int    `json:"decisions"` // judged
	Lost      int    `json:"lost"`      // of Decisions
	AUC       AUC    `json:"auc"`
	Money     Money  `json:"money"`
}

// An Apart is decisions that are no evidence for or against the card alone.
type Apart struct {
	Kind      ApartKind `json:"kind"`
	Decisions int       `json:"decisions"` // with a known score
	Lost      int       `json:"lost"`      // of Decisions
	Bands     []Rate    `json:"bands"`     // of the value, and nothing of alerts
	AUC       AUC       `json:"auc"`       // of the value
	Computed  AUC       `json:"computed"`  // of the value without the override
}

// An ApartKind says why decisions stand apart.
type ApartKind string

// Kinds of decisions apart.
const (
	ApartRescued    ApartKind = "rescued"    // a play kept the account, so that a good alert would look false
	ApartOverridden ApartKind = "overridden" // a person's word stood over the card's; rescued ones are not among them
)

// Judge reports on scored decisions with the default options. It returns the sequence's error, or that of [Trial.Add].
func Judge(cases iter.Seq2[Case, error]) (Report, error) {
	var t Trial
	for c, err := range cases {
		if err != nil {
			return Report{}, fmt.Errorf("backtest: judge: %w", err)
		}
		if err := t.Add(c); err != nil {
			return Report{}, err
		}
	}
	return t.Report(Options{}), nil
}

// Report reports on the decisions so far.
func (t *Trial) Report(o Options) Report {
	r := Report{Unknown: t.unknown, Failed: t.failed}
	rows := t.pick((*row).judged)
	for i := range t.rows {
		switch x := &t.rows[i]; {
		case x.rescued:
			r.Rescued++
		case x.overridden:
			r.Overridden++
		default:
			r.count(x)
		}
	}
	scores := t.scores(rows)
	ranked := scores.rank()
	r.AUC, r.AveragePrecision, r.Lift = scores.auc(ranked), ranked.precision(), ranked.topLift()
	r.judge()
	r.Money = t.money(rows, o)
	best := t.rankMeasures(&r, rows)
	order := t.bandOrder()
	r.Bands = t.rates(rows, order, best, func(x *row) int32 { return x.band })
	steadied := slices.DeleteFunc(slices.Clone(rows), func(at int32) bool { return t.rows[at].steady == none })
	r.Steadied = t.rates(steadied, order, best, func(x *row) int32 { return x.steady })
	r.Groups = t.within(rows, t.groups.list, o, func(x *row) int32 { return x.group })
	r.Tenures = t.within(rows, t.tenures.list, o, func(x *row) int32 { return x.tenure })
	r.Apart = t.apart(order)
	return r
}

func (r *Report) count(x *row) {
	lead := health.Duration(instant.FromMicros(x.at).Sub(instant.FromMicros(x.asOf)))
	if r.Decisions == 0 || lead < r.Lead {
		r.Lead = lead
	}
	r.Decisions++
	if x.lost {
		r.Lost++
	}
	if x.asOf >= x.at {
		r.NoLead++
	}
	if x.undated {
		r.Undated++
	}
}

// rankMeasures fills in the measures and the best of them, whose position it returns, or none.
func (t *Trial) rankMeasures(r *Report, rows []int32) int {
	for m, name := range t.measures {
		c := t.measure(rows, m)
		k := c.rank()
		if a := c.auc(k); a.Known {
			r.Measures = append(r.Measures, Measure{name, a, k.precision(), k.topLift()})
		}
	}
	slices.SortStableFunc(r.Measures, func(a, b Measure) int { return cmp.Compare(b.AUC.Value, a.AUC.Value) })
	i := slices.IndexFunc(r.Measures, func(m Measure) bool { return 2*(m.AUC.Lost+m.AUC.Kept) >= len(rows) })
	if i < 0 {
		return none
	}
	name := r.Measures[i].Measure
	best := slices.Index(t.measures, name)
	r.Best = &Best{name, paired(t.measure(rows, best), t.scores(rows))}
	return best
}

// bandOrder returns the bands, worst first: those of the card in its order, others by the highest value that had them.
func (t *Trial) bandOrder() []int32 {
	highest := make([]float64, len(t.bands.list))
	for i := range highest {
		highest[i] = math.Inf(-1)
	}
	for i := range t.rows {
		x := &t.rows[i]
		highest[x.band] = max(highest[x.band], x.value)
	}
	order := make([]int32, len(highest))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order[t.ordered:], func(a, b int32) int {
		return cmp.Or(cmp.Compare(highest[a], highest[b]), cmp.Compare(t.bands.list[a], t.bands.list[b]))
	})
	return order
}

// rates reports by band, leaving out bands without a decision.
func (t *Trial) rates(rows, order []int32, best int, band func(*row) int32) []Rate {
	all := make([]Rate, len(t.bands.list))
	lost := 0
	for _, at := range rows {
		x := &t.rows[at]
		b := &all[band(x)]
		b.N++
		if x.lost {
			b.Lost++
			lost++
		}
	}
	total := &ranking{lost: lost, kept: len(rows) - lost}
	var single *ranking
	if best != none {
		single = t.measure(rows, best).rank()
	}
	var out []Rate
	n, caught := 0, 0
	for _, i := range order {
		b := all[i]
		if b.N == 0 {
			continue
		}
		b.Band = t.bands.list[i]
		n, caught = n+b.N, caught+b.Lost
		if total.lost > 0 && total.kept > 0 {
			o := total.operating(0, float64(caught), float64(n-caught))
			b.Catch, b.FalseAlarm, b.Precision = o.Catch, o.FalseAlarm, o.Precision
			if single != nil && single.lost > 0 {
				share := float64(n) / float64(len(rows))
				b.Single = single.lostAmong(float64(share*float64(len(single.points)))) / float64(single.lost)
			}
		}
		out = append(out, b)
	}
	return out
}

func (t *Trial) within(rows []int32, list []string, o Options, key func(*row) int32) []Within {
	by := make([][]int32, len(list))
	for _, at := range rows {
		if k := key(&t.rows[at]); k != none {
			by[k] = append(by[k], at)
		}
	}
	var out []Within
	for k, members := range by {
		if len(members) == 0 {
			continue
		}
		c := t.scores(members)
		w := Within{Name: list[k], Decisions: len(members), AUC: c.auc(c.rank()), Money: t.money(members, o)}
		w.Lost = w.AUC.Lost
		out = append(out, w)
	}
	slices.SortFunc(out, func(a, b Within) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// apart reports on the rescued, and on those under an override that no play rescued.
func (t *Trial) apart(order []int32) []Apart {
	var out []Apart
	for _, kind := range []struct {
		name ApartKind
		is   func(*row) bool
	}{
		{ApartRescued, func(x *row) bool { return x.rescued }},
		{ApartOverridden, func(x *row) bool { return x.overridden && !x.rescued }},
	} {
		rows := t.pick(kind.is)
		if len(rows) == 0 {
			continue
		}
		a := Apart{Kind: kind.name, Decisions: len(rows)}
		value := t.scores(rows)
		computed := t.column(rows, func(_ int32, x *row) float64 { return x.without })
		a.AUC, a.Computed = value.auc(value.rank()), computed.auc(computed.rank())
		a.Lost = a.AUC.Lost
		a.Bands = t.rates(rows, order, none, func(x *row) int32 { return x.band })
		for i := range a.Bands {
			a.Bands[i].Catch, a.Bands[i].FalseAlarm, a.Bands[i].Precision = 0, 0, 0
		}
		out = append(out, a)
	}
	return out
}
