package segment_test

import (
	"encoding/json"
	"errors"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/segment"
)

// exposed returns an account with an ARR, which is at stake too where it has a currency.
func exposed(account string, f float64, currency string) segment.Exposed {
	x := segment.Exposed{Input: arr(account, f), Currency: currency}
	if currency != "" {
		x.Money = decimal.RequireFromString(segment.Number(f).String())
	}
	return x
}

// each gives accounts, and an error at the end if there is one.
func each(accounts []segment.Exposed, err error) iter.Seq2[segment.Exposed, error] {
	return func(yield func(segment.Exposed, error) bool) {
		for _, x := range accounts {
			if !yield(x, nil) {
				return
			}
		}
		if err != nil {
			yield(segment.Exposed{}, err)
		}
	}
}

// TestDiff moves the edge of strategic to 80 000: who is near it moves, who is held or pinned does not.
func TestDiff(t *testing.T) {
	before := scheme([]segment.Attribute{numeric("arr")}, "strategic: arr >= 100000", "growth: arr >= 20000", "tech: arr < 20000")
	after := before
	after.Rules = slices.Clone(before.Rules)
	after.Rules[0].When, after.Rules[1].Stay = "arr >= 80000", nil
	after.Rules[1].When = "arr >= 30000"
	after.Review = segment.ReviewDown
	after.Rules = append(after.Rules, segment.Rule{Segment: "small", When: "arr < 30000"})

	member := func(x segment.Exposed, in string, pin *segment.Pin) segment.Exposed {
		x.Membership = segment.Membership{Segment: in, Since: day(-50), Reason: segment.Match, AsOf: day(-1), Pin: pin}
		return x
	}
	late := exposed("late", 1, "EUR")
	late.Membership.AsOf = day(1)
	down := exposed("down", 5, "EUR")
	down.Input.Facts = segment.FactMap{"arr": segment.Failed("no answer")}
	accounts := []segment.Exposed{
		exposed("up2", 80000, "EUR"),
		exposed("same", 79999.99, "EUR"),
		exposed("up1", 99999.5, "EUR"),
		member(exposed("lower", 25000, "EUR"), "growth", nil), // waits for a person
		member(exposed("pinned", 90000, "EUR"), "growth", &segment.Pin{Segment: "tech", From: day(-2), Until: day(2)}),
		member(down, "growth", nil),
		late,
		exposed("wrong", math.NaN(), ""),
		{Input: arr("debt", 1), Money: decimal.NewFromInt(-1), Currency: "EUR"},
		{Input: arr("bare", 1), Money: decimal.NewFromInt(1)},
		exposed("free", 25000, ""),
	}
	m, n := compile(t, before), compile(t, after)
	got, err := segment.Diff(m, n, each(accounts, nil), epoch)
	if err != nil {
		t.Fatal(err)
	}
	money := decimal.RequireFromString
	want := segment.Changes{
		Before: m.Digest(), After: n.Digest(), AsOf: epoch, Accounts: 7, Failed: 4, Currency: "EUR", Money: money("204999.5"),
		Moves: []segment.Move{
			{From: "growth", To: "strategic", Accounts: 2, Money: money("179999.5")},
			{From: "growth", To: "small", Accounts: 2, Money: money("25000")},
		},
		Changed: []segment.Changed{
			{Account: "free", From: "growth", To: "small", Reason: segment.Match},
			{Account: "lower", From: "growth", To: "small", Reason: segment.InReview, Money: money("25000")},
			{Account: "up1", From: "growth", To: "strategic", Reason: segment.Match, Money: money("99999.5")},
			{Account: "up2", From: "growth", To: "strategic", Reason: segment.Match, Money: money("80000")},
		},
	}
	var causes []string
	for _, err := range got.Errors {
		causes = append(causes, err.Error())
	}
	got.Errors = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		`segment: account "late": membership: is from after 2026-07-01T12:00:00Z`,
		`segment: account "wrong": attribute "arr": is NaN`,
		`segment: account "debt": money: is negative`,
		`segment: account "bare": money: has no currency`,
	}, causes); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if data, err := json.Marshal(got); err != nil || !strings.HasPrefix(string(data), `{"before":"sha256:`) {
		t.Errorf("got %s, %v", data, err)
	}
}

