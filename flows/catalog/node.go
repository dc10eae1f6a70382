package catalog

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/lang"
)

// readers holds what each key of a mapping is read by.
type readers = map[string]func(ast.Node)

// entry is one "key: value" of a mapping.
type entry struct {
	key     string
	keyNode ast.Node
	value   ast.Node
}

// entries returns the pairs of a mapping in their order; a key given twice is
// a fault.
func (f *file) entries(n ast.Node, what string) []entry {
	if isNull(n) {
		return nil
	}
	values, ok := pairs(n)
	if !ok {
		f.fault(n, what+" is not a mapping", `write it as "key: value" lines`)
		return nil
	}
	if len(values) > maxKeys {
		f.fault(values[maxKeys], fmt.Sprintf("%s has more than %d keys", what, maxKeys), "spread them over several files")
		values = values[:maxKeys]
	}
	out := make([]entry, 0, len(values))
	seen := make(map[string]bool, len(values))
	for _, v := range values {
		key := v.Key.GetToken().Value
		if seen[key] {
			f.fault(v.Key, fmt.Sprintf("%q is given twice", key), "keep one of them")
			continue
		}
		seen[key] = true
		out = append(out, entry{key, v.Key, v.Value})
	}
	return out
}

func pairs(n ast.Node) (values []*ast.MappingValueNode, ok bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

func isNull(n ast.Node) bool {
	_, ok := n.(*ast.NullNode)
	return ok || n == nil
}

// child returns the value of a key, nil if the mapping lacks it.
func child(n ast.Node, key string) ast.Node {
	values, _ := pairs(n)
	for _, v := range values {
		if v.Key.GetToken().Value == key {
			return v.Value
		}
	}
	return nil
}

func has(n ast.Node, key string) bool { return child(n, key) != nil }

// fields reads a mapping whose keys are known.
func (f *file) fields(n ast.Node, what string, known readers) {
	for _, e := range f.entries(n, what) {
		read, ok := known[e.key]
		switch {
		case !ok:
			f.unknown[e.keyNode] = true
			remedy := hints[what][e.key]
			if remedy == "" {
				remedy = use(e.key, "its keys are", keysOf(known))
			}
			f.fault(e.keyNode, fmt.Sprintf("%s has no %q", what, e.key), remedy)
		case isNull(e.value) && f.damaged:
		case isNull(e.value):
			f.fault(e.keyNode, fmt.Sprintf("%q has no value", e.key), "write one behind the colon, or remove the key")
		default:
			read(e.value)
		}
	}
}

// hints answer what people write in good faith.
var hints = map[string]map[string]string{
	"a step": {
		"text": "write the words into texts/en.yaml, under the name of the step",
		"goto": `lead on with "next: step"`,
	},
	"a choice": {
		"text":  "write the words into texts/en.yaml, under the name of the step",
		"label": "write the words into texts/en.yaml, under the name of the step",
		"to":    `lead on with "next: step"`,
	},
	"a branch": {"next": `lead on with "to: step"`},
	"a round":  {"every": `a round has "gap: 2h", counted from its end`},
	"a reminder": {
		"gap":  `a reminder has "every: 2h" or "at: [\"08:30\"]"`,
		"hold": `what is held and taken off again is a round: put it under "rounds:"`,
	},
}

func keysOf[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// scalar reads a single text, number or truth as it was written.
func (f *file) scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.NullNode:
		return "", true
	case ast.ScalarNode:
		return n.GetToken().Value, true
	}
	f.fault(n, "a list or a mapping stands where a single value belongs", "write one text, number, true or false")
	return "", false
}

func (f *file) str(n ast.Node) string {
	s, _ := f.scalar(n)
	return s
}

// ident reads a name. It returns "" for one that is none.
func (f *file) ident(n ast.Node) string {
	s, ok := f.scalar(n)
	if !ok {
		return ""
	}
	if !lang.IsName(s) {
		f.fault(n, fmt.Sprintf("%q cannot be a name", clip(s)), "use a-z, 0-9 and _, at most 40 characters")
		return ""
	}
	return s
}

