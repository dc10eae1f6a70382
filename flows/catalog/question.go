package catalog

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/signs"
)

// questionReader reads the keys of one step that belong to kinds of questions,
// and lets the step's kind read its own.
type questionReader struct {
	l    *loader
	f    *file
	node ast.Node
	step *lang.Step
	// kind is nil for a step that asks nothing, or nothing that is known.
	kind ask.Kind
	// read holds the values of the keys that are there.
	read map[string]value
}

// value is what stands behind a key; it is sound if nothing was wrong with it.
type value struct {
	v     any
	sound bool
}

func (l *loader) questionOf(f *file, n ast.Node, s *lang.Step) *questionReader {
	return &questionReader{l: l, f: f, node: n, step: s, read: make(map[string]value)}
}

// ask reads the kind of the question.
func (q *questionReader) ask(n ast.Node) {
	words := make([]string, len(q.l.questions))
	for i, k := range q.l.questions {
		words[i] = k.Word()
	}
	word := pick(q.f, n, "kind of question", words)
	if i := slices.Index(words, word); i >= 0 {
		q.kind = q.l.questions[i]
		q.l.asked[word] = append(q.l.asked[word], q.step)
	}
}

// asker checks, once all is read, that a step asks a question of a kind.
func (l *loader) asker(f *file, n ast.Node, step, kind string) {
	l.checks = append(l.checks, func() {
		var names []string
		for _, s := range l.asked[kind] {
			names = append(names, s.ID)
		}
		if step != "" && !slices.Contains(names, step) && !l.damaged {
			f.fault(n, fmt.Sprintf("no step %q asks for a %s", step, kind), didYouMean(step, names, fmt.Sprintf(`name a step that has "ask: %s"`, kind)))
		}
	})
}

// keys adds what each key of any kind is read by.
func (q *questionReader) keys(known readers, fl *flowPlace) {
	for _, p := range partsOf(q.l.questions) {
		for _, key := range p.Keys {
			known[key.Name] = func(n ast.Node) {
				before := len(q.l.faults)
				v := keyTypes[key.Type].read(q, n, fl)
				q.read[key.Name] = value{v, len(q.l.faults) == before}
				if step, ok := v.(string); ok && key.Asks != "" {
					q.l.asker(q.f, n, step, key.Asks)
				}
			}
		}
	}
}

// question checks which keys are there and makes the question of the step.
func (q *questionReader) question() ask.Question {
	if q.step.Action == lang.ActAsk && q.kind == nil {
		return nil // the kind of question is the fault
	}
	for _, p := range partsOf(q.l.questions) {
		q.check(p)
	}
	if q.kind == nil {
		return nil
	}
	return q.kind.Read(q)
}

// check finds keys where they do not belong, and misses those that do.
func (q *questionReader) check(p part) {
	var names []string
	var last ast.Node
	missing := false
	for _, key := range p.Keys {
		names = append(names, key.Name)
		if n := child(q.node, key.Name); n != nil {
			last = n
		} else {
			missing = true
		}
	}
	switch belongs := q.kind != nil && slices.Contains(p.kinds, q.kind.Word()); {
	case !belongs && last != nil:
		q.f.fault(last, q.says(p.Astray), p.remedy(p.Astray))
	case belongs && missing && p.Lacking != (ask.Fault{}) && !q.f.misspelt(q.node, names...):
		q.Fault("ask", q.says(p.Lacking), p.remedy(p.Lacking))
	}
}

func (q *questionReader) says(f ask.Fault) string {
	return fmt.Sprintf("step %q %s", q.step.ID, f.What)
}

func (q *questionReader) Step() string { return q.step.ID }

// Fault notes what is wrong with the question. Which texts it needs is not sure
// then.
func (q *questionReader) Fault(key, what, remedy string) {
	q.l.unsure[q.step.ID] = true
	n := q.node
	for name := range strings.SplitSeq(key, ".") {
		n = child(n, name)
	}
	q.f.fault(n, what, remedy)
}

func (q *questionReader) Whole(key string) (int, bool)      { return readAs[int](q, key) }
func (q *questionReader) Number(key string) (float64, bool) { return readAs[float64](q, key) }
func (q *questionReader) Name(key string) (string, bool)    { return readAs[string](q, key) }

func (q *questionReader) Pattern(key string) (*regexp.Regexp, bool) {
	return readAs[*regexp.Regexp](q, key)
}

func (q *questionReader) List(key string) ([]string, bool) { return readAs[[]string](q, key) }

func (q *questionReader) Truth(key string) (bool, bool) { return readAs[bool](q, key) }

func (q *questionReader) Gates(key string) ([]ask.Gate, bool) { return readAs[[]ask.Gate](q, key) }

func (q *questionReader) Choices(key string) ([]string, bool) { return readAs[[]string](q, key) }

