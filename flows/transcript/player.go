package transcript

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
)

// Noon is when a conversation begins unless it says otherwise: a Monday, far from any change of the
// clocks.
var Noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// person is who talks.
const person = 42

// Message is a message as it stands in the chat.
type Message struct {
	ID       int64
	Text     string // in Telegram's HTML
	Keyboard [][]flows.Key
	Sent     time.Time
	// Media says that it is a picture or an animation, Text its caption.
	Media bool
	// Pinned says that it stands above the chat as well.
	Pinned bool
	// Gone says that it was deleted: nobody sees it any more.
	Gone bool
}

// Player plays the world around the engine for one person. Its fields may be
// read at any time. Catalog and Now may be set too: another catalog is a flow
// that was edited in the middle of the conversation.
type Player struct {
	Catalog *lang.Catalog
	Now     time.Time
	// Keep, if it is set, puts a state into a store and takes it out again: what
	// it returns is what the next event finds.
	Keep func(flows.State) (flows.State, error)
	// Chat is what the person sees, oldest first, and what is gone.
	Chat []Message
	// Timeline is what was recorded so far.
	Timeline []flows.Entry
	// Effects are those of the last event. If that was a press of a button that
	// copies, there are none, and Copied is what is on the clipboard.
	Effects []flows.Effect
	Copied  string
	// Armed lists every timer that was ever armed; Timers holds those that
	// still are, and Ended says what became of the others.
	Armed  []flows.Reminder
	Timers map[uint64]flows.Reminder
	Ended  map[uint64]flows.ReminderState

	state flows.State
	// begun is when the conversation begins, in the zone of what is written down;
	// heard is whether anything has happened.
	begun time.Time
	heard bool
	// messages counts those that the person has typed, and below is what the last of
	// them stands below, "" if it is a message of its own.
	messages int64
	// ids are the messages of the chat by the numbers of those that made them what
	// they are.
	ids   map[uint64]int64
	below string
	// card is the number of the card before the last event, and faces what it said.
	card  uint64
	faces []string
}

// New returns a Player for a person never seen before, at Noon.
func New(c *lang.Catalog) *Player {
	return &Player{
		Catalog: c, Now: Noon, begun: Noon, state: flows.State{User: person},
		Timers: make(map[uint64]flows.Reminder), Ended: make(map[uint64]flows.ReminderState),
		ids: make(map[uint64]int64),
	}
}

// State returns what a store would hold now.
func (p *Player) State() flows.State { return p.state.Clone() }

// SetState puts another state in the place of the one that a store would hold.
func (p *Player) SetState(s flows.State) error {
	s = s.Clone()
	if p.Keep != nil {
		var err error
		if s, err = p.Keep(s); err != nil {
			return err
		}
	}
	p.state = s
	return nil
}

// Do feeds one event to the engine and applies its effects as the pipe does.
// It fails if the engine asks for something that cannot be done.
func (p *Player) Do(ev flows.Event) error {
	p.heard, p.Copied = true, ""
	p.notesCard()
	before := p.State().Messages
	s, effects := engine.Step(p.Catalog, p.State(), ev, p.Now)
	if len(effects) > 0 && effects[0] == flows.Effect(flows.Forget{}) {
		// Whoever comes back is somebody new, whose messages have other numbers.
		s.Messages = before + uint64(len(effects))
	}
	if err := p.SetState(s); err != nil {
		return err
	}
	p.Effects = effects
	for _, e := range effects {
		switch e := e.(type) {
		case flows.Forget:
			p.Timeline = nil
			for id := range p.Timers {
				delete(p.Timers, id)
				p.Ended[id] = flows.Cancelled
			}
		case flows.Say:
			if err := p.show(e.Message); err != nil {
				return err
			}
		case flows.Record:
			p.Timeline = append(p.Timeline, e.Entry)
		case flows.Remind:
			if e.Reminder.Due.Before(p.Now) {
				return fmt.Errorf("the engine armed a timer in the past: %+v at %v", e.Reminder, p.Now)
			}
			p.arm(e.Reminder)
		case flows.Settle:
			delete(p.Timers, e.ID)
			p.Ended[e.ID] = e.State
		}
	}
	return nil
}

// arm keeps a timer, in the place of what it was before it was moved.
func (p *Player) arm(r flows.Reminder) {
	p.Timers[r.ID] = r
	if i := slices.IndexFunc(p.Armed, func(was flows.Reminder) bool { return was.ID == r.ID }); i >= 0 {
		p.Armed[i] = r
		return
	}
	p.Armed = append(p.Armed, r)
}

// Changes is the message of the chat that another changes, 0 for a new one, such as one
// that was to take the place of a message that is gone.
func (p *Player) Changes(m flows.Message) int64 {
	if is, shown := p.ids[m.Number]; m.Edit != 0 && shown && is != m.Edit {
		return 0
	}
	if m.Of != 0 {
		return p.ids[m.Of]
	}
	return m.Edit
}

