package sqlstore

import (
	"errors"
	"fmt"
	"iter"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/outcome"
	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

// A visit is all that can be done with one of a tenant's stores, on one account and under one set of keys. What it
// writes differs by salt; what it reads are the salts.
type visit struct {
	method string // of Tenant
	write  func(t *testing.T, s Tenant, salt string) error
	read   func(t *testing.T, s Tenant) ([]string, error)
	forget func(t *testing.T, s Tenant) error
}

func visits() []visit {
	const acme = "acme"
	var none time.Time
	return []visit{
		{
			"History",
			func(t *testing.T, s Tenant, salt string) error {
				r := record(acme, 1)
				r.Score.Card = salt
				return s.History().Append(t.Context(), acme, 0, r)
			},
			func(t *testing.T, s Tenant) (salts []string, err error) {
				r, ok, err := s.History().Last(t.Context(), acme)
				err = errors.Join(one(&salts, r.Score.Card, ok, err),
					all(&salts, s.History().Accounts(t.Context(), ""), anAccount),
					all(&salts, s.History().Records(t.Context(), acme, none, none, none), func(r health.Record) string { return r.Score.Card }))
				return salts, err
			},
			func(t *testing.T, s Tenant) error { return s.History().Forget(t.Context(), acme) },
		},
		{
			"Assignments",
			func(t *testing.T, s Tenant, salt string) error {
				r := segment.Record{Format: 1, Version: 1, Recorded: instant(1), Verdict: segment.Verdict{Account: acme, AsOf: instant(0), Scheme: salt}}
				return s.Assignments().Append(t.Context(), acme, 0, r)
			},
			func(t *testing.T, s Tenant) (salts []string, err error) {
				r, ok, err := s.Assignments().Last(t.Context(), acme)
				err = errors.Join(one(&salts, r.Verdict.Scheme, ok, err),
					all(&salts, s.Assignments().Accounts(t.Context(), ""), anAccount),
					all(&salts, s.Assignments().Records(t.Context(), acme, none, none, none), func(r segment.Record) string { return r.Verdict.Scheme }))
				return salts, err
			},
			func(t *testing.T, s Tenant) error { return s.Assignments().Forget(t.Context(), acme) },
		},
		{
			"Log",
			func(t *testing.T, s Tenant, salt string) error {
				e := event(acme, "1")
				e.Note = salt
				return s.Log("j").Append(t.Context(), acme, 0, e)
			},
			func(t *testing.T, s Tenant) (salts []string, err error) {
				err = errors.Join(
					all(&salts, s.Log("j").Subjects(t.Context(), ""), anAccount),
					all(&salts, s.Log("j").Events(t.Context(), acme, 0), func(e journey.Event) string { return e.Note }))
				return salts, err
			},
			func(t *testing.T, s Tenant) error { return s.Log("j").Forget(t.Context(), acme) },
		},
		{
			"Ledger",
			func(t *testing.T, s Tenant, salt string) error {
				e := entry(acme, "1")
				e.Source = salt
				return s.Ledger().Append(t.Context(), acme, 0, e)
			},
			func(t *testing.T, s Tenant) (salts []string, err error) {
				err = errors.Join(
					all(&salts, s.Ledger().Posted(t.Context(), ""), anAccount),
					all(&salts, s.Ledger().Entries(t.Context(), acme, 0), func(e ladder.Entry) string { return e.Source }))
				return salts, err
			},
			func(t *testing.T, s Tenant) error { return s.Ledger().Forget(t.Context(), acme) },
		},
		{
			"Plans",
			func(t *testing.T, s Tenant, salt string) error {
				p := outcome.Plan{Format: 1, Account: acme, ID: "p", Version: 1, Recorded: instant(0), Template: salt, Start: instant(0)}
				return s.Plans().Save(t.Context(), 0, p)
			},
			func(t *testing.T, s Tenant) (salts []string, err error) {
				p, ok, err := s.Plans().Load(t.Context(), acme, "p")
				err = errors.Join(one(&salts, p.Template, ok, err),
					all(&salts, s.Plans().Planned(t.Context(), ""), anAccount),
					all(&salts, s.Plans().List(t.Context(), acme), func(p outcome.Plan) string { return p.Template }))
				return salts, err
			},
			func(t *testing.T, s Tenant) error { return s.Plans().Forget(t.Context(), acme) },
		},
		{
			"Measurements",
			func(t *testing.T, s Tenant, salt string) error {
				m := outcome.Measurement{Measure: "m", At: instant(0), Value: float64(len(salt)), Recorded: instant(0)}
				return s.Measurements().Put(t.Context(), acme, m)
			},
			func(t *testing.T, s Tenant) (salts []string, err error) {
				seq := s.Measurements().Measured(t.Context(), acme, "m", none, none, none)
				err = all(&salts, seq, func(m outcome.Measurement) string { return fmt.Sprint(m.Value) })
				return salts, err
			},
			func(t *testing.T, s Tenant) error { return s.Measurements().Forget(t.Context(), acme) },
		},
		{
			"Touches",
			func(t *testing.T, s Tenant, salt string) error {
				return s.Touches().Record(t.Context(), acme, engagement.Touch{Format: 1, ID: "1", By: salt, At: instant(0), Recorded: instant(0)})
			},
			func(t *testing.T, s Tenant) (salts []string, err error) {
				err = errors.Join(
					all(&salts, s.Touches().Touched(t.Context(), ""), anAccount),
					all(&salts, s.Touches().Made(t.Context(), acme, none, none, none), func(t engagement.Touch) string { return t.By }))
				return salts, err
			},
			func(t *testing.T, s Tenant) error { return s.Touches().Forget(t.Context(), acme) },
		},
		{
			"Readings",
			func(t *testing.T, s Tenant, salt string) error {
				readings := map[string]health.Reading{"m": {At: instant(0), State: health.Failed, Why: salt}}
				return s.Readings().Put(t.Context(), acme, instant(-len(salt)), instant(0), readings)
			},
			func(t *testing.T, s Tenant) (salts []string, err error) {
				in, ok, err := s.Readings().Input(t.Context(), acme, instant(9), none)
				if !ok {
					return nil, err
				}
				r, _ := in.Readings.Reading("m")
				return []string{in.Since.String(), r.Why}, err
			},
			func(t *testing.T, s Tenant) error { return s.Readings().Forget(t.Context(), acme) },
		},
	}
}

// all adds a text for each item of a range to what was read before.
func all[T any](salts *[]string, seq iter.Seq2[T, error], text func(T) string) error {
	for v, err := range seq {
		if err != nil {
			return err
		}
		*salts = append(*salts, text(v))
	}
	return nil
}

// one adds a text if there is one.
func one(salts *[]string, text string, ok bool, err error) error {
	if ok {
		*salts = append(*salts, text)
	}
	return err
}

func anAccount(string) string { return "an account" }

// TestTenants has tenants write, read and forget under the same keys: none sees, changes or is refused for what another
// has.
func TestTenants(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		db := migrated(t, url)
		names := []string{"a", "A", "a ", "ä", "a\u0308", "aa", strings.Repeat("long ", 50)}
		for _, v := range visits() {
			t.Run(v.method, func(t *testing.T) {
				want := make([][]string, len(names))
				check := func(when string) {
					t.Helper()
					for i, name := range names {
						got, err := v.read(t, db.Tenant(name))
						if err != nil || !slices.Equal(got, want[i]) {
							t.Fatalf("%s: tenant %q has %q and error %v, want %q", when, name, got, err, want[i])
						}
					}
				}
				for i, name := range names {
					if err := v.write(t, db.Tenant(name), strings.Repeat("x", i+1)); err != nil {
						t.Fatalf("tenant %q: %v", name, err)
					}
					got, err := v.read(t, db.Tenant(name))
					if want[i] = got; err != nil || len(got) == 0 || slices.ContainsFunc(want[:i], func(w []string) bool { return slices.Equal(w, got) }) {
						t.Fatalf("tenant %q has %q and error %v, which must be its own", name, got, err)
					}
					check("after it wrote")
				}
				for i, name := range names {
					if err := v.forget(t, db.Tenant(name)); err != nil {
						t.Fatal(err)
					}
					want[i] = nil
					check("after one forgot")
				}
			})
		}
	})
}

