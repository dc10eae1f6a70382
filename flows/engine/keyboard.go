package engine

import (
	"cmp"
	"slices"
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
	"spasmbot/flows/markup"
)

// keyboard lays out the answers to the question in force, below what can be copied and
// above the button that leads back.
func keyboard(p *person, s *lang.Step) [][]flows.Key {
	buttons := s.Question.Buttons(p.view(s))
	rows := make([][]flows.Key, 0, len(s.Copies)+len(buttons))
	for _, c := range s.Copies {
		// A key that copies nothing would be refused, and the message with it.
		if copied := strings.TrimSpace(markup.Plain(texts{p: p}.of(s.ID, c.Text))); copied != "" {
			label := p.catalog.Text(p.s.Lang, s.ID, c.ID).Plain()
			rows = append(rows, []flows.Key{{Label: label, Copy: copied, Style: c.Style}})
		}
	}
	for _, row := range buttons {
		keys := make([]flows.Key, len(row))
		for i, b := range row {
			choice := s.Choice(b.Does.Choice)
			keys[i] = flows.Key{Label: b.Label, Data: b.Data, Style: choice.Style}
			if choice.Lasting != "" {
				keys[i].Data += button.Lasts
			}
		}
		rows = append(rows, keys)
	}
	if key, ok := backKey(p, s); ok {
		rows = append(rows, []flows.Key{key})
	}
	return rows
}

// The buttons of a reminder, and of a call: it is on; in a while; since the call. Did is
// that what a reminder asks for was done in another way. When
// stands on no button: it is "on", said so late that the person is asked since when.
// Wrong is what the skin looks at a look.
const (
	actDone  = flows.ChoiceDone
	actSkip  = flows.ChoiceSkip
	actWorse = "worse"
	actStop  = "stop"
	actOn    = flows.ChoiceOn
	actLater = flows.ChoiceLater
	actSince = flows.ChoiceSince
	actWhen  = "when"
	actWrong = flows.ChoiceWrong
	actDid   = flows.ChoiceDid
)

// buttons are those of a reminder, above "Worse" and "Stop". That a round is on which the
// person has begun, they have just said.
func (tk *tracks) buttons(tr *flows.Track, r flows.Reminder) [][]string {
	switch {
	case r.Phase == flows.PhaseLook && tk.mayLookWrong(tr, r.Phase):
		return [][]string{{actDone}, {actWrong}}
	case r.Phase == flows.PhaseTick:
		return tk.ofReminder(r)
	case r.Phase != flows.PhaseCall:
		return [][]string{{actDone, actSkip}}
	case !tr.Called:
		return [][]string{{actSkip}}
	case tk.mayPutOff(tr, r.Kind):
		return [][]string{{actOn}, {actLater, actSkip}}
	}
	return [][]string{{actOn, actSkip}}
}

// reminderKeyboard lays out buttons of a reminder, and the two that every one has.
func reminderKeyboard(x texts, kind string, buttons [][]string) [][]flows.Key {
	rows := make([][]flows.Key, 0, len(buttons)+1)
	for _, row := range append(buttons, []string{actWorse, actStop}) {
		keys := make([]flows.Key, len(row))
		for i, action := range row {
			keys[i] = flows.Key{Label: x.button(kind, action), Data: action}
		}
		rows = append(rows, keys)
	}
	return rows
}

// keyboard lays out the buttons of a reminder. That which ends a round that the person has
// begun may have words of its own: it is on already, and the skin may look wrong at once.
func (tk *tracks) keyboard(tr *flows.Track, r flows.Reminder) [][]flows.Key {
	keyboard := reminderKeyboard(tk.texts, r.Kind, tk.buttons(tr, r))
	if r.Phase == flows.PhaseCall && !tr.Called {
		label := tk.p.catalog.Text(tk.p.s.Lang, r.Kind, "begun_label").Plain()
		keyboard[0][0].Label = cmp.Or(label, keyboard[0][0].Label)
		if tk.mayLookWrong(tr, r.Phase) {
			look := tk.p.catalog.Track(tr.Name).Kind(flows.PhaseLook)
			keyboard = slices.Insert(keyboard, 1, []flows.Key{{Label: tk.texts.button(look, actWrong), Data: actWrong}})
		}
	}
	return keyboard
}

// whenKeyboard are the buttons of the question since when a round is on.
func whenKeyboard(x texts, kind string) [][]flows.Key {
	keyboard := reminderKeyboard(x, kind, [][]string{{actOn, actSince}})
	for i, key := range []string{"just_now", "since"} {
		keyboard[0][i].Label = x.p.catalog.Text(x.p.s.Lang, kind, key).Plain()
	}
	return keyboard
}
