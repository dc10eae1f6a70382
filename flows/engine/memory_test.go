package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
	"spasmbot/flows/transcript"
)

// pastFlow keeps of each episode what set it off.
const pastFlow = `
flow: spasm
episode: true
commands: [spasm]
while: [idle, spasm]
remember: [taste]
history: cause
steps:
  - {id: taste, when: 'taste == ""', ask: choice, choices: {cold: {}, warm: {}}, wait: {timeout: 90d, next: over}}
  - {id: cause, ask: choice, choices: {lift: {set: {onset: now}}, sneeze: {set: {onset: now}}, none: {next: hub}}, wait: {timeout: 90d, next: over}}
  - {id: first, start: look}
  - {id: hub, ask: choice, choices: {over: {}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
reminders:
  look: {every: 2h, most_per_day: 3}
`

const pastTexts = `
taste: {text: "?", cold: Cold, warm: Warm}
cause: {text: "?", lift: Lift, sneeze: Sneeze, none: None}
hub: {text: "?", over: Over}
look: {text: look}
`

func (p *person) scope() lang.Scope {
	s := p.state()
	return engine.Scope(p.Catalog, &s, p.Now)
}

// TestRemember: an episode knows of the one before only what is to be
// remembered; a stop in the middle forgets nothing of that.
func TestRemember(t *testing.T) {
	p := newPerson(t, tiny(t, pastFlow, pastTexts))
	p.does(flows.Command{Name: "spasm"})
	p.presses("warm")
	p.presses("lift")
	p.waits(time.Hour, nil)
	p.does(flows.Command{Name: "stop"})
	s := p.state()
	if s.Var("cause").Str != "lift" || s.Var("taste").Str != "warm" {
		t.Errorf("what an episode has left is gone before the next: %+v", s.Vars)
	}
	p.does(flows.Command{Name: "spasm"})
	s = p.state()
	if s.At.Step != "cause" || s.Var("taste").Str != "warm" || s.Var("cause") != (flows.Value{}) {
		t.Errorf("at %s with %+v", s.At.Step, s.Vars)
	}
	if got := p.scope().Lookup("cause"); got != "" {
		t.Errorf("what is forgotten is %#v", got)
	}
}

// TestCountsOfAnEpisode: what bounds a day and a gap goes on over an episode's end;
// what counts an episode begins anew.
func TestCountsOfAnEpisode(t *testing.T) {
	p := newPerson(t, tiny(t, pastFlow, pastTexts))
	p.does(flows.Command{Name: "spasm"})
	p.presses("warm")
	p.presses("lift")
	p.waits(3*time.Hour, nil)
	p.presses("over")
	p.does(flows.Command{Name: "spasm"})
	if sc := p.scope(); sc.RoundsTotal("look") != 0 || sc.RoundsToday("look") != 2 {
		t.Errorf("%d of the episode, %d of today", sc.RoundsTotal("look"), sc.RoundsToday("look"))
	}
	p.presses("lift")
	p.waits(20*time.Hour, nil)
	if got := days(p.fired("look")); !strings.HasPrefix(got, "Mon 12:00, Mon 14:00, Mon 16:00, Tue 00:00") {
		t.Errorf("it came at %s", got)
	}
}

// TestHistory: episodes are counted by when they began, those alike by what set
// them off. The live one is none of them, and one without an onset never was.
func TestHistory(t *testing.T) {
	p := newPerson(t, tiny(t, pastFlow, pastTexts))
	const days = 24 * time.Hour
	count := func() string {
		sc := p.scope()
		return fmt.Sprint(sc.Episodes(60*days, false), sc.Episodes(60*days, true), sc.Episodes(5*days, false))
	}
	for i, step := range []struct{ cause, during, after string }{
		{"lift", "0 0 0", "1 1 1"},
		{"sneeze", "1 0 0", "2 1 1"},
		{"none", "2 0 0", "2 0 0"}, // nobody has told an onset
		{"lift", "2 1 0", "3 2 1"},
	} {
		p.does(flows.Command{Name: "spasm"})
		if i == 0 {
			p.presses("cold")
		}
		p.presses(step.cause)
		during := count()
		p.presses("over")
		if after := count(); during != step.during || after != step.after {
			t.Errorf("%d: %s in it, %s after it; want %s, %s", i, during, after, step.during, step.after)
		}
		p.waits(10*days, nil)
	}
	if n := len(p.state().Past); n != 3 {
		t.Errorf("%d episodes are kept, one had no onset", n)
	}
	s := p.state()
	s.SetVar("cause", flows.TextOf(""))
	s.Past = append(slices.Clone(s.Past), flows.Past{Flow: "spasm", Onset: p.Now})
	if got := engine.Scope(p.Catalog, &s, p.Now).Episodes(60*days, true); got != 0 {
		t.Errorf("two that nobody told the cause of count as alike: %d", got)
	}
	p.waits(25*days, nil) // the first began 65 days ago
	if got := count(); got != "2 1 0" {
		t.Errorf("later %s", got)
	}
	for range 25 {
		p.does(flows.Command{Name: "spasm"})
		p.presses("lift")
		p.does(flows.Command{Name: "spasm"}) // begun anew: the one before has ended
	}
	if n := len(p.state().Past); n != 20 {
		t.Errorf("%d episodes are kept", n)
	}
	s = p.state()
	if s.Past[0].Flow != "spasm" || s.Past[19].Mark != "lift" || !s.Past[19].Onset.Equal(p.Now) {
		t.Errorf("kept are %+v", s.Past)
	}
}

