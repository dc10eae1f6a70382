package model

import (
	"maps"
	"slices"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// EventKind is what an Event is.
type EventKind uint8

// The kinds of events.
const (
	NoEvent  EventKind = iota
	Answered           // the question Step was answered with Choice or Value
	TimedOut           // nobody answered it
	Command            // Name was sent
	Button             // the button Name of a reminder of Track, or of any, was pressed
	Came               // the reminder Phase of Track came
	Dropped            // a round of Track ended without a word
	Older              // the lasting Choice was pressed, whose question is over
)

// Event is something that happens in a conversation.
type Event struct {
	Kind         EventKind
	Step, Choice string
	// Answer is which of the answers it is that there are to Step, counted from 0.
	Answer      int
	Value       flows.Value
	Name, Track string
	Phase       flows.Phase
}

// String says what the person, or time, does.
func (e Event) String() string {
	switch e.Kind {
	case Answered:
		if e.Choice != "" {
			return e.Step + ": " + e.Choice
		}
		return e.Step + " is answered"
	case TimedOut:
		return e.Step + " times out"
	case Command:
		return "/" + e.Name
	case Button:
		return "the button " + e.Name
	case Older:
		return "the older button " + e.Choice
	case Came:
		return e.Track + " comes (" + string(e.Phase) + ")"
	}
	return e.Track + " ends"
}

// trigger is something that may come between, wherever a person is.
type trigger struct {
	label Event
	ops   []op
	// flow is what then runs, -1 for nothing; stops says that the episode ends
	// instead, with nothing left to return to.
	flow  int16
	stops bool
}

// during lets those pass who are in episodes of some flows, "" for none.
type during struct{ episodes []string }

func (d during) before(m *Model, c cube) []cube {
	var s set
	for _, name := range d.episodes {
		s.items = append(s.items, m.text(name))
	}
	slices.Sort(s.items)
	c, ok := m.where(c, m.index[inEpisode], s)
	if !ok {
		return nil
	}
	return []cube{c}
}

// toldOf lets those pass to whom a reminder of a track has come.
type toldOf struct{ t *lang.TrackSpec }

func (o toldOf) before(m *Model, c cube) []cube {
	c, ok := m.where(c, m.bits[o.t.Name].told, only(yes))
	if !ok {
		return nil
	}
	return []cube{c}
}

// offOf lets those pass who have no round of a track on.
type offOf struct{ t *lang.TrackSpec }

func (o offOf) before(m *Model, c cube) []cube {
	c, ok := m.where(c, m.bits[o.t.Name].on, only(no))
	if !ok {
		return nil
	}
	return []cube{c}
}

// trigger lists what may come between.
func (m *Model) trigger() {
	episodes := []string{""}
	for _, f := range m.flows {
		if f.Episode {
			episodes = append(episodes, f.ID)
		}
	}
	add := func(label Event, flow string, ops ...op) {
		id := int16(-1)
		if m.c.Flow(flow) != nil {
			id = m.id[flow]
			m.begun[id] = true
		}
		m.triggers = append(m.triggers, trigger{label: label, ops: ops, flow: id})
	}
	for _, f := range m.flows {
		in := make(map[string][]string) // the episodes by the command that applies
		for _, name := range f.Commands {
			for _, e := range episodes {
				if m.c.ForCommand(name, e) == f {
					in[name] = append(in[name], e)
				}
			}
		}
		for _, name := range slices.Sorted(maps.Keys(in)) {
			add(Event{Kind: Command, Name: name}, f.ID, during{in[name]})
		}
		if !f.Episode {
			continue
		}
		for _, b := range [][2]string{{"worse", f.Worse}, {"stop", f.Stop}} {
			add(Event{Kind: Button, Name: b[0]}, b[1], during{[]string{f.ID}})
			if last := &m.triggers[len(m.triggers)-1]; last.flow < 0 {
				last.stops = true
			}
		}
	}
	// A lasting choice may be pressed whenever its question has been asked. This lets it
	// come at any time.
	for _, choice := range m.c.LastingChoices() {
		add(Event{Kind: Older, Choice: choice}, m.c.Lasting(choice).ID, during{episodes[1:]})
	}
	for _, t := range m.tracks {
		if t.Done != "" {
			add(Event{Kind: Button, Name: "done", Track: t.Name}, t.Done, during{episodes[1:]}, toldOf{t})
		}
		add(Event{Kind: Came, Track: t.Name, Phase: t.Start()}, t.Run, coming{t, t.Start()})
		if t.Round() {
			add(Event{Kind: Came, Track: t.Name, Phase: flows.PhaseTakeOff}, "", coming{t, flows.PhaseTakeOff})
			add(Event{Kind: Dropped, Track: t.Name}, "", coming{t, flows.PhaseTakeOff})
		}
		if t.Wrong != "" { // the round is ended, if it is still on
			add(Event{Kind: Button, Name: "wrong", Track: t.Name}, t.Wrong, during{episodes[1:]}, coming{t, flows.PhaseTakeOff})
			add(Event{Kind: Button, Name: "wrong", Track: t.Name}, t.Wrong, during{episodes[1:]}, toldOf{t}, offOf{t})
		}
	}
	m.begins = make(map[int16][]*trigger)
	for i := range m.triggers {
		t := &m.triggers[i]
		m.begins[t.flow] = append(m.begins[t.flow], t)
	}
}

// changes reports whether what a trigger does, with the flow that it runs, can
// change what a cube speaks of.
func (m *Model) changes(t trigger, c cube) bool {
	for _, o := range t.ops {
		if come, ok := o.(coming); ok {
			b := m.bits[come.t.Name]
			if c.speaksOf(b.running) || c.speaksOf(b.on) || c.speaksOf(b.told) {
				return true
			}
		}
	}
	return t.flow >= 0 && m.changesIn(t.flow, c)
}

// matters reports whether a trigger may change something that is followed.
func (m *Model) matters(t *trigger) bool {
	for _, o := range t.ops {
		if come, ok := o.(coming); ok {
			b := m.bits[come.t.Name]
			if m.follows(b.running) || m.follows(b.on) || m.follows(b.told) {
				return true
			}
		}
	}
	if t.flow < 0 {
		return false
	}
	for v := range m.writes[t.flow] {
		if m.follows(v) {
			return true
		}
	}
	return false
}

func (m *Model) changesIn(flow int16, c cube) bool { return c.speaksOfSome(m.writes[flow]) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
