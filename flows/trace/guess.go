package trace

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/typed"
)

// guesses lists what the person may have done so that the first of some entries
// was written. All but the last event of each write nothing.
func (j *judge) guesses(n *node, rest []entry) [][]flows.Event {
	e := &rest[0]
	one := func(ev flows.Event) [][]flows.Event { return [][]flows.Event{{ev}} }
	switch e.Kind {
	case flows.EntryCommand:
		var list [][]flows.Event
		for _, command := range j.commandsOf(n, rest, e.Choice) {
			list = append(list, []flows.Event{command})
			list = append(list, edits(n, command)...)
		}
		return list
	case flows.EntryAnswer:
		return slices.Concat(j.answers(n, rest), reminderPresses(n, e), olderPresses(n, e), j.corrections(n, e))
	case flows.EntryStale:
		return one(flows.Button{})
	case flows.EntryUnexpected:
		return one(flows.Unsupported{})
	case flows.EntryBlocked:
		return one(flows.Blocked{})
	case flows.EntryUnblocked:
		list := one(flows.Unblocked{})
		if len(rest) > 1 && rest[1].UpdateID == e.UpdateID && rest[1].At.Equal(e.At) {
			list = append(list, j.guesses(n, rest[1:])...)
		}
		return append(list, j.openings(n, rest)...)
	}
	if n.s.Episode.Number == 0 {
		var list [][]flows.Event
		for _, command := range j.commandsOf(n, rest, opening(e.Step)) {
			list = append(list, []flows.Event{command})
		}
		return list
	}
	return j.openings(n, rest)
}

// openings are the commands of somebody who is in no episode: they write nothing
// themselves.
func (j *judge) openings(n *node, rest []entry) [][]flows.Event {
	if n.s.Episode.Live() {
		return nil
	}
	var list [][]flows.Event
	for _, name := range j.commands {
		for _, command := range j.commandsOf(n, rest, name) {
			list = append(list, []flows.Event{command})
		}
	}
	return list
}

// commandsOf are the ways to send a command: alone, or with the answer behind it that
// the same message has written.
func (j *judge) commandsOf(n *node, rest []entry, name string) []flows.Command {
	command := flows.Command{Name: name}
	if len(rest) > 0 {
		command.Message = corrected(n, rest)
	}
	list := []flows.Command{command}
	for i := range rest {
		e := &rest[i]
		if e.UpdateID != rest[0].UpdateID || !e.At.Equal(rest[0].At) {
			break
		}
		if e.Kind == flows.EntryAnswer {
			for _, words := range j.wordsFor(n, e) {
				command.Args = words
				list = append(list, command)
			}
			break
		}
	}
	return list
}

// quiet is something that the person does, and that writes nothing.
type quiet struct {
	ev flows.Event
	at time.Time
	// soft is how much later it may be.
	soft time.Duration
}

// quiet lists what may have been done without an entry before an instant: a command
// outside of an episode; in one, a press that puts an answer together, of which it
// matters that somebody was there when a timer came due, or while calls rested.
func (j *judge) quiet(n *node, until time.Time) []quiet {
	if n.s.Episode.Number == 0 {
		return nil
	}
	var list []quiet
	if !n.s.Episode.Live() {
		for _, way := range j.openings(n, nil) {
			list = append(list, quiet{way[0], n.since, endless})
		}
		return list
	}
	step := j.question(n)
	if step == nil {
		return nil
	}
	for _, row := range step.Question.Buttons(engine.View(j.catalog, &n.s, step, n.now)) {
		for _, b := range row {
			if b.Does.Verdict != ask.Drafted {
				continue
			}
			for _, r := range n.s.Pending {
				if r.Due.After(n.now) && !r.Due.After(until) {
					list = append(list, quiet{press(button.Screen, n.s.Shown, b.Data), r.Due, 0})
				}
			}
			if slices.ContainsFunc(n.s.Tracks, func(tr flows.Track) bool { return tr.Resting }) {
				list = append(list, quiet{press(button.Screen, n.s.Shown, b.Data), n.since, endless})
			}
		}
	}
	return list
}

// question is the step that waits for an answer, nil if none does.
func (j *judge) question(n *node) *lang.Step {
	f := j.catalog.Flow(n.s.At.Flow)
	if f == nil {
		return nil
	}
	if i := f.Step(n.s.At.Step); i >= 0 && f.Steps[i].Question != nil {
		return &f.Steps[i]
	}
	return nil
}

func press(kind button.Kind, message uint64, choice string) flows.Event {
	return flows.Button{Data: button.Data{Kind: kind, Message: message, Choice: choice}.String(), Message: 1}
}

// maxDrafts bounds the drafts of an answer that are tried.
const maxDrafts = 4096

