package experiment_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/experiment"
)

// full is a trial with all that a trial can have.
func full() experiment.Trial {
	trial := letters("spring 2026", 2, 1, 1)
	trial.Coverage = 5000
	trial.Layer = &experiment.Layer{Name: "spring", From: 2500, To: 7500}
	trial.Plan = experiment.Plan{
		Control: "a", Measure: experiment.Mean, Better: experiment.Lower, Margin: 0.1, Confidence: 0.9, Adjust: true,
		Sequential: &experiment.Sequential{BurnIn: 30, Tuned: 400},
	}
	return trial
}

func problems(t *testing.T, err error) []segment.Problem {
	t.Helper()
	var e *experiment.InvalidError
	if !errors.As(err, &e) {
		t.Fatalf("%v is no InvalidError", err)
	}
	return e.Problems
}

// TestTenMistakes: a trial with ten mistakes reports ten, in document order.
func TestTenMistakes(t *testing.T) {
	trial, err := experiment.Parse([]byte(`{
		"format": 0,
		"name": "renewal/call",
		"seed": "__spring",
		"arms": [{"name": "holdout", "weight": 1}, {"name": "holdout", "weight": -9}],
		"coverage": 10001,
		"layer": {"name": "spring", "from": 5, "to": 5},
		"plan": {"control": "hold-out", "measure": "means", "better": "higher", "margin": -0.02, "confidence": 95,
			"horizon": 400, "sequential": {"burn_in": -1}}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = experiment.Compile(trial)
	want := []segment.Problem{
		{Pointer: "/format", Message: "must be 1, not 0"},
		{Pointer: "/name", Message: "contains '/', which joins names to paths"},
		{Pointer: "/seed", Message: `begins with "__", which layers do`},
		{Pointer: "/arms/1/name", Message: `"holdout" is the name of element 0 already`},
		{Pointer: "/arms/1/weight", Message: "must be 1 to 100000, not -9"},
		{Pointer: "/coverage", Message: "must be 0 to 10000, not 10001"},
		{Pointer: "/layer", Message: "must be a range of buckets within [0, 10000), not [5, 5)"},
		{Pointer: "/plan/control", Message: `there is no arm "hold-out": did you mean "holdout"?`},
		{Pointer: "/plan/measure", Message: `must be one of mean, share, not "means": did you mean "mean"?`},
		{Pointer: "/plan/margin", Message: "must be 0 to 1e+100, not -0.02"},
		{Pointer: "/plan/confidence", Message: "must be 0.5 to 0.999999, not 95"},
		{Pointer: "/plan/horizon", Message: "must be absent: the plan is sequential"},
		{Pointer: "/plan/sequential/burn_in", Message: "must be 0 to 1000000000, not -1"},
	}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBadTrial(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*experiment.Trial)
		want  string
	}{
		{"no seed", func(x *experiment.Trial) { x.Seed = "" }, "/seed: is empty"},
		{"one arm", func(x *experiment.Trial) { x.Arms = x.Arms[:1] }, `2 problems: /arms: must have 2 to 100 elements, not 1; /plan/control: there is no arm "a"`},
		{"many arms", func(x *experiment.Trial) { x.Arms = make([]experiment.Arm, 101) }, `2 problems: /arms: must have 2 to 100 elements, not 101; /plan/control: there is no arm "a"`},
		{"large weight", func(x *experiment.Trial) { x.Arms[1].Weight = 100_001 }, "/arms/1/weight: must be 1 to 100000, not 100001"},
		{"no bucket", func(x *experiment.Trial) { x.Arms[0].Weight = 100_000 }, "2 problems: /arms/1/weight: 1 leaves the arm no bucket; /arms/2/weight: 1 leaves the arm no bucket"},
		{"no bucket by coverage", func(x *experiment.Trial) { x.Arms[0].Weight, x.Coverage = 100, 90 }, "2 problems: /arms/1/weight: 1 leaves the arm no bucket; /arms/2/weight: 1 leaves the arm no bucket"},
		{"no name of an arm", func(x *experiment.Trial) { x.Arms[1].Name = "" }, "/arms/1/name: is empty"},
		{"coverage", func(x *experiment.Trial) { x.Coverage = -1 }, "/coverage: must be 0 to 10000, not -1"},
		{"layer", func(x *experiment.Trial) { x.Layer.Name = "" }, "/layer/name: is empty"},
		{"layer beyond", func(x *experiment.Trial) { x.Layer.To = 10_001 }, "/layer: must be a range of buckets within [0, 10000), not [2500, 10001)"},
		{"no plan", func(x *experiment.Trial) { x.Plan = experiment.Plan{} }, `4 problems: /plan/control: there is no arm ""; ` +
			`/plan/measure: must be one of mean, share, not ""; /plan/better: must be one of higher, lower, not ""; ` +
			`/plan/horizon: is missing: there is one look, unless the plan is sequential`},
		{"early horizon", func(x *experiment.Trial) { x.Plan.Sequential, x.Plan.Horizon = nil, 5 }, "/plan/horizon: must be 6 to 1000000000, not 5"},
		{"NaN", func(x *experiment.Trial) { x.Plan.Margin, x.Plan.Confidence = math.NaN(), math.NaN() }, "2 problems: /plan/margin: must be 0 to 1e+100, not NaN; /plan/confidence: must be 0.5 to 0.999999, not NaN"},
		{"tuned", func(x *experiment.Trial) { x.Plan.Sequential.Tuned = -1 }, "/plan/sequential/tuned: must be 0 to 1000000000, not -1"},
	} {
		trial := full()
		c.spoil(&trial)
		_, err := experiment.Compile(trial)
		problems(t, err)
		if got := err.Error(); got != "experiment: invalid trial: "+c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
	trial := full()
	trial.Format = 2
	want := `experiment: compile trial "renewal call": format 2: unknown format`
	if _, err := experiment.Compile(trial); !errors.Is(err, experiment.ErrFormat) || err.Error() != want {
		t.Errorf("a newer format: %v, want %s", err, want)
	}
}

func TestParse(t *testing.T) {
	for _, trial := range []experiment.Trial{halves("s"), full()} {
		text, err := json.Marshal(trial)
		if err != nil {
			t.Fatal(err)
		}
		again, err := experiment.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(trial, again); diff != "" {
			t.Errorf("written and read again (-want +got):\n%s", diff)
		}
	}
	_, err := experiment.Parse([]byte(`{"format": 1, "Seed": "s", "arm": [], "arms": [{"name": 1, "weight": 0.5}], "name": "a", "name": "b", "plan": {"margn": 0, "sequential": {"burnin": 3}}}`))
	want := []segment.Problem{
		{Pointer: "/Seed", Message: `unknown key "Seed": did you mean "seed"?`},
		{Pointer: "/arm", Message: `unknown key "arm": did you mean "arms"?`},
		{Pointer: "/arms/0/name", Message: "must be a string, not a number"},
		{Pointer: "/arms/0/weight", Message: "must be a whole number without a fraction or an exponent, not 0.5"},
		{Pointer: "/name", Message: `duplicate key "name"`},
		{Pointer: "/plan/margn", Message: `unknown key "margn": did you mean "margin"?`},
		{Pointer: "/plan/sequential/burnin", Message: `unknown key "burnin": did you mean "burn_in"?`},
	}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	newer := `experiment: parse trial: format 2: unknown format`
	if _, err := experiment.Parse([]byte(`{"format":2,"prior":{}}`)); !errors.Is(err, experiment.ErrFormat) || err.Error() != newer {
		t.Errorf("a newer format: %v, want %s", err, newer)
	}
}

// TestDigest: all that a trial fixes is in its digest, and what its maker changes later is not in the model.
func TestDigest(t *testing.T) {
	trial := full()
	m := compile(t, trial)
	const want = "sha256:f22dabdc6a3e83616664fac8e2f63f22b8e3727239a2037d20c9474c28ff6812"
	if got := m.Digest().String(); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
	trial.Arms[0].Weight, trial.Layer.To, trial.Plan.Sequential.BurnIn = 7, 9000, 2
	copied := m.Trial()
	copied.Arms[0].Weight, copied.Layer.To, copied.Plan.Sequential.BurnIn = 7, 9000, 2
	if diff := cmp.Diff(full(), m.Trial()); diff != "" {
		t.Errorf("the model changed (-want +got):\n%s", diff)
	}
	for name, change := range map[string]func(*experiment.Trial){
		"name":       func(x *experiment.Trial) { x.Name = "other" },
		"seed":       func(x *experiment.Trial) { x.Seed = "other" },
		"arm":        func(x *experiment.Trial) { x.Arms[1].Name = "other" },
		"weight":     func(x *experiment.Trial) { x.Arms[1].Weight++ },
		"coverage":   func(x *experiment.Trial) { x.Coverage++ },
		"layer":      func(x *experiment.Trial) { x.Layer.To++ },
		"control":    func(x *experiment.Trial) { x.Plan.Control = "b" },
		"measure":    func(x *experiment.Trial) { x.Plan.Measure = experiment.Share },
		"better":     func(x *experiment.Trial) { x.Plan.Better = experiment.Higher },
		"margin":     func(x *experiment.Trial) { x.Plan.Margin = 0.2 },
		"confidence": func(x *experiment.Trial) { x.Plan.Confidence = 0.95 },
		"adjust":     func(x *experiment.Trial) { x.Plan.Adjust = false },
		"horizon":    func(x *experiment.Trial) { x.Plan.Sequential, x.Plan.Horizon = nil, 400 },
		"burn-in":    func(x *experiment.Trial) { x.Plan.Sequential.BurnIn++ },
		"tuned":      func(x *experiment.Trial) { x.Plan.Sequential.Tuned++ },
	} {
		trial := full()
		change(&trial)
		if compile(t, trial).Digest() == m.Digest() {
			t.Errorf("another %s has the same digest", name)
		}
	}
}

// TestRegistered: a margin that is chosen once the outcomes are known makes no verdict, and the result shows whose it is.
func TestRegistered(t *testing.T) {
	outcomes := renewals(map[string][2]int{"holdout": {2000, 4000}, "call": {2030, 4000}}, "holdout", "call")
	trial := halves("s")
	registered := compile(t, trial).Digest()
	trial.Plan.Margin = 0.03
	m := compile(t, trial)
	for _, c := range []struct {
		registered segment.Digest
		verdict    experiment.Verdict
		text       string
	}{
		{m.Digest(), experiment.NoDifference, "call: no difference that matters: 0.0075 (-0.01441 to 0.0294)"},
		{registered, experiment.CantTell, "call: can't tell: the trial is not the one that was registered: 0.0075 (-0.01441 to 0.0294)"},
	} {
		a, err := m.Analyse(c.registered, outcomes)
		if err != nil {
			t.Fatal(err)
		}
		if a.Trial != "renewal call" || a.Digest != m.Digest() || a.Registered != c.registered {
			t.Errorf("the result is of %q, %s, registered %s", a.Trial, a.Digest, a.Registered)
		}
		if e := a.Effects[0]; e.Verdict != c.verdict || e.String() != c.text {
			t.Errorf("%s, %q, want %s, %q", e.Verdict, e, c.verdict, c.text)
		}
	}
}

// FuzzParse: no panic; what was read is written and read again as the same; what was read compiles or has problems.
func FuzzParse(f *testing.F) {
	for _, trial := range []experiment.Trial{halves("s"), full()} {
		text, err := json.Marshal(trial)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"format":1,"name":"a","seed":"s","arms":[{"name":"a","weight":1},{"name":"b","weight":100000}],"plan":{"margin":-0.0}}`))
	f.Add([]byte(`{"layer":null,"plan":{"sequential":{}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		trial, err := experiment.Parse(text)
		if err != nil {
			return
		}
		written, err := canon.JSON(trial)
		if err != nil {
			t.Fatal(err)
		}
		again, err := experiment.Parse(written)
		if err != nil {
			t.Fatalf("%s is not read: %v", written, err)
		}
		if diff := cmp.Diff(trial, again); diff != "" {
			t.Fatalf("written and read again (-want +got):\n%s", diff)
		}
		m, err := experiment.Compile(trial)
		if (m == nil) == (err == nil) {
			t.Fatalf("model %v, error %v", m, err)
		}
	})
}
