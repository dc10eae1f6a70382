package boltstore

import (
	"os"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"
)

// memory keeps the process small however large the file is. bbolt maps the file
// into memory, and every page that was ever read counts as the process's own
// until the system wants it back. So after some records the pages are handed
// back early. They stay in the system's cache of the file; whoever reads them
// next only has to have them mapped again.
type memory struct {
	records atomic.Uint64
}

// What may be mapped of a file before pages are handed back, and how much of it
// one read maps on Linux. A file that is smaller may stay mapped whole.
const (
	mappedMost    = 32 << 20
	mappedByRead  = 64 << 10
	recordsMapped = mappedMost / mappedByRead
)

// touched says that a record was read. The transaction is open: while it is, the
// file stays mapped where it is.
func (m *memory) touched(tx *bolt.Tx) {
	if tx.Size() <= mappedMost || m.records.Add(1)%recordsMapped != 0 {
		return
	}
	m.handBack(tx)
}

// handBack hands back all pages of the file that are mapped, if it is a large one.
func (m *memory) handBack(tx *bolt.Tx) {
	if tx.Size() <= mappedMost {
		return
	}
	// A damaged file may be shorter than it claims to be, and then so is the
	// mapping.
	if info, err := os.Stat(tx.DB().Path()); err == nil {
		handBack(tx.DB().Info().Data, min(info.Size(), tx.Size()))
	}
}
