package peer

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// A Record is what [Publish] must know of a period's earlier releases: who was in which, with what values. It is the
// host's secret.
type Record struct {
	Format  int // 1
	Release Release
	Kept    []Kept // of each of the release's groups, in their order
}

// Kept is what was released of a group, and all who were ever in it.
type Kept struct {
	Versions []Group // in order of number; the last is the one in the release
	Members  []Member
}

// A Member is a company with its values, in millionths of a unit of value for each unit of spend.
type Member struct {
	Company      string  `json:"company"`
	In           []int   `json:"in"`    // numbers of the versions that it is part of, increasing
	Total        int64   `json:"total"` // 0 to a million millions
	Drivers      []Units `json:"drivers,omitempty"`
	Capabilities []Units `json:"capabilities,omitempty"`
}

// Units are the part of a member's total that has a name.
type Units struct {
	Name   string `json:"name"`
	Amount int64  `json:"amount"` // above 0, in millionths
}

// newRecord writes down the groups.
func newRecord(r Release, groups []*group, names [2][]string) Record {
	record := Record{Format: Format, Release: r}
	for _, g := range groups {
		kept := Kept{Versions: slices.Clone(g.versions)}
		for _, s := range g.stays {
			kept.Members = append(kept.Members, Member{
				Company: s.firm.company, In: slices.Clone(s.in), Total: s.firm.total,
				Drivers: named(s.firm.parts[0], names[0]), Capabilities: named(s.firm.parts[1], names[1]),
			})
		}
		record.Kept = append(record.Kept, kept)
	}
	return record
}

// named lists the positions of a part that have a name and an amount.
func named(p part, names []string) []Units {
	var list []Units
	for i, units := range p {
		if i > 0 && units > 0 {
			list = append(list, Units{names[i], units})
		}
	}
	return list
}

