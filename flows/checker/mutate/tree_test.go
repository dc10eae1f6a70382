package mutate

import (
	"bytes"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"

	"spasmbot/flows/catalog"
)

// tree is a flow file as mappings, lists and scalars, in the order of the file.
type tree = yaml.MapSlice

// source is the shipped flows, file by file.
type source struct {
	files fstest.MapFS
	trees map[string]tree
}

func read(t testing.TB) *source {
	t.Helper()
	s := &source{files: make(fstest.MapFS), trees: make(map[string]tree)}
	err := fs.WalkDir(catalog.Shipped(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(catalog.Shipped(), name)
		s.files[name] = &fstest.MapFile{Data: data}
		if err == nil && path.Dir(name) == "." && strings.HasSuffix(name, ".yaml") {
			s.trees[name], err = parse(data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parse(data []byte) (tree, error) {
	var root tree
	err := yaml.UnmarshalWithOptions(data, &root, yaml.UseOrderedMap())
	return root, err
}

// with is the shipped flows with another tree in the place of one file.
func (s *source) with(name string, root tree) (fs.FS, error) {
	var buf bytes.Buffer
	if err := yaml.NewEncoder(&buf, yaml.Indent(2)).Encode(root); err != nil {
		return nil, err
	}
	files := maps.Clone(s.files)
	files[name] = &fstest.MapFile{Data: buf.Bytes()}
	return files, nil
}

// copied is a tree that shares nothing with another.
func copied(v any) any {
	switch v := v.(type) {
	case tree:
		out := make(tree, len(v))
		for i, item := range v {
			out[i] = yaml.MapItem{Key: item.Key, Value: copied(item.Value)}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = copied(v[i])
		}
		return out
	}
	return v
}

func at(m tree, key string) int {
	return slices.IndexFunc(m, func(item yaml.MapItem) bool { return item.Key == key })
}

// get is the value of a key, nil without it.
func get(m tree, key string) any {
	if i := at(m, key); i >= 0 {
		return m[i].Value
	}
	return nil
}

func mapping(m tree, key string) tree {
	v, _ := get(m, key).(tree)
	return v
}

func list(m tree, key string) []any {
	v, _ := get(m, key).([]any)
	return v
}

func text(m tree, key string) string {
	v, _ := get(m, key).(string)
	return v
}

// put sets a key, in its place if it is there; nil takes it away.
func put(m *tree, key string, value any) {
	i := at(*m, key)
	switch {
	case value == nil && i >= 0:
		*m = slices.Delete(*m, i, i+1)
	case value == nil:
	case i >= 0:
		(*m)[i].Value = value
	default:
		*m = append(*m, yaml.MapItem{Key: key, Value: value})
	}
}
