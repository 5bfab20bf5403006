package cluster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/segment"
)

// Naming says how a clustering becomes a scheme. The zero Naming is usable, but for the name.
type Naming struct {
	Name     string   `json:"name"`               // of the scheme
	Segments []string `json:"segments,omitempty"` // of cluster 0, 1 and so on; none: "cluster_0", "cluster_1" and so on
	Rest     string   `json:"rest,omitempty"`     // of accounts with a NULL where a condition looks; "" is "unknown"

	// Boxes are how many conjunctions of conditions there are in all, at most; 0 is one for each cluster that has rows,
	// which is also the least. More of them reproduce more rows, and are harder to read.
	Boxes int `json:"boxes,omitempty"`
}

// A Description is a scheme that reproduces a clustering as far as few conditions can, and how far that is.
type Description struct {
	Scheme   segment.Scheme `json:"scheme"`
	Rows     int            `json:"rows"`     // of the table that have a label
	Fidelity float64        `json:"fidelity"` // share of Rows to which the scheme gives the segment of their cluster, 0 to 1
	Clusters []Reproduction `json:"clusters"` // by label; those that have rows
}

// A Reproduction compares a cluster with the segment that stands for it.
type Reproduction struct {
	Label     int     `json:"label"`     // of the cluster
	Segment   string  `json:"segment"`   // that stands for it
	Rows      int     `json:"rows"`      // of the cluster, at least 1
	Matched   int     `json:"matched"`   // rows that the segment has
	Both      int     `json:"both"`      // rows of the cluster that the segment has
	Precision float64 `json:"precision"` // Both / Matched; 0 if it has none
	Recall    float64 `json:"recall"`    // Both / Rows
}

// Describe makes a scheme of a clustering of a table's rows. Its segments are boxes: each condition is a threshold of one
// column, and a row without NULL is in one box exactly. [segment.Model.Verify] proves that; of dozens of boxes it may leave
// some pairs undecided.
//
// Boxes come from splitting all rows in two, and the parts again, until each has the centre of one cluster. Each split is
// the one that puts the fewest rows on another side than their centre; of equals the one with the widest gap about the
// threshold, as a share of what the column ranges over, then the first column's lowest. Further splits, as Boxes allows,
// give the part of a box to another cluster in which that gains the most rows. A threshold is the number with the fewest
// digits that divides the rows alike.
//
// Rows with a label below 0 have no say. Facts of the scheme are numbers in the table's units, by the names of its columns.
//
// Describe returns a *DataError that names the place if:
//   - the table is one that [Prepare] refuses, or a row with a label has a missing value;
//   - there is not one label a row, a label is beyond the centres, or fewer than two clusters have rows;
//   - centres are not one number up to 2^53 a column, or those of clusters with rows are equal;
//   - names are missing, too few, equal, or can't stand in a scheme, or Boxes is below 0 or over 1000.
func Describe(t Table, c Clustering, naming Naming) (Description, error) {
	g, err := newGrower(t, c, naming)
	if err != nil {
		return Description{}, err
	}
	if err := g.separate(); err != nil {
		return Description{}, err
	}
	for len(g.leaves) < naming.Boxes && g.refine() {
		continue
	}
	out := g.reproduce()
	out.Scheme = segment.Scheme{
		Format: segment.Format, Name: naming.Name, Attributes: t.attributes(), Otherwise: naming.rest(), Exclusive: true,
	}
	for i, r := range out.Clusters {
		out.Clusters[i].Segment = naming.segment(r.Label)
		out.Scheme.Rules = append(out.Scheme.Rules, segment.Rule{
			Segment: naming.segment(r.Label), When: g.condition(r.Label),
			Why: fmt.Sprintf("stands for %d of %d rows: holds %.1f %% of them, and they are %.1f %% of what it holds",
				r.Rows, out.Rows, 100*r.Recall, 100*r.Precision),
		})
	}
	if _, err := segment.Compile(out.Scheme); err != nil {
		return Description{}, wrong("scheme", "%v", err)
	}
	return out, nil
}

func (n *Naming) rest() string {
	if n.Rest == "" {
		return "unknown"
	}
	return n.Rest
}

func (n *Naming) segment(label int) string {
	if len(n.Segments) > 0 {
		return n.Segments[label]
	}
	return fmt.Sprint("cluster_", label)
}

func (n *Naming) check(clusters int) error {
	if err := ident.Name(n.Name); err != nil {
		return wrong("name", "%v", err)
	}
	if n.Boxes < 0 || n.Boxes > mostClusters {
		return wrong("boxes", "must be 0 to %d, not %d", mostClusters, n.Boxes)
	}
	if len(n.Segments) > 0 && len(n.Segments) != clusters {
		return wrong("segments", "are %d, not one to each of %d clusters", len(n.Segments), clusters)
	}
	names := []string{n.rest()}
	for label := range clusters {
		name := n.segment(label)
		if err := ident.Name(name); err != nil {
			return wrong(fmt.Sprint("segment ", label), "%v", err)
		}
		if slices.Contains(names, name) {
			return wrong(fmt.Sprint("segment ", label), "%q is another's name", name)
		}
		names = append(names, name)
	}
	return nil
}

// condition returns what the boxes of a cluster have in common as text.
func (g *grower) condition(label int) string {
	var boxes []string
	for _, l := range g.leaves {
		if l.label == label {
			boxes = append(boxes, l.box.text(g.table))
		}
	}
	if len(boxes) > 1 {
		return "(" + strings.Join(boxes, ") OR (") + ")"
	}
	return boxes[0]
}

// reproduce counts which rows boxes have.
func (g *grower) reproduce() Description {
	rows, matched, both := make([]int, g.k), make([]int, g.k), make([]int, g.k)
	out := Description{Rows: len(g.root)}
	right := 0
	for _, l := range g.leaves {
		for _, row := range l.orders[0] {
			rows[g.labels[row]]++
			matched[l.label]++
			if g.labels[row] == l.label {
				both[l.label]++
				right++
			}
		}
	}
	out.Fidelity = float64(right) / float64(out.Rows)
	for label, n := range rows {
		if n == 0 {
			continue
		}
		r := Reproduction{Label: label, Rows: n, Matched: matched[label], Both: both[label]}
		r.Recall = float64(r.Both) / float64(n)
		if r.Matched > 0 {
			r.Precision = float64(r.Both) / float64(r.Matched)
		}
		out.Clusters = append(out.Clusters, r)
	}
	return out
}
