package catalog

import (
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"spasmbot/flows"
)

// file reads one YAML file node by node, so that every fault has its place
// and one fault does not hide the next.
type file struct {
	path   string
	faults *flows.Faults
}

func (f *file) fault(n ast.Node, what, remedy string) {
	line, column := position(n)
	*f.faults = append(*f.faults, flows.Fault{File: f.path, Line: line, Column: column, What: what, Remedy: remedy})
}

func line(n ast.Node) int {
	line, _ := position(n)
	return line
}

// position is where a node begins, counted from 1.
func position(n ast.Node) (line, column int) {
	line, column = 1, 1
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0].Key // a mapping's own token is a colon somewhere in it
	}
	if n != nil && n.GetToken() != nil && n.GetToken().Position != nil {
		line, column = n.GetToken().Position.Line, n.GetToken().Position.Column
	}
	return line, column
}

// parse returns the root node of a file, nil if it has none worth reading.
func (f *file) parse(fsys fs.FS) ast.Node {
	src, err := fs.ReadFile(fsys, f.path)
	if err != nil {
		f.fault(nil, "the file cannot be read", err.Error())
		return nil
	}
	tree, err := parser.ParseBytes(src, 0)
	if err != nil {
		f.syntaxFault(err)
		return nil
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		f.fault(nil, fmt.Sprintf("the file holds %d YAML documents", len(tree.Docs)), "write exactly one, and not an empty one")
		return nil
	}
	return tree.Docs[0].Body
}

// entry is one "key: value" of a mapping.
type entry struct {
	key     string
	keyNode ast.Node
	value   ast.Node
}

// entries returns the pairs of a mapping in their order; a key given twice is
// a fault.
func (f *file) entries(n ast.Node, what string) []entry {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	case *ast.NullNode, nil:
		return nil
	default:
		f.fault(n, what+" is not a mapping", `write it as "key: value" lines`)
		return nil
	}
	out := make([]entry, 0, len(values))
	for _, v := range values {
		key := v.Key.GetToken().Value
		if slices.ContainsFunc(out, func(e entry) bool { return e.key == key }) {
			f.fault(v.Key, fmt.Sprintf("%q is given twice", key), "keep one of them")
			continue
		}
		out = append(out, entry{key, v.Key, v.Value})
	}
	return out
}

// fields reads a mapping whose keys are known.
func (f *file) fields(n ast.Node, what string, known map[string]func(ast.Node)) {
	for _, e := range f.entries(n, what) {
		read, ok := known[e.key]
		if !ok {
			f.fault(e.keyNode, fmt.Sprintf("%s has no %q", what, e.key), "use one of "+oneOf(known))
			continue
		}
		read(e.value)
	}
}

func oneOf[V any](m map[string]V) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return strings.Join(keys, ", ")
}

// str reads a text.
func (f *file) str(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return n.GetToken().Value
	}
	f.fault(n, "this is not a text", "write a single text")
	return ""
}

// name reads an identifier.
func (f *file) ident(n ast.Node) string {
	s := f.str(n)
	if !flows.IsName(s) {
		f.fault(n, fmt.Sprintf("%q cannot be a name", s), "use a-z, 0-9 and _, at most 40 characters")
	}
	return s
}

func (f *file) number(n ast.Node) int {
	v, err := strconv.Atoi(f.str(n))
	if err != nil || v < 0 {
		f.fault(n, "this is not a whole number", "write 0 or more")
	}
	return v
}

// decimal reads a number that may have a fraction.
func (f *file) decimal(n ast.Node) float64 {
	v, err := strconv.ParseFloat(f.str(n), 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		f.fault(n, "this is not a number", "write it with digits, such as 10 or 2.5")
		return 0
	}
	return v
}

// pattern reads a regular expression, which is held against a whole text.
func (f *file) pattern(n ast.Node) *regexp.Regexp {
	re, err := regexp.Compile(`^(?:` + f.str(n) + `)$`)
	if err != nil {
		f.fault(n, fmt.Sprintf("the pattern cannot be read: %v", err), "use the syntax of Go's regexp package")
	}
	return re
}

// days reads days of the week.
func (f *file) days(n ast.Node) []time.Weekday {
	names := []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	var list []time.Weekday
	for _, item := range f.items(n, "days") {
		if name := pick(f, item, "day of the week", names...); !slices.Contains(list, time.Weekday(slices.Index(names, name))) {
			list = append(list, time.Weekday(slices.Index(names, name)))
		}
	}
	return list
}

func (f *file) truth(n ast.Node) bool {
	b, ok := n.(*ast.BoolNode)
	if !ok {
		f.fault(n, "this is neither true nor false", "write true or false")
		return false
	}
	return b.Value
}

func (f *file) duration(n ast.Node) time.Duration {
	s := f.str(n)
	d, err := flows.ParseDuration(s)
	if err != nil || d < 0 {
		f.fault(n, fmt.Sprintf("%q is not a duration", s), "write a number and a unit, such as 20m, 2h or 3d")
		return 0
	}
	return d
}

// minute reads a time of day as minutes since midnight.
func (f *file) minute(n ast.Node) int {
	s := f.str(n)
	t, err := time.Parse("15:04", s)
	if err != nil {
		f.fault(n, fmt.Sprintf("%q is not a time of day", s), `write it as "08:00", in quotes`)
		return 0
	}
	return t.Hour()*60 + t.Minute()
}

// items returns the items of a sequence.
func (f *file) items(n ast.Node, what string) []ast.Node {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		f.fault(n, what+" is not a list", `begin each item with "- "`)
		return nil
	}
	return s.Values
}

// pick reads a word out of a set.
func pick[T ~string](f *file, n ast.Node, what string, allowed ...T) T {
	s := T(f.str(n))
	if slices.Contains(allowed, s) {
		return s
	}
	words := make([]string, len(allowed))
	for i, a := range allowed {
		words[i] = string(a)
	}
	f.fault(n, fmt.Sprintf("%q is no %s", s, what), "use one of "+strings.Join(words, ", "))
	return allowed[0]
}
