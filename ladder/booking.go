package ladder

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// A book is what is booked for one account, in the order of its recording, as far as a question needs it: a ledger is read
// through, and only what matters is held.
type book struct {
	version   int64           // entries in the ledger
	last      time.Time       // when the last of them was recorded
	entries   []Entry         // those held, and then those that are to be posted
	at        map[string]int  // position in entries by each ID that is asked for; below 0: it isn't booked
	reversed  map[string]bool // by ID of the entry that was taken back, held or not
	calendars map[group]*calendar
}

func newBook(ids ...string) *book {
	b := &book{at: make(map[string]int, len(ids))}
	for _, id := range ids {
		b.at[id] = -1
	}
	return b
}

// read takes in the ledger's next entry, and holds it if it matters or its ID is asked for.
func (b *book) read(e *Entry, matters bool) {
	b.version, b.last = b.version+1, e.Recorded
	if e.Reverses != "" {
		if b.reversed == nil {
			b.reversed = make(map[string]bool)
		}
		b.reversed[e.Reverses] = true
	}
	position, asked := b.at[e.ID]
	if asked && position < 0 {
		b.at[e.ID] = len(b.entries)
	}
	if asked || matters {
		b.entries = append(b.entries, *e)
	}
}

// find returns the entry of an ID that was asked for, if it is booked.
func (b *book) find(id string) (Entry, bool) {
	if i, ok := b.at[id]; ok && i >= 0 {
		return b.entries[i], true
	}
	return Entry{}, false
}

// arrange makes calendars of the groups that are posted to, of what is booked and of the entries that may be.
func (b *book) arrange(m *Model, list []Entry) {
	b.calendars = make(map[group]*calendar)
	var calendars []*calendar
	for i := range list {
		if g := m.groupOf(list[i].Benefit); b.calendars[g] == nil {
			b.calendars[g] = new(calendar)
			calendars = append(calendars, b.calendars[g])
		}
	}
	booked := len(b.entries)
	b.entries = append(b.entries, list...)
	for i := range b.entries {
		if c := b.calendars[m.groupOf(b.entries[i].Benefit)]; c != nil {
			c.order = append(c.order, i)
		}
	}
	for _, c := range calendars {
		c.arrange(b.entries)
	}
	for i := range booked {
		if c := b.calendars[m.groupOf(b.entries[i].Benefit)]; c != nil && b.stands(&b.entries[i]) {
			c.put(i)
		}
	}
}

// post books the entry at a position, if the rules allow it.
func (b *book) post(m *Model, position int, quantities Quantities) error {
	e := &b.entries[position]
	c := b.calendars[m.groupOf(e.Benefit)]
	sharing := c.sharing(e)
	if err := b.overlap(e, sharing); err != nil {
		return err
	}
	if err := m.load(c, e, sharing, quantities); err != nil {
		return err
	}
	b.at[e.ID] = position
	if b.stands(e) {
		c.put(position)
	}
	return nil
}

// stands reports whether an entry is neither reversed nor a reversal.
func (b *book) stands(e *Entry) bool { return e.Reverses == "" && !b.reversed[e.ID] }

// recorded returns now, or the time of the last entry if that is later.
func (b *book) recorded(now time.Time) time.Time { return later(now, b.last) }

// overlaps reports whether the periods of two entries have an instant in common.
func (e *Entry) overlaps(other *Entry) bool {
	return other.From.Before(e.To) && e.From.Before(other.To)
}

// matters returns what tells the entries that decide whether those of the list can be posted, beside the ones of their
// IDs: those of their groups that share the time from the first to the last of them; on a one-off pool, which has one
// capacity for all time, all.
func (m *Model) matters(list []Entry) func(other Entry) bool {
	whole := Entry{From: list[0].From, To: list[0].To}
	groups := make(map[group]bool)
	always := false
	for i := range list {
		e := &list[i]
		whole.From, whole.To = earlier(whole.From, e.From), later(whole.To, e.To)
		g := m.groupOf(e.Benefit)
		groups[g] = true
		always = always || g.oneOff()
	}
	return func(other Entry) bool {
		shares := whole.overlaps(&other)
		if !shares && !always {
			return false
		}
		g := m.groupOf(other.Benefit)
		return groups[g] && (shares || g.oneOff())
	}
}

// postings returns entries of one account as they are booked under the model, or which of them is wrong and how.
func (m *Model) postings(entries []Entry) (list []Entry, at int, err error) {
	list = make([]Entry, len(entries))
	for i, e := range entries {
		if list[i], err = m.posting(e); err != nil {
			return nil, i, err
		}
		if e.Account != entries[0].Account {
			return nil, i, entryError(entries[0].Account, e.ID, fmt.Sprintf("is of account %q", e.Account))
		}
	}
	return list, -1, nil
}

