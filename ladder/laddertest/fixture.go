package laddertest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/ladder"
)

// start is an instant with microseconds.
var start = time.Date(2026, 1, 31, 23, 59, 59, 123456000, time.UTC)

func ledger() conform.Log[ladder.Ledger, ladder.Entry] {
	return conform.Log[ladder.Ledger, ladder.Entry]{
		Prefix: "E", Conflict: ladder.ErrConflict,
		Append: ladder.Ledger.Append, Read: ladder.Ledger.Entries, ReadName: "Entries",
		Subjects: ladder.Ledger.Posted, SubjectsName: "Posted", Forget: ladder.Ledger.Forget,
		Record: entry, ID: func(e *ladder.Entry) *string { return &e.ID }, Text: text,
		Delicate: delicate,
		Others: []conform.Other[ladder.Entry]{
			{Of: 1, Change: func(e *ladder.Entry) { e.Amount = e.Amount.Add(e.Units) }},
			{Of: 1, Change: func(e *ladder.Entry) { e.Source = "report 18" }},
			{Of: 1, Change: func(e *ladder.Entry) { e.Recorded = e.To }},
			{Of: 0, Change: func(e *ladder.Entry) { e.Amount = e.Amount.Add(decimal.New(1, -18)) }},
		},
		Spoil: func(list []ladder.Entry) { list[1].Source = "spoiled" },
	}
}

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

// nine is a decimal of 38 digits with 18 places.
var nine = decimal.RequireFromString("99999999999999999999.999999999999999999")

// delicate are entries that a store could harm.
func delicate(account string) []ladder.Entry {
	list := make([]ladder.Entry, 10)
	for n := range list {
		list[n] = entry(account, n)
	}
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
