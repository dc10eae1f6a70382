package bottest

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/storage"
)

const mediaFlow = `
flow: spasm
version: 1
episode: true
commands: [spasm]
menu: 1
steps:
  - {id: rest, ask: choice, picture: lie_down, choices: {lying: {}}, wait: {timeout: 90d, next: over}}
  - {id: breathe, ask: choice, animation: breathing, choices: {calm: {}}, wait: {timeout: 90d, next: over}}
  - {id: after, ask: choice, choices: {well: {}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
`

const mediaTexts = `
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: P}
system: {nudge: n, stale: s, unexpected: u, use_buttons: b, unknown_command: c, idle: i, group: g, updated: u}
menu: {spasm: %s}
rest: {text: "*Lie down* like this.", lying: Lying}
breathe: {text: "Breathe.", calm: Calm}
after: {text: "And now?", well: Well}
`

// picture is a PNG of a size.
func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// mediaBubble is a bot whose flow shows a picture and an animation.
type mediaBubble struct {
	*bubble
	files fstest.MapFS // what is in the folder of flows at the next start
	file  string
	p     *simulator.Person
}

func inMediaBubble(t *testing.T, f func(b *mediaBubble)) {
	t.Helper()
	var loop bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black, color.White})
	if err := gif.Encode(&loop, frame, nil); err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{
		"spasm.yaml":          {Data: []byte(mediaFlow)},
		"texts/en.yaml":       {Data: []byte(strings.Replace(mediaTexts, "%s", "Help my back", 1))},
		"media/lie_down.png":  {Data: picture(t, 60, 40)},
		"media/breathing.gif": {Data: loop.Bytes()},
	}
	file, dir := filepath.Join(t.TempDir(), "bot.db"), t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := &mediaBubble{
			bubble: &bubble{t: t, flows: dir, sim: simulator.New(simulator.Config{})},
			files:  files, file: file,
		}
		b.memory = b.sim.InMemory()
		defer b.memory.Close()
		b.p = b.sim.Person(1)
		f(b)
		b.end()
	})
}

func (b *mediaBubble) begin() {
	b.t.Helper()
	if err := errors.Join(os.RemoveAll(b.flows), os.CopyFS(b.flows, b.files)); err != nil {
		b.t.Fatal(err)
	}
	b.start(b.file, rates{})
}

func (b *mediaBubble) end() {
	b.t.Helper()
	b.finish()
	if err := b.store.Close(); err != nil {
		b.t.Error(err)
	}
}

func (b *mediaBubble) restart() {
	b.t.Helper()
	b.end()
	b.begin()
}

// says sends a text and returns the bot's answer.
func (b *mediaBubble) says(text string) simulator.Message {
	b.p.SendText(text)
	return b.last()
}

func (b *mediaBubble) last() simulator.Message {
	time.Sleep(2 * time.Second)
	return b.p.Last()
}

// presses presses a button and returns the newest message.
func (b *mediaBubble) presses(m simulator.Message, label string) simulator.Message {
	b.t.Helper()
	if _, err := b.p.PressLabel(m.ID, label); err != nil {
		b.t.Fatal(err)
	}
	return b.last()
}

// calls lists the calls of a method: "upload" or the file id, and how each
// ended.
func (b *mediaBubble) calls(method string) (out []string) {
	for c := range b.sim.Calls(method) {
		line := "upload"
		if len(c.Files) == 0 {
			line = c.Params[strings.ToLower(strings.TrimPrefix(method, "send"))]
		}
		if !c.OK() {
			line += " refused"
		}
		out = append(out, line)
	}
	b.sim.ForgetCalls()
	return out
}

func (b *mediaBubble) wantCalls(method string, want ...string) {
	b.t.Helper()
	if got := b.calls(method); strings.Join(got, ", ") != strings.Join(want, ", ") {
		b.t.Errorf("%s: %q, want %q", method, got, want)
	}
}

