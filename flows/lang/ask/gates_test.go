package ask_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"spasmbot/flows"
	"spasmbot/flows/checker"
	"spasmbot/flows/lang/ask"
)

// gatesOf are gates over the choices of several: each string names the choices of one
// by their digits.
func gatesOf(list ...string) []ask.Gate {
	gates := make([]ask.Gate, len(list))
	for i, digits := range list {
		gates[i].Name = fmt.Sprintf("g%d", i)
		for _, d := range digits {
			gates[i].Of = append(gates[i].Of, "t"+string(d))
		}
	}
	return gates
}

// opened tells of each gate whether a set of ticks opens it.
func opened(gates []ask.Gate, set uint) []bool {
	list := make([]bool, len(gates))
	for i, g := range gates {
		list[i] = slices.ContainsFunc(g.Of, func(id string) bool { return set>>(id[1]-'0')&1 == 1 })
	}
	return list
}

// randomGates are some over n choices.
func randomGates(r *rand.Rand, n int) []ask.Gate {
	list := make([]string, 1+r.IntN(3))
	for i := range list {
		for _, k := range r.Perm(n)[:1+r.IntN(n)] {
			list[i] += string(rune('0' + k))
		}
	}
	return gatesOf(list...)
}

// TestGatesArePossible: there is one possible answer for each vector of gates that some
// set of ticks opens, every set is in exactly one, and each says by what it comes about.
func TestGatesArePossible(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n := 1 + r.IntN(5)
		gates := randomGates(r, n)
		q, at := several(n, gates...)
		list := q.Possible(at(flows.Value{}), "step")
		vectors := map[string]bool{"none": true}
		for set := uint(1); set < 1<<n; set++ {
			vectors[fmt.Sprint(opened(gates, set))] = true
		}
		if len(list) != len(vectors) {
			t.Fatalf("%+v: %d possible answers, want %d", gates, len(list), len(vectors))
		}
		for set := range uint(1) << n {
			if found := admitted(t, list, gates, n, set); found != 1 {
				t.Errorf("%+v: set %b is in %d possible answers", gates, set, found)
			}
		}
		for _, p := range list {
			var set uint
			for _, id := range p.Together {
				set |= 1 << (id[1] - '0')
			}
			if p.Together == nil || (set == 0) != (p.Choice == "none") || !admits(p, gates, n, set) {
				t.Errorf("%+v: %v is not put together of %q", gates, p.Sets, p.Together)
			}
		}
	}
}

// admitted counts the possible answers that a set of ticks is in.
func admitted(t *testing.T, list []ask.Possible, gates []ask.Gate, n int, set uint) int {
	found := 0
	for _, p := range list {
		if len(p.Sets) != 1+n+len(gates) {
			t.Fatalf("a possible answer leaves variables out: %+v", p)
		}
		if (p.Choice == "none") == (set == 0) && admits(p, gates, n, set) {
			found++
		}
	}
	return found
}

// admits reports whether the ticks and the gates of a set are as a possible answer has
// them.
func admits(p ask.Possible, gates []ask.Gate, n int, set uint) bool {
	is := make(map[string]bool)
	for i := range n {
		is[fmt.Sprintf("step_t%d", i)] = set>>i&1 == 1
	}
	for i, open := range opened(gates, set) {
		is[gates[i].Name] = open
	}
	return !slices.ContainsFunc(p.Sets[1:], func(s ask.Setting) bool { return s.Known && s.Value != flows.BoolOf(is[s.Var]) })
}

// TestManyGatesArePossible: where there are too many vectors, no set is left out, and
// there are no more answers than choices and "none".
func TestManyGatesArePossible(t *testing.T) {
	const n = 8
	gates := gatesOf("0", "1", "2", "3", "4", "5", "6", "7", "07", "17")
	q, at := several(n, gates...)
	list := q.Possible(at(flows.Value{}), "step")
	if len(list) != n+1 || slices.ContainsFunc(list[1:], func(p ask.Possible) bool { return p.Together != nil }) {
		t.Errorf("%d choices are %d possible answers: %+v", n, len(list), list)
	}
	for set := range uint(1) << n {
		if admitted(t, list, gates, n, set) != 1 {
			t.Errorf("set %b is in %d possible answers", set, admitted(t, list, gates, n, set))
		}
	}
}

