package engine_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/engine"
	"spasmbot/flows/transcript"
)

// readFlow has two questions with the same buttons on the same spot, of which one
// counts only to whoever had the time to read; then ticks, and what can be copied.
const readFlow = `
flow: spasm
episode: true
commands: [spasm]
default_wait: {nudge: 1h, timeout: 90d, next: over}
steps:
  - {id: signs, ask: choice, choices: {any: {style: danger, next: over}, none: {after: 3s, style: primary}}}
  - {id: more, ask: choice, choices: {any: {next: over}, none: {after: 3s}}}
  - {id: numb, ask: ticks, choices: {legs: {}, saddle: {}, none: {after: 10s, style: success}}}
  - {id: told, ask: text, least: 0, most: 40}
  - id: call
    ask: choice
    copies: {copy_told: {text: told_text, style: primary}, copy_onset: {text: when_it_was}}
    choices: {over: {}}
    set: {onset: now}
    next: call
  - {id: over, end: over}
`

const readTexts = `
signs: {text: "Any?", any: "Yes", none: "None"}
more: {text: "More?", any: "Yes", none: "None"}
numb: {text: "Numb?", legs: Legs, saddle: Saddle, none: "Nothing"}
told: {text: "Tell.", invalid: "?"}
call: {text: "Call.", over: "Over", copy_told: "Copy it", told_text: "{told}", copy_onset: "Copy the time", when_it_was: "*Since* {onset} & on"}
`

func reader(t *testing.T) *person {
	t.Helper()
	p := sealed(t, readFlow, readTexts)
	p.does(flows.Command{Name: "spasm"})
	return p
}

// taps presses a button of the newest message that has some when it is this old.
func (p *person) taps(want string, age time.Duration) {
	p.t.Helper()
	p.Now = p.newest().Sent.Add(age)
	p.must(p.Tap(want))
}

// newest is the newest message that has buttons.
func (p *person) newest() transcript.Message {
	for _, m := range slices.Backward(p.Chat) {
		if len(m.Keyboard) > 0 {
			return m
		}
	}
	p.t.Fatal("no message has a button")
	return transcript.Message{}
}

func (p *person) at(step string) {
	p.t.Helper()
	if at := p.state().At.Step; at != step {
		p.t.Fatalf("the question is %s, want %s", at, step)
	}
}

// TestReadFirst: too soon is a toast, and a hint once a minute, and nothing else; what is to be read first is
// a message of its own, with its own date, and other buttons count at once.
func TestReadFirst(t *testing.T) {
	p := reader(t)
	for i := range 6 {
		before, told := p.state(), len(p.Timeline)
		p.taps("none", 2*time.Second)
		after := p.state()
		want := []flows.Effect{flows.Toast{Text: "Read first."}}
		if i == 0 {
			hint := flows.Message{Number: before.Messages + 1, Text: "Read first.", Class: flows.Reply, Silent: true}
			want = append(want, flows.Say{Message: hint})
			before.Messages, before.Newest, before.TurnedDown, before.Standing = hint.Number, hint.Number, p.Now, after.Standing
		}
		if !reflect.DeepEqual(p.Effects, want) {
			t.Fatalf("a press too soon brings %+v, want %+v", p.Effects, want)
		}
		if before.Heard = after.Heard; !reflect.DeepEqual(before, after) || len(p.Timeline) != told {
			t.Fatalf("a press too soon has changed\n%+v\nto\n%+v", before, after)
		}
	}
	p.taps("none", 3*time.Second)
	p.at("more")
	if len(p.Chat) != 3 || len(p.Chat[0].Keyboard) != 0 {
		t.Fatalf("the second question is under the finger that has answered the first: %v", p)
	}
	p.taps("none", 0)
	p.at("more")
	p.presses("none") // of no date
	p.taps("none", 9*time.Second)
	p.at("numb")
	p.taps("legs", 0)
	p.taps("-1", 5*time.Second)
	p.taps("none", 9*time.Second)
	p.at("numb")
	p.taps("legs", 9*time.Second)
	p.presses("done-1") // what was ticked was read
	p.at("told")

	for _, c := range []struct {
		what string
		ev   flows.Event
	}{
		{"a press of another button", nil},
		{"typed words", flows.Text{Text: "none"}},
	} {
		p := reader(t)
		if c.ev == nil {
			p.taps("any", 0)
		} else {
			p.does(c.ev)
		}
		if p.state().At.Step == "signs" {
			t.Errorf("%s waits for the reading time", c.what)
		}
	}
}

