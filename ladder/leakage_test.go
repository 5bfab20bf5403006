package ladder_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

var stages = []ladder.Stage{
	ladder.Potential, ladder.Sold, ladder.Deployed, ladder.Adopted, ladder.Achieved, ladder.Verified, ladder.Communicated, ladder.Felt,
}

// levels gives the stages values in order; "" is unknown.
func levels(values ...string) []ladder.Level {
	var list []ladder.Level
	for i, v := range values {
		if v != "" {
			list = append(list, ladder.Level{Stage: stages[i], Amount: dec(v)})
		}
	}
	return list
}

func TestLeakageRanges(t *testing.T) {
	known := func(v string) ladder.Amount { return ladder.Amount{Known: true, Low: dec(v), High: ptr(dec(v))} }
	between := func(low, high string) ladder.Amount { return ladder.Amount{Low: dec(low), High: ptr(dec(high))} }
	atLeast := func(low string) ladder.Amount { return ladder.Amount{Low: dec(low)} }
	for _, test := range []struct {
		name              string
		levels            []ladder.Level
		value, visibility ladder.Amount
		atStake           string
	}{
		{"all", levels("90", "80", "70", "60", "50", "40", "30", "20"), known("40"), known("30"), ""},
		{"felt above achieved", levels("90", "80", "70", "60", "50", "40", "30", "60"), known("40"), known("-10"), ""},
		{"nothing", nil, atLeast("0"), atLeast("0"), ""},
		{"felt alone", levels("", "", "", "", "", "", "", "20"), atLeast("0"), atLeast("0"), ""},
		{"potential alone", levels("90"), between("0", "90"), between("0", "90"), "90"},
		{"sold alone", levels("", "80"), atLeast("0"), between("0", "80"), "80"},
		{"achieved alone", levels("", "", "", "", "50"), atLeast("0"), between("0", "50"), "50"},
		{"verified alone", levels("", "", "", "", "", "40"), atLeast("0"), atLeast("0"), "40"},
		{"achieved unknown, falling", levels("90", "", "", "60", "", "40", "", "20"), between("30", "50"), between("20", "40"), ""},
		{"achieved unknown, rising", levels("90", "", "", "40", "", "60", "", "20"), between("30", "50"), between("20", "40"), ""},
		{"achieved and felt unknown", levels("90", "", "", "60", "", "40", "30"), between("30", "50"), between("10", "60"), "30"},
		{"potential unknown", levels("", "80", "", "", "50", "", "", "20"), atLeast("30"), known("30"), ""},
		{"potential unknown, a gain", levels("", "30", "", "", "50", "", "", "20"), atLeast("-20"), known("30"), ""},
		{"all is nothing", levels("0", "0", "0", "0", "0", "0", "0", "0"), known("0"), known("0"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := compile(t, hoursSaved()).Leakage("acme", test.levels, epoch)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.value, got.Value); diff != "" {
				t.Errorf("value (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.visibility, got.Visibility); diff != "" {
				t.Errorf("visibility (-want +got):\n%s", diff)
			}
			if (got.AtStake == nil) != (test.atStake == "") || got.AtStake != nil && !got.AtStake.Equal(dec(test.atStake)) {
				t.Errorf("at stake %v, want %q", got.AtStake, test.atStake)
			}
		})
	}
}

