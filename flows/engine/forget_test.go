package engine_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"spasmbot/flows"
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
	p.presses("no")
	p.does(flows.Command{Name: "forget"})
	if s := p.state(); s.Var("minor_at").Kind != flows.InstantValue || s.At.Step != "" {
		t.Errorf("a minor is forgotten within a day: %+v", s)
	}
	p.does(flows.Command{Name: "spasm"})
	p.presses("adult")
	if p.state().Episode.Live() {
		t.Error("a minor is let in within a day")
	}
}
