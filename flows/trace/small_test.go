package trace_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
	"spasmbot/flows/trace"
)

// signs are what can be ticked: there are more sets of them than can be tried.
const signs = "abcdefghijklmnopqrstuvwx"

// ticksFlow puts the signs in the place of SIGNS.
const ticksFlow = `
flow: care
version: 1
episode: true
commands: [care]
while: idle
stop: halt
worse: halt
default_wait: {timeout: 9d, next: over}
steps:
  - {id: sip_starts, start: sip}
  - {id: signs, ask: ticks, columns: 3, choices: {SIGNS}, next: [{when: signs_a and signs_b, to: both}, {to: more}]}
  - {id: both, ask: number, least: 0, most: 9, next: over}
  - {id: more, ask: text, least: 1, most: 9}
  - {id: over, end: over, next: rests}
  - {id: rests, call: rest}
  - {id: never, end: over}
reminders:
  sip: {every: 20h, when: hours_since(last_heard) < 24}
`

const restFlow = `
flow: rest
version: 1
episode: true
stop: halt
worse: halt
default_wait: {timeout: 9d, next: rested}
steps:
  - {id: lies_down, start: turn_over}
  - {id: rest_long, ask: number, least: 1, most: 9}
  - {id: rested, end: rested}
reminders:
  turn_over: {every: 2h}
`

const haltFlow = `
flow: halt
version: 1
commands: [stop]
while: live
steps: [{id: halted, end: stopped}]
`

const aidFlow = `
flow: aid
version: 1
commands: [aid]
default_wait: {timeout: 9d, next: return}
steps: [{id: aided, ask: choice, choices: {good: {}}}]
`

const bideFlow = `
flow: bide
version: 1
commands: [bide]
default_wait: {nudge: 10m, timeout: 2h, next: return}
steps: [{id: bided, ask: choice, choices: {good: {}}}]
`

const ticksTexts = `
signs: {text: "Which?", none: None, SIGNS}
aided: {text: "Aid.", good: Good}
bided: {text: "Bide.", good: Good}
both: {text: "How many?", invalid: "A number, please."}
more: {text: "What else?", invalid: "A few words, please."}
over: {text: "Over."}
halted: {text: "Stopped."}
rest_long: {text: "How long?", invalid: "A number, please."}
rested: {text: "Rested."}
turn-over: {text: "Turn over."}
sip: {text: "A sip."}
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: Privately}
system:
  nudge: Still here?
  stale: Old.
  unexpected: I read words and buttons.
  use_buttons: Press a button.
  unknown_command: I do not know that.
  idle: "Press /care."
  group: Write me privately.
  updated: This step was updated.
`

// small are flows with few steps.
func small(t *testing.T) *lang.Catalog { return smallWith(t, strings.NewReplacer()) }

