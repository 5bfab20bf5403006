package book

import "fmt"

// readers are the files beside accounts.csv, in the order in which they are read.
func readers() []reader {
	entries, ratings := make(map[string]bool), make(map[string]bool) // that are there, by their keys
	return []reader{
		{"contracts.csv", columnsOf("contract term from to amount! currency! per! seats"), func(t *table, a *Account) {
			amount, ok := t.amount("amount")
			if !ok && !t.bad {
				t.reject("amount", "is empty")
			}
			c := Contract{ID: t.text("contract"), Term: t.text("term"), From: t.date("from"), To: t.date("to"),
				Amount: amount, Currency: t.currency("currency"), Per: t.choice("per", "month", "year", "term")}
			c.Seats, _ = t.number("seats")
			if c.Per == "" && !t.bad {
				t.reject("per", "is empty; month, year or term")
			}
			if !c.From.IsZero() && !c.To.IsZero() && !c.From.Before(c.To) {
				t.reject("to", "is not after from")
			}
			if c.Per == "term" && (c.From.IsZero() || c.To.IsZero()) && !t.bad {
				t.reject("per", "an amount for the term needs from and to")
			}
			add(t, &a.Contracts, c)
		}},
		{"usage.csv", columnsOf("feature! at value! state"), func(t *table, a *Account) {
			u := Usage{Feature: t.id("feature"), At: t.date("at"),
				State: State(t.choice("state", string(Missing), string(NotApplicable), string(Failed)))}
			var ok bool
			if u.Value, ok = t.number("value"); !ok && u.State == "" {
				u.State = Missing
			}
			add(t, &a.Usage, u)
		}},
		{"surveys.csv", columnsOf("instrument! respondent at! score!"), func(t *table, a *Account) {
			s := Survey{Instrument: t.id("instrument"), Respondent: t.text("respondent"), At: t.day("at"), Score: t.value("score")}
			if low, high, ok := scale(s.Instrument); ok && (s.Score < low || s.Score > high) && !t.bad {
				t.reject("score", fmt.Sprintf("%v is outside of the scale of %s, %v to %v", s.Score, s.Instrument, low, high))
			}
			add(t, &a.Surveys, s)
		}},
		{"tickets.csv", columnsOf("ticket! severity opened! closed"), func(t *table, a *Account) {
			k := Ticket{ID: t.id("ticket"), Severity: t.choice("severity", "low", "normal", "high"), Opened: t.day("opened"), Closed: t.date("closed")}
			if !k.Closed.IsZero() && k.Closed.Before(k.Opened) {
				t.reject("closed", "is before opened")
			}
			add(t, &a.Tickets, k)
		}},
		{"milestones.csv", columnsOf("milestone! by! at!"), func(t *table, a *Account) {
			add(t, &a.Milestones, Milestone{Name: t.id("milestone"), By: t.id("by"), At: t.day("at")})
		}},
		{"outcomes.csv", columnsOf("outcome! statement! persona horizon weight measure unit base goal start due agreed achieved confirmed"),
			func(t *table, a *Account) {
				o := Outcome{ID: t.id("outcome"), Statement: t.id("statement"), Persona: t.text("persona"),
					Horizon: t.choice("horizon", "short", "medium", "long"), Weight: 1, Measure: t.text("measure"), Unit: t.text("unit"),
					Start: t.date("start"), Due: t.date("due"), Agreed: t.date("agreed"), Achieved: t.date("achieved"), Confirmed: t.date("confirmed")}
				if w, ok := t.number("weight"); ok {
					if w <= 0 {
						t.reject("weight", "must be above 0")
					}
					o.Weight = w
				}
				if o.Measure != "" {
					o.Base, o.Goal = t.value("base"), t.value("goal")
				}
				add(t, &a.Outcomes, o)
			}},
		{"measurements.csv", columnsOf("measure! at! value! recorded"), func(t *table, a *Account) {
			add(t, &a.Measured, Measured{Measure: t.id("measure"), At: t.day("at"), Value: t.value("value"), Recorded: t.date("recorded")})
		}},
		{"promises.csv", columnsOf("promise! text! amount! currency! at! answers evidence waived_by waived_at"), func(t *table, a *Account) {
			amount, ok := t.amount("amount")
			if (!ok || amount.IsNegative()) && !t.bad {
				t.reject("amount", "must be an amount that is not negative")
			}
			add(t, &a.Promises, Promise{ID: t.id("promise"), Text: t.id("text"), Amount: amount, Currency: t.currency("currency"), At: t.day("at"),
				Answers: t.text("answers"), Evidence: t.text("evidence"), WaivedBy: t.text("waived_by"), WaivedAt: t.date("waived_at")})
		}},
		{"touches.csv", columnsOf("id! touch channel! by at! answered"), func(t *table, a *Account) {
			add(t, &a.Touches, Touch{ID: t.id("id"), Touch: t.text("touch"), Channel: t.choice("channel", "human", "digital", "product", "community", "partner"),
				By: t.text("by"), At: t.day("at"), Answered: t.date("answered")})
		}},
		{"value.csv", columnsOf("quantity! at! value! evidence"), func(t *table, a *Account) {
			v, ok := t.amount("value")
			if !ok && !t.bad {
				t.reject("value", "is empty")
			}
			add(t, &a.Value, Value{Quantity: t.id("quantity"), At: t.day("at"), Value: v,
				Evidence: t.choice("evidence", classes...)})
		}},
		{"leakage.csv", columnsOf("stage! amount!"), func(t *table, a *Account) {
			v, ok := t.amount("amount")
			if !ok && !t.bad {
				t.reject("amount", "is empty; leave the row out where a stage is unknown")
			}
			l := Level{Stage: t.choice("stage", "potential", "sold", "deployed", "adopted", "achieved", "verified", "communicated", "felt"), Amount: v}
			if l.Stage == "" && !t.bad {
				t.reject("stage", "is empty")
			}
			for _, have := range a.Levels {
				if have.Stage == l.Stage && !t.bad {
					t.reject("stage", "is there twice for the account; the first is kept")
				}
			}
			add(t, &a.Levels, l)
		}},
		{"ledger.csv", columnsOf("entry! benefit! from! to! amount! currency! units evidence recorded! reversed"), func(t *table, a *Account) {
			add(t, &a.Ledger, readEntry(t, a.ID, entries))
		}},
		{"ratings.csv", columnsOf("respondent! outcome! importance! satisfaction! at!"), func(t *table, a *Account) {
			add(t, &a.Ratings, readRating(t, a.ID, ratings))
		}},
	}
}

