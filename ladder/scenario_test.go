package ladder_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// hoursSaved is 12 months × 10 users × hours, of which adoption and half, at 50.00 an hour, half of it money.
func hoursSaved() ladder.Ladder {
	return ladder.Ladder{
		Format: 1, Name: "to the cent", Currency: "EUR",
		Nodes: []ladder.Node{{Name: "users", Rung: ladder.Operational}},
		Benefits: []ladder.Benefit{{
			Name: "hours saved", Driver: ladder.Productivity, Basis: ladder.OneOff, Node: "users",
			Moved:    quantity("hours"),
			Times:    []ladder.Term{*constant("12"), *constant("10")},
			Adoption: quantity("adoption"), Attribution: constant("0.5"),
			UnitValue: *constant("50.00"), Conversion: constant("0.5"),
		}},
	}
}

func TestScenario8ToTheCent(t *testing.T) {
	model := compile(t, hoursSaved())
	asOf := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

	t.Run("leakage", func(t *testing.T) {
		got, err := model.Leakage("acme", []ladder.Level{
			{Stage: ladder.Potential, Amount: dec("1000000")},
			{Stage: ladder.Sold, Amount: dec("900000")},
			{Stage: ladder.Adopted, Amount: dec("700000")},
			{Stage: ladder.Achieved, Amount: dec("500000")},
			{Stage: ladder.Verified, Amount: dec("400000")},
			{Stage: ladder.Communicated, Amount: dec("250000")},
		}, asOf)
		if err != nil {
			t.Fatal(err)
		}
		want := ladder.Leakage{
			Account: "acme", AsOf: asOf, Ladder: "to the cent", Digest: model.Digest(), Currency: "EUR",
			Steps: []ladder.Loss{
				{From: ladder.Potential, To: ladder.Sold, Known: true, Amount: dec("100000"), Located: true, Over: []ladder.Stage{ladder.Sold}},
				{From: ladder.Sold, To: ladder.Adopted, Known: true, Amount: dec("200000"), Over: []ladder.Stage{ladder.Deployed, ladder.Adopted}},
				{From: ladder.Adopted, To: ladder.Achieved, Known: true, Amount: dec("200000"), Located: true, Over: []ladder.Stage{ladder.Achieved}},
				{From: ladder.Achieved, To: ladder.Verified, Known: true, Amount: dec("100000"), Located: true, Over: []ladder.Stage{ladder.Verified}},
				{From: ladder.Verified, To: ladder.Communicated, Known: true, Amount: dec("150000"), Located: true, Over: []ladder.Stage{ladder.Communicated}},
				{From: ladder.Communicated, To: ladder.Felt, Located: true, Over: []ladder.Stage{ladder.Felt}},
			},
			Value:      ladder.Amount{Known: true, Low: dec("500000"), High: ptr(dec("500000"))},
			Visibility: ladder.Amount{Low: dec("250000"), High: ptr(dec("500000"))},
			AtStake:    ptr(dec("250000")),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("promised and realized", func(t *testing.T) {
		made := func(hours, adoption string) ladder.Statement {
			t.Helper()
			s, err := model.Statement(ladder.Input{
				Account: "acme", From: asOf.AddDate(-1, 0, 0), To: asOf,
				Quantities: ladder.QuantityMap{"hours": {Value: dec(hours)}, "adoption": {Value: dec(adoption)}},
			}, asOf)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		c, err := ladder.Compare(made("54", "0.8"), made("45", "0.6"))
		if err != nil {
			t.Fatal(err)
		}
		promised, realized := c.Promised.StringFixed(2), c.Realized.StringFixed(2)
		if promised != "64800.00" || realized != "40500.00" {
			t.Errorf("promised %s, realized %s, want 64800.00 and 40500.00", promised, realized)
		}
		want := []ladder.Cause{
			{Role: "moved", Name: "hours", Promised: dec("54"), Realized: dec("45"), Amount: dec("-9450.00")},
			{Role: "adoption", Name: "adoption", Promised: dec("0.8"), Realized: dec("0.6"), Amount: dec("-14850.00")},
		}
		if diff := cmp.Diff(want, c.Causes); diff != "" || c.Gap.StringFixed(2) != "-24300.00" {
			t.Errorf("gap %v, want -24300.00; causes (-want +got):\n%s", c.Gap, diff)
		}
	})

	t.Run("claims of 60 % and 55 % on one pool", func(t *testing.T) {
		l := hoursSaved()
		l.Pools = []ladder.Pool{{Name: "team hours", Capacity: *constant("10000"), Basis: ladder.Annual}}
		l.Benefits = append(l.Benefits, l.Benefits[0])
		l.Benefits[1].Name = "hours saved again"
		for i, share := range []string{"0.60", "0.55"} {
			l.Benefits[i].Pool, l.Benefits[i].Attribution = "team hours", constant(share)
		}
		_, err := ladder.Compile(l)
		want := []ladder.Problem{{Pointer: "/benefits/1/pool", Message: `the attributions on pool "team hours" sum to 1.15, over 1`}}
		var invalid *ladder.InvalidError
		if !errors.As(err, &invalid) {
			t.Fatalf("got %v, want an InvalidError", err)
		}
		if diff := cmp.Diff(want, invalid.Problems); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
