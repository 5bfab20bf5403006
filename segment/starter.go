package segment

// Tiers returns a first scheme to edit: strategic, growth and tech-touch by annual recurring revenue, with an edge
// that does not flap, and a segment for accounts whose revenue is not known.
func Tiers() Scheme { panic("unbuilt") }
