package boltstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"

	"spasmbot/storage"
)

// cleaner overwrites with zeros what deleted records have left in the file. bbolt
// writes every change into free pages and frees the old ones, which keep what they
// held until they are used again: the record that was deleted, and every earlier
// state of it. Pages that are in use hold nothing but live records, since they are
// always written whole, from zeroed memory.
//
// The transaction that deletes also notes that a clearing is owed, so that a crash
// puts it off and no more. A clearing goes through the file in steps, each of them
// a turn of the writer's between those of others. A page that is free for bbolt
// while nobody reads is one that bbolt itself might overwrite at any time: no
// crash makes it one that is needed.
type cleaner struct {
	file  *file
	queue *queue
	views *views
	// wake says that a clearing may be owed, or that nobody reads any more.
	wake  chan struct{}
	ended chan struct{}
	pace  pace

	mu sync.Mutex
	// round is closed when a clearing has ended, with failed.
	round  chan struct{}
	failed error
}

// pace is how much a step may do, so that a turn that waits for it does not notice.
type pace struct {
	// read and write are how many pages a step looks at, and how many it overwrites.
	read, write int
	// pause lies between two clearings if more was deleted meanwhile.
	pause time.Duration
	// stepped is called after each step, with the page that is next.
	stepped func(next int)
}

func defaultPace() pace {
	return pace{read: 2048, write: 128, pause: time.Second, stepped: func(int) {}}
}

func withPace(p pace) Option { return func(o *options) { o.pace = p } }

func newCleaner(f *file, q *queue, v *views, p pace) *cleaner {
	c := &cleaner{
		file: f, queue: q, views: v, pace: p,
		wake: make(chan struct{}, 1), ended: make(chan struct{}), round: make(chan struct{}),
	}
	v.over = c.owe
	return c
}

// owe says that a clearing may be owed.
func (c *cleaner) owe() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// run clears whenever that is owed, until no more calls come in.
func (c *cleaner) run() {
	defer close(c.ended)
	for c.owe(); ; {
		select {
		case <-c.wake:
		case <-c.queue.over:
			return
		}
		more, err := c.clear()
		c.mu.Lock()
		c.failed = err
		close(c.round)
		c.round = make(chan struct{})
		c.mu.Unlock()
		if !more {
			continue
		}
		c.owe()
		select {
		case <-time.After(c.pace.pause):
		case <-c.queue.over:
			return
		}
	}
}

// clear overwrites all that is free, if that is owed, and reports whether it is owed
// again.
func (c *cleaner) clear() (more bool, err error) {
	owed, err := c.owed(nil)
	if err != nil || owed == 0 {
		return false, err
	}
	for page := firstPage; page != 0; {
		if page, err = c.step(page); err != nil {
			return false, err
		}
	}
	left, err := c.owed(func(tx *writeTx, n int64) error {
		if n != owed {
			return nil
		}
		return tx.delete(bucketMeta, []byte(metaOwed))
	})
	return left != owed, err
}

// owed is how often something was deleted since the last clearing.
func (c *cleaner) owed(then func(tx *writeTx, n int64) error) (n int64, err error) {
	err = c.do(&call{fn: func(tx storage.Tx) (err error) {
		w := tx.(*writeTx)
		if n, err = w.metaInt(metaOwed); err == nil && then != nil {
			err = then(w, n)
		}
		return err
	}})
	return n, err
}

func (c *cleaner) do(one *call) error {
	one.done, one.doubtful = make(chan struct{}), make(chan struct{})
	if err := c.queue.put(one); err != nil {
		return err
	}
	<-one.done
	return one.err
}

// firstPage is the first that is no meta page.
const firstPage = 2

// step clears some pages from one on. It waits until nobody reads: pages that were
// freed under a reader's eyes are still needed. It returns the next page, 0 if it was
// the last.
func (c *cleaner) step(from int) (next int, err error) {
	wrote := 0
	for alone := false; !alone && err == nil; {
		err = c.do(&call{alone: func() (err error) {
			alone = c.views.none(func() { next, wrote, err = c.overwrite(from) })
			return err
		}})
		if alone || err != nil {
			break
		}
		select {
		case <-c.wake:
		case <-c.queue.over:
			err = storage.ErrClosed
		}
	}
	if err == nil && wrote > 0 {
		err = c.file.os.Sync()
	}
	if err == nil {
		c.pace.stepped(next)
	}
	return next, err
}

// overwrite is the writer's: nobody else may change the file meanwhile, and nobody
// may read it.
func (c *cleaner) overwrite(from int) (next, wrote int, err error) {
	// With this, bbolt lets go of all pages that were needed by readers.
	tx, err := c.file.begin(true)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, c.file.rollback(tx)) }()
	err = caught(func() error {
		next, wrote, err = c.overwriteFree(tx, from)
		return err
	})
	c.file.memory.handBack(tx)
	return next, wrote, err
}

func (c *cleaner) overwriteFree(tx *bolt.Tx, from int) (next, wrote int, err error) {
	info, err := c.file.os.Stat()
	if err != nil {
		return 0, 0, err
	}
	size := tx.DB().Info().PageSize
	pages := int(info.Size() / int64(size))
	end := min(pages, from+c.pace.read)
	page, zeros := make([]byte, size), make([]byte, size)
	for id := from; id < end && wrote < c.pace.write; id++ {
		next = id + 1
		at := int64(id) * int64(size)
		if _, err := c.file.os.ReadAt(page, at); err != nil {
			return 0, wrote, fmt.Errorf("read page %d: %w", id, err)
		}
		if string(page) == string(zeros) {
			continue
		}
		free, err := isFree(tx, id)
		if err != nil {
			return 0, wrote, err
		}
		if !free {
			continue
		}
		if _, err := c.file.os.WriteAt(zeros, at); err != nil {
			return 0, wrote, fmt.Errorf("overwrite page %d: %w", id, err)
		}
		wrote++
	}
	if next >= pages {
		next = 0
	}
	return next, wrote, nil
}

// isFree reports whether nothing that counts is on a page. What lies behind the last
// page that ever was in use is of a commit that failed.
func isFree(tx *bolt.Tx, id int) (bool, error) {
	info, err := tx.Page(id)
	if err != nil {
		return false, err
	}
	return info == nil || info.Type == "free", nil
}

// Clear returns once nothing is left in the file of what Forget and Prune have deleted
// so far. That happens by itself as well, soon; Clear is for those who want to be sure,
// and hear of it if the disk fails. Readers hold it up.
func (s *Store) Clear(ctx context.Context) error {
	for {
		c := s.cleaner
		c.mu.Lock()
		round := c.round
		c.mu.Unlock()
		c.owe()
		owed, err := int64(0), error(nil)
		if err := s.View(ctx, func(r storage.Reader) error {
			owed, err = r.(*readTx).metaInt(metaOwed)
			return err
		}); err != nil || owed == 0 {
			return err
		}
		select {
		case <-round:
			c.mu.Lock()
			err = c.failed
			c.mu.Unlock()
		case <-c.ended:
			err = storage.ErrClosed
		case <-ctx.Done():
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("clear what was deleted in %s: %w", s.path, err)
		}
	}
}

// owe notes that something was deleted.
func (w *writeTx) owe() error {
	n, err := w.metaInt(metaOwed)
	if err == nil {
		err = w.putMetaInt(metaOwed, n+1)
	}
	w.owes = true
	return err
}
