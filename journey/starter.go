package journey

// LAER returns the land, adopt, expand, renew journey: land and adopt are phases, expand and renew are motions
// that run side by side in the third, so that a renewer who never expanded is not stuck.
func LAER() Map { panic("unbuilt") }

// Boomerang returns a journey of two arms under four headings (demand, turnaround, expand, boomerang), with eight
// milestones from awareness to advocacy, and round again, each phase with the team that holds the baton.
func Boomerang() Map { panic("unbuilt") }

// Maturity returns a journey of three phases of rising value over nine capability areas.
func Maturity() Map { panic("unbuilt") }
