package healthtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/conform"
)

// bulkCases ask through health.Inputs, which asks a source that is no BulkSource for one account after the other.
func bulkCases() []conform.Case[maker] {
	return []conform.Case[maker]{
		{Clause: "B1", Name: "one item each, in the order asked", Run: givesEach},
		{Clause: "B1", Name: "more than a page of accounts", Run: givesMany},
		{Clause: "B2", Name: "as Input gives", Run: givesAsInput},
		{Clause: "B2", Name: "items stay as they were given", Run: keepsItems},
		{Clause: "B3", Name: "an ID that can't be stored", Run: goesOn},
		{Clause: "B4", Name: "a sequence stops early", Run: stopsItems},
		{Clause: "B4", Name: "calls while a sequence runs", Run: asksWithin},
		{Clause: "B5", Name: "a cancelled context", Run: inputsGiveUp},
		{Clause: "B5", Name: "calls from many goroutines", Run: asksConcurrently},
	}
}

// inputs returns the items of accounts, which must be one for each, in this order, all without an error.
func inputs(ctx context.Context, s health.Source, accounts []string, asOf, knownAt time.Time) ([]health.Item, error) {
	asked := slices.Clone(accounts)
	items, err := collect("inputs", health.Inputs(ctx, s, asked, asOf, knownAt))
	if err != nil {
		return nil, err
	}
	got := make([]string, len(items))
	for i, item := range items {
		got[i] = item.Account
		if item.Err != nil {
			return nil, fmt.Errorf("inputs: item of %q: %w", item.Account, item.Err)
		}
		if item.Input != nil && (item.Input.Account != item.Account || item.Input.Readings == nil) {
			return nil, fmt.Errorf("inputs: got the input %+v in the item of %q", *item.Input, item.Account)
		}
	}
	if !slices.Equal(got, accounts) {
		return nil, fmt.Errorf("inputs: got items of %q, want %q", got, accounts)
	}
	if !slices.Equal(asked, accounts) {
		return nil, fmt.Errorf("inputs: the accounts asked for were changed to %q", asked)
	}
	return items, nil
}

