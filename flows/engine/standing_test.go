package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
	"spasmbot/flows/transcript"
)

// tidied has a question of every sort, a flow that says something, a reminder and a
// round of which one line is left.
func tidied(t *testing.T) *lang.Catalog {
	t.Helper()
	return tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: first, ask: choice, choices: {go_on: {}}, wait: {nudge: 10m, timeout: 1h, next: seat}}
  - {id: seat, ask: choice, picture: seat, choices: {go_on: {}}, wait: {timeout: 1h, next: kept}}
  - {id: kept, ask: choice, keep: true, choices: {go_on: {}}, wait: {timeout: 1h, next: typed}}
  - {id: typed, ask: number, least: 0, most: 9, wait: {timeout: 1h, next: go_drink}}
  - {id: go_drink, start: drink}
  - {id: go_pack, begin: pack}
  - {id: hub, ask: choice, choices: {more: {next: told}, off: {next: off}, pack: {next: go_pack}, over: {next: over}}, wait: {timeout: 90d, next: over}}
  - {id: told, next: hub}
  - {id: off, stop: drink, next: hub}
  - {id: over, end: over}
rounds:
  pack: {hold: 20m, check: 10m, gap: 3h, most_hold: 20m, least_gap: 1h}
reminders:
  drink: {every: 1h, first: 1h, done: drinks}
