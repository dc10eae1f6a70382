package checker

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// small is a catalog with what the shipped one does not use: typed answers, a
// measurement, derived variables, and invariants on steps that say nothing.
const small = `
flow: care
version: 1
episode: true
commands: [care]
while: idle
stop: halt
worse: sink
waking: {from: "08:00", to: "22:00"}
default_wait: {timeout: 6h, next: gone}
steps:
  - id: weight
    ask: number
    least: 30
    most: 200
    set: {heavy: weight > 120}
  - id: code
    ask: text
    least: 2
    most: 9
    pattern: '[a-z]+'
    next: [{when: code == "secret", to: hidden}, {to: pain}]
  - id: hidden
    start: pills
  - id: pain
    ask: scale
    measure: pain
    next: [{when: pain_now > 7, to: bad}, {to: pack_start}]
  - id: bad
    next: pain
  - id: pack_start
    set: {onset: "now - 1h"}
    start: pack
  - id: rest
    ask: choice
    choices:
      again: {next: pain}
      fine: {next: over}
    wait: {until: onset + 30h, next: over}
  - id: over
    end: over
  - id: gone
    end: gone
rounds:
  pack: {hold: 30m, gap: 3h, least_gap: 3h, most_per_day: 4, hours: waking, until: onset + 20h, late: expire}
reminders:
  pills: {at: ["09:00", "21:30"], hours: waking, until: onset + 25h, late: drop}
`

const smallTexts = `
weight: {text: How heavy?, invalid: A number.}
code: {text: The word?, invalid: Letters.}
pain: {text: How bad?}
bad: {text: Sorry.}
rest: {text: Rest., again: Again, fine: Fine}
over: {text: Over.}
pack-on: {text: On.}
pack-off: {text: Off.}
pills: {text: Pills.}
sunk: {text: Sorry.}
buttons: {done: D, skip: S, worse: W, stop: X, private: P}
system: {nudge: N, stale: S, unexpected: U, use_buttons: B, unknown_command: C, idle: I, group: G, updated: N, read_first: R}
`

func load(t *testing.T, flow string) *lang.Catalog {
	t.Helper()
	return loadWith(t, flow, smallTexts)
}

