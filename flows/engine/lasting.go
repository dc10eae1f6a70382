package engine

import (
	"spasmbot/flows"
	"spasmbot/flows/button"
)

// outlasts takes a press of a lasting choice whose question is over: whoever is in
// trouble presses what they see. It leads to the flow behind the choice, as "Worse"
// leads to its flow, and the question in force waits. It is false for a press that
// counts no more: outside of the episode in which the button was sent, and of a finger
// that taps again on what has just counted.
func (a *answers) outlasts(d button.Data, ev flows.Button) bool {
	s := a.p.s
	f := a.p.catalog.Lasting(d.Choice)
	if f == nil || a.tapped || !a.p.live() || d.Message <= s.Episode.Messages || d.Message > s.Messages {
		return false
	}
	s.Pressed = ev.Data
	a.out.record(flows.Entry{Kind: flows.EntryAnswer, Step: flows.OlderButton, Choice: d.Choice})
	a.messages.goes(d.Message)
	a.walk.enter(f)
	return true
}
