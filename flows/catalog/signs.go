package catalog

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/button"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/markup"
	"spasmbot/flows/signs"
)

// signPlace is the table of warning signs and where it was read.
type signPlace struct {
	*lang.SignTable
	place
	// nodes are the names of the signs.
	nodes []ast.Node
}

// signs reads the table of warning signs. There is one: what a sign is must not hang
// on the flow that asks for it.
func (l *loader) signs(f *file, n ast.Node, fl *flowPlace) {
	if l.table != nil {
		f.fault(n, fmt.Sprintf("the table of signs is in %s:%d already", l.table.f.path, line(l.table.n)), "keep one of the two: all flows ask by it")
		return
	}
	entries := f.entries(n, "signs")
	t := &lang.SignTable{Signs: make([]lang.Sign, len(entries))}
	l.table = &signPlace{SignTable: t, place: place{f, n}}
	for i, e := range entries {
		l.table.nodes = append(l.table.nodes, e.keyNode)
		l.sign(f, e, &t.Signs[i])
	}
	if len(entries) == 0 {
		f.fault(n, "the table of signs is empty", "write a line for each sign, or remove it")
	}
	fl.Signs = t
}

// sign reads a sign into s, which must stay where it is: its condition is written
// into it when it is compiled.
func (l *loader) sign(f *file, e entry, s *lang.Sign) {
	s.ID = e.key
	if !lang.IsName(s.ID) || len(s.ID) > button.MaxChoice {
		f.fault(e.keyNode, fmt.Sprintf("%q cannot be the name of a sign", clip(s.ID)), fmt.Sprintf("use a-z, 0-9 and _, at most %d characters; the words go into the texts", button.MaxChoice))
	}
	for _, part := range []string{ask.NamePart, ask.MorePart} {
		if suffix := "_" + part; strings.HasSuffix(s.ID, suffix) {
			f.fault(e.keyNode, fmt.Sprintf("the name of the sign %q ends in %s", s.ID, suffix), "choose another: a text of the sign before it would be called so")
		}
	}
	f.fields(e.value, "a sign", readers{
		"class": func(v ast.Node) { s.Class = pick(f, v, "class of signs", signs.Classes()) },
		"group": func(v ast.Node) { s.Group = f.ident(v) },
		"asked": func(v ast.Node) { s.Asked = f.ident(v) },
		"of":    func(v ast.Node) { l.expr(f, v, lang.BoolType, &s.Of) },
		"source": func(v ast.Node) {
			s.Source = f.words(v, "source", "say where the sign is from, such as a guideline with its year")
		},
		"signed_by": func(v ast.Node) { s.SignedBy = strings.TrimSpace(f.str(v)) },
	})
	for _, key := range []string{"class", "group", "asked", "source"} {
		if !has(e.value, key) && !f.misspelt(e.value, key) {
			f.fault(e.keyNode, fmt.Sprintf("the sign %q has no %s", s.ID, key), signHints[key])
		}
	}
}

// signHints say what a key of a sign is for.
var signHints = map[string]string{
	"class":  `add "class: emergency", "class: today" or "class: days"`,
	"group":  `add "group:" with a name: what follows from the signs of a group is the same`,
	"asked":  `add "asked:" with the name of a moment, such as "asked: begin", by which questions choose it`,
	"source": `add "source:" with where the sign is from, such as a guideline with its year`,
}

// words reads a text that is not empty.
func (f *file) words(n ast.Node, what, remedy string) string {
	s, ok := f.scalar(n)
	if s = strings.TrimSpace(s); ok && s == "" {
		f.fault(n, fmt.Sprintf("the %s is empty", what), remedy)
	}
	return s
}

// wantSigns are the texts of the signs.
func (t *signPlace) wantSigns() want {
	keys := make(want)
	for i := range t.Signs {
		for _, text := range lang.SignTexts(t.Signs[i].ID) {
			keys[text] = key{required: true, plain: true, most: markup.MaxText}
		}
		keys[ask.SignKey(t.Signs[i].ID, ask.NamePart)] = label
	}
	return keys
}

// groups reads what follows from the signs of each group, as choices of the step.
func (l *loader) groups(f *file, n ast.Node, fl *flowPlace) []lang.Choice {
	var list []lang.Choice
	for _, e := range f.entries(n, "groups") {
		c := lang.Choice{ID: e.key, Group: true}
		if !lang.IsName(e.key) {
			f.fault(e.keyNode, fmt.Sprintf("%q cannot be the name of a group", clip(e.key)), "use a-z, 0-9 and _, at most 40 characters")
		}
		f.fields(e.value, "a group", readers{
			"next": func(v ast.Node) { c.Next = l.stepTarget(f, v, fl) },
			"set":  func(v ast.Node) { c.Set = l.set(f, v, map[string]any{"choice": ""}) },
		})
		list = append(list, c)
	}
	return list
}

// names reads one name, or a list of them.
func (f *file) names(n ast.Node, what string) []string {
	items := []ast.Node{n}
	if _, isList := n.(*ast.SequenceNode); isList {
		items = f.items(n, what)
	}
	var list []string
	for _, item := range items {
		if name := f.ident(item); name != "" {
			list = append(list, name)
		}
	}
	return list
}
