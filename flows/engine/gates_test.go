package engine_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// factsFlow is an edition of flows that ask for facts and read gates of them, in a branch
// and in a reminder.
type factsFlow struct {
	choices, gates string
	// step is what the question is called, facts if it is empty.
	step string
	// head stands in the head of the flow, more among the keys of the question.
	head, more string
}

// load loads it. Another flow comes between on /water.
func (e factsFlow) load(t *testing.T) *lang.Catalog {
	t.Helper()
	step := cmp.Or(e.step, "facts")
	var choices, labels strings.Builder
	for id := range strings.SplitSeq(e.choices, " ") {
		fmt.Fprintf(&choices, "%s: {}, ", id)
		fmt.Fprintf(&labels, ", %s: The %[1]s", id)
	}
	return tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
`+e.head+`
steps:
  - {id: go_sip, start: sip}
  - id: `+step+`
    ask: ticks
    choices: {`+choices.String()+`}
    gates: {`+e.gates+`}
    next: [{when: no_cold, to: warm}, {to: cold}]
    wait: {timeout: 3h, next: cold}
    `+e.more+`
  - {id: warm, next: told}
  - {id: cold, next: told}
  - {id: told, ask: choice, choices: {again: {next: `+step+`}}, next: over, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
reminders:
  sip: {every: 20h, first: 20h, when: no_cold}
`, step+`: {text: "Which facts?", none: Nothing`+labels.String()+`}
warm: {text: "No cold."}
cold: {text: "Cold."}
told: {text: "Told: {`+step+`}.", again: Again}
sip: {text: "A sip."}
water_now: {text: "Water?", drunk: Drunk}
`, map[string]string{
		"water.yaml": "flow: water\ncommands: [water]\nsteps: [{id: water_now, ask: choice, choices: {drunk: {}}, wait: {timeout: 1h, next: return}}]",
	})
}

// keeping is an edition whose facts outlive the episode and are ticked again.
func keeping(choices, gates string) factsFlow {
	return factsFlow{choices: choices, gates: gates, head: "remember: [facts]", more: "prefilled: true"}
}

// begins is somebody at the question of such flows.
func (e factsFlow) begins(t *testing.T) *person {
	t.Helper()
	p := newPerson(t, e.load(t))
	s := p.state()
	s.Seal = seal
	p.store(s)
	p.does(flows.Command{Name: "spasm"})
	return p
}

// gates demands which gates are open, of no_cold and no_heat.
func (p *person) gates(want string) {
	p.t.Helper()
	var open []string
	for _, name := range []string{"no_cold", "no_heat"} {
		if p.scope().Lookup(name) == true {
			open = append(open, name)
		}
	}
	if got := strings.Join(open, " "); got != want {
		p.t.Fatalf("open are %q, want %q: %+v", got, want, p.state().Vars)
	}
}

// TestGates: a gate opens with the answer and not before, and the next answer closes it;
// it is forgotten and remembered as the ticks are.
func TestGates(t *testing.T) {
	for head, outlives := range map[string]string{"": "", "remember: [facts]": "no_cold no_heat"} {
		p := factsFlow{choices: "numb heart skin", gates: "no_cold: [numb, heart], no_heat: [numb]", head: head}.begins(t)
		p.gates("")
		p.presses("numb")
		p.gates("")
		p.presses("Done")
		p.gates("no_cold no_heat")
		p.says("Told: The numb.")
		p.presses("again")
		p.gates("no_cold no_heat")
		p.presses("heart")
		p.presses("skin")
		p.presses("Done")
		p.gates("no_cold")
		p.presses("again")
		p.presses("skin")
		p.presses("Done")
		p.gates("")
		p.presses("again")
		p.presses("numb")
		p.presses("Done")
		p.does(flows.Command{Name: "stop"})
		p.gates("no_cold no_heat")
		p.does(flows.Command{Name: "spasm"})
		p.gates(outlives)
		p.presses("none")
		p.gates("")
	}
}

// TestGatesOfAnEdit: gates that an edit adds or changes go by what is kept, from the next
// turn on, in conditions of rounds and reminders as well; under another name of the
// question too.
func TestGatesOfAnEdit(t *testing.T) {
	was := keeping("numb heart", "no_cold: [numb], no_heat: [heart]")
	p := was.begins(t)
	p.presses("numb")
	p.presses("Done")
	for _, test := range []struct {
		is    factsFlow
		open  string
		comes int
	}{
		{was, "no_cold", 1},
		{keeping("numb heart", "no_cold: [heart], no_heat: [heart, numb]"), "no_heat", 0},
		{keeping("numb heart", "no_cold: [numb, heart]"), "no_cold", 1},
		{keeping("heart skin", "no_cold: [heart, skin]"), "", 0},
		{keeping("numb heart skin", "no_cold: [heart, numb, skin], no_heat: [numb]"), "no_cold no_heat", 1},
		{factsFlow{step: "signs", choices: "numb heart", gates: "no_cold: [heart], no_heat: [numb]", head: "remember: [signs]\nretired: {facts: {moved_to: signs}}"}, "no_heat", 0},
	} {
		p.Catalog = test.is.load(t)
		came := len(p.fired("sip"))
		p.waits(20*time.Hour, nil)
		p.gates(test.open)
		if got := len(p.fired("sip")) - came; got != test.comes {
			t.Errorf("with %s the reminder comes %d times, want %d", test.is.gates, got, test.comes)
		}
	}
}

// TestPrefilled: what was ticked last is ticked when the question is asked anew, in a
// later episode too; one press says that it still is so, and whatever is pressed counts
// from there.
func TestPrefilled(t *testing.T) {
	p := keeping("numb heart skin", "no_cold: [numb], no_heat: [heart]").begins(t)
	p.shows("The numb/The heart/The skin/Nothing")
	p.presses("numb")
	p.presses("skin")
	p.presses("Done")
	p.does(flows.Command{Name: "stop"})
	p.does(flows.Command{Name: "spasm"})
	p.shows("✓ The numb/The heart/✓ The skin/Done")
	p.presses("Done")
	p.gates("no_cold")
	p.says("Told: The numb, The skin.")

	p.presses("again")
	p.presses("✓ The numb")
	p.presses("heart")
	p.shows("The numb/✓ The heart/✓ The skin/Done")
	p.gates("no_cold")
	p.presses("Done")
	p.gates("no_heat")

	p.presses("again")
	p.presses("✓ The heart")
	p.presses("✓ The skin")
	p.shows("The numb/The heart/The skin/Nothing")
	p.presses("none")
	p.gates("")
	p.presses("again")
	p.shows("The numb/The heart/The skin/Nothing")
	p.presses("none")
}

// TestPrefilledAnew: what was begun and not answered is given up as ever, and the last
// answer stands there again; nobody's answer changes by silence.
func TestPrefilledAnew(t *testing.T) {
	p := keeping("numb heart", "no_cold: [numb], no_heat: [heart]").begins(t)
	p.presses("numb")
	p.presses("Done")
	p.presses("again")
	p.presses("✓ The numb")
	p.shows("The numb/The heart/Nothing")
	p.sleeps(time.Hour) // the bot is away
	p.shows("The numb/The heart/Nothing")
	p.does(flows.Command{Name: "water"})
	p.presses("drunk")
	p.shows("✓ The numb/The heart/Done")
	p.presses("heart")
	p.does(flows.Text{Text: "hello"})
	p.shows("✓ The numb/✓ The heart/Done")
	p.waits(4*time.Hour, nil)
	p.gates("no_cold")
	p.says("Told: The numb.")
	p.presses("again")
	p.shows("✓ The numb/The heart/Done")
}

// TestPrefilledOfAnEdit: of the last answer those are ticked that are still offered; what
// comes back after an answer without it was not answered.
func TestPrefilledOfAnEdit(t *testing.T) {
	was := keeping("numb heart", "no_cold: [numb], no_heat: [heart]")
	for name, test := range map[string]struct {
		meanwhile, shows, open string
	}{
		"not asked": {"", "✓ The numb/✓ The heart/Done", "no_cold no_heat"},
		"the rest":  {"Done", "The numb/✓ The heart/Done", "no_heat"},
		"none":      {"✓ The heart", "The numb/The heart/Nothing", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := was.begins(t)
			p.presses("numb")
			p.presses("heart")
			p.presses("Done")
			p.Catalog = keeping("heart skin", "no_cold: [skin], no_heat: [heart]").load(t)
			p.gates("no_heat")
			if test.meanwhile != "" {
				p.presses("again")
				p.shows("✓ The heart/The skin/Done")
				p.presses(test.meanwhile)
				if name == "none" {
					p.presses("none")
				}
			}
			p.Catalog = was.load(t)
			p.gates(test.open)
			p.presses("again")
			p.shows(test.shows)
		})
	}
}
