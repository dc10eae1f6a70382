package bottest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/bot/simulator"
)

// habit is what somebody does with a call of a round: what they press, one after the
// other, each so long after the call.
type habit []struct {
	after time.Duration
	label string
}

// habits are those of the people of TestCallsInABubble, who begin each with another one
// and go on to the next with each call.
var habits = []habit{
	{{20 * time.Second, "It is on"}},
	{{4 * time.Minute, "It is on"}, {4*time.Minute + time.Second, "It is on"}}, // twice
	{}, // never
	{{7 * time.Minute, "In 10 minutes"}},
	{{12 * time.Minute, "It is on"}, {12*time.Minute + 30*time.Second, "Just now"}},
	{{13 * time.Minute, "It is on"}, {13*time.Minute + 30*time.Second, "When you called"}},
	{{time.Minute, "Not now"}},
	{{14 * time.Minute, "It is on"}}, // and does not say since when
	{{25 * time.Minute, "It is on"}}, // when the call is over
}

// answersCalls lives as a willing person does, but for the calls of rounds, which have a
// habit each.
func (c *crowd) answersCalls(ctx context.Context, p *simulator.Person, number int) {
	called := make(map[int64]bool)
	c.liveBut(ctx, p, number, func(m simulator.Message) bool {
		_, call := m.Button("Not now")
		if !call || !strings.HasPrefix(m.Text, "Time for") {
			_, on := m.Button("It is on")
			return on
		}
		if !called[m.ID] {
			h := habits[(number+len(called))%len(habits)]
			called[m.ID] = true
			c.wg.Go(func() { c.follow(ctx, p, m.ID, h) })
		}
		return true
	})
}

// follow presses what a habit says, on the message of the call.
func (c *crowd) follow(ctx context.Context, p *simulator.Person, call int64, h habit) {
	begun, first := time.Now(), ""
	for i, press := range h {
		wait(ctx, time.Until(begun.Add(press.after)))
		if ctx.Err() != nil {
			return
		}
		for _, m := range slices.Backward(p.Messages()) {
			b, ok := m.Button(press.label)
			if m.ID == call && i > 0 && press.label == h[0].label {
				b.CallbackData, ok = first, true // a finger that taps twice: the button is gone
			}
			if !ok || m.ID < call {
				continue
			}
			if _, err := p.Press(m.ID, b.CallbackData); err == nil {
				c.presses.Add(1)
				first = b.CallbackData
			}
			break
		}
	}
}

// takenOff is when a round is to be taken off, by what was said to its call; never is
// true of one that is put off or left out.
func takenOff(call time.Time, said []record, hold time.Duration) (off time.Time, answered, never bool) {
	off = call.Add(hold)
	for _, e := range said {
		switch e.Choice {
		case "on":
			off, answered = e.At.Add(hold), true
		case "since", "when":
			answered = true
		case "later", "skip":
			return off, true, true
		}
	}
	return off, answered, false
}

// checkCalls holds every round of a person against what they said to its call: the
// ledger and the server agree, to the second.
func (r *records) checkCalls(t *testing.T, sim *simulator.Server, user int64, hold time.Duration) (seen map[string]int) {
	t.Helper()
	const kind = "cold"
	said := make(map[int64]simulator.Call)
	for call := range sim.Calls("sendMessage", "sendPhoto") {
		if call.ChatID == user && call.OK() {
			said[call.MessageID] = call
		}
	}
	rows := make(map[string][]record)
	for _, rem := range r.of(user, "reminder") {
		rows[rem.Kind] = append(rows[rem.Kind], rem)
	}
	var answers []record
	for _, e := range r.of(user, "entry") {
		if e.Kind == "answer" && e.Step == kind+"-on" {
			answers = append(answers, e)
		}
	}
	seen = make(map[string]int)
	for i, row := range rows[kind+"-on"] {
		message, told := said[row.MessageID]
		if row.State != "sent" || !told || !strings.HasPrefix(message.Text, "Time for") {
			continue // not called, or begun by the person
		}
		call, mine := *row.Sent, slices.Clone(answers)
		mine = slices.DeleteFunc(mine, func(e record) bool {
			return e.At.Before(call) || i+1 < len(rows[kind+"-on"]) && !e.At.Before(*rows[kind+"-on"][i+1].Due)
		})
		off, answered, never := takenOff(call, mine, hold)
		choices := ""
		for _, e := range mine {
			choices += " " + e.Choice
		}
		seen[choices]++
		if !answered && !strings.Contains(message.Params["text"], fmt.Sprintf(`unix="%d"`, off.Unix())) {
			t.Errorf("person %d: the call of %s at %v does not name %v: %s", user, kind, call, off, message.Text)
		}
		offs := rows[kind+"-off"]
		n := slices.IndexFunc(offs, func(rem record) bool { return rem.Due.Equal(off) && rem.State == "sent" })
		if never {
			if n >= 0 {
				t.Errorf("person %d: %s called at %v was answered%s, and taken off at %v", user, kind, call, choices, off)
			}
			continue
		}
		if off.After(time.Now()) {
			continue
		}
		if n < 0 {
			t.Errorf("person %d: %s called at %v was answered%q, and not taken off at %v", user, kind, call, choices, off)
			continue
		}
		end := said[offs[n].MessageID]
		words := "Take the cold off now. The time is up."
		if !answered {
			words = "Is a cold pack on? Take it off now."
		}
		if !strings.Contains(end.Text, words) || !end.At.Truncate(time.Second).Equal(off.Truncate(time.Second)) {
			t.Errorf("person %d: %s called at %v was answered%q, and at %v, for %v, the server has %q", user, kind, call, choices, end.At, off, end.Text)
		}
	}
	return seen
}

// TestCallsInABubble: whoever puts a pack on at once, late, twice, or says nothing at
// all is told to take it off a round's length behind their press, or at the minute that
// the call has named, and at no other.
func TestCallsInABubble(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{}, func(b *bubble) {
		time.Sleep(9 * time.Hour)
		people := newCrowd(b.sim, len(habits))
		for i, id := range people.people {
			p := b.sim.Person(id)
			p.SendCommand("/spasm")
			people.wg.Go(func() { people.answersCalls(b.ctx, p, i) })
		}
		time.Sleep(76 * time.Hour)
		b.finish()
		people.wg.Wait()
		r, all := b.export(), make(map[string]int)
		for _, user := range people.people {
			for said, n := range r.checkCalls(t, b.sim, user, 15*time.Minute) {
				all[said] += n
			}
		}
		for _, want := range []string{"", " on", " when on", " when since", " when", " later", " skip"} {
			if all[want] == 0 {
				t.Errorf("no call was answered%q, but %v", want, all)
			}
		}
		r.checkPresses(t, people.presses.Load())
		t.Logf("calls by what was said to them: %v", all)
	})
}
