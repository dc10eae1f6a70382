package storage

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"strconv"
	"time"

	"spasmbot/flows"
)

// Errors that a store returns, to be tested with errors.Is.
var (
	// ErrInUse: another process has the database open.
	ErrInUse = errors.New("database is in use by another process")
	// ErrForeign: the file is not a database of this program.
	ErrForeign = errors.New("not a spasmbot database")
	// ErrDamaged: the file was one, but cannot be read.
	ErrDamaged = errors.New("database is damaged")
	// ErrNewer: a newer version of the program wrote the file.
	ErrNewer = errors.New("database was written by a newer version")
	// ErrGone: the file was deleted, or another was put in its place.
	ErrGone = errors.New("the database file was deleted or replaced")
	// ErrClosed: the store has been closed.
	ErrClosed = errors.New("store is closed")
	// ErrReopen: the store cannot go on as it is; it has to be opened again.
	ErrReopen = errors.New("the database must be opened again: start the program anew")
	// ErrUnstorable: a record holds a value that no store can keep.
	ErrUnstorable = errors.New("value cannot be stored")
	// ErrNotFound: there is no such record.
	ErrNotFound = errors.New("no such record")
)

// Store keeps everything that must outlive the process.
type Store interface {
	// Update runs fn in a read-write transaction and returns when its
	// effects are durable. If fn or the commit fails, nothing has happened;
	// but with ErrReopen nobody knows.
	//
	// Calls made at the same time may share one commit. For that fn may run
	// more than once, each time from the state before; so fn must depend on
	// nothing but tx and must assign its results, never add to them.
	Update(ctx context.Context, fn func(tx Tx) error) error
	// View runs fn on a consistent snapshot. Keep it short: an old snapshot
	// makes the file grow. Neither Update nor View may be called inside the
	// fn of either.
	View(ctx context.Context, fn func(r Reader) error) error
	// Close waits for running transactions. Later calls fail with ErrClosed.
	Close() error
}

// Read looks one thing up in a View of its own.
func Read[T any](ctx context.Context, s Store, read func(r Reader) (T, error)) (v T, err error) {
	err = s.View(ctx, func(r Reader) (err error) {
		v, err = read(r)
		return err
	})
	return v, err
}

// Reader reads. What it returns stays valid after the transaction.
type Reader interface {
	// Owner is the id of the bot whose store this is, 0 until one is set.
	Owner() (int64, error)
	// Offset is the next update to ask Telegram for, 0 at first.
	Offset() (int64, error)
	// Seen reports whether an update was marked. Marks older than a day may
	// be forgotten.
	Seen(updateID int64) (bool, error)

	// State returns the zero State with User set for a person never seen.
	State(user int64) (flows.State, error)
	// Reminder and Message fail with ErrNotFound.
	Reminder(user int64, id uint64) (Reminder, error)
	Message(user int64, number uint64) (Message, error)

	// Due returns timers that are armed and due at or before until, earliest
	// first and then by person and id, starting behind after, at most limit. The
	// zero key is before all timers.
	Due(after DueKey, until time.Time, limit int) ([]Reminder, error)
	// NextDue is the due time of the earliest armed timer; ok is false if
	// there is none.
	NextDue() (due time.Time, ok bool, err error)
	// Unsent returns messages that are queued, sending or uncertain, ordered
	// by person and number, starting behind after, at most limit. The zero
	// key is before all messages.
	Unsent(after MessageKey, limit int) ([]Message, error)
	// UnsentTo returns those of one person, by number.
	UnsentTo(user int64) ([]Message, error)

	// Marks are the zero Marks at first.
	Marks() (Marks, error)

	// FileID is what the messenger calls a file that it was given before, by
	// the key under which the id was put; "" if there is none.
	FileID(key string) (string, error)

	// States walks over all people seen so far, by person.
	States() iter.Seq2[flows.State, error]
	// StatesAfter returns the states of those behind a person, at most limit,
	// by person; math.MinInt64 is before all.
	StatesAfter(user int64, limit int) ([]flows.State, error)
	// Episodes, Entries, Reminders and Messages walk over all records, by
	// person and then in order of their numbers.
	Episodes() iter.Seq2[Episode, error]
	Entries() iter.Seq2[Entry, error]
	Reminders() iter.Seq2[Reminder, error]
	Messages() iter.Seq2[Message, error]
	// Quarantined walks over the updates that could not be decoded.
	Quarantined() iter.Seq2[Quarantined, error]
}

