package segment

// Tiers returns a first scheme to edit: strategic, growth and tech-touch by annual recurring revenue, with an edge
// that does not flap, and a segment for accounts whose revenue is not known.
func Tiers() Scheme {
	zero := 0.0
	return Scheme{
		Format: Format, Name: "tiers", Version: "1",
		Attributes: []Attribute{{Name: "arr", Type: NumberType, Unit: "annual recurring revenue", Min: &zero}},
		Rules: []Rule{
			{
				Segment: "strategic", When: "arr >= 100000", Why: "worth a named success manager",
				Stay: &Stay{While: "arr >= 85000"},
			},
			{
				Segment: "growth", When: "arr >= 20000", Why: "worth a pooled success manager",
				Stay: &Stay{While: "arr >= 17000"},
			},
			{Segment: "tech_touch", When: "arr < 20000", Why: "served by product and mail"},
			{Segment: "unknown", When: "arr IS NULL", Why: "nobody has said what it is worth"},
		},
		For:    14 * Day,
		Review: ReviewDown,
	}
}