// follow returns the groups of the record, with their values and the world's in the same lists of names, and makes
// release the one that comes next.
func (r *Record) follow(w *world, release *Release) ([]*group, error) {
	var problems problem.List
	r.problems(&problems)
	if err := invalid(problems); err != nil {
		return nil, &DataError{"", "earlier record", err.Error()}
	}
	was := &r.Release
	switch {
	case !was.From.Equal(release.From) || !was.To.Equal(release.To):
		return nil, &DataError{"", "earlier record", "is of another period"}
	case was.Best != release.Best:
		return nil, &DataError{"", "earlier record", fmt.Sprintf("has %d as best", was.Best)}
	case was.Currency != release.Currency && len(w.firms) > 0 && len(was.Groups) > 0:
		return nil, &DataError{"", "earlier record", fmt.Sprintf("is in %q", was.Currency)}
	}
	release.Number = was.Number + 1
	if len(was.Groups) > 0 {
		release.Currency = was.Currency
	}
	w.learn(r)
	var groups []*group
	for _, kept := range r.Kept {
		g := &group{path: kept.Versions[0].path(), versions: slices.Clone(kept.Versions)}
		for _, m := range kept.Members {
			f := &firm{company: m.Company, path: g.path, total: m.Total}
			for k, units := range [2][]Units{m.Drivers, m.Capabilities} {
				f.parts[k] = make(part, len(w.names[k]))
				f.parts[k][0] = m.Total
				for _, u := range units {
					at, _ := slices.BinarySearch(w.names[k], u.Name)
					f.parts[k][at] += u.Amount
					f.parts[k][0] -= u.Amount
				}
			}
			g.stays = append(g.stays, &stay{firm: f, in: slices.Clone(m.In)})
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// learn adds the record's names to the world's, and moves the world's values to where they belong then.
func (w *world) learn(r *Record) {
	for k := range w.names {
		old := w.names[k]
		all := slices.Clone(old)
		for _, kept := range r.Kept {
			for _, g := range kept.Versions {
				for _, m := range [2][]Mean{g.Drivers, g.Capabilities}[k] {
					all = append(all, m.Name)
				}
			}
			for _, m := range kept.Members {
				for _, u := range [2][]Units{m.Drivers, m.Capabilities}[k] {
					all = append(all, u.Name)
				}
			}
		}
		slices.Sort(all)
		all = slices.Compact(all)
		if len(all) == len(old) {
			continue
		}
		for _, f := range w.firms {
			moved := make(part, len(all))
			for i, units := range f.parts[k] {
				at, _ := slices.BinarySearch(all, old[i])
				moved[at] = units
			}
			f.parts[k] = moved
		}
		w.names[k] = all
	}
}

// A head is the first line of an encoded record, a section the one before the members of a group.
type head struct {
	Format  int     `json:"format"`
	Release Release `json:"release"`
}

type section struct {
	Versions []Group `json:"versions"`
	Members  int     `json:"members"`
}

// MarshalBinary returns the record's encoding: lines of canonical JSON, the first for the release, and for each group one
// with its versions and then one for each member. [ParseRecord] reads it.
func (r Record) MarshalBinary() ([]byte, error) {
	var dst []byte
	line := func(v any) (err error) {
		if dst, err = canon.Append(dst, v); err == nil {
			dst = append(dst, '\n')
		}
		return err
	}
	err := line(head{r.Format, r.Release})
	for i := 0; i < len(r.Kept) && err == nil; i++ {
		k := &r.Kept[i]
		err = line(section{k.Versions, len(k.Members)})
		for j := 0; j < len(k.Members) && err == nil; j++ {
			err = line(k.Members[j])
		}
	}
	if err != nil {
		return nil, fmt.Errorf("peer: encode record: %w", err)
	}
	return dst, nil
}

// ParseRecord reads what [Record.MarshalBinary] wrote, strictly: other bytes are problems, at a pointer into the record.
//
// ParseRecord returns an error if:
//   - the bytes are not a record (*InvalidError);
//   - the format is newer than [Format] (ErrFormat).
func ParseRecord(data []byte) (Record, error) {
	rest := data
	decode := func(into any, at string, list *problem.List) bool {
		text, after, ended := bytes.Cut(rest, []byte{'\n'})
		rest = after
		if !ended {
			list.Addf(at, "must be a line of JSON")
			return false
		}
		for _, p := range strictjson.Decode(text, into) {
			list.Addf(at+p.Pointer, "%s", p.Message)
		}
		return len(*list) == 0
	}
	first, _, _ := bytes.Cut(data, []byte{'\n'})
	if format, ok := strictjson.Format(first); ok && format > Format {
		return Record{}, fmt.Errorf("peer: parse record: format %d: %w", format, ErrFormat)
	}
	var problems problem.List
	var h head
	decode(&h, "", &problems)
	r := Record{Format: h.Format, Release: h.Release}
	for i := 0; len(rest) > 0 && len(problems) == 0; i++ {
		at := problem.Pointer("kept", i)
		var s section
		if !decode(&s, at, &problems) {
			break
		}
		kept := Kept{Versions: s.Versions}
		for j := 0; j < s.Members; j++ {
			var m Member
			if !decode(&m, problem.Join(at, "members", j), &problems) {
				break
			}
			kept.Members = append(kept.Members, m)
		}
		r.Kept = append(r.Kept, kept)
	}
	if len(problems) == 0 {
		r.problems(&problems)
	}
	if len(problems) == 0 {
		if again, err := r.MarshalBinary(); err != nil || !bytes.Equal(again, data) {
			problems.Addf("", "must be in the canonical encoding")
		}
	}
	if err := invalid(problems); err != nil {
		return Record{}, err
	}
	return r, nil
}

// problems adds what a record can't hold.
func (r *Record) problems(list *problem.List) {
	if r.Format != Format {
		list.Addf("/format", "must be %d, not %d", Format, r.Format)
	}
	r.Release.problems("/release", list)
	if len(r.Kept) != len(r.Release.Groups) {
		list.Addf("/kept", "must have an element for each group of the release")
		return
	}
	for i := range r.Kept {
		r.Kept[i].problems(problem.Pointer("kept", i), &r.Release, i, list)
	}
}

func (k *Kept) problems(at string, r *Release, i int, list *problem.List) {
	n := len(k.Versions)
	if n == 0 {
		list.Addf(problem.Join(at, "versions"), "must not be empty")
		return
	}
	counts := make(map[int]int, n)
	for j := range k.Versions {
		v := &k.Versions[j]
		v.problems(problem.Join(at, "versions", j), r.Number, list)
		if v.path() != r.Groups[i].path() || j > 0 && v.Number <= k.Versions[j-1].Number {
			list.Addf(problem.Join(at, "versions", j), "must be of the release's group, with a number above the one before it")
		}
		counts[v.Number] = v.Count
	}
	last, err := canon.JSON(k.Versions[n-1])
	if shown, other := canon.JSON(r.Groups[i]); err != nil || other != nil || !bytes.Equal(last, shown) {
		list.Addf(problem.Join(at, "versions", n-1), "must be the group in the release")
	}
	for j := range k.Members {
		m := &k.Members[j]
		if why := m.problem(); why != "" {
			list.Addf(problem.Join(at, "members", j), "%s", why)
		}
		for _, number := range m.In {
			if _, ok := counts[number]; !ok {
				list.Addf(problem.Join(at, "members", j, "in"), "has the number of no version")
				return
			}
			counts[number]--
		}
	}
	for j, v := range k.Versions {
		if counts[v.Number] != 0 {
			list.Addf(problem.Join(at, "versions", j, "count"), "must be that of its members")
		}
	}
}

// problem says what is wrong with a member, or "".
func (m *Member) problem() string {
	if err := ident.Check(m.Company); err != nil {
		return "company " + err.Error()
	}
	if m.Total < 0 || m.Total > mostUnits {
		return "total must be 0 to a million millions"
	}
	if len(m.In) == 0 || !increasing(m.In) {
		return "in must hold numbers that increase"
	}
	for _, units := range [2][]Units{m.Drivers, m.Capabilities} {
		rest, before := m.Total, ""
		for _, u := range units {
			if ident.Check(u.Name) != nil || u.Name <= before || u.Amount <= 0 || u.Amount > rest {
				return "parts must have names in order and amounts above 0 that the total holds"
			}
			rest, before = rest-u.Amount, u.Name
		}
	}
	return ""
}

func increasing(numbers []int) bool {
	for i := 1; i < len(numbers); i++ {
		if numbers[i] <= numbers[i-1] {
			return false
		}
	}
	return true
}
