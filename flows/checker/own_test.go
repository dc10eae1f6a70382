package checker

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
)

// asked is a catalog in which people ask for rounds, set figures of their own,
// and are asked by reminders. It keeps what is promised of it.
var asked = map[string]string{
	"care.yaml": `
flow: care
version: 1
episode: true
commands: [care]
while: idle
stop: halt
worse: sink
history: safe
default_wait: {timeout: 6h, next: over}
steps:
  - {id: tongue, ask: language}
  - {id: minutes, ask: number, least: 5, most: 60}
  - {id: safe, ask: choice, choices: {none: {}, any: {}}, set: {onset: now}}
  - {id: often, when: episodes_in(60d) > 1 and safe == "none"}
  - {id: alike, when: alike_in(60d) > 1 and safe == "none"}
  - {id: look_start, start: look}
  - {id: drink_start, start: drink}
  - {id: nap_start, start: nap}
  - {id: hub, ask: choice, choices: {over: {}}, wait: {until: onset + 30h, next: over}}
  - {id: over, end: over, next: [{when: tongue == "de", to: german}, {to: bye}]}
  - {id: german, end: over}
  - {id: bye, end: over}
rounds:
  pack: {hold: in_minutes(minutes), most_hold: 20m, gap: in_hours(minutes / 20), least_gap: 1h, until: onset + 20h}
reminders:
  look: {once: 3h, when: safe == "none", run: seen}
  drink: {every: 7h, when: hours_since(last_heard) <= 24, late: drop, done: felt}
  nap: {once: 2h, when: minutes == 137}
`,
	"aid.yaml": `
flow: aid
version: 1
commands: [aid]
while: [care]
steps:
  - {id: aid_may, go: [{when: safe == "none", to: aid_begin}, {to: aid_no}]}
  - {id: aid_begin, begin: pack, next: return}
  - {id: aid_no}
`,
	"seen.yaml": `
flow: seen
version: 1
steps:
  - {id: quiet, go: [{when: hours_since(onset) < 2, to: return}, {to: looked}]}
  - {id: looked, ask: choice, choices: {yes: {}}, wait: {timeout: 1h, next: return}}
`,
	"felt.yaml": `
flow: felt
version: 1
steps:
  - {id: felt_how, go: [{when: safe == "none", to: fine}, {to: return}]}
  - {id: fine}
`,
	"halt.yaml": "flow: halt\nversion: 1\ncommands: [halt]\nwhile: care\nsteps: [{id: halted, end: halted}]",
	"sink.yaml": "flow: sink\nversion: 1\nsteps: [{id: sunk}]",
	"texts/en.yaml": `
tongue: {text: Tongue?}
minutes: {text: How long?, invalid: A number.}
safe: {text: Safe?, none: None, any: Any}
often: {text: Again.}
alike: {text: The same again.}
hub: {text: Here., over: Over}
bye: {text: Bye.}
aid_no: {text: No.}
looked: {text: Seen?, yes: Yes}
fine: {text: Fine.}
drink: {text: Drink.}
nap: {text: Sleep.}
pack-on: {text: On.}
pack-off: {text: Off.}
sunk: {text: Sorry.}
buttons: {done: D, skip: S, worse: W, stop: X, private: P}
system: {nudge: N, stale: S, unexpected: U, use_buttons: B, unknown_command: C, idle: I, group: G, updated: N}
`,
}

