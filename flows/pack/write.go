package pack

import (
	"encoding/binary"
	"math"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// Uint appends a number, unless it is 0.
func Uint(b []byte, field protowire.Number, v uint64) []byte {
	if v == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), v)
}

// Int appends a number that may be negative, unless it is 0.
func Int(b []byte, field protowire.Number, v int64) []byte {
	return Uint(b, field, protowire.EncodeZigZag(v))
}

// Bool appends a truth, unless it is false.
func Bool(b []byte, field protowire.Number, v bool) []byte {
	return Uint(b, field, protowire.EncodeBool(v))
}

// Float appends a number, unless it is 0.
func Float(b []byte, field protowire.Number, v float64) []byte {
	if v == 0 && !math.Signbit(v) {
		return b
	}
	return protowire.AppendFixed64(protowire.AppendTag(b, field, protowire.Fixed64Type), math.Float64bits(v))
}

// Text appends a text, unless it is empty.
func Text(b []byte, field protowire.Number, s string) []byte {
	if s == "" {
		return b
	}
	return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), s)
}

// Bytes appends bytes, unless there are none.
func Bytes(b []byte, field protowire.Number, v []byte) []byte {
	if len(v) == 0 {
		return b
	}
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), v)
}

// The instants that fit into nanoseconds since 1970.
var (
	firstNano = time.Unix(0, math.MinInt64)
	lastNano  = time.Unix(0, math.MaxInt64)
)

// farTime is the size of an instant beyond those.
const farTime = 12

// Time appends an instant, unless it is zero.
func Time(b []byte, field protowire.Number, t time.Time) []byte {
	if t.IsZero() {
		return b
	}
	if !t.Before(firstNano) && !t.After(lastNano) {
		// Unlike Int, a zero is written: it is 1970, not the zero time.
		return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), protowire.EncodeZigZag(t.UnixNano()))
	}
	far := binary.BigEndian.AppendUint64(make([]byte, 0, farTime), uint64(t.Unix()))
	far = binary.BigEndian.AppendUint32(far, uint32(t.Nanosecond()))
	return Bytes(b, field, far)
}

// Record appends a record within a record, also when it is empty. It is written
// by fill, which appends to what it is given.
func Record(b []byte, field protowire.Number, fill func(b []byte) []byte) []byte {
	b = protowire.AppendTag(b, field, protowire.BytesType)
	start := len(b)
	b = fill(b)
	n := len(b) - start
	// Its length stands before it, and is known only now.
	size := protowire.SizeVarint(uint64(n))
	b = append(b, make([]byte, size)...)
	copy(b[start+size:], b[start:start+n])
	protowire.AppendVarint(b[start:start:start+size], uint64(n))
	return b
}
