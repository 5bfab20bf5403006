package analysis

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
	"github.com/customersuccess-go/customersuccess/segment/cluster"
)

// fewest are the people whose needs are divided; fewer tell nothing.
const fewest = 100

// NeedGroups say whether people fall into groups that want different things.
type NeedGroups struct {
	People    int             `json:"people"` // who rated the importance of every desired outcome, and their satisfaction with it
	Verdict   cluster.Verdict `json:"verdict"`
	P         float64         `json:"p"`         // how often one heap without groups divides as well, 0 to 1
	Stability float64         `json:"stability"` // how alike resamples divide, 1 at most; of Groups
	Fidelity  float64         `json:"fidelity"`  // share of People whom the rules put into their group, 0 to 1
	Groups    []NeedGroup     `json:"groups"`    // empty unless Verdict is cluster.Structure
}

// A NeedGroup is a group with the rule that tells who is in it. The rule compares what is lacking of each desired outcome:
// twice its importance less the satisfaction with it, −3 to 9.
type NeedGroup struct {
	People int    `json:"people"`
	Rule   string `json:"rule"`
}

// groups looks for groups among those who answered every question, by the latest answers. It is nil where they are few or
// can't be told apart at all.
func (c *collector) groups(needs []opportunity.Need) (*NeedGroups, error) {
	names, place := make([]string, len(needs)), make(map[string]int)
	for i, n := range needs {
		if names[i] = columnOf(n.Outcome); names[i] == "" || slices.Contains(names[:i], names[i]) {
			names[i] = fmt.Sprintf("outcome_%d", i+1)
		}
		place[n.Outcome] = i
	}
	type answers struct{ importance, satisfaction []opportunity.Rating }
	var all []answers
	row := make(map[string]int) // of a respondent
	for _, r := range c.ratings {
		k, known := place[r.Outcome]
		if !known || !r.At.After(c.book.AsOf.Add(-recent)) {
			continue
		}
		i, ok := row[r.Respondent]
		if !ok {
			i, row[r.Respondent] = len(all), len(all)
			all = append(all, answers{make([]opportunity.Rating, len(needs)), make([]opportunity.Rating, len(needs))})
		}
		if r.Importance > 0 && !r.At.Before(all[i].importance[k].At) {
			all[i].importance[k] = r
		}
		if r.Satisfaction > 0 && !r.At.Before(all[i].satisfaction[k].At) {
			all[i].satisfaction[k] = r
		}
	}
	var importance, satisfaction [][]float64
	for _, a := range all {
		x, y, whole := make([]float64, len(needs)), make([]float64, len(needs)), true
		for k := range needs {
			x[k], y[k] = float64(a.importance[k].Importance), float64(a.satisfaction[k].Satisfaction)
			whole = whole && x[k] > 0 && y[k] > 0
		}
		if whole {
			importance, satisfaction = append(importance, x), append(satisfaction, y)
		}
	}
	if len(importance) < fewest {
		return nil, nil
	}
	table, err := cluster.Needs(names, importance, satisfaction, 5)
	if err != nil {
		return nil, err
	}
	g, err := divide(table)
	var unfit *cluster.DataError
	if errors.As(err, &unfit) {
		return nil, nil
	}
	return g, err
}

// divide says whether a table has groups, and by which rules they are told apart.
func divide(table cluster.Table) (*NeedGroups, error) {
	points, err := cluster.Prepare(table, cluster.Scaling{})
	if err != nil {
		return nil, err
	}
	choice, err := points.Choose(cluster.Choosing{Most: 5, Rows: 400, Draws: 19, Seed: 1})
	g := &NeedGroups{People: points.Len(), P: choice.P, Verdict: choice.Verdict}
	if err != nil || g.Verdict != cluster.Structure {
		return g, err
	}
	g.Stability = choice.Candidates[choice.K-2].Stability
	found, err := points.KMeans(choice.K, cluster.Options{Seed: 1})
	if err != nil {
		return nil, err
	}
	d, err := cluster.Describe(table, found, cluster.Naming{Name: "needs"})
	if err != nil {
		return nil, err
	}
	g.Fidelity = d.Fidelity
	for _, x := range d.Clusters {
		var rules []string
		for _, rule := range d.Scheme.Rules {
			if rule.Segment == x.Segment {
				rules = append(rules, rule.When)
			}
		}
		g.Groups = append(g.Groups, NeedGroup{People: x.Rows, Rule: strings.Join(rules, " OR ")})
	}
	return g, nil
}

// columnOf is the name of a desired outcome as a condition can hold it, or "".
func columnOf(outcome string) string {
	name := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(outcome))
	if len(name) > 40 || strings.Trim(name, "_0123456789") == "" || '0' <= name[0] && name[0] <= '9' {
		return ""
	}
	return name
}
