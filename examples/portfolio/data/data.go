// Package data holds what the program brings along: the public sample, and the definitions that it uses by default.
package data

import "embed"

// Files holds wa_churn.csv and a folder of definitions for each kind of book: bundled, real and simulated
// (which serves a user's own folder too).
//
//go:embed wa_churn.csv bundled real simulated
var Files embed.FS
