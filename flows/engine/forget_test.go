package engine_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// wantForgotten demands that the last event has left a person never seen before, and that
// whatever is still said leaves nothing behind.
func (p *person) wantForgotten() {
	p.t.Helper()
	// The numbers of messages go on, as the bot sees to it for those who come back.
	if s := p.state(); !reflect.DeepEqual(s, flows.State{User: s.User, Messages: s.Messages}) {
		p.t.Errorf("what is left is %+v", s)
	}
	if len(p.Timers) != 0 || len(p.Effects) == 0 || p.Effects[0] != flows.Effect(flows.Forget{}) {
		p.t.Fatalf("timers %v, effects %v", p.Timers, p.Effects)
	}
	for _, e := range p.Effects[1:] {
		switch e := e.(type) {
		case flows.Say:
			if m := e.Message; !m.Fleeting || m.Keyboard != nil || m.Reminder != 0 || m.Undoes != 0 {
				p.t.Errorf("it is said with traces: %+v", m)
			}
		case flows.Toast:
		default:
			p.t.Errorf("beside forgetting there is %#v", e)
		}
	}
}

// wantSilence demands that the last event has said nothing; what stood in the chat may go.
func (p *person) wantSilence() {
	p.t.Helper()
	for _, e := range p.Effects {
		if say, ok := e.(flows.Say); ok && !say.Message.Delete {
			p.t.Errorf("it is told: %+v", say.Message)
		}
	}
}

// TestForget: whoever wants it is forgotten, also with a pack on, which is told off, and
// is somebody new then. Whoever thinks better of it goes on.
func TestForget(t *testing.T) {
	p, _, _ := inRound(t)
	p.does(flows.Command{Name: "forget"})
	p.presses("no")
	on := func(tr flows.Track) bool { return !tr.On.IsZero() }
	if s := p.state(); !s.Episode.Live() || !slices.ContainsFunc(s.Tracks, on) {
		t.Errorf("thinking better of it has ended something: %+v", s)
	}
	p.does(flows.Command{Name: "forget"})
	if noted := fmt.Sprintf("%d answers and events, in 1 spasm", len(p.Timeline)); !strings.Contains(p.last(), noted) {
		t.Errorf("it asks %q, want %q in it", p.last(), noted)
	}
	p.presses("yes")
	p.wantForgotten()
	if m := p.message(offWords); m.Class != flows.TakeOff {
		t.Errorf("the pack is told off by %+v", m)
	}
	p.message("Done. I keep nothing")
	p.does(flows.Command{Name: "spasm"})
	if s := p.state(); s.Episode.Number != 1 || s.Entries != 1 || !strings.Contains(p.message("<b>Stop").Text, "not a doctor") {
		t.Errorf("whoever comes back is known: %+v", s)
	}
}

// TestRefusal: whoever does not want anything kept is forgotten, but whoever has said that
// they are under 18 is taken at their word for a day, by every way.
func TestRefusal(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.does(flows.Command{Name: "spasm"})
	p.presses("no")
	p.wantForgotten()

	p.does(flows.Command{Name: "spasm"})
	p.presses("minor")
	p.does(flows.Command{Name: "spasm"})
	p.does(flows.Command{Name: "forget"})
	if s := p.state(); s.Var("minor_at").Kind != flows.InstantValue || s.At.Step != "" {
		t.Errorf("a minor is forgotten within a day: %+v", s)
	}
	p.does(flows.Command{Name: "spasm"})
	if p.state().Episode.Live() {
		t.Error("a minor is let in, or asked again, within a day")
	}
}

// TestStrangers: whatever somebody who has not agreed does leaves nothing behind as soon as
// nothing waits for them, also what is told in danger. The button that calls for help
// works all the same; whoever has agreed is kept.
func TestStrangers(t *testing.T) {
	for what, does := range map[string]func(p *person){
		"words":      func(p *person) { p.does(flows.Text{Text: "well"}) },
		"an edit":    func(p *person) { p.does(flows.Edit{To: flows.Text{Text: "well", Message: 9}}) },
		"a photo":    func(p *person) { p.does(flows.Unsupported{What: "photo"}) },
		"a command":  func(p *person) { p.does(flows.Command{Name: "help"}) },
		"danger":     func(p *person) { p.does(flows.Text{Text: "I want to die"}); p.presses("none") },
		"silence":    func(p *person) { p.does(flows.Command{Name: "spasm"}); p.waits(30*time.Hour, func() {}) },
		"a block":    func(p *person) { p.does(flows.Command{Name: "spasm"}); p.does(flows.Blocked{}) },
		"a return":   func(p *person) { p.does(flows.Blocked{}); p.does(flows.Unblocked{}) },
		"an old key": func(p *person) { p.does(flows.Button{Data: "s1.2.none", Message: 3}) },
	} {
		t.Run(what, func(t *testing.T) {
			p := newPerson(t, shipped(t))
			does(p)
			if s := p.state(); !reflect.DeepEqual(s, flows.State{User: s.User, Messages: s.Messages}) || len(p.Timers) != 0 {
				t.Errorf("what is left is %+v", s)
			}
		})
	}
	p := newPerson(t, shipped(t))
	p.does(flows.Text{Text: "well"})
	s := p.state()
	s.Seal = 77 // somebody new, whom the button knows nothing of
	p.store(s)
	p.presses("help_now")
	p.at("sos_which")

	p = newPerson(t, shipped(t))
	p.does(flows.Command{Name: "spasm"})
	p.presses("adult")
	p.does(flows.Command{Name: "stop"})
	p.sleeps(time.Hour)
	if s := p.state(); s.Episode.Live() || s.Episode.Number != 1 {
		t.Errorf("whoever has agreed is not kept: %+v", s)
	}
}