`, `
first: {text: "First?", go_on: Go on}
seat: {text: "Seat?", go_on: Go on}
kept: {text: "Kept?", go_on: Go on}
typed: {text: "How many?", invalid: "No."}
hub: {text: "Hub.", more: More, off: Off, pack: Pack, over: Over}
told: {text: "Told."}
drunk: {text: "Drunk."}
drink: {text: "Drink.", done_label: Sip, skip: "Not now."}
pack-on: {text: "On till {off}", done: "It is on."}
pack-check: {text: "Look.", done: "Looked."}
pack-off: {text: "Take it off.", unsure: "Is it on?", cut: "Off with it.", done: "It is off.", skip: "It was not.", line: "Pack {called} to {off}"}
`, map[string]string{
		"drinks.yaml":    "flow: drinks\nsteps: [{id: drunk}]",
		"media/seat.png": "x",
	})
}

// stands are the messages of the chat that are there, each with how many buttons it has.
func (p *person) stands() string {
	var list []string
	for _, m := range p.Chat {
		if !m.Gone {
			list = append(list, transcript.Readable(m.Text)+strings.Repeat("*", len(slices.Concat(m.Keyboard...))))
		}
	}
	return strings.Join(list, "|")
}

func (p *person) standing(want string) {
	p.t.Helper()
	if got := p.stands(); got != want {
		p.t.Errorf("in the chat stands\n%q, want\n%q", got, want)
	}
}

// TestChatOfQuestions: a question that is repeated, answered, timed out or left has one
// message at the most, and none when it is over, unless it is to be read again.
func TestChatOfQuestions(t *testing.T) {
	p := newPerson(t, tidied(t))
	p.does(flows.Command{Name: "spasm"})
	p.waits(11*time.Minute, nil)
	p.standing("n\n\nFirst?*")
	p.presses("Go on")
	p.standing("Seat?*")
	p.presses("Go on")
	p.standing("Kept?*")
	p.does(flows.Command{Name: "spasm"})
	p.waits(time.Hour, nil)
	p.standing("Kept?|Seat?*")
	p.waits(time.Hour, nil)
	p.standing("Kept?|Kept?*")
	p.waits(time.Hour, nil)
	p.standing("Kept?|Kept?|How many?")
	p.does(flows.Text{Text: "ten", Message: 1})
	p.standing("Kept?|Kept?|No.\n\nHow many?")
	p.does(flows.Text{Text: "7", Message: 2})
	p.waits(0, nil)
	p.standing("Kept?|Kept?|Hub.****|On till 15:31***")
	p.does(flows.Command{Name: "spasm"})
	if stands := p.stands(); strings.Contains(stands, "Hub.") || strings.Contains(stands, "On till") || !strings.Contains(stands, "Off with it.") {
		t.Errorf("behind the end stands %q", stands)
	}
}

// atHub is a person at the question where nothing more is asked, with the reminders on,
// and a pack until 12:20.
func atHub(t *testing.T) *person {
	t.Helper()
	p := newPerson(t, tidied(t))
	p.does(flows.Command{Name: "spasm"})
	p.presses("Go on")
	p.presses("Go on")
	p.presses("Go on")
	p.does(flows.Text{Text: "7", Message: 2})
	p.waits(0, nil)
	p.standing("Kept?|Hub.****|On till 12:20***")
	return p
}

// TestChatOfTexts: what a step says stands once, where it was said last.
func TestChatOfTexts(t *testing.T) {
	p := atHub(t)
	p.presses("More")
	p.standing("Kept?|On till 12:20***|Told.|Hub.****")
	p.presses("More")
	p.standing("Kept?|On till 12:20***|Told.|Hub.****")
}

// TestChatOfReminders: of a reminder the newest stands, without an answer to it no longer
// than the reminder goes on; one that leads to a flow goes when it is answered.
func TestChatOfReminders(t *testing.T) {
	p := atHub(t)
	p.waits(time.Hour, nil)
	const off = "Kept?|Take it off.****|"
	p.standing("Kept?|Hub.****|Take it off.****|Drink.****")
	p.waits(time.Hour, nil)
	p.standing("Kept?|Hub.****|Take it off.****|Drink.****")
	p.does(p.held("Skip")) // of the newest message
	p.standing("Kept?|Hub.****|Take it off.****|Not now.")
	p.waits(time.Hour, nil)
	p.standing("Kept?|Hub.****|Take it off.****|Drink.****")
	p.presses("Sip")
	p.standing(off + "Drunk.|Hub.****")
	p.waits(30*time.Minute, nil)
	p.waits(30*time.Minute, nil)
	p.presses("Off")
	if stands := p.stands(); strings.Contains(stands, "Drink.") {
		t.Errorf("behind the end of the reminder stands %q", stands)
	}
}

// TestChatOfRounds: a round that the person says to be off is one line, with the time in
// which it was on. A take-off that nobody has answered is left, and loses its buttons
// when the next round is called.
func TestChatOfRounds(t *testing.T) {
	p := atHub(t)
	p.waits(10*time.Minute, nil)
	p.does(p.held("Done")) // the look
	p.standing("Kept?|Hub.****|On till 12:20***|Looked.")
	p.waits(10*time.Minute, nil)
	p.standing("Kept?|Hub.****|Take it off.****")
	p.does(p.held("Done"))
	p.standing("Kept?|Hub.****|Pack 12:00 to 12:20")

	p.waits(3*time.Hour, nil) // called at 15:20
	if got := p.stands(); !strings.Contains(got, "On till 15:40*****") && !strings.Contains(got, "On till 15:40****") {
		t.Fatalf("no call in %q", got)
	}
	p.waits(20*time.Minute, nil)
	p.waits(200*time.Minute, nil) // nobody answers, and the next is called
	got := p.stands()
	if !strings.Contains(got, "|Is it on?|") || strings.Contains(got, "On till 15:40") || !strings.Contains(got, "Pack 12:00 to 12:20") {
		t.Errorf("an unanswered round has left %q", got)
	}
	p.waits(20*time.Minute, nil)
	for _, m := range p.Chat {
		if m.Text == "Is it on?" && len(m.Keyboard) > 0 {
			p.does(flows.Button{Data: m.Keyboard[0][1].Data, Message: m.ID}) // it was not
		}
	}
	if got := p.stands(); strings.Count(got, "Is it on?") != 1 || !strings.Contains(got, "It was not.") || strings.Count(got, "Pack ") != 1 {
		t.Errorf("behind a round that was none stands %q", got)
	}
}

// TestChatOfOldMessages: what is too old to be deleted loses its buttons, by a clock that
// was put back as well.
func TestChatOfOldMessages(t *testing.T) {
	for name, back := range map[string]time.Duration{"": 0, "put back": 3 * time.Hour} {
		p := newPerson(t, tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: hub, ask: choice, choices: {more: {}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
`, `hub: {text: "Hub.", more: More}`, nil))
		p.does(flows.Command{Name: "spasm"})
		p.waits(46*time.Hour, nil)
		p.does(flows.Command{Name: "spasm"})
		p.standing("Hub.*")
		p.waits(46*time.Hour, nil)
		if back > 0 {
			p.must(p.SetBack(back))
		}
		p.waits(90*time.Minute, nil)
		p.does(flows.Command{Name: "spasm"})
		if p.standing("Hub.|Hub.*"); t.Failed() {
			t.Fatal(name)
		}
	}
}

