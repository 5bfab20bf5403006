package survey_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health/survey"
)

func encode[T any](t testing.TB, v T) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestBadData(t *testing.T) {
	m := compile(t, survey.NPS())
	worth := func(account, amount, currency string) survey.Worth {
		d, err := decimal.NewFromString(amount)
		if err != nil {
			t.Fatal(err)
		}
		return survey.Worth{Account: account, Amount: d, Currency: currency}
	}
	const acme = `survey: account "acme": `
	for _, c := range []struct {
		name   string
		spoil  func(in *survey.Input, s *survey.Sample, asOf *time.Time)
		wanted string
	}{
		{"above", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Answers[1].Value = 11 }, acme + `answer 1 of "bob": 11 is outside 0 to 10`},
		{"below", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Answers[1].Value = -1 }, acme + `answer 1 of "bob": -1 is outside 0 to 10`},
		{"between", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Answers[1].Value = 6.5 }, acme + `answer 1 of "bob": 6.5 is not a whole number`},
		{"NaN", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Answers[0].Value = math.NaN() }, acme + `answer 0 of "ann": is NaN`},
		{"infinite", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Answers[0].Value = math.Inf(1) }, acme + `answer 0 of "ann": +Inf is outside 0 to 10`},
		{"unknown instrument", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Answers[0].Instrument = "" }, acme + `answer 0 of "ann": instrument "" is not "nps"`},
		{"mixed instruments", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Answers[1].Instrument = "csat" }, acme + `answer 1 of "bob": instrument "csat" is not "nps"`},
		{"blank respondent", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Answers[1].Respondent = "" }, acme + `respondent of answer 1: is empty`},
		{"blank account", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Answers[1].Account = "" }, `survey: account of answer 1: is empty`},
		{"duplicate", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Answers = append(in.Answers, in.Answers[0]) }, acme + `answer 2 of "ann": is given at the instant of answer 0`},
		{"duplicate in another offset", func(in *survey.Input, _ *survey.Sample, _ *time.Time) {
			in.Answers = append(in.Answers, in.Answers[1])
			in.Answers[2].At = in.Answers[2].At.In(time.FixedZone("", 3600)).Add(999) // below a microsecond
		}, acme + `answer 2 of "bob": is given at the instant of answer 1`},
		{"future", func(_ *survey.Input, _ *survey.Sample, asOf *time.Time) { *asOf = from.Add(-time.Second) }, acme + `answer 0 of "ann": 2026-01-01T00:00:00Z is after as of`},
		{"no instant", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Answers[0].At = time.Time{} }, acme + `answer 0 of "ann": instant is zero`},
		{"group", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Answers[0].Group = "a\x00" }, acme + `answer 0 of "ann": group contains the control character U+0000 at byte 1`},
		{"as of", func(_ *survey.Input, _ *survey.Sample, asOf *time.Time) { *asOf = time.Time{} }, `survey: as of: is zero`},
		{"from", func(_ *survey.Input, s *survey.Sample, _ *time.Time) { s.From = time.Time{} }, `survey: from: is zero`},
		{"to", func(_ *survey.Input, s *survey.Sample, _ *time.Time) { s.To = time.Time{} }, `survey: to: is zero`},
		{"empty period", func(_ *survey.Input, s *survey.Sample, _ *time.Time) { s.To = s.From }, `survey: to: is not after from`},
		{"weighting", func(_ *survey.Input, s *survey.Sample, _ *time.Time) { s.Weighting = "money" }, `survey: weighting: "money" is not respondent, account or worth`},
		{"confidence", func(_ *survey.Input, s *survey.Sample, _ *time.Time) { s.Confidence = 95 }, `survey: confidence: 95 is not within 0.5 and 0.9999`},
		{"no confidence", func(_ *survey.Input, s *survey.Sample, _ *time.Time) { s.Confidence = math.NaN() }, `survey: confidence: NaN is not within 0.5 and 0.9999`},
		{"worth twice", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Worths = append(in.Worths, in.Worths[0]) }, acme + `worth: is there twice`},
		{"worth below zero", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Worths[0] = worth("acme", "-1", "EUR") }, acme + `worth: is negative`},
		{"worth of nobody", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Worths[0] = worth("", "1", "EUR") }, `survey: account of worth 0: is empty`},
		{"currencies", func(in *survey.Input, _ *survey.Sample, _ *time.Time) {
			in.Worths = append(in.Worths, worth("b", "1", "USD"))
		}, `survey: account "b": worth: is in USD, others in EUR`},
		{"no currency", func(in *survey.Input, _ *survey.Sample, _ *time.Time) { in.Worths[0].Currency = "points" }, acme + `worth: currency "points" is not in ISO 4217`},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := survey.Input{
				Answers: []survey.Answer{
					{Account: "acme", Respondent: "ann", Instrument: "nps", Value: 9, At: from},
					{Account: "acme", Respondent: "bob", Instrument: "nps", Value: 3, At: from},
				},
				Worths: []survey.Worth{worth("acme", "10", "EUR")},
			}
			s, asOf := quarter, to
			c.spoil(&in, &s, &asOf)
			_, err := m.Estimate(in, s, asOf)
			var bad *survey.DataError
			if !errors.As(err, &bad) || err.Error() != c.wanted {
				t.Errorf("got  %v\nwant %s", err, c.wanted)
			}
			if _, groups := m.Groups(in, s, asOf); groups == nil || groups.Error() != c.wanted {
				t.Errorf("groups: %v", groups)
			}
			if _, compared := m.Compare(in, s, s, asOf); compared == nil || compared.Error() != c.wanted {
				t.Errorf("compare: %v", compared)
			}
		})
	}
	for wanted, other := range map[string]survey.Sample{
		"survey: weighting: differs between the samples":  {From: from, To: to, Weighting: survey.ByAccount},
		"survey: confidence: differs between the samples": {From: from, To: to, Confidence: 0.9},
	} {
		if _, err := m.Compare(survey.Input{}, quarter, other, to); err == nil || err.Error() != wanted {
			t.Errorf("compare: %v, want %s", err, wanted)
		}
	}
	s := quarter
	s.Group = "adoption"
	if _, err := m.Groups(survey.Input{}, s, to); err == nil || err.Error() != "survey: group: must be empty to estimate every group" {
		t.Errorf("groups of a group: %v", err)
	}
}

