package outbox

import (
	"spasmbot/flows"
	"spasmbot/storage"
)

// Message is a message in an [Outbox], with what the store does not keep. While
// it is under way it belongs to whoever launched it, who may change its row,
// except for its key and its class; at all other times it is the Outbox's.
type Message struct {
	storage.Message
	// Plain says that the markup was refused. It is the sender's note, which
	// stays with the message through all attempts.
	Plain bool

	chat *chat
	// seq is the order of arrival in this process.
	seq uint64
	// unpaced says that its slot has yet to be asked for.
	unpaced bool
	// arrived says that the messenger has taken it, and that this is being
	// written down.
	arrived bool
	// moved says that it has followed its group once.
	moved bool
}

// overtakes reports whether m goes before other in their chat. Numbers count per
// person, so in a group only the order of arrival compares two persons.
func (m *Message) overtakes(other *Message) bool {
	if off := m.Class == flows.TakeOff; off != (other.Class == flows.TakeOff) {
		return off
	}
	if m.User == other.User {
		return m.Number < other.Number
	}
	return m.seq < other.seq
}

// isScreen tells what shows where a person stands from notices and reminders.
func (m *Message) isScreen() bool {
	return m.Class == flows.Reply && m.Reminder == 0 && m.Edit == 0 && len(m.Keyboard) > 0
}