// TestGatesAreSampled: the walk comes to each vector of gates, each choice alone and all
// together, by few presses.
func TestGatesAreSampled(t *testing.T) {
	const n = 10
	gates := gatesOf("037", "14", "4589", "26")
	q, at := several(n, gates...)
	answers, presses := make(map[string]bool), 0
	vectors := make(map[string]bool)
	seen := make(map[flows.Value]bool)
	for drafts := []flows.Value{{}}; len(drafts) > 0; {
		v := at(drafts[0])
		drafts = drafts[1:]
		for _, data := range q.Samples(v, ask.Notable{}).Presses {
			presses++
			got := ask.Press(q, v, data)
			switch {
			case got.Verdict == ask.Refused:
				t.Errorf("%q is no button after %q", data, v.Draft().Str)
			case got.Verdict == ask.Answered:
				answers[got.Value.Str] = true
				vectors[fmt.Sprint(opened(gates, setOf(got.Value.Str)))] = true
			case !seen[got.Value]:
				seen[got.Value] = true
				drafts = append(drafts, got.Value)
			}
		}
	}
	want := make(map[string]bool)
	for set := range uint(1) << n {
		want[fmt.Sprint(opened(gates, set))] = true
	}
	if len(want) != 16 || len(vectors) != len(want) || !answers["t3"] || !answers["none"] || presses > 80 {
		t.Errorf("%d presses come to %d of %d vectors: %v", presses, len(vectors), len(want), answers)
	}
}

// TestPrefilledIsSampled: the walk goes on from the last answer to all that it tries,
// and says that it still is so.
func TestPrefilledIsSampled(t *testing.T) {
	q, at := severalOf(offering{ids: []string{"t0", "t1", "t2", "t3"}, gates: gatesOf("01", "2"), prefilled: true})
	answers, seen := make(map[string]bool), make(map[flows.Value]bool)
	for drafts := []flows.Value{{}}; len(drafts) > 0; {
		v := at(drafts[0], "t1", "t3")
		drafts = drafts[1:]
		for _, data := range q.Samples(v, ask.Notable{}).Presses {
			got := ask.Press(q, v, data)
			if got.Verdict == ask.Answered {
				answers[got.Value.Str] = true
			} else if !seen[got.Value] {
				seen[got.Value] = true
				drafts = append(drafts, got.Value)
			}
		}
	}
	for _, want := range []string{"t1, t3", "none", "t0", "t1", "t2", "t3", "t0, t2", "t0, t1, t2, t3"} {
		if !answers[want] {
			t.Errorf("nobody answers %q: %v", want, answers)
		}
	}
}

// setOf reads the names of ticks.
func setOf(names string) uint {
	var set uint
	for name := range strings.SplitSeq(names, ", ") {
		if name != "none" {
			set |= 1 << (name[1] - '0')
		}
	}
	return set
}

