package segment_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/segment"
)

// reviews lists the accounts that wait for a person.
func reviews(t *testing.T, r *segment.Roster, after string, d float64) (accounts []string) {
	t.Helper()
	for item, err := range r.Reviews(t.Context(), after, day(d)) {
		if err != nil || item.Err != nil {
			t.Fatal(err, item.Err)
		}
		if m := item.Record.Membership; m.Reason != segment.InReview || item.Record.Verdict.Account != item.Account {
			t.Errorf("%s is not in review: %+v", item.Account, m)
		}
		accounts = append(accounts, item.Account)
	}
	return accounts
}

// TestReviewQueue follows four accounts that fall on the same day: one is declined, one approved, one recovers, one waits on.
func TestReviewQueue(t *testing.T) {
	var store segment.Memory
	r := roster(t, steady(), &store, segment.Options{})
	all := []string{"approved", "declined", "recovers", "waits"}
	for d, arrs := range []float64{120, 50, 50, 50, 50} { // from day 4 in review: For is three days
		for _, account := range all {
			check(t, r, arr(account, arrs), day(float64(d)))
		}
	}
	declined, err := r.Decline(t.Context(), "declined", "kim", "renews in May", day(5))
	if err != nil {
		t.Fatal(err)
	}
	want := &segment.Decline{Segment: "growth", By: "kim", Reason: "renews in May", At: day(5)}
	if diff := cmp.Diff(want, declined.Membership.Declined); state(declined.Membership) != "strategic declined" || events(declined) != "" || diff != "" {
		t.Errorf("declined: %s with %q (-want +got):\n%s", state(declined.Membership), events(declined), diff)
	}
	if !declined.Membership.Since.Equal(day(0)) || declined.Verdict.Reason != segment.Declined {
		t.Errorf("got %+v", declined)
	}
	again, err := r.Decline(t.Context(), "declined", "kim", "renews in May", day(5))
	if diff := cmp.Diff(declined, again, byValue); err != nil || diff != "" {
		t.Errorf("again: %v (-want +got):\n%s", err, diff)
	}
	later := compile(t, steady()).Settle(declined.Membership, segment.Verdict{AsOf: day(6), Segment: "growth"})
	if later.Declined == declined.Membership.Declined || later.Declined == nil {
		t.Error("two memberships share a word, or it is lost")
	}
	var refused *segment.RefusedError
	if _, err := r.Decline(t.Context(), "declined", "kim", "another reason", day(5)); !errors.As(err, &refused) || refused.Rule != "pending" {
		t.Errorf("another reason for what is not pending: got error %v", err)
	}
	if _, err := r.Approve(t.Context(), "approved", "kim", day(5)); err != nil {
		t.Fatal(err)
	}
	check(t, r, arr("recovers", 130), day(5))

	for _, c := range []struct {
		after string
		day   float64
		want  []string
	}{
		{"", 3.9, nil}, {"", 4, all}, {"approved", 4.9, all[1:]}, {"b", 4, all[1:]}, {"waits", 4, nil}, {"", 5, all[3:]}, {"", 99, all[3:]}, {"", -9, nil},
	} {
		if diff := cmp.Diff(c.want, reviews(t, r, c.after, c.day)); diff != "" {
			t.Errorf("day %v after %q (-want +got):\n%s", c.day, c.after, diff)
		}
	}

	// The clock starts anew, and the word stays as long as the account does.
	for _, c := range []struct {
		day, arr float64
		state    string
		events   string
		kept     bool
	}{
		{6, 50, "strategic waiting, growth since 6", "", true},
		{8.9, 50, "strategic waiting, growth since 6", "", true},
		{9, 50, "strategic review, growth since 6", "review_due strategic; ", true},
		{10, 120, "strategic match", "", true},
		{11, 50, "strategic waiting, growth since 11", "", true},
		{14, 50, "strategic review, growth since 11", "review_due strategic; ", true},
	} {
		got := check(t, r, arr("declined", c.arr), day(c.day))
		if state(got.Membership) != c.state || events(got) != c.events || (got.Membership.Declined != nil) != c.kept {
			t.Fatalf("day %v: got %s with %q, declined %v", c.day, state(got.Membership), events(got), got.Membership.Declined)
		}
	}
	moved, err := r.Approve(t.Context(), "declined", "lee", day(15))
	if err != nil || state(moved.Membership) != "growth approved" || moved.Membership.Declined != nil {
		t.Errorf("approved in the end: %+v, %v", moved.Membership, err)
	}
}

