package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/lang"
)

// The targets are checked once everything has been read, since a step may lead
// to one that stands below it or in another file.

// stepTarget reads the name of a step to go to.
func (l *loader) stepTarget(f *file, n ast.Node, fl *flowPlace) string {
	id := f.ident(n)
	l.checks = append(l.checks, func() {
		switch {
		case id == "" || l.badNames[id] || f.damaged:
		case id == lang.Return:
			if fl.Episode {
				f.fault(n, fmt.Sprintf("flow %q is an episode and cannot return", fl.ID), `lead to a step, or to one with "end: outcome"`)
			}
		case fl.Step(id) < 0:
			fl.lost = true
			f.fault(n, fmt.Sprintf("flow %q has no step %q", fl.ID, id), didYouMean(id, append(stepNames(fl), lang.Return), "name a step of this flow, or return"))
		}
	})
	return id
}

func stepNames(fl *flowPlace) []string {
	names := make([]string, len(fl.Steps))
	for i := range fl.Steps {
		names[i] = fl.Steps[i].ID
	}
	return names
}

// flowTarget reads the name of a flow.
func (l *loader) flowTarget(f *file, n ast.Node) string {
	id := f.ident(n)
	l.checks = append(l.checks, func() {
		if id != "" && l.find(id) == nil && !l.damaged {
			f.fault(n, fmt.Sprintf("there is no flow %q", id), use(id, "the flows are", l.flowNames()))
		}
	})
	return id
}

func (l *loader) flowNames() []string {
	var names []string
	for _, fl := range l.list {
		if fl.ID != "" {
			names = append(names, fl.ID)
		}
	}
	return names
}

func (l *loader) trackTarget(f *file, n ast.Node, name string) {
	l.checks = append(l.checks, func() {
		if tracks := l.trackNames(); name != "" && !slices.Contains(tracks, name) && !l.damaged {
			f.fault(n, fmt.Sprintf("there is no round or reminder %q", name), didYouMean(name, tracks, `declare it under "rounds:" or "reminders:"`))
		}
	})
}

// checkFlow checks the keys of a flow against each other.
func (l *loader) checkFlow(f *file, root ast.Node, fl *flowPlace) {
	lacks := func(key string) bool { return !has(root, key) && !f.misspelt(root, key) && !f.damaged }
	if lacks("flow") {
		f.fault(root, "the flow has no name", `begin the file with "flow: name"`)
	}
	if lacks("version") {
		f.fault(root, "the flow has no version", `add "version: 1", and add 1 whenever you change the flow`)
	}
	if lacks("steps") {
		f.fault(root, "the flow has no steps", `add "steps:" with at least one step`)
	}
	if n := child(root, "menu"); fl.Menu > 0 && lacks("commands") {
		f.fault(n, fmt.Sprintf("flow %q stands in the menu and has no command", fl.ID), `add "commands: [name]", or remove "menu"`)
	}
	if n := child(root, "links"); n != nil && lacks("commands") {
		f.fault(n, fmt.Sprintf("flow %q has a link and no command", fl.ID), `add "commands: [name]": a link is as the first one`)
	}
	if n := child(root, "signs_first"); fl.SignsFirst {
		switch {
		case lacks("commands"):
			f.fault(n, fmt.Sprintf("flow %q has \"signs_first\" and no command", fl.ID), `add "commands: [name]", or remove "signs_first": it keeps a command back`)
		case fl.Urgent:
			f.fault(n, fmt.Sprintf("flow %q is urgent and has \"signs_first\"", fl.ID), `remove one of them: what is urgent waits for no other question`)
		}
	}
	if fl.Help {
		l.checkHelp(f, root, fl, lacks("commands"))
	}
	if fl.Words > 0 {
		l.checkAnytime(f, root, fl, "words", lacks("commands"))
	}
	if n := child(root, "signs_version"); n != nil && lacks("signs") {
		f.fault(n, fmt.Sprintf("flow %q has the version of a table of signs and no table", fl.ID), `add "signs:", or remove "signs_version"`)
	}
	if n := child(root, "waking"); n != nil && lacks("episode") {
		f.fault(n, fmt.Sprintf("flow %q is no episode and has waking hours", fl.ID), "move them to the flow that begins the episode: they hold in all of it")
	}
	if n := child(root, "day"); n != nil && lacks("episode") {
		f.fault(n, fmt.Sprintf("flow %q is no episode and plans the day", fl.ID), "move it to the flow that begins the episode: it holds in all of it")
	}
	if n := child(root, "history"); n != nil && lacks("episode") {
		f.fault(n, fmt.Sprintf("flow %q is no episode and has a history", fl.ID), "move it to the flow that begins the episode")
	}
	for _, button := range []string{"worse", "stop"} {
		n := child(root, button)
		switch {
		case fl.Episode && lacks(button):
			l.checks = append(l.checks, func() {
				if len(l.trackNames()) > 0 {
					f.fault(root, fmt.Sprintf("the episode %q has no flow for the button %q", fl.ID, button), fmt.Sprintf(`add "%s: flow": every reminder has this button`, button))
				}
			})
		case n != nil && lacks("episode"):
			f.fault(n, fmt.Sprintf("flow %q is no episode and has a flow for the button %q", fl.ID, button), `remove it, or add "episode: true"`)
		case n != nil && fl.Episode:
			l.checks = append(l.checks, func() {
				l.checkNoEpisode(f, n, fmt.Sprintf("the button %q", button))
			})
		}
	}
}

