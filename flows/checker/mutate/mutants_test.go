package mutate

import (
	"fmt"
	"maps"
	"slices"

	"spasmbot/flows/lang"
)

// mutant is the shipped flows with one mistake.
type mutant struct {
	// key names it: file, place, mistake.
	key, file string
	kind      kind
	// make are the ways to write the mistake down, the first that the loader takes
	// counts: a step that does nothing any more may need no words.
	make []func(root tree) tree
	// same says why the flows are the same, if that can be seen in the file.
	same string
	// step and variable are what it is about, if it is about one; promise is the
	// number of the promise in its flow, -1 for none.
	step, variable string
	promise        int
}

type kind string

const (
	nextDropped   kind = "a choice's next dropped"
	nextExchanged kind = "a choice's next exchanged"
	setDropped    kind = "a set dropped"
	whenDropped   kind = "a when dropped"
	branchAlways  kind = "a branch taken always"
	branchDropped kind = "a branch dropped"
	callSkipped   kind = "a call skipped"
	stopDropped   kind = "a stop dropped"
	boundDropped  kind = "a bound of a track dropped"
	atomDropped   kind = "an atom of a promise dropped"
)

// mutants lists all mutants of the flows, always in the same order.
func (s *source) mutants(vars map[string]any) []*mutant {
	var all []*mutant
	for _, name := range slices.Sorted(maps.Keys(s.trees)) {
		c := &cutter{file: name, root: s.trees[name], steps: list(s.trees[name], "steps")}
		for i := range c.steps {
			c.step(i)
		}
		c.tracks()
		c.promises(vars)
		all = append(all, c.found...)
	}
	return all
}

// cutter finds the mutants of one file.
type cutter struct {
	file  string
	root  tree
	steps []any
	found []*mutant
}

// add notes a mutant of a step: each change is given a copy of it.
func (c *cutter) add(i int, k kind, what string, changes ...func(step *tree)) *mutant {
	m := c.addRoot(k, "step "+c.id(i)+": "+what)
	m.step = c.id(i)
	for _, change := range changes {
		m.make = append(m.make, func(root tree) tree {
			steps := list(root, "steps")
			step := steps[i].(tree)
			change(&step)
			steps[i] = step
			return root
		})
	}
	return m
}

func (c *cutter) addRoot(k kind, what string, changes ...func(root tree) tree) *mutant {
	m := &mutant{key: c.file + " " + what, file: c.file, kind: k, make: changes, promise: -1}
	c.found = append(c.found, m)
	return m
}

func (c *cutter) id(i int) string { return text(c.steps[i].(tree), "id") }

// follows is where a step leads that says nothing of it.
func (c *cutter) follows(i int) string {
	if i+1 < len(c.steps) {
		return c.id(i + 1)
	}
	return lang.Return
}

func (c *cutter) step(i int) {
	s := c.steps[i].(tree)
	c.choices(i, mapping(s, "choices"))
	for _, a := range mapping(s, "set") {
		c.set(i, fmt.Sprint(a.Key))
	}
	if at(s, "when") >= 0 {
		m := c.add(i, whenDropped, "when dropped", func(step *tree) { put(step, "when", nil) })
		if says(s) {
			m.same = "the step only says something"
		}
	}
	for _, key := range []string{"go", "next"} {
		for b, v := range list(s, key) {
			c.branch(i, b, key, v.(tree))
		}
	}
	skip := func(key string) func(step *tree) {
		return func(step *tree) {
			put(step, key, nil)
			next := get(*step, "next")
			put(step, "next", nil)
			if next == nil {
				next = c.follows(i)
			}
			put(step, "go", next)
		}
	}
	if to := text(s, "call"); to != "" {
		c.add(i, callSkipped, "call of "+to+" skipped", skip("call"))
	}
	if to := text(s, "stop"); to != "" {
		c.add(i, stopDropped, "stop of "+to+" dropped", func(step *tree) { put(step, "stop", nil) }, skip("stop"))
	}
}

