package boltstore

import (
	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/record"
)

// rowKind tells what a row of a person's is. Its value is kept.
type rowKind uint8

const (
	rowEntry rowKind = iota
	rowReminder
	rowMessage
	rowKinds
)

// kind is one kind of a person's rows: how one is told from the others, written
// and read. The person and the number stand before the row, not in it.
type kind[T any] struct {
	row  rowKind
	name string
	key  func(T) storage.MessageKey
	// open says that the row will change again; it then stays at hand.
	open func(T) bool
	// strip takes off a row what its key says, and keyed gives it back.
	strip func(*T)
	keyed func(*T, storage.MessageKey)
}

var (
	entries = kind[storage.Entry]{
		row: rowEntry, name: "entry",
		key:   func(e storage.Entry) storage.MessageKey { return storage.MessageKey{User: e.User, Number: e.Seq} },
		open:  func(storage.Entry) bool { return false },
		strip: func(e *storage.Entry) { e.User, e.Seq = 0, 0 },
		keyed: func(e *storage.Entry, k storage.MessageKey) { e.User, e.Seq = k.User, k.Number },
	}
	reminders = kind[storage.Reminder]{
		row: rowReminder, name: "reminder",
		key:   func(r storage.Reminder) storage.MessageKey { return storage.MessageKey{User: r.User, Number: r.ID} },
		open:  func(r storage.Reminder) bool { return r.State == flows.Armed || r.State == flows.Fired },
		strip: func(r *storage.Reminder) { r.User, r.ID = 0, 0 },
		keyed: func(r *storage.Reminder, k storage.MessageKey) { r.User, r.ID = k.User, k.Number },
	}
	messages = kind[storage.Message]{
		row: rowMessage, name: "message",
		key: storage.Message.Key, open: storage.Message.Unsent,
		// A chat is kept by its distance from the person: 0 in a private one.
		strip: func(m *storage.Message) { m.User, m.Number, m.Chat = 0, 0, m.Chat-m.User },
		keyed: func(m *storage.Message, k storage.MessageKey) {
			m.User, m.Number, m.Chat = k.User, k.Number, m.Chat+k.User
		},
	}
)

// read decodes a row. What it returns shares no memory with the row.
func (k kind[T]) read(user int64, r row) (T, error) {
	var v T
	if err := record.Unmarshal(r.Body, &v); err != nil {
		var none T
		return none, damagedRow(user, k.name, r.Number, err)
	}
	k.keyed(&v, storage.MessageKey{User: user, Number: r.Number})
	return v, nil
}

// write encodes v.
func (k kind[T]) write(v T) (row, error) {
	r := row{Kind: k.row, Number: k.key(v).Number, Open: k.open(v)}
	k.strip(&v)
	var err error
	r.Body, err = record.Marshal(&v)
	return r, err
}
