package engagement_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
	"github.com/google/go-cmp/cmp"
)

func scoring() engagement.Scoring {
	return engagement.Scoring{
		Format: 1, Name: "engaged", Full: 40,
		Ages: []engagement.Age{{30 * oneDay, 1}, {90 * oneDay, 0.5}, {365 * oneDay, 0.1}},
		Worths: []engagement.Worth{
			{Valence: engagement.Negative, Points: -5},
			{Direction: engagement.Inbound, Points: 8},
			{Channel: engagement.Human, Party: engagement.Sponsor, Points: 10},
			{Answered: true, Points: 4},
			{Direction: engagement.Outbound, Points: 1},
		},
	}
}

func TestScore(t *testing.T) {
	s, err := engagement.CompileScoring(scoring())
	if err != nil {
		t.Fatal(err)
	}
	at := func(id string, d float64, change func(*engagement.Touch)) engagement.Touch {
		touch := outbound(id, d, change)
		touch.Channel = engagement.Digital
		return touch
	}
	sponsor := outbound("sponsor", 40, func(t *engagement.Touch) { t.Party, t.Person = engagement.Sponsor, "sam" }) // age 60: 10 × 0.5
	touches := []engagement.Touch{
		at("plain", 70, nil), // age 30, included: 1
		sponsor,
		at("answered", 69.9, func(t *engagement.Touch) { t.Answered, t.Person = day(80), "pat" }),                            // 4 × 0.5
		at("answered later", 90, func(t *engagement.Touch) { t.Answered = day(101) }),                                        // 1
		at("came in", 95, func(t *engagement.Touch) { t.Direction, t.Person = engagement.Inbound, "pat" }),                   // 8
		at("went badly", 96, func(t *engagement.Touch) { t.Direction, t.Valence = engagement.Inbound, engagement.Negative }), // −5
		at("among themselves", 99, func(t *engagement.Touch) { t.Direction = engagement.Between }),                           // nothing
		at("old", -200, func(t *engagement.Touch) { t.Direction, t.Person = engagement.Inbound, "kim" }),                     // 8 × 0.1
		at("too old", -300, nil), // nothing
		at("to come", 101, nil),
	}
	score := func(in engagement.ScoreInput) engagement.Score {
		in.Account = "acme"
		got, err := s.Score(in, day(100))
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, p := range got.Parts {
			sum += p.Points
		}
		if sum != got.Points {
			t.Errorf("the parts sum to %v, the points are %v", sum, got.Points)
		}
		return got
	}
	got := score(engagement.ScoreInput{Touches: touches})
	const old = 838861.0 / (1 << 20) // 0.8 on the grid
	want := map[string]float64{"plain": 1, "sponsor": 5, "answered": 2, "answered later": 1, "came in": 8, "went badly": -5, "old": old}
	parts := map[string]float64{}
	for _, p := range got.Parts {
		parts[p.Touch] = p.Points
	}
	if diff := cmp.Diff(want, parts); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	if got.Points != 12+old || math.Abs(got.Value-32) > 1e-5 || !got.Known || got.Parts[0].Touch != "old" {
		t.Errorf("got %+v, want 12.8 points of 40", got)
	}
	for _, c := range []struct {
		in     engagement.ScoreInput
		points float64
		known  bool
	}{
		{engagement.ScoreInput{Touches: touches, Person: "pat"}, 10, true},
		{engagement.ScoreInput{Touches: touches, Party: engagement.Sponsor}, 5, true},
		{engagement.ScoreInput{Touches: touches, Person: "kim"}, old, true},
		{engagement.ScoreInput{Touches: touches, Person: "nobody"}, 0, false},
		{engagement.ScoreInput{Touches: touches[8:9]}, 0, true},
		{engagement.ScoreInput{Touches: touches[9:]}, 0, false},
		{engagement.ScoreInput{}, 0, false},
		{engagement.ScoreInput{Touches: touches[5:6]}, -5, true},
	} {
		got := score(c.in)
		if got.Points != c.points || got.Known != c.known || got.Value < 0 {
			t.Errorf("%q %q: got %v points, known %v, value %v, want %v, %v", c.in.Person, c.in.Party, got.Points, got.Known, got.Value, c.points, c.known)
		}
	}
	var many []engagement.Touch
	for range 50 {
		many = append(many, at(string(rune('A'+len(many))), 99, func(t *engagement.Touch) { t.Direction = engagement.Inbound }))
	}
	if got := score(engagement.ScoreInput{Touches: many}); got.Value != 100 || got.Points != 400 {
		t.Errorf("far over full: %v of %v points", got.Value, got.Points)
	}
	r := rand.New(rand.NewPCG(2, 2))
	for range 20 {
		again := score(engagement.ScoreInput{Touches: permuted(r, slices.Concat(touches, touches))})
		if diff := cmp.Diff(got, again); diff != "" {
			t.Fatalf("in another order (-want +got):\n%s", diff)
		}
	}
	data, err := json.Marshal(got)
	var read engagement.Score
	if err != nil || json.Unmarshal(data, &read) != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, read); diff != "" {
		t.Errorf("reads back (-want +got):\n%s", diff)
	}
}

