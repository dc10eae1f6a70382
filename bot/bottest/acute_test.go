package bottest

import (
	"context"
	"slices"
	"testing"
	"time"
)

// TestAcutePhaseOverTheWire plays the first hours of 50 people through the real
// binary and a socket.
func TestAcutePhaseOverTheWire(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes some seconds of real time; run without -short")
	}
	lasts, speed := 76*time.Hour, 6000.0
	if !long(t, "4 hours of 76, of which TestAcutePhaseInABubble plays all") {
		// Slower too: not every machine that runs all tests is quiet.
		lasts, speed = 4*time.Hour, 1000
	}
	h := newHost(t, speed)
	people := h.crowd(50)
	h.start()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	people.start(ctx)
	waitUntil(t, h, lasts)
	people.await(t, "Take the cold off now.</b> The time is up.")
	stop()
	people.wg.Wait()
	end := h.now()
	r := h.settle()
	delivered := people.delivered(t)
	r.checkAcutePhase(t, people.people, false)
	r.checkPresses(t, people.presses.Load())
	if doubled := r.checkLedger(t, delivered); doubled != 0 {
		t.Errorf("%d messages were sent that the ledger does not know", doubled)
	}
	r.checkReminders(t, end, delivered)
	late := r.lateOnTheWire(h, "cold-off")
	if len(late) < len(people.people) {
		t.Fatalf("only %d take-offs came over the socket", len(late))
	}
	soon, worst := late[len(late)*95/100], late[len(late)-1]
	if torture() && soon > 2*time.Second {
		t.Errorf("a take-off in twenty came %v late", soon)
	}
	t.Logf("%d messages, %d presses; of %d take-offs 95 in 100 came within %v of real time, the last %v",
		len(delivered), people.presses.Load(), len(late), soon.Round(time.Millisecond), worst.Round(time.Millisecond))
}

// lateOnTheWire is by how much real time each reminder of the kind reached the server
// behind its moment, the least first.
func (r *records) lateOnTheWire(h *host, kind string) (late []time.Duration) {
	came := make(map[[2]int64]time.Time)
	for call := range h.sim.Calls("sendMessage", "sendPhoto", "sendAnimation") {
		if call.OK() {
			came[[2]int64{call.ChatID, call.MessageID}] = call.Real
		}
	}
	for _, rec := range r.all {
		at, sent := came[[2]int64{rec.User, rec.MessageID}]
		if rec.Record == "reminder" && rec.Kind == kind && rec.State == "sent" && sent {
			due := h.from.Add(time.Duration(float64(rec.Due.Sub(h.from)) / h.speed))
			late = append(late, at.Sub(due))
		}
	}
	slices.Sort(late)
	return late
}

// waitUntil lets the bot's clock run for d.
func waitUntil(t *testing.T, h *host, d time.Duration) {
	t.Helper()
	left := time.Duration(float64(h.from.Add(d).Sub(h.now())) / h.speed)
	select {
	case <-time.After(left):
	case <-t.Context().Done():
	}
}

// TestKills kills the process in the middle of its work, 20 times, or 500 times.
// Whatever instant it was, the file is whole and no more was confirmed to the
// server than is stored.
func TestKills(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes some seconds of real time; run without -short")
	}
	kills := 20
	if !long(t, "5 kills instead of 20") {
		kills = 5
	} else if torture() {
		kills = 500
	}
	d := &sickDisk{host: newHost(t, 2000)}
	d.watch()
	h := d.host
	people := h.crowd(50)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	d.begin()
	lasts := func(d time.Duration) { waitUntil(t, h, h.now().Sub(h.from)+d) }
	people.start(ctx)
	for i := range kills {
		lasts(15*time.Minute + time.Duration(i%10)*time.Minute)
		h.kill()
		d.inspect()
		h.start()
	}
	lasts(3 * time.Hour)
	people.await(t, "Take the cold off now.</b> The time is up.")
	stop()
	people.wg.Wait()
	end := h.now()
	r := h.settle()
	delivered := people.delivered(t)
	r.checkPresses(t, people.presses.Load())
	doubled := r.checkLedger(t, delivered)
	r.checkReminders(t, end, delivered)
	for _, user := range people.people {
		if got := r.of(user, "episode"); len(got) != 1 {
			t.Errorf("person %d has %d episodes, want 1", user, len(got))
		}
		if got := r.came(user)["cold-off"]; len(got) == 0 {
			t.Errorf("person %d was never told to take the cold off", user)
		}
	}
	t.Logf("%d kills, %d messages, %d presses, %d messages sent twice", kills, len(delivered), people.presses.Load(), doubled)
	if doubled > kills*32 {
		t.Errorf("%d messages sent twice: more than can be in flight at %d kills", doubled, kills)
	}
}