// randomLevels are in any order, some unknown, and mostly falling.
func randomLevels(r *rand.Rand) []ladder.Level {
	var list []ladder.Level
	for i, stage := range stages {
		if r.IntN(3) > 0 {
			list = append(list, ladder.Level{Stage: stage, Amount: randomDecimal(r, 1e6).Add(decimal.New(int64(8-i), 3))})
		}
	}
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// TestLeakageSums checks the steps against a plain walk over the levels: they follow each other from potential to felt,
// and the known losses sum to the first known level less the last.
func TestLeakageSums(t *testing.T) {
	model := compile(t, hoursSaved())
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 3))
		list := randomLevels(r)
		l, err := model.Leakage("acme", list, epoch)
		if err != nil {
			t.Fatal(err)
		}
		level := map[ladder.Stage]decimal.Decimal{}
		var known []decimal.Decimal
		for _, stage := range stages {
			for _, given := range list {
				if given.Stage == stage {
					level[stage] = given.Amount.RoundBank(2)
					known = append(known, level[stage])
				}
			}
		}
		sum, at := decimal.Decimal{}, stages[:1]
		for _, step := range l.Steps {
			if step.From != at[len(at)-1] || step.To != step.Over[len(step.Over)-1] || step.Located != (len(step.Over) == 1) {
				t.Fatalf("seed %d: step %+v after %v", seed, step, at)
			}
			at = append(slices.Clip(at), step.Over...)
			_, from := level[step.From]
			_, to := level[step.To]
			if step.Known != (from && to) || step.Known && !step.Amount.Equal(level[step.From].Sub(level[step.To])) {
				t.Fatalf("seed %d: step %+v of %v", seed, step, level)
			}
			for _, stage := range step.Over[:len(step.Over)-1] {
				if _, ok := level[stage]; ok {
					t.Fatalf("seed %d: step %+v lies over a known stage", seed, step)
				}
			}
			sum = sum.Add(step.Amount)
		}
		if !slices.Equal(at, stages) {
			t.Fatalf("seed %d: the steps lie over %v", seed, at)
		}
		if len(known) > 0 && !sum.Equal(known[0].Sub(known[len(known)-1])) {
			t.Fatalf("seed %d: losses sum to %v of %v", seed, sum, known)
		}
		shuffled, err := model.Leakage("acme", randomShuffle(r, list), epoch)
		if diff := cmp.Diff(l, shuffled); err != nil || diff != "" {
			t.Fatalf("seed %d: levels in another order: %v\n%s", seed, err, diff)
		}
		roundTrip(t, l)
	}
}

func randomShuffle[T any](r *rand.Rand, list []T) []T {
	list = slices.Clone(list)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// roundTrip checks that a value read from its JSON has the same JSON.
func roundTrip[T any](t *testing.T, v T) {
	t.Helper()
	first, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var back T
	if err := json.Unmarshal(first, &back); err != nil {
		t.Fatalf("%v in %s", err, first)
	}
	second, err := json.Marshal(back)
	if err != nil {
		t.Fatal(err)
	}
	if string(first) != string(second) {
		t.Errorf("JSON changed:\n%s\n%s", first, second)
	}
}

func TestLeakageJSON(t *testing.T) {
	def := hoursSaved()
	def.Version = "7"
	model := compile(t, def)
	l, err := model.Leakage("acme", levels("90.129", "", "50"), epoch)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"account":"acme","as_of":"2026-01-01T00:00:00.000000Z","ladder":"to the cent","version":"7","digest":"` + model.Digest().String() + `","currency":"EUR","steps":[` +
		`{"from":"potential","to":"deployed","known":true,"amount":"40.13","located":false,"over":["sold","deployed"]},` +
		`{"from":"deployed","to":"felt","known":false,"amount":null,"located":false,"over":["adopted","achieved","verified","communicated","felt"]}],` +
		`"value":{"known":false,"low":"40.13","high":"90.13"},"visibility":{"known":false,"low":"0","high":"50"},"at_stake":"50"}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLeakageRefuses(t *testing.T) {
	for _, asOf := range []time.Time{{}, far} {
		var data *ladder.DataError
		if _, err := compile(t, hoursSaved()).Leakage("acme", nil, asOf); !errors.As(err, &data) || data.Field != "as of" {
			t.Errorf("as of %v: %v", asOf, err)
		}
	}
	huge := decimal.New(1, 1_000_000_000)
	digits := dec("1234567890123456789012345678901234567890")
	for _, test := range []struct {
		name    string
		account string
		levels  []ladder.Level
		want    string // how the message begins
	}{
		{"no account", "", nil, `ladder: account "": account: is empty`},
		{"unknown stage", "acme", []ladder.Level{{Stage: "bought"}}, `ladder: account "acme": level "bought": is not a stage`},
		{"twice", "acme", []ladder.Level{{Stage: ladder.Felt}, {Stage: ladder.Felt}}, `ladder: account "acme": level "felt": is given twice`},
		{"negative", "acme", []ladder.Level{{Stage: ladder.Sold, Amount: dec("-0.01")}}, `ladder: account "acme": level "sold": must not be negative, but is -0.01`},
		{"exponent", "acme", []ladder.Level{{Stage: ladder.Sold, Amount: huge}}, `ladder: account "acme": level "sold": `},
		{"digits", "acme", []ladder.Level{{Stage: ladder.Sold, Amount: digits}}, `ladder: account "acme": level "sold": `},
		{"apart", "acme", []ladder.Level{{Stage: ladder.Potential, Amount: decimal.New(9e18, 18)}, {Stage: ladder.Felt, Amount: dec("0.01")}},
			`ladder: account "acme": levels: comes to a figure that `},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := compile(t, hoursSaved()).Leakage(test.account, test.levels, epoch)
			var data *ladder.DataError
			if !errors.As(err, &data) || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
