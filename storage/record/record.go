package record

import (
	"bytes"
	"errors"
	"fmt"
	"sync"

	"github.com/fxamacker/cbor/v2"

	"spasmbot/storage"
)

// version is the first byte of every record. Versions are below that of any
// letter: a text is no record of a newer program.
const (
	version     = 1
	lastVersion = ' ' - 1
)

// Bounds of a record. Nothing that is kept comes near them, so what exceeds them
// is no record.
const (
	maxDepth  = 8
	maxFields = 128
	maxList   = 1 << 20
)

// buffers are what records are encoded in.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// The two modes never change.
var (
	encoding = must(cbor.EncOptions{
		ShortestFloat: cbor.ShortestFloat16,
		Time:          cbor.TimeRFC3339NanoUTC,
		// A tag tells an instant from a text where the type does not.
		TimeTag:     cbor.EncTagRequired,
		IndefLength: cbor.IndefLengthForbidden,
	}.UserBufferEncMode())
	decoding = must(cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		TimeTag:          cbor.DecTagRequired,
		MaxNestedLevels:  maxDepth,
		MaxMapPairs:      maxFields,
		MaxArrayElements: maxList,
		IndefLength:      cbor.IndefLengthForbidden,
		// Texts are kept as they are, whatever their bytes.
		UTF8: cbor.UTF8DecodeInvalid,
	}.DecMode())
)

func must[T any](mode T, err error) T {
	if err != nil {
		panic(err) // the options above contradict each other
	}
	return mode
}

// checked is a type that says itself whether a value of it can be kept.
type checked interface{ Check() error }

// Marshal encodes what v points to. It fails with storage.ErrUnstorable.
func Marshal(v any) ([]byte, error) {
	if c, ok := v.(checked); ok {
		if err := c.Check(); err != nil {
			return nil, fmt.Errorf("%w: %w", storage.ErrUnstorable, err)
		}
	}
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	b.WriteByte(version)
	if err := encoding.MarshalToBuffer(v, b); err != nil {
		return nil, fmt.Errorf("%w: %w", storage.ErrUnstorable, err)
	}
	return bytes.Clone(b.Bytes()), nil
}

// Unmarshal decodes what Marshal encoded into the zero value that v points to.
// The result shares no memory with b. What a newer program wrote fails with
// storage.ErrNewer. No error quotes anything of the record.
func Unmarshal(b []byte, v any) error {
	switch {
	case len(b) == 0:
		return errors.New("is empty")
	case b[0] == 0 || b[0] > lastVersion:
		return errors.New("is no record")
	case b[0] > version:
		return fmt.Errorf("%w (record version %d, this program knows %d): use the program version that wrote it, or a newer one",
			storage.ErrNewer, b[0], version)
	}
	if err := decoding.Unmarshal(b[1:], v); err != nil {
		return fault(err)
	}
	if c, ok := v.(checked); ok {
		return c.Check()
	}
	return nil
}

// fault says what is wrong with a record in words of our own: the library quotes
// what it found.
func fault(err error) error {
	if e, ok := errors.AsType[*cbor.UnmarshalTypeError](err); ok {
		return fmt.Errorf("has %s where %s belongs", e.CBORType, e.GoType)
	}
	if _, ok := errors.AsType[*cbor.DupMapKeyError](err); ok {
		return errors.New("has a field twice")
	}
	return errors.New("is cut off or mixed up")
}
