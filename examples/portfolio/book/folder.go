package book

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// accountColumns are those of accounts.csv; any further column is a trait.
var accountColumns = []column{{"account", true}, {"name", false}, {"industry", false}, {"country", false},
	{"seats", false}, {"since", false}, {"tenure_months", false}, {"left", false}, {"left_at", false}}

// A reader reads one of the files beside accounts.csv.
type reader struct {
	name    string
	columns []column
	row     func(t *table, a *Account)
}

// Folder reads a folder of CSV files: accounts.csv, and whatever is there of the others. Rows that can't be read are in
// Book.Rejects, and the others go on. Who leaves after asOf has not left, and who comes after it is not in the book. It returns an error if accounts.csv can't be used at all.
func Folder(fsys fs.FS, asOf time.Time) (*Book, error) {
	b := &Book{Kind: Own, Title: "Your book of business", AsOf: asOf, Dated: true}
	var accounts []Account
	at := make(map[string]int)
	t, err := readTable(fsys, "accounts.csv", accountColumns, func(t *table) {
		a := readAccount(t)
		if a.Left.At.After(asOf) {
			a.Left = Left{Known: true} // it was there still
		}
		if _, twice := at[a.ID]; twice && !t.bad {
			t.reject("account", fmt.Sprintf("account %q is there twice; the first is kept", a.ID))
		}
		if !t.bad {
			at[a.ID] = len(accounts)
			accounts = append(accounts, a)
		}
	})
	if err == nil && !t.file.Present {
		err = errors.New("accounts.csv is not there; it names the accounts, one a row: " + names(accountColumns))
	}
	if err != nil {
		return nil, err
	}
	b.Files, b.Rejects = append(b.Files, t.file), append(b.Rejects, t.rejects...)

	for _, r := range readers() {
		columns := append([]column{{"account", true}}, r.columns...)
		t, err := readTable(fsys, r.name, columns, func(t *table) {
			id := t.id("account")
			i, ok := at[id]
			if !ok && !t.bad {
				t.reject("account", fmt.Sprintf("account %q is not in accounts.csv", id))
			}
			if t.bad {
				return
			}
			r.row(t, &accounts[i])
		})
		if errors.Is(err, errHeader) {
			t.file.Note = "can't be used"
			t.file.Rejected = max(t.file.Rejected, 1)
			t.rejects = append(t.rejects, Reject{r.name, 1, "", err.Error()})
		} else if err != nil {
			return nil, err
		}
		if t.file.Present && len(t.extra) > 0 {
			t.file.Note = "not read: " + strings.Join(t.extra, ", ")
		}
		b.Files, b.Rejects = append(b.Files, t.file), append(b.Rejects, t.rejects...)
	}
	all := len(accounts)
	accounts = slices.DeleteFunc(accounts, func(a Account) bool { return a.Since.After(asOf) })
	switch later := all - len(accounts); later {
	case 0:
	case 1:
		b.Files[0].Note = "1 comes after the day that the book is read at, and is left out"
	default:
		b.Files[0].Note = fmt.Sprintf("%d come after the day that the book is read at, and are left out", later)
	}
	b.Currency = commonCurrency(accounts)
	b.noteCurrencies(accounts)
	b.hold(accounts)
	return b, nil
}

// hold makes the accounts those of the book, with their contracts in order of their beginning.
func (b *Book) hold(accounts []Account) {
	b.Len = len(accounts)
	for _, a := range accounts {
		slices.SortStableFunc(a.Contracts, func(x, y Contract) int { return x.From.Compare(y.From) })
	}
	b.Accounts = func(yield func(Account, error) bool) {
		for _, a := range accounts {
			if !yield(a, nil) {
				return
			}
		}
	}
}

// noteCurrencies says of how many contracts the money is left out: sums are in one currency.
func (b *Book) noteCurrencies(accounts []Account) {
	others := 0
	for _, a := range accounts {
		for _, c := range a.Contracts {
			if c.Currency != b.Currency {
				others++
			}
		}
	}
	i := slices.IndexFunc(b.Files, func(f File) bool { return f.Name == "contracts.csv" })
	if others == 0 || i < 0 {
		return
	}
	f := &b.Files[i]
	if f.Note != "" {
		f.Note += "; "
	}
	f.Note += fmt.Sprintf("money of %d in other currencies than %s is in no sum", others, b.Currency)
}

// commonCurrency is the currency of most contracts, ties to the first by code.
func commonCurrency(accounts []Account) string {
	count := make(map[string]int)
	for _, a := range accounts {
		for _, c := range a.Contracts {
			count[c.Currency]++
		}
	}
	best := ""
	for c, n := range count {
		if n > count[best] || n == count[best] && c < best {
			best = c
		}
	}
	return best
}

func readAccount(t *table) Account {
	a := Account{ID: t.id("account"), Name: t.text("name"), Industry: t.text("industry"), Country: t.text("country"),
		Since: t.date("since"), Tenure: -1}
	if seats, ok := t.number("seats"); ok {
		if seats <= 0 {
			t.reject("seats", "must be above 0, or blank where it is not known")
		}
		a.Seats = seats
	}
	if months, ok := t.number("tenure_months"); ok {
		if months < 0 {
			t.reject("tenure_months", "must not be negative")
		}
		a.Tenure = months
	}
	switch t.choice("left", "yes", "no") {
	case "yes":
		a.Left = Left{Known: true, Left: true, At: t.date("left_at")}
	case "no":
		a.Left = Left{Known: true}
	}
	if !a.Left.At.IsZero() && a.Left.At.Before(a.Since) {
		t.reject("left_at", "is before since")
	}
	for i, name := range t.extra {
		s := strings.TrimSpace(t.fields[t.extraAt[i]])
		tr := Trait{Name: name, Text: s}
		if s == "" {
			tr.State = Missing
		}
		a.Traits = append(a.Traits, tr)
	}
	return a
}