// Names leaves the step without choices but that of the button: there is nothing
// that they lead to. Those that do are faults, and stay for the checks of where the
// steps lead.
func (q *questionReader) Names(key, button string) ([]string, bool) {
	ids, sound := q.Choices(key)
	bare, styled := true, false
	for _, id := range ids {
		choice := child(child(q.node, key), id)
		for _, own := range []string{"next", "set"} {
			n := child(choice, own)
			if n == nil {
				continue
			}
			bare = false
			if id == button {
				q.f.fault(n, fmt.Sprintf("the button %q has %q", id, own), fmt.Sprintf(`let the step lead on by conditions, such as %s == %q`, q.step.ID, id))
				continue
			}
			q.f.fault(n, fmt.Sprintf("the choice %q has %q, and the answer may be another or more than one", id, own),
				fmt.Sprintf(`write "%s: {}", and let the step lead on by conditions on its answer`, id))
		}
		if n := child(choice, "lasting"); n != nil {
			q.f.fault(n, fmt.Sprintf("the choice %q has \"lasting\", and is no answer by itself", id), `take it out: only a choice of "ask: choice" has it`)
		}
		for _, look := range []string{"style", "after"} {
			switch n := child(choice, look); {
			case n == nil:
			case id == button:
				styled = true
			default:
				q.f.fault(n, fmt.Sprintf("the choice %q has %q, and is one of several names", id, look),
					fmt.Sprintf(`write "%s: {}": of "ask: ticks" only "none" has it`, id))
			}
		}
	}
	if bare {
		q.step.Choices = slices.DeleteFunc(q.step.Choices, func(c lang.Choice) bool { return c.ID != button || !styled })
	} else {
		q.l.unsure[q.step.ID] = true
	}
	if styled {
		ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == button })
	}
	return ids, sound
}

func readAs[T any](q *questionReader, key string) (T, bool) {
	v, there := q.read[key].v.(T)
	return v, there && q.read[key].sound
}

// part is a part of some kinds of questions, with their words.
type part struct {
	ask.Part
	kinds []string
}

// partsOf lists the parts of the kinds, each once: it is known by its first key.
func partsOf(kinds []ask.Kind) []part {
	var list []part
	for _, kind := range kinds {
		for _, p := range kind.Parts() {
			i := slices.IndexFunc(list, func(known part) bool { return known.Keys[0].Name == p.Keys[0].Name })
			if i < 0 {
				i = len(list)
				list = append(list, part{Part: p})
			}
			list[i].kinds = append(list[i].kinds, kind.Word())
		}
	}
	return list
}

// remedy says in which kinds of questions the part belongs.
func (p part) remedy(f ask.Fault) string {
	quoted := make([]string, len(p.kinds))
	for i, word := range p.kinds {
		quoted[i] = fmt.Sprintf("%q", "ask: "+word)
	}
	return strings.NewReplacer("{all}", strings.Join(quoted, " and "), "{one}", strings.Join(quoted, " or ")).Replace(f.Remedy)
}

// keyTypes says how each type of key is read, and which type of the grammar it
// is; nil for whole numbers, whose bounds are the key's own.
var keyTypes = map[ask.KeyType]struct {
	read    func(q *questionReader, n ast.Node, fl *flowPlace) any
	grammar reflect.Type
}{
	ask.WholeKey: {
		func(q *questionReader, n ast.Node, _ *flowPlace) any { return q.f.number(n) },
		nil,
	},
	ask.NumberKey: {
		func(q *questionReader, n ast.Node, _ *flowPlace) any { return q.f.decimal(n) },
		reflect.TypeFor[float64](),
	},
	ask.NameKey: {
		func(q *questionReader, n ast.Node, _ *flowPlace) any { return q.f.ident(n) },
		reflect.TypeFor[name](),
	},
	ask.MeasureKey: {
		func(q *questionReader, n ast.Node, _ *flowPlace) any {
			measure := q.f.ident(n)
			q.l.measured[measure] = true
			return measure
		},
		reflect.TypeFor[name](),
	},
	ask.PatternKey: {
		func(q *questionReader, n ast.Node, _ *flowPlace) any { return q.f.pattern(n) },
		reflect.TypeFor[string](),
	},
	ask.ChoicesKey: {
		func(q *questionReader, n ast.Node, fl *flowPlace) any {
			return q.add(q.l.choices(q.f, n, fl))
		},
		reflect.TypeFor[map[name]choiceGrammar](),
	},
	ask.TruthKey: {
		func(q *questionReader, n ast.Node, _ *flowPlace) any { return q.f.truth(n) },
		reflect.TypeFor[bool](),
	},
	ask.GatesKey: {
		func(q *questionReader, n ast.Node, _ *flowPlace) any { return q.gates(n) },
		reflect.TypeFor[map[name][]name](),
	},
	ask.ClassKey: {
		func(q *questionReader, n ast.Node, _ *flowPlace) any {
			return string(pick(q.f, n, "class of signs", signs.Classes()))
		},
		reflect.TypeFor[signs.Class](),
	},
	ask.NamesKey: {
		func(q *questionReader, n ast.Node, _ *flowPlace) any { return q.f.names(n, "the list of moments") },
		reflect.TypeFor[nameWords](),
	},
	ask.GroupsKey: {
		func(q *questionReader, n ast.Node, fl *flowPlace) any {
			return q.add(q.l.groups(q.f, n, fl))
		},
		reflect.TypeFor[map[name]groupGrammar](),
	},
}

// add adds choices to the step, and returns their names.
func (q *questionReader) add(list []lang.Choice) []string {
	q.step.Choices = append(q.step.Choices, list...)
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	return ids
}
