package record_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/transcript"
	"spasmbot/storage"
	"spasmbot/storage/record"
)

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	b, err := record.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// filled returns a value all of whose fields are set, each to another value, so
// that a field that is not kept shows as a difference.
func filled[T any](t testing.TB) T {
	var v T
	n := 0
	fill(t, reflect.ValueOf(&v).Elem(), &n)
	return v
}

func fill(t testing.TB, v reflect.Value, n *int) {
	t.Helper()
	*n++
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(1_764_000_000+int64(*n), int64(*n)).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(t, field, n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(t, v.Index(i), n)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i), n)
		}
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(-int64(*n))
	case reflect.Uint8, reflect.Uint32, reflect.Uint64:
		v.SetUint(^uint64(0)>>(64-v.Type().Bits()) - uint64(*n)%100)
	case reflect.Float64:
		v.SetFloat(-0.1 * float64(*n))
	case reflect.Interface:
		v.Set(reflect.ValueOf(0.1 * float64(*n)))
	default:
		t.Fatalf("no value for %s: teach this test the kind", v.Type())
	}
}

// comesBack demands that what is decoded is the value, and that equal values
// have equal bytes.
func comesBack[T any](t interface {
	Helper()
	Errorf(format string, args ...any)
}, want T,
) {
	t.Helper()
	b, err := record.Marshal(&want)
	if err != nil {
		t.Errorf("marshal %+v: %v", want, err)
		return
	}
	var got T
	if err := record.Unmarshal(b, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
	}
	if again, err := record.Marshal(&got); err != nil || !bytes.Equal(again, b) {
		t.Errorf("%+v has two encodings, %x and %x; %v", want, b, again, err)
	}
}

func TestEverythingComesBack(t *testing.T) {
	comesBack(t, filled[flows.State](t))
	comesBack(t, flows.State{})
	comesBack(t, flows.State{User: -5, Vars: []flows.Var{{Name: "x", Value: flows.NumberOf(math.Copysign(0, -1))}}})
	comesBack(t, filled[storage.Entry](t))
	comesBack(t, filled[storage.Reminder](t))
	comesBack(t, filled[storage.Message](t))
	comesBack(t, filled[storage.Episode](t))
	comesBack(t, filled[storage.Quarantined](t))
	comesBack(t, filled[storage.Marks](t))
}

func TestValueOfAnEntryKeepsItsType(t *testing.T) {
	for _, value := range []any{
		nil, "", "2026-11-22T02:30:00Z", "7", "\xff\x00 \u2028", 0.0, 7.0, 0.1, -1e300, true, false, time.Unix(7, 8).UTC(),
	} {
		comesBack(t, storage.Entry{Entry: flows.Entry{Value: value}})
	}
	for _, value := range []any{math.NaN(), math.Inf(1), 7, []string{"a"}, map[string]any{}, func() {}, time.Unix(1<<40, 0)} {
		if _, err := record.Marshal(&storage.Entry{Entry: flows.Entry{Value: value}}); !errors.Is(err, storage.ErrUnstorable) {
			t.Errorf("%T: %v", value, err)
		}
	}
}

func TestInstantsAndTextsComeBackExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const year1, year9999 = -62135596800, 253402300799
		at := time.Unix(rapid.Int64Range(year1, year9999).Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanosecond")).UTC()
		text := string(rapid.SliceOf(rapid.Byte()).Draw(t, "text"))
		want := flows.State{Lang: text, Heard: at, Vars: []flows.Var{{Name: text, Value: flows.NumberOf(rapid.Float64().Draw(t, "number"))}}}
		comesBack(t, want)
	})
}

// TestInstantIsKeptInUTC: the same instant in another zone has the same bytes.
func TestInstantIsKeptInUTC(t *testing.T) {
	at := time.Date(2026, 11, 22, 2, 30, 0, 1, time.UTC)
	here := flows.State{Heard: at, Past: []flows.Past{}}
	there := flows.State{Heard: at.In(time.FixedZone("", 3600)), Resumed: time.Time{}.Local()}
	if a, b := marshal(t, &here), marshal(t, &there); !bytes.Equal(a, b) {
		t.Errorf("%x and %x", a, b)
	}
}

