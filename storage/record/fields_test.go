package record_test

import (
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// stored are the types that stores keep; what they are made of is kept as well.
func stored() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[flows.State](),
		reflect.TypeFor[storage.Episode](), reflect.TypeFor[storage.Entry](), reflect.TypeFor[storage.Reminder](),
		reflect.TypeFor[storage.Message](), reflect.TypeFor[storage.Quarantined](), reflect.TypeFor[storage.Marks](),
	}
}

// TestNumbersOfFields: every field of what is kept has a number of its own, which
// testdata/fields.txt knows. A line of that file is never changed: the number of a
// field that is gone stays there under the name "retired".
func TestNumbersOfFields(t *testing.T) {
	file, err := os.ReadFile("testdata/fields.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]string) // by type and number
	for line := range strings.Lines(string(file)) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			t.Fatalf("line %q has not a type, a number and a field", line)
		}
		key := fields[0] + " " + fields[1]
		if known[key] != "" {
			t.Errorf("%s is there twice", key)
		}
		known[key] = fields[2]
	}
	found := make(map[string]bool)
	seen := make(map[reflect.Type]bool)
	for _, typ := range stored() {
		numbers(t, typ, seen, func(key, name string) {
			found[key] = true
			switch known[key] {
			case name:
			case "":
				t.Errorf("%s %s is new: add it to testdata/fields.txt", key, name)
			default:
				t.Errorf("%s is %s, and was %s: a number is never used again", key, name, known[key])
			}
		})
	}
	for key, name := range known {
		if !found[key] && name != "retired" {
			t.Errorf("%s, which was %s, is gone: call it retired in testdata/fields.txt", key, name)
		}
	}
}

// numbers calls visit with the number and the name of each field of a type and of
// those that it is made of.
func numbers(t *testing.T, typ reflect.Type, seen map[reflect.Type]bool, visit func(key, name string)) {
	t.Helper()
	switch typ.Kind() {
	case reflect.Slice, reflect.Array:
		numbers(t, typ.Elem(), seen, visit)
		return
	case reflect.Struct:
	default:
		return
	}
	if seen[typ] || typ == reflect.TypeFor[time.Time]() {
		return
	}
	seen[typ] = true
	own := make(map[int]string)
	for _, field := range reflect.VisibleFields(typ) {
		if field.Anonymous {
			numbers(t, field.Type, seen, visit) // its fields are visible themselves
			continue
		}
		where := typ.String() + "." + field.Name
		number, options, _ := strings.Cut(field.Tag.Get("cbor"), ",")
		n, err := strconv.Atoi(number)
		want := "keyasint,omitzero"
		if field.Type.Kind() == reflect.Slice {
			want = "keyasint,omitempty"
		}
		if err != nil || options != want {
			t.Errorf("%s has the tag %q, not a number and %s", where, field.Tag.Get("cbor"), want)
			continue
		}
		if own[n] != "" {
			t.Errorf("%s has the number %d of %s: neither is kept", where, n, own[n])
		}
		own[n] = field.Name
		if len(field.Index) == 1 {
			visit(typ.String()+" "+number, field.Name)
		}
		numbers(t, field.Type, seen, visit)
	}
}
