package engine

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/markup"
)

// screen is the track of the timers that belong to the question in force.
const screen = "screen"

// The buttons of a reminder.
const (
	actDone  = "done"
	actSkip  = "skip"
	actWorse = "worse"
	actStop  = "stop"
)

// say sends one message. The first of a turn takes the place of the question
// that was answered, if its message can be edited.
func (t *turn) say(text string, keyboard [][]flows.Key) {
	t.s.Messages++
	m := flows.Message{Number: t.s.Messages, Text: text, Keyboard: keyboard, Class: t.class}
	if t.pressed != 0 {
		m.Edit, t.pressed = t.pressed, 0
	}
	m.Reminder, t.reminder = t.reminder, 0
	t.emit(flows.Say{Message: m})
}

// tell sends the text of a step, with its picture if it has one.
func (t *turn) tell(s *lang.Step, text string, keyboard [][]flows.Key) {
	if s.Picture+s.Animation == "" {
		t.say(text, keyboard)
		return
	}
	t.strip() // a text cannot be turned into a picture
	t.say(text, keyboard)
	t.amend(func(m *flows.Message) { m.Picture, m.Animation = s.Picture, s.Animation })
}

// amend changes the newest message of this turn.
func (t *turn) amend(change func(*flows.Message)) {
	for i, e := range slices.Backward(t.effects) {
		if say, ok := e.(flows.Say); ok {
			change(&say.Message)
			t.effects[i] = say
			return
		}
	}
}

// strip takes the buttons off the pressed message and leaves it in the chat.
func (t *turn) strip() {
	if t.pressed == 0 {
		return
	}
	t.s.Messages++
	t.emit(flows.Say{Message: flows.Message{Number: t.s.Messages, Edit: t.pressed, Class: t.class}})
	t.pressed = 0
}

// ask shows question i and waits. lead is a line to stand above it.
func (t *turn) ask(f *lang.Flow, i int, lead string) {
	s := &f.Steps[i]
	t.leave()
	t.s.At = t.placeOf(f, i)
	t.show(s, lead)
	t.arm(f, s.Wait, false)
}

// show sends the question in force under its present revision.
func (t *turn) show(s *lang.Step, lead string) {
	text := t.text(s.ID, "text")
	if lead != "" {
		text = lead + "\n\n" + text
	}
	t.tell(s, text, t.keyboard(s))
	t.s.Shown = t.s.Messages
}

// keyboard lays out the answers to a question.
func (t *turn) keyboard(s *lang.Step) [][]flows.Key {
	var rows [][]flows.Key
	for _, row := range s.Question.Buttons(t.catalog.View(&t.s, s)) {
		keys := make([]flows.Key, len(row))
		for i, b := range row {
			keys[i] = t.key(b.Label, b.Data)
		}
		rows = append(rows, keys)
	}
	return rows
}

// key makes a key of the screen in force. Its data holds the revision of the
// screen, so that a press of an older one is known for what it is.
func (t *turn) key(label, choice string) flows.Key {
	return flows.Key{Label: label, Data: "s" + strconv.FormatUint(t.s.Rev, 36) + "." + choice}
}

// reminderKeyboard lays out the four buttons that every reminder has.
func (t *turn) reminderKeyboard(id uint64, kind string) [][]flows.Key {
	key := func(action string) flows.Key {
		label := t.catalog.Text(t.s.Lang, kind, action+"_label")
		if label.Source == "" {
			label = t.catalog.Text(t.s.Lang, "buttons", action)
		}
		return flows.Key{Label: label.Plain(), Data: "r" + strconv.FormatUint(id, 36) + "." + action}
	}
	return [][]flows.Key{{key(actDone), key(actSkip)}, {key(actWorse), key(actStop)}}
}

// button takes a press. The data comes from outside and is believed only as
// far as it fits the state.
func (t *turn) button(ev flows.Button) {
	head, choice, _ := strings.Cut(ev.Data, ".")
	if len(head) < 2 {
		t.stale()
		return
	}
	n, err := strconv.ParseUint(head[1:], 36, 64)
	switch {
	case err != nil || strconv.FormatUint(n, 36) != head[1:]: // not as we spell it
		t.stale()
	case head[0] == 's' && n == t.s.Rev:
		t.pressScreen(choice)
	case head[0] == 'r':
		t.pressReminder(n, choice)
	default:
		t.stale()
	}
}

