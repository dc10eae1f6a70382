package engine_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
)

// TestSkinLooksWrongAtOnce: a round that the person has begun can be told to look wrong
// before the look comes.
func TestSkinLooksWrongAtOnce(t *testing.T) {
	c := tinyWith(t, strings.ReplaceAll(packsOf, "FIGURES", "hold: 15m, most_hold: 20m, check: 10m, gap: 2h, wrong: sore"),
		packsTexts+"cold-check: {text: Look, wrong_label: It looks wrong}\nsore_now: {text: Leave it off.}\n",
		map[string]string{"sore.yaml": "flow: sore\nsteps:\n  - {id: sore_stop, stop: cold}\n  - {id: sore_now}\n"})
	p := newPerson(t, c)
	p.does(flows.Command{Name: "spasm"})
	p.waits(time.Minute, nil)
	if p.offers() != "skip wrong worse stop" {
		t.Fatalf("told %q with %s", p.readsLast(), p.offers())
	}
	p.presses("It looks wrong")
	if !p.cold().On.IsZero() || p.answered() != "wrong" || p.message("Leave it off.").Text == "" || p.message("Take it off").Class != flows.TakeOff {
		t.Errorf("%s leads to %v with %+v", p.answered(), p, p.cold())
	}
}
