package checker

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows/lang"
)

// notesOf are the notes on a catalog.
func notesOf(c *lang.Catalog) []string {
	m := newSubject(c)
	var list []string
	for _, n := range m.notes(m.witnesses(first(time.Time{}), false)) {
		list = append(list, n.String())
	}
	return list
}

// tint is a question more, with what follows from its answers and with more of the
// step.
func tint(red, blue, more string) []string {
	return []string{
		"  - {id: hub, ask → " + "  - {id: tint, ask: choice, choices: {red: {" + red + "}, blue: {" + blue + "}}" + more + "}\n  - {id: hub, ask",
		"hub: {text: Here. → tint: {text: Tint?, red: Red, blue: Blue}\nhub: {text: Here.",
	}
}

// TestNotes: each thing that never happens, or makes no difference, is told, and
// nothing else.
func TestNotes(t *testing.T) {
	const (
		oftenWhen  = `when: episodes_in(60d) > 1 and safe == "none"`
		toGerman   = `{when: tongue == "de", to: german}`
		noGerman   = toGerman + ` → {when: live, to: german}`
		noGerman1  = `flow care: nobody comes to german`
		noGerman2  = `flow care, step over: on the way to german, live is always false`
		packUntil  = "until: onset + 20h"
		packHold   = "hold: in_minutes(minutes), most_hold: 20m"
		impossible = `safe == "none" and safe == "any"`
		same       = "flow care, step tint: whatever is answered, the same follows, and nothing reads the answer"
	)
	for name, test := range map[string]struct {
		promise string
		bugs    []string
		want    []string
	}{
		"nothing": {`{before: often, require: safe == "none"}`, nil, nil},
		"never true": {"", []string{oftenWhen + ` → when: safe == ""`}, []string{
			`flow care, step often: when it comes to this step, safe == "" is always false`,
		}},
		"always true": {"", []string{oftenWhen + ` → when: safe == "any" or safe == "none"`}, []string{
			`flow care, step often: when it comes to this step, safe == "any" or safe == "none" is always true`,
		}},
		"nobody comes": {"", []string{noGerman}, []string{noGerman1, noGerman2}},
		"nobody but by an edit": {
			"", []string{noGerman, "history: safe → history: safe\nretired: {dutch: {moved_to: german}}"}, []string{noGerman2},
		},
		"a reminder under a condition that never holds": {"", []string{`run: seen → run: seen`, `once: 3h, when: safe == "none" → once: 3h, when: ` + impossible}, []string{
			`flow care, look: while it runs, ` + impossible + ` is always false`, `flow seen: nobody comes into it`,
		}},
		"a reminder under a condition that always holds": {"", []string{"minutes == 137 → live"}, []string{
			`flow care, nap: while it runs, live is always true`,
		}},
		"never told, or between": {
			"", []string{packUntil + " → from: later, until: later", "tongue, ask: language → tongue, ask: language, set: {later: now}"}, nil,
		},
		"nothing starts": {"", []string{`start: nap → start: drink`}, []string{`flow care, nap: nothing starts it`}},
		"the start is not reached": {"", []string{`{id: nap_start, start → {id: nap_start, when: safe == "", start`}, []string{
			`flow care, step nap_start: when it comes to this step, safe == "" is always false`, `flow care, nap: nothing starts it`,
		}},
		"stopped before it comes": {"", []string{"  - {id: hub, ask →   - {id: hush, stop: all}\n  - {id: hub, ask"}, []string{
			`flow care, look: it never comes`, `flow care, drink: it never comes`, `flow care, nap: it never comes`,
			`flow felt: nobody comes into it`, `flow seen: nobody comes into it`,
		}},
		"from after until": {"", []string{packUntil + " → from: onset + 30h, " + packUntil}, []string{
			`flow care, pack: it never comes: there is no time for it from onset + 30h until onset + 20h`,
		}},
		"too short":   {"", []string{packUntil + " → from: onset + 1181m, " + packUntil, packHold + " → hold: 20m"}, []string{`flow care, pack: it never comes: there is no time for it from onset + 1181m until onset + 20h`}},
		"just enough": {"", []string{packUntil + " → from: onset + 1180m, " + packUntil, packHold + " → hold: 20m"}, nil},
		"no from":     {"", []string{packUntil + " → until: now + 10m", packHold + " → hold: 20m"}, []string{`flow care, pack: it never comes`}},
		"two instants": {
			"", []string{packUntil + " → from: later + 30h, " + packUntil, "set: {onset: now} → set: {onset: now, later: now}"}, nil,
		},
		"the same follows":      {"", tint("", "", ""), []string{same}},
		"the same is set":       {"", tint("set: {hue: 1+1}", "set: {hue: 1 + 1}", ""), []string{same}},
		"another way":           {"", tint("", "next: over", ""), nil},
		"another value":         {"", tint("set: {hue: 1}", "set: {hue: 2}", ""), nil},
		"what is chosen is set": {"", tint("set: {hue: choice}", "set: {hue: choice}", ""), nil},
		"it stays in the chat":  {"", tint("", "", ", keep: true"), nil},
		"a line is left of it":  {"", append(tint("", "", ""), "tint: {text: → tint: {line: Hue, text:"), nil},
		"a text shows it":       {"", append(tint("", "", ""), "alike: {text: The → alike: {text: "+`"{tint}`, "same again.} → same again.\"}"), nil},
		"a promise reads it":    {`{before: looked, require: tint == "red" or tint != "red"}`, tint("", "", ""), []string{`care.yaml:32: before looked require tint == "red" or tint != "red": wherever somebody is, tint == "red" or tint != "red" is true`}},
		"the papers show it":    {"", append(tint("", "", ""), "history: safe → history: safe\npapers: {cause: tint}"), nil},
		"the history keeps it":  {"", append(tint("", "", ""), "history: safe → history: tint"), nil},
		"what is promised never happens": {`{before: german, require: safe == "none"}`, []string{noGerman}, []string{
			noGerman1, noGerman2, `care.yaml:31: before german require safe == "none": what it speaks of never happens`,
		}},
		"what is promised cannot break": {`{never: pack, while: ` + impossible + `}`, nil, []string{
			`care.yaml:31: never pack while ` + impossible + `: wherever somebody is, ` + impossible + ` is false`,
		}},
	} {
		if got := notesOf(loadAsked(t, test.promise, test.bugs...)); !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %s\nwant %s", name, strings.Join(got, "\n     "), strings.Join(test.want, "\n     "))
		}
	}
}
