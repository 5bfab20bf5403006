package acceleration_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/acceleration"
)

// phases are stays in two phases of four segments. One segment stalls in adopt, the others advance at one rate.
func phases(r *rand.Rand, n int, slow float64) []acceleration.Stay {
	var out []acceleration.Stay
	for i := range n {
		for _, phase := range []string{"adopt", "land"} {
			segment := string(rune('a' + i%4))
			rate := map[string]float64{"adopt": 0.02, "land": 0.04}[phase]
			if phase == "adopt" && segment == "c" {
				rate *= slow
			}
			s := acceleration.Stay{Account: fmt.Sprint("account ", i), Segment: segment, Phase: phase}
			for s.Days = 1; s.Days < 120; s.Days++ {
				x := r.Float64()
				if x < rate {
					s.End = journey.Advance
					break
				}
				if x > 0.998 {
					s.End = []journey.MoveKind{journey.Leave, journey.Regress}[r.IntN(2)]
					break
				}
			}
			out = append(out, s)
		}
	}
	return out
}

func breaks(t testing.TB, stays []acceleration.Stay, l acceleration.Loss) acceleration.Losses {
	t.Helper()
	out, err := acceleration.Breaks(stays, l)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestBreaks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	stays := phases(r, 400, 0.3)
	l := breaks(t, stays, acceleration.Loss{Days: 90})
	if len(l.Breaks) != 1 || l.Breaks[0].Phase != "adopt" || l.Breaks[0].Segment != "c" || l.Looked != 8 {
		t.Fatalf("%+v", l)
	}
	b := l.Breaks[0]
	if b.N != 100 || b.Others != 300 || b.Gap.High >= 0 || b.Adjusted > 0.05 || b.Adjusted < b.P {
		t.Errorf("%+v", b)
	}
	near(t, "gap", b.Gap.Value, b.Advanced-b.Rest, 1e-15)
	near(t, "lost", b.Lost, 100*(b.Rest-b.Advanced), 1e-12)
	if len(l.Phases) != 2 || l.Phases[0].Phase != "adopt" || l.Phases[0].Lost <= l.Phases[1].Lost {
		t.Fatalf("%+v", l.Phases)
	}
	for _, m := range l.Phases {
		count := map[journey.MoveKind]int{}
		for _, s := range stays {
			if s.Phase == m.Phase && s.Days <= 90 {
				count[s.End]++
			}
		}
		near(t, m.Phase+" advanced", m.Advanced, float64(count[journey.Advance])/400, 1e-12)
		near(t, m.Phase+" gone", m.Gone, float64(count[journey.Leave])/400, 1e-12)
		near(t, m.Phase+" else", m.Else, float64(count[journey.Regress])/400, 1e-12)
		near(t, m.Phase+" sum", m.Advanced+m.Gone+m.Else+m.Stalled, 1, 1e-12)
		if m.Low >= m.Advanced || m.High <= m.Advanced {
			t.Errorf("%+v", m)
		}
	}
	want := l
	r.Shuffle(len(stays), func(i, j int) { stays[i], stays[j] = stays[j], stays[i] })
	if diff := cmp.Diff(want, breaks(t, stays, acceleration.Loss{Days: 90})); diff != "" {
		t.Errorf("another order (-want +got):\n%s", diff)
	}
}

// TestNoBreaks: where all segments advance alike, breaks are found in at most the promised share of worlds.
func TestNoBreaks(t *testing.T) {
	const worlds = 200
	found := 0
	for seed := range worlds {
		if len(breaks(t, phases(rand.New(rand.NewPCG(uint64(seed), 5)), 160, 1), acceleration.Loss{Days: 60}).Breaks) > 0 {
			found++
		}
	}
	if limit := 0.05 + 3*math.Sqrt(0.05*0.95/worlds); float64(found)/worlds > limit {
		t.Errorf("%d of %d worlds", found, worlds)
	}
}

