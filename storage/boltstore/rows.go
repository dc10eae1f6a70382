package boltstore

import (
	"encoding/json"

	"google.golang.org/protobuf/encoding/protowire"

	"spasmbot/flows"
	"spasmbot/flows/pack"
	"spasmbot/storage"
)

// rowKind tells what a row of a person's is. Its value is the number of the field
// that holds such rows.
type rowKind protowire.Number

const (
	rowEntry    rowKind = 11
	rowReminder rowKind = 12
	rowMessage  rowKind = 13
)

// kind is one kind of a person's rows: how one is told from the others, written
// and read. The person and the number stand before the row, not in it.
type kind[T any] struct {
	row  rowKind
	name string
	key  func(T) storage.MessageKey
	// open says that the row will change again; it then stays at hand.
	open   func(T) bool
	append func([]byte, T) ([]byte, error)
	field  func(*T, *pack.Reader)
	// keyed gives a row back its key.
	keyed func(*T, storage.MessageKey)
}

var (
	entries = kind[storage.Entry]{
		row: rowEntry, name: "entry",
		key:    func(e storage.Entry) storage.MessageKey { return storage.MessageKey{User: e.User, Number: e.Seq} },
		open:   func(storage.Entry) bool { return false },
		append: appendEntry, field: entryField,
		keyed: func(e *storage.Entry, k storage.MessageKey) { e.User, e.Seq = k.User, k.Number },
	}
	reminders = kind[storage.Reminder]{
		row: rowReminder, name: "reminder",
		key:    func(r storage.Reminder) storage.MessageKey { return storage.MessageKey{User: r.User, Number: r.ID} },
		open:   func(r storage.Reminder) bool { return r.State == flows.Armed || r.State == flows.Fired },
		append: appendReminder, field: reminderField,
		keyed: func(r *storage.Reminder, k storage.MessageKey) { r.User, r.ID = k.User, k.Number },
	}
	messages = kind[storage.Message]{
		row: rowMessage, name: "message",
		key: storage.Message.Key, open: storage.Message.Unsent,
		append: appendMessage, field: messageField,
		keyed: func(m *storage.Message, k storage.MessageKey) { m.User, m.Number = k.User, k.Number },
	}
)

// read decodes a row. What it returns shares no memory with the row.
func (k kind[T]) read(user int64, r row) (T, error) {
	var v T
	k.keyed(&v, storage.MessageKey{User: user, Number: r.number})
	in := pack.Read(r.body)
	for in.Next() {
		k.field(&v, in)
	}
	if err := in.Err(); err != nil {
		var none T
		return none, damagedRow(user, k.name, r.number, err)
	}
	return v, nil
}

// write encodes v.
func (k kind[T]) write(v T) (row, error) {
	body, err := k.append(nil, v)
	return row{kind: k.row, number: k.key(v).Number, open: k.open(v), body: body}, err
}

func appendEntry(b []byte, e storage.Entry) ([]byte, error) {
	b = pack.Uint(b, 1, e.Episode)
	b = pack.Time(b, 2, e.At)
	b = pack.Text(b, 3, e.Kind)
	b = pack.Text(b, 4, e.Step)
	b = pack.Text(b, 5, e.Choice)
	if e.Value != nil {
		// A value is what JSON makes of it, and what JSON does not know is none.
		value, err := json.Marshal(e.Value)
		if err != nil {
			return nil, err
		}
		b = pack.Bytes(b, 6, value)
	}
	return pack.Int(b, 7, e.UpdateID), nil
}

func entryField(e *storage.Entry, r *pack.Reader) {
	switch r.Field() {
	case 1:
		e.Episode = r.Uint()
	case 2:
		e.At = r.Time()
	case 3:
		e.Kind = r.Text()
	case 4:
		e.Step = r.Text()
	case 5:
		e.Choice = r.Text()
	case 6:
		if json.Unmarshal(r.Bytes(), &e.Value) != nil {
			r.Fail("is no value")
		}
	case 7:
		e.UpdateID = r.Int()
	}
}