func TestDeclineRefuses(t *testing.T) {
	var store segment.Memory
	r := roster(t, steady(), &store, segment.Options{})
	check(t, r, arr("acme", 120), day(0))
	check(t, r, arr("acme", 50), day(1))
	decline := func(account, by, reason string, at time.Time) error {
		_, err := r.Decline(t.Context(), account, by, reason, at)
		return err
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{decline("", "kim", "x", day(2)), "segment: account: is empty"},
		{decline("acme", "", "x", day(2)), `segment: account "acme": by: is empty`},
		{decline("acme", "kim", "", day(2)), `segment: account "acme": reason: is empty`},
		{decline("acme", "kim", "a\x00", day(2)), `segment: account "acme": reason: contains U+0000`},
		{decline("acme", "kim", "x", time.Time{}), `segment: account "acme": at: is zero`},
		{decline("beta", "kim", "x", day(2)), `segment: account "beta": refused by pending: no move is pending; needs a membership that waits or is in review`},
	} {
		if c.err == nil || c.err.Error() != c.want {
			t.Errorf("got error %v, want %s", c.err, c.want)
		}
	}
	var refused *segment.RefusedError
	if err := decline("acme", "kim", "x", day(0)); !errors.As(err, &refused) || refused.Rule != "in_order" {
		t.Errorf("got error %v, want it refused by in_order", err)
	}
	if err := decline("acme", "kim", "too early to tell", day(2)); err != nil { // what waits may be declined too
		t.Error(err)
	}
}

// One account's wrong record sits in its item; what keeps the sequence from going on comes last.
func TestReviewsErrors(t *testing.T) {
	store := &foreign{}
	var ops []string
	r := roster(t, steady(), store, segment.Options{Observe: func(ctx context.Context, op segment.Op) (context.Context, func(error)) {
		return ctx, func(err error) { ops = append(ops, fmt.Sprint(op.Name, " ", err != nil)) }
	}})
	for d, arrs := range []float64{120, 50, 50, 50, 50} {
		for _, account := range []string{"a", "b", "c"} {
			check(t, r, arr(account, arrs), day(float64(d)))
		}
	}
	store.ranged = func(record *segment.Record) {
		switch record.Verdict.Account {
		case "a":
			record.Format = 2
		case "b":
			record.Verdict.Account = "x"
		}
	}
	ops = nil
	var got []string
	for item, err := range r.Reviews(t.Context(), "", day(9)) {
		var data *segment.DataError
		got = append(got, fmt.Sprint(item.Account, errors.Is(item.Err, segment.ErrFormat), errors.As(item.Err, &data), item.Record != nil, err))
	}
	if diff := cmp.Diff([]string{"atrue false false <nil>", "bfalse true false <nil>", "cfalse false true <nil>"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for range r.Reviews(t.Context(), "", day(9)) {
		break
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		ctx  context.Context
		asOf time.Time
		want string
	}{{t.Context(), time.Time{}, "segment: as of: is zero"}, {ended, day(9), "segment: reviews: context canceled"}} {
		n := 0
		for item, err := range r.Reviews(c.ctx, "", c.asOf) {
			if n++; err == nil || err.Error() != c.want || item.Account != "" {
				t.Errorf("got %+v, %v, want %s", item, err, c.want)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d items", c.want, n)
		}
	}
	if diff := cmp.Diff([]string{"reviews false", "reviews false", "reviews true", "reviews true"}, ops); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
}
