package bottest

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const exchangeFlow = `
flow: spasm
version: 1
episode: true
commands: [spasm]
menu: 1
steps:
  - {id: rest, ask: choice, picture: lie_down, choices: {lying: {}}, wait: {timeout: 90d, next: over}}
  - {id: breathe, same_message: true, ask: choice, animation: breathing, choices: {calm: {}}, wait: {timeout: 10m, next: after}}
  - {id: after, same_message: true, ask: choice, picture: sit, choices: {well: {}}, wait: {timeout: 90d, next: over}, next: rest}
  - {id: over, end: over}
`

// TestPicturesInOneMessage: over the wire too a picture takes the place of another in one
// message, by a press and by the end of a wait, and is uploaded once. What the person has
// deleted comes anew.
func TestPicturesInOneMessage(t *testing.T) {
	t.Parallel()
	inMediaBubble(t, func(b *mediaBubble) {
		b.files["spasm.yaml"] = &fstest.MapFile{Data: []byte(exchangeFlow)}
		b.files["media/sit.png"] = &fstest.MapFile{Data: picture(t, 61, 40)}
		b.begin()
		shows := func(what, kind, words string, id int64) {
			t.Helper()
			m := b.p.Last()
			if m.Media == nil || m.Media.Kind != kind || m.Text != words || len(m.Labels()) != 1 || id != 0 && m.ID != id {
				t.Errorf("%s: %+v with %+v, want %s %q in message %d", what, m, m.Media, kind, words, id)
			}
		}
		first := b.says("/spasm")
		b.presses(first, "Lying")
		shows("a press", "animation", "Breathe.", first.ID)
		time.Sleep(10 * time.Minute)
		shows("the end of a wait", "photo", "And now?", first.ID)
		if n := len(b.calls("editMessageMedia")); n != 2 {
			t.Errorf("%d pictures were exchanged, want 2", n)
		}

		again := b.presses(b.p.Last(), "Well")
		if again.ID == first.ID {
			t.Errorf("without same_message the next picture is in the same message")
		}
		b.presses(again, "Lying")
		for call := range b.sim.Calls("editMessageMedia") {
			if len(call.Files) > 0 || strings.Contains(call.Params["media"], "attach:") {
				t.Errorf("a file that is known is uploaded again: %+v", call)
			}
		}
		if err := b.p.Delete(again.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Minute)
		if m := b.p.Last(); m.ID == again.ID {
			t.Errorf("the deleted message is back: %+v", m)
		}
		shows("behind a deleted message", "photo", "And now?", 0)
		b.allSent()
	})
}
