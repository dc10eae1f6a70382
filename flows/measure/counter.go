package measure

import (
	"slices"
	"strings"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
	"spasmbot/flows/transcript"
)

// counter counts what a person lives through.
type counter struct {
	person *Person
	player *transcript.Player
	// before is the state before the last event.
	before flows.State
	// day is how many days are over, end when the one that is counted ends.
	day  int
	end  time.Time
	days []Figures
	// total is since the counting began, marks what it was at each mark.
	total Figures
	marks []Reached
	// chat says of each message of the player's chat what it is. Those before first
	// are older than the counting.
	chat  []shown
	first int
	// entries is how much of the timeline was looked at.
	entries int
	rings   rings
	// acted is when the person last did something.
	acted time.Time
}

// shown is a message in the chat.
type shown struct {
	id int64
	// kind, phase and track are those of the reminder that it delivers, if that is
	// one of a round or recurrence.
	kind  string
	phase flows.Phase
	track string
	// asked says that the person has asked for the reminder, and wanted that they have
	// done so or answered it.
	asked, wanted bool
	// media and edited say that it has a picture, and that it was changed.
	media, edited bool
}

func newCounter(p *Person, player *transcript.Player) *counter {
	c := &counter{person: p, player: player, before: player.State(), total: none(), days: []Figures{none()}}
	for _, m := range p.Marks {
		c.marks = append(c.marks, Reached{Mark: m.Name})
	}
	c.end = nextDay(p.plan.count, p.plan.zone)
	return c
}

func nextDay(at time.Time, zone *time.Location) time.Time {
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, zone)
}

// counts reports whether the time that is counted has begun.
func (c *counter) counts() bool { return !c.player.Now.Before(c.person.plan.count) }

func (c *counter) add(f Figure, n int) {
	if c.counts() {
		c.total[f] += n
		c.days[c.day][f] += n
	}
}

// endDay looks at the chat at the end of a day, and goes on to the next.
func (c *counter) endDay() {
	for i, m := range c.player.Chat[c.first:] {
		if m.Gone {
			continue
		}
		if len(m.Keyboard) > 0 {
			c.days[c.day][Keyboards]++
		}
		if !c.chat[c.first+i].collapsed(m) {
			c.days[c.day][Standing]++
		}
	}
	c.day++
	c.end = nextDay(c.end, c.person.plan.zone)
	c.days = append(c.days, none())
}

// collapsed reports whether an edit has made a message one line.
func (s *shown) collapsed(m transcript.Message) bool {
	return s.edited && !s.media && len(m.Keyboard) == 0 && !strings.Contains(m.Text, "\n")
}

// acts notes that the person does something.
func (c *counter) acts(what Figure) {
	c.acted = c.player.Now
	c.add(what, 1)
}

// answer notes that the person answers a reminder.
func (c *counter) answer(message int64) { c.chat[message-1].wanted = true }

// saw counts what follows an event, and returns the reminders among it.
func (c *counter) saw(timer bool) (reminders []shown) {
	c.entries = min(c.entries, len(c.player.Timeline)) // of whoever is forgotten there are none
	after, entries := c.player.State(), c.player.Timeline[c.entries:]
	c.entries = len(c.player.Timeline)
	c.said(entries)
	for _, e := range c.player.Effects {
		say, ok := e.(flows.Say)
		if !ok {
			continue
		}
		m := say.Message
		if m.Delete || m.Pin || m.Unpin {
			continue // nobody sees it come
		}
		if m.Of == 0 || m.Of != c.before.Card.Message && m.Of != after.Card.Message {
			c.read(m) // the card is glanced at
		}
		if id := c.player.Changes(m); id != 0 {
			c.add(Edits, 1)
			c.chat[id-1].edited = true
			continue
		}
		s := c.enter(m)
		if timer {
			c.byItself(m, s, after)
		}
		if m.Silent {
			c.add(Silent, 1)
		} else {
			c.add(Rings, 1)
		}
		if s.track != "" && kindOf(slices.Concat(m.Keyboard...)) == button.Reminder {
			reminders = append(reminders, s)
		}
		c.mark(showing(m))
	}
	c.came(entries)
	c.rests(after)
	c.before = after
	return reminders
}

// read counts what there is to read in a message.
func (c *counter) read(m flows.Message) {
	if m.Text == "" {
		return // the same words with other buttons
	}
	c.add(Screens, 1)
	n := wordsOf(m.Text)
	for _, key := range slices.Concat(m.Keyboard...) {
		n += wordsOf(key.Label)
	}
	c.add(Words, n)
	if m.Edit != 0 || m.Of != 0 {
		c.mark(showing(m))
	}
}

// showing says which marks a message reaches by what it shows.
func showing(m flows.Message) func(Mark) bool {
	return func(want Mark) bool {
		return want.Shows != "" && slices.Contains([]string{m.Subject, m.Picture, m.Animation}, want.Shows)
	}
}