func TestScoreRefuses(t *testing.T) {
	s, err := engagement.CompileScoring(scoring())
	if err != nil {
		t.Fatal(err)
	}
	var data *engagement.DataError
	if _, err := s.Score(engagement.ScoreInput{}, day(0)); !errors.As(err, &data) || data.Field != "account" {
		t.Errorf("no account: got error %v", err)
	}
	if _, err := s.Score(engagement.ScoreInput{Account: "a", Touches: []engagement.Touch{{ID: "x"}}}, day(0)); !errors.As(err, &data) || data.Message != "is zero" {
		t.Errorf("a touch without a time: got error %v", err)
	}
}

func TestCompileScoring(t *testing.T) {
	_, err := engagement.CompileScoring(engagement.Scoring{
		Format: 0, Ages: []engagement.Age{{oneDay, 0.5}, {oneDay, 0.6}, {-1, 2}},
		Worths: []engagement.Worth{{Channel: "fax", Party: "x", Direction: "up", Valence: "good", Points: math.NaN()}},
	})
	want := []string{
		"/format: must be 1, not 0", "/name: is empty", "/full: must be above 0", "/ages/1/within: must be longer than the one before it",
		"/ages/1/share: must not be above the one before it", "/ages/2/within: must not be negative", "/ages/2/share: must be 0 to 1, not 2",
		"/ages/2/within: must be longer than the one before it", "/ages/2/share: must not be above the one before it",
		`/worths/0/channel: must be one of human, digital, product, community, partner, not "fax"`,
		`/worths/0/party: must be one of user, sponsor, partner, peer, not "x"`,
		`/worths/0/direction: must be one of outbound, inbound, between, not "up"`,
		`/worths/0/valence: must be one of positive, neutral, negative, not "good"`,
		"/worths/0/points: must be -10000 to 10000, not NaN",
	}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, err = engagement.CompileScoring(engagement.Scoring{Format: 1, Name: "x", Full: 1})
	if diff := cmp.Diff([]string{"/ages: is empty: nothing would count", "/worths: is empty: nothing would count"}, problems(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := engagement.CompileScoring(engagement.Scoring{Format: 2}); !errors.Is(err, engagement.ErrFormat) {
		t.Errorf("format 2: got error %v, want ErrFormat", err)
	}
	given := scoring()
	s, err := engagement.CompileScoring(given)
	if err != nil {
		t.Fatal(err)
	}
	given.Worths[4].Points = 99
	got, err := s.Score(engagement.ScoreInput{Account: "a", Touches: []engagement.Touch{outbound("1", 99, nil)}}, day(100))
	if err != nil || got.Points != 1 || got.Digest != s.Digest() {
		t.Errorf("%v: a caller's change reached the scorer: %+v", err, got)
	}
}

func TestParseScoring(t *testing.T) {
	want := scoring()
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := engagement.ParseScoring(data)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v: reading what was written (-want +got):\n%s", err, diff)
	}
	got, err = engagement.ParseScoring([]byte(`{"format": 1, "name": "engaged", "full": 40, "ages": [{"within": "30d", "share": 1}],
	  "worths": [{"direction": "inbound", "points": 8}, {"answered": true, "points": 4}]}`))
	if err != nil || got.Ages[0].Within != 30*oneDay || got.Worths[0].Direction != engagement.Inbound || !got.Worths[1].Answered {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = engagement.ParseScoring([]byte(`{"format": 1, "full": "40", "ages": [{"within": "soon"}], "worth": [], "Name": "x"}`))
	problems := problems(t, err)
	for _, place := range []string{"/full: ", "/ages/0/within: ", `/worth: unknown key "worth": did you mean "worths"?`, "/Name: "} {
		if !slices.ContainsFunc(problems, func(p string) bool { return strings.HasPrefix(p, place) }) {
			t.Errorf("no problem %q in %q", place, problems)
		}
	}
	if _, err := engagement.ParseScoring([]byte(`{"format": 1, "name": "x"} {}`)); err == nil {
		t.Error("trailing data is taken")
	}
	_, err = engagement.ParseScoring([]byte(`{"format": 2, "anything": []}`))
	if !errors.Is(err, engagement.ErrFormat) || err.Error() != "engagement: parse scoring: format 2: unknown format" {
		t.Errorf("format 2: got error %v, want ErrFormat", err)
	}
}

// FuzzParseScoring reads scorings from anywhere: what is read is written and read again alike, and what compiles scores.
func FuzzParseScoring(f *testing.F) {
	f.Add([]byte(`{"format":1,"name":"x","full":40,"ages":[{"within":"30d","share":1},{"within":"90d","share":0.5}],` +
		`"worths":[{"channel":"human","party":"sponsor","direction":"inbound","valence":"negative","answered":true,"points":-5},{"points":1}]}`))
	f.Add([]byte(`{"format":2}`))
	f.Add([]byte(`{"format":1,"full":1e300,"ages":null,"worths":[{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := engagement.ParseScoring(data)
		if err != nil {
			return
		}
		once, err := canon.JSON(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := engagement.ParseScoring(once)
		if err != nil {
			t.Fatalf("what was parsed and written can't be parsed: %v\n%s", err, once)
		}
		if twice, err := canon.JSON(again); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%v: got\n%s\nthen\n%s", err, once, twice)
		}
		scorer, err := engagement.CompileScoring(s)
		if err != nil {
			return
		}
		score, err := scorer.Score(engagement.ScoreInput{Account: "a", Touches: []engagement.Touch{made("x", 9), outbound("y", 1, nil)}}, day(10))
		if err != nil || !(0 <= score.Value && score.Value <= 100) {
			t.Fatalf("%s: got %+v, %v", once, score, err)
		}
	})
}