// smallWith is small with some words in the flow and its texts replaced.
func smallWith(t *testing.T, edit *strings.Replacer) *lang.Catalog {
	t.Helper()
	var choices, labels []string
	for _, sign := range signs {
		choices, labels = append(choices, string(sign)+": {}"), append(labels, string(sign)+": Sign "+string(sign))
	}
	flow := strings.Replace(ticksFlow, "SIGNS", strings.Join(choices, ", "), 1)
	texts := strings.Replace(ticksTexts, "SIGNS", strings.Join(labels, ", "), 1)
	c, err := catalog.Load(fstest.MapFS{
		"care.yaml": {Data: []byte(edit.Replace(flow))}, "halt.yaml": {Data: []byte(haltFlow)}, "rest.yaml": {Data: []byte(restFlow)},
		"aid.yaml": {Data: []byte(edit.Replace(aidFlow))}, "bide.yaml": {Data: []byte(edit.Replace(bideFlow))},
		"texts/en.yaml": {Data: []byte(edit.Replace(texts))},
	}, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// presses sets the ticks of some signs.
func presses(signs string) string {
	var b strings.Builder
	for _, sign := range signs {
		b.WriteString("> press " + string(sign) + "\n")
	}
	return b.String()
}

// TestDrafts: what is put together leaves no entry, and neither does that somebody
// was there; typed words leave what they mean.
func TestDrafts(t *testing.T) {
	c := small(t)
	for name, src := range map[string]string{
		"both":           "> /care\n> press a\n> press b\n> press Done\n> text 4,5",
		"one":            "> /care\n> press b\n> press Done\n> text go on\n",
		"none":           "> /care\n> press none\n> text x\n",
		"many":           "> /care\n> press b\n" + presses(strings.Replace(signs, "b", "", 1)) + "> press ✓ Sign b\n> press Done\n> text x\n",
		"a second look":  "> /care\n> press c\n> wait 30h\n> press ✓ Sign c\n> press d\n> press done-8\n> text x\n",
		"a refusal":      "> /care\n> press a\n> press b\n> press Done\n> text ten\n> text 9",
		"somebody there": "> /care\n> wait 30h\n> press a\n> wait 30h\n> press b\n> press done-3\n",
	} {
		t.Run(name, func(t *testing.T) {
			d := newDiary(c)
			d.play(t, src)
			accepts(t, c, d.export())
			if name != "both" {
				return
			}
			list := d.export()
			i := slices.IndexFunc(list, func(r record) bool { return r["step"] == "signs" })
			list[i]["value"] = "a, y"
			if got := judged(t, c, list)[0]; got.Verdict != trace.Refused {
				t.Errorf("an answer that no presses make is %s", got.Verdict)
			}
		})
	}
}

// TestOlderButtons: a lasting choice that was pressed when its question was over leads
// to its flow, any number of times.
func TestOlderButtons(t *testing.T) {
	c := smallWith(t, strings.NewReplacer("- {id: signs,", "- {id: ache, ask: choice, choices: {no: {}, yes: {lasting: aid}}}\n  - {id: signs,",
		"both: {", "ache: {text: \"Ache?\", no: Not, yes: It does}\nboth: {"))
	d := newDiary(c)
	d.play(t, "> /care\n")
	ache := d.Chat[0].Keyboard[1][0].Data
	d.play(t, "> wait 1h\n> /care\n> press no\n> press a\n> wait 1h\n")
	d.play(t, "> data "+ache+"\n> wait 2m\n> press good\n> wait 1h\n> data "+ache+"\n> press good\n> press none\n> text x\n")
	older := 0
	for _, e := range d.entries {
		if e["step"] == flows.OlderButton {
			older++
		}
	}
	if older != 2 {
		t.Fatalf("%d presses of older buttons are on the timeline", older)
	}
	accepts(t, c, d.export())
	list := d.export()
	i := slices.IndexFunc(list, func(r record) bool { return r["step"] == flows.OlderButton })
	list[i]["choice"] = "no"
	if got := judged(t, c, list)[0]; got.Verdict != trace.Refused {
		t.Errorf("an older button that does not last is %s", got.Verdict)
	}
}

// TestRetiredMeanwhile: of an episode in which the flows went over to a question and a
// reminder in the place of retired ones, what came before is accepted in the old flows;
// in the new ones the next episode is, by somebody who remembers what they ticked then.
func TestRetiredMeanwhile(t *testing.T) {
	was := smallWith(t, strings.NewReplacer("episode: true", "episode: true\nremember: [signs]"))
	is := smallWith(t, strings.NewReplacer("episode: true", "episode: true\nremember: [marks]", "signs", "marks", "sip", "gulp",
		"reminders:", "retired: {signs: {moved_to: marks}, sip: {moved_to: gulp}}\nreminders:",
		"- {id: sip_starts", "- {id: again, when: marks_b, ask: number, least: 1, most: 3}\n  - {id: gulp_starts", "both: {", "again: {text: \"How often?\", invalid: \"A number.\"}\nboth: {"))
	d := newDiary(was)
	d.play(t, "> /care\n> press b\n> wait 21h\n")
	d.Catalog = is
	d.play(t, "> press done-2\n> text hot\n> text 4\n> /care\n> text 3\n> wait 21h\n> press none\n> text no more\n> text 4\n")
	if s := d.State(); s.Var("marks") != flows.TextOf("none") {
		t.Fatalf("%+v", s)
	}
	for c, want := range map[*lang.Catalog][]trace.Verdict{
		was: {trace.NotJudged, trace.NotJudged, trace.NotJudged, trace.NotJudged},
		is:  {trace.NotJudged, trace.Accepted, trace.Accepted, trace.Accepted},
	} {
		for i, f := range judged(t, c, d.export()) {
			if f.Verdict != want[i] || f.Verdict == trace.NotJudged && f.Entry != 0 {
				t.Errorf("%s: %s", f.Verdict, f.Why)
			}
		}
	}
}

// TestBegunByATimer: the first timeline that is kept may have begun by itself, and then
// nothing comes at once.
func TestBegunByATimer(t *testing.T) {
	c := small(t)
	d := newDiary(c)
	d.play(t, "> /care\n> press none\n> wait 9d\n> wait 5h\n> text 4\n")
	if len(d.rows) != 2 {
		t.Fatalf("there are %d episodes", len(d.rows))
	}
	accepts(t, c, d.export())
	accepts(t, c, without(d.export(), 2))
}

// TestTheBotWorked: what is due comes when the bot works, as anybody's timeline shows.
func TestTheBotWorked(t *testing.T) {
	c := small(t)
	for _, presses := range []int{0, 1, 3} {
		d := newDiary(c)
		d.play(t, "> /care\n> wait 20h\n")
		// The reminder of this moment comes an hour and a half later.
		late := d.entries[len(d.entries)-1]
		d.entries = d.entries[:len(d.entries)-1]
		if late["step"] != "sip" {
			t.Fatalf("the last entry is %v", late)
		}
		for range presses {
			d.play(t, "> wait 25m\n> data old\n")
		}
		d.Now = late["at"].(time.Time).Add(90 * time.Minute)
		late["at"] = d.Now
		d.entries = append(d.entries, late)
		got := judged(t, c, renumbered(d.export()))[0]
		if want := map[bool]trace.Verdict{true: trace.Accepted, false: trace.Refused}[presses == 0]; got.Verdict != want {
			t.Errorf("after %d presses meanwhile it is %s: %s", presses, got.Verdict, got.Why)
		}
	}
}

// TestLikelierAtFirst: what could have been is gone back to when it turns out that it was
// not. The first question that is repeated may be either, and the second is the one that
// nobody answers.
func TestLikelierAtFirst(t *testing.T) {
	c := smallWith(t, strings.NewReplacer("9d, next: return", "2h, nudge: 10m, next: return"))
	d := newDiary(c)
	d.play(t, "> /care\n> /stop\n> /aid\n> text what\n> wait 8m\n> /bide\n> wait 3h\n")
	accepts(t, c, d.export())
	list := d.export()
	i := slices.IndexFunc(list, func(r record) bool { return r["kind"] == flows.EntryTimeout })
	if list[i]["step"] != "bided" || list[i-1]["step"] != flows.KindNudge {
		t.Fatalf("the entry is %v", list[i])
	}
	list[i]["at"] = list[i]["at"].(time.Time).Add(-30 * time.Minute)
	if got := judged(t, c, list)[0]; got.Verdict != trace.Refused {
		t.Errorf("an early end of the wait is %s", got.Verdict)
	}
}