// readEntry reads a booked entry; seen holds those that were read before.
func readEntry(t *table, account string, seen map[string]bool) Entry {
	e := Entry{ID: t.id("entry"), Benefit: t.id("benefit"), From: t.day("from"), To: t.day("to"), Currency: t.currency("currency"),
		Evidence: t.choice("evidence", classes...), Recorded: t.day("recorded"), Reversed: t.date("reversed")}
	var ok bool
	if e.Amount, ok = t.amount("amount"); !ok && !t.bad {
		t.reject("amount", "is empty")
	}
	e.Units, _ = t.amount("units")
	switch {
	case t.bad:
	case !e.From.Before(e.To):
		t.reject("to", "is not after from")
	case !e.Reversed.IsZero() && e.Reversed.Before(e.Recorded):
		t.reject("reversed", "is before recorded")
	default:
		t.once("entry", seen, account, e.ID)
	}
	return e
}

// readRating reads a rating; seen holds those that were read before.
func readRating(t *table, account string, seen map[string]bool) Rating {
	r := Rating{Respondent: t.id("respondent"), Outcome: t.id("outcome"), Importance: t.rating("importance"),
		Satisfaction: t.rating("satisfaction"), At: t.day("at")}
	switch {
	case t.bad:
	case r.Importance == 0 && r.Satisfaction == 0:
		t.reject("importance", "is empty, and so is satisfaction; leave the row out where nothing was answered")
	default:
		t.once("respondent", seen, account, r.Respondent, r.Outcome, r.At.String())
	}
	return r
}

// classes of evidence, weakest first.
var classes = []string{"assumed", "vendor_claimed", "measured", "corroborated", "confirmed", "audited"}

// add keeps a row that was not rejected.
func add[T any](t *table, to *[]T, v T) {
	if !t.bad {
		*to = append(*to, v)
	}
}

// scale returns the ends of an instrument's scale.
func scale(instrument string) (low, high float64, ok bool) {
	switch instrument {
	case "nps":
		return 0, 10, true
	case "csat":
		return 1, 5, true
	case "ces":
		return 1, 7, true
	}
	return 0, 0, false
}

// currency reads an ISO 4217 code.
func (t *table) currency(column string) string {
	s := t.text(column)
	ok := len(s) == 3
	for _, r := range s {
		ok = ok && 'A' <= r && r <= 'Z'
	}
	if !ok {
		t.reject(column, fmt.Sprintf("%.40q is not a currency code such as EUR", s))
	}
	return s
}
