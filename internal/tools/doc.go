// Package tools pins the programs that the gates run. It is a module of its own, so that no tool and no dependency of a
// tool appears in the module graph of a program that imports the library. From the root of the repository:
//
//	go tool -modfile=internal/tools/go.mod staticcheck ./...
//
// finds mistakes that go vet does not;
//
//	go tool -modfile=internal/tools/go.mod apidiff -m -w base.api github.com/customersuccess-go/customersuccess
//	go tool -modfile=internal/tools/go.mod apidiff -m -incompatible base.api github.com/customersuccess-go/customersuccess
//
// writes down the exported API of one checkout and prints what another one breaks (its exit code is 0 either way);
//
//	go test -run '^$' -bench . -count 10 ./health > old.txt
//	go tool -modfile=internal/tools/go.mod benchstat old.txt new.txt
//
// compares two runs of the benchmarks, which want at least six samples each.
//
// A version is raised with "go get -tool PROGRAM@VERSION" and "go mod tidy" inside this folder.
package tools
