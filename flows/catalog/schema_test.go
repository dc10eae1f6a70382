package catalog_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"

	"spasmbot/flows/catalog"
)

// TestSchemaFiles keeps the published schemas in step with the types.
func TestSchemaFiles(t *testing.T) {
	for name, want := range map[string][]byte{
		"flow.schema.json":  catalog.Schema(),
		"texts.schema.json": catalog.TextsSchema(),
	} {
		path := filepath.Join("..", "..", "docs", name)
		if *update {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("docs/%s differs from grammar.go and the kinds of questions (%v): run go test ./flows/catalog -update", name, err)
		}
	}
}

type node = map[string]any

func schemaOf(t *testing.T, data []byte) node {
	t.Helper()
	var s node
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSchemaKeys holds the keys of the schema against those that the loader
// reads, which it lists when it meets one that it does not know.
func TestSchemaKeys(t *testing.T) {
	fsys := good(t)
	fsys["spasm.yaml"] = &fstest.MapFile{Data: []byte(`
zzzz: 1
flow: spasm
waking: {zzzz: 1}
default_wait: {zzzz: 1}
rounds: {cold: {zzzz: 1}}
reminders: {water: {zzzz: 1}}
retired: {old: {zzzz: 1}}
papers: {zzzz: 1}
invariants: [{zzzz: 1}]
steps:
  - zzzz: 1
    ask: choice
    choices: {ok: {zzzz: 1}}
    next: [{zzzz: 1}]
`)}
	types := map[string]string{
		"a step": "stepGrammar", "a choice": "choiceGrammar", "a branch": "branchGrammar", "a wait": "waitGrammar",
		"a round": "roundGrammar", "a reminder": "remindGrammar", "the waking hours": "windowGrammar",
		"a retired name": "retiredGrammar", "an invariant": "invariantGrammar", "a set of papers": "papersGrammar",
	}
	s := schemaOf(t, catalog.Schema())
	listed := regexp.MustCompile(`: (.*) has no "zzzz": its keys are (.*)$`)
	seen := 0
	for _, line := range told(t, fsys) {
		m := listed.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		seen++
		described := s
		if m[1] != "a flow" {
			described, _ = s["$defs"].(node)[types[m[1]]].(node)
		}
		properties, _ := described["properties"].(node)
		if keys := strings.Join(slices.Sorted(maps.Keys(properties)), ", "); keys != m[2] {
			t.Errorf("%s: the loader reads %s; the schema has %s", m[1], m[2], keys)
		}
		for key, p := range properties {
			if p.(node)["description"] == "" {
				t.Errorf("%s: %q is not described", m[1], key)
			}
		}
	}
	if seen != len(types)+1 {
		t.Errorf("%d of %d mappings were compared", seen, len(types)+1)
	}
}

// TestShippedFitsTheSchema: an editor underlines nothing in the shipped flows
// and texts, nor in the small catalog of the tests.
func TestShippedFitsTheSchema(t *testing.T) {
	flow, texts := schemaOf(t, catalog.Schema()), schemaOf(t, catalog.TextsSchema())
	for _, fsys := range []fs.FS{catalog.Shipped(), good(t)} {
		err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(name) != ".yaml" {
				return err
			}
			data, err := fs.ReadFile(fsys, name)
			if err != nil {
				return err
			}
			var v any
			if err := yaml.Unmarshal(data, &v); err != nil {
				return err
			}
			root := flow
			if strings.HasPrefix(name, "texts/") {
				root = texts
			}
			if problem := fits(root, root, v); problem != "" {
				t.Errorf("%s: %s", name, problem)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestSchemaRefuses: the schema is not so wide that it underlines nothing.
func TestSchemaRefuses(t *testing.T) {
	s := schemaOf(t, catalog.Schema())
	for _, src := range []string{
		"{flow: a, version: 1}",
		"{flow: a, version: 0, steps: [{id: b}]}",
		"{flow: A b, version: 1, steps: [{id: b}]}",
		"{flow: a, version: 1, steps: [{id: b, txt: c}]}",
		"{flow: a, version: 1, steps: [{id: b, ask: choise}]}",
		"{flow: a, version: 1, steps: [{id: b, columns: 9}]}",
		"{flow: a, version: 1, steps: [{id: b, wait: {timeout: 2 hours, next: b}}]}",
		"{flow: a, version: 1, steps: [{id: b, next: [{when: live}]}]}",
		"{flow: a, version: 1, steps: [{id: b}], rounds: {c: {hold: 20m}}}",
		"{flow: a, version: 1, steps: [{id: b}], reminders: {c: {at: [8]}}}",
	} {
		var v any
		if err := yaml.Unmarshal([]byte(src), &v); err != nil {
			t.Fatal(err)
		}
		if fits(s, s, v) == "" {
			t.Errorf("the schema takes %s", src)
		}
	}
}

// fits holds a value against the part of JSON Schema that ours use. It returns
// what does not fit.
func fits(root, s node, v any) string {
	if ref, ok := s["$ref"].(string); ok {
		return fits(root, root["$defs"].(node)[strings.TrimPrefix(ref, "#/$defs/")].(node), v)
	}
	if options, ok := s["anyOf"].([]any); ok {
		var problems strings.Builder
		for _, option := range options {
			problem := fits(root, option.(node), v)
			if problem == "" {
				return ""
			}
			problems.WriteString(problem + "; ")
		}
		return problems.String()
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, v) {
		return fmt.Sprintf("%v is none of %v", v, enum)
	}
	if !hasType(s["type"], v) {
		return fmt.Sprintf("%v is no %v", v, s["type"])
	}
	switch v := v.(type) {
	case string:
		if p, ok := s["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(v) {
			return fmt.Sprintf("%q does not match %s", v, p)
		}
	case uint64:
		if low, ok := s["minimum"].(float64); ok && float64(v) < low {
			return fmt.Sprintf("%v is below %v", v, low)
		}
		if high, ok := s["maximum"].(float64); ok && float64(v) > high {
			return fmt.Sprintf("%v is above %v", v, high)
		}
	case []any:
		for _, item := range v {
			if problem := fits(root, s["items"].(node), item); problem != "" {
				return problem
			}
		}
	case node:
		return fitsObject(root, s, v)
	}
	return ""
}

func fitsObject(root, s, v node) string {
	required, _ := s["required"].([]any)
	for _, key := range required {
		if _, ok := v[key.(string)]; !ok {
			return fmt.Sprintf("%q is missing", key)
		}
	}
	properties, _ := s["properties"].(node)
	for _, key := range slices.Sorted(maps.Keys(v)) {
		if names, ok := s["propertyNames"].(node); ok && fits(root, names, key) != "" {
			return fmt.Sprintf("%q cannot be a key", key)
		}
		described, ok := properties[key].(node)
		if !ok {
			if described, ok = s["additionalProperties"].(node); !ok {
				return fmt.Sprintf("%q is no key", key)
			}
		}
		if problem := fits(root, described, v[key]); problem != "" {
			return key + ": " + problem
		}
	}
	return ""
}

// hasType reports whether a value is of one of the types; without any, all are
// right.
func hasType(types any, v any) bool {
	list, ok := types.([]any)
	if !ok {
		list = []any{types}
	}
	if types == nil {
		return true
	}
	is := map[string]bool{}
	switch v.(type) {
	case nil:
		is["null"] = true
	case string:
		is["string"] = true
	case bool:
		is["boolean"] = true
	case uint64, int64:
		is["integer"], is["number"] = true, true
	case float64:
		is["number"] = true
	case []any:
		is["array"] = true
	case node:
		is["object"] = true
	}
	return slices.ContainsFunc(list, func(t any) bool { return is[t.(string)] })
}
