package engine

import (
	"cmp"
	"slices"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
	"spasmbot/flows/typed"
)

// anyReminder is the kind of a reminder of which nobody knows which it is.
const anyReminder = "reminder"

// pressReminder takes a press of a reminder's button. "Worse" and "Stop" work
// on every reminder of a live episode, however old: whoever is in trouble
// presses what they see.
func (a *answers) pressReminder(d button.Data, ev flows.Button) {
	s := a.p.s
	i := slices.IndexFunc(s.Open, func(o flows.Open) bool { return o.Message == d.Message && !ev.Stray })
	urgent := d.Choice == actWorse || d.Choice == actStop
	if !a.p.live() || i < 0 && !(urgent && d.Message <= s.Messages) || !urgent && (i < 0 || !a.tracks.takes(s.Open[i], d.Choice)) {
		a.stale()
		return
	}
	s.Pressed = ev.Data
	open := flows.Open{Kind: anyReminder} // too old to know which
	if i >= 0 {
		open = s.Open[i]
		s.Open = slices.Delete(s.Open, i, i+1)
	}
	if tr := a.p.track(open.Track); tr != nil && !urgent && over(open, tr) && !counts(open, d.Choice) {
		a.out.record(flows.Entry{Kind: flows.EntryStale})
		if !a.screen.stays(d.Message) {
			a.messages.strip()
		}
		a.turnDown("round_over")
		return
	}
	joined := !urgent && a.screen.stays(d.Message)
	choice := a.tracks.meant(open, d.Choice)
	a.out.record(flows.Entry{Kind: flows.EntryAnswer, Step: open.Kind, Choice: choice})
	if urgent {
		a.urgent(choice)
		return
	}
	a.acknowledge(open, choice, joined)
}

// counts reports whether a press counts though the round is over: that it was not begun
// does, and at any time that the skin looks wrong.
func counts(o flows.Open, action string) bool {
	return action == actWrong || action == actSkip && o.Phase != flows.PhaseLook
}

// typedUrgent takes words that stand on "Worse" or "Stop", as a press of one of these
// below some reminder. It is false for other words, and outside of an episode.
func (a *answers) typedUrgent(words string) bool {
	for _, action := range []string{actWorse, actStop} {
		label := a.p.catalog.Text(a.p.s.Lang, "buttons", action).Plain()
		if a.p.live() && typed.Same(label, words) {
			a.typed.other = true
			a.out.record(flows.Entry{Kind: flows.EntryAnswer, Step: anyReminder, Choice: action})
			a.urgent(action)
			return true
		}
	}
	return false
}

// urgent runs the flow of the episode behind "Worse" and "Stop".
func (a *answers) urgent(action string) {
	a.messages.strip()
	episode := a.p.catalog.Flow(a.p.s.Episode.Flow)
	if episode == nil {
		a.walk.episode.end("stopped")
		return
	}
	flow := a.p.catalog.Flow(episode.Stop)
	if action == actWorse {
		flow = a.p.catalog.Flow(episode.Worse)
	}
	if flow == nil {
		a.walk.episode.end("stopped")
		return
	}
	a.walk.enter(flow)
}

// acknowledge notes what the person says to a reminder. Joined says that the question in
// force stands on its message as well.
func (a *answers) acknowledge(o flows.Open, choice string, joined bool) {
	tr, spec := a.p.track(o.Track), a.p.catalog.Track(o.Track)
	if tr == nil {
		a.messages.strip()
		return
	}
	if choice == actWhen {
		a.tracks.putOn(tr, false)
		a.askWhen(tr, o)
		return
	}
	line := a.tracks.confirmed(o, choice)
	text := cmp.Or(line, a.tracks.answered(tr, o, choice))
	switch {
	case text == "" || a.messages.pressed == 0 && !joined:
		a.said(o)
	case line != "":
		a.messages.say(flows.Message{Text: line}, button.Reminder)
	default:
		a.messages.say(flows.Message{Text: text}, button.Reminder)
		a.messages.stands(flows.Standing{Of: o.Track})
	}
	if run := runs(spec, choice); run != "" {
		a.walk.enter(a.p.catalog.Flow(run))
	}
}

// said takes away a reminder that was answered, and has nothing more to say. What tells of a
// round stays without its buttons as long as that goes on.
func (a *answers) said(o flows.Open) {
	if o.Phase == flows.PhaseTick {
		a.messages.goes(o.Message)
		return
	}
	a.messages.strip()
}

// runs is the flow behind a button of a reminder, "" for none; a nil spec is one that is
// gone.
func runs(spec *lang.TrackSpec, choice string) string {
	switch {
	case spec != nil && choice == actDone:
		return spec.Done
	case spec != nil && choice == actWrong:
		return spec.Wrong
	}
	return ""
}

// askWhen asks since when a round is on, in the place of its call. Until somebody
// answers it is on since the call.
func (a *answers) askWhen(tr *flows.Track, o flows.Open) {
	a.messages.say(flows.Message{
		Text: a.texts.about(tr, o.Kind, "when"), Keyboard: whenKeyboard(a.texts, o.Kind),
		Subject: o.Kind, Expires: tr.Ends,
	}, button.Reminder)
	a.messages.stands(flows.Standing{Of: o.Track, Phase: flows.PhaseWhen})
	o.Phase, o.At, o.Message = flows.PhaseWhen, tr.On, a.p.s.Messages
	a.p.s.Open = append(a.p.s.Open, o)
}