// allSent makes sure that the ledger has nothing left to send.
func (b *mediaBubble) allSent() {
	b.t.Helper()
	err := b.store.View(b.t.Context(), func(r storage.Reader) error {
		for m, err := range r.Messages() {
			if err != nil {
				return err
			}
			if m.State != storage.Sent {
				b.t.Errorf("message %d is %s (%s)", m.Number, m.State, m.Cause)
			}
		}
		return nil
	})
	if err != nil {
		b.t.Error(err)
	}
}

func TestPictureIsUploadedOnce(t *testing.T) {
	t.Parallel()
	inMediaBubble(t, func(b *mediaBubble) {
		b.begin()
		first := b.says("/spasm")
		if first.Media == nil || first.Media.Kind != "photo" || first.Media.Name != "lie_down.png" ||
			first.HTML() != "<b>Lie down</b> like this." || len(first.Labels()) != 1 {
			t.Fatalf("the picture is %+v", first)
		}
		id := first.Media.FileID
		b.wantCalls("sendPhoto", "upload")

		// The picture has nothing to say once it is answered, and the animation follows.
		second := b.presses(first, "Lying")
		if second.Media == nil || second.Media.Kind != "animation" || second.Text != "Breathe." || second.ID == first.ID {
			t.Fatalf("the animation is %+v", second)
		}
		if left, _ := b.p.Message(first.ID); !left.Deleted {
			t.Errorf("the picture that was answered is now %+v", left)
		}
		var changed []string
		for c := range b.sim.Calls() {
			if !strings.HasPrefix(c.Method, "edit") && !strings.HasPrefix(c.Method, "delete") {
				continue
			}
			changed = append(changed, c.Method)
			if !c.OK() || c.MessageID != first.ID {
				t.Errorf("changed by %+v", c)
			}
		}
		if !slices.Equal(changed, []string{"deleteMessage"}) {
			t.Errorf("the picture was changed by %q, want one deletion", changed)
		}
		b.wantCalls("sendAnimation", "upload")

		// A text cannot take the place of an animation.
		third := b.presses(second, "Calm")
		if third.Media != nil || third.Text != "And now?" || third.ID == second.ID {
			t.Errorf("after the animation comes %+v", third)
		}
		b.presses(third, "Well")
		b.sim.ForgetCalls()

		again := b.says("/spasm")
		b.wantCalls("sendPhoto", id)
		b.presses(again, "Lying")
		b.wantCalls("sendAnimation", second.Media.FileID)

		b.restart()
		b.p = b.sim.Person(2)
		other := b.says("/spasm")
		b.wantCalls("sendPhoto", id)
		b.presses(other, "Lying")
		b.wantCalls("sendAnimation", second.Media.FileID)
		b.allSent()
	})
}

// Many people at once share the one upload.
func TestCrowdSharesAnUpload(t *testing.T) {
	t.Parallel()
	inMediaBubble(t, func(b *mediaBubble) {
		b.sim.SetFault(func(c simulator.Call) *simulator.Fault {
			if len(c.Files) > 0 {
				return &simulator.Fault{Delay: 5 * time.Second}
			}
			return nil
		})
		b.begin()
		for user := range int64(40) {
			b.sim.Person(user + 1).SendText("/spasm")
		}
		time.Sleep(20 * time.Second)
		uploads, byID := 0, 0
		for _, call := range b.calls("sendPhoto") {
			if call == "upload" {
				uploads++
			} else {
				byID++
			}
		}
		if uploads != 1 || byID != 39 {
			t.Errorf("%d uploads, %d by id, want 1 and 39", uploads, byID)
		}
		b.allSent()
	})
}

// An edited picture under the same name is another file.
func TestEditedPictureIsUploaded(t *testing.T) {
	t.Parallel()
	inMediaBubble(t, func(b *mediaBubble) {
		b.begin()
		b.says("/spasm")
		b.files["media/lie_down.png"] = &fstest.MapFile{Data: picture(t, 61, 40)}
		b.restart()
		b.sim.ForgetCalls()
		b.p = b.sim.Person(2)
		if m := b.says("/spasm"); m.Media == nil || m.Media.Width != 61 {
			t.Errorf("shown %+v", m)
		}
		b.wantCalls("sendPhoto", "upload")
	})
}