// TestChatBehindAnAbsence: what came and went while nobody was told is not there to be
// deleted.
func TestChatBehindAnAbsence(t *testing.T) {
	p := newPerson(t, tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: go_drink, start: drink}
  - {id: go_quiet, start: quiet}
  - {id: hub, ask: choice, choices: {more: {}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
reminders:
  drink: {every: 1h, first: 1h, late: deliver, grace: 3h}
  quiet: {once: 61m, late: deliver, grace: 3h, run: quiets}
`, `
hub: {text: "Hub.", more: More}
drink: {text: "Drink."}
hush: {text: "Hush."}
`, map[string]string{"quiets.yaml": "flow: quiets\nsteps: [{id: hush, stop: all}]"}))
	p.does(flows.Command{Name: "spasm"})
	p.sleeps(62 * time.Minute)
	p.standing("Drink.\n\nHush.\n\nHub.*****")
}

// TestChatOfLooks: a look that can be answered by that the skin looks wrong stays until
// the round is said to be off; what has not been answered when the episode ends has no
// buttons any more.
func TestChatOfLooks(t *testing.T) {
	wrong := strings.NewReplacer("least_gap: 1h}", "least_gap: 1h, wrong: drinks}")
	round := `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: go_pack, begin: pack}
  - {id: hub, ask: choice, choices: {over: {next: over}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
rounds:
  pack: {hold: 20m, check: 10m, gap: 3h, most_hold: 20m, least_gap: 1h}
`
	c := tinyWith(t, wrong.Replace(round), `
hub: {text: "Hub.", over: Over}
drunk: {text: "Drunk."}
pack-on: {text: "On."}
pack-check: {text: "Look.", wrong_label: Wrong}
pack-off: {text: "Take it off.", line: "Pack"}
`, map[string]string{"drinks.yaml": "flow: drinks\nsteps: [{id: drunk}]"})
	rounds := func() *person {
		p := newPerson(t, c)
		p.does(flows.Command{Name: "spasm"})
		p.waits(20*time.Minute, nil)
		p.standing("Hub.*|Look.****|Take it off.****")
		return p
	}
	p := rounds()
	p.does(p.held("Done"))
	p.standing("Hub.*|Pack")
	p = rounds()
	p.presses("Over")
	p.standing("Take it off.")
}

// TestChatOfHints: a hint goes when another comes, and when something is answered or
// asked.
func TestChatOfHints(t *testing.T) {
	p := newPerson(t, hinted(t))
	p.does(flows.Command{Name: "spasm"})
	hub := p.stands()
	p.does(flows.Text{Text: "what", Message: 1})
	first := p.stands()
	if first == hub {
		t.Fatal("there is no hint")
	}
	p.Now = p.Now.Add(2 * time.Minute)
	p.does(flows.Text{Text: "what", Message: 2})
	if got := p.stands(); got != first {
		t.Errorf("two hints stand: %q", got)
	}
	p.presses("more")
	if got := p.stands(); strings.Count(got, "|") != 0 {
		t.Errorf("behind an answer stands %q", got)
	}
}

// TestTidyingWaits: what tidies comes behind all that the turn says, is of the lowest
// class and has an hour's time; nothing is said twice about one message.
func TestTidyingWaits(t *testing.T) {
	p := atHub(t)
	p.waits(11*time.Minute, nil)
	_, effects := engine.Step(p.Catalog, p.state(), flows.Command{Name: "spasm"}, p.Now)
	tidies, told := make(map[uint64]bool), false
	for _, e := range effects {
		say, ok := e.(flows.Say)
		switch m := say.Message; {
		case !ok:
		case m.Class != flows.Tidy:
			told = len(tidies) > 0
		case tidies[m.Of] || m.Of == 0 || !m.Expires.Equal(p.Now.Add(time.Hour)):
			t.Errorf("tidied by %+v", m)
		default:
			tidies[m.Of] = true
		}
	}
	if len(tidies) < 2 || told {
		t.Errorf("%d messages are tidied; before something is said: %v", len(tidies), told)
	}
}
