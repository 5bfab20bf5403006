// Package bench sets the library beside what its users would pick instead: the same work on the same seeded data, checked
// to give the same numbers, and then timed in turns within one run. README.md says how to run it and how to add a subject.
//
// It is a module of its own, since what it compares with is large; nothing imports it.
package bench