func TestExpiredFileIDIsUploadedAgain(t *testing.T) {
	t.Parallel()
	inMediaBubble(t, func(b *mediaBubble) {
		b.begin()
		id := b.says("/spasm").Media.FileID
		b.sim.ForgetCalls()
		var expired atomic.Bool
		expired.Store(true)
		b.sim.SetFault(func(c simulator.Call) *simulator.Fault {
			if c.Method == "sendPhoto" && c.Params["photo"] != "" && expired.Swap(false) {
				return &simulator.Fault{Code: 400, Description: "Bad Request: FILE_REFERENCE_EXPIRED"}
			}
			return nil
		})
		b.p = b.sim.Person(2)
		if m := b.says("/spasm"); m.Media == nil {
			t.Errorf("shown %+v", m)
		}
		b.wantCalls("sendPhoto", id+" refused", "upload")
		b.restart()
		b.p = b.sim.Person(3)
		b.says("/spasm")
		b.wantCalls("sendPhoto", id)
		b.allSent()
	})
}

// A picture that the messenger refuses does not keep the words back.
func TestRefusedPictureLeavesTheWords(t *testing.T) {
	t.Parallel()
	inMediaBubble(t, func(b *mediaBubble) {
		b.files["media/lie_down.png"] = &fstest.MapFile{Data: picture(t, 2, 50)}
		b.begin()
		m := b.says("/spasm")
		if m.Media != nil || m.HTML() != "<b>Lie down</b> like this." || len(m.Labels()) != 1 {
			t.Errorf("arrived %+v", m)
		}
		b.wantCalls("sendPhoto", "upload refused")
		if !strings.Contains(b.log.String(), "file=lie_down.png") {
			t.Errorf("log:\n%s", &b.log)
		}
		// The refusal is remembered for a while.
		b.p = b.sim.Person(2)
		if m := b.says("/spasm"); m.Text != "Lie down like this." {
			t.Errorf("arrived %+v", m)
		}
		b.wantCalls("sendPhoto")
		if next := b.presses(b.p.Last(), "Lying"); next.Media == nil {
			t.Errorf("after it comes %+v", next)
		}
		b.allSent()
	})
}

// A line that carries words and no uploads does not keep them back either.
func TestLostUploadsLeaveTheWords(t *testing.T) {
	t.Parallel()
	inMediaBubble(t, func(b *mediaBubble) {
		b.sim.SetFault(func(c simulator.Call) *simulator.Fault {
			if len(c.Files) > 0 {
				return &simulator.Fault{Drop: true}
			}
			return nil
		})
		b.begin()
		for user := range int64(10) {
			b.sim.Person(user + 1).SendText("/spasm")
		}
		time.Sleep(10 * time.Second)
		for user := range int64(10) {
			if m := b.sim.Person(user + 1).Last(); m.Text != "Lie down like this." || m.Media != nil {
				t.Errorf("%d has got %+v", user+1, m)
			}
		}
		b.wantCalls("sendPhoto", "upload refused", "upload refused")
		b.allSent()
		b.sim.SetFault(nil)
		time.Sleep(10 * time.Minute)
		b.p = b.sim.Person(20)
		if m := b.says("/spasm"); m.Media == nil {
			t.Errorf("once uploads get through, %+v arrives", m)
		}
	})
}

// The picture of a message that waits in the outbox may be gone from the flows.
func TestPictureThatTheFlowsLost(t *testing.T) {
	t.Parallel()
	inMediaBubble(t, func(b *mediaBubble) {
		b.sim.SetFault(func(c simulator.Call) *simulator.Fault {
			if strings.HasPrefix(c.Method, "send") {
				return &simulator.Fault{Code: 500}
			}
			return nil
		})
		b.begin()
		b.says("/spasm")
		b.files["spasm.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(mediaFlow, "picture: lie_down, ", "", 1))}
		b.end()
		b.sim.SetFault(nil)
		b.begin()
		if m := b.last(); m.Text != "Lie down like this." || m.Media != nil || len(m.Labels()) != 1 {
			t.Errorf("arrived %+v", m)
		}
		b.allSent()
	})
}
