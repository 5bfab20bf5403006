package ladder

// Memory keeps entries in the process: a [Ledger].
// The zero value is ready and safe for concurrent use. It must not be copied after first use.
type Memory struct {
	// fields to come
}
