package trace_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/trace"
)

// TestCorrections: what a person changed of what they had typed is found behind the
// two entries that it left.
func TestCorrections(t *testing.T) {
	c := shipped(t)
	text := func(words string) flows.Event { return flows.Text{Text: words, Message: 9} }
	command := func(name string) flows.Event { return flows.Command{Name: name, Message: 9} }
	for name, events := range map[string][]flows.Event{
		"a figure":                 {text("7"), flows.Edit{To: text("3")}},
		"a figure twice":           {text("7"), flows.Edit{To: text("3")}, flows.Edit{To: text("4")}},
		"a command":                {command("pain"), flows.Edit{To: command("status")}, command("help")},
		"a command without slash":  {text("pain"), flows.Edit{To: text("status")}, command("help")},
		"a figure into a command":  {text("7"), flows.Edit{To: text("status")}, text("2")},
		"a command into a figure":  {command("help"), flows.Edit{To: text("2")}},
		"a command's figure":       {text("pain 7"), flows.Edit{To: text("pain 3")}, command("help")},
		"not that command":         {text("pain 7"), flows.Edit{To: text("status")}, text("2")},
		"a figure at last":         {command("pain"), flows.Edit{To: text("pain 3")}, text("2")},
		"what came to nothing":     {text("seven"), flows.Edit{To: text("7")}},
		"an edit that is no press": {flows.Command{Name: "pain"}, text("7"), flows.Edit{To: text("no")}},
	} {
		d := newDiary(c)
		do := func(ev flows.Event) {
			if err := d.Do(ev); err != nil {
				t.Fatal(err)
			}
			d.note(true)
			d.Now = d.Now.Add(time.Second)
		}
		press := func(choices ...string) {
			for _, choice := range choices {
				if err := d.Press(choice); err != nil {
					t.Fatal(err)
				}
				d.note(true)
				d.Now = d.Now.Add(time.Second)
			}
		}
		do(flows.Command{Name: "spasm"})
		press("adult", "none", "lying", "none", "none", "now", "m15") // how bad is the pain?
		for _, ev := range events {
			do(ev)
		}
		for _, f := range judged(t, c, d.export()) {
			if f.Verdict != trace.Accepted {
				t.Errorf("%s: %s at entry %d: %s\n%s", name, f.Verdict, f.Entry, f.Why, lines(t, d.export()))
			}
		}
	}
}

// TestManyCorrections: where much may have been corrected, and little was, what the
// timeline goes on from is followed among the many others. Where nothing is, its last
// entry is what cannot come.
func TestManyCorrections(t *testing.T) {
	c := smallWith(t, strings.NewReplacer(
		"steps: [{id: bided, ask: choice, choices: {good: {}}}]", "steps: [{id: bided, ask: scale, measure: ache}]",
		`text: "Bide.", good: Good`, `text: "Bide?"`))
	d := newDiary(c)
	d.play(t, "> /care\n> press a\n> press b\n> press Done\n> /aid\n> edit /bide\n"+strings.Repeat("> /bide\n> text 1\n> /bide\n> text 2\n", 3)+"> sends photo\n")
	accepts(t, c, d.export())
	list := d.export()
	at(t, list, flows.EntryUnexpected, "both", "")["step"] = "more"
	if got := judged(t, c, list)[0]; got.Verdict != trace.Refused || !strings.Contains(got.Why, `"unexpected more"`) {
		t.Errorf("another question in force is %s: %s", got.Verdict, got.Why)
	}
}
