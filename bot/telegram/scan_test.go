package telegram

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
)

func TestScan(t *testing.T) {
	for list, want := range map[string][]string{
		`[]`:                        {},
		` [ ] `:                     {},
		`[1]`:                       {`1`},
		` [ 1 , "a,]\"b" , null ] `: {`1`, `"a,]\"b"`, `null`},
		`[[1,2],{"a":[3,4]},{}]`:    {`[1,2]`, `{"a":[3,4]}`, `{}`},
		`["\\",2]`:                  {`"\\"`, `2`},
		`["\\\"",2]`:                {`"\\\""`, `2`},
		``:                          nil,
		`{}`:                        nil,
		`[`:                         nil,
		`[1`:                        nil,
		`[1,`:                       nil,
		`[1,]`:                      nil,
		`[,1]`:                      nil,
		`[1 2]`:                     nil,
		`[1]]`:                      nil,
		`[1] x`:                     nil,
		`["a`:                       nil,
		`["a\`:                      nil,
		`["a\"]`:                    nil,
		`[{]`:                       nil,
	} {
		items, ok := elements([]byte(list))
		got := make([]string, 0, len(items))
		for _, i := range items {
			got = append(got, string(i))
		}
		if ok != (want != nil) || !slices.Equal(got, want) {
			t.Errorf("elements(%s) = %q, %t; want %q", list, got, ok, want)
		}
	}
	for object, want := range map[string]string{
		`{"a":1}`:                        `1`,
		` { "a" : {"a":2} } `:            `{"a":2}`,
		`{"b":{"a":1},"c":2}`:            ``,
		`{"a":1,"a":2}`:                  `2`,
		`{"b":"\"a\":1","a":[` + `"}"]}`: `["}"]`,
		`{a:1}`:                          ``,
		`{1:1}`:                          ``,
		`{"a"}`:                          ``,
		`{"a":}`:                         ``,
		`{"a`:                            ``,
		`null`:                           ``,
	} {
		if got := string(member([]byte(object), "a")); got != want {
			t.Errorf("member(%s) = %s, want %s", object, got, want)
		}
	}
}

// What encoding/json accepts must be cut as encoding/json would.
func FuzzScan(f *testing.F) {
	f.Add(`[1,"a",{"b":[2]}]`)
	f.Add(`{"a":"\\\"","b":[{}], "c":null}`)
	f.Add(pollReply(2))
	f.Fuzz(func(t *testing.T, text string) {
		items, ok := elements([]byte(text))
		found := maps.Collect(members([]byte(text)))
		var list []json.RawMessage
		if json.Unmarshal([]byte(text), &list) == nil && list != nil {
			if !ok || !slices.EqualFunc(items, list, func(a, b json.RawMessage) bool { return string(a) == string(b) }) {
				t.Errorf("elements %q, want %q", items, list)
			}
		}
		var object map[string]json.RawMessage
		if json.Unmarshal([]byte(text), &object) != nil {
			return
		}
		for name, value := range object {
			spelled, _ := json.Marshal(name)
			if got, there := found[string(spelled[1:len(spelled)-1])]; there && string(got) != string(value) {
				t.Errorf("member %s = %s, want %s", name, got, value)
			}
		}
		if len(object) > 0 && len(found) == 0 {
			t.Errorf("no members in %s", text)
		}
	})
}
