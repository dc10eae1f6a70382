package bottest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"spasmbot/bot/simulator"
)

// agreed is the answer of an adult who agrees.
const agreed = "Yes, I am 18 to 64"

// none is the answer of whom no sign and no fact is true.
const none = "None of these"

// packOn is the answer that puts the first pack on, which a person has at hand.
const packOn = "None of that. It is on, 15 min"

// willing are the answers that lead through the whole acute phase: an adult who
// agrees, no warning sign, nothing that speaks against cold, warmth, water or movement,
// and "done" to everything. Where a line has several, each person keeps to the
// one of their own number.
var willing = [][]string{
	{agreed},
	{none},
	{"No, not so"},
	{"I am lying", "Breathe with me", "I am lying"},
	{"2 minutes", "3 minutes", "5 minutes"},
	{"The last hour"},
	{"6"},
	{packOn},
	{"Ireland", "Colombia", "Ireland"},
	{"Right, I sleep at night", "Right, I sleep at night", "I sleep by day"},
	{"None of that, go on"},
	{"Lifting", "Bending", "Something else"},
	{"It is on"}, // which stands beside a "Not now"
	{"Show me how", "Not now"},
	{"I am up", "Not yet"},
	{"Skin is fine"},
	{"It is off"},
	{"Done"},
	{"Small moves"},
	{"Answer now"},
	{"The same"},
	{"Yes, tell me", "Not now"},
	{"Yes, go on"},
	{"Go on where we were"},
}

// well are the answers of those who are fine again and do exercises. No sign is true:
// that stands before each "Yes".
var well = slices.Concat([][]string{
	{none}, {"Close it now"}, {"2"}, {"Yes, exercises"}, {"Yes"}, {"Every day", "Monday to Friday"}, {"9:00"}, {"Begin"},
}, willing)

// crowd is a number of people who each answer whatever they are asked, once.
type crowd struct {
	sim     *simulator.Server
	people  []int64
	answers atomic.Pointer[[][]string] // willing, until something else is stored
	presses atomic.Int64
	wg      sync.WaitGroup
	// reads is how long each looks at the chat before a press: some answers do not
	// count earlier.
	reads time.Duration
}

// reading is more than any answer of the flows asks for.
const reading = 4 * time.Second

// crowd is one that need not read: see newHost.
func (h *host) crowd(n int) *crowd {
	c := newCrowd(h.sim, n)
	c.reads = 0
	return c
}

func newCrowd(sim *simulator.Server, n int) *crowd {
	c := &crowd{sim: sim, reads: reading}
	c.answers.Store(&willing)
	for i := range n {
		// Ids as large as Telegram's: more than 32 bits.
		c.people = append(c.people, 5_000_000_000+int64(i))
	}
	return c
}

// start lets everybody begin with /spasm and live until ctx ends.
func (c *crowd) start(ctx context.Context) {
	for i, id := range c.people {
		p := c.sim.Person(id)
		p.SendCommand("/spasm")
		c.wg.Go(func() { c.live(ctx, p, i) })
	}
}

// live presses each button that the person is willing to press, once.
func (c *crowd) live(ctx context.Context, p *simulator.Person, number int) {
	c.liveBut(ctx, p, number, func(simulator.Message) bool { return false })
}

// liveBut does so with all messages but those that are seen to otherwise.
func (c *crowd) liveBut(ctx context.Context, p *simulator.Person, number int, otherwise func(simulator.Message) bool) {
	pressed := make(map[string]bool)
	for {
		changed := p.Changed()
		messages := p.Messages()
		// Nobody scrolls up further.
		for _, m := range messages[max(0, len(messages)-40):] {
			button, ok := choose(m, *c.answers.Load(), number)
			if otherwise(m) || !ok || pressed[button.CallbackData] {
				continue
			}
			wait(ctx, c.reads)
			if ctx.Err() != nil {
				return
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

// await waits until everybody has been told something: a slow machine takes its
// time.
func (c *crowd) await(t testing.TB, html string) {
	t.Helper()
	told := make(map[int64]bool)
	for range 600 {
		for call := range c.sim.Calls("sendMessage") {
			if call.OK() && strings.Contains(call.Params["text"], html) {
				told[call.ChatID] = true
			}
		}
		if len(told) == len(c.people) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("%d people of %d were told %q", len(told), len(c.people), html)
}

// choose finds the button that the person of the number is willing to press.
func choose(m simulator.Message, answers [][]string, number int) (simulator.Button, bool) {
	for _, labels := range answers {
		if b, ok := m.Button(labels[number%len(labels)]); ok && b.CallbackData != "" {
			return b, true
		}
	}
	return simulator.Button{}, false
}

// delivered counts the messages that the bot sent, by chat and id.
func (c *crowd) delivered(t testing.TB) map[[2]int64]int {
	t.Helper()
	sent := make(map[[2]int64]int)
	for call := range c.sim.Calls("sendMessage", "sendPhoto", "sendAnimation") {
		if call.OK() {
			sent[[2]int64{call.ChatID, call.MessageID}]++
		}
	}
	return sent
}
