package laddertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// start is an instant with microseconds.
var start = time.Date(2026, 1, 31, 23, 59, 59, 123456000, time.UTC)

// entry returns the n-th entry of an account, with an ID of its own.
func entry(account string, n int) ladder.Entry {
	from := start.AddDate(0, 0, 7*n)
	return ladder.Entry{
		Format: 1, ID: fmt.Sprintf("e%03d", n), Account: account, Benefit: "hours saved",
		From: from, To: from.AddDate(0, 0, 7),
		Amount: decimal.New(int64(1000*n+1), -2), Currency: "EUR", Units: decimal.New(int64(n), -3),
		Evidence: ladder.Measured, Source: "report 17", By: "anna",
		Recorded: start.Add(time.Duration(n) * time.Microsecond), Digest: ladder.Digest{0: 1, 31: byte(n)},
	}
}

// entries returns the entries from..to-1 of an account.
func entries(account string, from, to int) []ladder.Entry {
	var list []ladder.Entry
	for n := from; n < to; n++ {
		list = append(list, entry(account, n))
	}
	return list
}

// nine is a decimal of 38 digits with 18 places.
var nine = decimal.RequireFromString("99999999999999999999.999999999999999999")

// delicate are entries that a store could harm.
func delicate(account string) []ladder.Entry {
	list := entries(account, 0, 10)
	amounts := []string{"0.000000000000000001", "-12.30", "1200", "0.10", "0", "-0.01", "12345678901234567890.123456789012345678"}
	for i, text := range amounts {
		list[i].Amount = decimal.RequireFromString(text)
	}
	list[7].Amount, list[7].Units = nine.Neg(), nine
	list[8].Amount = decimal.New(17, 18)
	list[0].Units = decimal.Decimal{}
	list[1].Source, list[1].By = "", ""
	list[2].Source = "quoted \"text\" 'and' \\ <b>&amp;</b>\nnext line\t\u2028 "
	list[3].By = " Zoë 株式会社 e\u0301 \U0001F4B6 "
	list[4].From = time.Date(1969, 12, 31, 23, 59, 59, 999999000, time.UTC)
	list[5].ID, list[5].Benefit = strings.Repeat("é", 128), "Ersparnis é"
	list[6].Reverses, list[6].Evidence, list[6].Currency = list[5].ID, ladder.Audited, "KWD"
	list[9].Source = strings.Repeat("é", 512)
	return list
}

// text returns an entry's canonical encoding: two entries are the same if theirs is.
func text(e ladder.Entry) string {
	b, err := json.Marshal(e)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// read returns the entries of an account with a number above after.
func read(ctx context.Context, s ladder.Ledger, account string, after int64) ([]ladder.Entry, error) {
	var list []ladder.Entry
	for e, err := range s.Entries(ctx, account, after) {
		if err != nil {
			return nil, fmt.Errorf("Entries(%q, %d): %w", account, after, err)
		}
		list = append(list, e)
	}
	return list, nil
}

// holds reports how the entries of an account with a number above after differ from want.
func holds(ctx context.Context, s ladder.Ledger, account string, after int64, want []ladder.Entry) error {
	got, err := read(ctx, s, account, after)
	if err != nil {
		return err
	}
	return differ(fmt.Sprintf("Entries(%q, %d)", account, after), got, want)
}

func differ(what string, got, want []ladder.Entry) error {
	for i := range min(len(got), len(want)) {
		if g, w := text(got[i]), text(want[i]); g != w {
			return fmt.Errorf("%s: entry %d:\n got %s\nwant %s", what, i, g, w)
		}
	}
	if len(got) != len(want) {
		return fmt.Errorf("%s: %d entries, want %d", what, len(got), len(want))
	}
	return nil
}

// posted reports how the accounts after one differ from want.
func posted(ctx context.Context, s ladder.Ledger, after string, want []string) error {
	var got []string
	for account, err := range s.Posted(ctx, after) {
		if err != nil {
			return fmt.Errorf("Posted(%q): %w", after, err)
		}
		got = append(got, account)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("Posted(%q): got %q, want %q", after, got, want)
	}
	return nil
}

// seed appends entries that must fit.
func seed(ctx context.Context, s ladder.Ledger, account string, after int64, list ...ladder.Entry) error {
	if err := s.Append(ctx, account, after, list...); err != nil {
		return fmt.Errorf("Append(%q, %d) of %d entries: %w", account, after, len(list), err)
	}
	return nil
}

// refused demands a conflict.
func refused(ctx context.Context, s ladder.Ledger, account string, after int64, list ...ladder.Entry) error {
	if err := s.Append(ctx, account, after, list...); !errors.Is(err, ladder.ErrConflict) {
		return fmt.Errorf("Append(%q, %d) of %d entries: got %v, want ErrConflict", account, after, len(list), err)
	}
	return nil
}

// first returns the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