// TestWhileNames: a command applies in the episodes that its flow names.
func TestWhileNames(t *testing.T) {
	c := tinyWith(t, pastFlow, pastTexts+"other_one: {text: other}\nother_hub: {text: hub, ok: OK}\nidle_one: {text: idle}\n", map[string]string{
		"other.yaml": "flow: other\nepisode: true\ncommands: [other]\nworse: worse\nstop: stop\nwhile: idle\nsteps:\n  - {id: other_hub, ask: choice, choices: {ok: {}}, wait: {timeout: 1d, next: other_end}}\n  - {id: other_end, end: other}\n",
		"here.yaml":  "flow: here\ncommands: [look]\nwhile: [other, idle]\nsteps:\n  - {id: other_one}\n",
		"there.yaml": "flow: there\ncommands: [look]\nwhile: spasm\nsteps:\n  - {id: idle_one}\n",
	})
	p := newPerson(t, c)
	said := func(want string) {
		t.Helper()
		n := len(p.Chat)
		p.does(flows.Command{Name: "look"})
		if got := p.Chat[n].Text; got != want {
			t.Errorf("in %q /look says %q, want %q", p.scope().Episode(), got, want)
		}
	}
	said("other")
	p.does(flows.Command{Name: "spasm"})
	said("idle")
	p.does(flows.Command{Name: "other"}) // not in an episode of spasm
	if got := p.scope().Episode(); got != "spasm" || !strings.HasPrefix(p.last(), "c\n\n") {
		t.Errorf("in %q, told %q", got, p.last())
	}
	p.does(flows.Command{Name: "stop"})
	p.does(flows.Command{Name: "other"})
	said("other")
	if got := p.scope().Episode(); got != "other" {
		t.Errorf("in %q", got)
	}
}

// TestEndLeadsOn: behind the end of an episode a flow goes on without it: it can
// say, ask and wait, and begin another episode.
func TestEndLeadsOn(t *testing.T) {
	c := tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: go_cold, start: cold}
  - {id: hub, ask: choice, choices: {over: {}}, wait: {timeout: 90d, next: over}}
  - {id: over, set: {result: '"good"'}, end: over, next: [{when: not live, to: bye}, {to: hub}]}
  - {id: bye}
  - {id: well, ask: choice, choices: {yes: {next: thanks}, no: {}}, wait: {timeout: 2h, next: silence}}
  - {id: anew, call: other}
  - {id: thanks, end: thanks}
  - {id: silence, end: silence}
rounds:
  cold: {hold: 20m, gap: 2h}
`, `
hub: {text: "?", over: Over}
bye: {text: "Bye, {result}."}
well: {text: "Well?", yes: "Yes", no: "No"}
thanks: {text: Thanks.}
cold-on: {text: "on"}
cold-off: {text: "off"}
other_hub: {text: "Other?", ok: OK}
`, map[string]string{
		"other.yaml": "flow: other\nepisode: true\nworse: worse\nstop: stop\nsteps:\n  - {id: other_hub, ask: choice, choices: {ok: {}}, wait: {timeout: 1d, next: other_end}}\n  - {id: other_end, end: other}\n",
	})
	ended := func() *person {
		p := newPerson(t, c)
		p.does(flows.Command{Name: "spasm"})
		p.waits(5*time.Minute, nil)
		p.presses("over")
		s := p.state()
		if s.Episode.Live() || s.Episode.Outcome != "over" || s.At.Step != "well" || len(s.Pending) != 1 || p.last() != "Well?" {
			t.Fatalf("%v, %+v", p, s.Episode)
		}
		return p
	}
	p := ended()
	if !slices.ContainsFunc(p.Chat, func(m transcript.Message) bool { return m.Text == "Bye, good." }) {
		t.Errorf("the flow did not go on: %+v", p.Chat)
	}
	p.presses("yes")
	if s := p.state(); s.Episode.Outcome != "over" || s.At.Step != "" || len(s.Pending) != 0 || p.last() != "Thanks." {
		t.Errorf("%v, %+v, told %q", p, s.Episode, p.last())
	}
	p = ended()
	p.waits(3*time.Hour, nil)
	if s := p.state(); s.Episode.Outcome != "over" || s.At.Step != "" || len(s.Pending) != 0 {
		t.Errorf("after silence %v, %+v", p, s.Episode)
	}
	p = ended()
	p.presses("no")
	if s := p.state(); s.Episode.Flow != "other" || !s.Episode.Live() || s.Episode.Number != 2 || s.At.Step != "other_hub" || len(s.Stack) != 0 {
		t.Errorf("%v, %+v", p, s.Episode)
	}
}

// tongues is a flow that asks for the language.
func tongues(t *testing.T, more map[string]string) *lang.Catalog {
	t.Helper()
	return tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: tongue, ask: language, next: hello, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
  - {id: hello, ask: choice, choices: {again: {next: tongue}, over: {next: over}}, wait: {timeout: 90d, next: over}}
`, tongueTexts, more)
}

