package boltstore

import (
	"errors"
	"sync/atomic"

	"spasmbot/storage"
)

// jam says that bbolt cannot go on. A panic while it begins a transaction or takes
// one back leaves its locks held, and whoever asks for one of them waits for ever:
// so from then on nobody asks any more.
type jam struct {
	cause  *atomic.Pointer[error]
	jammed chan struct{}
}

func newJam() jam { return jam{new(atomic.Pointer[error]), make(chan struct{})} }

// pass begins a transaction of bbolt or takes it back, unless one has got stuck before.
func (j jam) pass(fn func() error) error {
	if err := j.why(); err != nil {
		return err
	}
	err := caught(fn)
	if errors.Is(err, storage.ErrDamaged) && j.cause.CompareAndSwap(nil, &err) {
		close(j.jammed)
	}
	return err
}

// why is the damage that has jammed it, nil if none has.
func (j jam) why() error {
	if err := j.cause.Load(); err != nil {
		return *err
	}
	return nil
}
