package bottest

import (
	"os"
	"testing"
	"time"

	"spasmbot/flows"
)

// TestButtonsOfALostFile: in a file that was restored from a copy, numbers begin
// again where the copy ended. A button that was sent since the copy was made names a
// message that is now another one, in the same state of the person; it is no answer
// to that.
func TestButtonsOfALostFile(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{}, func(b *bubble) {
		anna := b.sim.Person(5)
		anna.SendCommand("/spasm")
		expect(t, anna, "Is that fine?")
		if _, err := anna.PressLabel(anna.Last().ID, agreed); err != nil {
			t.Fatal(err)
		}
		settle()
		b.finish()
		if err := b.store.Close(); err != nil {
			t.Fatal(err)
		}
		copied, err := os.ReadFile(b.file)
		if err != nil {
			t.Fatal(err)
		}
		b.start(b.file, b.limits)
		// What is lost: a question.
		anna.SendCommand("/spasm")
		expect(t, anna, "I am already with you")
		lost := anna.Last()
		b.finish()
		if err := b.store.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(b.file, copied, 0o600); err != nil {
			t.Fatal(err)
		}
		b.start(b.file, b.limits)
		// The same number, on another message.
		anna.SendCommand("/spasm")
		expect(t, anna, "I am already with you")
		now := anna.Last()
		if now.ID == lost.ID || now.Keyboard[0][0].CallbackData != lost.Keyboard[0][0].CallbackData {
			t.Fatalf("messages %d and %d have the data %q and %q", lost.ID, now.ID, lost.Keyboard[0][0].CallbackData, now.Keyboard[0][0].CallbackData)
		}
		if _, err := anna.Press(lost.ID, lost.Keyboard[0][0].CallbackData); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		entries := b.export().of(anna.ID(), "entry")
		if last := entries[len(entries)-1]; last.Kind != flows.EntryStale {
			t.Errorf("the press under a lost question became %+v", last)
		}
		expect(t, anna, "That button is from earlier")
		if _, err := anna.PressLabel(now.ID, "Go on where we were"); err != nil {
			t.Fatal(err)
		}
		expect(t, anna, "is any of these true?")
	})
}
