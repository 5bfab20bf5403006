package coverage_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/segment/coverage"
)

func TestBadData(t *testing.T) {
	for _, c := range []struct {
		name   string
		spoil  func(in *coverage.Input)
		wanted string
	}{
		{"standard", func(in *coverage.Input) { in.Standard = -1 }, `coverage: standard: -1 is not within 0 and 100000`},
		{"effort", func(in *coverage.Input) { in.Efforts[1].Hours = math.NaN() }, `coverage: hours of effort 1: is NaN`},
		{"blank person", func(in *coverage.Input) { in.People[1].ID = "" }, `coverage: ID of person 1: is empty`},
		{"person twice", func(in *coverage.Input) { in.People[0].ID = "ann" }, `coverage: ID of person "ann": is there twice`},
		{"hours", func(in *coverage.Input) { in.People[2].Hours = math.Inf(1) }, `coverage: hours of person "ann": +Inf is not within 0 and 100000`},
		{"ramp", func(in *coverage.Input) { in.People[2].Ramp = 1.5 }, `coverage: ramp of person "ann": 1.5 is not within 0 and 1`},
		{"skills", func(in *coverage.Input) { in.People[2].Skills = []string{"x", ""} }, `coverage: skills of person "ann": name 1 is empty`},
		{"languages", func(in *coverage.Input) { in.People[2].Languages = []string{"\xff"} }, `coverage: languages of person "ann": name 0 is not valid UTF-8`},
		{"regions", func(in *coverage.Input) { in.People[2].Regions = []string{""} }, `coverage: regions of person "ann": name 0 is empty`},
		{"blank account", func(in *coverage.Input) { in.Accounts[3].ID = "" }, `coverage: ID of account 3: is empty`},
		{"account twice", func(in *coverage.Input) { in.Accounts[3].ID = "a" }, `coverage: account "a": ID: is there twice`},
		{"segment", func(in *coverage.Input) { in.Accounts[0].Segment = "\n" }, `coverage: account "a": segment: contains the control character U+000A at byte 0`},
		{"language", func(in *coverage.Input) { in.Accounts[0].Language = strings.Repeat("x", 257) }, `coverage: account "a": language: has 257 bytes, over 256`},
		{"holder", func(in *coverage.Input) { in.Accounts[0].Holder = "\xff" }, `coverage: account "a": holder: is not valid UTF-8`},
		{"skill of account", func(in *coverage.Input) { in.Accounts[0].Skills = []string{""} }, `coverage: account "a": skills: name 0 is empty`},
		{"hours of account", func(in *coverage.Input) { in.Accounts[0].Hours = hours(-0.5) }, `coverage: account "a": hours: -0.5 is not within 0 and 100000`},
		{"revenue below zero", func(in *coverage.Input) { in.Accounts[0].Revenue = euros(-1) }, `coverage: account "a": revenue: is negative`},
		{"revenue out of bounds", func(in *coverage.Input) { in.Accounts[0].Revenue = decimal.New(1, 19) }, `coverage: account "a": revenue: has the exponent 19, outside -18 to 18`},
		{"no currency", func(in *coverage.Input) { in.Accounts[0].Currency = "" }, `coverage: account "a": revenue: currency "" is not in ISO 4217`},
		{"unknown currency", func(in *coverage.Input) { in.Accounts[2].Currency = "points" }, `coverage: account "c": revenue: currency "points" is not in ISO 4217`},
		{"currencies", func(in *coverage.Input) { in.Accounts[1].Currency = "USD" }, `coverage: account "b": revenue: is in USD, others in EUR`},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := small()
			c.spoil(&in)
			_, err := coverage.Measure(in)
			var bad *coverage.DataError
			if !errors.As(err, &bad) || err.Error() != c.wanted {
				t.Errorf("got  %v\nwant %s", err, c.wanted)
			}
			if _, assigned := coverage.Assign(in, coverage.Rules{}); assigned == nil || assigned.Error() != c.wanted {
				t.Errorf("assign: %v", assigned)
			}
		})
	}
}

func TestBadRules(t *testing.T) {
	for wanted, rules := range map[string]coverage.Rules{
		"coverage: max moves: is negative":                      {MaxMoves: -1},
		"coverage: revenue weight: is NaN":                      {RevenueWeight: math.NaN()},
		"coverage: revenue weight: 1.01 is not within 0 and 1":  {RevenueWeight: 1.01},
		"coverage: revenue weight: -0.01 is not within 0 and 1": {RevenueWeight: -0.01},
	} {
		var bad *coverage.DataError
		if _, err := coverage.Assign(small(), rules); !errors.As(err, &bad) || err.Error() != wanted {
			t.Errorf("got %v, want %s", err, wanted)
		}
	}
}
