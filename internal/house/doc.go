// Package house tests the rules that the whole repository keeps: who may import whom, what a host links, which constructs
// would make a result depend on the machine, that every exported name is documented, and that the exported API changes
// only on purpose. It exports nothing.
//
// Each check of the source is also run over small programs that break it, so that none of them can pass by looking at
// nothing. The API's golden text in api/ is rewritten by
//
//	go test ./internal/house -run TestAPI -update
package house
