package bottest

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"spasmbot/bot/simulator"
)

// marks counts the places in a file that tell of a person: their number, as it is
// written and as bytes, however it is kept.
func marks(t *testing.T, file string, user int64) (n int) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	bits := []byte{byte(user >> 48), byte(user >> 40), byte(user >> 32), byte(user >> 24), byte(user >> 16), byte(user >> 8), byte(user)}
	return bytes.Count(raw, bits) + bytes.Count(raw, fmt.Append(nil, user))
}

// pressed presses the button that begins so, on the newest message that has one.
func pressed(t *testing.T, p *simulator.Person, label string) {
	t.Helper()
	time.Sleep(10 * time.Second) // read, and answered
	messages := p.Messages()
	for i := len(messages) - 1; i >= 0; i-- {
		for _, row := range messages[i].Keyboard {
			for _, key := range row {
				if strings.HasPrefix(key.Text, label) {
					if _, err := p.Press(messages[i].ID, key.CallbackData); err != nil {
						t.Fatal(err)
					}
					time.Sleep(10 * time.Second)
					return
				}
			}
		}
	}
	t.Fatalf("nothing has a button %q", label)
}

// TestNothingIsKept: of people who do not want anything kept nothing is left, in any
// record and in the file, whether they refuse at once or want to be forgotten when they
// have been led for a while; and both are told.
func TestNothingIsKept(t *testing.T) {
	const refuses, leaves, stays = 0x1f2e3d4c5b6a7, 0x1a2b3c4d5e6f7, 0x1234567890abc
	inBubble(t, rates{}, func(b *bubble) {
		anna, bert, cleo := b.sim.Person(refuses), b.sim.Person(leaves), b.sim.Person(stays)
		anna.SendCommand("/start")
		bert.SendCommand("/spasm")
		cleo.SendCommand("/spasm")
		pressed(t, bert, "Yes, I am 18")
		pressed(t, bert, "None")
		pressed(t, cleo, "Yes, I am 18")
		if marks(t, b.file, refuses) == 0 || marks(t, b.file, leaves) == 0 {
			t.Error("the marks are not found where they are")
		}
		pressed(t, anna, "No, keep nothing")
		bert.SendCommand("/forget")
		pressed(t, bert, "Delete it all")
		time.Sleep(time.Minute)
		if err := b.store.Clear(t.Context()); err != nil {
			t.Error(err)
		}
		for user, p := range map[int64]*simulator.Person{refuses: anna, leaves: bert} {
			if n := marks(t, b.file, user); n > 0 || bytes.Contains(b.exported(), fmt.Append(nil, user)) {
				t.Errorf("the file tells of %d in %d places, the export is\n%s", user, n, b.exported())
			}
			if text := p.Last().Text; !strings.Contains(text, "I keep nothing of you") {
				t.Errorf("%d was told %q last", user, text)
			}
		}
		if marks(t, b.file, stays) == 0 {
			t.Error("another was forgotten, too")
		}
		// And no reminder comes.
		told := len(anna.Messages()) + len(bert.Messages())
		time.Sleep(3 * 24 * time.Hour)
		if n := len(anna.Messages()) + len(bert.Messages()); n != told {
			t.Errorf("%d messages came after that", n-told)
		}
		anna.SendCommand("/spasm")
		pressed(t, anna, "Yes, I am 18")
		if marks(t, b.file, refuses) == 0 {
			t.Error("whoever comes back is not kept")
		}
	})
}

// TestNothingIsKeptOfStrangers: whatever whoever has refused asks or types, or somebody who
// never agreed, is answered, and nothing of them is left in any record and in the file. The
// question of a command stands until its wait is over.
func TestNothingIsKeptOfStrangers(t *testing.T) {
	commands := []string{
		"/me", "/privacy", "/mydata", "/help", "/why", "/timeline", "/report", "/calendar", "/status", "/pain", "/stop", "/done", "/resume",
		"/cold", "/move", "/worse", "/nonsense", "hello there", "/start", "/breathe", "/exercise", "/sos", "I cannot breathe", "/forget",
	}
	const waiting = 6 * 24 * time.Hour // longer than any question of these
	inBubble(t, rates{}, func(b *bubble) {
		const first = 0x1f2e3d4c50000
		left := func(user int64) int {
			if bytes.Contains(b.exported(), fmt.Append(nil, user)) {
				t.Errorf("the export tells of %d:\n%s", user, b.exported())
			}
			return marks(t, b.file, user)
		}
		people := make(map[int64]*simulator.Person)
		for i := range 2 * len(commands) {
			p := b.sim.Person(first + int64(i))
			people[first+int64(i)] = p
			if i >= len(commands) {
				p.SendCommand("/start")
				pressed(t, p, "No, keep nothing")
			}
			told := len(p.Messages())
			if what := commands[i%len(commands)]; what[0] == '/' {
				p.SendCommand(what)
			} else {
				p.SendText(what)
			}
			time.Sleep(time.Minute)
			if len(p.Messages()) == told {
				t.Errorf("%q of %d is not answered", commands[i%len(commands)], i)
			}
			last := p.Last()
			if err := b.store.Clear(t.Context()); err != nil {
				t.Error(err)
			}
			if asks := last.Keyboard != nil && last.Keyboard[0][0].Text != "I need help now"; !asks && left(first+int64(i)) > 0 {
				t.Errorf("%q of %d leaves a record", commands[i%len(commands)], i)
			}
		}
		time.Sleep(waiting)
		if err := b.store.Clear(t.Context()); err != nil {
			t.Error(err)
		}
		for user := range people {
			if left(user) > 0 {
				t.Errorf("%q of %d leaves a record for good", commands[int(user-first)%len(commands)], user-first)
			}
		}
	})
}

// TestNothingIsKeptOfTheYoung: that somebody is under 18 is kept for a day, by which they
// are taken at their word, and nothing of them is in the file behind it. Whoever blocks
// the bot meanwhile or tries again, and is refused at once, is no exception.
func TestNothingIsKeptOfTheYoung(t *testing.T) {
	const once, blocks, again = 0x1f2e3d4c5b6a7, 0x1a2b3c4d5e6f7, 0x1234567890abc
	inBubble(t, rates{}, func(b *bubble) {
		people := map[int64]*simulator.Person{once: b.sim.Person(once), blocks: b.sim.Person(blocks), again: b.sim.Person(again)}
		for _, p := range people {
			p.SendCommand("/start")
			pressed(t, p, "I am under 18")
		}
		time.Sleep(time.Hour)
		people[blocks].Block()
		time.Sleep(11 * time.Hour)
		people[again].SendCommand("/spasm")
		expect(t, people[again], "This bot is for adults")
		left := func(user int64) bool {
			if err := b.store.Clear(t.Context()); err != nil {
				t.Error(err)
			}
			return marks(t, b.file, user) > 0 || bytes.Contains(b.exported(), fmt.Append(nil, user))
		}
		time.Sleep(11 * time.Hour)
		for user := range people {
			if !left(user) {
				t.Errorf("of %d nothing is left before the day is over", user)
			}
		}
		told := len(people[once].Messages())
		time.Sleep(2 * time.Hour)
		for user := range people {
			if left(user) {
				t.Errorf("after a day something is left of %d; the export is\n%s", user, b.exported())
			}
		}
		if n := len(people[once].Messages()); n != told {
			t.Errorf("%d messages tell of it", n-told)
		}
	})
}
