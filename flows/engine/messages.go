package engine

import (
	"slices"
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
	"spasmbot/flows/markup"
)

// messages are those that the turn sends.
type messages struct {
	p   *person
	out *effects
	// class is that of what answers the event.
	class flows.Class
	// pressed is the message whose button was pressed, as long as nothing has
	// taken its place.
	pressed int64
	// still says that what is said now needs no sound. It stands at the beginning of
	// a turn that the person has set off; see [messages.silent].
	still bool
	// hint says that the next message answers what fitted nothing: each such thing
	// has its answer, or whoever sends many would not be noticed.
	hint bool
	// carried is the timer that the next message delivers.
	carried uint64
	// opens says that the turn answers a command by one message, opened which
	// message of it is taken up by what is said next.
	opens  bool
	opened uint64
	// left is the message with a picture of the question that the turn has left.
	left left
	// last is the message that was said last, and was what the one was in whose place
	// it came.
	last flows.Message
	was  flows.Standing
	// spare is the number of the message of a question that is over, whose place the
	// next message takes; 0 if there is none, or it has.
	spare uint64
	// answered is the number of the message on which the question was answered that is
	// being left.
	answered uint64
	// later is what tidies the chat when all is said.
	later []tidying
}

// say sends a message in answer to the event. The first of a turn takes the place
// of the question that was answered, if its message can be edited, and delivers
// the timer that is to be carried. What was pressed may be gone by now, if it is not known
// to stand: nothing is put in its place, which would come as one more message that nobody
// knows.
func (o *messages) say(m flows.Message, kind button.Kind) {
	if m.Class != flows.Sign {
		m.Class = o.class
	}
	if o.pressed != 0 && !m.Anew && o.meant(0) == 0 {
		o.strip()
	}
	m.Edit, o.pressed, o.spare = o.pressed, 0, 0
	m.Reminder, o.carried = o.carried, 0
	o.post(m, kind)
}

// post sends a message of its own. The data of its keys are their choices, and whether
// these last; what else a button carries is put to them here, where the message has its number. A
// key that copies carries nothing.
func (o *messages) post(m flows.Message, kind button.Kind) {
	o.p.s.Messages++
	m.Number, m.Silent = o.p.s.Messages, m.Silent || o.silent(m.Class)
	if m.Edit == 0 && m.Of == 0 {
		o.p.s.Newest = m.Number
		if o.p.s.Card.Message != 0 {
			o.p.s.Card.Below++
		}
	}
	if m.Class != flows.Tidy {
		o.enters(m)
	}
	d := button.Data{Kind: kind, Seal: o.p.s.Seal, Message: m.Number}
	for _, row := range m.Keyboard {
		for i := range row {
			if row[i].Copy == "" {
				d.Choice, d.Lasting = strings.CutSuffix(row[i].Data, button.Lasts)
				row[i].Data = d.String()
			}
		}
	}
	o.out.add(flows.Say{Message: m})
}

// tell sends the text of a step, with its picture if it has one, in the place of
// one that has not arrived.
func (o *messages) tell(s *lang.Step, text string, keyboard [][]flows.Key) {
	m := flows.Message{Text: text, Keyboard: keyboard, Picture: s.Picture, Animation: s.Animation, Paper: s.Paper()}
	plain := !m.WithFile()
	if s.Urgent && o.class != flows.Contact {
		m.Class = flows.Sign
	}
	o.takeUp(&m)
	if s.SameMessage && o.exchange(&m) {
		plain = false
	} else if !plain || s.ReadFirst() {
		// A text cannot be turned into a picture. What is to be read first comes as
		// a message of its own, whose date tells since when it could be.
		o.makeWay()
	}
	m.Subject, m.Instead = s.ID, !o.hint
	o.say(m, button.Screen)
	if !s.Urgent || s.Question != nil {
		// It says all that it has said before.
		o.clears(func(st flows.Standing) bool { return st.Of == s.ID })
		o.stands(flows.Standing{Of: s.ID, Stays: s.Keep || m.Paper != ""})
	}
	if o.opens && plain && s.Question == nil {
		o.opened = o.p.s.Messages
	}
}

// takeUp puts the text that was said before m above that of m, and m in its place,
// if they fit into one message.
func (o *messages) takeUp(m *flows.Message) {
	i := slices.IndexFunc(o.out.list, func(e flows.Effect) bool {
		say, ok := e.(flows.Say)
		return ok && say.Message.Number == o.opened
	})
	if i < 0 || o.opened != o.p.s.Messages {
		return
	}
	most := markup.MaxText
	if m.WithFile() {
		most = markup.MaxCaption
	}
	text := o.out.list[i].(flows.Say).Message.Text + "\n\n" + m.Text
	if markup.Length(text) > most {
		return
	}
	m.Text = text
	o.out.list = slices.Delete(o.out.list, i, i+1)
	o.forgets(o.opened)
	o.p.s.Messages--
}

// strip takes the buttons off the pressed message and leaves it in the chat.
func (o *messages) strip() { o.change(nil) }

// change gives the pressed message other buttons. It is false if there is none.
func (o *messages) change(keyboard [][]flows.Key) bool {
	if o.pressed == 0 {
		return false
	}
	o.post(flows.Message{Edit: o.pressed, Keyboard: keyboard, Class: o.class}, button.Screen)
	o.pressed = 0
	return true
}

// toast answers a press with words that fade away.
func (o *messages) toast(words string) { o.out.add(flows.Toast{Text: markup.Plain(words)}) }

// tells reports whether the turn says anything to the person so far.
func (o *messages) tells() bool {
	return slices.ContainsFunc(o.out.list, func(e flows.Effect) bool {
		say, ok := e.(flows.Say)
		return ok && say.Message.Class != flows.Tidy
	})
}

// said reports whether the turn sends the message of a number.
func (o *messages) said(number uint64) bool {
	return slices.ContainsFunc(o.out.list, func(e flows.Effect) bool {
		say, ok := e.(flows.Say)
		return ok && say.Message.Number == number
	})
}
