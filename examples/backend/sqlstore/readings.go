package sqlstore

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
)

// Readings keeps what health is scored on: a health.BulkSource. The key of a reading is its measure and instant.
type Readings struct{ tenant Tenant }

// Put records readings of an account as known from recorded on, and the start of the relationship; a zero since leaves
// that as it is. The same measure, instant and content as was known then is a no-op; other content is a new revision.
// A Put is seen whole.
//
// Put returns an error if recorded is zero, a time is outside of the years 1 to 9999, or a value is not a finite number:
// what has none is put with State Failed.
func (s Readings) Put(ctx context.Context, account string, since, recorded time.Time, readings map[string]health.Reading) error {
	for _, t := range []time.Time{since, recorded} {
		if y := t.UTC().Year(); y < 1 || y > 9999 || recorded.IsZero() {
			return wrap(ctx, fmt.Errorf("since %v, recorded %v: a time is missing or out of range", since, recorded), "put readings of %q", account)
		}
	}
	at := micros(recorded)
	var facts []fact[health.Reading]
	for _, name := range slices.Sorted(maps.Keys(readings)) {
		r := readings[name]
		r.At = truncated(r.At)
		facts = append(facts, fact[health.Reading]{r, name, micros(r.At), at})
	}
	err := s.tenant.write(ctx, account, func(w write) error {
		if err := s.start(ctx, w, account, micros(since), at, since.IsZero()); err != nil {
			return err
		}
		return put(ctx, w, "health_readings", s.tenant.rows(account), facts, ofInstant, sameReading)
	})
	return wrap(ctx, err, "put readings of %q", account)
}

// start records the start of the relationship, unless that was known. The account is known from its first on.
func (s Readings) start(ctx context.Context, w write, account string, since, recorded int64, keep bool) error {
	key := s.tenant.rows(account)
	where, values := key.where()
	var old int64
	query := "SELECT since FROM health_starts WHERE " + where + " AND recorded <= ? ORDER BY recorded DESC, seq DESC LIMIT 1"
	known, err := w.first(ctx, query, append(values, recorded), &old)
	if err != nil || known && (keep || old == since) {
		return err
	}
	return w.insert(ctx, "health_starts", key.and(column{"since", since}, column{"recorded", recorded}))
}

// sameReading compares values by their bits, so that 0 and -0 are two.
func sameReading(a, b health.Reading) bool {
	bits := math.Float64bits(a.Value) == math.Float64bits(b.Value)
	return bits && micros(a.At) == micros(b.At) && a.State == b.State && a.Why == b.Why
}

// Forget removes the account's readings and start.
func (s Readings) Forget(ctx context.Context, account string) error {
	return s.tenant.forget(ctx, account, nil, "health_starts", "health_readings")
}
