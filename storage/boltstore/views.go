package boltstore

import (
	"sync"

	"spasmbot/storage"
)

// views knows who reads.
type views struct {
	mu      sync.Mutex
	closed  bool
	running int
	// all are those that have begun since somebody last waited for all.
	all *sync.WaitGroup
	// wanted says that somebody wants to be told, by over, once nobody reads.
	wanted bool
	over   func()
}

func newViews() *views { return &views{all: new(sync.WaitGroup), over: func() {}} }

// enter lets a reader in; Close waits until all have left. bbolt's own Close
// would wait as well, but a View begun within a View would meanwhile wait for
// Close.
func (v *views) enter() (leave func(), err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return nil, storage.ErrClosed
	}
	v.running++
	v.all.Add(1)
	all := v.all
	return func() { v.leave(all) }, nil
}

func (v *views) leave(all *sync.WaitGroup) {
	v.mu.Lock()
	v.running--
	tell := v.wanted && v.running == 0
	if tell {
		v.wanted = false
	}
	v.mu.Unlock()
	if tell {
		v.over()
	}
	all.Done()
}

// close lets nobody in any more, and reports whether that was so before.
func (v *views) close() (before bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	before, v.closed = v.closed, true
	return before
}

// await waits until all have left who have entered by now.
func (v *views) await() {
	v.mu.Lock()
	old := v.all
	v.all = new(sync.WaitGroup)
	v.mu.Unlock()
	old.Wait()
}

// none runs do while nobody reads and nobody can begin to, and reports whether it has.
// If somebody reads, over is called when nobody does any more.
func (v *views) none(do func()) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.running > 0 {
		v.wanted = true
		return false
	}
	do()
	return true
}