func TestDiffRefuses(t *testing.T) {
	m := compile(t, segment.Tiers())
	broken := errors.New("broken")
	for name, tc := range map[string]struct {
		before, after *segment.Model
		accounts      []segment.Exposed
		err           error
		asOf          time.Time
		want          string
	}{
		"no model":       {nil, m, nil, nil, epoch, "segment: diff: a model is nil"},
		"no next model":  {m, nil, nil, nil, epoch, "segment: diff: a model is nil"},
		"no time":        {m, m, nil, nil, time.Time{}, "segment: as of: is zero"},
		"twice":          {m, m, []segment.Exposed{exposed("a", 1, "EUR"), exposed("a", 1, "EUR")}, nil, epoch, `segment: account "a": is there twice`},
		"currency":       {m, m, []segment.Exposed{exposed("a", 1, "eur")}, nil, epoch, `segment: account "a": currency: "eur" is not in ISO 4217`},
		"two currencies": {m, m, []segment.Exposed{exposed("a", 1, "EUR"), exposed("b", 1, "USD")}, nil, epoch, `segment: account "b": currency: is USD, that of the accounts before EUR`},
		"source":         {m, m, nil, broken, epoch, "segment: diff accounts: broken"},
	} {
		if _, err := segment.Diff(tc.before, tc.after, each(tc.accounts, tc.err), tc.asOf); err == nil || err.Error() != tc.want {
			t.Errorf("%s: got error %v, want %s", name, err, tc.want)
		}
	}
	none, err := segment.Diff(m, m, each(nil, nil), epoch)
	if err != nil || none.Accounts != 0 || none.Changed != nil || !none.Money.IsZero() {
		t.Errorf("no accounts: got %+v, %v", none, err)
	}
}

