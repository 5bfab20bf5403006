package mining

import (
	"fmt"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
	"github.com/customersuccess-go/customersuccess/internal/wire"
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
	return &decoder{Decoder: wire.Decoder{Rest: data[2:]}}, nil
}

// A decoder reads what an encoder wrote.
type decoder struct {
	wire.Decoder
	medians bool
}

// end returns the first failure, with its place in so many bytes.
func (d *decoder) end(what string, size int) error {
	if err := d.End(); err != nil {
		return wrong(fmt.Sprintf("%s at byte %d", what, size-len(d.Rest)), "%v", err)
	}
	return nil
}

// options reads options in their one form.
func (d *decoder) options() Options {
	text := d.Text()
	var o Options
	if err := strictjson.Decode([]byte(text), &o).Err("options"); err != nil {
		d.Fail("has options that can't be read: %w", err)
		return o
	}
	ending, bad := o.Ending.complete()
	if bad != nil {
		d.Fail("has options that can't be: %w", bad)
	}
	o.Ending = ending
	if again, err := canon.JSON(o); err != nil || string(again) != text {
		d.Fail("has options in another form")
	}
	return o
}

// graph reads what MarshalBinary wrote, in its order.
func (d *decoder) graph() *Graph {
	g := &Graph{options: d.options()}
	d.medians = g.options.Medians
	if g.repeated = d.Number(mostEvents); g.repeated > 0 && !g.options.Once {
		d.Fail("has repeats, which it keeps")
	}
	for _, name := range d.Names() {
		g.intern(name)
	}
	var before []Activity
	for i := range d.Count(4) {
		path := d.path(g)
		if d.Err == nil && i > 0 && slices.Compare(before, path) >= 0 {
			d.Fail("has paths out of order")
		}
		if d.Err != nil {
			return nil
		}
		before = path
	}
	if slices.Contains(g.used(), false) {
		d.Fail("has an activity that is on no path")
	}
	d.sums(&g.spans)
	d.table(&g.edges, len(g.names))
	if d.Err == nil {
		d.agree(g)
	}
	return g
}

// path reads a variant into g, and returns its activities.
func (d *decoder) path(g *Graph) []Activity {
	n := d.Count(1)
	path := make([]Activity, n)
	for k := range path {
		path[k] = Activity(d.Number(int64(len(g.names)) - 1))
	}
	ended, open := d.Number(mostEvents), d.Number(mostEvents)
	if d.Err == nil && (n == 0 || len(g.names) == 0 || ended+open == 0 || ended+open > (mostEvents-g.events)/int64(n)) {
		d.Fail("has a path of no or too many journeys or activities")
	}
	if d.Err != nil {
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
			d.Fail("has journeys that ended where none ends, or the other way round")
		}
	}
	if g.spans.n != ended {
		d.Fail("has the durations of %d journeys that ended, and %d of them", g.spans.n, ended)
	}
	if len(steps.cells) != len(g.edges.cells) {
		d.Fail("has %d edges, and %d on paths", len(g.edges.cells), len(steps.cells))
	}
	for _, c := range g.edges.cells {
		if s := steps.find(c.from, c.to); s == nil || s.n != c.n {
			d.Fail("has an edge that is not as frequent on paths")
		}
	}
}

// sums reads those of one cell.
func (d *decoder) sums(c *cell) {
	if c.n = d.Number(mostEvents); c.n == 0 {
		return
	}
	c.min = d.Number(1<<59 - 1)
	c.max = c.min + d.Number(1<<59-1-c.min)
	for _, word := range []*uint64{&c.sum0, &c.sum1, &c.sq0, &c.sq1, &c.sq2} {
		*word = d.Word()
	}
	if d.Err == nil && !c.possible() {
		d.Fail("has sums that no times have")
	}
	if !d.medians || d.Err != nil {
		return
	}
	if c.n > int64(len(d.Rest)) {
		d.Fail("ends too early")
		return
	}
	var again sums
	us := int64(0)
	for range c.n {
		us += d.Number(c.max - us)
		again.add(us)
		c.kept = append(c.kept, us)
	}
	if again != c.sums {
		d.Fail("has sums that its times have not")
	}
}

// table reads cells of so many activities.
func (d *decoder) table(t *table, activities int) {
	var before uint64
	for i := range d.Count(3) {
		from, to := d.Number(int64(activities)-1), d.Number(int64(activities)-1)
		key := uint64(from)<<32 | uint64(to)
		if activities == 0 || i > 0 && key <= before {
			d.Fail("has pairs out of order")
		}
		if d.Err != nil {
			return
		}
		before = key
		c := t.at(Activity(from), Activity(to))
		if d.sums(c); c.n == 0 {
			d.Fail("has a pair that never was")
		}
	}
}
