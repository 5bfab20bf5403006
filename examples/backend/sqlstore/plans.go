package sqlstore

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// plans is an outcome.Plans: a row for each plan, in its last version.
type plans struct{ tenant Tenant }

func (s plans) Save(ctx context.Context, after int64, p outcome.Plan) error {
	body, err := json.Marshal(p)
	if err == nil {
		err = s.tenant.write(ctx, p.Account, func(w write) error { return s.save(ctx, w, after, p, body) })
	}
	return wrap(ctx, err, "save plan %q of %q after %d", p.ID, p.Account, after)
}

func (s plans) save(ctx context.Context, w write, after int64, p outcome.Plan, body []byte) error {
	key := s.tenant.rows(p.Account).and(column{"id", p.ID})
	where, values := key.where()
	var version int64
	var stored []byte
	found, err := w.first(ctx, "SELECT version, body FROM outcome_plans WHERE "+where, values, &version, &stored)
	switch {
	case err != nil:
		return err
	case found && bytes.Equal(stored, body):
		return nil
	case version != after || p.Version != after+1:
		return outcome.ErrConflict
	case found:
		change := append([]any{p.Version, string(body)}, values...)
		return w.exec(ctx, "UPDATE outcome_plans SET version = ?, body = ? WHERE "+where, change...)
	}
	err = w.insert(ctx, "outcome_plans", key.and(column{"version", p.Version}, column{"body", string(body)}))
	if w.dialect.duplicate(err) {
		return outcome.ErrConflict // a row of a writer without the lock
	}
	return err
}

func (s plans) Load(ctx context.Context, account, plan string) (p outcome.Plan, ok bool, err error) {
	where, values := s.tenant.rows(account).and(column{"id", plan}).where()
	var body []byte
	ok, err = s.tenant.db.first(ctx, "SELECT body FROM outcome_plans WHERE "+where, values, &body)
	if ok {
		err = json.Unmarshal(body, &p)
	}
	return p, ok, wrap(ctx, err, "load plan %q of %q", plan, account)
}

// List reads an account's plans at once: they are few, and so the list is of one moment.
func (s plans) List(ctx context.Context, account string) iter.Seq2[outcome.Plan, error] {
	where, values := s.tenant.rows(account).where()
	return func(yield func(outcome.Plan, error) bool) {
		bodies, err := s.tenant.db.texts(ctx, "SELECT body FROM outcome_plans WHERE "+where+" ORDER BY id", values...)
		for i := 0; err == nil && i < len(bodies); i++ {
			var p outcome.Plan
			if err = ctx.Err(); err == nil {
				err = json.Unmarshal([]byte(bodies[i]), &p)
			}
			if err == nil && !yield(p, nil) {
				return
			}
		}
		if err != nil {
			yield(outcome.Plan{}, wrap(ctx, err, "plans of %q", account))
		}
	}
}

func (s plans) Planned(ctx context.Context, after string) iter.Seq2[string, error] {
	return s.tenant.db.accounts(ctx, "outcome_plans", after, columns{{"tenant", s.tenant.name}}, "")
}

func (s plans) Forget(ctx context.Context, account string) error {
	return s.tenant.forget(ctx, account, nil, "outcome_plans")
}