func TestForeignRecords(t *testing.T) {
	state := string(marshal(t, &flows.State{User: 5}))
	long := strings.Repeat("\x81", 9) + "\x80"
	for _, c := range []struct{ name, record, want string }{
		{"nothing", "", "is empty"},
		{"no version", "\x00\xa0", "is no record"},
		{"JSON", `{"user":5}`, "is no record"},
		{"a newer version", "\x02\xa0", "database was written by a newer version (record version 2, this program knows 1): use the program version that wrote it, or a newer one"},
		{"no fields", "\x01", "is cut off or mixed up"},
		{"half a field", state[:len(state)-1], "is cut off or mixed up"},
		{"something behind", state + "\x00", "is cut off or mixed up"},
		{"another type", "\x01\xa1\x01\x65words", "has UTF-8 text string where int64 belongs"},
		{"an instant without its tag", "\x01\xa1\x05\x1a\x69\x24\x00\x00", "has positive integer where time.Time belongs"},
		{"no instant", "\x01\xa1\x05\xc0\x65words", "is cut off or mixed up"},
		{"a field twice", "\x01\xa2\x01\x05\x01\x05", "has a field twice"},
		{"an unknown field twice", "\x01\xa2\x18\x63\x05\x18\x63\x05", "has a field twice"},
		{"fields without end", "\x01\xbf\x01\x05\xff", "is cut off or mixed up"},
		{"too deep", "\x01\xa1\x18\x63" + long, "is cut off or mixed up"},
		{"too many fields", "\x01\xb8\x81" + fields(129), "is cut off or mixed up"},
		{"too long a list", "\x01\xa1\x0a\x9a\x00\x10\x00\x01" + strings.Repeat("\xa0", 1<<20+1), "is cut off or mixed up"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s flows.State
			err := record.Unmarshal([]byte(c.record), &s)
			if err == nil || err.Error() != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
			if newer := c.name == "a newer version"; errors.Is(err, storage.ErrNewer) != newer {
				t.Errorf("newer: %v, want %v", !newer, newer)
			}
		})
	}
}

// fields are n fields that no type has.
func fields(n int) string {
	var b strings.Builder
	for i := range n {
		b.Write([]byte{0x19, 0x10, byte(i), 0})
	}
	return b.String()
}

// TestFieldOfANewerProgramIsPassedBy within the same version.
func TestFieldOfANewerProgramIsPassedBy(t *testing.T) {
	var s flows.State
	err := record.Unmarshal([]byte("\x01\xa3\x01\x05\x18\x63\xa1\x01\x82\x62hi\xf6\x19\x03\xe7\x62hi"), &s)
	if err != nil || s.User != 5 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestDamagedEntry: a value of a type that no entry has is damage.
func TestDamagedEntry(t *testing.T) {
	var e storage.Entry
	if err := record.Unmarshal([]byte("\x01\xa1\x07\x07"), &e); err == nil || !strings.Contains(err.Error(), "the value of an entry is a uint64") {
		t.Errorf("%v", err)
	}
}

func FuzzDecodeState(f *testing.F) {
	f.Add(marshal(f, &flows.State{User: 5, Vars: []flows.Var{{Name: "x", Value: flows.NumberOf(1)}}}))
	whole := filled[flows.State](f)
	f.Add(marshal(f, &whole))
	f.Fuzz(func(t *testing.T, b []byte) {
		var s, again flows.State
		if record.Unmarshal(b, &s) != nil {
			return
		}
		// What can be read can be kept, but for an instant that its zone moves
		// out of the years that have an encoding.
		kept, err := record.Marshal(&s)
		if err != nil {
			if !strings.Contains(err.Error(), "year outside of range") {
				t.Error(err)
			}
			return
		}
		if err := record.Unmarshal(kept, &again); err != nil {
			t.Errorf("read and written, it cannot be read again: %v", err)
		}
	})
}

// threeDays is the longest state that somebody has in three days.
func threeDays(t testing.TB) (longest flows.State) {
	t.Helper()
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	conversation, err := os.ReadFile("../../flows/engine/testdata/persona_three_days.txt")
	if err != nil {
		t.Fatal(err)
	}
	p := transcript.New(c)
	p.Now = p.Now.Add(123456789) // nothing happens at a full second
	size := 0
	p.Keep = func(s flows.State) (flows.State, error) {
		if n := len(marshal(t, &s)); n > size {
			longest, size = s.Clone(), n
		}
		return s, nil
	}
	if _, err := p.Play(string(conversation)); err != nil {
		t.Fatal(err)
	}
	return longest
}

func BenchmarkState(b *testing.B) {
	s := threeDays(b)
	encoded := marshal(b, &s)
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := record.Marshal(&s); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(encoded)), "bytes")
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var s flows.State
			if err := record.Unmarshal(encoded, &s); err != nil {
				b.Fatal(err)
			}
		}
	})
}
