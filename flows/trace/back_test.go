package trace_test

import (
	"slices"
	"strings"
	"testing"

	"spasmbot/flows/trace"
)

// TestBack: a way back is an entry like another, where the question has one. What was
// answered before it still counts.
func TestBack(t *testing.T) {
	c := smallWith(t, strings.NewReplacer(
		"{id: both, ask: number, least: 0, most: 9, next: over}", "{id: both, ask: number, least: 0, most: 9, back: {next: signs, set: {doubted: \"true\"}}, next: over}",
		"private: Privately", "private: Privately, back: Back"))
	d := newDiary(c)
	d.play(t, "> /care\n> press a\n> press b\n> press Done\n> press back\n> wait 1h\n> press a\n> press b\n> press Done\n> text back\n> press c\n> press Done\n> text 4\n")
	accepts(t, c, d.export())
	list := d.export()
	list[slices.IndexFunc(list, func(r record) bool { return r["kind"] == "answer" })]["taken_back"] = true
	accepts(t, c, list)
	i := slices.IndexFunc(list, func(r record) bool { return r["choice"] == "back" })
	list[i]["step"] = "signs"
	if got := judged(t, c, list)[0]; got.Verdict != trace.Refused {
		t.Errorf("a way back from a question without one is %s", got.Verdict)
	}
}
