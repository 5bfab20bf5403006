package outcome_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/outcome"
)

func TestForeignRecords(t *testing.T) {
	ctx := t.Context()
	for _, tt := range []struct {
		name   string
		change func(p *outcome.Plan)
		format bool
		want   string // after the operation
	}{
		{"a format to come", func(p *outcome.Plan) { p.Format = outcome.Format + 1 }, true, `"acme": load plan "2026": format 2: unknown format`},
		{"another account's", func(p *outcome.Plan) { p.Account = "other" }, false, `"acme": plan "2026": the stored one is plan "2026" of account "other"`},
		{"another plan", func(p *outcome.Plan) { p.ID = "2025" }, false, `"acme": plan "2026": the stored one is plan "2025" of account "acme"`},
	} {
		store := new(failing)
		p := newPlanner(t, store, outcome.Options{})
		q := outcome.Proposal{Account: "acme", ID: "2026", Start: on(1, 1)}
		if _, err := p.Propose(ctx, q); err != nil {
			t.Fatal(err)
		}
		store.loaded = tt.change
		_, propose := p.Propose(ctx, q)
		_, update := p.Update(ctx, "acme", "2026", func(_ *outcome.Model, p outcome.Plan) (outcome.Plan, error) { return p, nil })
		_, check := p.Check(ctx, "acme", "2026", on(2, 1))
		for _, err := range []error{propose, update, check} {
			var data *outcome.DataError
			if err == nil || !strings.HasSuffix(err.Error(), tt.want) || errors.Is(err, outcome.ErrFormat) != tt.format || errors.As(err, &data) == tt.format {
				t.Errorf("%s: got %v, want …%s", tt.name, err, tt.want)
			}
		}
	}
	store := new(failing)
	p := newPlanner(t, store, outcome.Options{})
	if _, err := p.Propose(ctx, outcome.Proposal{Account: "acme", ID: "2026", Start: on(1, 1)}); err != nil {
		t.Fatal(err)
	}
	store.values = measured(on(1, 10), day, 1)
	var data *outcome.DataError
	if _, err := p.Check(ctx, "acme", "2026", on(2, 1)); !errors.As(err, &data) ||
		err.Error() != `outcome: account "acme": measure "weekly_active_share": a stored value is of measure "m"` {
		t.Errorf("values of another measure: got %v", err)
	}
}

func TestObserver(t *testing.T) {
	var trail []string
	store := new(failing)
	p := newPlanner(t, store, outcome.Options{Observe: func(ctx context.Context, op outcome.Op) (context.Context, func(error)) {
		trail = append(trail, "begin "+op.Name+" "+op.Account)
		return ctx, func(err error) { trail = append(trail, fmt.Sprint("end ", op.Name, " ", err)) }
	}})
	ctx := t.Context()
	if _, err := p.Propose(ctx, outcome.Proposal{Account: "acme", ID: "2026", Start: on(1, 1)}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Check(ctx, "acme", "2026", on(2, 1)); err != nil {
		t.Fatal(err)
	}
	for name, observe := range map[string]outcome.Observer{
		"no context":  func(context.Context, outcome.Op) (context.Context, func(error)) { return nil, func(error) {} },
		"no function": func(ctx context.Context, _ outcome.Op) (context.Context, func(error)) { return ctx, nil },
	} {
		if _, err := newPlanner(t, store, outcome.Options{Observe: observe}).Check(ctx, "acme", "2026", on(2, 1)); err != nil {
			t.Errorf("an observer that returns %s: %v", name, err)
		}
	}
	want := []string{"begin propose acme", "end propose <nil>", "begin check acme", "end check <nil>"}
	if diff := cmp.Diff(want, trail); diff != "" {
		t.Errorf("observed (-want +got):\n%s", diff)
	}
}

func TestMemoryRefuses(t *testing.T) {
	ctx := t.Context()
	var s outcome.Memory
	good := outcome.Measurement{Measure: "m", At: on(1, 1), Value: 1, Recorded: on(1, 1)}
	for want, change := range map[string]func(*outcome.Measurement){
		`measure "": is empty`:                     func(m *outcome.Measurement) { m.Measure = "" },
		`measure "m": recorded is zero`:            func(m *outcome.Measurement) { m.Recorded = time.Time{} },
		`the value at 2026-01-01T00:00:00Z is NaN`: func(m *outcome.Measurement) { m.Value = math.NaN() },
		`year 10000 is outside 1 to 9999`:          func(m *outcome.Measurement) { m.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		bad := good
		change(&bad)
		if err := s.Put(ctx, "acme", good, bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("put: got %v, want %s", err, want)
		}
	}
	for range s.Measured(ctx, "acme", "m", time.Time{}, time.Time{}, time.Time{}) {
		t.Error("a value was put beside a wrong one")
	}
	if err := s.Put(ctx, "", good); err == nil || !strings.Contains(err.Error(), "account: is empty") {
		t.Errorf("put for no account: got %v", err)
	}
	p := mustPropose(t, mustCompile(t, bare()), aim("a", outcome.Target{Measure: "m", Goal: 1}))
	p.Version = 1
	if err := s.Save(ctx, 1, p); !errors.Is(err, outcome.ErrConflict) || err.Error() != "after 1: conflict" {
		t.Errorf("save version 1 after 1: got %v, want ErrConflict", err)
	}
	p.Version = 2
	if err := s.Save(ctx, 0, p); !errors.Is(err, outcome.ErrConflict) {
		t.Errorf("save version 2 after 0: got %v, want ErrConflict", err)
	}
	p.Outcomes[0].Weight = math.NaN()
	if err := s.Save(ctx, 0, p); err == nil || !strings.Contains(err.Error(), "/outcomes/0/weight") {
		t.Errorf("save a NaN: got %v", err)
	}
	p.ID = ""
	if err := s.Save(ctx, 0, p); err == nil || !strings.Contains(err.Error(), "is empty") {
		t.Errorf("save without an ID: got %v", err)
	}
}
