package bottest

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/flows/button"
)

// settle lets everything that is going on come to rest.
func settle() {
	time.Sleep(5 * time.Second)
	synctest.Wait()
}

// lastText is what the bot said last.
func lastText(p *simulator.Person) string {
	messages := p.Messages()
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].FromBot {
			return messages[i].Text
		}
	}
	return ""
}

func expect(t *testing.T, p *simulator.Person, words string) {
	t.Helper()
	settle()
	if got := lastText(p); !strings.Contains(got, words) {
		t.Errorf("the bot said %q, want %q in it", got, words)
	}
}

// TestBadInputIsAnswered sends what does not fit to a question in force: each
// is answered with a word of guidance, and the question is still there.
func TestBadInputIsAnswered(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{}, func(b *bubble) {
		anna := b.sim.Person(1<<52 - 1) // the largest id there can be
		anna.SendText("hello")
		expect(t, anna, "send /spasm")
		time.Sleep(time.Minute) // a hint serves for so long
		anna.SendCommand("/nonsense")
		expect(t, anna, "I do not know that command")
		anna.SendCommand("/spasm now please")
		expect(t, anna, "Is that fine?")
		for _, send := range []struct {
			do   func()
			want string
		}{
			{func() { anna.SendText("my back <b>hurts</b> & how") }, "I cannot understand writing"},
			{func() { anna.SendCommand("/nonsense") }, "I do not know that command"},
			{func() { anna.SendPhoto([]byte("no picture"), "look") }, "I cannot see pictures"},
			{func() { anna.SendSticker("🐌") }, "I cannot see pictures"},
			{func() { anna.SendText(strings.Repeat("ж", 4096)) }, "I cannot understand writing"},
		} {
			time.Sleep(time.Minute)
			send.do()
			expect(t, anna, send.want)
			if _, err := anna.PressLabel(anna.Last().ID, "Show the question"); err != nil {
				t.Fatal(err)
			}
			expect(t, anna, "Is that fine?")
		}
		if got := b.export().of(anna.ID(), "entry"); len(got) < 6 {
			t.Errorf("the timeline has %d entries", len(got))
		}
	})
}

// TestPressesThatDoNotFit presses forged, foreign, old and repeated buttons.
func TestPressesThatDoNotFit(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{}, func(b *bubble) {
		anna, bert := b.sim.Person(101), b.sim.Person(102)
		anna.SendCommand("/spasm")
		settle()
		question := anna.Last()
		old := question.Keyboard[0][0].CallbackData
		for range 3 { // three times in a row, before the first is answered
			if _, err := anna.Press(question.ID, old); err != nil {
				t.Fatal(err)
			}
		}
		expect(t, anna, "Since this began, is any of these true?")
		forged := []string{old, "", "x", "s", "s1", "s99.none", strings.Repeat("9", 64), "s0.-1.none", "r0.18446744073709551616.stop"}
		signs := anna.Last()
		ours, ok := button.Parse(signs.Keyboard[0][0].CallbackData)
		if !ok {
			t.Fatal("the button of a question is not ours")
		}
		for _, d := range []button.Data{
			{Kind: ours.Kind, Seal: ours.Seal, Message: ours.Message, Choice: "nonsense"},
			{Kind: ours.Kind, Seal: ours.Seal, Message: ours.Message + 50, Choice: ours.Choice}, // of a message that is not yet
			{Kind: ours.Kind, Seal: ours.Seal + 1, Message: ours.Message, Choice: ours.Choice},
			{Kind: button.Reminder, Seal: ours.Seal, Message: ours.Message, Choice: "done"},
			{Kind: button.Reminder, Seal: ours.Seal, Message: ours.Message, Choice: "explode"},
			{Kind: button.Reminder, Seal: ours.Seal, Message: ours.Message + 50, Choice: "stop"},
		} {
			forged = append(forged, d.String())
		}
		for _, data := range forged {
			if data == "" {
				continue // the server has no such button
			}
			if _, err := anna.Press(question.ID, data); err != nil {
				t.Fatal(err)
			}
		}
		expect(t, anna, "That button is from earlier")
		if hint := anna.Last(); hint.ID != signs.ID+1 {
			t.Errorf("so many presses brought %d messages, want one", hint.ID-signs.ID)
		}
		// Bert presses Anna's data in his own chat: it touches neither of them.
		bert.SendCommand("/help")
		settle()
		if _, err := bert.Press(bert.Last().ID, signs.Keyboard[1][0].CallbackData); err != nil {
			t.Fatal(err)
		}
		if _, err := anna.PressInaccessible(signs.ID, signs.Keyboard[0][0].CallbackData); err != nil {
			t.Fatal(err)
		}
		expect(t, anna, "Lie like one of these")
		r := b.export()
		answers := 0
		for _, e := range r.of(anna.ID(), "entry") {
			if e.Kind == "answer" {
				answers++
			}
		}
		if answers != 2 {
			t.Errorf("%d answers on the timeline, want the two real ones", answers)
		}
		if got := r.of(bert.ID(), "episode"); len(got) != 0 {
			t.Errorf("bert has an episode: %+v", got)
		}
		checkAnswered(t, b.sim, 3+14+1+1)
	})
}

