package engagement

// Memory keeps touches in the process: a [Touches].
// The zero value is ready and safe for concurrent use. It must not be copied after first use.
type Memory struct {
	// fields to come
}