// enter puts a new message into the chat.
func (c *counter) enter(m flows.Message) shown {
	s := shown{id: int64(len(c.chat) + 1), media: m.WithFile()}
	i := slices.IndexFunc(c.player.Armed, func(r flows.Reminder) bool { return r.ID == m.Reminder })
	if i >= 0 && c.player.Catalog.Track(c.player.Armed[i].Track) != nil {
		r := c.player.Armed[i]
		s.kind, s.phase, s.track = r.Kind, r.Phase, r.Track
		s.asked = r.Starts() && c.askedFor(r.Track)
		s.wanted = s.asked
	}
	c.chat = append(c.chat, s)
	if !c.counts() {
		c.first = len(c.chat)
	}
	return s
}

// askedFor reports whether the person has asked for the start of a track that has just
// come.
func (c *counter) askedFor(track string) bool {
	return slices.ContainsFunc(c.before.Tracks, func(t flows.Track) bool { return t.Name == track && t.Asked })
}

// byItself counts a new message that a timer has brought.
func (c *counter) byItself(m flows.Message, s shown, after flows.State) {
	thing := c.thing(m, s, after)
	if slices.Contains(c.person.plan.apart, thing) && packOn(after) {
		c.add(Disturbing, 1)
	}
	if m.Silent || s.track == "" && c.player.Now.Sub(c.acted) <= flows.Answering {
		return
	}
	if c.rings.add(c.player.Now, thing) && !c.called(s).asked {
		c.add(Crowded, 1)
	}
	if len(m.Keyboard) > 0 && !c.known(m, s) {
		c.add(Invitations, 1)
	}
}

// known reports whether a message asks for nothing new: it repeats a question, or comes
// back to one that was interrupted, or is the look or the take-off of a round that the
// person has said to be on.
func (c *counter) known(m flows.Message, s shown) bool {
	switch s.phase {
	case flows.PhaseLook, flows.PhaseTakeOff:
		return c.called(s).wanted
	case "":
		interrupted := func(at flows.Place) bool { return at.Again && at.Step == m.Subject }
		return m.Subject == c.before.At.Step || slices.ContainsFunc(c.before.Stack, interrupted)
	}
	return false
}

// called is the call of the round of which a message is the look or the take-off; empty
// for any other.
func (c *counter) called(s shown) shown {
	if s.phase == flows.PhaseLook || s.phase == flows.PhaseTakeOff {
		for _, called := range slices.Backward(c.chat) {
			if called.track == s.track && called.phase == flows.PhaseCall {
				return called
			}
		}
	}
	return shown{}
}

// thing is what a message tells of: a round or recurrence, whose flow it may be that
// speaks; otherwise a flow.
func (c *counter) thing(m flows.Message, s shown, after flows.State) string {
	if s.track != "" {
		return s.track
	}
	for _, at := range append(slices.Clone(after.Stack), after.At) {
		for _, f := range c.player.Catalog.Flows() {
			for i := range f.Tracks {
				if t := &f.Tracks[i]; leadsTo(t, at.Flow) || begins(c.player.Catalog.Flow(at.Flow), t.Name) {
					return f.Tracks[i].Name
				}
			}
		}
	}
	if after.At.Flow != "" {
		return after.At.Flow
	}
	return m.Subject
}

func leadsTo(t *lang.TrackSpec, flow string) bool {
	return flow != "" && (t.Done == flow || t.Run == flow || t.Wrong == flow)
}

// begins reports whether a flow is the one that offers a round: what it asks and what the
// round tells are one thing.
func begins(f *lang.Flow, track string) bool {
	return f != nil && slices.ContainsFunc(f.Steps, func(s lang.Step) bool { return s.Action == lang.ActBegin && s.Target == track })
}

func packOn(s flows.State) bool {
	return slices.ContainsFunc(s.Tracks, func(t flows.Track) bool { return !t.On.IsZero() })
}

// said looks for marks that are answers: what follows an answer is behind the mark.
func (c *counter) said(entries []flows.Entry) {
	for _, e := range entries {
		c.mark(func(want Mark) bool {
			if e.Kind != flows.EntryAnswer || want.Answers == "" {
				return false
			}
			s := c.player.Catalog.Step(e.Step)
			back := s != nil && s.IsBack(e.Choice) // which is no answer
			return want.Answers == e.Step && !back || want.Answers == e.Step+"."+e.Choice
		})
	}
}

// came looks for marks that are reminders, with what they say.
func (c *counter) came(entries []flows.Entry) {
	for _, e := range entries {
		c.mark(func(want Mark) bool { return e.Kind == flows.EntryReminder && want.Reminds == e.Step })
	}
}

// rests looks for marks that are questions which the card alone shows.
func (c *counter) rests(after flows.State) {
	if s := c.player.Catalog.Step(after.At.Step); s != nil && s.OnCard() {
		c.mark(func(want Mark) bool { return want.Shows == s.ID })
	}
}

// mark notes the figures at each mark that fits, and was not reached before.
func (c *counter) mark(fits func(Mark) bool) {
	if !c.counts() {
		return
	}
	for i, want := range c.person.Marks {
		if at := &c.marks[i]; at.Figures == nil && fits(want) {
			at.After, at.Figures = c.player.Now.Sub(c.person.plan.count).String(), c.upTo()
		}
	}
}

// upTo are the figures that are sums, as they are now.
func (c *counter) upTo() Figures {
	out := make(Figures)
	for _, f := range AllFigures {
		if !f.atTheEnd() {
			out[f] = c.total[f]
		}
	}
	return out
}
