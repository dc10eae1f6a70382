package boltstore

import (
	"errors"
	"fmt"

	"spasmbot/storage"
)

// hintDamaged is what to do about a damaged file.
const hintDamaged = "stop the program, keep this file as it is and put a backup in its place"

// caught runs fn and makes an error of a panic. bbolt answers a page that it
// cannot make sense of with a panic, and a page beyond the end of the file
// with a memory fault (see debug.SetPanicOnFault, which every goroutine that
// reads pages must have set).
//
// fn must run no code of the caller's: a panic there says nothing about the
// file.
func caught(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v; %s", storage.ErrDamaged, p, hintDamaged)
		}
	}()
	return fn()
}

// damagedRecord is the error for a record that cannot be decoded: it is damaged,
// or of a newer program. The cause must not quote the record.
func damagedRecord(bucket string, key []byte, cause error) error {
	if errors.Is(cause, storage.ErrNewer) {
		return fmt.Errorf("bucket %s, key %x: %w", bucket, key, cause)
	}
	return fmt.Errorf("%w: bucket %s, key %x: %w; %s", storage.ErrDamaged, bucket, key, cause, hintDamaged)
}

// damagedRow is the error for a row of a person's record, or of their history,
// that cannot be decoded.
func damagedRow(user int64, kind string, number uint64, cause error) error {
	return damagedRecord(bucketPeople, intKey(user), fmt.Errorf("%s %d: %w", kind, number, cause))
}
