package main

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"spasmbot/bot/simulator"
)

// willing are the answers that lead through the whole acute phase: no warning
// sign, no reason against cold or warmth, and "done" to everything.
var willing = []string{
	"No, none of these", "None of these", "I am lying down", "18 or older", "Within the last hour", "6",
	"Yes, about that", "It is ready, start", "It is on", "Skin is fine", "It is off", "Done",
	"Yes, go on", "Go on where we were",
}

// crowd is a number of people who each answer whatever they are asked, once.
type crowd struct {
	sim     *simulator.Server
	people  []int64
	presses atomic.Int64
	wg      sync.WaitGroup
}

func newCrowd(sim *simulator.Server, n int) *crowd {
	c := &crowd{sim: sim}
	for i := range n {
		// Ids as large as Telegram's: more than 32 bits.
		c.people = append(c.people, 5_000_000_000+int64(i))
	}
	return c
}

// start lets everybody begin with /spasm and live until ctx ends.
func (c *crowd) start(ctx context.Context) {
	for _, id := range c.people {
		p := c.sim.Person(id)
		p.SendCommand("/spasm")
		c.wg.Go(func() { c.live(ctx, p) })
	}
}

// live presses each button that the person is willing to press, once.
func (c *crowd) live(ctx context.Context, p *simulator.Person) {
	pressed := make(map[string]bool)
	for {
		changed := p.Changed()
		for _, m := range p.Messages() {
			button, ok := choose(m)
			if !ok || pressed[button.CallbackData] {
				continue
			}
			pressed[button.CallbackData] = true
			if _, err := p.Press(m.ID, button.CallbackData); err == nil {
				c.presses.Add(1)
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

func choose(m simulator.Message) (simulator.Button, bool) {
	for _, row := range m.Keyboard {
		for _, b := range row {
			if slices.Contains(willing, b.Text) {
				return b, true
			}
		}
	}
	return simulator.Button{}, false
}

// delivered counts the messages that the bot sent, by chat and id.
func (c *crowd) delivered(t *testing.T) map[[2]int64]int {
	t.Helper()
	sent := make(map[[2]int64]int)
	for call := range c.sim.Calls("sendMessage") {
		if call.OK() {
			sent[[2]int64{call.ChatID, call.MessageID}]++
		}
	}
	return sent
}
