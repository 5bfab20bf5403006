package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// A fact is a row of a table of facts: a value of an instant, under a name, as it was recorded. Its table keeps all
// revisions, of which the last is the one with the highest (recorded, seq).
type fact[F any] struct {
	value        F
	name         string
	at, recorded int64
}

// put adds those facts that are not known already: the same content as what was known at the recorded time is left out,
// unless another revision was recorded since. The function key returns the condition of the revisions of a fact, which has
// one value or two.
func put[F any](
	ctx context.Context, w write, table string, subject columns, facts []fact[F],
	key func(fact[F]) (condition string, values []any), same func(a, b F) bool,
) error {
	for len(facts) > 0 {
		part := facts[:distinct(facts, key)]
		facts = facts[len(part):]
		known, err := repeated(ctx, w, table, subject, part, key, same)
		if err != nil {
			return err
		}
		var rows []columns
		for i, f := range part {
			if known[i] {
				continue
			}
			body, err := json.Marshal(f.value)
			if err != nil {
				return err
			}
			rows = append(rows, subject.and(
				column{"name", f.name}, column{"at", f.at}, column{"recorded", f.recorded}, column{"body", string(body)}))
		}
		if err := w.insert(ctx, table, rows...); err != nil {
			return err
		}
	}
	return nil
}

// distinct returns how many of the first facts one statement can look up: no two of them have one key, since what is known
// of the second depends on the first.
func distinct[F any](facts []fact[F], key func(fact[F]) (condition string, values []any)) int {
	seen := make(map[[2]any]bool)
	for i, f := range facts {
		var k [2]any
		_, values := key(f)
		copy(k[:], values)
		if i == statementRows || seen[k] {
			return i
		}
		seen[k] = true
	}
	return len(facts)
}

// repeated says of each fact whether it is known already.
func repeated[F any](
	ctx context.Context, w write, table string, subject columns, facts []fact[F],
	key func(fact[F]) (condition string, values []any), same func(a, b F) bool,
) (known []bool, err error) {
	where, of := subject.where()
	var queries []string
	var values []any
	for i, f := range facts {
		condition, more := key(f)
		all := " FROM " + table + " WHERE " + where + " AND " + condition
		queries = append(queries, "SELECT "+strconv.Itoa(i)+" AS i, q.* FROM (SELECT body, recorded, (SELECT MAX(recorded)"+all+
			") AS newest"+all+" AND recorded <= ? ORDER BY recorded DESC, seq DESC LIMIT 1) q")
		for range 2 {
			values = append(append(values, of...), more...)
		}
		values = append(values, f.recorded)
	}
	rows, err := w.tx.QueryContext(ctx, w.dialect.text(strings.Join(queries, " UNION ALL ")), values...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	known = make([]bool, len(facts))
	for rows.Next() {
		var i int
		var body []byte
		var recorded, newest int64
		if err := rows.Scan(&i, &body, &recorded, &newest); err != nil {
			return nil, err
		}
		if recorded != newest && recorded != facts[i].recorded {
			continue
		}
		var stored F
		if err := json.Unmarshal(body, &stored); err != nil {
			return nil, err
		}
		known[i] = same(stored, facts[i].value)
	}
	return known, rows.Err()
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