// Tx reads and writes. Reads see the transaction's own writes.
type Tx interface {
	Reader
	// SetOwner makes the store a bot's. If it was another's, what only that one
	// has a use for is forgotten: offset, seen updates and file ids.
	SetOwner(bot int64) error
	SetOffset(next int64) error
	SetMarks(m Marks) error
	MarkSeen(updateID int64, at time.Time) error
	PutState(s flows.State) error
	PutEpisode(e Episode) error
	// PutEntry fails with ErrUnstorable if the Value of e is none that
	// flows.Entry names.
	PutEntry(e Entry) error
	// PutReminder keeps r, and lists it in Due as long as its State is
	// flows.Armed.
	PutReminder(r Reminder) error
	// PutMessage keeps m, and lists it in Unsent as long as its State is
	// Queued, Sending or Uncertain. One that is Fleeting is deleted instead when
	// that is over.
	PutMessage(m Message) error
	// PutFileID keeps a messenger's name for a file; "" forgets it. The key is
	// any text of 1 to 1000 bytes.
	PutFileID(key, id string) error
	Quarantine(q Quarantined) error
	// Prune deletes what was over and done with before an instant: messages
	// that were sent or have failed, timers that were settled, and ended
	// episodes with their timelines. What waits stays, and so does the
	// timeline of an episode that is live or has ended since. For whom nothing
	// waits, and who was not heard since, no episode is live: once nothing else is
	// left of such a person, the state goes too. So do, in the end, updates that
	// were put into quarantine before.
	//
	// It goes through all people, in order from behind after on; math.MinInt64
	// is before all. A call looks at no more than limit people, 1 at least, and
	// deletes no more than limit records.
	Prune(before time.Time, after int64, limit int) (Pruned, error)
	// Forget deletes all that is kept of a person, whether it is over or waits,
	// and every update in quarantine that names them. Left are the marks of
	// updates and the names of files, which tell nothing of anybody. From then
	// on it is a person never seen before, whose numbers begin anew. Of what Forget
	// and Prune have deleted, a store leaves nothing readable in its files for long.
	Forget(user int64) (Forgotten, error)
}

// Forgotten counts the records of a person that were deleted.
type Forgotten struct {
	States, Episodes, Entries, Reminders, Messages, Quarantined int
}

// Total is how many records there were.
func (f Forgotten) Total() int {
	return f.States + f.Episodes + f.Entries + f.Reminders + f.Messages + f.Quarantined
}

// Pruned says how far Prune has come.
type Pruned struct {
	// Last is the last person it is done with: after, in the next call.
	Last int64
	// Records is how many it has deleted.
	Records int
	// Done says that there is nobody behind.
	Done bool
}

// Marks are what a bot leaves for the next one: for the time after an outage, and
// what need not be looked at again. All times but Polled are bot time.
type Marks struct {
	// Alive is when the bot was last known to work.
	Alive time.Time `cbor:"1,keyasint,omitzero"`
	// Back is when it came back from the last outage. By is not zero if the
	// clock was put back then, and says by how much.
	Back time.Time     `cbor:"2,keyasint,omitzero"`
	By   time.Duration `cbor:"3,keyasint,omitzero"`
	// Open says that not all people have been told of it yet, Told who was the
	// last.
	Open bool  `cbor:"4,keyasint,omitzero"`
	Told int64 `cbor:"5,keyasint,omitzero"`
	// Steps is the fingerprint of the steps of the flows in use: nobody stands
	// on another one.
	Steps string `cbor:"6,keyasint,omitzero"`
	// Speed is the highest speed of the clock so far. The clock was last put back
	// from SetFrom to SetTo; both are zero if it never was.
	Speed   float64   `cbor:"7,keyasint,omitzero"`
	SetFrom time.Time `cbor:"8,keyasint,omitzero"`
	SetTo   time.Time `cbor:"9,keyasint,omitzero"`
	// Astray is by how much the clock was put back for those who were last heard in
	// a time that is yet to come. It was wrong when they were, and for them alone.
	Astray time.Duration `cbor:"10,keyasint,omitzero"`
	// Polled is when updates were last polled for with this store, in real time, and
	// Place is where that was: a copy of the store is at another.
	Polled time.Time `cbor:"11,keyasint,omitzero"`
	Place  string    `cbor:"12,keyasint,omitzero"`
}

// Episode is a person's episode.
type Episode struct {
	User int64 `cbor:"-1,keyasint,omitzero"`
	flows.Episode
}

// Entry is a line of a person's timeline.
type Entry struct {
	User int64 `cbor:"-1,keyasint,omitzero"`
	flows.Entry
}

// Reminder is a timer and where it stands.
type Reminder struct {
	User int64 `cbor:"-1,keyasint,omitzero"`
	flows.Reminder
	State flows.ReminderState `cbor:"-2,keyasint,omitzero"`
	// Sent and MessageID are set once State is flows.Sent.
	Sent      time.Time `cbor:"-3,keyasint,omitzero"`
	MessageID int64     `cbor:"-4,keyasint,omitzero"`
}

