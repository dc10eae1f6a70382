package engine_test

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/engine"
)

// noon is when the tests begin: a Monday, far from any change of the clocks.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func shipped(t testing.TB) *flows.Catalog {
	t.Helper()
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// shownMessage is a message as the person sees it.
type shownMessage struct {
	id       int64
	text     string
	keyboard [][]flows.Key
}

// person plays the world around the engine for one person: it keeps the state
// through the storage codec, the timers, and the messages in the chat.
type person struct {
	t        testing.TB
	catalog  *flows.Catalog
	now      time.Time
	encoded  []byte
	timers   map[uint64]flows.Reminder
	ended    map[uint64]flows.ReminderState
	all      []flows.Reminder
	chat     []shownMessage
	timeline []flows.Entry
	// log receives every effect of the last event.
	log []flows.Effect
}

func newPerson(t testing.TB, c *flows.Catalog) *person {
	p := &person{
		t: t, catalog: c, now: noon,
		timers: make(map[uint64]flows.Reminder), ended: make(map[uint64]flows.ReminderState),
	}
	p.store(flows.State{User: 42})
	return p
}

func (p *person) store(s flows.State) {
	p.t.Helper()
	b, err := flows.EncodeState(s)
	if err != nil {
		p.t.Fatal(err)
	}
	p.encoded = b
}

func (p *person) state() flows.State {
	p.t.Helper()
	s, err := flows.DecodeState(p.encoded)
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// does feeds one event and applies its effects as the pipe does.
func (p *person) does(ev flows.Event) {
	p.t.Helper()
	s, effects := engine.Step(p.catalog, p.state(), ev, p.now)
	p.store(s)
	p.log = effects
	for _, e := range effects {
		switch e := e.(type) {
		case flows.Say:
			p.show(e.Message)
		case flows.Record:
			p.timeline = append(p.timeline, e.Entry)
		case flows.Remind:
			if e.Reminder.Due.Before(p.now) {
				p.t.Fatalf("armed in the past: %+v at %v", e.Reminder, p.now)
			}
			p.timers[e.Reminder.ID] = e.Reminder
			p.all = append(p.all, e.Reminder)
		case flows.Settle:
			delete(p.timers, e.ID)
			p.ended[e.ID] = e.State
		}
	}
}

func (p *person) show(m flows.Message) {
	p.t.Helper()
	if m.Edit == 0 {
		p.chat = append(p.chat, shownMessage{int64(len(p.chat) + 1), m.Text, m.Keyboard})
		if m.Text == "" {
			p.t.Fatalf("an empty message: %+v", m)
		}
		return
	}
	i := slices.IndexFunc(p.chat, func(s shownMessage) bool { return s.id == m.Edit })
	if i < 0 {
		p.t.Fatalf("edits message %d, which is not there", m.Edit)
	}
	if m.Text != "" {
		p.chat[i].text = m.Text
	}
	p.chat[i].keyboard = m.Keyboard
}

// waits lets time pass; the timers come due at their times.
func (p *person) waits(d time.Duration, each func()) {
	p.t.Helper()
	end := p.now.Add(d)
	for {
		ids, at := p.nextDue(end)
		if ids == nil {
			break
		}
		p.now = at
		p.fire(ids)
		if each != nil {
			each()
		}
	}
	p.now = end
}

// sleeps lets time pass while the bot is down: everything comes due at once.
func (p *person) sleeps(d time.Duration) {
	p.now = p.now.Add(d)
	var due []flows.Reminder
	for _, r := range p.timers {
		if !r.Due.After(p.now) {
			due = append(due, r)
		}
	}
	slices.SortFunc(due, func(a, b flows.Reminder) int {
		return a.Due.Compare(b.Due)*2 + int(min(1, max(-1, int64(a.ID)-int64(b.ID))))
	})
	ids := make([]uint64, len(due))
	for i, r := range due {
		ids[i] = r.ID
	}
	p.fire(ids)
}

func (p *person) fire(ids []uint64) {
	p.t.Helper()
	for _, id := range ids {
		delete(p.timers, id)
		p.ended[id] = flows.Fired
	}
	p.does(flows.Due{IDs: ids})
}

func (p *person) nextDue(end time.Time) (ids []uint64, at time.Time) {
	for _, r := range p.timers {
		switch {
		case r.Due.After(end):
		case ids == nil || r.Due.Before(at):
			ids, at = []uint64{r.ID}, r.Due
		case r.Due.Equal(at):
			ids = append(ids, r.ID)
		}
	}
	slices.Sort(ids)
	return ids, at
}

// presses presses a button by its label or its choice, on the newest message
// that has it.
func (p *person) presses(want string) {
	p.t.Helper()
	for i := len(p.chat) - 1; i >= 0; i-- {
		for _, key := range slices.Concat(p.chat[i].keyboard...) {
			_, choice, _ := strings.Cut(key.Data, ".")
			if key.Label == want || choice == want {
				p.does(flows.Button{Data: key.Data, Message: p.chat[i].id})
				return
			}
		}
	}
	p.t.Fatalf("no message has a button %q; the last one is %q %v", want, p.chat[len(p.chat)-1].text, p.chat[len(p.chat)-1].keyboard)
}

var (
	instantTag = regexp.MustCompile(`<tg-time unix="(\d+)" format="\w+">([^<]*)</tg-time>`)
	anyTag     = regexp.MustCompile(`</?b>`)
)

// readable turns a message into what a person reads.
func readable(text string) string {
	text = instantTag.ReplaceAllString(text, "$2")
	return html.UnescapeString(anyTag.ReplaceAllString(text, "*"))
}

// toCare answers the whole intake of a person whose pain has just begun.
func (p *person) toCare() {
	p.t.Helper()
	p.does(flows.Command{Name: "spasm"})
	for _, choice := range []string{
		"none", "none", "none", "none", "lying", "adult", "none", "now", "6", "right", "none", "none", "ready",
	} {
		p.presses(choice)
	}
	if at := p.state().At.Step; at != "care_cold" {
		p.t.Fatalf("the intake ends at %q", at)
	}
}

func (p *person) String() string {
	s := p.state()
	return fmt.Sprintf("at %s, stack %v, pending %v, open %v", s.At.Step, s.Stack, s.Pending, s.Open)
}