// loadAsked loads the catalog with a promise and with bugs, each "old → new".
func loadAsked(t *testing.T, promise string, bugs ...string) *lang.Catalog {
	t.Helper()
	files := make(fstest.MapFS)
	planted := 0
	for name, src := range asked {
		for _, b := range bugs {
			was, is, _ := strings.Cut(b, " → ")
			planted += strings.Count(src, was)
			src = strings.ReplaceAll(src, was, is)
		}
		if name == "care.yaml" && promise != "" {
			src += "invariants:\n  - " + promise + "\n"
		}
		files[name] = &fstest.MapFile{Data: []byte(src)}
	}
	if planted != len(bugs) {
		t.Fatalf("%d of %q are planted", planted, bugs)
	}
	files["texts/de.yaml"] = files["texts/en.yaml"]
	c, err := catalog.Load(files, "Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAsked: promises about what people ask for, and about what asks them, are
// kept, and found broken when the flow that keeps them has a bug.
func TestAsked(t *testing.T) {
	const wait = ", when: safe == \"none\", run → , run"
	for _, test := range []struct {
		promise string
		bugs    []string
		last    string // the move that breaks it
	}{
		{`{before: pack-on, require: safe.none}`, []string{`{when: safe == "none", to: aid_begin → {when: live, to: aid_begin`}, "> wait 0s"},
		{`{before: aid_begin, require: safe.none}`, []string{`{when: safe == "none", to: aid_begin → {when: live, to: aid_begin`}, "> /aid"},
		{`{before: look, require: safe.none}`, []string{wait}, "> wait 3h0m0s"},
		{`{never: look, while: safe == "any"}`, []string{wait, `hours_since(onset) < 2, to: return → live, to: return`}, "> wait 3h0m0s"}, // it says nothing
		{`{never: looked, while: hours_since(onset) < 2}`, []string{`once: 3h → once: 1h`, `hours_since(onset) < 2, to: return → not live, to: return`}, "> wait 1h0m0s"},
		{`{never: drink, while: hours_since(last_heard) > 24}`, []string{`when: hours_since(last_heard) <= 24, → `}, "> wait 28h0m0s"},
		{`{never: nap, while: live}`, []string{`minutes == 137 → minutes == 37`}, "> wait 2h0m0s"},
		{`{before: fine, require: safe.none}`, []string{`{when: safe == "none", to: fine → {when: live, to: fine`}, "> press done"},
		{`{never: often, while: safe == "any"}`, []string{`episodes_in(60d) > 1 and safe == "none" → episodes_in(60d) > 1`}, "> press any"},
		{`{never: alike, while: safe == "any"}`, []string{`alike_in(60d) > 1 and safe == "none" → alike_in(60d) > 1`}, "> press any"},
		{`{before: german, require: tongue == "de"}`, []string{`tongue == "de" → tongue != ""`}, "> wait 6h0m0s"},
	} {
		if r := Check(loadAsked(t, test.promise), Options{First: true}); len(r.Violations) > 0 {
			v := r.Violations[0]
			t.Errorf("without a bug %s %s\n%s", v.Invariant, v.What, strings.Join(v.Path, "\n"))
		}
		r := Check(loadAsked(t, test.promise, test.bugs...), Options{First: true})
		if len(r.Violations) != 1 || !strings.HasPrefix(r.Violations[0].Source, "care.yaml:") {
			t.Errorf("%s: broken are %q", test.promise, names(r))
			continue
		}
		v := r.Violations[0]
		if got := v.Path[len(v.Path)-1]; got != test.last {
			t.Errorf("%s: %s ends with %q, want %q\n%s", test.promise, v.What, got, test.last, strings.Join(v.Path, "\n"))
		}
	}
}

// TestNothingBehindAnEnd: what is started behind an end belongs to no episode.
func TestNothingBehindAnEnd(t *testing.T) {
	c := loadAsked(t, "", `{id: bye, end: over} → {id: bye, start: drink}
  - {id: halt_here, ask: scale}
  - {id: last, end: over}`, "bye: {text: Bye.} → halt_here: {text: Well?}")
	if r := Check(c, Options{First: true}); !slices.Contains(names(r), RuleNothing) {
		t.Errorf("broken are %q", names(r))
	}
}

// TestFiguresOfOnesOwn: the walk holds the engine against stricter bounds of
// what people may choose.
func TestFiguresOfOnesOwn(t *testing.T) {
	for rule, stricter := range map[string]func(*lang.TrackSpec){
		RuleGap:     func(s *lang.TrackSpec) { s.LeastGap = 2 * time.Hour },
		RuleTakeOff: func(s *lang.TrackSpec) { s.Hold = 10 * time.Minute },
		RuleBounds:  func(s *lang.TrackSpec) { s.From, s.Until = s.Until, nil },
		"":          func(*lang.TrackSpec) {},
	} {
		m := newSubject(loadAsked(t, ""))
		for i, spec := range m.tracks {
			if own := *spec; own.Round() {
				stricter(&own)
				m.tracks[i] = &own
			}
		}
		got := names(m.check(Options{}))
		if rule == "" && len(got) > 0 || rule != "" && !slices.Contains(got, rule) {
			t.Errorf("%q: broken are %q", rule, got)
		}
	}
}

// TestManyPredicates: a walk tells states apart by more conditions than fit into
// one word, and leaves out what does not fit any more.
func TestManyPredicates(t *testing.T) {
	c := loadAsked(t, "")
	m := newSubject(c)
	f := m.focus("many")
	for n := range maxPredicates + 9 {
		e, err := lang.CompileExpr(fmt.Sprintf("minutes == %d", n), c.Vars, lang.BoolType)
		if err != nil {
			t.Fatal(err)
		}
		f.conds.add(e)
	}
	if len(f.conds.list) != maxPredicates {
		t.Fatalf("%d conditions are kept", len(f.conds.list))
	}
	seen := make(map[string]bool)
	for n := range maxPredicates {
		w := m.stranger(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
		w.s.SetVar("minutes", flows.NumberOf(float64(n)))
		seen[string(f.conds.truth(w.scope(c), nil).write(nil))] = true
	}
	if len(seen) != maxPredicates {
		t.Errorf("%d of %d truths are told apart", len(seen), maxPredicates)
	}
}
