package bottest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"spasmbot/bot/simulator"
)

// inject lets a person send or change a message of any kind: kind is that of the
// update, and content are the fields of the message.
func (b *bubble) inject(kind string, user, message int64, content string) {
	b.t.Helper()
	raw := fmt.Sprintf(`{%q:{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":"Anna"},"chat":{"id":%[3]d,"type":"private"},"date":1,%[4]s}}`,
		kind, message, user, content)
	if _, err := b.sim.Inject(json.RawMessage(raw)); err != nil {
		b.t.Fatal(err)
	}
}

// heardBy are the messages of the bot from the n-th message of a chat on, those that are
// gone with them.
func heardBy(p *simulator.Person, n int) (list []simulator.Message) {
	for _, m := range p.History()[n:] {
		if m.FromBot {
			list = append(list, m)
		}
	}
	return list
}

// TestWhatIsNotTextIsHintedAtOnce: an album, a walk with the live location on, and
// whatever Telegram writes into a chat by itself bring one hint at the most, without
// a sound, and the question stays in force.
func TestWhatIsNotTextIsHintedAtOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sends func(b *bubble)
		hints int
	}{
		"an album": {func(b *bubble) {
			for i := range int64(6) {
				b.inject("message", 101, 1000+i, `"media_group_id":"5","photo":[{"file_id":"x"}],"caption":"my back"`)
			}
		}, 1},
		"an album that is long under way": {func(b *bubble) {
			for i := range int64(6) {
				b.inject("message", 101, 1000+i, `"media_group_id":"6","photo":[{"file_id":"x"}]`)
				time.Sleep(8 * time.Second)
			}
		}, 1},
		"a live location": {func(b *bubble) {
			b.inject("message", 101, 1000, `"location":{"latitude":1,"longitude":1,"live_period":900}`)
			for i := range 22 {
				time.Sleep(4 * time.Second)
				b.inject("edited_message", 101, 1000, fmt.Sprintf(`"edit_date":%d,"location":{"latitude":1.%d,"longitude":1,"live_period":900}`, i+2, i))
			}
		}, 1},
		"what is said by nobody": {func(b *bubble) {
			for i, content := range []string{
				`"pinned_message":{"message_id":3,"date":1,"chat":{"id":101,"type":"private"},"text":"x"}`, `"web_app_data":{"data":"x","button_text":"y"}`,
				`"message_auto_delete_timer_changed":{"message_auto_delete_time":60}`, `"chat_background_set":{}`, `"write_access_allowed":{}`,
				`"new_chat_title":"x"`, `"gift":{}`, `"boost_added":{"boost_count":1}`,
			} {
				b.inject("message", 101, 1000+int64(i), content)
				time.Sleep(10 * time.Second)
			}
		}, 0},
		"a picture that is changed": {func(b *bubble) {
			b.inject("edited_message", 101, 1000, `"edit_date":2,"photo":[{"file_id":"y"}],"caption":"/stop"`)
		}, 0},
		"somebody else's words": {func(b *bubble) {
			b.inject("message", 101, 1000, `"text":"None of these","forward_origin":{"type":"hidden_user","sender_user_name":"x","date":1}`)
		}, 1},
		"a picture a minute": {func(b *bubble) {
			for i := range int64(2) {
				b.inject("message", 101, 1000+i, `"sticker":{"emoji":"x"}`)
				time.Sleep(time.Minute)
			}
		}, 2},
	} {
		inBubble(t, rates{}, func(b *bubble) {
			anna := b.sim.Person(101)
			anna.SendCommand("/spasm")
			settle()
			if _, err := anna.PressLabel(anna.Last().ID, agreed); err != nil {
				t.Error(err)
			}
			expect(t, anna, "Since this began, is any of these true?")
			before := len(anna.History())
			c.sends(b)
			settle()
			got := heardBy(anna, before)
			if len(got) != c.hints {
				t.Errorf("%s: %d messages, want %d", name, len(got), c.hints)
			}
			for _, m := range got {
				if !m.Silent || !strings.HasPrefix(m.Text, "I can read buttons and commands only") {
					t.Errorf("%s: silent %v: %q", name, m.Silent, m.Text)
				}
			}
			if c.hints > 0 {
				if _, err := anna.PressLabel(anna.Last().ID, "Show the question"); err != nil {
					t.Error(err)
				}
				settle()
			}
			if _, err := anna.PressLabel(anna.Last().ID, none); err != nil {
				t.Error(err)
			}
			expect(t, anna, "Lie like one of these")
		})
	}
}