func TestBadInstruments(t *testing.T) {
	for _, c := range []struct {
		name    string
		spoil   func(i *survey.Instrument)
		pointer string
		message string
	}{
		{"format", func(i *survey.Instrument) { i.Format = 0 }, "/format", "must be 1, not 0"},
		{"name", func(i *survey.Instrument) { i.Name = "a/b" }, "/name", "contains '/', which joins names to paths"},
		{"method", func(i *survey.Instrument) { i.Method = "median" }, "/method", `must be net, top_box or mean, not "median"`},
		{"better", func(i *survey.Instrument) { i.Better = "" }, "/better", `must be higher or lower, not ""`},
		{"low", func(i *survey.Instrument) { i.Low = -1001 }, "/low", "must be within -1000 and 1000, not -1001"},
		{"high", func(i *survey.Instrument) { i.High = 1 << 30 }, "/high", "must be within -1000 and 1000, not 1073741824"},
		{"scale", func(i *survey.Instrument) { i.High = 0 }, "/high", "must be above low, 0"},
		{"mean", func(i *survey.Instrument) { i.Method = survey.Mean }, "/method", "a mean has neither top nor bottom"},
		{"top", func(i *survey.Instrument) { i.Top = 11 }, "/top", "must be 1 to 10 points of the scale, not 11"},
		{"bottom", func(i *survey.Instrument) { i.Bottom = 10 }, "/bottom", "must be 1 to 9 points of the scale, not 10"},
		{"box", func(i *survey.Instrument) { i.Method = survey.TopBox }, "/bottom", "belongs to net alone"},
	} {
		i := survey.NPS()
		c.spoil(&i)
		_, err := survey.Compile(i)
		var bad *survey.InvalidError
		if !errors.As(err, &bad) || len(bad.Problems) != 1 || bad.Problems[0].Pointer != c.pointer || bad.Problems[0].Message != c.message {
			t.Errorf("%s: %v, want %s: %s", c.name, err, c.pointer, c.message)
		}
	}
	if _, err := survey.Compile(survey.Instrument{Format: 2}); !errors.Is(err, survey.ErrFormat) {
		t.Errorf("a newer format: %v", err)
	}
}

func TestParse(t *testing.T) {
	for _, def := range append(instruments(), survey.CSAT(3), survey.CSAT(10)) {
		m := compile(t, def)
		back, err := survey.Parse([]byte(encode(t, def)))
		if err != nil || back != def || m.Instrument() != def || compile(t, back).Digest() != m.Digest() {
			t.Errorf("%s came back as %+v, %v", encode(t, def), back, err)
		}
	}
	if _, err := survey.Parse([]byte(`{"format":2}`)); !errors.Is(err, survey.ErrFormat) {
		t.Errorf("a newer format: %v", err)
	}
	_, err := survey.Parse([]byte(`{"format":1,"Name":"a","scale":3}`))
	var bad *survey.InvalidError
	if !errors.As(err, &bad) || len(bad.Problems) < 2 || !strings.Contains(err.Error(), "/scale") {
		t.Errorf("unknown keys: %v", err)
	}
}
