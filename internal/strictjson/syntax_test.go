package strictjson

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzSyntax holds the grammar to that of encoding/json, which has been tried longer.
func FuzzSyntax(f *testing.F) {
	for _, seed := range []string{
		``, ` `, `0`, `-0`, `01`, `1.5e+10`, `1e`, `"a"`, `"\u00zz"`, `"\ud83d"`, "\"\t\"", `{}`, `[]`, `[1,]`, `{"a":1,}`,
		`{"a":{"b":[null,true,false]}}`, `nul`, `truex`, `[1 2]`, `{"a" 1}`, "\xff", "\"\xff\"", `"\"`, `[[[`, `{"a":"\\\""} `,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := check(data)
		if err != nil && strings.Contains(err.Error(), "nested deeper") {
			return
		}
		if valid := json.Valid(data); valid != (err == nil) {
			t.Fatalf("encoding/json says %v; got %v", valid, err)
		}
		if err != nil {
			return
		}
		// The walk over a document that was accepted ends at its end.
		d := decoder{data: data}
		if d.skip(); len(strings.TrimSpace(string(data[d.pos:]))) != 0 {
			t.Fatalf("skip stopped before %q", data[d.pos:])
		}
	})
}