// says reports whether a step does nothing but say something.
func says(s tree) bool {
	for _, item := range s {
		if !slices.Contains([]string{"id", "when", "picture", "animation"}, fmt.Sprint(item.Key)) {
			return false
		}
	}
	return true
}

func (c *cutter) choices(i int, choices tree) {
	for j, item := range choices {
		choice, _ := item.Value.(tree)
		name := fmt.Sprint(item.Key)
		edit := func(change func(choice *tree)) func(step *tree) {
			return func(step *tree) { editChoice(step, j, change) }
		}
		next := get(choice, "next")
		if next != nil {
			m := c.add(i, nextDropped, "next of "+name+" dropped", edit(func(ch *tree) { put(ch, "next", nil) }))
			if s := c.steps[i].(tree); next == get(s, "next") || get(s, "next") == nil && next == c.follows(i) {
				m.same = "the step leads there as well"
			}
		}
		for _, a := range mapping(choice, "set") {
			v := fmt.Sprint(a.Key)
			m := c.add(i, setDropped, "set of "+v+" by "+name+" dropped", edit(func(ch *tree) { unset(ch, v) }))
			m.variable = v
		}
		if j+1 == len(choices) {
			break
		}
		other, _ := choices[j+1].Value.(tree)
		if to := get(other, "next"); to != next {
			c.add(i, nextExchanged, fmt.Sprintf("next of %s and %s exchanged", name, choices[j+1].Key), func(step *tree) {
				editChoice(step, j, func(ch *tree) { put(ch, "next", to) })
				editChoice(step, j+1, func(ch *tree) { put(ch, "next", next) })
			})
		}
	}
}

// editChoice changes the choice of that number.
func editChoice(step *tree, j int, change func(choice *tree)) {
	choices := mapping(*step, "choices")
	choice, _ := choices[j].Value.(tree)
	change(&choice)
	choices[j].Value = choice
}

func unset(of *tree, variable string) {
	set := mapping(*of, "set")
	put(&set, variable, nil)
	if len(set) == 0 {
		put(of, "set", nil)
		return
	}
	put(of, "set", set)
}

func (c *cutter) set(i int, variable string) {
	m := c.add(i, setDropped, "set of "+variable+" dropped", func(step *tree) { unset(step, variable) })
	m.variable = variable
}

func (c *cutter) branch(i, b int, key string, branch tree) {
	to := fmt.Sprintf("%d to %s", b+1, text(branch, "to"))
	edit := func(change func(branches []any) []any) func(step *tree) {
		return func(step *tree) { put(step, key, change(list(*step, key))) }
	}
	if at(branch, "when") < 0 {
		return // without it there may be no way on: the next of the step says the same
	}
	c.add(i, branchAlways, "branch "+to+" taken always", edit(func(l []any) []any {
		one := l[b].(tree)
		put(&one, "when", "true")
		l[b] = one
		return l
	}))
	c.add(i, branchDropped, "branch "+to+" dropped", edit(func(l []any) []any { return slices.Delete(l, b, b+1) }))
}

// bounds are the keys of a track that keep something away.
var bounds = []string{"from", "until", "when", "gap", "least_gap", "most_per_day", "most_hold", "check", "hours", "grace"}

func (c *cutter) tracks() {
	for _, section := range []string{"rounds", "reminders"} {
		for i, item := range mapping(c.root, section) {
			track := item.Value.(tree)
			for _, key := range bounds {
				if at(track, key) < 0 {
					continue
				}
				m := c.addRoot(boundDropped, fmt.Sprintf("track %s: %s dropped", item.Key, key), func(root tree) tree {
					tracks := mapping(root, section)
					t := tracks[i].Value.(tree)
					put(&t, key, nil)
					tracks[i].Value = t
					return root
				})
				m.step = fmt.Sprint(item.Key)
			}
		}
	}
}