// posting returns an entry as it is booked under the model, or what is wrong with it. What brings value from a pool must
// say how much it claims: without units it would escape the pool's rule.
func (m *Model) posting(e Entry) (Entry, error) {
	if err := checkTexts(e.Account, e.ID, e.By, e.Source); err != nil {
		return Entry{}, err
	}
	wrong := func(format string, args ...any) (Entry, error) {
		return Entry{}, entryError(e.Account, e.ID, fmt.Sprintf(format, args...))
	}
	var err error
	if e.From, e.To, err = interval(e.Account, e.From, e.To); err != nil {
		return Entry{}, err
	}
	e.Format, e.Digest, e.Recorded = Format, m.digest, time.Time{}
	e.Currency = cmp.Or(e.Currency, m.def.Currency)
	e.Evidence = cmp.Or(e.Evidence, Assumed)
	if _, ok := m.plan.named[e.Benefit]; !ok {
		return Entry{}, &RefusedError{e.Account, "known_benefit",
			fmt.Sprintf("the ladder has no benefit %q", check.Clip(e.Benefit)), "a benefit of the ladder"}
	}
	switch {
	case e.Reverses != "":
		return wrong("reverses another; only Reverse makes such entries")
	case rank(classes, e.Evidence) < 0:
		return wrong("has the unknown evidence class %q", check.Clip(string(e.Evidence)))
	}
	if err := m.booked(&e); err != nil {
		return Entry{}, err
	}
	if err := e.bounded("units", e.Units); err != nil {
		return Entry{}, err
	}
	if !e.Amount.Equal(amount.Round(e.Amount, m.places)) {
		return wrong("amount %s is finer than the minor unit of %s", amount.Text(e.Amount), e.Currency)
	}
	if p := m.poolOf(e.Benefit); p != nil && e.Amount.Sign() > 0 && e.Units.Sign() <= 0 {
		return wrong("claims no units of pool %q", p.name)
	}
	return e, nil
}

// booked refuses an entry that can't be summed.
func (m *Model) booked(e *Entry) error {
	if e.Currency != m.def.Currency {
		return entryError(e.Account, e.ID, fmt.Sprintf("is in %q, not in %q", check.Clip(e.Currency), m.def.Currency))
	}
	return e.bounded("amount", e.Amount)
}

// bounded refuses an entry with a figure beyond what is read.
func (e *Entry) bounded(field string, d decimal.Decimal) error {
	if err := amount.Check(d); err != nil {
		return entryError(e.Account, e.ID, field+" "+err.Error())
	}
	return nil
}

// entryError is a DataError that names an entry.
func entryError(account, id, message string) error {
	return &DataError{account, fmt.Sprintf("entry %q", id), message}
}

// checkTexts checks the texts that name an entry and say where it comes from.
func checkTexts(account, id, by, source string) error {
	if err := ident.Check(account); err != nil {
		return &DataError{account, "account", err.Error()}
	}
	if err := ident.Check(id); err != nil {
		return &DataError{account, "entry ID", err.Error()}
	}
	if err := ident.Text(by); err != nil {
		return entryError(account, id, "by "+err.Error())
	}
	if err := ident.Text(source); err != nil {
		return entryError(account, id, "source "+err.Error())
	}
	return nil
}

// repeated refuses an entry whose ID is there with other content. What Post fills in is no content of the host's.
func repeated(held, e Entry) error {
	e.Format, e.Recorded, e.Digest = held.Format, held.Recorded, held.Digest
	same, err := sameContent(held, e)
	if err != nil {
		return entryError(e.Account, e.ID, err.Error())
	}
	if !same {
		return exists(&e, "is booked with other content")
	}
	return nil
}

// exists refuses an entry whose ID is taken.
func exists(e *Entry, message string) error {
	return &RefusedError{e.Account, "exists", fmt.Sprintf("entry %q %s", e.ID, message), "another ID"}
}

// overlap refuses an entry whose period overlaps that of one that stands, of the same benefit.
func (b *book) overlap(e *Entry, sharing []int) error {
	for _, i := range sharing {
		if other := &b.entries[i]; other.Benefit == e.Benefit {
			return &RefusedError{e.Account, "overlap",
				fmt.Sprintf("entry %q has benefit %q booked in a part of its period", other.ID, e.Benefit),
				fmt.Sprintf("a period beside it, or the reversal of %q", other.ID)}
		}
	}
	return nil
}

// reversalID returns the ID of the entry that takes another back: a digest of its ID, so that it fits whatever its length.
func reversalID(id string) string {
	sum := sha256.Sum256([]byte(id))
	return "reversal:" + hex.EncodeToString(sum[:])
}

// reversal returns the entry that takes e back.
func (m *Model) reversal(e Entry) (Entry, error) {
	if e.Reverses != "" {
		return Entry{}, &RefusedError{e.Account, "reversal",
			fmt.Sprintf("entry %q is the reversal of %q", e.ID, e.Reverses), "a new entry"}
	}
	if err := e.bounded("amount", e.Amount); err != nil {
		return Entry{}, err
	}
	if err := e.bounded("units", e.Units); err != nil {
		return Entry{}, err
	}
	e.Format, e.Digest, e.Reverses, e.ID = Format, m.digest, e.ID, reversalID(e.ID)
	e.Amount, e.Units = e.Amount.Neg(), e.Units.Neg()
	return e, nil
}

// mirrored refuses an entry that has the ID of e's reversal and is not that: a host has posted it under such an ID.
func mirrored(held, e Entry) error {
	if held.Reverses != e.ID {
		return exists(&held, fmt.Sprintf("is booked, and is not the reversal of %q", e.ID))
	}
	return nil
}
