// Package portable tests that results are the same bytes on every platform. It evaluates the ready-made definitions of
// the five packages over seeded inputs and compares the results with golden files; the gates run it on amd64, on 386
// and, emulated, on arm64, whose compiler fuses a*b+c. It exports nothing.
//
// A change of the golden files is a change of numbers: see CONTRIBUTING.md.
package portable
