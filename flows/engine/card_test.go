package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/transcript"
)

const cardFlow = `
flow: spasm
episode: true
commands: [spasm]
while: idle
card:
  values: {day: "int(hours_since(onset) / 24) + 1"}
  lines:
    head: {}
    on: {of: cold}
    next:
    pain: {}
    rough: {when: hub_pain >= 7}
  buttons:
    worse: {flow: worse, style: danger}
    cold: {flow: cold, when: 'why_not("cold") != "on"'}
    more: {flow: more}
rounds:
  cold: {hold: 20m, gap: 2h}
reminders:
  water: {every: 5h, first: 3h}
steps:
  - {id: hub_pain, ask: scale, measure: pain, set: {onset: now}, wait: {timeout: 1h, next: gone}}
  - {id: cold_starts, start: water, next: hub}
  - {id: hub, ask: card, wait: {until: onset + 90d, next: gone}}
  - {id: gone, end: gone}
`

const cardTexts = `
hub_pain: {text: "How bad?"}
now_pain: {text: "How bad now?", line: Pain}
how_cold: {text: "How long?", short: Short, none: None}
moved: {text: "Move.", ok: OK}
tiny_worse: {text: "Sorry."}
cold-on: {text: "On until {off}.", coming: "cold at {next}", done: Fine.}
cold-off: {text: "Off now."}
water: {text: "Drink.", coming: "water at {next}", done: Good.}
spasm-card:
  head: Day {day}.
  on: Cold until {off}.
  next: "Next: {coming}."
  pain: "Pain: {pain_days}"
  rough: Rough.
  worse: It got worse
  cold: Cold now
  more: More
  over: It is over.
`

func cardFiles() map[string]string {
	return map[string]string{
		"worse.yaml":  "flow: worse\ncommands: [worse]\nwhile: spasm\nsteps: [{id: tiny_worse}]",
		"cold.yaml":   "flow: cold\ncommands: [chill, cold]\nwhile: live\nsteps: [{id: how_cold, ask: choice, choices: {short: {}, none: {next: return}}, wait: {timeout: 1h, next: return}}, {id: cold_begins, begin: cold}]",
		"more.yaml":   "flow: more\ncommands: [more]\nwhile: spasm\nsteps: [{id: moved, ask: choice, choices: {ok: {}}, wait: {timeout: 1h, next: return}}]",
		"pain.yaml":   "flow: pain\ncommands: [pain]\nwhile: live\nsteps: [{id: now_pain, ask: scale, measure: pain, wait: {timeout: 1h, next: return}}]",
		"status.yaml": "flow: status\ncommands: [status]\nsteps: [{id: tiny_status, show: card}]",
	}
}

// carded is somebody whose card stands in the chat.
func carded(t *testing.T) *person {
	t.Helper()
	p := newPerson(t, tinyWith(t, cardFlow, cardTexts, cardFiles()))
	p.does(flows.Command{Name: "spasm"})
	p.presses("8")
	p.at("hub")
	return p
}