// DueKey is its place among those that are due.
func (r Reminder) DueKey() DueKey { return DueKey{r.Due, r.User, r.ID} }

// MessageState is where a message stands.
type MessageState string

// The states of a message.
const (
	// Queued: committed, not yet tried.
	Queued MessageState = "queued"
	// Sending: handed to the network, or just about to be. After a crash
	// nobody knows whether it arrived; it becomes Uncertain.
	Sending MessageState = "sending"
	// Sent: Telegram has accepted it.
	Sent MessageState = "sent"
	// Failed: it will never arrive, or will not be tried again.
	Failed MessageState = "failed"
	// Uncertain: it may have arrived; it will be sent again.
	Uncertain MessageState = "uncertain"
)

// DueKey is the place of a timer among those that are due.
type DueKey struct {
	Due  time.Time
	User int64
	ID   uint64
}

// MessageKey identifies a message.
type MessageKey struct {
	User   int64
	Number uint64
}

// Message is a row of the outbox, and after sending a row of the ledger.
type Message struct {
	User int64 `cbor:"-1,keyasint,omitzero"`
	// Chat is where it goes: User in a private chat.
	Chat int64 `cbor:"-2,keyasint,omitzero"`
	// Topic is the topic of a group that it goes to, and ReplyTo the message there
	// that it answers; 0 for none.
	Topic   int64 `cbor:"-10,keyasint,omitzero"`
	ReplyTo int64 `cbor:"-11,keyasint,omitzero"`
	// Message is what to send. Once it is Sent the store drops Text and
	// Keyboard, and whoever marks it Failed does: the ledger keeps no words
	// but those of dead letters.
	flows.Message
	State  MessageState `cbor:"-3,keyasint,omitzero"`
	Queued time.Time    `cbor:"-4,keyasint,omitzero"`
	// Sent and MessageID are set once State is Sent.
	Sent      time.Time `cbor:"-5,keyasint,omitzero"`
	MessageID int64     `cbor:"-6,keyasint,omitzero"`
	// Attempts counts the calls made for it.
	Attempts int `cbor:"-7,keyasint,omitzero"`
	// Cause says why it failed: the error's kind and code, no content.
	Cause string `cbor:"-8,keyasint,omitzero"`
	// Never says of one that has Failed that it has certainly not arrived: no
	// call for it may have taken effect.
	Never bool `cbor:"-12,keyasint,omitzero"`
	// Parked counts how often it stood aside: it has arrived in all likelihood,
	// again and again, though no reply said so.
	Parked int `cbor:"-9,keyasint,omitzero"`
}

// Key returns the message's key.
func (m Message) Key() MessageKey { return MessageKey{m.User, m.Number} }

// Unsent reports whether the message still has to go out.
func (m Message) Unsent() bool {
	return m.State == Queued || m.State == Sending || m.State == Uncertain
}

// InDoubt reports whether the message has arrived in all likelihood, though no reply
// said so; it is tried again in hours.
func (m Message) InDoubt() bool { return m.State == Uncertain && m.Parked > 0 }

// Expired reports whether the message has become wrong by an instant.
func (m Message) Expired(now time.Time) bool { return !m.Expires.IsZero() && !now.Before(m.Expires) }

// DeadLetter reports whether the messenger refused the message for what it is.
// It keeps its words, so that the fault can be found and mended.
func (m Message) DeadLetter() bool {
	return m.State == Failed && (m.Text != "" || len(m.Keyboard) > 0)
}

// Quarantined is an update that could not be decoded, kept for inspection. It
// may hold what a person wrote: treat it as health data.
type Quarantined struct {
	UpdateID int64     `cbor:"1,keyasint,omitzero"`
	At       time.Time `cbor:"2,keyasint,omitzero"`
	Raw      []byte    `cbor:"3,keyasint,omitempty"`
	Cause    string    `cbor:"4,keyasint,omitzero"`
}

// Names reports whether the update speaks of a person, as far as that can be told of
// what could not be decoded: whether their id stands in it. An update too many is
// found where another number is the same.
func (q Quarantined) Names(user int64) bool {
	id := strconv.AppendInt(nil, user, 10)
	for from := 0; ; from++ {
		at := bytes.Index(q.Raw[from:], id)
		if at < 0 {
			return false
		}
		from += at
		if !digitAt(q.Raw, from-1) && !digitAt(q.Raw, from+len(id)) {
			return true
		}
	}
}

func digitAt(b []byte, i int) bool { return i >= 0 && i < len(b) && '0' <= b[i] && b[i] <= '9' }