// TestSensitivity: moving the edge of strategic by 5 % either way.
func TestSensitivity(t *testing.T) {
	m := compile(t, scheme([]segment.Attribute{numeric("arr"), {Name: "renewal", Type: segment.TimeType}},
		"due: renewal < as_of + INTERVAL '10 days'", "strategic: arr >= 100000", "tech: arr < 100000"))
	accounts := []segment.Exposed{
		exposed("a", 94999, "EUR"), exposed("b", 95000, "EUR"), exposed("c", 99999.99, "EUR"), exposed("d", 100000, "EUR"),
		exposed("e", 104999.5, "EUR"), exposed("f", 105000, "EUR"), exposed("g", 5, ""), exposed("h", 100000, "EUR"),
		exposed("i", 0, ""),
	}
	accounts[6].Input.Facts = segment.FactMap{"renewal": segment.Time(day(9.6))}
	accounts[7].Input.Facts = segment.FactMap{"arr": segment.Number(102000), "renewal": segment.Failed("no answer")}
	accounts[8].Input.Facts = segment.FactMap{"arr": segment.Failed("no answer"), "renewal": segment.Time(day(9.6))} // due, or not known
	got, err := m.Sensitivity(each(accounts, nil), 0.05, epoch)
	if err != nil {
		t.Fatal(err)
	}
	money := decimal.RequireFromString
	want := segment.Sensitivity{
		Digest: m.Digest(), AsOf: epoch, By: 0.05, Accounts: 9, Currency: "EUR",
		Shifts: []segment.Shift{
			{Attribute: "arr", Edge: "100000", Moved: "95000", Accounts: 2, Money: money("194999.99")},
			{Attribute: "arr", Edge: "100000", Moved: "105000", Accounts: 2, Money: money("204999.5")},
			{Attribute: "renewal", Edge: "as_of + INTERVAL '10 days'", Moved: "as_of + INTERVAL '228 hours'", Accounts: 1},
			{Attribute: "renewal", Edge: "as_of + INTERVAL '10 days'", Moved: "as_of + INTERVAL '252 hours'"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sensitivity (-want +got):\n%s", diff)
	}
	for _, by := range []float64{0, -0.1, 1, math.NaN(), math.Inf(1)} {
		if _, err := m.Sensitivity(each(nil, nil), by, epoch); err == nil || !strings.HasPrefix(err.Error(), "segment: by: must be above 0 and below 1") {
			t.Errorf("by %v: got error %v", by, err)
		}
	}
	if _, err := m.Sensitivity(each(nil, nil), 0.1, time.Time{}); err == nil {
		t.Error("as of the zero time there is no error")
	}
	if _, err := m.Sensitivity(each(nil, errors.New("broken")), 0.1, epoch); err == nil || err.Error() != "segment: try edges on accounts: broken" {
		t.Errorf("got error %v", err)
	}
}

// TestSensitivityTwin writes each moved edge into the text of the scheme, compiles that, and classifies all accounts again.
func TestSensitivityTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	tried, moved := 0, 0
	for range 60 {
		edges := []string{"40", "-40", "37.5", "as_of + INTERVAL '40 hours'", "as_of - INTERVAL '40 hours'", "as_of - INTERVAL '1 minute'"}
		test := func() string {
			i := r.IntN(len(edges))
			name, sign := []string{"n", "w"}[i/3], pick(r, []string{" < ", " <= ", " > ", " >= "})
			not := pick(r, []string{"", "NOT "})
			if r.IntN(4) == 0 {
				return name + " " + not + "BETWEEN " + edges[i/3*3+1] + " AND " + edges[i/3*3]
			}
			return not + name + sign + edges[i]
		}
		s := scheme([]segment.Attribute{numeric("n"), {Name: "w", Type: segment.TimeType}},
			"a: "+test()+" AND "+test(), "b: "+test()+" OR "+test(), "c: "+test())
		s.Otherwise = "d"
		s.Rules[1].When = strings.Replace(s.Rules[1].When, "BETWEEN as_of - INTERVAL '40 hours' AND", "BETWEEN as_of - INTERVAL '1 minute' AND", 1)
		var accounts []segment.Exposed
		for i := range 120 {
			accounts = append(accounts, segment.Exposed{Input: segment.Input{Account: "a" + segment.Number(float64(i)).String(), Facts: segment.FactMap{
				"n": segment.Number(float64(r.IntN(401)-200) / 4), "w": segment.Time(epoch.Add(time.Duration(r.IntN(6001)-3000) * time.Minute)),
			}}})
		}
		m := compile(t, s)
		got, err := m.Sensitivity(each(accounts, nil), 0.1, epoch)
		if err != nil {
			t.Fatal(err)
		}
		for _, sh := range got.Shifts {
			text, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			var next segment.Scheme
			if err := json.Unmarshal(text, &next); err != nil {
				t.Fatal(err)
			}
			for i := range next.Rules {
				words := " " + next.Rules[i].When + " "
				next.Rules[i].When = strings.ReplaceAll(words, " "+sh.Edge+" ", " "+sh.Moved+" ")
			}
			other, err := segment.Compile(next)
			if err != nil {
				t.Fatalf("%+v: %v", sh, err)
			}
			n := 0
			for _, x := range accounts {
				if classify(t, m, x.Input.Facts, epoch).Segment != classify(t, other, x.Input.Facts, epoch).Segment {
					n++
				}
			}
			tried++
			moved += n
			if n != sh.Accounts {
				t.Fatalf("%v: %+v, but %d accounts move", s.Rules, sh, n)
			}
		}
	}
	if tried < 300 || moved < 800 {
		t.Errorf("only %d edges were tried, and %d accounts moved", tried, moved)
	}
}
