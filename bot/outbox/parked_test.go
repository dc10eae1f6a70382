package outbox

import (
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// park lets a message that was just called stand aside once more.
func park(o *Outbox, m *Message, now time.Time) (first, alone bool) {
	m.State = storage.Uncertain
	m.Parked++
	return o.Park(m, now)
}

// What is parked lets others pass, take-offs and those behind it in its chat, and
// comes back in waits that grow to hours.
func TestParked(t *testing.T) {
	o := empty(Limits{})
	for n := range uint64(3) {
		o.Add(row(7, n+1, flows.Reply), t0)
	}
	m := flyNext(o, t0)
	if first, _ := park(o, m, t0); !first || o.Parked() != 1 || o.Waiting() != 3 {
		t.Errorf("%d parked, %d held", o.Parked(), o.Waiting())
	}
	for _, want := range []string{"7.2", "7.3"} {
		next := flyNext(o, t0)
		if name(next) != want {
			t.Fatalf("%s is next, want %s", name(next), want)
		}
		o.Done(next, t0)
	}
	if !o.Quiet(t0.Add(time.Minute)) {
		t.Error("not quiet with nothing but what is parked")
	}
	now := t0
	for _, want := range []time.Duration{2 * time.Minute, 8 * time.Minute, 32 * time.Minute, 128 * time.Minute, 6 * time.Hour, 6 * time.Hour} {
		other, wait := o.Next(now)
		if other != nil || wait != want {
			t.Fatalf("%s is next, the wait is %v, want %v", name(other), wait, want)
		}
		now = now.Add(wait)
		if again := flyNext(o, now); again != m {
			t.Fatalf("%s is next, want what was parked", name(again))
		}
		park(o, m, now)
	}
	now = now.Add(6 * time.Hour)
	o.Done(flyNext(o, now), now)
	if o.Parked() != 0 || o.Waiting() != 0 {
		t.Errorf("%d parked, %d held when all is done", o.Parked(), o.Waiting())
	}
}

// What was parked while no other message arrived may have failed for the line: the
// first that arrives lets it try again, once.
func TestParkedForTheLine(t *testing.T) {
	o := fleet(3)
	m := flyNext(o, t0)
	m.Since = t0
	if _, alone := park(o, m, t0.Add(time.Second)); !alone {
		t.Error("not alone, though nothing else arrived")
	}
	early := flyNext(o, t0)
	o.Passed(early, t0.Add(2*time.Second)) // which began before
	o.Done(early, t0.Add(2*time.Second))
	now := t0.Add(3 * time.Second)
	other := flyNext(o, now)
	if next := flyNext(o, now); next != nil {
		t.Errorf("%s is next, for a call that began before", name(next))
	}
	o.Passed(other, now)
	o.Done(other, now)
	if next := flyNext(o, now); next != m {
		t.Fatalf("%s is next, want what was parked", name(next))
	}
	if _, alone := park(o, m, now); alone {
		t.Error("alone, though another message has arrived")
	}
	if _, wait := o.Next(now); wait != 8*time.Minute {
		t.Errorf("the wait is %v", wait)
	}
}

// A process that finds a parked message lets it stand aside at once.
func TestFoundParked(t *testing.T) {
	o := New(Limits{})
	m := row(7, 1, flows.Reply)
	m.State, m.Parked = storage.Uncertain, 2
	o.Shelve([]storage.Message{m, row(7, 2, flows.Reply)}, t0)
	if next := flyNext(o, t0); name(next) != "7.2" {
		t.Errorf("%s is next", name(next))
	}
	if o.Parked() != 1 {
		t.Errorf("%d parked", o.Parked())
	}
}

// Parked messages go where their chat goes: they end with it, and move with it.
func TestParkedGoWithTheirChat(t *testing.T) {
	o := empty(Limits{})
	for n := range uint64(3) {
		o.Add(inGroup(-1, 7, n+1, flows.Reply), t0)
	}
	park(o, flyNext(o, t0), t0)
	m := flyNext(o, t0)
	o.Move(m, -2, t0)
	flushed := o.Flush(m, t0)
	if len(flushed) != 2 || o.Parked() != 0 {
		t.Fatalf("flushed %d, %d parked", len(flushed), o.Parked())
	}
	for _, f := range flushed {
		if f.Chat != -2 {
			t.Errorf("%s is for chat %d", name(f), f.Chat)
		}
	}
	o.Forget(flushed)
	o.Done(m, t0)
	if o.Waiting() != 0 {
		t.Errorf("%d held", o.Waiting())
	}
}