// checkNoEpisode: what a button or a reminder runs begins no episode, neither by
// itself nor by a call that nobody is asked about.
func (l *loader) checkNoEpisode(f *file, n ast.Node, what string) {
	to := l.find(f.str(n))
	switch {
	case to == nil:
	case to.Episode:
		f.fault(n, fmt.Sprintf("%s would begin the episode %q", what, to.ID), "name a flow that is no episode")
	default:
		if at := l.silentEpisode(to); at != nil {
			f.fault(n, fmt.Sprintf("%s would begin the episode %q, unasked, at step %q", what, at.Target, at.ID), "ask before that step whether it is to begin")
		}
	}
}

// checkHelp holds the flow behind "I need help now" to what its button promises: there
// is one, and it works at any time.
func (l *loader) checkHelp(f *file, root ast.Node, fl *flowPlace, mute bool) {
	n := child(root, "help")
	for _, other := range l.list {
		if other != fl && other.Help {
			f.fault(n, fmt.Sprintf("flows %q and %q both help at any time", other.ID, fl.ID), "keep one of them: there is one button for it")
			break
		}
	}
	l.checkAnytime(f, root, fl, "help", mute)
}

// checkAnytime holds a flow that works at any time, by a key, to that.
func (l *loader) checkAnytime(f *file, root ast.Node, fl *flowPlace, by string, mute bool) {
	n := child(root, by)
	switch {
	case mute:
		f.fault(n, fmt.Sprintf("flow %q has %q and no command", fl.ID, by), `add "commands: [name]": the flow is led to as by the first one`)
	case fl.Episode:
		f.fault(n, fmt.Sprintf("flow %q has %q and begins an episode", fl.ID, by), "put it into a flow that is no episode: that may ask whether one is to begin")
	case child(root, "while") != nil && !slices.Contains(fl.While, lang.Always):
		f.fault(n, fmt.Sprintf("flow %q has %q and a \"while\"", fl.ID, by), `remove "while": it works at any time`)
	}
}

// checkCommand finds commands that two flows want at the same time.
func (l *loader) checkCommand(f *file, n ast.Node, fl *flowPlace, c string) {
	if other := l.rival(fl, func(other *flowPlace) bool { return slices.Contains(other.Commands, c) }); other != nil {
		f.fault(n, fmt.Sprintf("flows %q and %q both answer /%s", other.ID, fl.ID, c), keepApart)
	}
}