// values fails unless the items have these values for "nps"; below 0 stands for an account that is not known.
func values(items []health.Item, want ...float64) error {
	for i, item := range items {
		switch {
		case want[i] < 0 && item.Input != nil:
			return fmt.Errorf("inputs: got an input of %q, which is not known", item.Account)
		case want[i] < 0:
		case item.Input == nil:
			return fmt.Errorf("inputs: got no input of %q", item.Account)
		default:
			if err := value(fmt.Sprintf("inputs: item %d, of %q", i, item.Account), *item.Input, "nps", want[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func givesEach(ctx context.Context, newSource maker) error {
	s, err := newSource([]Row{row("b", "nps", 2, 1, 1), row("a", "nps", 1, 1, 1), row("c", "nps", 3, 1, 1)})
	if err != nil {
		return err
	}
	for _, c := range []struct {
		accounts []string
		want     []float64
	}{
		{[]string{"c", "a", "b"}, []float64{3, 1, 2}},
		{[]string{"b", "none", "a", "A"}, []float64{2, -1, 1, -1}},
		{[]string{"a", "b", "a", "none", "none"}, []float64{1, 2, 1, -1, -1}},
		{nil, nil},
	} {
		items, err := inputs(ctx, s, c.accounts, day(2), never())
		if err == nil {
			err = values(items, c.want...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func givesMany(ctx context.Context, newSource maker) error {
	const known = 5
	var rows []Row
	for i := range known {
		rows = append(rows, row(fmt.Sprint("account ", 173*i), "nps", float64(i), 1, 1))
	}
	s, err := newSource(rows)
	if err != nil {
		return err
	}
	var accounts []string
	var want []float64
	for i := range 700 {
		accounts, want = append(accounts, fmt.Sprint("account ", i)), append(want, -1)
	}
	for i := range known {
		want[173*i] = float64(i)
	}
	items, err := inputs(ctx, s, accounts, day(2), never())
	if err != nil {
		return err
	}
	return values(items, want...)
}

func givesAsInput(ctx context.Context, newSource maker) error {
	accounts := append(ids(), "none")
	var rows []Row
	for i, id := range ids() {
		rows = append(rows,
			row(id, "nps", float64(i), 1, 1), row(id, "nps", float64(100+i), 1, 3), row(id, "nps", float64(200+i), 2+i%2, 2+i%2))
		if i%3 == 0 {
			rows = append(rows, row(id, "usage", float64(i), 0, i))
		}
	}
	s, err := newSource(rows)
	if err != nil {
		return err
	}
	for _, asOf := range []time.Time{day(0), day(1), day(2), day(9)} {
		for _, knownAt := range []time.Time{day(1), day(1).Add(time.Minute), day(2).Add(time.Minute), day(4), {}} {
			items, err := inputs(ctx, s, accounts, asOf, knownAt)
			if err != nil {
				return err
			}
			for _, item := range items {
				in, known, err := s.Input(ctx, item.Account, asOf, knownAt)
				if err != nil {
					return fmt.Errorf("input of %q: %w", item.Account, err)
				}
				if err := asInput(item, in, known); err != nil {
					return fmt.Errorf("inputs as of %v, known at %v: item of %q: %w", asOf, knownAt, item.Account, err)
				}
			}
		}
	}
	return nil
}

// asInput fails unless an item is what Input gave.
func asInput(item health.Item, in health.Input, known bool) error {
	if known != (item.Input != nil) {
		return fmt.Errorf("known is %v, and to Input %v", item.Input != nil, known)
	}
	if !known {
		return nil
	}
	if !item.Input.Since.Equal(in.Since) {
		return fmt.Errorf("since %v, and to Input %v", item.Input.Since, in.Since)
	}
	for _, measure := range []string{"nps", "usage", "other"} {
		got, ok := item.Input.Readings.Reading(measure)
		want, there := in.Readings.Reading(measure)
		if ok != there || got.Value != want.Value || !got.At.Equal(want.At) || got.State != want.State || got.Why != want.Why {
			return fmt.Errorf("%q is %+v, %v, and to Input %+v, %v", measure, got, ok, want, there)
		}
	}
	return nil
}

func keepsItems(ctx context.Context, newSource maker) error {
	s, err := newSource([]Row{row("a", "nps", 1, 1, 1), row("b", "nps", 2, 1, 1)})
	if err != nil {
		return err
	}
	for range 2 {
		items, err := inputs(ctx, s, []string{"a", "b", "a"}, day(2), never())
		if err != nil {
			return err
		}
		if err := values(items, 1, 2, 1); err != nil {
			return err
		}
		if readings, ok := items[0].Input.Readings.(health.ReadingMap); ok {
			readings["nps"] = health.Reading{Value: 9, At: day(1)}
			if err := values(items[1:], 2, 1); err != nil {
				return fmt.Errorf("after a change of the first item: %w", err)
			}
		}
	}
	return nil
}

func goesOn(ctx context.Context, newSource maker) error {
	s, err := newSource([]Row{row("a", "nps", 1, 1, 1), row("b", "nps", 2, 1, 1)})
	if err != nil {
		return err
	}
	accounts := []string{"a", "\x00", "\xff", "", "b"}
	items, err := collect("inputs", health.Inputs(ctx, s, accounts, day(2), never()))
	if err != nil {
		return err
	}
	if len(items) != len(accounts) {
		return fmt.Errorf("inputs of %q: got %d items", accounts, len(items))
	}
	for i := range items {
		if items[i].Account != accounts[i] {
			return fmt.Errorf("inputs of %q: got %q in place %d", accounts, items[i].Account, i)
		}
	}
	return values(items, 1, -1, -1, -1, 2)
}

func stopsItems(ctx context.Context, newSource maker) error {
	s, err := newSource([]Row{row("a", "nps", 1, 1, 1), row("b", "nps", 2, 1, 1)})
	if err != nil {
		return err
	}
	for item, err := range health.Inputs(ctx, s, []string{"a", "b"}, day(2), never()) {
		if err != nil {
			return fmt.Errorf("inputs: %w", err)
		}
		if item.Account != "a" {
			return fmt.Errorf("inputs: got %q first", item.Account)
		}
		break // a source that goes on panics here
	}
	items, err := inputs(ctx, s, []string{"a", "b"}, day(2), never())
	if err != nil {
		return err
	}
	return values(items, 1, 2)
}

func asksWithin(ctx context.Context, newSource maker) error {
	s, err := newSource([]Row{row("a", "nps", 1, 1, 1), row("b", "nps", 2, 1, 1)})
	if err != nil {
		return err
	}
	return patient(func() error {
		for item, err := range health.Inputs(ctx, s, []string{"a", "b"}, day(2), never()) {
			if err != nil {
				return fmt.Errorf("inputs: %w", err)
			}
			if _, err := ask(ctx, s, item.Account, day(2), never()); err != nil {
				return err
			}
			if _, err := inputs(ctx, s, []string{"b", "a"}, day(2), never()); err != nil {
				return fmt.Errorf("while a sequence runs: %w", err)
			}
		}
		return nil
	})
}

func inputsGiveUp(ctx context.Context, newSource maker) error {
	s, err := newSource([]Row{row("a", "nps", 1, 1, 1)})
	if err != nil {
		return err
	}
	for _, accounts := range [][]string{{"a"}, {"none"}, nil} {
		_, err := collect("inputs", health.Inputs(ended(ctx), s, accounts, day(2), never()))
		if err := gaveUp(fmt.Sprintf("inputs of %q", accounts), err); err != nil {
			return err
		}
	}
	return nil
}

func asksConcurrently(ctx context.Context, newSource maker) error {
	const workers = 8
	var rows []Row
	var accounts []string
	var want []float64
	for w := range workers {
		accounts, want = append(accounts, fmt.Sprint("account ", w)), append(want, float64(w))
		rows = append(rows, row(accounts[w], "nps", want[w], 1, 1))
	}
	s, err := newSource(rows)
	if err != nil {
		return err
	}
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for range 20 {
				items, err := inputs(ctx, s, accounts[w:], day(2), never())
				if err == nil {
					err = values(items, want[w:]...)
				}
				if err != nil {
					errs[w] = err
					return
				}
			}
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}
