package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
)

// Readings keeps what health is scored on: a health.Source. The key of a reading is its measure and instant.
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

// Input implements health.Source. Start and readings are read in one statement, and so are of one moment.
func (s Readings) Input(ctx context.Context, account string, asOf, knownAt time.Time) (in health.Input, ok bool, err error) {
	const query = `SELECT since, '', '', 0 FROM (SELECT since FROM health_starts
			WHERE tenant = ? AND account = ? AND recorded <= ? ORDER BY recorded DESC, seq DESC LIMIT 1) s
		UNION ALL SELECT at, name, body, 1 FROM health_readings WHERE seq IN (
			SELECT (SELECT r.seq FROM health_readings r
				WHERE r.tenant = ? AND r.account = ? AND r.name = m.name AND r.at <= ? AND r.recorded <= ?
				ORDER BY r.at DESC, r.recorded DESC, r.seq DESC LIMIT 1)
			FROM (SELECT DISTINCT name FROM health_readings WHERE tenant = ? AND account = ?) m)
		ORDER BY 4`
	tenant := s.tenant.name
	_, _, known := bounds(time.Time{}, time.Time{}, knownAt)
	rows, err := s.tenant.db.items(ctx, query, tenant, account, known,
		tenant, account, micros(asOf), known, tenant, account)
	if err != nil || len(rows) == 0 || rows[0].id != "" { // without a start the account is not known
		return health.Input{}, false, wrap(ctx, err, "input of %q", account)
	}
	readings := make(health.ReadingMap)
	for _, row := range rows[1:] {
		var r health.Reading
		if err := json.Unmarshal(row.body, &r); err != nil {
			return health.Input{}, false, wrap(ctx, err, "input of %q: measure %q", account, row.id)
		}
		readings[row.id] = r
	}
	return health.Input{Account: account, Since: time.UnixMicro(rows[0].place).UTC(), Readings: readings}, true, nil
}

// Forget removes the account's readings and start.
func (s Readings) Forget(ctx context.Context, account string) error {
	return s.tenant.forget(ctx, account, nil, "health_starts", "health_readings")
}
