package ask

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/markup"
)

// maxTicks is what a person still looks through on one screen. The set of those
// that are ticked has room in the data of a button, and in 32 bits.
const maxTicks = 24

// What the variable of the step is once it is answered.
const (
	noTick = "none"
	ticked = "some"
)

// doneText is the words of the button that answers as soon as something is ticked.
const doneText = "done"

// between stands between the names of what was ticked.
const between = ", "

// ticksKind asks which of some named things there are. Any number can be ticked,
// each press sets or takes one tick, and one more button answers: "none of these"
// as long as nothing is ticked, "done" as soon as something is. So no press that
// says "none" takes ticks away unseen.
type ticksKind struct{}

func (ticksKind) Word() string  { return "ticks" }
func (ticksKind) Doc() string   { return "several buttons to tick" }
func (ticksKind) Parts() []Part { return []Part{Choices(), Columns(), Gates(), prefilled()} }

// prefilled is the part of the kinds that can begin with the last answer.
func prefilled() Part {
	return Part{
		Keys:   []Key{{Name: "prefilled", Type: TruthKey, Doc: "Says that what was ticked last time is ticked when the question is asked again. Otherwise nothing is."}},
		Astray: Fault{"is prefilled but has no ticks", `"prefilled" belongs to {all}`},
	}
}

func (ticksKind) Read(r Reader) Question {
	ids, sound := r.Names("choices", noTick)
	offered(r, ids, sound, maxTicks, `"name: {}"`)
	if slices.Contains(ids, noTick) {
		r.Fault("choices", fmt.Sprintf("step %q offers %q to be ticked", r.Step(), noTick),
			`remove it: the question has that button anyway, with the text "none"; only how it is stands here, such as "none: {after: 3s}"`)
	}
	t := ticks{ids: ids, columns: readColumns(r), gates: readGates(r, ids, sound)}
	t.prefilled, _ = r.Truth("prefilled")
	for _, g := range t.gates {
		t.of = append(t.of, t.set(strings.Join(g.Of, between)))
	}
	if len(ids) <= maxTicks {
		t.each = t.vectors()
	}
	return t
}

type ticks struct {
	ByButtons
	ForEverybody
	Unmeasured
	ids       []string
	columns   int
	prefilled bool
	gates     []Gate
	// of are the choices of each gate.
	of []set
	// each has a set of ticks for each vector of gates, nil if there are too many.
	each []set
}

// set is what is ticked: the n-th bit is the n-th choice.
type set uint32

func (s set) has(i int) bool { return s>>i&1 == 1 }

// set reads the names in a draft or in an answer. Others than those of the
// question are none of it.
func (t ticks) set(names string) set {
	var s set
	for name := range strings.SplitSeq(names, between) {
		if i := slices.Index(t.ids, name); i >= 0 {
			s |= 1 << i
		}
	}
	return s
}

// names are those of a set, in the order of the question.
func (t ticks) names(s set) []string {
	var names []string
	for i, id := range t.ids {
		if s.has(i) {
			names = append(names, id)
		}
	}
	return names
}

// value writes a set. That of nothing is still a draft, and not the zero Value.
func (t ticks) value(s set) flows.Value { return flows.TextOf(strings.Join(t.names(s), between)) }

// now is what is ticked on the screen. Before anything was pressed that is the last
// answer, if the question begins with it: what is offered no longer is none of it.
func (t ticks) now(v View) set {
	if draft := v.Draft(); draft != (flows.Value{}) || !t.prefilled {
		return t.set(draft.Str)
	}
	var last set
	for i, id := range t.ids {
		if v.Kept(id) == flows.BoolOf(true) {
			last |= 1 << i
		}
	}
	return last
}

func (t ticks) Caption() string { return "ticks of " + strings.Join(t.ids, between) }

func (ticks) Values() []string { return []string{noTick, ticked} }

// Vars are the step's own, which tells whether anything was ticked, and a truth
// for each choice and each gate.
func (t ticks) Vars(step string) []flows.Var {
	list := []flows.Var{{Name: step, Value: flows.TextOf("")}}
	for _, id := range t.ids {
		list = append(list, flows.Var{Name: step + "_" + id, Value: flows.BoolOf(false)})
	}
	for _, g := range t.gates {
		list = append(list, flows.Var{Name: g.Name, Value: flows.BoolOf(false)})
	}
	return list
}

func (t ticks) Gates() []Gate { return t.gates }

func (t ticks) Texts() []Text {
	list := make([]Text, len(t.ids), len(t.ids)+2)
	for i, id := range t.ids {
		list[i] = Text{Key: id, Label: true}
	}
	return append(list, Text{Key: noTick, Label: true}, Text{Key: doneText, Label: true, Shared: true})
}

