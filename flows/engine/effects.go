package engine

import (
	"spasmbot/flows"
	"spasmbot/flows/button"
)

// effects collects what is to be done when the turn is over.
type effects struct {
	p    *person
	list []flows.Effect
	// before is the number of the last message of earlier turns.
	before uint64
	// undoes is what the next entry says that it undoes.
	undoes uint64
}

func (e *effects) add(effect flows.Effect) { e.list = append(e.list, effect) }

// record writes on the timeline of the live episode, or of the last one.
func (e *effects) record(entry flows.Entry) {
	s := e.p.s
	if s.Episode.Number == 0 {
		return // a stranger has no timeline
	}
	s.Entries++
	entry.Seq, entry.Episode, entry.At = s.Entries, s.Episode.Number, e.p.now
	entry.Undoes, e.undoes = e.undoes, 0
	e.add(flows.Record{Entry: entry})
}

// withdraw takes back messages of earlier turns that have not arrived.
func (e *effects) withdraw(w flows.Withdraw) {
	if w.To = min(w.To, e.before); w.From != 0 && w.From <= w.To {
		e.add(w)
	}
}

// farewell is what is left to do of a person who is forgotten: to say what was to be
// said. Buttons would lead nowhere, but for the one that calls for help.
func (e *effects) farewell() []flows.Effect {
	list := []flows.Effect{flows.Forget{}}
	for _, effect := range e.list {
		switch effect := effect.(type) {
		case flows.Say:
			m := effect.Message
			m.Fleeting, m.Keyboard, m.Reminder, m.Undoes = true, forAnybody(m.Keyboard), 0, 0
			list = append(list, flows.Say{Message: m})
		case flows.Toast:
			list = append(list, effect)
		}
	}
	return list
}

// forAnybody are those rows of a keyboard that lead somewhere whoever presses them.
func forAnybody(keyboard [][]flows.Key) (rows [][]flows.Key) {
	for _, row := range keyboard {
		if d, ok := button.Parse(row[0].Data); ok && callsForHelp(d) {
			rows = append(rows, row)
		}
	}
	return rows
}

// settle ends a timer that sends nothing.
func (e *effects) settle(id uint64, state flows.ReminderState) {
	e.add(flows.Settle{ID: id, State: state})
}