// checkLink finds links that two flows want at the same time.
func (l *loader) checkLink(f *file, n ast.Node, fl *flowPlace, name string) {
	if other := l.rival(fl, func(other *flowPlace) bool { return slices.Contains(other.Links, name) }); other != nil {
		f.fault(n, fmt.Sprintf("flows %q and %q are both behind the link %q", other.ID, fl.ID, name), keepApart)
	}
}

const keepApart = `remove it from one, or keep them apart with "while: live" and "while: idle"`

// rival is a flow before fl that wants the same, at a time when fl does; nil if none
// does.
func (l *loader) rival(fl *flowPlace, wants func(*flowPlace) bool) *flowPlace {
	for _, other := range l.list {
		if other == fl {
			return nil
		}
		both := func(episode string) bool { return other.While.Holds(episode) && fl.While.Holds(episode) }
		if wants(other) && slices.ContainsFunc(append(l.episodes(), ""), both) {
			return other
		}
	}
	return nil
}

// episodes lists the flows that begin one.
func (l *loader) episodes() []string {
	var list []string
	for _, fl := range l.list {
		if fl.Episode && fl.ID != "" {
			list = append(list, fl.ID)
		}
	}
	return list
}

// while reads when a command applies: one word or several.
func (l *loader) while(f *file, n ast.Node) lang.While {
	items := []ast.Node{n}
	if _, isList := n.(*ast.SequenceNode); isList {
		items = f.items(n, "while")
	}
	var list lang.While
	for _, item := range items {
		word := f.ident(item)
		l.checks = append(l.checks, func() {
			if known := append(slices.Clone(whiles), l.episodes()...); word != "" && !slices.Contains(known, word) && !l.damaged {
				f.fault(item, fmt.Sprintf("%q is no time for a command", word), use(word, "the choice is", known))
			}
		})
		list = append(list, word)
	}
	return list
}

// remembered reads variables that outlive an episode, and what is kept of one.
func (l *loader) remembered(f *file, n ast.Node, name string) string {
	l.checks = append(l.checks, func() {
		if s := l.gated.of(name); s != nil {
			f.fault(n, fmt.Sprintf("%q is no answer of its own, but a part of that to %q", name, s.ID), fmt.Sprintf("name %q: what was ticked and the gates go with it", s.ID))
		}
		if name != "" && !l.assigned[name] && !l.damaged {
			f.fault(n, fmt.Sprintf("no step asks for %q or sets it", name), didYouMean(name, keysOf(l.assigned), "name a question, or a variable that a step sets"))
		}
	})
	return name
}

// lapses reads what is kept of a person for a while only.
func (l *loader) lapses(f *file, n ast.Node) (list []lang.Lapse) {
	for _, e := range f.entries(n, "forget_after") {
		after := f.duration(e.value)
		if s, _ := f.scalar(e.value); after == 0 && strings.HasPrefix(s, "0") {
			f.fault(e.value, fmt.Sprintf("%q is kept for no time at all", e.key), "write how long after it the person is forgotten, such as 24h")
		}
		list = append(list, lang.Lapse{Var: l.remembered(f, e.keyNode, e.key), After: after})
	}
	return list
}

// checkLapses finds what is no instant, and what is gone before its time is over.
func (l *loader) checkLapses(fl *flowPlace) {
	values, _ := pairs(child(fl.n, "forget_after"))
	for i, lapse := range fl.Lapses {
		kept := func(other *flowPlace) bool { return slices.Contains(other.Remember, lapse.Var) }
		switch v, known := l.vars[lapse.Var]; {
		case !known:
		case typeName(v) != "instant":
			fl.f.fault(values[i].Key, fmt.Sprintf("%q is no instant, so nobody knows how long ago it was told", lapse.Var), `name a variable that a step sets to "now"`)
		case !slices.ContainsFunc(l.list, kept):
			fl.f.fault(values[i].Key, fmt.Sprintf("%q is forgotten when another episode begins, and with it that the person is to be", lapse.Var), `add it to "remember"`)
		}
	}
}

