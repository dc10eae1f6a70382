package boltstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"

	"spasmbot/storage"
)

const hintGone = "nothing is written into what the next start would not find: " +
	"find out what did that, put the file or a backup in its place, and start again"

// presence knows whether the open file is still the one at its path, and whole.
// Whoever writes into a deleted file hears of no fault, and all is lost; and a
// page of a file that was cut short cannot be read without a memory fault.
type presence struct {
	path   string
	opened os.FileInfo
	// watched says that nobody but the process itself has any business with the
	// file.
	watched atomic.Bool
	// size is the largest that was seen: the file never shrinks.
	size atomic.Int64
}

// there fails if the file is not at its path, or not whole. It costs about a
// microsecond, and is asked before every transaction.
func (p *presence) there() error {
	if !p.watched.Load() {
		return nil
	}
	// The size is read before the file is looked at: another transaction may make
	// it larger, and note that, between the two.
	size := p.size.Load()
	info, err := p.look()
	if err != nil || info == nil {
		return err
	}
	if info.Size() < size {
		return fmt.Errorf("%w: %s was cut from %d to %d bytes while it was open; %s", storage.ErrDamaged, p.path, size, info.Size(), hintDamaged)
	}
	for size < info.Size() && !p.size.CompareAndSwap(size, info.Size()) {
		size = p.size.Load()
	}
	return nil
}

// gone fails if the file is not at its path.
func (p *presence) gone() error {
	if !p.watched.Load() {
		return nil
	}
	_, err := p.look()
	return err
}

// look returns no info if there is none to be had just now.
func (p *presence) look() (os.FileInfo, error) {
	info, err := os.Stat(p.path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(info, p.opened):
		return nil, fmt.Errorf("%w: %s; %s", storage.ErrGone, p.path, hintGone)
	case err != nil:
		return nil, nil //nolint:nilerr,nilnil // that says nothing of the file
	}
	return info, nil
}
