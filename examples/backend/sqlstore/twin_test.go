package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/outcome"
	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

// TestTwins puts random facts, with revisions and repeats, into the tables and into the packages' own memory: what was
// known at random times must be the same. Recorded times never decrease, as the services give them.
func TestTwins(t *testing.T) {
	const steps = 400
	each(t, func(t *testing.T, url string) {
		s := migrated(t, url).Tenant("t")
		var (
			ctx      = t.Context()
			rng      = rand.New(rand.NewPCG(7, 11))
			readings health.Memory
			measured outcome.Memory
			touched  engagement.Memory
		)
		must := func(errs ...error) {
			t.Helper()
			for _, err := range errs {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		now := 0
		for range steps {
			now += rng.IntN(2)
			account, name, value := pick(rng, "acme", "beta"), pick(rng, "a", "b", "c"), float64(rng.IntN(3))
			at, recorded := instant(rng.IntN(20)), instant(now)

			r := map[string]health.Reading{name: {Value: value, At: at}}
			since := pick(rng, time.Time{}, instant(-1), instant(-2))
			must(readings.Put(account, since, recorded, r), s.Readings().Put(ctx, account, since, recorded, r))

			m := outcome.Measurement{Measure: name, At: at, Value: value, Recorded: recorded}
			must(measured.Put(ctx, account, m), s.Measurements().Put(ctx, account, m))

			touch := engagement.Touch{
				Format: 1, ID: name, Channel: engagement.Human, By: pick(rng, "kim", "lee"), At: at, Recorded: recorded,
			}
			must(touched.Record(ctx, account, touch), s.Touches().Record(ctx, account, touch))

			if rng.IntN(100) == 0 {
				must(readings.Forget(ctx, account), measured.Forget(ctx, account), touched.Forget(ctx, account), s.Forget(ctx, account))
			}
			from, to, known := instant(rng.IntN(20)), instant(rng.IntN(25)), instant(rng.IntN(now+2))
			if rng.IntN(3) == 0 {
				from, to, known = time.Time{}, time.Time{}, time.Time{}
			}
			alike(t, input(ctx, s.Readings(), account, at, known), input(ctx, &readings, account, at, known))
			alike(t, whole(s.Measurements().Measured(ctx, account, name, from, to, known)), whole(measured.Measured(ctx, account, name, from, to, known)))
			alike(t, whole(s.Touches().Made(ctx, account, from, to, known)), whole(touched.Made(ctx, account, from, to, known)))
		}
	})
}

func pick[T any](rng *rand.Rand, of ...T) T { return of[rng.IntN(len(of))] }

func alike(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

// input returns a text of all that a source gives.
func input(ctx context.Context, s health.Source, account string, asOf, knownAt time.Time) string {
	in, ok, err := s.Input(ctx, account, asOf, knownAt)
	return fmt.Sprint(in.Account, in.Since, in.Readings, ok, err) // fmt sorts the keys of maps
}

func whole[T any](seq iter.Seq2[T, error]) string {
	var b strings.Builder
	for v, err := range seq {
		text, jsonErr := json.Marshal(v)
		fmt.Fprintln(&b, string(text), err, jsonErr)
	}
	return b.String()
}

// TestReadingBits puts what JSON could lose, and what it can't hold.
func TestReadingBits(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := migrated(t, url).Tenant("t").Readings()
		for name, value := range map[string]float64{
			"nan": math.NaN(), "inf": math.Inf(1), "zero": math.Copysign(0, -1), "least": math.SmallestNonzeroFloat64, "most": -math.MaxFloat64,
		} {
			err := s.Put(t.Context(), "acme", time.Time{}, instant(0), map[string]health.Reading{name: {Value: value}})
			if impossible := value-value != 0; impossible != (err != nil) {
				t.Errorf("%s: error %v", name, err)
			}
			in, ok, err := s.Input(t.Context(), "acme", instant(0), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			if value-value != 0 {
				continue
			}
			if !ok {
				t.Fatalf("%s: the account is not known", name)
			}
			r, ok := in.Readings.Reading(name)
			if !ok || math.Float64bits(r.Value) != math.Float64bits(value) || !r.At.IsZero() || !in.Since.IsZero() {
				t.Errorf("%s: got %v and %+v, since %v", name, ok, r, in.Since)
			}
		}
	})
}

// TestLongest uses keys of 256 bytes in each place at once, which is what an index must hold.
func TestLongest(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		key := strings.Repeat("é", 128)
		s := migrated(t, url).Tenant(key)
		if err := s.Log(key).Append(t.Context(), key, 0, event(key, key)); err != nil {
			t.Fatal(err)
		}
		for e, err := range s.Log(key).Events(t.Context(), key, 0) {
			if err != nil || e.ID != key {
				t.Errorf("got %q and error %v", e.ID, err)
			}
		}
	})
}

// TestBadIDs writes under IDs that break the rules: each is an error that is no conflict, and nothing is there.
func TestBadIDs(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		db := migrated(t, url)
		for _, tenant := range []string{"", "t", strings.Repeat("t", 257)} {
			for _, account := range []string{"", "acme", strings.Repeat("a", 257)} {
				s := db.Tenant(tenant)
				r := health.Reading{Value: 1, At: instant(0)}
				m := outcome.Measurement{Measure: "m", At: instant(0), Recorded: instant(0)}
				for what, err := range map[string]error{
					"reading":     s.Readings().Put(t.Context(), account, instant(0), instant(0), map[string]health.Reading{"m": r}),
					"record":      s.History().Append(t.Context(), account, 0, record(account, 1)),
					"membership":  s.Assignments().Append(t.Context(), account, 0, segment.Record{Format: 1, Version: 1}),
					"entry":       s.Ledger().Append(t.Context(), account, 0, entry(account, "e")),
					"event":       s.Log("j").Append(t.Context(), account, 0, event(account, "e")),
					"measurement": s.Measurements().Put(t.Context(), account, m),
					"touch":       s.Touches().Record(t.Context(), account, engagement.Touch{Format: 1, ID: "1", At: instant(0), Recorded: instant(0)}),
					"plan":        s.Plans().Save(t.Context(), 0, outcome.Plan{Format: 1, Account: account, ID: "p", Version: 1}),
				} {
					if good := tenant == "t" && account == "acme"; good != (err == nil) || err != nil && strings.Contains(err.Error(), "conflict") {
						t.Errorf("%s of tenant %.5q and account %.5q: error %v", what, tenant, account, err)
					}
				}
			}
		}
		for _, table := range tables(t) {
			accounts, err := db.texts(t.Context(), "SELECT DISTINCT account FROM "+table)
			if err != nil || !slices.Equal(accounts, []string{"acme"}) {
				t.Errorf("%s: got accounts %.5q and error %v", table, accounts, err)
			}
		}
	})
}
