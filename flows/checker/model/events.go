package model

import (
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
	Asked              // it was asked once more
	Command            // Name was sent
	Button             // the button Name of a reminder of Track, or of any, was pressed
	Came               // the reminder Phase of Track came
	Dropped            // a round of Track ended without a word
)

// Event is something that happens in a conversation.
type Event struct {
	Kind         EventKind
	Step, Choice string
	Value        Value
	Name, Track  string
	Phase        flows.Phase
}

// question lists what may become of the question in force.
func (x *explorer) question(i int32, p point, d data) {
	s := x.stepOf(p)
	for _, d := range x.moments(d, x.cuts) {
		for _, a := range x.answers(s) {
			x.answer(i, p, d, s, a)
		}
		if label := (Event{Kind: TimedOut, Step: s.ID}); x.mayTimeOut(s, d) {
			to := x.target(p, s.Wait.Next)
			to.place, to.data = atStep, x.id(d)
			x.reach(to, i, -1, label, nil)
		}
		x.happens(s.ID, d, i, Event{Kind: Asked, Step: s.ID})
	}
}

func (x *explorer) mayTimeOut(s *lang.Step, d data) bool {
	switch w := s.Wait; {
	case w == nil:
		return false
	case w.Until == nil:
		return w.Timeout > 0
	default:
		until, ok := view{x.Model, d}.bound(w.Until)
		// Until it is told, nothing is armed.
		return !ok || less(instantIn(exactly(0)), until).May(false)
	}
}

// answer goes on from a question with an answer.
func (x *explorer) answer(i int32, p point, d data, s *lang.Step, a answer) {
	d = d.clone()
	for _, set := range a.sets {
		d.vars[set.at] = x.settle(set.at, set.value)
	}
	x.measure(s.Question.Measures(), a.value, d)
	label := Event{Kind: Answered, Step: s.ID, Choice: a.choice, Value: a.value}
	p.place = atStep
	next := ""
	datas := []data{d}
	choice := textOf(a.choice)
	for k := range s.Choices {
		if c := &s.Choices[k]; c.ID == a.choice {
			datas, next = x.assign(c.Set, d, &choice), c.Next
		}
	}
	for _, d := range datas {
		for _, d := range x.assign(s.Set, d, &choice) {
			if next != "" {
				to := x.target(p, next)
				to.data = x.id(d)
				x.reach(to, i, -1, label, nil)
				continue
			}
			x.branch(p, d, nil, func(to point, doubts []Doubt) { x.reach(to, i, -1, label, doubts) })
		}
	}
}

// measure notes a measurement in data that are this answer's own.
func (x *explorer) measure(name string, v Value, d data) {
	if name != "pain" {
		return
	}
	first, now, before := x.varIndex["pain_first"], x.varIndex["pain_now"], x.varIndex[painBefore]
	_, followsFirst := x.varIndex["pain_first"]
	_, followsNow := x.varIndex["pain_now"]
	_, followsBefore := x.varIndex[painBefore]
	if followsBefore {
		d.vars[before] = numberIn(everything)
		if followsNow {
			d.vars[before] = d.vars[now]
		}
	}
	if followsNow {
		d.vars[now] = x.settle(now, v)
	}
	if followsFirst {
		// Whether it is the first is not kept: both are possible.
		d.vars[first] = numberIn(everything)
	}
}

// interrupt lets everything come between that may: it returns to the question in
// force. That of a flow that may be begun anew may be given up meanwhile.
func (x *explorer) interrupt(i int32, p point) {
	if p.place == atIdle {
		x.interrupts(i, p.data, frame{what: toIdle, from: i})
		return
	}
	back := p
	back.place, back.data = atAsk, 0
	x.interrupts(i, p.data, frame{what: toAsk, point: back, from: i})
	if x.begun[x.flows[p.flow].ID] {
		x.interrupts(i, p.data, frame{what: toCallers, point: point{ctx: p.ctx}, from: i})
	}
}

// interrupts lets everything come between that may with these data.
func (x *explorer) interrupts(i, data int32, back frame) {
	c := context{flow: between, mark: x.mark(data)}
	id := x.enter(c, frame{}, false)
	x.begins(point{place: atBetween, ctx: id, data: data}, i, Event{}, nil)
	x.addCaller(id, back)
}

// events lists what may happen wherever a person is.
func (x *explorer) events(i int32, p point, d data) {
	for _, d := range x.moments(d, x.cuts) {
		for _, c := range x.commands(d) {
			x.begin(i, p, c.flow, d, Event{Kind: Command, Name: c.name}, nil)
		}
		x.buttons(i, p, d)
		for _, t := range x.all {
			x.timer(i, p, d, t)
		}
	}
}

// command is a command that begins a flow.
type command struct {
	name string
	flow *lang.Flow
}

// commands lists those that apply, one for each flow.
func (x *explorer) commands(d data) []command {
	list, known := x.byEpisode[d.episode]
	if known {
		return list
	}
	for _, f := range x.flows {
		for _, name := range f.Commands {
			if x.c.ForCommand(name, x.episodeOf(d)) == f {
				list = append(list, command{name, f})
				break
			}
		}
	}
	x.byEpisode[d.episode] = list
	return list
}

