package checker

import (
	"cmp"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// move is one thing that happens, by the person or by time: an event, or a
// span in which timers come due one by one, or all at once at its end.
type move struct {
	event flows.Event
	wait  time.Duration
	down  time.Duration
}

// events lists what the person can do. What nothing waits for is the same in
// every walk and tried in the one that looks at places.
func (m *subject) events(f *focus, w *world) []flows.Event {
	if w.s.Inactive {
		return []flows.Event{flows.Unblocked{}, flows.Text{Text: "hello"}}
	}
	list := m.presses(f, w)
	for _, cmd := range m.commands {
		list = append(list, flows.Command{Name: cmd})
	}
	if !f.places && !m.types(w) {
		return append(list, flows.Blocked{})
	}
	for _, text := range m.typed(w) {
		list = append(list, flows.Text{Text: text})
	}
	return append(list, flows.Command{Name: "nonsense"}, flows.Unsupported{What: "photo"}, flows.Blocked{})
}

// presses lists the buttons that can be pressed: those of the question in
// force, and of one reminder of each kind that the focus looks at; if that is a
// flow, it may be behind any "Done". "Worse" and "Stop" do the same on all.
func (m *subject) presses(f *focus, w *world) []flows.Event {
	var list []flows.Event
	if step := m.step(&w.s); step != nil && step.Question != nil {
		for _, choice := range m.samples(w, step).Presses {
			list = append(list, w.press(button.Screen, w.s.Shown, choice))
		}
		if step.Back != nil {
			list = append(list, w.press(button.Screen, w.s.Shown, lang.BackChoice))
		}
	}
	for _, choice := range m.c.LastingChoices() {
		if ev, ok := w.pressOlder(choice); ok {
			list = append(list, ev)
		}
	}
	if f.places {
		list = append(list, m.onCard(w)...)
	}
	if !w.s.Episode.Live() || len(w.s.Open) == 0 {
		return list
	}
	press := func(o flows.Open, action string) {
		list = append(list, w.press(button.Reminder, o.Message, action))
	}
	newest := w.s.Open[len(w.s.Open)-1]
	press(newest, "worse")
	press(newest, "stop")
	var seen []string
	for _, o := range slices.Backward(w.s.Open) {
		ph, ok := m.kinds[o.Kind]
		if !ok || slices.Contains(seen, o.Kind) {
			continue
		}
		seen = append(seen, o.Kind)
		switch {
		case slices.Contains(f.tracks, ph.track):
			for _, action := range w.offers(o) {
				press(o, action)
			}
			if onSkin := o.Phase == flows.PhaseLook || o.Phase == flows.PhaseCall; onSkin && m.tracks[ph.track].Wrong != "" {
				press(o, "wrong")
			}
		case len(f.tracks) == 0 && m.tracks[ph.track].Done != "":
			press(o, "done")
		case len(f.tracks) == 0 && o.Phase == flows.PhaseLook && m.tracks[ph.track].Wrong != "":
			press(o, "wrong")
		}
	}
	return list
}

// onCard lists the buttons that the card has, or may have had. They do what commands do,
// which are tried in every walk.
func (m *subject) onCard(w *world) []flows.Event {
	f := m.c.Flow(w.s.Card.Flow)
	if w.s.Card.Message == 0 || f == nil || f.Card == nil {
		return nil
	}
	list := make([]flows.Event, len(f.Card.Buttons))
	for i, b := range f.Card.Buttons {
		list[i] = w.press(button.Card, w.s.Card.Message, b.ID)
	}
	return list
}

// offers are the buttons of an open reminder but for those that all have.
func (w *world) offers(o flows.Open) []string {
	switch {
	case o.Phase == flows.PhaseWhen:
		return []string{"on", "since"}
	case o.Phase == flows.PhaseCall && w.track(o.Track).Called:
		return []string{"on", "later", "skip"}
	case o.Phase == flows.PhaseTick:
		return []string{"done", "did", "later", "skip"}
	}
	return []string{"done", "skip"}
}

// track is the running state of a track, the zero one if it was never started.
func (w *world) track(name string) flows.Track {
	for i := range w.s.Tracks {
		if w.s.Tracks[i].Name == name {
			return w.s.Tracks[i]
		}
	}
	return flows.Track{}
}

// press is a press of a button on a message.
func (w *world) press(kind button.Kind, message uint64, choice string) flows.Event {
	return flows.Button{Data: button.Data{Kind: kind, Seal: w.s.Seal, Message: message, Choice: choice}.String(), Message: 1}
}

// pressOlder is a press of a lasting choice on a message of the episode that does not
// show the question in force. Ok is false if there is none.
func (w *world) pressOlder(choice string) (ev flows.Event, ok bool) {
	message := w.s.Messages
	if w.s.At.Step != "" {
		message = w.s.Asked - 1
	}
	if !w.s.Episode.Live() || message <= w.s.Episode.Messages {
		return nil, false
	}
	data := button.Data{Kind: button.Screen, Seal: w.s.Seal, Message: message, Choice: choice, Lasting: true}
	return flows.Button{Data: data.String(), Message: 1}, true
}

// samples are the answers of a question that conditions can tell apart.
func (m *subject) samples(w *world, step *lang.Step) ask.Samples {
	n := ask.Notable{Numbers: m.notable[step.ID], Texts: m.spoken[step.ID]}
	if f := m.c.Flow(w.s.Episode.Flow); f != nil {
		window := w.scope(m.c).waking(f)
		n.Hours = []int{window.From / 60, window.To / 60}
	}
	return step.Question.Samples(engine.View(m.c, &w.s, step, w.now), n)
}

// types reports whether typing answers the question in force.
func (m *subject) types(w *world) bool {
	step := m.step(&w.s)
	return step != nil && step.Question != nil && step.Question.TakesTyped()
}

// typed lists what the person may type: valid and invalid answers where typing
// answers, anything elsewhere.
func (m *subject) typed(w *world) []string {
	if !m.types(w) {
		return []string{"hello"}
	}
	return m.samples(w, m.step(&w.s)).Typed
}

// far is a downtime after which everything has come due.
const far = 30 * 24 * time.Hour

// edge is how far before and behind a boundary the walk looks.
const edge = time.Second

// boundary is an instant at which a condition, a round or the day changes
// something.
type boundary struct {
	at time.Time
	// clock says that it is a time of day.
	clock bool
}

// boundaries lists those to come, in order.
func (m *subject) boundaries(f *focus, w *world) []boundary {
	sc := w.scope(m.c)
	var list []boundary
	note := func(clock bool, instants ...time.Time) {
		for _, at := range instants {
			if at.Add(-edge).After(w.now) {
				list = append(list, boundary{at, clock})
			}
		}
	}
	note(false, f.conds.instants(sc)...)
	for _, i := range f.tracks {
		from, until := f.bounds.of(sc, i)
		note(false, from, until, until.Add(-m.tracks[i].HoldIn(sc)))
		if tr := w.track(m.tracks[i].Name); tr.Called {
			// From here on a press is too late to be believed.
			note(false, tr.On.Add(m.tracks[i].MostHold-tr.Ends.Sub(tr.On)))
		}
	}
	if fl := m.c.Flow(w.s.Episode.Flow); fl != nil && w.s.Episode.Live() {
		window := sc.waking(fl)
		note(true, nextMinute(sc, window.From), nextMinute(sc, window.To), nextMinute(sc, 0))
	}
	slices.SortFunc(list, func(a, b boundary) int { return a.at.Compare(b.at) })
	return slices.CompactFunc(list, func(a, b boundary) bool { return a.at.Equal(b.at) })
}

// lateness lists when the timers to come would be later than they may.
func (m *subject) lateness(w *world) []time.Time {
	var list []time.Time
	for _, r := range w.s.Pending {
		grace := 15 * time.Minute
		if ph, ok := m.kinds[r.Kind]; ok {
			grace = m.tracks[ph.track].Grace
		}
		list = append(list, r.Due.Add(grace+edge))
	}
	slices.SortFunc(list, func(a, b time.Time) int { return cmp.Compare(a.Unix(), b.Unix()) })
	return list[:min(len(list), 2)]
}