// Buttons have data by which a press means the same however old the screen is
// that it was made on. One sets a tick and another takes it, so that whoever
// presses twice does not take back what they said; "done" names what was ticked
// on its screen, so that nothing else is answered.
func (t ticks) Buttons(v View) [][]Button {
	now := t.now(v)
	mark := cmp.Or(v.Shared("tick"), "✓")
	list := make([]Button, len(t.ids))
	for i, id := range t.ids {
		list[i] = Button{v.Text(id), id, Draft(id, t.value(now^1<<i))}
		if now.has(i) {
			list[i].Label, list[i].Data = mark+" "+list[i].Label, t.undo(i)
		}
	}
	last := Button{v.Text(noTick), noTick, Answer(noTick, flows.TextOf(noTick))}
	if now != 0 {
		last = Button{v.Shared(doneText), t.done(now), Answer(ticked, t.value(now))}
	}
	return append(Rows(list, t.columns), []Button{last})
}

// undo is the data of the button that takes the n-th tick, and done of the one that
// answers with a set. No choice has such a name.
func (ticks) undo(n int) string { return "-" + strconv.Itoa(n+1) }

func (ticks) done(s set) string { return "done-" + strconv.FormatUint(uint64(s), 36) }

func (t ticks) Keep(_ View, s *flows.State, step string, answer flows.Value) {
	now, whole := t.set(answer.Str), noTick
	if now != 0 {
		whole = ticked
	}
	s.SetVar(step, flows.TextOf(whole))
	for i, id := range t.ids {
		s.SetVar(step+"_"+id, flows.BoolOf(now.has(i)))
	}
}

// Label of what was ticked are the words of all of it.
func (t ticks) Label(v View, answer flows.Value) string {
	switch answer.Str {
	case noTick:
		return v.Text(noTick)
	case ticked:
		var labels []string
		for _, id := range t.ids {
			if v.Kept(id) == flows.BoolOf(true) {
				labels = append(labels, v.Text(id))
			}
		}
		return strings.Join(labels, between)
	}
	return Plain(answer)
}

// Longest is all of it ticked.
func (t ticks) Longest(v View) int {
	labels := make([]string, len(t.ids))
	for i, id := range t.ids {
		labels[i] = v.Text(id)
	}
	return max(markup.Units(strings.Join(labels, between)), markup.Units(v.Text(noTick)))
}

// Samples lead to nothing, to each choice alone and to all together, which are
// two more answers than there are choices, and not two to their power: a
// condition that tells other sets apart is left to the proof, see Possible. With
// gates they lead to each vector of them as well, if there are not too many. A set
// is ticked in its order, so that the ways there are few, and from a set to which
// nothing leads they answer, or with the last answer ticked go back.
func (t ticks) Samples(v View, _ Notable) Samples {
	now, all := t.now(v), set(1<<len(t.ids)-1)
	last := bits.Len32(uint32(now)) // the choices from here on are behind those that are ticked
	goals := append(t.apart(), all)
	var presses []string
	on := now == 0
	for _, goal := range goals {
		on = on || goal&(1<<last-1) == now
	}
	switch {
	case now == 0:
		presses = append(presses, noTick)
	case !on || slices.Contains(goals, now):
		presses = append(presses, t.done(now))
	}
	for i := last; i < len(t.ids); i++ {
		if slices.ContainsFunc(goals, func(goal set) bool { return goal&(2<<i-1) == now|1<<i }) {
			presses = append(presses, t.ids[i])
		}
	}
	if t.prefilled && now != 0 {
		presses = append(presses, t.undo(last-1))
	}
	return Samples{Presses: presses}
}

// apart are each choice alone, and a set for each vector of gates.
func (t ticks) apart() []set {
	var list []set
	for i := range t.ids {
		list = append(list, 1<<i)
	}
	if len(t.gates) > 0 {
		list = append(list, t.each...)
	}
	return list
}

// Possible is nothing, or something, of which one choice is the first: the ones
// before it were not ticked, it was, of those behind it nothing is known. So no
// set is left out, none is there twice, "some" is never nothing, and only the
// choices that a proof follows multiply. Where there are gates, they tell the answers
// apart.
func (t ticks) Possible(_ View, step string) []Possible {
	if len(t.gates) > 0 {
		return t.possibleGates(step)
	}
	none := Possible{Choice: noTick, Sets: []Setting{known(step, flows.TextOf(noTick))}}
	for _, id := range t.ids {
		none.Sets = append(none.Sets, known(step+"_"+id, flows.BoolOf(false)))
	}
	list := []Possible{none}
	for i := range t.ids {
		some := Possible{Choice: ticked, Sets: slices.Clone(none.Sets)}
		some.Sets[0].Value = flows.TextOf(ticked)
		some.Sets[i+1].Value = flows.BoolOf(true)
		for k := i + 2; k < len(some.Sets); k++ {
			some.Sets[k] = AnyTruth(some.Sets[k].Var)
		}
		list = append(list, some)
	}
	return list
}
