package sqlstore

import (
	"context"
	"iter"
	"time"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// measurements is an outcome.Measurements. The key of a value is its measure and instant.
type measurements struct{ tenant Tenant }

func (s measurements) Put(ctx context.Context, account string, values ...outcome.Measurement) error {
	facts := make([]fact[outcome.Measurement], len(values))
	for i, v := range values {
		v.At, v.Recorded = truncated(v.At), truncated(v.Recorded)
		facts[i] = fact[outcome.Measurement]{v, v.Measure, micros(v.At), micros(v.Recorded)}
	}
	same := func(a, b outcome.Measurement) bool { return a.Value == b.Value }
	err := s.tenant.write(ctx, account, func(w write) error {
		return put(ctx, w, "outcome_measurements", s.tenant.rows(account), facts, ofInstant, same)
	})
	return wrap(ctx, err, "put measurements of %q", account)
}

func (s measurements) Measured(
	ctx context.Context, account, measure string, from, to, knownAt time.Time,
) iter.Seq2[outcome.Measurement, error] {
	query := `SELECT at, '', body,
			(SELECT MAX(seq) FROM outcome_measurements WHERE tenant = ? AND account = ? AND name = ?)
		FROM outcome_measurements f
		WHERE tenant = ? AND account = ? AND name = ? AND at > ? AND at < ?
			AND ` + lastRevision("outcome_measurements", "n.name = f.name AND n.at = f.at") + `
		ORDER BY at LIMIT ?`
	tenant := s.tenant.name
	low, high, known := bounds(from, to, knownAt)
	read := func(after item, last int64) ([]item, error) {
		return s.tenant.db.items(ctx, query, tenant, account, measure,
			tenant, account, measure, after.place, high, last, known, pageSize)
	}
	start := item{place: low - 1}
	return ranged[outcome.Measurement](ctx, s.tenant.db, "measurements", account, "outcome_measurements", start, read)
}

func (s measurements) Forget(ctx context.Context, account string) error {
	return s.tenant.forget(ctx, account, nil, "outcome_measurements")
}
