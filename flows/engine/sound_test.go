package engine_test

import (
	"cmp"
	"strings"
	"testing"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// soundTexts belong to the flows of these tests.
const soundTexts = `
hub: {text: Hub, sip: Sip, pack: Pack, short: Short, long: Long, over: Over}
rest: {text: Rest, ok: OK}
pause: {text: Pause, ok: OK}
rested: {text: Rested}
asked: {text: "See?", red: Red}
looked: {text: Looked}
drink: {text: Drink}
pack-on: {text: "On"}
pack-check: {text: See}
pack-off: {text: "Off"}
`

// soundFlow has a track of each sort, whose figures a test gives, and questions that
// wait for a minute and for ten.
func soundFlow(t *testing.T, drink, look, pack, looks string) *lang.Catalog {
	t.Helper()
	return tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
default_wait: {timeout: 90d, next: over}
steps:
  - {id: go_look, start: look}
  - id: hub
    ask: choice
    choices: {sip: {next: go_sip}, pack: {next: go_pack}, short: {next: rest}, long: {next: pause}, over: {}}
  - {id: over, end: over}
  - {id: go_sip, start: drink, next: hub}
  - {id: go_pack, start: pack, next: hub}
  - {id: rest, ask: choice, choices: {ok: {}}, wait: {nudge: 30s, timeout: 1m, next: rested}}
  - {id: rested, next: hub}
  - {id: pause, ask: choice, choices: {ok: {}}, wait: {nudge: 1m, timeout: 10m, next: rested}, next: rested}
rounds:
  pack: {`+pack+`}
reminders:
  drink: {`+drink+`}
  look: {run: looks, `+look+`}
`, soundTexts, map[string]string{"looks.yaml": "flow: looks\n" + looks})
}

const (
	plainLooks  = "steps: [{id: looked}, {id: asked, ask: choice, choices: {red: {}}, wait: {timeout: 1h, next: return}}]\n"
	urgentLooks = "urgent: true\n" + plainLooks
)

// spoken is what is said in a conversation: "♪" with a sound, "_" without.
func spoken(t *testing.T, c *lang.Catalog, script string) string {
	t.Helper()
	p := newPerson(t, c)
	var said []string
	for line := range strings.Lines(script) {
		p.must(p.Input(strings.TrimSpace(line), func() {
			for _, e := range p.Effects {
				say, ok := e.(flows.Say)
				switch {
				case !ok || say.Message.Edit != 0 || say.Message.Of != 0:
				case say.Message.Silent:
					said = append(said, "_"+say.Message.Text)
				default:
					said = append(said, "♪"+say.Message.Text)
				}
			}
		}))
	}
	return strings.ReplaceAll(strings.Join(said, " "), "\n\n", "/")
}

// TestSound: what answers the person is silent, and what a timer sets off is heard,
// unless a wait ends soon behind the last thing that the person did, or a question that
// was interrupted is asked again. Take-offs, looks,
// nudges and what looks after warning signs are heard in any case, but for the take-offs
// of calls that nobody answers, from the second in a row on.
func TestSound(t *testing.T) {
	const (
		never  = "every: 90d, first: 90d"
		hourly = "every: 1h, first: 1h"
		aPack  = "hold: 20m, check: 10m, gap: 3h"
	)
	for name, test := range map[string]struct {
		drink, look, pack, looks string
		script, want             string
	}{
		"a command, a press, words, a picture": {
			script: "/spasm\npress long\ntext what\nwait 61s\nsends photo\n/nonsense\n/stop\n/stop", want: "_Hub _b/Pause ♪n/Pause _u/Pause _c _c",
		},
		"a wait ends soon":          {script: "/spasm\npress short\nwait 61s", want: "_Hub ♪n/Rest _Rested _Hub"},
		"soon after words":          {script: "/spasm\npress long\nwait 9m\ntext what\nwait 1m", want: "_Hub ♪n/Pause _b/Pause _Rested _Hub"},
		"a wait ends later":         {script: "/spasm\npress long\nwait 11m", want: "_Hub ♪n/Pause ♪Rested ♪Hub"},
		"a reminder":                {drink: hourly, script: "/spasm\npress sip\nwait 1h", want: "_Hub ♪Drink"},
		"soon behind a press":       {drink: hourly, script: "/spasm\npress sip\nwait 59m\npress long\nwait 1m", want: "_Hub ♪Drink ♪n/Pause"},
		"a silent one":              {drink: hourly + ", silent: true", script: "/spasm\npress sip\nwait 1h", want: "_Hub _Drink"},
		"one that is asked for":     {drink: "every: 1h", script: "/spasm\npress sip\nwait 61m", want: "_Hub _Drink ♪Drink"},
		"asked for, and late":       {drink: "every: 1h", script: "/spasm\npress sip\ndown 3m", want: "_Hub ♪Drink/Hub"},
		"a round":                   {pack: aPack + ", first: 1h", script: "/spasm\npress pack\nwait 61m\npress on\nwait 1h", want: "_Hub ♪On ♪See ♪Off"},
		"rounds nobody answers":     {pack: aPack + ", first: 1h", script: "/spasm\npress pack\nwait 5h", want: "_Hub ♪On ♪Off ♪On _Off"},
		"a round that is asked for": {pack: aPack, script: "/spasm\npress pack\nwait 30m", want: "_Hub _On ♪See ♪Off"},
		"a silent round":            {pack: aPack + ", first: 1h, silent: true", script: "/spasm\npress pack\nwait 61m\npress on\nwait 1h", want: "_Hub _On ♪See ♪Off"},
		"a take-off soon":           {pack: aPack, script: "/spasm\npress pack\nwait 19m\npress long\nwait 1m", want: "_Hub _On ♪See _Pause ♪Off ♪n/Pause"},
		"a take-off as an answer":   {pack: aPack, script: "/spasm\npress pack\nwait 1m\n/stop", want: "_Hub _On ♪Off"},
		"a flow":                    {look: "once: 1h", script: "/spasm\nwait 1h", want: "_Hub ♪Looked ♪See?"},
		"a silent flow":             {look: "once: 1h, silent: true", script: "/spasm\nwait 1h", want: "_Hub _Looked _See?"},
		"back to what waited":       {look: "once: 1h", script: "/spasm\nwait 2h", want: "_Hub ♪Looked ♪See? _Hub"},
		"after an absence":          {look: "once: 1h", script: "/spasm\nwait 5m\ndown 20m", want: "_Hub _Hub"},
		"an urgent one":             {look: "once: 1h, silent: true", looks: urgentLooks, script: "/spasm\nwait 1h", want: "_Hub ♪Looked ♪See?"},
	} {
		t.Run(name, func(t *testing.T) {
			c := soundFlow(t, cmp.Or(test.drink, never), cmp.Or(test.look, never), cmp.Or(test.pack, aPack), cmp.Or(test.looks, plainLooks))
			if got := spoken(t, c, test.script); got != test.want {
				t.Errorf("%s\ngot  %s\nwant %s", test.script, got, test.want)
			}
		})
	}
}

// TestSoundAfterAnEdit: a question that was edited away goes on when its timer comes
// due, and is heard unless the person has just been here.
func TestSoundAfterAnEdit(t *testing.T) {
	const head, texts = `
flow: spasm
episode: true
commands: [spasm]
steps:
`, "hub: {text: Hub, more: More}\nnew: {text: New, more: More}\n"
	const rest = `
  - {id: new, ask: choice, choices: {more: {}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
`
	for wait, silent := range map[string]bool{"2m": true, "3m": false} {
		p := newPerson(t, tiny(t, head+"  - {id: hub, ask: choice, choices: {more: {}}, wait: {timeout: "+wait+", next: over}}"+rest, texts))
		p.does(flows.Command{Name: "spasm"})
		p.Catalog = tiny(t, head+"  - {id: hub}"+rest, strings.Replace(texts, ", more", "} #", 1))
		p.must(p.Input("wait next", func() {}))
		for _, said := range []string{"Hub", "New"} {
			if m := p.message(said); m.Text != said || m.Silent != silent {
				t.Errorf("%s later %q is said, silent %v", wait, m.Text, m.Silent)
			}
		}
	}
}