// card is the card as it stands in the chat.
func (p *person) card() transcript.Message {
	p.t.Helper()
	var found []transcript.Message
	for _, m := range p.Chat {
		if !m.Gone && m.Pinned {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		p.t.Fatalf("%d cards in %v", len(found), p)
	}
	return found[0]
}

// sends are those messages of the last turn.
func (p *person) sends(which func(flows.Message) bool) (list []flows.Message) {
	for _, e := range p.Effects {
		if say, ok := e.(flows.Say); ok && which(say.Message) {
			list = append(list, say.Message)
		}
	}
	return list
}

// cardReads is what stands on the card: its lines, and its buttons below.
func (p *person) cardReads() string {
	m := p.card()
	lines := []string{transcript.Readable(m.Text)}
	for _, row := range m.Keyboard {
		var labels []string
		for _, key := range row {
			labels = append(labels, key.Label)
		}
		lines = append(lines, "["+strings.Join(labels, "] [")+"]")
	}
	return strings.Join(lines, "\n")
}

func (p *person) cardShows(want string) {
	p.t.Helper()
	if got := p.cardReads(); got != strings.TrimSpace(want) {
		p.t.Fatalf("the card reads\n%s\nwant\n%s", got, want)
	}
}

// pressesCard presses a button of the card by its choice.
func (p *person) pressesCard(choice string) {
	p.t.Helper()
	m := p.card()
	for _, key := range slices.Concat(m.Keyboard...) {
		if button.Choice(key.Data) == choice {
			p.does(flows.Button{Data: key.Data, Message: m.ID})
			return
		}
	}
	p.t.Fatalf("no button %q on %s", choice, p.cardReads())
}

// TestCardTellsWhereOneStands: the card is the only message of its question, changes in
// place with what a turn or a timer changes, never with a sound, and leaves out what there
// is not.
func TestCardTellsWhereOneStands(t *testing.T) {
	p := carded(t)
	p.cardShows(`
Day 1.
Next: water at 15:00.
Pain: 8
Rough.
[It got worse] [Cold now]
[More]`)
	id, messages := p.card().ID, len(p.Chat)
	p.does(flows.Command{Name: "pain", Args: "6"})
	p.cardShows("Day 1.\nNext: water at 15:00.\nPain: 6\nRough.\n[It got worse] [Cold now]\n[More]")
	p.pressesCard("cold")
	p.at("how_cold")
	p.presses("Short")
	p.waits(time.Second, nil)
	p.at("hub")
	p.cardShows("Day 1.\nCold until 12:20.\nNext: water at 15:00.\nPain: 6\nRough.\n[It got worse] [More]")
	p.waits(20*time.Minute, nil) // the take-off
	p.cardShows("Day 1.\nNext: cold at 14:20.\nPain: 6\nRough.\n[It got worse] [Cold now]\n[More]")
	if p.card().ID != id || len(p.Chat) == messages {
		t.Errorf("the card stands in message %d, and stood in %d", p.card().ID, id)
	}
	changes := p.sends(func(m flows.Message) bool { return m.Of == p.state().Card.Message })
	if len(changes) != 1 || !changes[0].Silent || changes[0].Class != flows.Tidy || !changes[0].Instead {
		t.Errorf("the card is changed by %+v", changes)
	}
	if slices.ContainsFunc(p.Timeline, func(e flows.Entry) bool { return strings.Contains(e.Step, "card") }) {
		t.Errorf("the card stands on the timeline: %v", p.Timeline)
	}
}

// TestCardStaysAsItIs: what changes nothing on it does not touch the card.
func TestCardStaysAsItIs(t *testing.T) {
	p := carded(t)
	for _, ev := range []flows.Event{flows.Command{Name: "worse"}, flows.Command{Name: "worse"}, flows.Button{Data: "s0.1.8", Message: 1}} {
		p.does(ev)
		if changes := p.sends(func(m flows.Message) bool {
			return m.Of == p.state().Card.Message || m.Number == p.state().Card.Message
		}); changes != nil {
			t.Errorf("%#v changes the card: %+v", ev, changes)
		}
	}
}

// TestCardButtonsAreCommands: a press does what the command does, be the card old, as long
// as the button would stand there now; and so do the words on it.
func TestCardButtonsAreCommands(t *testing.T) {
	old := carded(t)
	m := old.card()
	for _, c := range []struct{ choice, words, command, at string }{
		{"worse", "it got worse", "worse", "hub"}, {"cold", "Cold now", "chill", "how_cold"}, {"more", "MORE ", "more", "moved"},
	} {
		press, types, commands := carded(t), carded(t), carded(t)
		press.pressesCard(c.choice)
		types.does(flows.Text{Text: c.words})
		commands.does(flows.Command{Name: c.command})
		for _, p := range []*person{press, types, commands} {
			p.at(c.at)
			if last := p.Timeline[len(p.Timeline)-1]; last.Kind != flows.EntryCommand || last.Choice != c.command {
				t.Errorf("%s: on the timeline stands %+v", c.choice, last)
			}
			if len(p.card().Keyboard) == 0 {
				t.Errorf("%s takes the buttons off the card", c.choice)
			}
		}
	}
	old.pressesCard("cold")
	old.presses("Short")
	old.waits(time.Second, nil)
	at := len(old.Timeline)
	old.does(flows.Button{Data: m.Keyboard[0][1].Data, Message: m.ID}) // cold is on now
	if last := old.Timeline[len(old.Timeline)-1]; len(old.Timeline) != at+1 || last.Kind != flows.EntryStale {
		t.Errorf("a button that the card has no more does %+v", last)
	}
	if old.sends(func(m flows.Message) bool { return m.Of == old.state().Card.Message && m.Text != "" }) == nil {
		t.Error("the card that seems to be old is not shown anew")
	}
	old.does(flows.Command{Name: "stop"})
	old.does(flows.Command{Name: "spasm"})
	old.does(flows.Button{Data: m.Keyboard[0][0].Data, Message: m.ID})
	if last := old.Timeline[len(old.Timeline)-1]; last.Kind != flows.EntryStale {
		t.Errorf("the card of an episode that is over does %+v", last)
	}
}

// TestCardTapsTwice: the finger that taps again on what has just counted does nothing more.
func TestCardTapsTwice(t *testing.T) {
	p := carded(t)
	p.pressesCard("more")
	m, before := p.card(), len(p.Timeline)
	p.does(flows.Button{Data: m.Keyboard[1][0].Data, Message: m.ID})
	if p.at("moved"); len(p.Timeline) != before {
		t.Errorf("the second tap is %+v", p.Timeline[before:])
	}
}

// TestCardIsPutAnew: at the end of the chat once a day when that has begun, with much
// below it, and when somebody asks for it; there is one card, pinned, and the one before
// is gone.
func TestCardIsPutAnew(t *testing.T) {
	p := carded(t)
	newest := func() bool { return p.Chat[len(p.Chat)-1].ID == p.card().ID }
	p.does(flows.Command{Name: "worse"})
	if newest() {
		t.Fatal("the card follows every message")
	}
	p.does(flows.Command{Name: "status"})
	if !newest() || p.state().Card.Below != 0 {
		t.Fatalf("/status does not show the card: %v", p)
	}
	for range 21 {
		p.does(flows.Command{Name: "worse"})
	}
	if below := p.state().Card.Below; below != 1 {
		t.Errorf("%d messages stand below the card", below)
	}
	p.waits(19*time.Hour, nil) // it is 7 in the morning, and nobody is disturbed yet
	if day := p.state().Card.Day; day != "2026-03-02" {
		t.Errorf("at night the card is put anew: %s", day)
	}
	p.waits(5*time.Hour, nil) // with the water at 11
	if day := p.state().Card.Day; day != "2026-03-03" || !strings.Contains(p.cardReads(), "Next: water at 16:00.") {
		t.Errorf("in the morning the card of %s reads %s", day, p.cardReads())
	}
	p.does(flows.Command{Name: "status"})
	if put := p.sends(func(m flows.Message) bool { return m.Number == p.state().Card.Message }); len(put) != 1 || !put[0].Silent {
		t.Errorf("the card comes by %+v", put)
	}
}

// TestCardWaitsBehindAQuestion: it is not put below what is asked, but by who asks for it.
func TestCardWaitsBehindAQuestion(t *testing.T) {
	p := carded(t)
	p.pressesCard("more")
	for range 25 {
		p.does(flows.Unsupported{What: "photo"})
		p.Now = p.Now.Add(2 * time.Minute)
	}
	if below := p.state().Card.Below; below < 20 {
		t.Fatalf("the card stands below the question: %d", below)
	}
	p.presses("OK")
	if p.at("hub"); p.state().Card.Below != 0 {
		t.Errorf("%d messages stand below the card", p.state().Card.Below)
	}
}

// TestCardIsOver: at the end a last line stays, without buttons and not pinned; whatever
// comes then is not below it.
func TestCardIsOver(t *testing.T) {
	p := carded(t)
	id := p.card().ID
	p.does(flows.Command{Name: "stop"})
	last := p.Chat[id-1]
	if last.Text != "It is over." || len(last.Keyboard) != 0 || last.Pinned || last.Gone {
		t.Errorf("what is left of the card is %+v", last)
	}
	if s := p.state(); s.Card != (flows.Card{}) {
		t.Errorf("kept is %+v", s.Card)
	}
	p.does(flows.Command{Name: "status"})
	p.does(flows.Command{Name: "spasm"})
	p.presses("5")
	p.cardShows("Day 1.\nNext: water at 15:00.\nPain: 5\n[It got worse] [Cold now]\n[More]")
}

// TestCardThatIsTooOld: what the messenger deletes no more stays without its buttons.
func TestCardThatIsTooOld(t *testing.T) {
	p := carded(t)
	id := p.card().ID
	p.does(flows.Blocked{})
	p.Now = p.Now.Add(50 * time.Hour)
	p.does(flows.Command{Name: "status"})
	if old := p.Chat[id-1]; old.Gone || len(old.Keyboard) != 0 || old.Pinned {
		t.Errorf("the old card is %+v", old)
	}
	if p.card().ID == id {
		t.Error("no other stands in its place")
	}
}

// TestCardsOfQuestions: what a question says above itself stands by itself where the card
// shows it, and an edit of the flows asks for no answer.
func TestCardsOfQuestions(t *testing.T) {
	p := carded(t)
	p.does(flows.Text{Text: "what now"})
	if last := p.Chat[len(p.Chat)-1]; last.ID != p.card().ID || !strings.HasPrefix(last.Text, "b\n\nDay 1.") {
		t.Errorf("words are answered by %q", last.Text)
	}
	p.does(flows.Command{Name: "pain", Args: "3"})
	if !strings.HasPrefix(p.card().Text, "Day 1.") {
		t.Errorf("what was said above the card stays: %q", p.card().Text)
	}
	p.does(flows.Resume{Back: p.Now.Add(time.Hour)})
	if messages := p.sends(func(m flows.Message) bool { return m.Class != flows.Tidy }); len(messages) != 1 || !messages[0].Silent {
		t.Errorf("after an absence come %v", messages)
	}
	water := p.state().Pending[0]
	p.Now = water.Due
	p.does(flows.Resume{IDs: []uint64{water.ID}, Back: p.Now.Add(time.Hour)})
	if messages := p.sends(func(m flows.Message) bool { return m.Class != flows.Tidy }); len(messages) != 1 || messages[0].Text != "Drink." {
		t.Errorf("after an absence in which something came due come %v", messages)
	}
	edited := strings.Replace(cardFlow, "onset + 90d, next: gone", "onset + 80d, next: gone", 1)
	p.Catalog = tinyWith(t, edited, cardTexts, cardFiles())
	p.does(flows.Text{Text: "and now"})
	if p.at("hub"); slices.ContainsFunc(p.Chat, func(m transcript.Message) bool { return m.Text == "u" }) {
		t.Errorf("somebody is asked once more: %v", p)
	}
	p.waits(100*24*time.Hour, nil)
	if p.state().Episode.Live() {
		t.Error("the wait does not end")
	}
}

// TestCardPainDays: the last figure of each of the last days, today's last.
func TestCardPainDays(t *testing.T) {
	p := carded(t)
	for _, pain := range []string{"7", "6", "5", "4", "3"} {
		p.does(flows.Command{Name: "pain", Args: "9"})
		p.does(flows.Command{Name: "pain", Args: pain})
		p.waits(24*time.Hour, nil)
	}
	if !strings.Contains(p.cardReads(), "Pain: 6, 5, 4, 3\n") {
		t.Errorf("the card reads %s", p.cardReads())
	}
	if m := p.state().Measures[0]; m.Days[3].Value != 6 || m.Days[0].Value != 3 {
		t.Errorf("kept is %+v", m.Days)
	}
}
