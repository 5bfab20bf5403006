package engagementtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

type store = engagement.Touches

// day returns an instant with microseconds that no coarser column keeps, so many days after a fixed one.
func day(n int) time.Time { return time.Date(2026, 3, 9+n, 7, 41, 13, 123457000, time.UTC) }

// touch returns a touch of a day, recorded an hour later.
func touch(id string, n int) engagement.Touch {
	return engagement.Touch{
		Format: 1, ID: id, Touch: "review", Channel: engagement.Human, By: "kim", Person: "pat",
		At: day(n), Recorded: day(n).Add(time.Hour),
	}
}

// ids are apart by case, normal form, trailing space or their last byte alone, in the order of their bytes.
func ids() []string {
	return []string{
		" a", "A", "B", "a", "a ", "a%", "a/b", "a_", "ab", "e\u0301", strings.Repeat("x", 256), strings.Repeat("x", 255) + "y",
		"\u00e9", "\u65e5\u672c", "\U0001F600",
	}
}

func all(ctx context.Context, s store, account string) ([]engagement.Touch, error) {
	return collect(s.Made(ctx, account, time.Time{}, time.Time{}, time.Time{}))
}

func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var got []T
	for v, err := range seq {
		if err != nil {
			return got, err
		}
		got = append(got, v)
	}
	return got, nil
}

// made fails unless these touches are all that the account has, in this order.
func made(ctx context.Context, s store, account string, want ...engagement.Touch) error {
	got, err := all(ctx, s, account)
	return sameTouches(got, want, err)
}

func sameTouches(got, want []engagement.Touch, err error) error {
	g, errG := json.Marshal(got)
	w, errW := json.Marshal(want)
	if err := errors.Join(err, errG, errW); err != nil {
		return err
	}
	if !bytes.Equal(g, w) {
		return fmt.Errorf("got  %s\nwant %s", g, w)
	}
	return nil
}

func sameNames(got, want []string, err error) error {
	if err != nil {
		return err
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("got %q, want %q", got, want)
	}
	return nil
}
