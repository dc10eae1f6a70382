package engine

import (
	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// keyboard lays out the answers to a question.
func keyboard(p *person, s *lang.Step) [][]flows.Key {
	buttons := s.Question.Buttons(p.view(s))
	rows := make([][]flows.Key, 0, len(buttons))
	for _, row := range buttons {
		keys := make([]flows.Key, len(row))
		for i, b := range row {
			keys[i] = flows.Key{Label: b.Label, Data: b.Data}
		}
		rows = append(rows, keys)
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