func (x *explorer) episodeOf(d data) string {
	if d.episode < 0 {
		return ""
	}
	return x.flows[d.episode].ID
}

// buttons lists the presses of buttons of reminders, however old.
func (x *explorer) buttons(i int32, p point, d data) {
	if d.episode < 0 {
		return
	}
	episode := x.flows[d.episode]
	for _, b := range [][2]string{{"worse", episode.Worse}, {"stop", episode.Stop}} {
		label := Event{Kind: Button, Name: b[0]}
		if f := x.c.Flow(b[1]); f != nil {
			x.begin(i, p, f, d, label, nil)
		} else {
			x.reach(point{place: atIdle, data: x.id(x.rest(x.ended(d)))}, i, -1, label, nil)
		}
	}
	for _, t := range x.all {
		if f := x.c.Flow(t.Done); f != nil && x.mayBe(t, d, told) {
			x.begin(i, p, f, d, Event{Kind: Button, Name: "done", Track: t.Name}, nil)
		}
	}
}

// mayBe reports whether a track may have a bit of its status. Of one that is not
// followed nothing is known but whether it is ever started in such an episode.
func (x *explorer) mayBe(t *lang.TrackSpec, d data, bit status) bool {
	if i, followed := x.trackIndex[t.Name]; followed {
		return d.tracks[i]&bit != 0
	}
	return x.mayRun(t, d)
}

// mayRun reports whether a track that is not followed may be running: one that was
// started outside of an episode goes on when one begins.
func (x *explorer) mayRun(t *lang.TrackSpec, d data) bool {
	return x.started[begunIn{t.Name, d.episode}] || x.started[begunIn{t.Name, -1}]
}

// timer lists what may come of a track.
func (x *explorer) timer(i int32, p point, d data, t *lang.TrackSpec) {
	k, followed := x.trackIndex[t.Name]
	if !followed && (t.Run == "" || !x.mayRun(t, d)) {
		return // it changes nothing that is known
	}
	if !followed || d.tracks[k]&running != 0 && d.tracks[k]&on == 0 {
		x.start(i, p, d, t)
	}
	if t.Round() && (!followed || d.tracks[k]&on != 0) {
		x.round(i, p, d, t)
	}
}

// start lists what becomes of a track that begins, if it may.
func (x *explorer) start(i int32, p point, d data, t *lang.TrackSpec) {
	label := Event{Kind: Came, Track: t.Name, Phase: t.Start()}
	may, when := false, Truth(0)
	for _, now := range x.moments(d, x.bounds) {
		if (view{x.Model, now}).mayStart(t) {
			may = true
			when |= x.holds(t.When, now)
			x.happens(t.Kind(t.Start()), now, i, label)
		}
	}
	if !may {
		return
	}
	if k, followed := x.trackIndex[t.Name]; followed {
		d = d.clone()
		if t.Done != "" {
			d.tracks[k] |= told
		}
		switch {
		case t.Round():
			d.tracks[k] |= on
		case t.Once:
			d.tracks[k] &^= running
		}
	}
	doubts := took(nil, t.When, when, true)
	if f := x.c.Flow(t.Run); f != nil {
		x.begin(i, p, f, d, label, doubts)
	} else {
		x.stay(i, p, d, label, doubts)
	}
}

// round lists what may come of a round in progress.
func (x *explorer) round(i int32, p point, d data, t *lang.TrackSpec) {
	over := d
	if k, followed := x.trackIndex[t.Name]; followed {
		over = d.clone()
		over.tracks[k] &^= on
	}
	label := Event{Kind: Came, Track: t.Name}
	for _, now := range x.moments(d, x.bounds) {
		if label.Phase = flows.PhaseLook; t.Checks() {
			x.happens(t.Kind(label.Phase), now, i, label)
		}
		label.Phase = flows.PhaseTakeOff
		x.happens(t.Kind(label.Phase), now, i, label)
	}
	x.stay(i, p, over, label, nil)
	x.stay(i, p, over, Event{Kind: Dropped, Track: t.Name}, nil) // skipped, or blocked
}

// stay leaves the person where they are, with other data.
func (x *explorer) stay(i int32, p point, d data, label Event, doubts []Doubt) {
	x.reach(point{place: atExit, ctx: p.ctx, data: x.id(d)}, i, -1, label, doubts)
}

// begin runs a flow in between.
func (x *explorer) begin(i int32, p point, f *lang.Flow, d data, label Event, doubts []Doubt) {
	if !x.matter[f.ID] && !f.Episode {
		return
	}
	flow := x.index[f.ID]
	if f.Episode {
		x.episode(i, flow, d, label, doubts)
		return
	}
	id := x.id(d)
	ctx := x.enter(context{flow: flow, mark: x.mark(id)}, frame{toCallers, point{ctx: p.ctx}, i, label}, true)
	x.begins(point{ctx: ctx, flow: flow, data: id}, i, label, doubts)
}
