package bottest

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/simulator"
)

// TestQuickTaps: six taps on one spot answer nothing before there was time to read,
// each is told so, and the same tap counts later. With a fast clock the time to read
// passes faster as well.
func TestQuickTaps(t *testing.T) {
	t.Parallel()
	const none = "No, none of these"
	inBubbleWith(t, ankle, rates{}, func(b *bubble) {
		anna := b.sim.Person(7)
		anna.SendCommand("/ankle")
		soon()
		signs := anna.Last()
		for range 6 {
			press(t, anna, signs.ID, none)
			soon()
		}
		for _, a := range anna.Answers() {
			if a.Text != "Please read the question first." {
				t.Errorf("a press too soon is told %q", a.Text)
			}
		}
		hint := anna.Last()
		if hint.ID != signs.ID+1 || hint.Text != "Please read the question first." || !hint.Silent || len(hint.Keyboard) != 0 {
			t.Fatalf("after six taps the chat ends with %+v", hint)
		}
		if got, _ := anna.Message(signs.ID); len(anna.Answers()) != 6 || !got.Edited.IsZero() {
			t.Fatalf("six taps have made of the question %+v", got)
		}
		if got := b.export().of(7, "entry"); len(got) != 1 {
			t.Errorf("six taps too soon are on the timeline: %+v", got)
		}
		time.Sleep(4 * time.Second) // dates are known to the second
		press(t, anna, signs.ID, none)
		expect(t, anna, "four steps")
	})
	inBubbleWith(t, ankle, rates{}, func(b *bubble) {
		b.finish()
		fast, err := bot.NewFastClock(60, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		b.clock = fast
		b.restart()
		anna := b.sim.Person(7)
		anna.SendCommand("/ankle")
		synctest.Wait()
		time.Sleep(time.Second)
		press(t, anna, anna.Last().ID, none)
		soon()
		if got := lastText(anna); got == "" || len(anna.Answers()) != 1 || anna.Answers()[0].Text != "" {
			t.Errorf("after a minute of bot time a press is told %+v", anna.Answers())
		}
	})
}

// soon lets everything come to rest that takes no time.
func soon() {
	time.Sleep(50 * time.Millisecond)
	synctest.Wait()
}

func press(t *testing.T, p *simulator.Person, message int64, label string) {
	t.Helper()
	if _, err := p.PressLabel(message, label); err != nil {
		t.Fatal(err)
	}
}

// TestColoursAndCopies: what the flows say of buttons is on the wire.
func TestColoursAndCopies(t *testing.T) {
	t.Parallel()
	inBubbleWith(t, ankle, rates{}, func(b *bubble) {
		anna := b.sim.Person(7)
		anna.SendCommand("/ankle")
		settle()
		if grave, _ := anna.Last().Button("Yes, at least one"); grave.Style != "danger" || grave.CallbackData == "" {
			t.Errorf("the button is %+v", grave)
		}
		answers(t, anna, "No, none of these", "Yes, four steps", "No, the bone is not sore", "My foot is up",
			"18 or older", "Within the last hour", "5", "Sport", "Yes, about that", "It is on", "No, none of these")
		settle()
		pack := anna.Last()
		if got := pack.Labels(); !slices.Equal(got, []string{"Copy a message to a helper", "It is ready, start", "Ready, ten minutes only", "No cold for me"}) {
			t.Fatalf("the buttons are %q", got)
		}
		if copies := pack.Keyboard[0][0]; copies.CopyText == nil || len(copies.CopyText.Text) < 50 || copies.CallbackData != "" {
			t.Errorf("the button is %+v", copies)
		}
		answers(t, anna, "It is ready, start")
		expect(t, anna, "Cold on now")
	})
}
