package engagement

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// open returns the tasks of a touch that are not done, rising, those to come included.
func (p *plan) open(past past) ([]Task, error) {
	var dues []time.Time // rising
	why, ref, base := ByCadence, "", time.Time{}
	switch {
	case p.On == nil:
		base = past.began
		for _, t := range past.touches {
			if t.Touch == p.Name {
				base = t.At
			}
		}
		if !base.IsZero() {
			dues = append(dues, base.Add(time.Duration(p.Every)))
		}
	case p.On.Event != "":
		why, ref = ByEvent, p.On.Event
		times := slices.Clone(past.events[ref])
		slices.SortFunc(times, time.Time.Compare)
		for _, at := range slices.CompactFunc(times, time.Time.Equal) {
			dues = append(dues, at.Add(time.Duration(p.On.Offset)))
		}
	default:
		why, ref = ByAnchor, p.On.Anchor
		if at, ok := past.anchors[ref]; ok {
			dues = append(dues, at.Add(time.Duration(p.On.Offset)))
		}
	}
	var tasks []Task
	for _, due := range dues {
		if err := instant.Check(due); err != nil {
			return nil, dataError(past.account, fmt.Sprintf("due of touch %q", p.Name), err)
		}
		if due.Before(past.began) {
			continue
		}
		tasks = append(tasks, Task{
			ID: taskID(past.account, p.Name, due), Touch: p.Name, Title: p.Title, Channel: p.Channel, Owner: p.Owner,
			Due: due, Minutes: p.Minutes, Why: why, Ref: ref,
		})
	}
	if p.On == nil {
		return tasks, nil // the last touch has moved the due already
	}
	return past.without(tasks, p.Name), nil
}

// without leaves out the tasks that touches have done.
func (p *past) without(tasks []Task, name string) []Task {
	ids := make(map[string]bool, len(tasks))
	for _, t := range tasks {
		ids[t.ID] = true
	}
	open := slices.DeleteFunc(tasks, func(t Task) bool { return p.ids[t.ID] })
	for _, t := range p.touches {
		if t.Touch == name && !ids[t.ID] && len(open) > 0 && !open[0].Due.After(t.At) {
			open = open[1:]
		}
	}
	return open
}

// taskID derives from account, touch and due. No part holds a NUL, so that different parts make different text.
func taskID(account, touch string, due time.Time) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", account, touch, instant.Micros(due)))
	return hex.EncodeToString(sum[:16])
}
