package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"spasmbot/flows/diff"
)

// TestCompareCards: what became of a card, its lines, its buttons and its words is told.
func TestCompareCards(t *testing.T) {
	carded := func(card, texts string) []string {
		return []string{"stop: stop\n", "stop: stop\ncard: " + card + "\n", "how:", "spasm-card: " + texts + "\nhow:"}
	}
	card, texts := "{values: {day: 1}, lines: {a: {when: live}, b: {}}, buttons: {stop: {flow: stop}}}", "{a: A., b: B., stop: Halt, over: O.}"
	for name, c := range map[string]struct {
		was, is []string
		want    string
	}{
		"nothing":  {carded(card, texts), carded(card, texts), ""},
		"a card":   {nil, carded("{lines: {a: {}}}", "{a: A., over: O.}"), "added card of spasm nothing → line a"},
		"no card":  {carded(card, texts), nil, "removed card of spasm "},
		"a line":   {carded(card, texts), carded(strings.Replace(card, "when: live", "when: not live", 1), texts), "changed card of spasm line a when live → line a when not live"},
		"a value":  {carded(card, texts), carded(strings.Replace(card, "day: 1", "day: 2", 1), texts), "changed card of spasm value day 1 → value day 2"},
		"a button": {carded(card, texts), carded(strings.Replace(card, "flow: stop", "flow: stop, style: danger", 1), texts), "changed card of spasm button stop runs stop → button stop runs stop danger"},
		"an order": {carded(card, texts), carded(strings.Replace(card, "a: {when: live}, b: {}", "b: {}, a: {when: live}", 1), texts), "moved card of spasm its parts stand in another order"},
		"words":    {carded(card, texts), carded(card, strings.NewReplacer("Halt", "Stop", "O.", "Over.").Replace(texts)), "texts card of spasm en.spasm-card.over, en.spasm-card.stop"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, ch := range diff.Compare(load(t, c.was...), load(t, c.is...)) {
				got = append(got, fmt.Sprintf("%s %s %s", ch.Kind, ch.What, ch.Detail))
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("the changes are %q, want %q", got, c.want)
			}
		})
	}
}