func appendReminder(b []byte, r storage.Reminder) ([]byte, error) {
	b = pack.Uint(b, 1, r.Episode)
	b = pack.Text(b, 2, r.Kind)
	b = pack.Time(b, 3, r.Due)
	b = pack.Text(b, 4, r.Track)
	b = pack.Uint(b, 5, r.Rev)
	b = pack.Text(b, 6, string(r.State))
	b = pack.Time(b, 7, r.Sent)
	b = pack.Int(b, 8, r.MessageID)
	return pack.Text(b, 9, string(r.Phase)), nil
}

func reminderField(rem *storage.Reminder, r *pack.Reader) {
	switch r.Field() {
	case 1:
		rem.Episode = r.Uint()
	case 2:
		rem.Kind = r.Text()
	case 3:
		rem.Due = r.Time()
	case 4:
		rem.Track = r.Text()
	case 5:
		rem.Rev = r.Uint()
	case 6:
		rem.State = flows.ReminderState(r.Text())
	case 7:
		rem.Sent = r.Time()
	case 8:
		rem.MessageID = r.Int()
	case 9:
		rem.Phase = flows.Phase(r.Text())
	}
}

func appendMessage(b []byte, m storage.Message) ([]byte, error) {
	b = pack.Bool(b, 1, m.Chat == m.User)
	if m.Chat != m.User {
		b = pack.Int(b, 2, m.Chat)
	}
	b = pack.Text(b, 3, m.Text)
	for _, keys := range m.Keyboard {
		b = pack.Record(b, 4, func(b []byte) []byte {
			for _, key := range keys {
				b = pack.Record(b, 1, func(b []byte) []byte {
					b = pack.Text(b, 1, key.Label)
					b = pack.Text(b, 2, key.Data)
					return pack.Text(b, 3, key.URL)
				})
			}
			return b
		})
	}
	b = pack.Text(b, 5, m.Picture)
	b = pack.Text(b, 6, m.Animation)
	b = pack.Int(b, 7, m.Edit)
	b = pack.Time(b, 8, m.Expires)
	b = pack.Uint(b, 9, m.Reminder)
	b = pack.Uint(b, 10, uint64(m.Class))
	b = pack.Text(b, 11, string(m.State))
	b = pack.Time(b, 12, m.Queued)
	b = pack.Time(b, 13, m.Sent)
	b = pack.Int(b, 14, m.MessageID)
	b = pack.Int(b, 15, int64(m.Attempts))
	b = pack.Text(b, 16, m.Cause)
	return pack.Bool(b, 17, m.Silent), nil
}

func messageField(m *storage.Message, r *pack.Reader) {
	switch r.Field() {
	case 1:
		m.Chat = m.User
		r.Bool()
	case 2:
		m.Chat = r.Int()
	case 3:
		m.Text = r.Text()
	case 4:
		m.Keyboard = append(m.Keyboard, keyRow(r))
	case 5:
		m.Picture = r.Text()
	case 6:
		m.Animation = r.Text()
	case 7:
		m.Edit = r.Int()
	case 8:
		m.Expires = r.Time()
	case 9:
		m.Reminder = r.Uint()
	case 10:
		m.Class = flows.Class(r.Uint())
	case 11:
		m.State = storage.MessageState(r.Text())
	case 12:
		m.Queued = r.Time()
	case 13:
		m.Sent = r.Time()
	case 14:
		m.MessageID = r.Int()
	case 15:
		m.Attempts = int(r.Int())
	case 16:
		m.Cause = r.Text()
	case 17:
		m.Silent = r.Bool()
	}
}

func keyRow(r *pack.Reader) []flows.Key {
	keys := []flows.Key{}
	in := pack.Read(r.Bytes())
	for in.Next() {
		var key flows.Key
		one := pack.Read(in.Bytes())
		for one.Next() {
			switch one.Field() {
			case 1:
				key.Label = one.Text()
			case 2:
				key.Data = one.Text()
			case 3:
				key.URL = one.Text()
			}
		}
		if one.Err() != nil {
			in.Fail("is no key")
		}
		keys = append(keys, key)
	}
	if in.Err() != nil {
		r.Fail("is no row of keys")
	}
	return keys
}