func (t *turn) stale() {
	t.record(flows.Entry{Kind: flows.EntryStale})
	if t.live() {
		t.toast("stale")
	} else {
		t.toast("over")
	}
}

// toast answers a press with a system text, or with the one for old buttons if
// the catalog has no such text.
func (t *turn) toast(key string) {
	text := t.catalog.Text(t.s.Lang, "system", key).Plain()
	if text == "" {
		text = t.catalog.Text(t.s.Lang, "system", "stale").Plain()
	}
	t.emit(flows.Toast{Text: text})
}

func (t *turn) pressScreen(choice string) {
	f, i := t.place(t.s.At)
	if f == nil || f.Steps[i].Action != lang.ActAsk {
		t.stale()
		return
	}
	s := &f.Steps[i]
	if t.edited(s) {
		t.record(flows.Entry{Kind: flows.EntryStale})
		t.ask(f, i, t.text("system", "updated"))
		return
	}
	switch got := ask.Press(s.Question, t.catalog.View(&t.s, s), choice); got.Verdict {
	case ask.Answered:
		t.answered(f, i, got.Choice, got.Value)
	case ask.Drafted:
		t.draft(s, got.Value)
	case ask.Refused:
		t.stale()
	}
}

// draft keeps what the person has put together so far, and shows it on the
// buttons. The words stay, and so does the question that is in force: its other
// buttons still answer, wherever they are.
func (t *turn) draft(s *lang.Step, v flows.Value) {
	t.s.Draft = v
	if t.pressed == 0 {
		t.show(s, "") // the buttons cannot be reached
		return
	}
	newest := t.s.Shown == t.s.Messages
	t.s.Messages++
	if newest {
		t.s.Shown = t.s.Messages // an edit is not below it
	}
	t.emit(flows.Say{Message: flows.Message{Number: t.s.Messages, Edit: t.pressed, Keyboard: t.keyboard(s), Class: t.class}})
	t.pressed = 0
}

// text renders a text of the catalog.
func (t *turn) text(section, key string) string { return t.textOf(section, key, nil) }

// textOf renders a text that belongs to a track.
func (t *turn) textOf(section, key string, tr *flows.Track) string {
	tmpl := t.catalog.Text(t.s.Lang, section, key)
	return tmpl.HTML(func(name string) string { return t.value(name, tr) })
}

// value fills in a placeholder.
func (t *turn) value(name string, tr *flows.Track) string {
	switch name {
	case "clock":
		return t.now.In(t.zone()).Format("15:04")
	case "off":
		if tr != nil && !tr.On.IsZero() {
			return t.clock(tr.Ends)
		}
		return "–"
	case "next":
		if tr != nil {
			for _, r := range t.s.Pending {
				if r.Track == tr.Name && starts(r) {
					return t.clock(r.Due)
				}
			}
		}
		return "–"
	case "next_message":
		var at time.Time
		for _, r := range t.s.Pending {
			if t.willCome(r) && (at.IsZero() || r.Due.Before(at)) {
				at = r.Due
			}
		}
		if at.IsZero() {
			return "–"
		}
		return t.clock(at)
	case "count":
		if tr != nil {
			return strconv.Itoa((scope{t.view(), ""}).RoundsToday(tr.Name))
		}
		return "0"
	}
	switch v := (scope{t.view(), ""}).Lookup(name).(type) {
	case string:
		return markup.Escape(t.label(name, flows.TextOf(v)))
	case float64:
		return markup.Escape(t.label(name, flows.NumberOf(v)))
	case time.Time:
		if !v.IsZero() {
			return t.clock(v)
		}
	}
	return "–"
}

// label is how the value of a variable reads: as its question says if it is an
// answer.
func (t *turn) label(name string, v flows.Value) string {
	if s := t.catalog.Step(name); s != nil && s.Question != nil {
		return s.Question.Label(t.catalog.View(&t.s, s), v)
	}
	return ask.Plain(v)
}

// clock shows an instant in the reader's own zone where the client can, and in
// the zone the person has told us where it cannot.
func (t *turn) clock(at time.Time) string {
	local := at.In(t.zone())
	format, fallback := "t", local.Format("15:04")
	if t.day(at) != t.day(t.now) {
		format, fallback = "wt", local.Format("Monday 15:04")
	}
	return `<tg-time unix="` + strconv.FormatInt(at.Unix(), 10) + `" format="` + format + `">` + fallback + `</tg-time>`
}
