package diff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/graph"
	"spasmbot/flows/lang"
)

// Change is one difference between two catalogs.
type Change struct {
	Kind   Kind
	What   string // such as "step spasm.rest"
	Detail string // "" if there is none
	// Place is the step of the old catalog that it touches, if it is one.
	Place flows.Place
	// Track is the name of the round or reminder of the old catalog that it
	// touches, if it is one.
	Track string
}

// Kind says what became of something.
type Kind string

// The kinds of changes.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Changed Kind = "changed"
	Moved   Kind = "moved" // among its neighbours
	Texts   Kind = "texts" // it reads another way
)

// Compare lists what changed from one catalog to the next, flow by flow.
func Compare(was, is *lang.Catalog) []Change {
	var list []Change
	for _, f := range was.Flows() {
		now := is.Flow(f.ID)
		if now == nil {
			list = append(list, Change{Kind: Removed, What: "flow " + f.ID})
			now = &lang.Flow{ID: f.ID}
		} else if what := fromTo(header(f), header(now)); what != "" {
			list = append(list, Change{Kind: Changed, What: "flow " + f.ID, Detail: what})
		}
		list = append(list, compareSteps(was, is, f, now)...)
		list = append(list, compareCards(was, is, f, now)...)
		list = append(list, compareTracks(is, f, now)...)
		list = append(list, comparePromises(f, now)...)
	}
	for _, f := range is.Flows() {
		if was.Flow(f.ID) == nil {
			list = append(list, Change{Kind: Added, What: "flow " + f.ID, Detail: fmt.Sprintf("steps: %d", len(f.Steps))})
		}
	}
	return append(list, compareSigns(was, is)...)
}

// header is what stands above the steps of a flow.
func header(f *lang.Flow) []string {
	return append([]string{
		"commands " + strings.Join(f.Commands, " "), "links " + strings.Join(f.Links, " "), "while " + strings.Join(f.While, " "), fmt.Sprintf("menu %d", f.Menu),
		fmt.Sprintf("episode %t", f.Episode), fmt.Sprintf("help %t", f.Help), fmt.Sprintf("words %d", f.Words), "worse " + f.Worse, "stop " + f.Stop, "waking " + wakingSpan(f),
		"remember " + strings.Join(f.Remember, " "), fmt.Sprintf("forget_after %v", f.Lapses), "forget_unless " + f.ForgetUnless, "history " + f.History, "day " + planning(f.Day),
	}, f.Papers.Lines()...)
}

// planning says how a day is planned.
func planning(d *lang.Day) string {
	if d == nil {
		return "not planned"
	}
	bound := func(e *lang.Expr) string {
		if e == nil {
			return "without bound"
		}
		return e.Source
	}
	return fmt.Sprintf("invitations %s, rings %s, quarter %s, evening %s, awake %s, order %s, apart %s",
		bound(d.Invitations), bound(d.Rings), graph.Short(d.Quarter), graph.Short(d.Evening), graph.Short(d.Awake), d.Order, d.Apart)
}

// fromTo says which parts of a description changed, "" if none did.
func fromTo(was, is []string) string {
	without := func(list, other []string) string {
		list = slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
		return strings.Join(list, ", ")
	}
	from, to := without(was, is), without(is, was)
	if from == "" && to == "" {
		return ""
	}
	return cmp.Or(from, "nothing") + " → " + cmp.Or(to, "nothing")
}

func wakingSpan(f *lang.Flow) string {
	edge := func(minute int, by *lang.Expr) string {
		if by != nil {
			return by.Source
		}
		return fmt.Sprintf("%02d:%02d", minute/60, minute%60)
	}
	return edge(f.Waking.From, f.WakeFrom) + "–" + edge(f.Waking.To, f.WakeTo)
}

func compareSteps(was, is *lang.Catalog, old, now *lang.Flow) []Change {
	var list []Change
	stays := unmoved(old, now)
	for i := range old.Steps {
		s := &old.Steps[i]
		ch := Change{What: "step " + old.ID + "." + s.ID, Place: flows.Place{Flow: old.ID, Step: s.ID}}
		note := func(kind Kind, detail string) {
			c := ch
			c.Kind, c.Detail = kind, detail
			list = append(list, c)
		}
		at := now.Step(s.ID)
		if at < 0 {
			note(Removed, whereTo(is, now, s.ID))
			continue
		}
		if now.Steps[at].Hash != s.Hash {
			note(Changed, "")
		}
		if !stays[s.ID] {
			note(Moved, behind(now, at))
		}
		if texts := changedTexts(was, is, s.ID, textKeys(s, &now.Steps[at])); texts != "" {
			note(Texts, texts)
		}
	}
	for i := range now.Steps {
		if id := now.Steps[i].ID; old.Step(id) < 0 {
			list = append(list, Change{Kind: Added, What: "step " + now.ID + "." + id, Detail: behind(now, i)})
		}
	}
	return list
}