// loadWith loads a flow with texts, and more flows.
func loadWith(t *testing.T, flow, texts string, more ...string) *lang.Catalog {
	t.Helper()
	files := fstest.MapFS{
		"care.yaml":     {Data: []byte(flow)},
		"halt.yaml":     {Data: []byte("flow: halt\nversion: 1\ncommands: [halt]\nwhile: live\nsteps: [{id: halted, end: halted}]")},
		"sink.yaml":     {Data: []byte("flow: sink\nversion: 1\nsteps: [{id: sunk}]")},
		"texts/en.yaml": {Data: []byte(texts)},
	}
	for i, src := range more {
		files[fmt.Sprintf("more%d.yaml", i)] = &fstest.MapFile{Data: []byte(src)}
	}
	c, err := catalog.Load(files, "Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func names(r Report) []string {
	var list []string
	for _, v := range r.Violations {
		list = append(list, v.Invariant)
	}
	return list
}

// TestSmall: answers that matter are found, whatever their kind, and steps that
// leave no trace are seen.
func TestSmall(t *testing.T) {
	if r := Check(load(t, small), Options{}); len(r.Violations) > 0 || r.States < 50 {
		t.Fatalf("%+v", r)
	}
	for invariant, last := range map[string]string{
		`{before: over, require: weight < 120}`:               "> press fine",
		`{never: pack_start, while: weight == 77.5}`:          "> press 0",
		`{never: pack_start, while: heavy}`:                   "> press 0",
		`{never: hidden, while: "true"}`:                      "> text secret",
		`{never: bad, while: pain_first <= 7}`:                "> press 8",
		`{never: pack, while: local_hour > 15.5}`:             "> wait 3h30m0s",
		`{never: pills, while: rounds_today("pack") > 1}`:     "> wait 8h30m0s",
		`{before: rest, require: weight < 100 or code == ""}`: "> press 0",
	} {
		c := load(t, small+"invariants:\n  - "+invariant+"\n")
		r := Check(c, Options{})
		if len(r.Violations) != 1 {
			t.Errorf("%s: broken are %q", invariant, names(r))
			continue
		}
		v := r.Violations[0]
		if got := v.Path[len(v.Path)-1]; got != last || !strings.HasPrefix(v.Source, "care.yaml:") {
			t.Errorf("%s: %s %s ends with %q, want %q\n%s", invariant, v.Source, v.What, got, last, strings.Join(v.Path, "\n"))
		}
	}
}

// TestRules: the walk holds the engine against stricter figures than those it
// goes by, and finds each rule broken.
func TestRules(t *testing.T) {
	for rule, stricter := range map[string]func(*lang.TrackSpec){
		RuleGap:     func(s *lang.TrackSpec) { s.LeastGap = 4 * time.Hour },
		RuleMost:    func(s *lang.TrackSpec) { s.MostPerDay = 2 },
		RuleTakeOff: func(s *lang.TrackSpec) { s.Hold = 31 * time.Minute },
		RuleBounds:  func(s *lang.TrackSpec) { s.From, s.Until = s.Until, nil },
		RuleWaking:  func(s *lang.TrackSpec) { s.Waking = true },
	} {
		flow := small
		if rule == RuleWaking {
			flow = strings.Replace(flow, "hours: waking, until: onset + 20h", "hours: any, until: onset + 20h", 1)
		}
		m := newSubject(load(t, flow))
		for i, spec := range m.tracks {
			if own := *spec; own.Round() {
				stricter(&own)
				m.tracks[i] = &own
			}
		}
		if r := m.check(Options{}); !slices.Contains(names(r), rule) {
			t.Errorf("%q was not found; broken are %q", rule, names(r))
		}
	}
}

// TestGapOfAReminder: a reminder that comes sooner than it may is found, by the
// least gap that the flow gives and by the pause that it names.
func TestGapOfAReminder(t *testing.T) {
	flow := strings.Replace(small, `{at: ["09:00", "21:30"], hours: waking, until: onset + 25h, late: drop}`, "{every: 5h, until: onset + 25h}", 1)
	for name, stricter := range map[string]func(*lang.TrackSpec){
		"least gap": func(s *lang.TrackSpec) { s.LeastGap = 6 * time.Hour },
		"every":     func(s *lang.TrackSpec) { s.Gap = 6 * time.Hour },
	} {
		m := newSubject(load(t, flow))
		for i, spec := range m.tracks {
			if own := *spec; !own.Round() {
				stricter(&own)
				m.tracks[i] = &own
			}
		}
		if r := m.check(Options{}); !slices.Contains(names(r), RuleGap) {
			t.Errorf("by the %s nothing was found; broken are %q", name, names(r))
		}
	}
}

// mute is a question that nothing can answer.
type mute struct{ ask.Question }

func (mute) Buttons(ask.View) [][]ask.Button { return nil }

// TestFaults: what no loaded catalog can do, since the loader refuses it, would
// be seen too.
func TestFaults(t *testing.T) {
	for rule, spoil := range map[string]func(rest *lang.Step){
		RuleCycle: func(s *lang.Step) { s.Action, s.Question, s.Next = lang.ActSay, nil, []lang.Branch{{To: "rest"}} },
		RuleWayOn: func(s *lang.Step) { s.Question, s.Choices, s.Wait = mute{s.Question}, nil, nil },
	} {
		c := load(t, small)
		f := c.Flow("care")
		f.Steps[f.Step("pack_start")].Action = lang.ActGo
		spoil(&f.Steps[f.Step("rest")])
		if r := Check(c, Options{}); !slices.Contains(names(r), rule) {
			t.Errorf("%q was not found; broken are %q", rule, names(r))
		}
	}
	w := &watcher{turn: &turn{}}
	w.message(flows.Message{Text: strings.Repeat("ä<b>😀</b>", 1366)})
	w.message(flows.Message{Text: strings.Repeat("x", 1025), Picture: "back"})
	w.message(flows.Message{Text: "x", Keyboard: [][]flows.Key{{{Label: "A", Data: strings.Repeat("x", 65)}}}})
	w.message(flows.Message{Text: strings.Repeat("x", 4096), Keyboard: [][]flows.Key{{{Label: "A", Data: "x"}}}})
	if len(w.list) != 3 {
		t.Errorf("of three messages beyond the limits these were found: %+v", w.list)
	}
}

// TestFirst: what lies farther than the nearest violation is left out, and the
// report is the same every time.
func TestFirst(t *testing.T) {
	c := load(t, small+"invariants:\n  - {never: weight, while: \"true\"}\n  - {never: pack, while: \"true\"}\n")
	all, first := Check(c, Options{}), Check(c, Options{First: true})
	if len(all.Violations) != 2 || len(first.Violations) != 1 || first.States >= all.States {
		t.Fatalf("all: %+v, first: %+v", all, first)
	}
	if again := Check(c, Options{}); !reflect.DeepEqual(all, again) {
		t.Fatal("the same check found something else")
	}
}

// TestIncomplete: a walk that is cut short says so.
func TestIncomplete(t *testing.T) {
	r := Check(load(t, small), Options{MaxStates: 20})
	if !r.Incomplete || r.States > 20 {
		t.Fatalf("%+v", r)
	}
}

// TestShares: all walks are made, whichever is the first to begin, and together they
// keep no more than they may.
func TestShares(t *testing.T) {
	c := load(t, small)
	for _, most := range []int{len(Walks(c)), 100, 101} {
		r := Check(c, Options{MaxStates: most, First: true})
		for _, w := range r.Walks {
			if w.States == 0 || r.States > most {
				t.Errorf("of %d states the walk %s has %d, and all have %d", most, w.Name, w.States, r.States)
			}
		}
	}
}
