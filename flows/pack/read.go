package pack

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// Reader reads the fields of one record, in the order in which they were
// written. After an error Next returns false.
type Reader struct {
	rest  []byte
	field protowire.Number
	kind  protowire.Type
	// read says that the value of the field has been taken.
	read bool
	err  error
}

// Read begins to read a record.
func Read(b []byte) *Reader { return &Reader{rest: b, read: true} }

// Next goes to the next field, past a value that was not asked for.
func (r *Reader) Next() bool {
	if !r.read {
		r.take(protowire.ConsumeFieldValue(r.field, r.kind, r.rest))
	}
	if r.err != nil || len(r.rest) == 0 {
		return false
	}
	var n int
	r.field, r.kind, n = protowire.ConsumeTag(r.rest)
	r.take(n)
	r.read = false
	return r.err == nil
}

// Field is the number of the field.
func (r *Reader) Field() protowire.Number { return r.field }

// Err is what was wrong with the record. It quotes nothing of it.
func (r *Reader) Err() error { return r.err }

// Fail notes that the value just read cannot be right.
func (r *Reader) Fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("field %d: %s", r.field, what)
	}
}

// take goes past n bytes; n below 0 is protowire's way to tell a fault.
func (r *Reader) take(n int) {
	r.read = true
	switch {
	case r.err != nil:
	case n < 0:
		r.err = fmt.Errorf("field %d: %w", r.field, protowire.ParseError(n))
	default:
		r.rest = r.rest[n:]
	}
}

var errType = errors.New("is of another type")

// expect reports whether the field is of the type asked for.
func (r *Reader) expect(kind protowire.Type) bool {
	if r.err == nil && r.kind != kind {
		r.err = fmt.Errorf("field %d: %w", r.field, errType)
	}
	return r.err == nil
}

// Uint is the value that [Uint] wrote.
func (r *Reader) Uint() uint64 {
	if !r.expect(protowire.VarintType) {
		return 0
	}
	v, n := protowire.ConsumeVarint(r.rest)
	r.take(n)
	return v
}

// Int is the value that [Int] wrote.
func (r *Reader) Int() int64 { return protowire.DecodeZigZag(r.Uint()) }

// Bool is the value that [Bool] wrote.
func (r *Reader) Bool() bool { return protowire.DecodeBool(r.Uint()) }

// Float is the value that [Float] wrote.
func (r *Reader) Float() float64 {
	if !r.expect(protowire.Fixed64Type) {
		return 0
	}
	v, n := protowire.ConsumeFixed64(r.rest)
	r.take(n)
	return math.Float64frombits(v)
}

// Text is the value that [Text] wrote.
func (r *Reader) Text() string { return string(r.Bytes()) }

// Bytes is the value that [Bytes] or [Record] wrote. It shares the memory of the
// record.
func (r *Reader) Bytes() []byte {
	if !r.expect(protowire.BytesType) {
		return nil
	}
	v, n := protowire.ConsumeBytes(r.rest)
	r.take(n)
	return v
}

// Time is the value that [Time] wrote.
func (r *Reader) Time() time.Time {
	if r.kind == protowire.BytesType {
		far := r.Bytes()
		if len(far) != farTime {
			r.Fail("is no time")
			return time.Time{}
		}
		nano := binary.BigEndian.Uint32(far[farTime-4:])
		if nano >= 1e9 {
			r.Fail("is no time")
			return time.Time{}
		}
		return time.Unix(int64(binary.BigEndian.Uint64(far)), int64(nano)).UTC()
	}
	return time.Unix(0, r.Int()).UTC()
}
