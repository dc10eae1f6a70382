package outbox

import "spasmbot/flows"

// flights counts the messages under way.
type flights struct {
	// contacts counts pushes, too, and pushes what tidies: those that may hold up nobody.
	all, contacts, pushes, tidies int
	// unpaced have yet to ask for their slots.
	unpaced int
}

const (
	// mostFlights is how many messages are under way at most, from claim to
	// receipt: so many can share a commit.
	mostFlights = 128
	// mostPushFlights leaves calls free for those who wait for an answer while
	// a slow network holds up the pushes; mostContactFlights does so for those
	// with a live episode while it holds up the first contacts.
	// mostTidyFlights leaves most of the pushes' to them.
	mostTidyFlights, mostPushFlights, mostContactFlights = 6, 24, 28
)

// admits reports whether another message of a class may be launched.
func (f *flights) admits(class flows.Class) bool {
	switch {
	case class.Before(flows.Contact):
		return f.all < mostFlights
	case class.Before(flows.Push):
		return f.all < mostFlights && f.contacts < mostContactFlights
	}
	return f.all < mostFlights && f.contacts < mostContactFlights && f.pushes < mostPushFlights &&
		(class != flows.Tidy || f.tidies < mostTidyFlights)
}

func (f *flights) begin(m *Message) {
	f.count(m.Class, 1)
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
	f.count(m.Class, -1)
	return !f.pace(m)
}

func (f *flights) count(class flows.Class, by int) {
	f.all += by
	if !class.Before(flows.Contact) {
		f.contacts += by
	}
	if !class.Before(flows.Push) {
		f.pushes += by
	}
	if class == flows.Tidy {
		f.tidies += by
	}
}
