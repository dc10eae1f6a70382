package engine_test

import (
	"slices"
	"strings"
	"testing"

	"spasmbot/flows"
)

// TestBareWords: the words that people are told to type work in any case and of any
// width.
func TestBareWords(t *testing.T) {
	c := shipped(t)
	for words, want := range map[string]string{
		"SPASM": "spasm", "worse": "worse", "ＷＯＲＳＥ": "worse", "Worse": "worse", "Stop": "stop", "ＳＴＯＰ": "stop", "STATUS": "status",
		"ｓｔａｔｕｓ": "status", "pain 7": "pain", "Pain ７": "pain", "PAIN 7/10": "pain", "ｐａｉｎ　७": "pain", "help": "sos",
	} {
		p := newPerson(t, c)
		p.toCare()
		p.does(flows.Text{Text: words})
		last := ""
		for _, e := range p.Effects {
			if r, ok := e.(flows.Record); ok && last == "" && (r.Entry.Kind == flows.EntryCommand || r.Entry.Kind == flows.EntryAnswer) {
				last = r.Entry.Choice
			}
		}
		if last != want {
			t.Errorf("%q leads to %q", words, last)
		}
	}
	p := newPerson(t, c)
	p.toCare()
	p.does(flows.Command{Name: "worse"})
	if !slices.ContainsFunc(p.Timeline, func(e flows.Entry) bool { return e.Kind == flows.EntryCommand && e.Choice == "worse" }) {
		t.Error("/worse is no command")
	}
	p = newPerson(t, c)
	p.does(flows.Text{Text: "ＳＰＡＳＭ"})
	if !p.state().Episode.Live() {
		t.Error("the word does not begin an episode")
	}
}

// TestTypedUrgent: who types what stands on "Worse" and "Stop" has pressed it, at any
// question that it does not answer, within an episode, and no edit takes it back.
func TestTypedUrgent(t *testing.T) {
	flow := strings.Replace(twoQuestions, "commands: [spasm]", "commands: [spasm]\nwhile: idle", 1)
	c := tinyWith(t, flow, twoTexts, map[string]string{
		"worse.yaml":    "flow: worse\nsteps: [{id: tiny_worse, set: {felt: '\"worse\"'}}]",
		"nothing.yaml":  "flow: nothing\ncommands: [worse]\nwhile: idle\nsteps: [{id: tiny_nothing, go: return}]",
		"texts/en.yaml": strings.Replace(tinyTexts, "worse: Worse, stop: Stop", "worse: It got *worse*, stop: Stop all", 1) + twoTexts + "tiny_worse: {text: Sorry.}\n",
	})
	p := newPerson(t, c)
	p.does(flows.Text{Text: "it got worse"})
	if p.last() != "i" {
		t.Errorf("outside of an episode, the words are answered by %q", p.last())
	}
	p.does(flows.Command{Name: "spasm"})
	at := p.state().At.Step
	p.does(flows.Text{Text: " IT ｇｏｔ worse", Message: 7})
	last := p.Timeline[len(p.Timeline)-1]
	if s := p.state(); s.At.Step != at || s.Var("felt") != flows.TextOf("worse") || last.Step != "reminder" || last.Choice != "worse" {
		t.Errorf("the words lead to %q by %+v", s.At.Step, last)
	}
	p.does(flows.Edit{To: flows.Text{Text: "stop", Message: 7}})
	if len(p.Effects) != 0 {
		t.Errorf("an edit of them brings %+v", p.Effects)
	}
	p.does(flows.Text{Text: "stop ALL"})
	if p.state().Episode.Live() {
		t.Error("the words of Stop do not stop")
	}
}