const tongueTexts = `
tongue: {text: "Language?"}
hello: {text: "Hello {tongue}", again: Again, over: Over}
`

// TestAskLanguage: with one language nobody is asked; with two, the answer is
// the person's language from the next word on.
func TestAskLanguage(t *testing.T) {
	p := newPerson(t, tongues(t, nil))
	p.does(flows.Command{Name: "spasm"})
	if s := p.state(); s.At.Step != "hello" || s.Lang != "" {
		t.Fatalf("with one language: %v", p)
	}
	p = newPerson(t, tongues(t, map[string]string{"texts/de.yaml": tinyTexts + strings.NewReplacer("Hello", "Hallo", "Language?", "Sprache?").Replace(tongueTexts)}))
	p.does(flows.Command{Name: "spasm"})
	keys := slices.Concat(p.Chat[0].Keyboard...)
	if len(keys) != 2 || keys[0].Label != "de" || keys[1].Label != "en" {
		t.Fatalf("offered are %+v", keys)
	}
	for _, odd := range []string{"fr", "", "en.de"} {
		d, _ := button.Parse(keys[0].Data)
		d.Choice = odd
		p.does(flows.Button{Data: d.String(), Message: 1})
		if s := p.state(); s.At.Step != "tongue" || s.Lang != "" {
			t.Fatalf("%q was taken: %v", odd, p)
		}
	}
	p.does(flows.Text{Text: "fr"})
	if s := p.state(); s.At.Step != "tongue" || s.Lang != "" {
		t.Fatalf("a language without texts was taken: %v", p)
	}
	p.presses("de")
	if s := p.state(); s.Lang != "de" || s.At.Step != "hello" || p.last() != "Hallo de" && p.Chat[0].Text != "Hallo de" {
		t.Fatalf("after de: %v, told %q", p, p.last())
	}
	p.presses("again")
	p.presses("en")
	if s := p.state(); s.Lang != "en" || s.Var("tongue").Str != "en" {
		t.Errorf("after en: %q, %+v", s.Lang, s.Vars)
	}
}

// TestLanguageNames: the buttons say what the texts call themselves.
func TestLanguageNames(t *testing.T) {
	named := func(name string) string {
		return strings.Replace(tinyTexts, "system: {", "system: {language: "+name+", ", 1) + tongueTexts
	}
	p := newPerson(t, tongues(t, map[string]string{"texts/en.yaml": named("English"), "texts/de.yaml": named("Deutsch")}))
	p.does(flows.Command{Name: "spasm"})
	keys := slices.Concat(p.Chat[0].Keyboard...)
	if len(keys) != 2 || keys[0].Label != "Deutsch" || keys[1].Label != "English" {
		t.Errorf("offered are %+v", keys)
	}
	p.presses("English")
	if got := p.state().Lang; got != "en" {
		t.Errorf("chosen is %q", got)
	}
}

// TestLastHeard: presses, words and pictures are heard; timers and a block are
// not.
func TestLastHeard(t *testing.T) {
	p := newPerson(t, tiny(t, remindFlow("every: 2h, when: hours_since(last_heard) < 5"), remindTexts+lookText))
	p.does(flows.Command{Name: "spasm"})
	p.waits(3*time.Hour, nil)
	heard := func(want time.Time) {
		t.Helper()
		if got := p.scope().Heard(); !got.Equal(want) {
			t.Errorf("heard at %v, want %v", got, want)
		}
	}
	heard(noon)
	p.presses("Skip")
	heard(p.Now)
	at := p.Now
	p.waits(20*time.Hour, nil)
	heard(at)
	if got := days(p.fired("look")); got != "Mon 12:00, Mon 14:00, Mon 16:00, Mon 18:00" {
		t.Errorf("reminded at %s", got)
	}
	p.does(flows.Blocked{})
	heard(at)
	p.does(flows.Unblocked{})
	heard(at)
	for _, ev := range []flows.Event{flows.Text{Text: "hello"}, flows.Unsupported{What: "photo"}, flows.Button{Data: "nonsense"}, flows.Command{Name: "nonsense"}} {
		p.waits(time.Minute, nil)
		p.does(ev)
		heard(p.Now)
	}
}
