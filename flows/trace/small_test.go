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
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/trace"
)

// ticksKind asks which of two there are: each press ticks one, "done" answers.
type ticksKind struct{}

func (ticksKind) Word() string                 { return "ticks" }
func (ticksKind) Doc() string                  { return "several at once" }
func (ticksKind) Parts() []ask.Part            { return nil }
func (ticksKind) Read(ask.Reader) ask.Question { return ticks{} }

type ticks struct {
	ask.ByButtons
	ask.ForEverybody
	ask.Unmeasured
	ask.OneText
}

func (ticks) Caption() string  { return "ticks" }
func (ticks) Values() []string { return nil }
func (ticks) Texts() []ask.Text {
	return []ask.Text{{Key: "a", Label: true}, {Key: "b", Label: true}, {Key: "done", Label: true}}
}

func (ticks) Buttons(v ask.View) [][]ask.Button {
	ticked := strings.Fields(v.Draft().Str)
	var list []ask.Button
	for _, sign := range []string{"a", "b"} {
		then := append(slices.Clone(ticked), sign)
		slices.Sort(then)
		draft := ask.Draft(flows.TextOf(strings.Join(slices.Compact(then), " ")))
		list = append(list, ask.Button{Label: v.Text(sign), Data: sign, Does: draft})
	}
	done := ask.Answer("done", flows.TextOf(strings.Join(ticked, " ")))
	return ask.Rows(append(list, ask.Button{Label: v.Text("done"), Data: "done", Does: done}), 3)
}

func (ticks) Keep(s *flows.State, step string, answer flows.Value) { s.SetVar(step, answer) }
func (ticks) Label(_ ask.View, answer flows.Value) string          { return ask.Plain(answer) }
func (ticks) Longest(ask.View) int                                 { return 40 }
func (ticks) Possible(_ ask.View, step string) []ask.Possible {
	return []ask.Possible{ask.AnyText(step)}
}

func (ticks) Samples(ask.View, ask.Notable) ask.Samples {
	return ask.Samples{Presses: []string{"a", "b", "done"}}
}

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
  - {id: signs, ask: ticks, next: [{when: 'signs == "a b"', to: both}, {to: more}]}
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

const ticksTexts = `
signs: {text: "Which?", a: A, b: B, done: Done}
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
func small(t *testing.T) *lang.Catalog {
	t.Helper()
	c, err := catalog.Load(fstest.MapFS{
		"care.yaml": {Data: []byte(ticksFlow)}, "halt.yaml": {Data: []byte(haltFlow)}, "rest.yaml": {Data: []byte(restFlow)},
		"texts/en.yaml": {Data: []byte(ticksTexts)},
	}, "UTC", catalog.Questions(append(ask.Kinds(), ticksKind{})...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestDrafts: what is put together leaves no entry, and neither does that somebody
// was there; typed words leave what they mean.
func TestDrafts(t *testing.T) {
	c := small(t)
	for name, src := range map[string]string{
		"both":           "> /care\n> press a\n> press b\n> press done\n> text 4,5",
		"one":            "> /care\n> press b\n> press done\n> text go on\n",
		"none":           "> /care\n> press done\n> text x\n",
		"a refusal":      "> /care\n> press a\n> press b\n> press done\n> text ten\n> text 9",
		"somebody there": "> /care\n> wait 30h\n> press a\n> wait 30h\n> press b\n> press done\n",
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
			list[i]["value"] = "a c"
			if got := judged(t, c, list)[0]; got.Verdict != trace.Refused {
				t.Errorf("an answer that no presses make is %s", got.Verdict)
			}
		})
	}
}

// TestBegunByATimer: the first timeline that is kept may have begun by itself, and then
// nothing comes at once.
func TestBegunByATimer(t *testing.T) {
	c := small(t)
	d := newDiary(c)
	d.play(t, "> /care\n> press done\n> wait 9d\n> wait 5h\n> text 4\n")
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