// TestTenantForget forgets an account in all stores of a tenant, and looks into the tables.
func TestTenantForget(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		db := migrated(t, url)
		for _, v := range visits() {
			for _, tenant := range []string{"a", "b"} {
				if err := v.write(t, db.Tenant(tenant), "x"); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := db.Tenant("a").Log("another").Append(t.Context(), "acme", 0, event("acme", "1")); err != nil {
			t.Fatal(err)
		}
		if err := db.Tenant("a").Forget(t.Context(), "acme"); err != nil {
			t.Fatal(err)
		}
		for _, table := range tables(t) {
			var a, b int
			query := "SELECT COUNT(CASE WHEN tenant = 'a' THEN 1 END), COUNT(CASE WHEN tenant = 'b' THEN 1 END) FROM " + table
			if _, err := db.first(t.Context(), query, nil, &a, &b); err != nil || a != 0 || b != 1 {
				t.Errorf("%s: %d rows of the tenant and %d of another, and error %v, want 0 and 1", table, a, b, err)
			}
		}
	})
}

// tables returns the tables of the schema, each of which must have the tenant in every key.
func tables(t *testing.T) []string {
	t.Helper()
	text, err := schema.ReadFile("schema/0001_stores.sql")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`CREATE TABLE (\w+) \(`).FindAllSubmatch(text, -1) {
		names = append(names, string(m[1]))
	}
	if len(names) < 9 {
		t.Fatalf("found tables %q", names)
	}
	return names
}

// TestKeys reads the schema: every key begins with the tenant.
func TestKeys(t *testing.T) {
	text, err := schema.ReadFile("schema/0001_stores.sql")
	if err != nil {
		t.Fatal(err)
	}
	keys := regexp.MustCompile(`(?:UNIQUE|PRIMARY KEY|ON \w+) \((\w+)`).FindAllSubmatch(text, -1)
	if len(keys) < 12 {
		t.Errorf("found %d keys", len(keys))
	}
	for _, key := range keys {
		if string(key[1]) != "tenant" {
			t.Errorf("%s", key[0])
		}
	}
	if got := strings.Count(string(text), "tenant {id}"); got != len(tables(t)) {
		t.Errorf("%d of %d tables have a tenant", got, len(tables(t)))
	}
}

// TestVisits compares the stores that the tests above visit with those that a tenant has.
func TestVisits(t *testing.T) {
	visited := []string{"Forget"}
	for _, v := range visits() {
		visited = append(visited, v.method)
	}
	for m := range reflect.TypeFor[Tenant]().Methods() {
		if !slices.Contains(visited, m.Name) {
			t.Errorf("Tenant.%s is not visited", m.Name)
		}
	}
}
