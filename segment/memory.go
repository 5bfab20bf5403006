package segment

// Memory keeps memberships in the process: an [Assignments].
// The zero value is ready and safe for concurrent use. It must not be copied after first use.
type Memory struct {
	// fields to come
}