func TestFewBreaks(t *testing.T) {
	short := []acceleration.Stay{{Account: "a", Phase: "x", Days: 5, End: journey.Advance}, {Account: "b", Phase: "x", Days: 10}}
	if l := breaks(t, short, acceleration.Loss{Days: 60}); len(l.Phases) != 0 || l.Looked != 0 {
		t.Errorf("%+v: nobody was watched for 60 days", l)
	}
	if l := breaks(t, short[:1], acceleration.Loss{Days: 60}); len(l.Phases) != 1 || l.Phases[0].Advanced != 1 || l.Phases[0].Low <= 0 || l.Phases[0].High != 1 {
		t.Errorf("%+v", l)
	}
	if l := breaks(t, nil, acceleration.Loss{Days: 60}); l.Looked != 0 {
		t.Errorf("%+v", l)
	}
	for want, l := range map[string]acceleration.Loss{
		"days: 0 is not":       {},
		"minimum: 1 is below":  {Days: 1, Minimum: 1},
		"discovery: -1 is not": {Days: 1, Discovery: -1},
		"confidence: 1 is not": {Days: 1, Confidence: 1},
	} {
		if _, err := acceleration.Breaks(short, l); err == nil || !strings.HasPrefix(err.Error(), "acceleration: "+want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	for want, s := range map[string]acceleration.Stay{
		`account of stay 0: is empty`:                 {},
		`account "a": stay in phase "x": NaN days`:    {Account: "a", Phase: "x", Days: math.NaN()},
		`account "a": stay in phase "y": -1 days are`: {Account: "a", Phase: "y", Days: -1},
		`account "a": phase: is empty`:                {Account: "a"},
		`account "a": phase: is not valid UTF-8`:      {Account: "a", Phase: "\xff"},
		`account "a": segment: is not valid UTF-8`:    {Account: "a", Phase: "x", Segment: "\xff"},
	} {
		_, err := acceleration.Breaks([]acceleration.Stay{s}, acceleration.Loss{Days: 1})
		var bad *acceleration.DataError
		if !errors.As(err, &bad) || !strings.HasPrefix(err.Error(), "acceleration: "+want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func number(v float64) *float64 { return &v }

// common are customers with a common ground: three personas, two use cases, the best by one path and in like words, and
// signs that go together.
func common(r *rand.Rand, n int) []acceleration.Customer {
	path := []string{"kick-off", "sso", "import", "train", "automate", "report"}
	out := make([]acceleration.Customer, n)
	for i := range out {
		c := &out[i]
		c.Account = fmt.Sprintf("account %03d", i)
		c.Personas = []string{[]string{"controller", "analyst", "clerk"}[i%3]}
		c.UseCases = []string{[]string{"close", "forecast"}[i%2], fmt.Sprint("own ", i)}
		c.Best = i%4 == 0
		c.Steps = slices.Clone(path)
		if c.Best {
			c.Steps = slices.Delete(c.Steps, r.IntN(3), 3)
		} else {
			r.Shuffle(len(c.Steps), func(a, b int) { c.Steps[a], c.Steps[b] = c.Steps[b], c.Steps[a] })
			c.Steps = c.Steps[:3]
		}
		c.Outcomes = []string{"Close the books faster.", fmt.Sprint("fewer errors in ", []string{"reports", "forecasts"}[r.IntN(2)])}
		well := r.Float64()
		c.Usage, c.NPS = number(well+float64(0.3*r.Float64())), number(math.Round(10*well))
		c.Revenue, c.Retained = number(well+float64(0.5*r.Float64())), number(math.Round(well))
	}
	return out
}

func prescribable(t testing.TB, customers []acceleration.Customer, g acceleration.Ground) acceleration.Prescription {
	t.Helper()
	p, err := acceleration.Prescribable(customers, g)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPrescribable(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	customers := common(r, 200)
	p := prescribable(t, customers, acceleration.Ground{})
	if !p.Enough || len(p.Criteria) != 5 || len(p.Links) != 6 {
		t.Fatalf("%+v", p)
	}
	if e := p.Criteria[0]; e.N != 200 || e.Value != 1 || !slices.Equal(e.Names, []string{"analyst", "controller", "clerk"}) && !slices.Equal(e.Names, []string{"controller", "analyst", "clerk"}) {
		t.Errorf("personas %+v", e)
	}
	if e := p.Criteria[1]; !slices.Equal(e.Names, []string{"close", "forecast"}) || e.Low >= 1 || e.High != 1 {
		t.Errorf("use cases %+v", e)
	}
	if e := p.Criteria[2]; e.N != 50 || e.Others == nil || *e.Others > e.Value-0.2 {
		t.Errorf("steps %+v", e)
	}
	want := p
	r.Shuffle(len(customers), func(i, j int) { customers[i], customers[j] = customers[j], customers[i] })
	if diff := cmp.Diff(want, prescribable(t, customers, acceleration.Ground{})); diff != "" {
		t.Errorf("another order (-want +got):\n%s", diff)
	}
}

// TestLacking takes one part of the common ground away at a time, and is told which.
func TestLacking(t *testing.T) {
	for _, c := range []struct {
		name    string
		change  func(i int, c *acceleration.Customer)
		state   acceleration.State
		lacking string
	}{
		{"personas", func(i int, c *acceleration.Customer) { c.Personas = []string{fmt.Sprint(i)} }, acceleration.NotMet, "5 cover too few accounts"},
		{"use_cases", func(_ int, c *acceleration.Customer) { c.UseCases = nil }, acceleration.Unknown, "0 customers tell, of 20 needed"},
		{"steps", func(i int, c *acceleration.Customer) { c.Steps = []string{fmt.Sprint(i), "sso"} }, acceleration.NotMet, "the best customers agree too little"},
		{"steps", func(_ int, c *acceleration.Customer) { c.Steps = []string{"sso"} }, acceleration.NotMet, "the other customers agree as much: these steps don't set the best apart"},
		{"words", func(i int, c *acceleration.Customer) { c.Outcomes = []string{fmt.Sprint(i)} }, acceleration.NotMet, "the best customers agree too little"},
		{"signs", func(i int, c *acceleration.Customer) { c.NPS = number(float64(i * 37 % 101)) }, acceleration.NotMet, "nps is not seen to go with retained"},
		{"signs", func(_ int, c *acceleration.Customer) { c.Revenue = number(-*c.Usage) }, acceleration.NotMet, "falls where"},
		{"signs", func(_ int, c *acceleration.Customer) { c.Retained = nil }, acceleration.Unknown, "3 of 6 pairs of signs are known of 20 customers"},
	} {
		customers := common(rand.New(rand.NewPCG(3, 4)), 200)
		for i := range customers {
			c.change(i, &customers[i])
		}
		p := prescribable(t, customers, acceleration.Ground{})
		if p.Enough {
			t.Errorf("%s: enough", c.name)
		}
		for _, e := range p.Criteria {
			want, lacking := acceleration.Met, ""
			if string(e.Criterion) == c.name {
				want, lacking = c.state, c.lacking
			}
			if e.State != want || !strings.Contains(e.Lacking, lacking) || (e.Lacking == "") != (want == acceleration.Met) {
				t.Errorf("%s: %+v, want %s, %q", c.name, e, want, lacking)
			}
		}
	}
}

// TestAgreementByHand: kick-off, sso, train and sso, kick-off, train have two of three in order: 4/6; close books and
// books closed share one word of three.
func TestAgreementByHand(t *testing.T) {
	customers := []acceleration.Customer{
		{Account: "a", Best: true, Steps: []string{"kick-off", "sso", "train"}, Outcomes: []string{"Close books"}},
		{Account: "b", Best: true, Steps: []string{"sso", "kick-off", "train"}, Outcomes: []string{"books, closed!"}},
	}
	p := prescribable(t, customers, acceleration.Ground{})
	near(t, "steps", p.Criteria[2].Value, 4.0/6, 1e-15)
	near(t, "words", p.Criteria[3].Value, 1.0/3, 1e-15)
	if e := p.Criteria[2]; e.State != acceleration.Unknown || e.N != 2 {
		t.Errorf("%+v", e)
	}
}

func TestBadGround(t *testing.T) {
	for want, g := range map[string]acceleration.Ground{
		"few: -1 is below 1":    {Few: -1},
		"minimum: 2 is below 3": {Minimum: 2},
		"ground: cover,":        {Cover: 1.1},
		"confidence: 1 is not":  {Confidence: 1},
	} {
		if _, err := acceleration.Prescribable(nil, g); err == nil || !strings.HasPrefix(err.Error(), "acceleration: "+want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	nan := math.NaN()
	for want, customers := range map[string][]acceleration.Customer{
		`account of customer 0: is empty`:     {{}},
		`account "a": account: is there twi`:  {{Account: "a"}, {Account: "a"}},
		`account "a": nps: is NaN`:            {{Account: "a", NPS: &nan}},
		`account "a": persona 1: is empty`:    {{Account: "a", Personas: []string{"buyer", ""}}},
		`account "a": use case 0: is not val`: {{Account: "a", UseCases: []string{"\xff"}}},
	} {
		if _, err := acceleration.Prescribable(customers, acceleration.Ground{}); err == nil || !strings.HasPrefix(err.Error(), "acceleration: "+want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if p := prescribable(t, nil, acceleration.Ground{}); p.Enough || p.Criteria[0].State != acceleration.Unknown {
		t.Errorf("%+v", p)
	}
}
