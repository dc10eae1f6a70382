package measure

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// Notes tells what people speak of that these flows do not have: it may have another
// name by now. Nothing is wrong with it, since flows are edited.
func Notes(c *lang.Catalog, people People) []string {
	steps, kinds, tracks := named(c)
	var out []string
	note := func(who, key, what string, known map[string]bool) {
		if what != "" && !known[what] {
			out = append(out, fmt.Sprintf("%s%s: these flows have no %q", who, key, what))
		}
	}
	for _, name := range people.Apart {
		note("", "apart", name, tracks)
	}
	answers := func(who string, of map[string]Presses) {
		for _, step := range slices.Sorted(maps.Keys(of)) {
			note(who, "answers", step, steps)
		}
	}
	answers("", people.Answers)
	for i := range people.People {
		p := &people.People[i]
		who := "person " + p.Name + ", "
		answers(who, p.Answers)
		for _, step := range p.Leaves {
			note(who, "leaves", step, steps)
		}
		for _, kind := range slices.Sorted(maps.Keys(p.Reminders)) {
			note(who, "reminders", kind, kinds)
		}
		for _, m := range p.Marks {
			answer, _, _ := strings.Cut(m.Answers, ".")
			note(who, "mark "+m.Name, answer, steps)
			note(who, "mark "+m.Name, m.Reminds, kinds)
			note(who, "mark "+m.Name, m.Shows, steps)
		}
	}
	return out
}

// named are the names that a script may speak of: steps, with their pictures and with
// the reminders that are answered like steps; kinds of reminders; tracks.
func named(c *lang.Catalog) (steps, kinds, tracks map[string]bool) {
	steps, kinds, tracks = make(map[string]bool), map[string]bool{flows.KindNudge: true}, make(map[string]bool)
	for _, f := range c.Flows() {
		for i := range f.Steps {
			s := &f.Steps[i]
			steps[s.ID], steps[s.Picture], steps[s.Animation] = true, true, true
		}
		for i := range f.Tracks {
			t := &f.Tracks[i]
			tracks[t.Name] = true
			for _, phase := range []flows.Phase{flows.PhaseCall, flows.PhaseLook, flows.PhaseTakeOff, flows.PhaseTick} {
				if t.Tells(phase) {
					kinds[t.Kind(phase)], steps[t.Kind(phase)] = true, true
				}
			}
		}
	}
	return steps, kinds, tracks
}
