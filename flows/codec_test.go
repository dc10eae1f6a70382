package flows_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"spasmbot/flows"
)

// filled returns a value all of whose fields are set, each to another value, so
// that a field that the codec does not know shows as a difference.
func filled[T any](t testing.TB) T {
	var v T
	n := 0
	fill(t, reflect.ValueOf(&v).Elem(), &n)
	return v
}

func fill(t testing.TB, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Unix(1_764_000_000+int64(*n), int64(*n)).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(t, v.Index(i), n)
		}
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(-int64(*n))
	case reflect.Uint64:
		v.SetUint(1<<63 + uint64(*n))
	case reflect.Float64:
		v.SetFloat(-0.5 * float64(*n))
	default:
		t.Fatalf("no value for %s: teach this test the kind", v.Type())
	}
}

func TestStateComesBackWhole(t *testing.T) {
	for _, want := range []flows.State{filled[flows.State](t), {}, {User: -5}} {
		got, err := flows.DecodeState(flows.EncodeState(want))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
		}
	}
}

func TestStateOfAnotherProgram(t *testing.T) {
	for _, c := range []struct{ record, want string }{
		{"", "decode state: it is empty"},
		{"\x03", "decode state: format 3, this program reads 2: use the program version that wrote it, or a newer one"},
		{`{"format":3}`, "decode state: JSON of format 3, this program reads 1: use the program version that wrote it, or a newer one"},
		{"{", "decode state: unexpected end of JSON input"},
		{"\x02\x08", "decode state: field 1: unexpected EOF"},
		{"\x02\x0d1234", "decode state: field 1: is of another type"},
	} {
		if _, err := flows.DecodeState([]byte(c.record)); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.record, err, c.want)
		}
	}
	// A field that a newer program has added is passed by.
	s, err := flows.DecodeState(append(flows.EncodeState(flows.State{User: 5}), 0xfa, 0x3f, 2, 'h', 'i'))
	if err != nil || s.User != 5 {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err := flows.DecodeState([]byte(`{"format":1,"user":5,"vars":[{"name":"x","kind":"number","num":1}]}`)); err != nil || s.User != 5 || s.Var("x") != flows.NumberOf(1) {
		t.Errorf("JSON: %+v, %v", s, err)
	}
}

func FuzzDecodeState(f *testing.F) {
	f.Add(flows.EncodeState(flows.State{User: 5, Vars: []flows.Var{{Name: "x", Value: flows.NumberOf(1)}}}))
	f.Add([]byte(`{"format":1,"user":5}`))
	f.Fuzz(func(t *testing.T, record []byte) {
		s, err := flows.DecodeState(record)
		if err != nil {
			return
		}
		// What can be read can be kept.
		if _, err := flows.DecodeState(flows.EncodeState(s)); err != nil {
			t.Errorf("read and written, it cannot be read again: %v", err)
		}
	})
}

func BenchmarkStateCodec(b *testing.B) {
	s := filled[flows.State](b)
	encoded := flows.EncodeState(s)
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			encoded = flows.AppendState(encoded[:0], s)
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := flows.DecodeState(encoded); err != nil {
				b.Fatal(err)
			}
		}
	})
}
