package report_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/bot/report"
)

// whole is a person of whom everything is known.
func whole(t testing.TB) report.Person {
	p := sample(t)
	p.Plan = planned(t, "Europe/Athens").Plan
	p.Spasm.Ended, p.Spasm.Outcome = p.Now, "well again"
	p.Records = []json.RawMessage{json.RawMessage(`{"record":"message","id":"7-m1"}`)}
	return p
}

func data(t testing.TB, p report.Person) map[string]any {
	t.Helper()
	b, err := report.JSON(p)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestJSONGolden(t *testing.T) {
	p := whole(t)
	p.Spasm.Done, p.Spasm.Signs, p.Spasm.Pain = p.Spasm.Done[:1], p.Spasm.Signs[:1], p.Spasm.Pain[:2]
	b, err := report.JSON(p)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "mydata.json", b)
}

// The data is as docs/mydata.schema.json says, and everything that this describes is
// in the data of somebody of whom all is known.
func TestJSONFitsTheSchema(t *testing.T) {
	b, err := os.ReadFile("../../docs/mydata.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(b, &schema); err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]report.Person{"nothing": {}, "sample": sample(t), "long": long(t), "whole": whole(t)} {
		check := checker{root: schema, used: make(map[string]bool)}
		check.fits(name, schema, data(t, p))
		for _, fault := range check.faults[:min(len(check.faults), 10)] {
			t.Error(fault)
		}
		if name != "whole" {
			continue
		}
		for path := range check.described("whole", schema) {
			if !check.used[path] {
				t.Errorf("the schema describes %s, which is in no data", path)
			}
		}
	}
}

// checker holds data against a schema, as much of JSON Schema as the one here uses.
// Keys that it does not describe are faults.
type checker struct {
	root   map[string]any
	used   map[string]bool
	faults []string
}

func (c *checker) resolve(s map[string]any) map[string]any {
	if ref, ok := s["$ref"].(string); ok {
		return c.root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	return s
}

func (c *checker) fault(path, format string, args ...any) {
	c.faults = append(c.faults, path+": "+fmt.Sprintf(format, args...))
}

func (c *checker) fits(path string, s map[string]any, v any) {
	s = c.resolve(s)
	c.used[path] = true
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, v) {
		c.fault(path, "%v is none of %v", v, enum)
	}
	types, ok := s["type"].([]any)
	if !ok && s["type"] != nil {
		types = []any{s["type"]}
	}
	kind := map[string]string{"string": "string", "float64": "number", "bool": "boolean", "[]interface {}": "array", "map[string]interface {}": "object"}[fmt.Sprintf("%T", v)]
	if len(types) > 0 && !slices.Contains(types, any(kind)) {
		c.fault(path, "%v is no %v", v, types)
	}
	switch v := v.(type) {
	case string:
		if p, ok := s["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(v) {
			c.fault(path, "%q does not match %s", v, p)
		}
	case []any:
		for _, item := range v {
			c.fits(path+"[]", s["items"].(map[string]any), item)
		}
	case map[string]any:
		c.object(path, s, v)
	}
}

func (c *checker) object(path string, s, v map[string]any) {
	required, _ := s["required"].([]any)
	for _, key := range required {
		if _, ok := v[key.(string)]; !ok {
			c.fault(path, "%v is missing", key)
		}
	}
	properties, _ := s["properties"].(map[string]any)
	for key, value := range v {
		if described, ok := properties[key].(map[string]any); ok {
			c.fits(path+"."+key, described, value)
		} else if s["additionalProperties"] != true {
			c.fault(path, "%q is no key", key)
		}
	}
}

// described are the paths that a schema has words for.
func (c *checker) described(path string, s map[string]any) map[string]bool {
	s = c.resolve(s)
	all := map[string]bool{path: true}
	if items, ok := s["items"].(map[string]any); ok {
		maps.Copy(all, c.described(path+"[]", items))
	}
	properties, _ := s["properties"].(map[string]any)
	for key, property := range properties {
		maps.Copy(all, c.described(path+"."+key, property.(map[string]any)))
	}
	return all
}

func TestJSONFaults(t *testing.T) {
	for want, p := range map[string]report.Person{
		"no kind 9":   {Spasm: report.Spasm{Done: []report.Deed{{Kind: 9}}}},
		"no answer 9": {Spasm: report.Spasm{Signs: []report.Sign{{Answer: 9}}}},
	} {
		if _, err := report.JSON(p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the fault is %v, want %q", err, want)
		}
	}
}

// None of the papers takes more than 32 MiB to make for 30 days and 1,000 entries.
func TestPapersAreCheap(t *testing.T) {
	p := long(t)
	for name, paper := range map[string]func(report.Person) ([]byte, error){
		"chart":  func(p report.Person) ([]byte, error) { return report.Chart(p, report.Dark()) },
		"report": report.Report, "calendar": report.Calendar, "csv": report.CSV, "json": report.JSON,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := paper(p); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
			t.Errorf("%s takes %d MiB", name, used>>20)
		}
	}
}

// What is noted by somebody elsewhere in the world is told by the clock there.
func TestJSONZone(t *testing.T) {
	p := report.Person{Now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Zone: zone(t, "Asia/Kathmandu")}
	if got := data(t, p); got["made"] != "2026-03-01T17:45:00+05:45" || got["zone"] != "Asia/Kathmandu" {
		t.Errorf("made at %v in %v", got["made"], got["zone"])
	}
}
