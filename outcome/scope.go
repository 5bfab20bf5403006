package outcome

import (
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Rescope is one amendment with what it means for the outcome's progress.
type Rescope struct {
	Change ScopeChange
	Before Progress // of what is measured as of now, under Change.Before; unknown if there was no target
	After  Progress // the same under Change.After
}

// Rescopes states the progress as of an instant under the targets before and after each amendment that was made by then, in
// order: what was measured is the same, so that the difference is the amendment's. Points are not part of it. Its errors
// are those of [Model.Assess].
func (m *Model) Rescopes(in Input, asOf time.Time) ([]Rescope, error) {
	var e evaluation
	outcomes, err := e.begin(&in, asOf)
	if err != nil {
		return nil, err
	}
	var list []Rescope
	for _, change := range in.Plan.Scope {
		if instant.Of(change.At).After(e.asOf) {
			continue
		}
		o := Outcome{ID: change.Outcome} // dropped since
		if i, there := outcomes.Index(change.Outcome); there {
			o = in.Plan.Outcomes[i]
		}
		r := Rescope{Change: change}
		r.Change.Asks = slices.Clone(change.Asks)
		r.Change.Before, r.Change.After = copyTarget(change.Before), copyTarget(change.After)
		o.Target = r.Change.Before
		if r.Before, err = e.progress(&o); err != nil {
			return nil, err
		}
		o.Target = r.Change.After
		if r.After, err = e.progress(&o); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}
