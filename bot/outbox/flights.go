package outbox

import "spasmbot/flows"

// flights counts the messages under way.
type flights struct {
	all, pushes int
	// unpaced have yet to ask for their slots.
	unpaced int
}

const (
	// mostFlights is how many messages are under way at most, from claim to
	// receipt: so many can share a commit.
	mostFlights = 128
	// mostPushFlights leaves calls free for those who wait for an answer while
	// a slow network holds up the pushes.
	mostPushFlights = 24
)

// admits reports whether another message of a class may be launched.
func (f *flights) admits(class flows.Class) bool {
	return f.all < mostFlights && (class != flows.Push || f.pushes < mostPushFlights)
}

func (f *flights) begin(m *Message) {
	f.all++
	if m.Class == flows.Push {
		f.pushes++
	}
	m.unpaced = true
	f.unpaced++
}

// pace notes that a message asks for a slot. It reports whether it is the first
// time in this flight.
func (f *flights) pace(m *Message) bool {
	if !m.unpaced {
		return false
	}
	m.unpaced = false
	f.unpaced--
	return true
}

// end reports whether the message has asked for a slot at all.
func (f *flights) end(m *Message) (paced bool) {
	f.all--
	if m.Class == flows.Push {
		f.pushes--
	}
	return !f.pace(m)
}