func (f *file) number(n ast.Node) int {
	s, ok := f.scalar(n)
	v, err := strconv.Atoi(s)
	if ok && (err != nil || v < 0) {
		f.fault(n, fmt.Sprintf("%q is not a whole number", clip(s)), "write it with digits, 0 or more")
		return 0
	}
	return v
}

// decimal reads a number that may have a fraction.
func (f *file) decimal(n ast.Node) float64 {
	s, ok := f.scalar(n)
	v, err := strconv.ParseFloat(s, 64)
	if ok && (err != nil || math.IsInf(v, 0) || math.IsNaN(v)) {
		f.fault(n, fmt.Sprintf("%q is not a number", clip(s)), "write it with digits, such as 10 or 2.5")
		return 0
	}
	return v
}

// pattern reads a regular expression, which is held against a whole text.
func (f *file) pattern(n ast.Node) *regexp.Regexp {
	src, ok := f.scalar(n)
	if _, err := regexp.Compile(src); err != nil && ok {
		f.fault(n, fmt.Sprintf("the pattern cannot be read: %v", err), "use the syntax of Go's regexp package")
		return nil
	}
	re, _ := regexp.Compile(`^(?:` + src + `)$`)
	return re
}

// days reads days of the week.
func (f *file) days(n ast.Node) []time.Weekday {
	var list []time.Weekday
	for _, item := range f.items(n, "days") {
		name := pick(f, item, "day of the week", lang.WeekdayNames)
		if name == "" {
			continue
		}
		day := time.Weekday(slices.Index(lang.WeekdayNames, name))
		if slices.Contains(list, day) {
			f.fault(item, fmt.Sprintf("%q is given twice", name), "keep one of them")
		}
		list = append(list, day)
	}
	return list
}

func (f *file) truth(n ast.Node) bool {
	b, ok := n.(*ast.BoolNode)
	if !ok {
		f.fault(n, "this is neither true nor false", "write true or false, without quotes")
		return false
	}
	return b.Value
}

func (f *file) duration(n ast.Node) time.Duration {
	s, ok := f.scalar(n)
	d, err := lang.ParseDuration(s)
	if ok && (err != nil || d < 0) {
		f.fault(n, fmt.Sprintf("%q is not a duration", clip(s)), "write a number and a unit, such as 20m, 2h or 3d")
		return 0
	}
	return d
}

// minute reads a time of day as minutes since midnight.
func (f *file) minute(n ast.Node) int {
	s, ok := f.scalar(n)
	t, err := time.Parse("15:04", s)
	if ok && err != nil {
		f.fault(n, fmt.Sprintf("%q is not a time of day", clip(s)), `write it as "08:00", in quotes`)
		return 0
	}
	return t.Hour()*60 + t.Minute()
}

// items returns the items of a list.
func (f *file) items(n ast.Node, what string) []ast.Node {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		f.fault(n, what+" is not a list", `begin each item with "- "`)
		return nil
	}
	if len(s.Values) == 0 {
		f.fault(n, what+" is an empty list", "add an item, or remove the key")
	}
	if len(s.Values) > maxItems {
		f.fault(s.Values[maxItems], fmt.Sprintf("%s is a list of more than %d items", what, maxItems), "spread them over several files")
		return s.Values[:maxItems]
	}
	return s.Values
}

// pick reads a word out of a set. It returns "" for one that is not in it.
func pick[T ~string](f *file, n ast.Node, what string, allowed []T) T {
	s, ok := f.scalar(n)
	if slices.Contains(allowed, T(s)) {
		return T(s)
	}
	if ok {
		words := make([]string, len(allowed))
		for i, a := range allowed {
			words[i] = string(a)
		}
		f.fault(n, fmt.Sprintf("%q is no %s", clip(s), what), use(s, "the choice is", words))
	}
	return ""
}
