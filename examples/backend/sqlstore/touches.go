package sqlstore

import (
	"context"
	"iter"
	"time"

	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

// touches is an engagement.Touches. The key of a touch is its ID, and its instant may change.
type touches struct{ tenant Tenant }

func (s touches) Record(ctx context.Context, account string, list ...engagement.Touch) error {
	facts := make([]fact[engagement.Touch], len(list))
	for i, t := range list {
		facts[i] = fact[engagement.Touch]{t, t.ID, micros(t.At), micros(t.Recorded)}
	}
	revisions := func(f fact[engagement.Touch]) (condition string, values []any) { return "name = ?", []any{f.name} }
	err := s.tenant.write(ctx, account, func(w write) error {
		return put(ctx, w, "engagement_touches", s.tenant.rows(account), facts, revisions, sameTouch)
	})
	return wrap(ctx, err, "record touches of %q", account)
}

// sameTouch compares all but the times at which two touches were recorded, to the microsecond.
func sameTouch(a, b engagement.Touch) bool {
	times := micros(a.At) == micros(b.At) && micros(a.Answered) == micros(b.Answered)
	a.At, a.Answered, a.Recorded = b.At, b.Answered, b.Recorded
	return times && a == b
}

func (s touches) Made(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[engagement.Touch, error] {
	query := `SELECT at, name, body, (SELECT MAX(seq) FROM engagement_touches WHERE tenant = ? AND account = ?)
		FROM engagement_touches f
		WHERE tenant = ? AND account = ? AND (at, name) > (?, ?) AND at < ?
			AND ` + lastRevision("engagement_touches", "n.name = f.name") + `
		ORDER BY at, name LIMIT ?`
	tenant := s.tenant.name
	low, high, known := bounds(from, to, knownAt)
	read := func(after item, last int64) ([]item, error) {
		return s.tenant.db.items(ctx, query, tenant, account,
			tenant, account, after.place, after.id, high, last, known, pageSize)
	}
	start := item{place: low, id: ""} // before each touch of that instant
	return ranged[engagement.Touch](ctx, s.tenant.db, "touches", account, "engagement_touches", start, read)
}

func (s touches) Touched(ctx context.Context, after string) iter.Seq2[string, error] {
	return s.tenant.db.accounts(ctx, "engagement_touches", after, columns{{"tenant", s.tenant.name}}, "")
}

func (s touches) Forget(ctx context.Context, account string) error {
	return s.tenant.forget(ctx, account, nil, "engagement_touches")
}
