module github.com/customersuccess-go/customersuccess

go 1.25.0

require (
	github.com/google/go-cmp v0.7.0
	github.com/shopspring/decimal v1.6.0
	golang.org/x/exp v0.0.0-20260508232706-74f9aab9d74a
)
