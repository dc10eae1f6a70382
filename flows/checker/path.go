package checker

import (
	"slices"
	"strings"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
)

// moves lists the moves that lead to a finding.
func (k *walk) moves(f finding) []move {
	list := []move{f.last}
	for n := f.node; n > 0; n = k.nodes[n].parent {
		list = append(list, k.nodes[n].move)
	}
	slices.Reverse(list)
	return list
}

// chat is what the person sees, as far as presses need it: the data of the buttons
// under each message, and which of them is which number.
type chat struct {
	keys [][]string
	at   map[uint64]int
}

// newest finds the button that a press by its choice would hit.
func (c *chat) newest(choice string) string {
	for _, message := range slices.Backward(c.keys) {
		for _, data := range message {
			if button.Choice(data) == choice {
				return data
			}
		}
	}
	return ""
}

func (c *chat) show(msg flows.Message) {
	if msg.Pin || msg.Unpin {
		return
	}
	var keys []string
	for _, row := range msg.Keyboard {
		for _, k := range row {
			keys = append(keys, k.Data)
		}
	}
	i := int(msg.Edit) - 1
	if msg.Of != 0 {
		i = c.at[msg.Of]
	}
	if i < 0 || i >= len(c.keys) {
		i, c.keys = len(c.keys), append(c.keys, nil)
	}
	c.keys[i], c.at[msg.Number] = keys, i
}

// holder is the message that has a button, 0 if none has.
func (c *chat) holder(data string) int64 {
	for i := len(c.keys) - 1; i >= 0; i-- {
		if slices.Contains(c.keys[i], data) {
			return int64(i + 1)
		}
	}
	return 0
}

// meant is the data of the button that a walk has pressed. The walk knows no messages
// but one, and so the engine may have counted others: then it is the newest button of that
// choice.
func (c *chat) meant(data string) string {
	if c.holder(data) != 0 {
		return data
	}
	d, ok := button.Parse(data)
	newest, is := button.Parse(c.newest(d.Choice))
	if ok && is && newest.Kind == d.Kind && newest.Message > 0 {
		return newest.String()
	}
	return data
}

// path writes moves as the inputs of a transcript. It plays them, since a press
// is named by its choice only where that means the same.
func (m *subject) path(moves []move, start time.Time) []string {
	var lines []string
	seen := &chat{at: make(map[uint64]int)}
	w := m.stranger(start)
	do := func(ev flows.Event) {
		t := w.step(m.c, ev)
		takeProbes(&t.after.s)
		for _, e := range t.effects {
			if say, ok := e.(flows.Say); ok {
				seen.show(say.Message)
			}
		}
		w = t.after
	}
	for _, mv := range moves {
		if b, ok := mv.event.(flows.Button); ok {
			mv.event = flows.Button{Data: seen.meant(b.Data), Message: b.Message}
		}
		lines = append(lines, "> "+mv.input(seen))
		switch {
		case mv.wait > 0 || mv.event == nil && mv.down == 0:
			end := w.now.Add(mv.wait)
			for at, ok := w.nextDue(); ok && !at.After(end); at, ok = w.nextDue() {
				w = w.at(later(w.now, at))
				do(flows.Due{IDs: w.due()})
			}
			w = w.at(end)
		case mv.down > 0:
			w = w.at(w.now.Add(mv.down))
			do(flows.Due{IDs: w.due()})
		default:
			if b, ok := mv.event.(flows.Button); ok {
				mv.event = flows.Button{Data: b.Data, Message: seen.holder(b.Data)}
			}
			do(mv.event)
		}
	}
	return lines
}

// input writes one move.
func (mv move) input(seen *chat) string {
	switch ev := mv.event.(type) {
	case flows.Command:
		return strings.TrimSpace("/" + ev.Name + " " + ev.Args)
	case flows.Button:
		if choice := button.Choice(ev.Data); seen.newest(choice) == ev.Data {
			return "press " + choice
		}
		return "data " + ev.Data
	case flows.Text:
		return "text " + ev.Text
	case flows.Unsupported:
		return "sends " + ev.What
	case flows.Blocked:
		return "blocks"
	case flows.Unblocked:
		return "unblocks"
	}
	if mv.down > 0 {
		return "down " + mv.down.String()
	}
	return "wait " + mv.wait.String()
}