// checkAnswered demands that each press was answered once.
func checkAnswered(t *testing.T, sim *simulator.Server, presses int) {
	t.Helper()
	answered := make(map[string]int)
	for call := range sim.Calls("answerCallbackQuery") {
		if !call.OK() {
			t.Errorf("an answer was refused: %s", call.Description)
		}
		answered[call.Params["callback_query_id"]]++
	}
	if len(answered) != presses {
		t.Errorf("%d of %d presses were answered", len(answered), presses)
	}
}

// TestGroupsHearNothing: in a group the bot says one thing to everybody.
func TestGroupsHearNothing(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{}, func(b *bubble) {
		group := b.sim.Group(-1001234567890)
		member := group.Member(1 << 40)
		member.SendCommand("/spasm@back_bot")
		settle()
		answer := group.Last()
		if !strings.Contains(answer.Text, "in private") || len(answer.Keyboard) != 1 || answer.Keyboard[0][0].URL != "https://t.me/back_bot" {
			t.Fatalf("in a group the bot said %q with %v", answer.Text, answer.Labels())
		}
		sent := len(group.Messages())
		member.SendText("ordinary talk")
		member.SendCommand("/spasm@another_bot")
		group.SendAnonymous("/spasm")
		group.SendAsChannel(b.sim.Channel(-1009), "/spasm")
		b.sim.Channel(-1009).Post("/spasm")
		settle()
		if got := len(group.Messages()) - sent; got != 4+1 {
			t.Errorf("%d new messages in the group, want the 4 of its members and one answer", got)
		}
		if got := b.export().of(1<<40, "episode"); len(got) != 0 {
			t.Errorf("a command in a group began an episode: %+v", got)
		}
	})
}

// TestMalformedUpdates: what cannot be decoded is set aside, and what stands
// around it is handled.
func TestMalformedUpdates(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{}, func(b *bubble) {
		anna := b.sim.Person(5)
		for _, raw := range []string{
			`{"message": 17}`,
			`{"message": {"message_id": "one", "chat": [], "text": {}}}`,
			`{"callback_query": {"id": "9"}}`,
			`{"message": {"message_id": 3, "date": 0, "chat": {"id": 5, "type": "private"}}}`,
			`{"brand_new_kind": {"a": [1, 2, 3]}}`,
		} {
			if _, err := b.sim.Inject(json.RawMessage(raw)); err != nil {
				t.Fatal(err)
			}
		}
		anna.SendCommand("/spasm")
		expect(t, anna, "Is that fine?")
		// After an idle week the ids begin again, lower.
		b.sim.RestartUpdateIDs(1000)
		if _, err := anna.PressLabel(anna.Last().ID, agreed); err != nil {
			t.Fatal(err)
		}
		expect(t, anna, "Since this began, is any of these true?")
		if b.sim.Pending() != 0 {
			t.Errorf("%d updates were never confirmed", b.sim.Pending())
		}
		if strings.Contains(b.log.String(), simulator.DefaultToken) {
			t.Error("the log holds the token")
		}
	})
}

// TestBlockedAndBack: a person who blocks the bot is left alone, and finds the
// episode again on coming back.
func TestBlockedAndBack(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{}, func(b *bubble) {
		people := newCrowd(b.sim, 1)
		people.start(b.ctx)
		time.Sleep(time.Hour)
		anna := b.sim.Person(people.people[0])
		anna.Block()
		settle()
		b.sim.ForgetCalls()
		time.Sleep(24 * time.Hour)
		for call := range b.sim.Calls("sendMessage", "editMessageText") {
			t.Errorf("wrote to a person who has blocked the bot: %v", call.Method)
		}
		anna.Unblock()
		time.Sleep(12 * time.Hour)
		synctest.Wait()
		rounds := 0
		for call := range b.sim.Calls("sendMessage") {
			if strings.Contains(call.Text, "Time for cold") {
				rounds++
			}
		}
		if rounds == 0 {
			t.Error("no cold round after the person came back")
		}
	})
}

// TestWordsBelowAPicture: words of danger lead to their flow from below a picture, and
// from an edit of what stands there.
func TestWordsBelowAPicture(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{}, func(b *bubble) {
		anna := b.sim.Person(1)
		anna.SendCommand("/spasm")
		expect(t, anna, "Is that fine?")
		photo := anna.SendPhoto([]byte("no picture"), "my back")
		expect(t, anna, "I cannot see pictures")
		if err := anna.EditText(photo, "I have chest pain"); err != nil {
			t.Fatal(err)
		}
		expect(t, anna, "In danger, call")
		anna.SendPhoto([]byte("no picture"), "I cannot breathe")
		time.Sleep(time.Minute)
		commands := 0
		for _, e := range b.export().of(anna.ID(), "entry") {
			if e.Kind == "command" {
				commands++
			}
		}
		if commands != 2 {
			t.Errorf("the timeline tells of %d commands, want 2", commands)
		}
	})
}
