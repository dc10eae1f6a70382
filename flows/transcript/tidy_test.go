package transcript

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
)

// A message that is deleted is not in the chat any more and has no buttons; what is
// deleted is told in a line. What the messenger would refuse is an error.
func TestDeletions(t *testing.T) {
	p := New(nil) // no step is taken
	key := [][]flows.Key{{{Label: "Yes", Data: "x"}}}
	if err := p.show(flows.Message{Number: 1, Text: "<b>Cold</b> now, with a thin towel between pack and skin.\nMore", Keyboard: key}); err != nil {
		t.Fatal(err)
	}
	if err := p.show(flows.Message{Number: 2, Text: "Water", Picture: "glass"}); err != nil {
		t.Fatal(err)
	}
	gone := flows.Message{Number: 3, Of: 1, Delete: true, Class: flows.Tidy}
	if err := p.show(gone); err != nil {
		t.Fatal(err)
	}
	if m := p.Chat[0]; !m.Gone || len(m.Keyboard) > 0 || p.Chat[1].Gone || !p.Chat[1].Media {
		t.Errorf("the chat is %+v", p.Chat)
	}
	p.Effects = []flows.Effect{flows.Say{Message: gone}}
	var out strings.Builder
	p.Describe(&out)
	if got, want := out.String(), "  0:00  deletes   *Cold* now, with a thin towel between pa…\n"; got != want {
		t.Errorf("it is told as %q, want %q", got, want)
	}
	if err := p.show(flows.Message{Number: 4, Of: 1, Text: "x"}); err == nil {
		t.Error("what is gone was changed")
	}
	p.Now = p.Now.Add(48*time.Hour + time.Second)
	if err := p.show(flows.Message{Number: 5, Edit: 2, Delete: true}); err == nil || !strings.Contains(err.Error(), "48h0m1s") {
		t.Errorf("what is too old was deleted: %v", err)
	}
}