// TestLapse: of whoever is under 18 nothing is left a day after they last said so,
// whatever they do in between: ask again, stop it, block the bot. Nobody is told.
func TestLapse(t *testing.T) {
	for what, does := range map[string]func(p *person){
		"nothing":        func(*person) {},
		"asks again":     func(p *person) { p.does(flows.Command{Name: "spasm"}) },
		"stops":          func(p *person) { p.does(flows.Command{Name: "spasm"}); p.does(flows.Command{Name: "stop"}) },
		"blocks the bot": func(p *person) { p.does(flows.Blocked{}) },
		"comes back":     func(p *person) { p.does(flows.Blocked{}); p.sleeps(time.Minute); p.does(flows.Unblocked{}) },
		"breathes":       func(p *person) { p.does(flows.Command{Name: "breathe"}); p.presses("m2") },
		"a lost clock":   func(p *person) { p.does(flows.SetBack{By: time.Hour}) },
	} {
		t.Run(what, func(t *testing.T) {
			p := newPerson(t, shipped(t))
			p.does(flows.Command{Name: "start"})
			p.presses("minor")
			since := p.Now
			kept := func() bool { s := p.state(); return s.Var("minor_at").Kind == flows.InstantValue }
			p.sleeps(23 * time.Hour)
			does(p)
			if !kept() {
				t.Fatal("it is forgotten before the day is over")
			}
			p.sleeps(since.Add(24*time.Hour - time.Second).Sub(p.Now))
			if !kept() {
				t.Fatal("it is forgotten before the day is over")
			}
			p.sleeps(time.Second)
			p.wantForgotten()
			p.wantSilence()
		})
	}
}

// TestLapseLate: a press in the moment at which the timer is due is answered, and the
// timer still comes; so does one for whom an absence of the bot was longer.
func TestLapseLate(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.does(flows.Command{Name: "start"})
	p.presses("minor")
	p.Now = p.Now.Add(30 * time.Hour)
	p.does(flows.Command{Name: "spasm"})
	p.at("first_agree")
	i := slices.IndexFunc(p.state().Pending, func(r flows.Reminder) bool { return r.Kind == flows.KindLapse })
	if i < 0 {
		t.Fatal("no timer comes any more")
	}
	p.does(flows.Resume{IDs: []uint64{p.state().Pending[i].ID}, Back: p.Now})
	p.wantForgotten()
	p.wantSilence()
}

// TestLapseEdited: flows that keep it for good cancel the timer, and those that keep it
// for another while move it.
func TestLapseEdited(t *testing.T) {
	flow := func(after string) *lang.Catalog {
		return tiny(t, "flow: spasm\nepisode: true\ncommands: [spasm]\nremember: [told_at]\n"+after+`
default_wait: {timeout: 9h, next: over}
steps:
  - {id: told, set: {told_at: now}, go: hub}
  - {id: hub, ask: choice, choices: {end: {next: over}}, next: hub}
  - {id: over, end: over}
`, "hub: {text: \"Here.\", end: End}")
	}
	p := newPerson(t, flow("forget_after: {told_at: 2d}"))
	p.does(flows.Command{Name: "spasm"})
	begun := p.Now
	lapse := func() (at []time.Duration) {
		for _, r := range p.state().Pending {
			if r.Kind == flows.KindLapse {
				at = append(at, r.Due.Sub(begun))
			}
		}
		return at
	}
	for _, edit := range []struct {
		after string
		want  []time.Duration
	}{
		{"forget_after: {told_at: 2d}", []time.Duration{48 * time.Hour}},
		{"forget_after: {told_at: 3h}", []time.Duration{3 * time.Hour}},
		{"", nil},
		{"forget_after: {told_at: 1d}", []time.Duration{24 * time.Hour}},
	} {
		p.Catalog = flow(edit.after)
		p.sleeps(time.Minute)
		p.does(flows.Text{Text: "Well?"})
		if got := lapse(); !slices.Equal(got, edit.want) {
			t.Errorf("with %q it comes after %v, want %v", edit.after, got, edit.want)
		}
	}
	p.Catalog = flow("") // and nothing is heard since
	p.sleeps(25 * time.Hour)
	if s := p.state(); s.Var("told_at").Kind != flows.InstantValue {
		t.Errorf("a timer of other flows has forgotten the person: %+v", s)
	}
}