func whereTo(is *lang.Catalog, now *lang.Flow, id string) string {
	if heir := now.Heir(id); heir != "" {
		return "moved to " + heir
	}
	for _, f := range is.Flows() {
		if f.Step(id) >= 0 {
			return "now in flow " + f.ID
		}
	}
	return "moved nowhere"
}

func behind(f *lang.Flow, i int) string {
	if i == 0 {
		return "now first"
	}
	return "now behind " + f.Steps[i-1].ID
}

// unmoved holds the steps whose order is the same in both flows: a longest
// common subsequence.
func unmoved(old, now *lang.Flow) map[string]bool {
	a, b := old.Steps, now.Steps
	longest := make([][]int, len(a)+1)
	for i := range longest {
		longest[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i].ID == b[j].ID {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	stays := make(map[string]bool)
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].ID == b[j].ID:
			stays[a[i].ID] = true
			i++
			j++
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return stays
}

// textKeys are the texts that either version of a step may have.
func textKeys(versions ...*lang.Step) []string {
	keys := []string{"text"}
	for _, s := range versions {
		if s.Question == nil {
			continue
		}
		if !slices.Contains(keys, lang.LineText) {
			keys = append(keys, lang.LineText)
		}
		for _, text := range s.Question.Texts() {
			if !text.Shared && !slices.Contains(keys, text.Key) {
				keys = append(keys, text.Key)
			}
		}
	}
	return keys
}

// changedTexts lists the texts of a section that differ, by language.
func changedTexts(was, is *lang.Catalog, section string, keys []string) string {
	languages := was.Languages()
	for _, lang := range is.Languages() {
		if !slices.Contains(languages, lang) {
			languages = append(languages, lang)
		}
	}
	slices.Sort(languages)
	var list []string
	for _, lang := range languages {
		for _, key := range keys {
			if was.Text(lang, section, key).Source != is.Text(lang, section, key).Source {
				list = append(list, lang+"."+section+"."+key)
			}
		}
	}
	return strings.Join(list, ", ")
}

// compareTracks lists the rounds and reminders that changed.
func compareTracks(is *lang.Catalog, old, now *lang.Flow) []Change {
	var list []Change
	find := func(f *lang.Flow, name string) []string {
		i := slices.IndexFunc(f.Tracks, func(t lang.TrackSpec) bool { return t.Name == name })
		if i < 0 {
			return nil
		}
		return strings.Split(graph.Describe(&f.Tracks[i]), "\n")[1:]
	}
	for i := range old.Tracks {
		name := old.Tracks[i].Name
		ch := Change{Kind: Removed, What: "timing " + name, Track: name}
		if keys := find(now, name); keys == nil {
			ch.Detail = becomes(is, &old.Tracks[i])
		} else if ch.Kind, ch.Detail = Changed, fromTo(find(old, name), keys); ch.Detail == "" {
			continue
		}
		list = append(list, ch)
	}
	for i := range now.Tracks {
		if name := now.Tracks[i].Name; find(old, name) == nil {
			list = append(list, Change{Kind: Added, What: "timing " + name, Detail: strings.Join(find(now, name), ", ")})
		}
	}
	return list
}

// becomes says what becomes of a round or reminder that its flow has no more.
func becomes(is *lang.Catalog, t *lang.TrackSpec) string {
	if now := is.Track(t.Name); now != nil {
		return "now in flow " + now.Flow
	}
	heir, retired := is.TrackHeir(t.Name)
	switch {
	case !retired:
		return "moved nowhere"
	case heir == nil:
		return "ends"
	case heir.Round() != t.Round():
		return "moved to " + heir.Name + ", which is of another kind"
	}
	return "moved to " + heir.Name
}

// comparePromises lists the invariants that came and went.
func comparePromises(old, now *lang.Flow) []Change {
	var list []Change
	was, is := promises(old), promises(now)
	for _, p := range was {
		if !slices.Contains(is, p) {
			list = append(list, Change{Kind: Removed, What: "invariant", Detail: p})
		}
	}
	for _, p := range is {
		if !slices.Contains(was, p) {
			list = append(list, Change{Kind: Added, What: "invariant", Detail: p})
		}
	}
	return list
}

func promises(f *lang.Flow) []string {
	list := make([]string, len(f.Invariants))
	for i, inv := range f.Invariants {
		if inv.Before != "" {
			list[i] = fmt.Sprintf("before %s require %s", inv.Before, inv.Require.Source)
		} else {
			list[i] = fmt.Sprintf("never %s while %s", inv.Never, inv.While.Source)
		}
	}
	return list
}