// answers are the ways to give the question in force the answer of an entry: at
// once, or by putting it together first. Of the drafts the one that is most like
// the answer is gone on from first: there may be more than can be tried.
func (j *judge) answers(n *node, rest []entry) [][]flows.Event {
	e := &rest[0]
	step := j.question(n)
	if step == nil || step.ID != e.Step {
		return nil
	}
	if step.IsBack(e.Choice) {
		return [][]flows.Event{{press(button.Screen, n.s.Shown, e.Choice)}}
	}
	var ways [][]flows.Event
	message := corrected(n, rest)
	if message != 0 && !step.Question.TakesTyped() {
		for _, words := range spellings(e) {
			ways = append(ways, []flows.Event{flows.Text{Text: words, Message: message}})
		}
	}
	type draft struct {
		s   flows.State
		way []flows.Event
		far int
	}
	seen, wanted := map[flows.Value]bool{n.s.Draft: true}, names(e.value)
	for todo := []draft{{s: n.s}}; len(todo) > 0; {
		i := 0
		for k := range todo {
			if todo[k].far < todo[i].far {
				i = k
			}
		}
		d := todo[i]
		todo = slices.Delete(todo, i, i+1)
		view := engine.View(j.catalog, &d.s, step, n.now)
		for _, m := range moves(step.Question, view, n.s.Shown, e, message) {
			way := append(slices.Clone(d.way), m.event)
			switch m.Verdict {
			case ask.Answered:
				if m.Choice == e.Choice && spelled(m.Value.Any()) == e.value {
					return append(ways, way)
				}
			case ask.Drafted:
				if !seen[m.Value] && len(seen) < maxDrafts {
					seen[m.Value] = true
					next := draft{n.s, way, unlike(names(ask.Plain(m.Value)), wanted)}
					next.s.Draft = m.Value
					todo = append(todo, next)
				}
			case ask.Refused:
			}
		}
	}
	return ways
}

// names are the names in what is put together, or in an answer.
func names(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return !lang.IsName(string(r)) })
}

// unlike counts the names that are in one of two lists only.
func unlike(a, b []string) int {
	lacks := func(list []string) func(string) bool {
		return func(name string) bool { return !slices.Contains(list, name) }
	}
	return count(a, lacks(b)) + count(b, lacks(a))
}

func count(list []string, is func(string) bool) int {
	n := 0
	for _, name := range list {
		if is(name) {
			n++
		}
	}
	return n
}

// move is a press or typed words, and what they come to.
type move struct {
	ask.Outcome
	event flows.Event
}

// moves are the presses of a question's buttons, and the words that an entry's
// value may have been typed as.
func moves(q ask.Question, v ask.View, shown uint64, e *entry, message int64) []move {
	var list []move
	for _, row := range q.Buttons(v) {
		for _, b := range row {
			list = append(list, move{b.Does, press(button.Screen, shown, b.Data)})
		}
	}
	if q.TakesTyped() {
		for _, words := range spellings(e) {
			list = append(list, move{q.Typed(v, words), flows.Text{Text: words, Message: message}})
		}
	}
	return list
}

// spellings are the words that may have been typed for an answer.
func spellings(e *entry) []string {
	list := []string{e.Choice}
	var v any
	if err := json.Unmarshal([]byte(cmp.Or(e.value, "null")), &v); err != nil {
		return list
	}
	switch v := v.(type) {
	case string:
		list = append(list, v)
	case float64:
		list = append(list, typed.Written(v))
	}
	return list
}

// wordsFor are the words that may have been typed for an answer to whatever question
// it is, be they those on its button.
func (j *judge) wordsFor(n *node, e *entry) []string {
	list := spellings(e)
	step := j.catalog.Step(e.Step)
	if step == nil || step.Question == nil {
		return list
	}
	for _, b := range slices.Concat(step.Question.Buttons(engine.View(j.catalog, &n.s, step, n.now))...) {
		if b.Does.Verdict == ask.Answered && b.Does.Choice == e.Choice {
			list = append(list, b.Label)
		}
	}
	return list
}

// reminderPresses are the presses of a reminder's button. Of those of a kind that
// are open any may be it. That something is on may have been said so late that it
// stands there as another choice.
func reminderPresses(n *node, e *entry) [][]flows.Event {
	var list [][]flows.Event
	for _, o := range slices.Backward(n.s.Open) {
		if o.Kind != e.Step {
			continue
		}
		list = append(list, []flows.Event{press(button.Reminder, o.Message, e.Choice)})
		if e.Choice == "when" || e.Choice == "since" {
			list = append(list, []flows.Event{press(button.Reminder, o.Message, "on")})
		}
	}
	if e.Step != "reminder" {
		return list
	}
	// One that is too old for the engine to know.
	for m := uint64(1); m <= n.s.Messages; m++ {
		if !slices.ContainsFunc(n.s.Open, func(o flows.Open) bool { return o.Message == m }) {
			return append(list, []flows.Event{press(button.Reminder, m, e.Choice)})
		}
	}
	return list
}

// olderPresses are presses of a lasting choice on some message of the episode that does
// not show the question in force: there are two, as nothing comes of the same one twice.
func olderPresses(n *node, e *entry) [][]flows.Event {
	if e.Step != flows.OlderButton {
		return nil
	}
	last := n.s.Messages
	if n.s.At.Step != "" {
		last = n.s.Asked - 1
	}
	var list [][]flows.Event
	for m := last; m > n.s.Episode.Messages && len(list) < 2; m-- {
		data := button.Data{Kind: button.Screen, Message: m, Choice: e.Choice, Lasting: true}
		list = append(list, []flows.Event{flows.Button{Data: data.String(), Message: 1}})
	}
	return list
}
