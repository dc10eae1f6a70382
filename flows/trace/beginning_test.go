package trace_test

import (
	"strings"
	"testing"

	"spasmbot/flows/trace"
)

// remembering are the small flows with a question before all others, and one for whoever
// was looked at within the last days, as another flow remembers it.
func remembering() *strings.Replacer {
	return strings.NewReplacer(
		"episode: true\n", "episode: true\nremember: [agreed]\n",
		"- {id: signs,", "- {id: agrees, when: not agreed, ask: choice, choices: {agree: {set: {agreed: \"true\"}}}}\n  - {id: looked_at, when: looked and hours_since(looked_when) < 168, ask: choice, choices: {same: {}, new: {set: {looked: \"false\"}}}}\n  - {id: signs,",
		"commands: [aid]", "commands: [aid]\nremember: [looked, looked_when]",
		"choices: {good: {}}", "choices: {good: {set: {looked: \"true\", looked_when: now}}}",
		"both: {", "agrees: {text: \"Agreed?\", agree: Agreed}\nlooked_at: {text: \"The same?\", same: It is, new: Another}\nboth: {")
}

// TestKnownTogether: what the first question that is kept hangs on may have been two facts
// at once, neither of which is as it was.
func TestKnownTogether(t *testing.T) {
	c := smallWith(t, remembering())
	d := newDiary(c)
	d.play(t, "> /care\n> /aid\n> press Good\n> /stop\n> /care\n> press Agreed\n> press Another\n> press a\n> press Done\n> /stop\n")
	if len(d.rows) != 2 {
		t.Fatalf("there are %d episodes", len(d.rows))
	}
	accepts(t, c, d.export())
	list := without(d.export(), 2)
	accepts(t, c, list)
	at(t, list, "answer", "looked_at", "new")["choice"] = "none"
	if got := judged(t, c, list)[0]; got.Verdict != trace.Refused {
		t.Errorf("an answer that it has not is %s", got.Verdict)
	}
}
