package ask

import (
	"slices"

	"spasmbot/flows"
)

// GroupPart names the variable of the group of a sign: STEP_group.
const GroupPart = "group"

// signKind asks which warning sign it is: a button for each that concerns the
// person, and further ones below. What a sign leads to and sets is the affair of its
// group, since a sign may be moved from class to class.
type signKind struct{}

func (signKind) Word() string { return "sign" }
func (signKind) Doc() string  { return "a button for each warning sign" }

func (signKind) Parts() []Part {
	return []Part{Choices(), Columns(), ClassOf(), AskedAt(), {
		Keys:    []Key{{Name: "groups", Type: GroupsKey, Doc: "What follows from a sign, for each group of the table."}},
		Astray:  Fault{"has groups and does not ask for a sign", "groups belong to {all}"},
		Lacking: Fault{"does not say what follows from a sign", `add "groups:" with a line for each group of the table, such as "nerves: {next: step}"`},
	}}
}

func (signKind) Read(r Reader) Question {
	ids, sound := r.Choices("choices")
	offered(r, ids, sound, maxButtons, `"name: {next: step}" or "name: {}"`)
	return which{choice{ids: ids, columns: readColumns(r)}, readSelection(r)}
}

// which is answered by a sign, or by one of some choices.
type which struct {
	choice
	about Selection
}

func (w which) Caption() string  { return "sign " + w.about.caption() }
func (w which) About() Selection { return w.about }
func (which) Lists() bool        { return false }

// Values are not known here: which signs there are is said by the table.
func (which) Values() []string { return nil }

func (which) Vars(step string) []flows.Var {
	return []flows.Var{{Name: step, Value: flows.TextOf("")}, {Name: step + "_" + GroupPart, Value: flows.TextOf("")}}
}

func (w which) Buttons(v View) [][]Button {
	signs := w.about.For(v)
	list := make([]Button, 0, len(signs)+len(w.ids))
	for _, s := range signs {
		does := Answer(s.ID, flows.TextOf(s.ID))
		does.Group = s.Group
		list = append(list, Button{v.SignText(SignKey(s.ID, NamePart)), s.ID, does})
	}
	return append(Rows(list, w.columns), w.choice.Buttons(v)...)
}

// Keep keeps the group as it is when the sign is told.
func (which) Keep(v View, s *flows.State, step string, answer flows.Value) {
	group := ""
	if sign, ok := signOf(v, answer.Str); ok {
		group = sign.Group
	}
	s.SetVar(step, answer)
	s.SetVar(step+"_"+GroupPart, flows.TextOf(group))
}

// signOf finds a sign of the table, of whatever class it may be by now.
func signOf(v View, id string) (Sign, bool) {
	table := v.Signs()
	i := slices.IndexFunc(table, func(s Sign) bool { return s.ID == id })
	if i < 0 {
		return Sign{}, false
	}
	return table[i], true
}

func (w which) Label(v View, answer flows.Value) string {
	if _, ok := signOf(v, answer.Str); ok {
		return v.SignText(SignKey(answer.Str, NamePart))
	}
	return w.choice.Label(v, answer)
}

// Longest goes by all signs, since each may be moved into the class.
func (w which) Longest(v View) int {
	var labels []string
	for _, s := range v.Signs() {
		labels = append(labels, v.SignText(SignKey(s.ID, NamePart)), s.Group, s.ID)
	}
	return max(longestOf(labels), w.choice.Longest(v))
}

// Samples are one sign of each group, those that conditions speak of, and the
// choices.
func (w which) Samples(v View, n Notable) Samples {
	var presses, groups []string
	for _, s := range w.about.For(v) {
		if first := !slices.Contains(groups, s.Group); first || slices.Contains(n.Texts, s.ID) {
			presses, groups = append(presses, s.ID), append(groups, s.Group)
		}
	}
	return Samples{Presses: append(presses, w.ids...)}
}

func (w which) Possible(v View, step string) []Possible {
	sets := func(answer, group string) []Setting {
		return []Setting{known(step, flows.TextOf(answer)), known(step+"_"+GroupPart, flows.TextOf(group))}
	}
	var list []Possible
	for _, s := range w.about.Of(v.Signs()) {
		list = append(list, Possible{Choice: s.ID, Group: s.Group, Sets: sets(s.ID, s.Group)})
	}
	for _, id := range w.ids {
		list = append(list, Possible{Choice: id, Sets: sets(id, "")})
	}
	return list
}

// The words of a sign: its button, which STEP shows, its line on a list, and what makes
// it clearer, which a text shows by STEP_line and STEP_more.
const (
	NamePart = "name"
	LinePart = "line"
	MorePart = "more"
)

// SignKey is the text of a sign that is a part of it.
func SignKey(sign, part string) string {
	if part == LinePart {
		return sign
	}
	return sign + "_" + part
}