// TestEditsOverTheWire: an edited slip brings no hint, a slip that is mended is an
// answer, and a figure that is changed is the one that counts.
func TestEditsOverTheWire(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{}, func(b *bubble) {
		anna := b.sim.Person(101)
		edit := func(message int64, words string) {
			if err := anna.EditText(message, words); err != nil {
				t.Fatal(err)
			}
			settle()
		}
		slip := anna.SendText("spsm")
		settle()
		before := len(anna.History())
		edit(slip, "spamsm")
		if got := heardBy(anna, before); len(got) != 0 {
			t.Errorf("an edited slip brought %q", got[0].Text)
		}
		edit(slip, "\u00a0Ｓpasm\u200f")
		expect(t, anna, "Is that fine?")
		for _, label := range []string{
			agreed, none, "I am lying", none, none, "The last hour", "Skip cold",
		} {
			if _, err := anna.PressLabel(anna.Last().ID, label); err != nil {
				t.Fatal(err)
			}
			settle()
		}
		expect(t, anna, "How bad is the pain now?")
		figure := anna.SendText("٧")
		expect(t, anna, "In which country are you?")
		before = len(anna.History())
		edit(figure, "۸ / ۱۰")
		if got := heardBy(anna, before); len(got) != 1 || !strings.Contains(got[0].Text, "In which country are you?") {
			t.Errorf("a corrected figure brought %d messages", len(got))
		}
		edit(figure, "8")
		edit(figure, "eight")
		edit(slip, "stop")
		if got := heardBy(anna, before); len(got) != 1 {
			t.Errorf("edits that do not count brought %q", got[1].Text)
		}
		if pain := b.kept(101).State.Measures; len(pain) != 1 || pain[0].First != 8 || pain[0].Last != 8 {
			t.Errorf("measured is %+v", pain)
		}
		anna.SendText("status")
		expect(t, anna, "In which country are you?")
		anna.SendText("ｓｔｏｐ")
		expect(t, anna, "Everything is off")
		time.Sleep(10 * time.Minute) // in which one press takes it up again
		if outcome, _ := b.export().spasm(101); outcome.Outcome != "stopped" {
			t.Errorf("the bare word led to %+v", outcome)
		}
	})
}

// TestTopicsOverTheWire: in a group with topics the answer stands below the message
// that asked; and above nothing, if both have gone.
func TestTopicsOverTheWire(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{Rate: 30, ChatRate: 1}, func(b *bubble) {
		group := b.sim.Group(-1001234567890)
		asked := group.Member(1<<40).SendTextIn(6, "／spasm＠back_bot")
		settle()
		if m := group.Last(); !strings.Contains(m.Text, "in private") || m.Topic != 6 || m.ReplyTo != asked {
			t.Errorf("the answer is %+v", m)
		}
		asked = group.Member(1<<40 + 1).SendText("/spasm")
		settle()
		if m := group.Last(); !m.FromBot || m.Topic != 0 || m.ReplyTo != asked {
			t.Errorf("outside of a topic the answer is %+v", m)
		}
		b.sim.SetFault(func(c simulator.Call) *simulator.Fault {
			if c.ChatID == group.ID() && c.Params["message_thread_id"] != "" {
				group.DeleteTopic(7)
			}
			return nil
		})
		group.Member(1<<40+2).SendTextIn(7, "/spasm")
		settle()
		if m := group.Last(); !m.FromBot || m.Topic != 0 || m.ReplyTo != 0 {
			t.Errorf("of a topic that has gone the answer is %+v", m)
		}
		begun := time.Now()
		b.sim.SetFault(nil)
		before := len(group.Messages())
		for i := range int64(100) {
			group.Member(1<<41 + i).SendText("/spasm")
			time.Sleep(500 * time.Millisecond)
		}
		answers := -before
		for _, m := range group.Messages() {
			if m.FromBot {
				answers++
			}
		}
		if answers += before - 3; answers > 20 {
			t.Errorf("%d answers in a group within %v", answers, time.Since(begun))
		}
	})
}
