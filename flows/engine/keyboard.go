package engine

import (
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
		if copied := strings.TrimSpace(markup.Plain(texts{p}.of(s.ID, c.Text))); copied != "" {
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

// The buttons of a reminder.
const (
	actDone  = "done"
	actSkip  = "skip"
	actWorse = "worse"
	actStop  = "stop"
)

// reminderKeyboard lays out the four buttons that every reminder has.
func reminderKeyboard(p *person, kind string) [][]flows.Key {
	key := func(action string) flows.Key {
		label := p.catalog.Text(p.s.Lang, kind, action+"_label")
		if label.Source == "" {
			label = p.catalog.Text(p.s.Lang, "buttons", action)
		}
		return flows.Key{Label: label.Plain(), Data: action}
	}
	return [][]flows.Key{{key(actDone), key(actSkip)}, {key(actWorse), key(actStop)}}
}