// TestReadAgain: a question that is repeated is as old as the message that is
// pressed.
func TestReadAgain(t *testing.T) {
	p := reader(t)
	first := p.Chat[0]
	p.waits(time.Hour, nil)
	p.taps("none", time.Second)
	p.at("signs")
	p.does(flows.Button{Data: first.Keyboard[1][0].Data, Message: first.ID, Sent: first.Sent})
	p.at("more")
}

// TestReadingOnlyDelays: whatever people do, a reading time makes nothing possible
// that is not without it: a press that counts comes to the same whether its date is
// known or not, and one that does not is as if it had not been.
func TestReadingOnlyDelays(t *testing.T) {
	p := reader(t)
	for range 3 {
		m := p.newest()
		for _, key := range slices.Concat(m.Keyboard...) {
			for _, age := range []time.Duration{0, 2 * time.Second, 3 * time.Second, time.Minute} {
				s, now := p.state(), m.Sent.Add(age)
				press := flows.Button{Data: key.Data, Message: m.ID}
				counted, all := engine.Step(p.Catalog, s, press, now)
				press.Sent = m.Sent
				got, some := engine.Step(p.Catalog, s, press, now)
				s.Heard, s.TurnedDown, s.Messages, s.Newest, s.Standing = now, got.TurnedDown, got.Messages, got.Newest, got.Standing // it may bring a hint
				late := reflect.DeepEqual(got, counted) && reflect.DeepEqual(some, all)
				early := reflect.DeepEqual(got, s) && len(some) == 2
				if late == early || early != (now.Sub(m.Sent) < p.Catalog.Step(s.At.Step).Choice(p.choice(key)).After) {
					t.Fatalf("%q after %v: as if read %t, as if never %t", key.Label, age, late, early)
				}
			}
		}
		p.presses("none")
	}
}

// TestKeysHaveStylesAndCopy: colours are those of the choices, what is copied is
// plain and filled in, and a button that would copy nothing is not there.
func TestKeysHaveStylesAndCopy(t *testing.T) {
	p := reader(t)
	styles := func() (list []flows.Style) {
		for _, key := range slices.Concat(p.Chat[len(p.Chat)-1].Keyboard...) {
			list = append(list, key.Style)
		}
		return list
	}
	if got := styles(); !slices.Equal(got, []flows.Style{flows.Danger, flows.Primary}) {
		t.Errorf("the buttons have the styles %q", got)
	}
	p.presses("none")
	p.presses("none")
	if got := styles(); !slices.Equal(got, []flows.Style{"", "", flows.Success}) {
		t.Errorf("the buttons of ticks have the styles %q", got)
	}
	p.presses("none")
	p.does(flows.Text{Text: "   "})
	p.shows("Copy the time/Over")
	p.presses("Over")
	keys := slices.Concat(p.Chat[len(p.Chat)-1].Keyboard...)
	if keys[0].Copy != "Since 12:00 & on" || keys[0].Data != "" || keys[1].Data == "" {
		t.Errorf("the buttons are %+v", keys)
	}

	p = reader(t)
	for range 3 {
		p.presses("none")
	}
	p.does(flows.Text{Text: "a *<b>"})
	p.shows("Copy it/Copy the time/Over")
	if key := p.Chat[len(p.Chat)-1].Keyboard[0][0]; key != (flows.Key{Label: "Copy it", Copy: "a *<b>", Style: flows.Primary}) {
		t.Errorf("the button is %+v", key)
	}
	before := p.state()
	p.presses("Copy it")
	if p.Copied != "a *<b>" || len(p.Effects) != 0 || !reflect.DeepEqual(before, p.state()) {
		t.Errorf("copied is %q, with effects %v", p.Copied, p.Effects)
	}
}

// choice is what a key answers with.
func (p *person) choice(key flows.Key) string {
	d, _ := button.Parse(key.Data)
	return d.Choice
}
