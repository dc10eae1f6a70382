package trace

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
)

// maxTold bounds what is told of each kind that was expected.
const maxTold = 8

// expected says what an entry is, and what could have come in its place.
func (f *following) expected(i int, here []*node) string {
	e := &f.s.entries[i+f.near.entries]
	if f.near.entries > 0 {
		instead := entry{f.near.instead, spelled(f.near.instead.Value)}
		return fmt.Sprintf("%s cannot come here; expected was %s", described(e), described(&instead))
	}
	var could []string
	add := func(what string) {
		if what != "" && !slices.Contains(could, what) {
			could = append(could, what)
		}
	}
	for _, n := range here[:min(len(here), maxTold)] {
		if e.At.Before(n.now.Add(-adjusted)) {
			return fmt.Sprintf("%s is earlier than the entry before it, at %s", described(e), stamp(n.now))
		}
		add(f.j.answerable(n))
		for _, r := range n.s.Pending {
			if r.Phase != flows.PhaseWait {
				add(timerText(r))
			}
		}
	}
	if f.missed.ID != 0 {
		return fmt.Sprintf("%s comes where %s is missing", described(e), timerText(f.missed))
	}
	if len(could) == 0 {
		return described(e) + " cannot come here: a command was expected"
	}
	return fmt.Sprintf("%s cannot come here; expected was %s, or a command", described(e), strings.Join(could[:min(len(could), maxTold)], ", "))
}

// answerable is the question that waits, with the answers that have a button.
func (j *judge) answerable(n *node) string {
	step := j.question(n)
	if step == nil {
		return ""
	}
	var choices []string
	for _, row := range step.Question.Buttons(engine.View(j.catalog, &n.s, step, n.now)) {
		for _, b := range row {
			choices = append(choices, b.Data)
		}
	}
	if step.Back != nil {
		choices = append(choices, lang.BackChoice)
	}
	if len(choices) == 0 {
		return "an answer to " + step.ID
	}
	if len(choices) > maxTold {
		choices = append(choices[:maxTold], "…")
	}
	return fmt.Sprintf("an answer to %s (%s)", step.ID, strings.Join(choices, ", "))
}

// described is an entry in words.
func described(e *entry) string {
	words := []string{e.Kind}
	for _, w := range []string{e.Step, e.Choice, e.value} {
		if w != "" && w != `"`+e.Choice+`"` {
			words = append(words, w)
		}
	}
	return fmt.Sprintf("%q at %s", strings.Join(words, " "), stamp(e.At))
}

func timerText(r flows.Reminder) string { return fmt.Sprintf("%s, due at %s", r.Kind, stamp(r.Due)) }

func stamp(at time.Time) string {
	if at.IsZero() {
		return "no time"
	}
	return at.UTC().Format(time.RFC3339)
}
