package diff_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/diff"
	"spasmbot/flows/lang"
)

const spasm = `flow: spasm
version: 1
episode: true
commands: [spasm]
worse: stop
stop: stop
steps:
  - {id: where, ask: choice, choices: {here: {}}, wait: {timeout: 1h, next: over}}
  - {id: how, ask: scale, wait: {timeout: 1h, next: over}}
  - {id: over, end: over}
`

const stop = `flow: stop
version: 1
commands: [stop]
while: live
steps: [{id: stopped, end: stopped}]
`

const english = `stopped: {text: Stopped.}
where: {text: Where does it hurt?, here: Here}
how: {text: How bad is it?}
over: {text: Good bye.}
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: Private}
system: {nudge: n, stale: s, unexpected: u, use_buttons: b, unknown_command: c, idle: i, group: g, updated: Updated.}
menu: {}
`

// load reads the flows with edits: old words and new ones in turn.
func load(t *testing.T, edits ...string) *lang.Catalog {
	t.Helper()
	edit := func(src string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(strings.NewReplacer(edits...).Replace(src))}
	}
	c, err := catalog.Load(fstest.MapFS{"spasm.yaml": edit(spasm), "stop.yaml": edit(stop), "texts/en.yaml": edit(english)}, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCompare(t *testing.T) {
	how := "  - {id: how, ask: scale, wait: {timeout: 1h, next: over}}\n"
	for name, c := range map[string]struct {
		edits []string
		want  string
	}{
		"nothing":          {nil, ""},
		"a text":           {[]string{"How bad", "How very bad"}, "texts step spasm.how en.how.text"},
		"a line":           {[]string{"How bad is it?", "How bad is it?, line: Pain"}, "texts step spasm.how en.how.line"},
		"a way back":       {[]string{"{id: how, ask: scale,", "{id: how, ask: scale, back: where,", "private: Private", "private: Private, back: Back"}, "changed step spasm.how "},
		"a step":           {[]string{"timeout: 1h, next: over}}\n  - {id: over", "timeout: 2h, next: over}}\n  - {id: over"}, "changed step spasm.how "},
		"a command":        {[]string{"[spasm]", "[spasm, pain]"}, "changed flow spasm commands spasm → commands spasm pain"},
		"the papers":       {[]string{"[spasm]", "[spasm]\npapers: {cause: where, medicine: [how]}"}, "changed flow spasm nothing → papers medicine how, papers cause where"},
		"a step that goes": {[]string{how, "", "how: {text: How bad is it?}\n", ""}, "removed step spasm.how moved nowhere"},
		"a new name":       {[]string{"{id: how", "{id: much", "how:", "much:"}, "removed step spasm.how moved nowhere; added step spasm.much now behind where"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, ch := range diff.Compare(load(t), load(t, c.edits...)) {
				got = append(got, fmt.Sprintf("%s %s %s", ch.Kind, ch.What, ch.Detail))
				if at := (flows.Place{Flow: "spasm", Step: strings.TrimPrefix(ch.What, "step spasm.")}); ch.Place != at && ch.Kind != diff.Added && strings.HasPrefix(ch.What, "step") {
					t.Errorf("%s touches %+v", ch.What, ch.Place)
				}
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("the changes are %q, want %q", got, c.want)
			}
		})
	}
}

// TestMovedSteps: of steps that change places, the fewest are called moved.
func TestMovedSteps(t *testing.T) {
	where := "  - {id: where, ask: choice, choices: {here: {}}, wait: {timeout: 1h, next: over}}\n"
	how := "  - {id: how, ask: scale, wait: {timeout: 1h, next: over}}\n"
	changes := diff.Compare(load(t), load(t, where, how, how, where))
	moved := slices.DeleteFunc(changes, func(ch diff.Change) bool { return ch.Kind != diff.Moved })
	if len(moved) != 1 {
		t.Errorf("moved are %+v, want one step", moved)
	}
}

func TestCrowd(t *testing.T) {
	place := func(step string) flows.Place { return flows.Place{Flow: "spasm", Step: step, Hash: 7} }
	live := flows.Episode{Number: 1, Flow: "spasm", Started: time.Unix(1, 0)}
	over := live
	over.Ended = time.Unix(2, 0)
	crowd := diff.NewCrowd()
	for _, s := range []flows.State{
		{Episode: live, At: place("where")},
		{Episode: live, At: place("how"), Stack: []flows.Place{place("where"), place("where")}}, // counts once
		{Episode: over, At: place("where")},
	} {
		crowd.Note(&s)
	}
	for step, want := range map[string]string{
		"where": "live episodes here: 1, returning here: 1", "how": "live episodes here: 1", "over": "",
	} {
		if got := crowd.Touched(diff.Change{Place: flows.Place{Flow: "spasm", Step: step}}); got != want {
			t.Errorf("%s: %q, want %q", step, got, want)
		}
	}
}
