package journey

// Memory keeps events in the process: a [Log].
// The zero value is ready and safe for concurrent use. It must not be copied after first use.
type Memory struct {
	// fields to come
}
