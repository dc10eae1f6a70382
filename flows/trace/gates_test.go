package trace_test

import (
	"slices"
	"strings"
	"testing"

	"spasmbot/flows/trace"
)

// TestGates: what gates lead to is judged by what was ticked, be it in an episode that is
// not kept any more; and so is an answer that begins with the last one.
func TestGates(t *testing.T) {
	c := smallWith(t, strings.NewReplacer("episode: true", "episode: true\nremember: [signs]",
		"ask: ticks,", "ask: ticks, prefilled: true, gates: {bad: [b, x], worse_yet: [a, c, x]},",
		"when: signs_a and signs_b", "when: bad and worse_yet",
		"- {id: signs,", "- {id: known, when: bad, ask: number, least: 1, most: 3}\n  - {id: signs,",
		"both: {", "known: {text: \"Known.\", invalid: \"A number.\"}\nboth: {"))
	begin := "> /care\n> press b\n> press Done\n> text go on\n> /stop\n> /care\n> text 3\n"
	for name, src := range map[string]string{
		"as it is":    "> press done-2\n> text well\n",
		"one more":    "> press c\n> press done-6\n> text 5\n",
		"another":     "> press ✓ Sign b\n> press c\n> press done-4\n> text well\n",
		"none":        "> press ✓ Sign b\n> press none\n> text well\n",
		"all of that": "> press x\n> press ✓ Sign b\n> wait 30h\n> press a\n> press Done\n> text 5\n",
	} {
		t.Run(name, func(t *testing.T) {
			d := newDiary(c)
			d.play(t, begin+src)
			accepts(t, c, d.export())
			accepts(t, c, without(d.export(), 3)) // the one that it begins with
			list := d.export()
			i := len(list) - 1
			for list[i]["step"] != "signs" {
				i--
			}
			// An answer that leads the other way.
			list[i]["choice"], list[i]["value"] = "some", map[bool]string{true: "b", false: "b, c"}[list[i+1]["step"] == "both"]
			refused := func(f trace.Finding) bool { return f.Verdict == trace.Refused }
			if got := judged(t, c, list); !slices.ContainsFunc(got, refused) {
				t.Errorf("with %q it is %+v", list[i]["value"], got)
			}
		})
	}
}
