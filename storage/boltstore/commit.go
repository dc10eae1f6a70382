package boltstore

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"

	"spasmbot/storage"
)

// groupMost is how many calls share one commit. More would make the first of
// them wait, and a failing one cost more repetitions, for little gain: the two
// fdatasyncs are shared by then.
const groupMost = 256

// A call is one Update.
type call struct {
	fn func(tx storage.Tx) error
	// alone is run instead, outside of all transactions, if it is not nil.
	alone func() error
	// turn says who decides about the call: the caller may cancel it while it
	// waits, the writer may take it.
	turn atomic.Int32
	// err is the answer once done is closed. Once doubtful is closed, the
	// answer may take long.
	err            error
	done, doubtful chan struct{}
}

const (
	waiting int32 = iota
	taken
	cancelled
)

func (c *call) answer(err error) {
	c.err = err
	close(c.done)
}

// queue holds calls in the order of their arrival.
type queue struct {
	mu     sync.Mutex
	calls  []*call
	closed error
	// changed tells the writer that there are calls, or will be none.
	changed sync.Cond
	// over is closed when no more calls come in.
	over chan struct{}
}

func (q *queue) init() {
	q.changed.L, q.over = &q.mu, make(chan struct{})
}

func (q *queue) put(c *call) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed != nil {
		return q.closed
	}
	q.calls = append(q.calls, c)
	q.changed.Signal()
	return nil
}

// close lets no more calls in; why is what they get.
func (q *queue) close(why error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed == nil {
		close(q.over)
	}
	q.closed = why
	q.changed.Signal()
}

// take waits for calls and takes those that wait, at most groupMost. It
// returns nothing once the queue is closed and empty.
func (q *queue) take() []*call {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		n := min(len(q.calls), groupMost)
		var group []*call
		if n > 0 && q.calls[0].alone != nil {
			n = 1
		} else if i := slices.IndexFunc(q.calls[:n], func(c *call) bool { return c.alone != nil }); i > 0 {
			n = i
		}
		for _, c := range q.calls[:n] {
			if c.turn.CompareAndSwap(waiting, taken) {
				group = append(group, c)
			}
		}
		clear(q.calls[:n])
		q.calls = q.calls[n:]
		if len(group) > 0 || q.closed != nil && len(q.calls) == 0 {
			return group
		}
		if len(q.calls) == 0 {
			q.changed.Wait()
		}
	}
}

// writer is the one goroutine that commits.
type writer struct {
	file  *file
	path  string
	queue *queue
	ended chan struct{}
	// group holds the calls that were taken and are not answered yet.
	group []*call
	// recent holds records as the last commit has left them; nil after a failure.
	recent map[int64]*person
	// broken ends all writing.
	broken error
	// oldViews waits for the end of all views that have begun by now.
	oldViews func()
	// owe is told when something was deleted.
	owe func()
	// commit is bbolt's, unless a test lets it fail.
	commit func(*bolt.Tx) error
}

func (w *writer) loop() {
	finished := false
	defer func() {
		if finished {
			close(w.ended)
			return
		}
		// A function has ended this goroutine with runtime.Goexit, as
		// testing.T.FailNow does. The others still want their answer.
		go w.loop()
	}()
	debug.SetPanicOnFault(true)
	for {
		if len(w.group) == 0 {
			w.group = w.queue.take()
		}
		if len(w.group) == 0 {
			finished = true
			return
		}
		w.attempt()
		// Those who were just answered often have the next call ready. Let
		// them line up, or every other group is a small one.
		runtime.Gosched()
	}
}

// attempt runs the group's functions in one transaction. It answers either the
// whole group after the commit, or only the call whose function failed after
// it had written; the rest then stays for another attempt.
func (w *writer) attempt() {
	if w.broken != nil {
		w.answerAll(w.broken)
		return
	}
	if w.group[0].alone != nil {
		w.answerAll(w.group[0].alone())
		return
	}
	tx, err := w.file.begin(true)
	if err != nil {
		w.answerAll(fmt.Errorf("write %s: %w", w.path, lasting(err)))
		return
	}
	defer func() {
		if err := w.file.rollback(tx); err != nil {
			// bbolt may still hold its lock.
			w.broken = fmt.Errorf("write %s: %w: %w", w.path, storage.ErrReopen, err)
		}
	}()
	wrote, owes := false, false
	errs := make([]error, len(w.group))
	shared := newReadTx(tx, &w.file.memory)
	shared.people, w.recent = newPeople(tx, w.recent), nil
	for i, c := range w.group {
		own := *shared // what is read and written is shared, its end is not
		t := &writeTx{readTx: &own}
		errs[i] = w.run(c, t)
		if errs[i] != nil && t.wrote {
			w.drop(i, errs[i])
			return
		}
		wrote, owes = wrote || t.wrote, owes || t.owes
	}
	if wrote {
		if err = shared.flush(); err == nil {
			err = w.finish(tx)
		}
	}
	if err == nil {
		w.recent = shared.people.recent()
	}
	if err == nil && owes {
		w.owe()
	}
	for i, c := range w.group {
		c.answer(errors.Join(errs[i], err))
	}
	w.group = nil
}

// run calls a function and makes an error of whatever else it does.
func (w *writer) run(c *call, tx *writeTx) (err error) {
	returned := false
	defer func() {
		tx.over = true
		switch p := recover(); {
		case p != nil:
			err = &PanicError{Value: p, Stack: debug.Stack()}
		case !returned:
			w.drop(w.find(c), errExited)
		}
	}()
	err = c.fn(tx)
	returned = true
	if err == nil {
		err = tx.failed
	}
	return err
}

var errExited = errors.New("the function given to Update ended its goroutine")

// drop answers one call and takes it out of the group.
func (w *writer) drop(i int, err error) {
	w.group[i].answer(err)
	w.group = append(w.group[:i:i], w.group[i+1:]...)
}

func (w *writer) find(c *call) int {
	for i := range w.group {
		if w.group[i] == c {
			return i
		}
	}
	return -1
}

func (w *writer) answerAll(err error) {
	for _, c := range w.group {
		c.answer(err)
	}
	w.group = nil
}

// finish commits, and finds out what a failed commit has left behind.
func (w *writer) finish(tx *bolt.Tx) error {
	id := tx.ID()
	commit := w.commit
	if commit == nil {
		commit = (*bolt.Tx).Commit
	}
	err := caught(func() error { return commit(tx) })
	if err == nil {
		return nil
	}
	err = fmt.Errorf("commit to %s: %w", w.path, err)
	switch visible, lookErr := w.file.lastCommit(); {
	case errors.Is(err, storage.ErrDamaged):
		w.broken = err
	case lookErr != nil:
		w.broken = fmt.Errorf("%w: %w", storage.ErrReopen, errors.Join(err, lookErr))
	case visible >= id:
		return w.confirm(err)
	}
	return fmt.Errorf("%w: nothing of it was stored", err)
}

// PanicError is what Update returns when its function panics.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("panic in the function given to Update: %v", e.Value)
}
