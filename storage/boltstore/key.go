package boltstore

import (
	"encoding/binary"
	"fmt"
	"time"
)

// Keys sort as bytes the way their meaning sorts, so that a cursor walks in
// the order the contract asks for. Widths are fixed: a key needs no separator.
const (
	intSize    = 8
	timeSize   = intSize + 4
	recordSize = 2 * intSize
	dueSize    = timeSize + recordSize
)

// appendInt flips the sign, so that negative numbers sort before positive.
func appendInt(b []byte, n int64) []byte {
	return binary.BigEndian.AppendUint64(b, uint64(n)^(1<<63))
}

func intAt(b []byte) int64 {
	return int64(binary.BigEndian.Uint64(b) ^ (1 << 63))
}

// appendTime keeps seconds and nanoseconds apart: nanoseconds since 1970 in
// one int64 would wrap before 1678 and after 2262, and a wrapped due time
// would fire at once or never.
func appendTime(b []byte, t time.Time) []byte {
	return binary.BigEndian.AppendUint32(appendInt(b, t.Unix()), uint32(t.Nanosecond()))
}

func timeAt(b []byte) time.Time {
	return time.Unix(intAt(b), int64(binary.BigEndian.Uint32(b[intSize:]))).UTC()
}

func intKey(n int64) []byte {
	return appendInt(make([]byte, 0, intSize), n)
}

// numberKey is the key of a record that is numbered on its own.
func numberKey(n uint64) []byte {
	return binary.BigEndian.AppendUint64(make([]byte, 0, intSize), n)
}

// recordKey is the key of a record that is numbered within its person.
func recordKey(user int64, number uint64) []byte {
	return binary.BigEndian.AppendUint64(appendInt(make([]byte, 0, recordSize), user), number)
}

func parseRecordKey(b []byte) (user int64, number uint64, err error) {
	if len(b) != recordSize {
		return 0, 0, fmt.Errorf("key has %d bytes, not %d", len(b), recordSize)
	}
	return intAt(b), binary.BigEndian.Uint64(b[intSize:]), nil
}

// dueKey ends in the reminder's key: many reminders fall due at one instant.
func dueKey(due time.Time, user int64, id uint64) []byte {
	return append(appendTime(make([]byte, 0, dueSize), due), recordKey(user, id)...)
}

// parseDueKey returns the due time and the key of the reminder.
func parseDueKey(b []byte) (due time.Time, reminder []byte, err error) {
	if len(b) != dueSize {
		return time.Time{}, nil, fmt.Errorf("key has %d bytes, not %d", len(b), dueSize)
	}
	return timeAt(b), b[timeSize:], nil
}