// checkConsent finds what is no yes or no, and what nobody would have said in their next
// episode.
func (l *loader) checkConsent(fl *flowPlace) {
	n := child(fl.n, "forget_unless")
	kept := func(other *flowPlace) bool { return slices.Contains(other.Remember, fl.ForgetUnless) }
	switch v, known := l.vars[fl.ForgetUnless]; {
	case !known:
	case typeName(v) != "true/false":
		fl.f.fault(n, fmt.Sprintf("%q is never true: its type is %s", fl.ForgetUnless, typeName(v)), `name a variable that a step sets to "true"`)
	case !slices.ContainsFunc(l.list, kept):
		fl.f.fault(n, fmt.Sprintf("%q is forgotten when another episode begins, and all else of the person behind that", fl.ForgetUnless), `add it to "remember"`)
	}
}

// checkStep checks the keys of a step against each other.
func (l *loader) checkStep(f *file, n ast.Node, s *lang.Step) {
	if !has(n, "id") && !f.misspelt(n, "id") {
		f.fault(n, "the step has no name", `begin it with "- id: name"`)
	}
	l.checkWays(f, n, s)
	l.checkCopies(f, n, s)
}

// misspelt reports whether a mapping has a key that seems to be meant for one
// of these. Then the key is the fault, and not that they are missing.
func (f *file) misspelt(n ast.Node, keys ...string) bool {
	values, _ := pairs(n)
	return slices.ContainsFunc(values, func(v *ast.MappingValueNode) bool {
		return f.unknown[v.Key] && nearest(v.Key.GetToken().Value, keys) != ""
	})
}

// checkWays checks what a step shows and where it leads.
func (l *loader) checkWays(f *file, n ast.Node, s *lang.Step) {
	if both := child(n, "animation"); both != nil && has(n, "picture") {
		f.fault(both, fmt.Sprintf("step %q shows a picture and an animation", s.ID), "choose one, or split the step")
	}
	if paper := child(n, "paper"); paper != nil && (has(n, "picture") || has(n, "animation")) {
		f.fault(paper, fmt.Sprintf("step %q hands over a paper and shows a file", s.ID), "split it into two steps: a message has one file")
	}
	if wait := child(n, "wait"); wait != nil && s.Action != lang.ActAsk {
		f.fault(wait, fmt.Sprintf("step %q waits for nothing", s.ID), `only a step with "ask:" can have "wait:"`)
	}
	if keep := child(n, "keep"); keep != nil && s.Action != lang.ActAsk {
		f.fault(keep, fmt.Sprintf("step %q keeps a message that stays anyway", s.ID), `only a step with "ask:" can have "keep:"`)
	}
	l.checkSameMessage(f, n, s)
	for _, key := range []string{"next", "set"} {
		if v := child(n, key); v != nil && s.Action == lang.ActForget {
			f.fault(v, fmt.Sprintf("step %q forgets the person, and %q comes behind it", s.ID, key), "remove it: nothing is left that could go on or be set")
		}
	}
	if next := child(n, "next"); next != nil && s.Action == lang.ActGo {
		f.fault(next, fmt.Sprintf(`step %q leads on by both "go" and "next"`, s.ID), "put all branches under one of them")
	}
}

// checkSameMessage holds a step that is shown in the message of the question before to
// what a messenger can change: a picture into another, and nothing that is to be read
// first.
func (l *loader) checkSameMessage(f *file, n ast.Node, s *lang.Step) {
	switch v := child(n, "same_message"); {
	case !s.SameMessage:
	case !s.Shows() && !has(n, "picture") && !has(n, "animation"):
		f.fault(v, fmt.Sprintf("step %q is to be shown in the message of the question before and has no picture", s.ID), `add "picture:" or "animation:": a message with a picture never becomes one without`)
	case s.ReadFirst():
		f.fault(v, fmt.Sprintf("step %q has a reading time and is to be shown in the message of the question before", s.ID), "remove one of them: the reading time counts from a message of its own")
	}
}
