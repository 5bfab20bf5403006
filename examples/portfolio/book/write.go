package book

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Write writes the book as the folder of CSV files that Folder reads. It makes the folder, and refuses one that holds
// an accounts.csv already. Traits become columns of accounts.csv in the order in which they first appear in the first account.
func Write(dir string, b *Book) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "accounts.csv")); err == nil {
		return fmt.Errorf("%s holds an accounts.csv already; name a new folder", dir)
	}
	w := &writer{dir: dir}
	defer func() {
		if e := w.close(); err == nil {
			err = e
		}
	}()
	var traits []string
	w.open("accounts.csv", names(accountColumns))
	for a, err := range b.Accounts {
		if err != nil {
			return err
		}
		if traits == nil {
			traits = []string{}
			for _, t := range a.Traits {
				traits = append(traits, t.Name)
			}
			w.header("accounts.csv", traits)
		}
		w.account(a, traits)
	}
	return nil
}

// A writer keeps one CSV file open for each name; the first error stays.
type writer struct {
	dir   string
	files []*out
	err   error
}

type out struct {
	name   string
	file   *os.File
	csv    *csv.Writer
	header []string
}

func (w *writer) close() error {
	for _, o := range w.files {
		o.csv.Flush()
		w.fail(o.csv.Error())
		w.fail(o.file.Close())
	}
	return w.err
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) find(name string) *out {
	for _, o := range w.files {
		if o.name == name {
			return o
		}
	}
	return nil
}

func (w *writer) open(name, header string) *out {
	f, err := os.Create(filepath.Join(w.dir, name))
	w.fail(err)
	if err != nil {
		return nil
	}
	o := &out{name: name, file: f, csv: csv.NewWriter(f)}
	fields, err := splitLine(header)
	w.fail(err)
	o.header = fields
	w.files = append(w.files, o)
	if name != "accounts.csv" {
		w.fail(o.csv.Write(fields))
	}
	return o
}

// header completes and writes the header of a file that has columns of its own.
func (w *writer) header(name string, more []string) {
	if o := w.find(name); o != nil {
		o.header = append(o.header, more...)
		w.fail(o.csv.Write(o.header))
	}
}

func (w *writer) row(name, account string, fields ...string) {
	o := w.find(name)
	if o == nil {
		for _, r := range readers() {
			if r.name == name {
				o = w.open(name, "account,"+names(r.columns))
			}
		}
	}
	if o == nil || w.err != nil {
		return
	}
	w.fail(o.csv.Write(append([]string{account}, fields...)))
}

func (w *writer) account(a Account, traits []string) {
	fields := []string{a.Name, a.Industry, a.Country, known(a.Seats, a.Seats > 0), date(a.Since),
		known(a.Tenure, a.Tenure >= 0 && a.Since.IsZero()), left(a.Left), date(a.Left.At)}
	for _, name := range traits {
		text := ""
		for _, t := range a.Traits {
			if t.Name == name && t.State == "" {
				text = t.Text
			}
		}
		fields = append(fields, text)
	}
	w.row("accounts.csv", a.ID, fields...)
	for _, c := range a.Contracts {
		w.row("contracts.csv", a.ID, c.ID, c.Term, date(c.From), date(c.To), c.Amount.String(), c.Currency, c.Per, known(c.Seats, c.Seats > 0))
	}
	for _, u := range a.Usage {
		w.row("usage.csv", a.ID, u.Feature, date(u.At), known(u.Value, u.State == ""), string(u.State))
	}
	for _, s := range a.Surveys {
		w.row("surveys.csv", a.ID, s.Instrument, s.Respondent, date(s.At), number(s.Score))
	}
	for _, k := range a.Tickets {
		w.row("tickets.csv", a.ID, k.ID, k.Severity, date(k.Opened), date(k.Closed))
	}
	for _, m := range a.Milestones {
		w.row("milestones.csv", a.ID, m.Name, m.By, date(m.At))
	}
	for _, o := range a.Outcomes {
		measured := o.Measure != ""
		w.row("outcomes.csv", a.ID, o.ID, o.Statement, o.Persona, o.Horizon, number(o.Weight), o.Measure, o.Unit,
			known(o.Base, measured), known(o.Goal, measured), date(o.Start), date(o.Due), date(o.Agreed), date(o.Achieved), date(o.Confirmed))
	}
	for _, m := range a.Measured {
		w.row("measurements.csv", a.ID, m.Measure, date(m.At), number(m.Value), date(m.Recorded))
	}
	for _, p := range a.Promises {
		w.row("promises.csv", a.ID, p.ID, p.Text, p.Amount.String(), p.Currency, date(p.At), p.Answers, p.Evidence, p.WaivedBy, date(p.WaivedAt))
	}
	for _, t := range a.Touches {
		w.row("touches.csv", a.ID, t.ID, t.Touch, t.Channel, t.By, date(t.At), date(t.Answered))
	}
	for _, v := range a.Value {
		w.row("value.csv", a.ID, v.Quantity, date(v.At), v.Value.String(), v.Evidence)
	}
	for _, l := range a.Levels {
		w.row("leakage.csv", a.ID, l.Stage, l.Amount.String())
	}
	for _, e := range a.Ledger {
		units := ""
		if !e.Units.IsZero() {
			units = e.Units.String()
		}
		w.row("ledger.csv", a.ID, e.ID, e.Benefit, date(e.From), date(e.To), e.Amount.String(), e.Currency, units, e.Evidence,
			date(e.Recorded), date(e.Reversed))
	}
	for _, r := range a.Ratings {
		w.row("ratings.csv", a.ID, r.Respondent, r.Outcome, answer(r.Importance), answer(r.Satisfaction), date(r.At))
	}
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// known is the number, or blank where it is not known.
func known(v float64, ok bool) string {
	if !ok {
		return ""
	}
	return number(v)
}

// answer is a rating, or blank where there is none.
func answer(rating int) string { return known(float64(rating), rating > 0) }

func left(l Left) string {
	switch {
	case !l.Known:
		return ""
	case l.Left:
		return "yes"
	}
	return "no"
}

// date is a day where the instant is one, else RFC 3339; blank for zero.
func date(t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case t.Equal(t.Truncate(24 * time.Hour)):
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339Nano)
}
