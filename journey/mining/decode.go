package mining

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// UnmarshalBinary replaces g by what [Graph.MarshalBinary] wrote. It accepts nothing else: what it has read encodes to the
// same bytes, and its counts agree. It returns a *DataError that says where data is wrong, or ErrFormat if a newer
// release wrote it, and leaves g as it was. Memory is bounded by a small multiple of the length of data.
func (g *Graph) UnmarshalBinary(data []byte) error {
	d, err := begin(data, graphKind, "graph")
	if err != nil {
		return err
	}
	decoded := d.graph()
	if err := d.end("graph", len(data)); err != nil {
		return err
	}
	*g = *decoded
	return nil
}

// begin reads the first two bytes of an encoding.
func begin(data []byte, kind byte, what string) (*decoder, error) {
	switch {
	case len(data) < 2 || data[0] != kind || data[1] == 0:
		return nil, wrong(what, "is no encoded %s", what)
	case data[1] > encoding:
		return nil, fmt.Errorf("mining: decode %s: format %d: %w", what, data[1], ErrFormat)
	}
	return &decoder{rest: data[2:]}, nil
}

// A decoder takes data apart. After the first failure it returns zeros.
type decoder struct {
	rest    []byte
	err     error
	medians bool
}

// end returns the first failure, with its place in so many bytes.
func (d *decoder) end(what string, size int) error {
	if len(d.rest) > 0 {
		d.fail("has data after its end")
	}
	if d.err != nil {
		return wrong(fmt.Sprintf("%s at byte %d", what, size-len(d.rest)), "%v", d.err)
	}
	return nil
}

// fail keeps the first failure.
func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf(format, args...)
	}
}

// word reads a varint in its shortest form.
func (d *decoder) word() uint64 {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 || size > 1 && d.rest[size-1] == 0 {
		d.fail("is malformed")
	}
	if d.err != nil {
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

// number reads a varint that is at most most.
func (d *decoder) number(most int64) int64 {
	n := d.word()
	if n > uint64(most) {
		d.fail("holds %d where at most %d can be", n, most)
		return 0
	}
	return int64(n)
}

// length reads how many things of so many bytes or more follow.
func (d *decoder) length(bytes int) int {
	n := d.number(math.MaxInt64)
	if n > int64(len(d.rest)/bytes) {
		d.fail("ends too early")
		return 0
	}
	return int(n)
}

func (d *decoder) text() string {
	n := d.length(1)
	s := string(d.rest[:n])
	d.rest = d.rest[n:]
	return s
}

// names reads names in order.
func (d *decoder) names() []string {
	var out []string
	for i := range d.length(2) {
		name := d.text()
		if err := ident.Check(name); err != nil {
			d.fail("has a name that %w", err)
		} else if i > 0 && name <= out[i-1] {
			d.fail("has %q after %q", name, out[i-1])
		}
		if d.err != nil {
			return nil
		}
		out = append(out, name)
	}
	return out
}

// options reads options in their one form.
func (d *decoder) options() Options {
	text := d.text()
	var o Options
	if err := strictjson.Decode([]byte(text), &o).Err("options"); err != nil {
		d.fail("has options that can't be read: %w", err)
		return o
	}
	ending, bad := o.Ending.complete()
	if bad != nil {
		d.fail("has options that can't be: %w", bad)
	}
	o.Ending = ending
	if again, err := canon.JSON(o); err != nil || string(again) != text {
		d.fail("has options in another form")
	}
	return o
}

// graph reads what MarshalBinary wrote, in its order.
func (d *decoder) graph() *Graph {
	g := &Graph{options: d.options()}
	d.medians = g.options.Medians
	if g.repeated = d.number(mostEvents); g.repeated > 0 && !g.options.Once {
		d.fail("has repeats, which it keeps")
	}
	for _, name := range d.names() {
		g.intern(name)
	}
	var before []Activity
	for i := range d.length(4) {
		path := d.path(g)
		if d.err == nil && i > 0 && slices.Compare(before, path) >= 0 {
			d.fail("has paths out of order")
		}
		if d.err != nil {
			return nil
		}
		before = path
	}
	if slices.Contains(g.used(), false) {
		d.fail("has an activity that is on no path")
	}
	d.sums(&g.spans)
	d.table(&g.edges, len(g.names))
	if d.err == nil {
		d.agree(g)
	}
	return g
}

// path reads a variant into g, and returns its activities.
func (d *decoder) path(g *Graph) []Activity {
	n := d.length(1)
	path := make([]Activity, n)
	for k := range path {
		path[k] = Activity(d.number(int64(len(g.names)) - 1))
	}
	ended, open := d.number(mostEvents), d.number(mostEvents)
	if d.err == nil && (n == 0 || len(g.names) == 0 || ended+open == 0 || ended+open > (mostEvents-g.events)/int64(n)) {
		d.fail("has a path of no or too many journeys or activities")
	}
	if d.err != nil {
		return nil
	}
	v := &g.paths.variants[g.paths.at(path, hashOf(path))]
	v.ended, v.open = ended, open
	g.events += int64(n) * (ended + open)
	return path
}

// agree holds the counts of edges and durations to those of the paths.
func (d *decoder) agree(g *Graph) {
	var steps table
	ended := int64(0)
	for i := range g.paths.variants {
		v := &g.paths.variants[i]
		path := g.paths.of(v)
		for k := 1; k < len(path); k++ {
			steps.at(path[k-1], path[k]).n += v.ended + v.open
		}
		if ended += v.ended; g.ends[path[len(path)-1]] && v.open > 0 || !g.ends[path[len(path)-1]] && v.ended > 0 && g.options.Ending.Quiet == 0 {
			d.fail("has journeys that ended where none ends, or the other way round")
		}
	}
	if g.spans.n != ended {
		d.fail("has the durations of %d journeys that ended, and %d of them", g.spans.n, ended)
	}
	if len(steps.cells) != len(g.edges.cells) {
		d.fail("has %d edges, and %d on paths", len(g.edges.cells), len(steps.cells))
	}
	for _, c := range g.edges.cells {
		if s := steps.find(c.from, c.to); s == nil || s.n != c.n {
			d.fail("has an edge that is not as frequent on paths")
		}
	}
}

// sums reads those of one cell.
func (d *decoder) sums(c *cell) {
	if c.n = d.number(mostEvents); c.n == 0 {
		return
	}
	c.min = d.number(1<<59 - 1)
	c.max = c.min + d.number(1<<59-1-c.min)
	for _, word := range []*uint64{&c.sum0, &c.sum1, &c.sq0, &c.sq1, &c.sq2} {
		*word = d.word()
	}
	if d.err == nil && !c.possible() {
		d.fail("has sums that no times have")
	}
	if !d.medians || d.err != nil {
		return
	}
	if c.n > int64(len(d.rest)) {
		d.fail("ends too early")
		return
	}
	var again sums
	us := int64(0)
	for range c.n {
		us += d.number(c.max - us)
		again.add(us)
		c.kept = append(c.kept, us)
	}
	if again != c.sums {
		d.fail("has sums that its times have not")
	}
}

// table reads cells of so many activities.
func (d *decoder) table(t *table, activities int) {
	var before uint64
	for i := range d.length(3) {
		from, to := d.number(int64(activities)-1), d.number(int64(activities)-1)
		key := uint64(from)<<32 | uint64(to)
		if activities == 0 || i > 0 && key <= before {
			d.fail("has pairs out of order")
		}
		if d.err != nil {
			return
		}
		before = key
		c := t.at(Activity(from), Activity(to))
		if d.sums(c); c.n == 0 {
			d.fail("has a pair that never was")
		}
	}
}
