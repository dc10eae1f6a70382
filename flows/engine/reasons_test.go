package engine_test

import (
	"testing"
	"time"

	"spasmbot/flows"
)

// TestReasonsFoundMeanwhile: a round is not begun by a question that stood while
// "Worse" has found a reason against it.
func TestReasonsFoundMeanwhile(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toRounds()
	p.waits(50*time.Minute, nil)
	p.does(flows.Command{Name: "cold"})
	if at := p.state().At.Step; at != "cold_choose" {
		t.Fatalf("asked %q", at)
	}
	p.worse()
	for _, press := range []string{"none", "none", "same", "none", "without", "5"} {
		p.presses(press)
	}
	if at := p.state().At.Step; at != "cold_choose" {
		t.Fatalf("led to %q", at)
	}
	p.presses("m15")
	for _, track := range p.state().Tracks {
		if track.Name == "cold" && (track.Running || !track.On.IsZero()) {
			t.Errorf("a round begins though there is a reason against it: %v", p)
		}
	}
}