// TestGatesAreProved: a promise about gates is held against every set of ticks, in as
// many states as gates make a difference, however many choices there are; one that a
// single combination breaks is shown with it, whatever was ticked before.
func TestGatesAreProved(t *testing.T) {
	two := ", gates: {no_cold: [t1, t3, t8], no_heat: [t7, t9]}"
	each := make([]string, 10)
	for i := range each {
		each[i] = fmt.Sprintf("g%d: [t%[1]d]", i)
	}
	many := ", gates: {" + strings.Join(each, ", ") + "}"
	type found struct{ holds, shown bool }
	holds, broken := found{holds: true}, found{shown: true}
	for name, test := range map[string]struct {
		between, promise string
		want             found
		path             string
	}{
		"asked":        {two + ", next: [{when: no_cold, to: over}, {to: warm_start}]", "{never: warm, while: no_cold}", holds, ""},
		"both asked":   {two + ", next: [{when: no_cold and no_heat, to: over}, {to: warm_start}]", "{never: warm, while: no_cold and no_heat}", holds, ""},
		"by some":      {two + `, next: [{when: numb == "some", to: over}, {to: warm_start}]`, "{never: warm, while: no_cold or no_heat}", holds, ""},
		"by none":      {two + ", next: [{when: no_cold or no_heat, to: over}, {to: warm_start}]", "{before: warm, require: numb.none}", broken, "> press t0"},
		"two":          {two, "{never: warm, while: no_cold and no_heat}", broken, "> press t1 > press t7"},
		"one of two":   {two, "{never: warm, while: no_cold and not no_heat}", broken, "> press t1"},
		"made of them": {two + ", set: {bad: no_cold and no_heat}", "{never: warm, while: bad}", broken, "> press t1 > press t7"},
		"many":         {many, "{never: warm, while: g3 and g5 and not g7}", broken, "> press t3 > press t5"},
		"many asked":   {many + ", next: [{when: g3, to: over}, {to: warm_start}]", "{never: warm, while: g3 and g5}", holds, ""},
		"prefilled":    {two + ", prefilled: true", "{never: warm, while: no_cold and no_heat}", broken, "> press t1 > press t7"},
	} {
		flow, texts := numbFlow(test.between, test.promise)
		r := checker.Check(mustLoad(t, flow, texts), checker.Options{ProofsOnly: true})
		all, states := true, 0
		for _, p := range r.Proofs {
			all, states = all && p.Verdict == checker.Holds, max(states, p.States)
		}
		if got := (found{all, len(r.Violations) == 1}); got != test.want {
			t.Errorf("%s: %+v, want %+v: %+v", name, got, test.want, r.Proofs)
			continue
		}
		if len(r.Violations) == 1 && !strings.Contains(strings.Join(r.Violations[0].Path, " "), test.path) {
			t.Errorf("%s: it is broken by %q, want %q", name, r.Violations[0].Path, test.path)
		}
		if states > 30 {
			t.Errorf("%s: %d states of the model", name, states)
		}
	}
}

// TestPrefilledIsTakenBack: where a promise breaks by another answer than the last one,
// the way there takes back what that had ticked.
func TestPrefilledIsTakenBack(t *testing.T) {
	gates := ", gates: {no_cold: [t1], no_heat: [t7]}, set: {once: once or no_cold}"
	for _, test := range []struct{ between, while, path string }{
		{gates, "once and no_heat and not no_cold", "> press -2 > press t7 > press done-3k"},
		{gates, `once and numb.none`, "> press -2 > press none"},
		{", set: {once: once or numb_t1}", "once and numb.t3 and numb.t7 and not numb.t1", "> press -2 > press t3 > press t7"},
	} {
		flow, texts := numbFlow(", prefilled: true"+test.between, "{never: warm, while: "+test.while+"}")
		flow = strings.Replace(flow, "  - {id: numb,", "  - {id: begun, set: {once: \"false\"}, go: numb}\n  - {id: numb,", 1)
		flow = strings.Replace(flow, "  - {id: warm_start,", "  - {id: more, ask: choice, choices: {again: {next: numb}, on: {}}}\n  - {id: warm_start,", 1)
		r := checker.Check(mustLoad(t, flow, texts+"more: {text: More?, again: Again, on: On}\n"), checker.Options{ProofsOnly: true})
		if len(r.Violations) != 1 {
			t.Errorf("%s: %+v", test.while, r.Proofs)
		} else if path := strings.Join(r.Violations[0].Path, " "); !strings.Contains(path, test.path) {
			t.Errorf("%s is broken by %q", test.while, path)
		}
	}
}
