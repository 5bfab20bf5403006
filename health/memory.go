package health

import "time"

// Memory keeps readings and records in the process: a [Source] and a [History].
// The zero value is ready and safe for concurrent use. It must not be copied after first use.
type Memory struct {
	// fields to come
}

// Put records readings of an account as known from recorded on, and the start of the relationship (zero: unknown).
// The same measure, instant and content again is a no-op; other content is a new revision.
func (m *Memory) Put(account string, since, recorded time.Time, readings map[string]Reading) error {
	panic("unbuilt")
}
