package checker

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"spasmbot/flows/catalog"
	"spasmbot/flows/checker/model"
	"spasmbot/flows/lang"
	"spasmbot/flows/transcript"
)

// asking is a flow that asks these questions, and then starts a reminder. Each
// word is the body of a step.
func asking(t *testing.T, promise string, steps ...string) *lang.Catalog {
	t.Helper()
	var flow strings.Builder
	flow.WriteString(`
flow: care
version: 1
episode: true
commands: [care]
while: idle
stop: halt
worse: sink
default_wait: {timeout: 6h, next: gone}
steps:
`)
	for _, s := range steps {
		flow.WriteString("  - " + s + "\n")
	}
	flow.WriteString(`
  - {id: warm_start, start: warm}
  - {id: hub, ask: choice, choices: {ok: {}}, next: hub, wait: {timeout: 60d, next: gone}}
  - {id: gone, end: gone}
reminders:
  warm: {every: 2h, late: drop}
invariants:
  - ` + promise + "\n")
	texts := smallTexts + "hub: {text: Hub?, ok: Ok}\ngone: {text: Gone.}\nwarm: {text: Warm.}\n"
	for _, id := range []string{"fever", "ache", "fall"} {
		if strings.Contains(flow.String(), "id: "+id) {
			texts += id + ": {text: " + id + "?, no: No, yes: Yes}\n"
		}
	}
	for i := range 10 {
		if strings.Contains(flow.String(), fmt.Sprintf("id: q%d,", i)) {
			texts += fmt.Sprintf("q%d: {text: q%d?, a: A, b: B}\n", i, i)
		}
	}
	used := make([]string, 0)
	for line := range strings.Lines(texts) {
		id, _, _ := strings.Cut(line, ":")
		if id == "buttons" || id == "system" || id == "sunk" || strings.Contains(flow.String(), "id: "+id+",") || id == "warm" {
			used = append(used, line)
		}
	}
	c, err := catalog.Load(fstest.MapFS{
		"care.yaml":     {Data: []byte(flow.String())},
		"halt.yaml":     {Data: []byte("flow: halt\nversion: 1\ncommands: [halt]\nwhile: live\nsteps: [{id: halted, end: halted}]")},
		"sink.yaml":     {Data: []byte("flow: sink\nversion: 1\nsteps: [{id: sunk}]")},
		"texts/en.yaml": {Data: []byte(strings.Join(used, ""))},
	}, "Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func yesOrNo(id string) string { return "{id: " + id + ", ask: choice, choices: {no: {}, yes: {}}}" }

func stopsAt(id string) string {
	return "{id: " + id + ", ask: choice, choices: {no: {}, yes: {next: gone}}}"
}

// sum asks ten times, and adds up.
func sum() []string {
	list := []string{"{id: zero, set: {score: \"0\"}, go: q0}"}
	for i := range 10 {
		list = append(list, fmt.Sprintf("{id: q%d, ask: choice, choices: {a: {set: {score: score + 5}}, b: {}}}", i))
	}
	return list
}

// TestProve: what walks merge before it matters is told apart in a model, and a
// promise that holds is seen to hold.
func TestProve(t *testing.T) {
	for name, test := range map[string]struct {
		promise string
		steps   []string
		want    Verdict
	}{
		"either, not asked": {
			`{never: warm, while: (fever == "yes" and ache == "yes") or fall == "yes"}`,
			[]string{yesOrNo("fever"), yesOrNo("ache"), stopsAt("fall")},
			Broken,
		},
		"either, asked": {
			`{never: warm, while: (fever == "yes" and ache == "yes") or fall == "yes"}`,
			[]string{yesOrNo("fever"), "{id: ache, ask: choice, choices: {no: {}, yes: {}}, next: [{when: fever == \"yes\" and ache == \"yes\", to: gone}, {to: fall}]}", stopsAt("fall")},
			Holds,
		},
		"a sum": {`{never: warm, while: score > 45}`, sum(), Broken},
		"a sum that is looked at": {
			`{never: warm, while: score > 45}`,
			append(sum(), "{id: high, go: [{when: score >= 50, to: gone}, {to: warm_start}]}"), Holds,
		},
		"what is not asked for is typed": {
			`{never: warm, while: fever == "yes"}`,
			[]string{"{id: weight, ask: number, least: 3, most: 200}", yesOrNo("fever")},
			Broken,
		},
		"only if nobody answers": {
			`{never: ache, while: fever == ""}`,
			[]string{"{id: fever, ask: choice, choices: {no: {next: gone}, yes: {next: gone}}, wait: {timeout: 6h, next: ache}}", yesOrNo("ache")},
			Broken,
		},
		"only behind Worse": {`{never: sunk, while: fever == "yes"}`, []string{yesOrNo("fever")}, Broken},
		"two variables": {
			`{never: warm, while: q0 == q1}`,
			[]string{"{id: q0, ask: choice, choices: {a: {}, b: {}}}", "{id: q1, ask: choice, choices: {a: {}, b: {}}}"},
			Broken,
		},
		"two variables that differ": {
			`{never: warm, while: q0 == q1}`,
			[]string{"{id: q0, ask: choice, choices: {a: {}, b: {}}}", "{id: q1, ask: choice, choices: {a: {}, b: {}}, next: [{when: q0 == q1, to: gone}, {to: warm_start}]}"},
			Holds,
		},
		"an instant": {
			`{never: hub, while: "now >= until"}`,
			[]string{"{id: fever, ask: choice, choices: {no: {}, yes: {}}, set: {until: now + 24h}}", "{id: ache, ask: choice, choices: {no: {}, yes: {}}, wait: {timeout: 48h, next: hub}}"},
			Broken,
		},
		"an instant that is looked at": {
			`{never: warm_start, while: "now >= until"}`,
			[]string{"{id: fever, ask: choice, choices: {no: {}, yes: {}}, set: {until: now + 24h}}", "{id: ache, ask: choice, choices: {no: {}, yes: {}}, next: [{when: now >= until, to: gone}, {to: warm_start}]}"},
			Holds,
		},
		"nothing that comes": {
			`{before: gone, require: fever == "yes"}`,
			[]string{"{id: fever, ask: choice, choices: {no: {}, yes: {}}}"},
			Broken,
		},
	} {
		c := asking(t, test.promise, test.steps...)
		proofs := newSubject(c).proofs(first(time.Time{}))
		p := proofs[0]
		for _, other := range proofs {
			if other.Verdict > p.Verdict || other.Verdict == Broken {
				p = other
			}
		}
		if p.Verdict != test.want {
			t.Errorf("%s: it %s, want that it %s: %s", name, p.Verdict, test.want, p.What)
		}
		if p.Verdict == Broken && slices.Contains(p.Path, "> text 2") {
			t.Errorf("%s: the path has something that is no answer: %q", name, p.Path)
		}
		if p.Verdict == Broken {
			if _, err := transcript.Play(c, strings.Join(p.Path, "\n")); err != nil {
				t.Errorf("%s: the path cannot be played: %v", name, err)
			}
		}
	}
}

// TestProveShipped: a sign that leads on is found, though other signs are asked
// for behind it.
func TestProveShipped(t *testing.T) {
	files := make(fstest.MapFS)
	if err := fs.WalkDir(catalog.Shipped(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(catalog.Shipped(), name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for planted, want := range map[bool]Verdict{false: Holds, true: Broken} {
		src := string(files["signs.yaml"].Data)
		if planted {
			was := src
			const told = `any: {set: {signs_ok: "false", owed: '"emergency"'}, next: `
			src = strings.Replace(src, told+"signs_found", told+"signs_clear", 1)
			if src == was {
				t.Fatal("nothing is planted")
			}
		}
		with := make(fstest.MapFS)
		maps.Copy(with, files)
		with["signs.yaml"] = &fstest.MapFile{Data: []byte(src)}
		c, err := catalog.Load(with, "UTC")
		if err != nil {
			t.Fatal(err)
		}
		m := newSubject(c)
		got := Holds
		for _, part := range m.parts() {
			if part.name != "before rest require signs_ok" {
				continue
			}
			for _, p := range m.prove(part, first(time.Time{}), model.Hints{}) {
				got = max(got, p.Verdict)
				if p.Verdict == Broken {
					got = Broken
					break
				}
			}
		}
		if got != want {
			t.Errorf("planted %t: it %s, want that it %s", planted, got, want)
		}
	}
}
