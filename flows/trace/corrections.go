package trace

import (
	"slices"

	"spasmbot/flows"
)

// lastTyped is what the last message that was typed is called.
const lastTyped = 1

// corrected is what the message that wrote the next entry is called: lastTyped if
// the one behind it may correct it, by a command or by another answer to what was
// asked before; 0 otherwise, since what is remembered for nothing takes time.
func corrected(n *node, rest []entry) int64 {
	i := slices.IndexFunc(rest, func(e entry) bool { return e.UpdateID != rest[0].UpdateID })
	if i < 0 {
		return 0
	}
	next := &rest[i]
	if next.Kind == flows.EntryCommand || next.Kind == flows.EntryAnswer && next.Step == n.s.At.Step {
		return lastTyped
	}
	return 0
}

// edits is the way to put another message in the place of what was typed last.
func edits(n *node, to flows.Event) [][]flows.Event {
	if !n.s.Typed.Counted() {
		return nil
	}
	// It is called as the one that it changes.
	switch ev := to.(type) {
	case flows.Command:
		ev.Message = n.s.Typed.Message
		to = ev
	case flows.Text:
		ev.Message = n.s.Typed.Message
		to = ev
	}
	return [][]flows.Event{{flows.Edit{To: to}}}
}

// corrections are the ways to change what was typed last into an answer to the
// question that was in force before it.
func (j *judge) corrections(n *node, e *entry) [][]flows.Event {
	if n.s.Typed.At.Step != e.Step {
		return nil
	}
	var ways [][]flows.Event
	for _, words := range j.wordsFor(n, e) {
		ways = append(ways, edits(n, flows.Text{Text: words})...)
	}
	return ways
}