func (p *Player) show(m flows.Message) error {
	id := p.Changes(m)
	if id == 0 {
		if m.Text == "" || m.Of != 0 {
			return fmt.Errorf("the engine sent an empty message, or changed one that is not there: %+v", m)
		}
		id = int64(len(p.Chat) + 1)
		p.ids[m.Number] = id
		p.Chat = append(p.Chat, Message{ID: id, Text: m.Text, Keyboard: m.Keyboard, Sent: p.Now, Media: m.WithFile()})
		return nil
	}
	i := slices.IndexFunc(p.Chat, func(s Message) bool { return s.ID == id })
	switch {
	case i < 0, p.Chat[i].Gone && m.Of != 0:
		return fmt.Errorf("the engine changed message %d, which is not there", id)
	case p.Chat[i].Gone && (m.Text == "" || m.Class == flows.Tidy):
		return nil // it was pressed before it was gone
	case p.Chat[i].Gone:
		m.Edit = 0
		return p.show(m)
	}
	p.ids[m.Number] = id
	if m.Pin || m.Unpin {
		p.Chat[i].Pinned = m.Pin
		return nil
	}
	if m.Delete {
		return p.remove(&p.Chat[i])
	}
	if m.Text != "" {
		p.Chat[i].Text = m.Text
	}
	p.Chat[i].Keyboard = m.Keyboard
	return nil
}

// deletable is for how long a message can be deleted.
const deletable = 48 * time.Hour

// remove deletes a message; its words stay for who tells of it.
func (p *Player) remove(m *Message) error {
	if age := p.Now.Sub(m.Sent); age > deletable {
		return fmt.Errorf("the engine deleted message %d when it was %v old, which the messenger refuses", m.ID, age)
	}
	m.Gone, m.Pinned, m.Keyboard = true, false, nil
	return nil
}

// Wait lets time pass. The timers come due at their times; after each event,
// each is called if it is not nil.
func (p *Player) Wait(d time.Duration, each func()) error {
	end := p.Now.Add(d)
	for {
		ids, at := p.nextDue()
		if ids == nil || at.After(end) {
			break
		}
		// A timer of a moment that has passed comes due now: time goes forward.
		p.Now = flows.Later(p.Now, at)
		if err := p.fire(ids); err != nil {
			return err
		}
		if each != nil {
			each()
		}
	}
	p.Now = end
	return nil
}

// Outage is how long the bot is down at least if presses may have been lost
// meanwhile: so long the Bot API keeps them.
const Outage = 150 * time.Second

// SetBack puts the clock back.
func (p *Player) SetBack(d time.Duration) error {
	p.Now = p.Now.Add(-d)
	return p.Do(flows.SetBack{By: d})
}

// Down lets time pass while the bot is down: then everything comes due at
// once, and after an outage everybody is shown where they stand.
func (p *Player) Down(d time.Duration) error {
	p.Now = p.Now.Add(d)
	var due []flows.Reminder
	for _, r := range p.Timers {
		if !r.Due.After(p.Now) {
			due = append(due, r)
		}
	}
	slices.SortFunc(due, func(a, b flows.Reminder) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
	ids := make([]uint64, len(due))
	for i, r := range due {
		ids[i] = r.ID
	}
	p.fired(ids)
	if d > Outage {
		return p.Do(flows.Resume{IDs: ids, Back: p.Now})
	}
	return p.Do(flows.Due{IDs: ids, Missed: true})
}

// NextDue returns when the next timer is due; ok is false if none is armed.
func (p *Player) NextDue() (at time.Time, ok bool) {
	ids, at := p.nextDue()
	return at, ids != nil
}

func (p *Player) nextDue() (ids []uint64, at time.Time) {
	for _, r := range p.Timers {
		switch {
		case ids == nil || r.Due.Before(at):
			ids, at = []uint64{r.ID}, r.Due
		case r.Due.Equal(at):
			ids = append(ids, r.ID)
		}
	}
	slices.Sort(ids)
	return ids, at
}

func (p *Player) fire(ids []uint64) error {
	p.fired(ids)
	return p.Do(flows.Due{IDs: ids})
}

func (p *Player) fired(ids []uint64) {
	for _, id := range ids {
		delete(p.Timers, id)
		p.Ended[id] = flows.Fired
	}
}

// Press presses a button by its label or its choice, on the newest message
// that has it, as somebody does who has read that. The engine hears nothing of a
// button that copies.
func (p *Player) Press(want string) error { return p.press(want, false) }

// Tap is Press by somebody who may not have read the message: its date counts.
func (p *Player) Tap(want string) error { return p.press(want, true) }

func (p *Player) press(want string, dated bool) error {
	var shown []string
	calls := false
	for _, m := range slices.Backward(p.Chat) {
		for _, key := range slices.Concat(m.Keyboard...) {
			choice := button.Choice(key.Data)
			switch {
			case key.Copy != "" && key.Label == want:
				p.Effects, p.Copied = nil, key.Copy
				return nil
			case key.Copy != "":
				continue
			case key.Label == want || choice == want:
				press := flows.Button{Data: key.Data, Message: m.ID}
				if dated {
					press.Sent = m.Sent
				}
				return p.Do(press)
			}
			calls = calls || choice == "on"
			shown = append(shown, fmt.Sprintf("%s (%s)", choice, key.Label))
		}
	}
	switch {
	case len(shown) == 0:
		return errors.New("no message has a button: begin with a command such as /start")
	case want == "done" && calls: // as the first button of all other reminders is called
		return p.press("on", dated)
	}
	return fmt.Errorf("no message has a button %q: press one of %s", want, strings.Join(shown, ", "))
}
