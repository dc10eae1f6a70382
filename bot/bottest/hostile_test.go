package bottest

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// TestOneFloodDelaysNobody: somebody sends a hundred messages a second. Others
// are answered as ever, the flood at Telegram's pace, and a minute later all is
// quiet and a button works at once.
func TestOneFloodDelaysNobody(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{Rate: 30, ChatRate: 1}, func(b *bubble) {
		mallory := b.sim.Person(666)
		mallory.SendCommand("/spasm")
		settle()
		question := mallory.Last()
		asked := make(map[int64]time.Time)
		for i := range 20 * 100 {
			mallory.SendText(fmt.Sprint("flood ", i))
			if i%50 == 0 {
				user := 1000 + int64(i)
				asked[user] = time.Now()
				b.sim.Person(user).SendCommand("/spasm")
			}
			time.Sleep(10 * time.Millisecond)
		}
		over := time.Now()
		time.Sleep(time.Minute)
		synctest.Wait()
		var flood []time.Time
		for c := range b.sim.Calls("sendMessage", "sendPhoto", "editMessageText", "editMessageReplyMarkup") {
			if c.ChatID == mallory.ID() {
				flood = append(flood, c.Real)
				continue
			}
			if at, ok := asked[c.ChatID]; ok && c.Real.Sub(at) > 2*time.Second {
				t.Errorf("person %d waited %v", c.ChatID, c.Real.Sub(at))
			}
			delete(asked, c.ChatID)
		}
		if len(asked) != 0 {
			t.Errorf("%d people were not answered", len(asked))
		}
		for i := range flood {
			if j := i + 13; j < len(flood) && flood[j].Sub(flood[i]) < 10*time.Second {
				t.Errorf("the flood got %d messages within %v", j-i+1, flood[j].Sub(flood[i]))
			}
		}
		if last := flood[len(flood)-1]; last.After(over.Add(30*time.Second)) || b.sim.Pending() != 0 {
			t.Errorf("still answering %v after the end, %d updates wait", last.Sub(over), b.sim.Pending())
		}
		// What is answered by nothing is taken fifty times at once, and twice a second.
		if n := len(b.export().of(mallory.ID(), "entry")); n > len(flood)+50+2*21 {
			t.Errorf("%d entries on the timeline for %d answers", n, len(flood))
		}
		if _, err := mallory.PressLabel(question.ID, agreed); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond) // two calls within the rate
		synctest.Wait()
		if got := lastText(mallory); !strings.Contains(got, "Since this began, is any of these true?") {
			t.Errorf("the button led to %q", got)
		}
		if strings.Contains(b.log.String(), "flood ") || !strings.Contains(b.log.String(), "passed over") {
			t.Error("the log holds words, or says nothing")
		}
	})
}

// kept is all that is kept of a person.
type kept struct {
	State     flows.State
	Entries   []storage.Entry
	Messages  []storage.Message
	Reminders []storage.Reminder
}

func (b *bubble) kept(user int64) (k kept) {
	b.t.Helper()
	err := b.store.View(context.Background(), func(r storage.Reader) (err error) {
		if k.State, err = r.State(user); err != nil {
			return err
		}
		for e, err := range r.Entries() {
			if err != nil {
				return err
			}
			if e.User == user {
				k.Entries = append(k.Entries, e)
			}
		}
		for m, err := range r.Messages() {
			if err != nil {
				return err
			}
			if m.User == user || m.Chat == user {
				k.Messages = append(k.Messages, m)
			}
		}
		for rem, err := range r.Reminders() {
			if err != nil {
				return err
			}
			if rem.User == user {
				k.Reminders = append(k.Reminders, rem)
			}
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return k
}

// TestForgedPressesTouchNobodyElse presses, as Mallory, whatever a forger could
// send about Anna's episode, and in every place. Nothing of Anna's changes.
func TestForgedPressesTouchNobodyElse(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{}, func(b *bubble) {
		people := newCrowd(b.sim, 1)
		anna := b.sim.Person(people.people[0])
		ctx, still := context.WithCancel(b.ctx)
		people.start(ctx)
		time.Sleep(17*time.Hour + 90*time.Second)
		still() // she presses nothing more
		synctest.Wait()
		var data []string
		for _, m := range anna.Messages() {
			for _, row := range m.Keyboard {
				for _, k := range row {
					if k.CallbackData != "" {
						data = append(data, k.CallbackData)
					}
				}
			}
		}
		if len(data) == 0 {
			t.Fatal("Anna has no button")
		}
		data = append(data, "s0.zzzz.none", "s0.1y2p0ij32e8e7.none", "r0.99999.done", "r0.1.stop", strings.Repeat("\u00ff", 32), strings.Repeat("7", 64), "", "s.", ".")
		before := b.kept(anna.ID())
		for i, d := range data {
			mallory := 666 + i
			for _, message := range []string{
				fmt.Sprintf(`"message":{"message_id":5,"date":1,"chat":{"id":%d,"type":"private"}},`, mallory),
				fmt.Sprintf(`"message":{"message_id":%d,"date":1,"chat":{"id":%d,"type":"private"}},`, anna.Last().ID, anna.ID()),
				fmt.Sprintf(`"message":{"message_id":%d,"date":0,"chat":{"id":%d,"type":"private"}},`, anna.Last().ID, anna.ID()),
				fmt.Sprintf(`"message":{"message_id":5,"date":1,"chat":{"id":%d}},`, anna.ID()),
				`"message":{"message_id":5,"date":1,"chat":{"id":-100123,"type":"supergroup"}},`,
				`"inline_message_id":"abc",`,
				``,
			} {
				quoted, err := json.Marshal(d)
				if err != nil {
					t.Fatal(err)
				}
				raw := fmt.Sprintf(`{"callback_query":{"id":"forged%d","from":{"id":%d,"is_bot":false,"first_name":"M"},"chat_instance":"1",%s"data":%s}}`,
					i, mallory, message, quoted)
				if _, err := b.sim.Inject(json.RawMessage(raw)); err != nil {
					t.Fatal(err)
				}
			}
			synctest.Wait()
		}
		if after := b.kept(anna.ID()); !reflect.DeepEqual(before, after) {
			t.Errorf("what is kept of Anna was\n%+v\nand is\n%+v", before, after)
		}
		if stale := len(b.kept(666).Entries); stale != 0 {
			t.Errorf("a stranger has a timeline of %d entries", stale)
		}
		if n := b.sim.Pending(); n != 0 {
			t.Errorf("%d updates wait", n)
		}
	})
}
