package outcome

// Memory keeps plans and measured values in the process: a [Plans] and a [Measurements].
// The zero value is ready and safe for concurrent use. It must not be copied after first use.
type Memory struct {
	// fields to come
}
