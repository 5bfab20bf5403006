package strictjson_test

import (
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/strictjson"
	"github.com/google/go-cmp/cmp"
)

// TestWholeDocument has what refuses a document altogether: one problem with line and column.
func TestWholeDocument(t *testing.T) {
	deep := strings.Repeat(`{"groups":[`, 128)
	tests := map[string]struct{ doc, want string }{
		"empty":             {"", "the document is empty"},
		"blank":             {" \t\r\n", "the document is empty"},
		"trailing":          {"{}\n {}", `line 2, column 2: unexpected '{' after the document`},
		"trailing comma":    {`{"name":"é",}`, `line 1, column 13: expected a key in quotes, found '}'`},
		"in an array":       {`{"groups":[1,]}`, `line 1, column 14: expected a value, found ']'`},
		"unclosed object":   {`{"name":"a"`, `line 1, column 12: expected ',' or '}' after the value, found the end`},
		"unclosed array":    {`[1`, `line 1, column 3: expected ',' or ']' after the value, found the end`},
		"unclosed text":     {"{\n\"name\":\"a}", `line 2, column 8: the text that begins here has no closing quote`},
		"no colon":          {`{"name" "a"}`, `line 1, column 9: expected ':' after the key, found '"'`},
		"bare key":          {`{name:1}`, `line 1, column 2: expected a key in quotes, found 'n'`},
		"single quotes":     {`{'name':1}`, `line 1, column 2: expected a key in quotes, found '\''`},
		"comment":           {"// x\n{}", `line 1, column 1: expected a value, found '/'`},
		"byte order mark":   {"\ufeff{}", `line 1, column 1: expected a value, found '\ufeff'`},
		"NaN":               {`{"share":NaN}`, `line 1, column 10: expected a value, found 'N'`},
		"nil":               {`{"share":nil}`, `line 1, column 10: expected a value, found a word that is not true, false or null`},
		"tab in text":       {"[\"a\tb\"]", `line 1, column 4: expected text without control characters, found '\t'; write it as an escape`},
		"escape":            {`["\x"]`, `line 1, column 4: expected an escape, found 'x' after the backslash`},
		"escape at the end": {`["\`, `line 1, column 4: expected an escape, found the end after the backslash`},
		"short escape":      {`["\u12g4"]`, `line 1, column 7: expected four hexadecimal digits after \u, found 'g'`},
		"leading zero":      {`[01]`, `line 1, column 3: expected ',' or ']' after the value, found '1'`},
		"plus":              {`[+1]`, `line 1, column 2: expected a value, found '+'`},
		"minus alone":       {`[-]`, `line 1, column 3: expected a digit, found ']'`},
		"point at the end":  {`[1.]`, `line 1, column 4: expected a digit, found ']'`},
		"exponent":          {`[1e+]`, `line 1, column 5: expected a digit, found ']'`},
		"deep":              {deep + "[", `line 1, column 1409: nested deeper than 256`},
		"NUL":               {"\x00", `line 1, column 1: expected a value, found '\x00'`},
		"large":             {`"` + strings.Repeat("a", 16<<20-1) + `"`, "the document has 16777217 bytes, over 16777216"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var c card
			want := []string{": " + tc.want}
			if diff := cmp.Diff(want, lines(strictjson.Decode([]byte(tc.doc), &c))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("as deep and large as allowed", func(t *testing.T) {
		doc := deep + strings.Repeat("]}", 128)
		doc += strings.Repeat(" ", 16<<20-len(doc))
		var c card
		if problems := strictjson.Decode([]byte(doc), &c); problems != nil {
			t.Error(problems)
		}
	})
}

// TestManyProblems holds the bound on what a hostile document can make this package say.
func TestManyProblems(t *testing.T) {
	long := strings.Repeat("k", 400_000)
	for name, doc := range map[string]string{
		"many":          `{"groups":[` + strings.Repeat("1,", 1<<20) + `1],"x":1}`,
		"long pointers": `{"numbers":{"` + long + `":[` + strings.Repeat("true,", 1<<20) + `1]}}`,
		"in maps":       `{"by_name":{"a":[` + strings.Repeat("1,", 10) + `1]},"by_kind":{` + strings.Repeat(`"":[],`, 10_000) + `"":1}}`,
		"own decoding":  `{"limit":{"curve":[` + strings.Repeat("[],", 5000) + `[]]}}`,
		"unknown":       `{` + strings.Repeat(`"foramt":1,`, 5000) + `"":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			var c card
			problems := strictjson.Decode([]byte(doc), &c)
			text := 0
			for _, p := range problems {
				text += len(p.Pointer) + len(p.Message)
			}
			if len(problems) > 1000 || text > 2<<20 {
				t.Errorf("%d problems, %d bytes", len(problems), text)
			}
			if last := problems[len(problems)-1]; last.Message != "there are more problems than these" {
				t.Errorf("the last of %d is %.200v", len(problems), last)
			}
		})
	}
}

// TestMemory reads documents whose elements are far larger than their text.
func TestMemory(t *testing.T) {
	type page [1<<24 + 1]float64 // half of the limit and a little
	var list struct{ Pages []struct{ Page *page } }
	var byName struct{ Pages map[string]page }
	for name, tc := range map[string]struct {
		doc  string
		into any
		want []string
	}{
		"small":      {`{"Pages":[{},{}]}`, &list, nil},
		"array":      {`{"Pages":[[],[]]}`, &struct{ Pages []page }{}, []string{"/Pages/0: must have 16777217 elements, not 0", "/Pages: the elements up to this one take over 256 MiB"}},
		"object":     {`{"Pages":{"a":1,"b":[]}}`, &byName, []string{"/Pages/a: must be an array, not a number", "/Pages: the elements up to this one take over 256 MiB"}},
		"whole list": {`[[],1,2]`, &[]page{}, []string{"/0: must have 16777217 elements, not 0", ": the elements up to this one take over 256 MiB"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, lines(strictjson.Decode([]byte(tc.doc), tc.into))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCutText cuts long text in messages between characters.
func TestCutText(t *testing.T) {
	var c card
	got := lines(strictjson.Decode([]byte(`{"`+strings.Repeat("a", 63)+`éé":1}`), &c))
	if len(got) != 1 || !strings.HasSuffix(got[0], `unknown key "`+strings.Repeat("a", 63)+`"...`) {
		t.Errorf("got %q", got)
	}
}
