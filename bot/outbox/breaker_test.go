package outbox

import (
	"testing"
	"time"

	"spasmbot/flows"
)

// fleet is an Outbox with a message for each of n chats.
func fleet(n int) *Outbox {
	o := empty(Limits{})
	for chat := range int64(n) {
		o.Add(row(chat+1, 1, flows.Push), t0)
	}
	return o
}

// flyNext launches the next message and makes its call, if there is one to launch.
func flyNext(o *Outbox, now time.Time) *Message {
	m, _ := o.Next(now)
	if m != nil {
		calls(o, m, now)
	}
	return m
}

// The same refusal in three chats pauses everybody; another reason, the same chat
// or a message that arrives in between does not.
func TestBreakerOpens(t *testing.T) {
	type refusal struct {
		chat   int64
		reason string
		passed bool // a message arrives behind it
	}
	for name, test := range map[string]struct {
		refusals []refusal
		want     bool
	}{
		"two chats":                 {[]refusal{{1, "a", false}, {2, "a", false}}, false},
		"three chats":               {[]refusal{{1, "a", false}, {2, "a", false}, {3, "a", false}}, true},
		"one chat again and again":  {[]refusal{{1, "a", false}, {1, "a", false}, {1, "a", false}}, false},
		"different reasons":         {[]refusal{{1, "a", false}, {2, "b", false}, {3, "c", false}}, false},
		"others between":            {[]refusal{{1, "a", false}, {2, "b", false}, {3, "a", false}, {4, "a", false}}, true},
		"a message arrives between": {[]refusal{{1, "a", false}, {2, "a", true}, {3, "a", false}, {4, "a", false}}, false},
	} {
		var b breaker
		now := t0
		for _, r := range test.refusals {
			now = now.Add(time.Second)
			b.doubt(&Message{Message: row(r.chat, 1, flows.Push)}, r.reason, now)
			if now = now.Add(time.Second); r.passed {
				b.pass(now, now)
			}
		}
		if b.open != test.want {
			t.Errorf("%s: open %v, want %v", name, b.open, test.want)
		}
	}
}

// While all are refused one message at a time is tried, of another chat each time,
// in waits that grow and are bounded; the first that arrives lets all go.
func TestProbes(t *testing.T) {
	const chats = 40
	o := fleet(chats)
	var flying []*Message
	for m := flyNext(o, t0); m != nil; m = flyNext(o, t0) {
		flying = append(flying, m)
	}
	news := 0
	for _, m := range flying {
		if o.Doubt(m, "logged out", t0) {
			news++
		}
		o.Failed(m)
		o.Again(m, t0, t0)
	}
	if !o.Paused() || news != 1 {
		t.Fatalf("paused %v, with %d warnings", o.Paused(), news)
	}
	tried := map[int64]int{}
	now := t0
	for calls := range 40 {
		m, wait := o.Next(now)
		for ; m == nil; m, wait = o.Next(now) {
			if wait <= 0 || wait > probeMax {
				t.Fatalf("the wait for probe %d is %v", calls, wait)
			}
			now = now.Add(wait)
		}
		if other, _ := o.Next(now); other != nil {
			t.Fatal("two probes at once")
		}
		if _, ok := o.Slot(m, now); !ok {
			t.Fatal("the probe has no slot")
		}
		tried[m.Chat]++
		o.Doubt(m, "logged out", now)
		o.Failed(m)
		o.Again(m, now, now)
	}
	if len(tried) != chats {
		t.Errorf("40 probes went to %d chats, want all", len(tried))
	}
	if d := now.Sub(t0); d < 15*time.Minute || d > 20*time.Minute {
		t.Errorf("40 probes in %v", d)
	}
	o.Probe(now) // the messenger knows the bot again
	m := flyNext(o, now)
	if m == nil {
		t.Fatal("no probe at once when there is reason for one")
	}
	if _, ended := o.Passed(m, now); !ended || o.Paused() {
		t.Error("the pause does not end with a message that arrives")
	}
	o.Done(m, now)
	left := 0
	for flyNext(o, now) != nil {
		left++
	}
	if left != mostPushFlights {
		t.Errorf("%d messages leave at once behind the probe", left)
	}
}

// What was under way already when it began proves nothing: neither that the
// account is in order, nor may it be called.
func TestLateProofIsNone(t *testing.T) {
	o := fleet(5)
	early := flyNext(o, t0)
	held, _ := o.Next(t0)
	now := t0.Add(time.Second)
	for range 3 {
		m := flyNext(o, now)
		o.Doubt(m, "a", now)
		o.Again(m, now, now.Add(time.Minute))
	}
	if _, ok := o.Slot(held, now); ok {
		t.Error("a message that was launched before is called in the pause")
	}
	if _, ended := o.Passed(early, now.Add(time.Second)); ended {
		t.Error("a call that began before ends the pause")
	}
}

// A refusal is the message's own once another message has arrived behind it.
func TestCleared(t *testing.T) {
	o := fleet(3)
	before := flyNext(o, t0)
	m := flyNext(o, t0.Add(time.Second))
	if o.Cleared(m) {
		t.Error("cleared without a doubt")
	}
	now := t0.Add(2 * time.Second)
	o.Doubt(m, "a", now)
	o.Passed(before, now)
	if o.Cleared(m) {
		t.Error("cleared by a call that began before")
	}
	o.Passed(flyNext(o, now.Add(time.Second)), now.Add(2*time.Second))
	if !o.Cleared(m) {
		t.Error("not cleared by a call that began behind it")
	}
	o.Doubt(m, "a", now.Add(time.Minute))
	if !o.Cleared(m) {
		t.Error("the first refusal counts, not the last")
	}
}

// Flushed messages that are put back wait in their order.
func TestRestore(t *testing.T) {
	o := empty(Limits{})
	for n := range uint64(4) {
		o.Add(row(1, n+1, flows.Reply), t0)
	}
	m, _ := o.Next(t0)
	flushed := o.Flush(m, t0)
	o.Add(row(1, 5, flows.Reply), t0)
	o.Restore(m, flushed, t0)
	o.Again(m, t0, t0)
	if got := sendAll(o); got != "1.1 1.2 1.3 1.4 1.5" {
		t.Errorf("sent %s", got)
	}
}
