package sqlstore

import (
	"context"
	"encoding/json"
)

// A fact is a row of a table of facts: a value of an instant, under a name, as it was recorded. Its table keeps all
// revisions, of which the last is the one with the highest (recorded, seq).
type fact[F any] struct {
	value        F
	name         string
	at, recorded int64
}

// put adds those facts that are not known already: the same content as what was known at the recorded time is left out,
// unless another revision was recorded since. The function key returns the condition of the revisions of a fact.
func put[F any](
	ctx context.Context, w write, table string, subject columns, facts []fact[F],
	key func(fact[F]) (condition string, values []any), same func(a, b F) bool,
) error {
	where, of := subject.where()
	for _, f := range facts {
		body, err := json.Marshal(f.value)
		if err != nil {
			return err
		}
		condition, values := key(f)
		all := " FROM " + table + " WHERE " + where + " AND " + condition
		query := "SELECT body, recorded, (SELECT MAX(recorded)" + all + ")" + all +
			" AND recorded <= ? ORDER BY recorded DESC, seq DESC LIMIT 1"
		keys := append(of[:len(of):len(of)], values...)
		var stored []byte
		var recorded, newest int64
		found, err := w.first(ctx, query, append(append(keys, keys...), f.recorded), &stored, &recorded, &newest)
		if err != nil {
			return err
		}
		if found && (recorded == newest || recorded == f.recorded) {
			var old F
			if err := json.Unmarshal(stored, &old); err != nil {
				return err
			}
			if same(old, f.value) {
				continue
			}
		}
		row := subject.and(
			column{"name", f.name}, column{"at", f.at}, column{"recorded", f.recorded}, column{"body", string(body)})
		if err := w.insert(ctx, table, row); err != nil {
			return err
		}
	}
	return nil
}

// ofInstant is the condition of the revisions of a name and an instant.
func ofInstant[F any](f fact[F]) (condition string, values []any) {
	return "name = ? AND at = ?", []any{f.name, f.at}
}

// lastRevision is the condition that the row f of a table is the last revision of its key, of those with a number up to
// a first parameter that were recorded up to a second. It is a lookup for each row, and not a join, for which a planner
// without statistics of a new table may choose to read it all for each row.
func lastRevision(table, sameKey string) string {
	return `f.seq = (SELECT n.seq FROM ` + table + ` n
		WHERE n.tenant = f.tenant AND n.account = f.account AND ` + sameKey + ` AND n.seq <= ? AND n.recorded <= ?
		ORDER BY n.recorded DESC, n.seq DESC LIMIT 1)`
}
