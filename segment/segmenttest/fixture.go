package segmenttest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
)

// start is an instant with microseconds that no coarser column keeps.
func start() time.Time { return time.Date(2026, 3, 9, 7, 41, 13, 123457000, time.UTC) }

// record returns a plain record of a version: as of start and so many days, recorded a second later.
func record(account string, version int64) segment.Record {
	asOf := start().AddDate(0, 0, int(version-1))
	return segment.Record{
		Format: 1, Version: version, Recorded: asOf.Add(time.Second),
		Verdict: segment.Verdict{
			Account: account, AsOf: asOf, Scheme: "tiers", Segment: "growth", Rule: 1, Reason: segment.Match,
		},
		Membership: segment.Membership{Segment: "growth", Since: start(), Reason: segment.Match, AsOf: asOf},
	}
}

// rich returns a record in which every field has a value that a careless column changes.
func rich(account string) segment.Record {
	r := record(account, 1)
	v := &r.Verdict
	v.Version, v.Digest[0], v.Digest[31] = "2026-07 é", 0xfe, 0x01
	v.Facts = []segment.Fact{
		{Attribute: "arr", Value: segment.Number(0.1)},
		{Attribute: "least", Value: segment.Number(math.SmallestNonzeroFloat64)},
		{Attribute: "whole", Value: segment.Number(1 << 53)},
		{Attribute: "zero", Value: segment.Number(0)},
		{Attribute: "region", Value: segment.Text(" É '\"\\\n\u2028 e\u0301 ")},
		{Attribute: "empty", Value: segment.Text("")},
		{Attribute: "trial", Value: segment.Flag(false)},
		{Attribute: "renewal", Value: segment.Time(start())},
		{Attribute: "nps", Value: segment.Null()},
		{Attribute: "usage", Value: segment.Failed("timeout <after> 3 s & no answer")},
	}
	v.Unknown = []string{"nps", "seats"}
	v.Near = []segment.NearMiss{{Segment: "strategic", Rule: 0, Attribute: "arr", Need: "arr >= 100000", By: 0.30000000000000004}}
	v.Leave = []segment.NearMiss{{Segment: "growth", Rule: 1, Attribute: "renewal", Need: "renewal < as_of", ByTime: 36*segment.Day + 1000}}
	v.Stays = []string{"growth"}
	r.Membership = segment.Membership{
		Segment: "growth", Since: start(), Reason: segment.InReview, Pending: "tech", PendingSince: start(),
		Approved: "growth", ApprovedBy: "kim ", AsOf: v.AsOf,
		Declined: &segment.Decline{Segment: "tech", By: "kim", Reason: "<renews> in May", At: start()},
		Pin:      &segment.Pin{Segment: "growth", By: "kim", Reason: "merger", From: start(), Until: start().AddDate(1, 0, 0)},
	}
	r.Events = []segment.Event{
		{ID: "e1", Account: account, Kind: segment.Exited, At: v.AsOf, Segment: "strategic"},
		{ID: "e2", Account: account, Kind: segment.Entered, At: v.AsOf, Segment: "growth"},
	}
	return r
}

// accounts are IDs that stores confuse which fold, normalise or trim, in the order of their bytes.
func accounts() []string {
	return []string{
		" a", "A", "B", "a", "a ", "a%", "a/b", "a_", "ab", "e\u0301", strings.Repeat("x", 256), strings.Repeat("x", 255) + "y",
		"\u00e9", "\u65e5\u672c", "\U0001F600",
	}
}

func fill(ctx context.Context, s segment.Assignments, account string, n int64) error {
	for version := int64(1); version <= n; version++ {
		if err := s.Append(ctx, account, version-1, record(account, version)); err != nil {
			return fmt.Errorf("append version %d: %w", version, err)
		}
	}
	return nil
}

// versions returns the versions that Records gives.
func versions(seq iter.Seq2[segment.Record, error]) ([]int64, error) {
	var got []int64
	for r, err := range seq {
		if err != nil {
			return got, err
		}
		got = append(got, r.Version)
	}
	return got, nil
}

func names(seq iter.Seq2[string, error]) ([]string, error) {
	var got []string
	for name, err := range seq {
		if err != nil {
			return got, err
		}
		got = append(got, name)
	}
	return got, nil
}

// differ says how a record differs from the one that is wanted.
func differ(got, want segment.Record) error {
	g, errG := json.Marshal(got)
	w, errW := json.Marshal(want)
	if err := errors.Join(errG, errW); err != nil {
		return err
	}
	if !bytes.Equal(g, w) {
		return fmt.Errorf("got  %s\nwant %s", g, w)
	}
	return nil
}

// last fails unless the account's last record is the wanted one.
func last(ctx context.Context, s segment.Assignments, account string, want segment.Record) error {
	got, ok, err := s.Last(ctx, account)
	if err != nil {
		return err
	}
	if !ok {
		return errors.New("no last record")
	}
	return differ(got, want)
}
