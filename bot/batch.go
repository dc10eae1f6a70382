package bot

import (
	"cmp"
	"errors"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// departures tells whether a message leaves at once when it is committed, and whether
// there is no room for it.
type departures interface {
	Full(class flows.Class) bool
	Leaves(chat int64, now time.Time, others int) bool
}

// batch is the work of one transaction. It is made anew each time the
// transaction runs, and let out only after the commit.
type batch struct {
	tx         storage.Tx
	now        time.Time // bot time
	wall       time.Time // real time
	departures departures
	// poisoned are the events that could not be stored, and why.
	poisoned map[int64]error
	// gone are those who were forgotten lately, and forgotten those whom this batch
	// forgets, with the number that is before those of their next messages.
	gone      departed
	forgotten map[int64]uint64
	// states are those read or written so far.
	states map[int64]flows.State

	// leaving are the chats of messages in out that are sent right after the
	// commit.
	leaving map[int64]struct{}

	out []storage.Message
	// awoken are messages of earlier batches that have waited for their person.
	awoken []storage.Message
	// withdrawn are messages of earlier batches that are not to be sent any more.
	withdrawn []storage.MessageKey

	answers []answer
	armed   bool
	turns   uint64
	// said counts the messages of a person.
	said map[int64]int
}

func newBatch(tx storage.Tx, now, wall time.Time, d departures, poisoned map[int64]error, gone departed) *batch {
	return &batch{
		gone: gone, forgotten: make(map[int64]uint64),
		tx: tx, now: now, wall: wall, departures: d, poisoned: poisoned,
		states: make(map[int64]flows.State), leaving: make(map[int64]struct{}), said: make(map[int64]int),
	}
}

func (b *batch) state(user int64) (flows.State, error) {
	if s, ok := b.states[user]; ok {
		return s, nil
	}
	s, err := b.tx.State(user)
	if err != nil {
		return s, err
	}
	if s.Seal == 0 && s.Messages == 0 {
		// A state is made: buttons of one that was lost are not of this one.
		s.Seal, s.Messages = newSeal(), b.lastBefore(user)
	}
	b.states[user] = s
	return s, nil
}

func (b *batch) putState(s flows.State) error {
	b.states[s.User] = s
	return b.tx.PutState(s)
}

// say puts a message to a person into the outbox, in the place of those that tell
// less, unless there is no need for it any more, or no room for what nobody misses.
func (b *batch) say(user int64, m flows.Message) error {
	if m.Class == flows.Tidy && b.departures.Full(m.Class) {
		return nil
	}
	if there, err := b.find(user, &m); err != nil || !there {
		return err
	}
	if err := b.supersede(user, &m); err != nil {
		return err
	}
	row := storage.Message{User: user, Chat: user, Message: m, State: storage.Queued, Queued: b.now}
	if idle, err := needless(b.tx, row); err != nil || idle {
		return err
	}
	return b.post(row)
}

// find finds the message that another changes, if that is told by its number, and
// reports whether there is something to change, or it comes anew. What was to change a
// message and never did stands for that message. What is to be deleted and has not
// arrived is withdrawn. What else tidies waits for one that has yet to leave, and is told
// its id when its own time comes: see [ledger.claim].
func (b *batch) find(user int64, m *flows.Message) (there bool, err error) {
	if m.Of == 0 {
		return true, nil
	}
	row, err := b.tx.Message(user, m.Of)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return false, err
	}
	if err == nil && m.Delete && row.Unsent() && row.Edit == 0 {
		return false, b.takeBack(user, flows.Cancelled, func(other *storage.Message) bool { return other.Number == m.Of })
	}
	if m.Edit = cmp.Or(row.MessageID, row.Edit); m.Edit == 0 && row.Unsent() && m.Class == flows.Tidy {
		return true, nil
	}
	m.Of = 0
	return m.Edit != 0 || m.Anew, nil
}

// post puts a message into the outbox, wherever it goes.
func (b *batch) post(row storage.Message) error {
	row.State, row.Queued = storage.Queued, b.now
	if b.leaves(row) {
		row.State = storage.Sending
	}
	b.out = append(b.out, row)
	b.counts(&row, 1)
	if row.State == storage.Sending {
		row.Attempts++ // the one to come, as in ledger.claim
	}
	return b.tx.PutMessage(row)
}

// counts notes how many messages more a person is said. What tidies is not said to anybody.
func (b *batch) counts(row *storage.Message, n int) {
	if row.Class != flows.Tidy {
		b.said[row.User] += n
	}
}

// leaves claims a message for sending if it will be sent as soon as the batch
// is committed: that saves a commit of its own. Should it have to wait after
// all, a crash meanwhile makes it Uncertain rather than Queued, and it is sent
// in both cases. A file may have to be waited for.
func (b *batch) leaves(m storage.Message) bool {
	if !m.Class.Before(flows.Contact) || m.Picture+m.Animation != "" {
		return false
	}
	if _, another := b.leaving[m.Chat]; another || !b.departures.Leaves(m.Chat, b.wall, len(b.leaving)) {
		return false
	}
	b.leaving[m.Chat] = struct{}{}
	return true
}
