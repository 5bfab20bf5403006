// Package conform runs conformance suites: tables of cases that hold a host's store to the numbered clauses of its
// contract. It imports testing, so only the packages of suites import it.
package conform

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// Case is one demand of a contract on a store of type S.
type Case[S any] struct {
	Clause string // of the contract: "H1"
	Name   string // what is demanded: "append after the last version"
	// Run gets a new, empty store and returns how that falls short. A panic counts as an error.
	Run func(ctx context.Context, s S) error
}

func (c Case[S]) title() string { return c.Clause + "/" + c.Name }

// Run runs each case as a subtest named by clause and name, each with a store of its own.
func Run[S any](t *testing.T, newStore func(t *testing.T) S, cases []Case[S]) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.title(), func(t *testing.T) {
			if err := guarded(t.Context(), newStore(t), c); err != nil {
				t.Errorf("clause %s: %v", c.Clause, err)
			}
		})
	}
}

// Check runs the cases outside of a test and returns all their errors joined, each naming its clause.
// When ctx is done the cases that remain are not run, and the error says so.
func Check[S any](ctx context.Context, newStore func() (S, error), cases []Case[S]) error {
	var errs []error
	for _, f := range failures(ctx, newStore, cases) {
		errs = append(errs, f.err)
	}
	return errors.Join(errs...)
}

type failure struct {
	clause string
	err    error
}

func failures[S any](ctx context.Context, newStore func() (S, error), cases []Case[S]) []failure {
	var failed []failure
	for i, c := range cases {
		if err := ctx.Err(); err != nil {
			err = fmt.Errorf("%d of %d cases not run: %w", len(cases)-i, len(cases), err)
			return append(failed, failure{err: err})
		}
		s, err := newStore()
		if err != nil {
			err = fmt.Errorf("new store: %w", err)
		} else {
			err = guarded(ctx, s, c)
		}
		if err != nil {
			failed = append(failed, failure{c.Clause, fmt.Errorf("clause %s: %s: %w", c.Clause, c.Name, err)})
		}
	}
	return failed
}

func guarded[S any](ctx context.Context, s S, c Case[S]) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return c.Run(ctx, s)
}

// Fault is a store that breaks one clause on purpose.
type Fault[S any] struct {
	Clause string
	New    func() S
}

// Broken tests a suite itself: each broken store must fail a case of the very clause it breaks, and each clause that
// the cases name must have a broken store.
func Broken[S any](t *testing.T, cases []Case[S], faults []Fault[S]) {
	t.Helper()
	for _, complaint := range blind(t.Context(), cases, faults) {
		t.Error(complaint)
	}
}

// blind returns what the suite does not see.
func blind[S any](ctx context.Context, cases []Case[S], faults []Fault[S]) []string {
	var complaints []string
	for i, f := range faults {
		newStore := func() (S, error) { return f.New(), nil }
		failed := failures(ctx, newStore, cases)
		if !slices.ContainsFunc(failed, func(x failure) bool { return x.clause == f.Clause }) {
			complaints = append(complaints, fmt.Sprintf("broken store %d: no case of clause %s fails", i, f.Clause))
		}
	}
	seen := make(map[string]bool)
	for _, c := range cases {
		if seen[c.Clause] {
			continue
		}
		seen[c.Clause] = true
		if !slices.ContainsFunc(faults, func(f Fault[S]) bool { return f.Clause == c.Clause }) {
			complaints = append(complaints, fmt.Sprintf("clause %s has no broken store", c.Clause))
		}
	}
	return complaints
}
