package acceleration

import (
	"fmt"
	"maps"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func signNames() [4]string { return [...]string{"retained", "revenue", "nps", "usage"} }

// signs are in the order of their names.
func (c *Customer) signs() [4]*float64 { return [...]*float64{c.Retained, c.Revenue, c.NPS, c.Usage} }

// links returns the associations of all pairs of signs.
func (g Ground) links(customers []Customer) []Link {
	names := signNames()
	var links []Link
	var p []float64
	for i := range names {
		for j := i + 1; j < len(names); j++ {
			link := Link{A: names[i], B: names[j], Adjusted: 1}
			var x, y []float64
			for k := range customers {
				s := customers[k].signs()
				if s[i] != nil && s[j] != nil && len(x) < mostPairs {
					x, y = append(x, *s[i]), append(y, *s[j])
				}
			}
			link.N = len(x)
			if k, ok := stat.Kendall(x, y); ok && link.N >= g.Minimum {
				link.Tau, link.Known = k.TauB, true
				p = append(p, places(k.P))
			}
			links = append(links, link)
		}
	}
	adjusted := adjust(p)
	for i := range links {
		if links[i].Known {
			links[i].Adjusted, adjusted = adjusted[0], adjusted[1:]
		}
	}
	return links
}

// signs tells whether the signs go together: each is linked to each other directly or by way of others, and none goes against another.
func (g Ground) signs(links []Link) Evidence {
	e := Evidence{Criterion: LinkedSigns, Needed: 0.5}
	names := signNames()
	group := [len(names)]int{0, 1, 2, 3}
	at := func(name string) int { return slices.Index(names[:], name) }
	known, linked := 0, 0
	var against, apart string
	for i, l := range links {
		if i == 0 || l.N < e.N {
			e.N = l.N
		}
		if !l.Known {
			continue
		}
		known++
		switch {
		case l.Adjusted > 1-g.Confidence:
		case l.Tau < 0:
			against = fmt.Sprintf("%s falls where %s rises", l.B, l.A)
		default:
			linked++
			from, to := group[at(l.B)], group[at(l.A)]
			for k := range group {
				if group[k] == from {
					group[k] = to
				}
			}
		}
	}
	for k, name := range names {
		if group[k] != group[0] && apart == "" {
			apart = fmt.Sprintf("%s is not seen to go with %s", name, names[0])
		}
	}
	e.Value = float64(linked) / float64(len(links))
	e.Low, e.High = e.Value, e.Value
	switch {
	case known < len(links):
		e.State, e.Lacking = Unknown, fmt.Sprintf("%d of %d pairs of signs are known of %d customers", known, len(links), g.Minimum)
	case against != "":
		e.State, e.Lacking = NotMet, against
	case apart != "":
		e.State, e.Lacking = NotMet, apart
	default:
		e.State = Met
	}
	return e
}
