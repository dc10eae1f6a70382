package outbox

import (
	"testing"

	"spasmbot/flows"
	"spasmbot/storage"
)

// What is left in the store while the queue is full is found again, whether it
// lies beyond the frontier or before it.
func TestFrontierGoesBackToWhatWasLeft(t *testing.T) {
	o := empty(Limits{Held: 1})
	key := func(user int64, n uint64) storage.MessageKey { return storage.MessageKey{User: user, Number: n} }
	for _, step := range []struct {
		user     int64
		number   uint64
		taken    bool
		frontier storage.MessageKey
	}{
		{5, 1, true, key(0, 0)},
		{8, 4, false, key(8, 3)}, // full
		{9, 1, false, key(8, 3)}, // beyond
		{6, 2, false, key(6, 1)}, // before: back to it
	} {
		if got := o.Add(row(step.user, step.number, flows.Push), t0); got != step.taken {
			t.Errorf("message %d of %d: taken in: %v", step.number, step.user, got)
		}
		if from, _, _ := o.Rest(); from != step.frontier {
			t.Errorf("after message %d of %d the frontier is %v, want %v", step.number, step.user, from, step.frontier)
		}
	}
	if !o.Add(row(9, 2, flows.TakeOff), t0) {
		t.Error("a take-off was left in the store")
	}
}

// Replies may fill as much again as pushes and first contacts, looks and signs as
// much once more; take-offs are let in always.
func TestWhatAShelfAdmits(t *testing.T) {
	const limit = 10
	s := newShelf(limit)
	s.advance(storage.MessageKey{}, true)
	for n := range uint64(4 * limit) {
		k := storage.MessageKey{User: 1, Number: n + 1}
		for class, want := range map[flows.Class]bool{
			flows.Push: n < limit, flows.Contact: n < limit, flows.Reply: n < 2*limit, flows.Sign: n < 3*limit, flows.TakeOff: true,
			flows.Tidy: n < limit/2,
		} {
			if got, full := s.admits(k, class), s.full(class); got != want || full == want {
				t.Errorf("with %d held, class %d is admitted: %v, full: %v", n, class, got, full)
			}
		}
		if s.room() != limit-int(n) {
			t.Errorf("with %d held: room for %d", n, s.room())
		}
		s.take(k, flows.TakeOff)
	}
	s.leave(storage.MessageKey{User: 1, Number: 100})
	if !s.full(flows.Tidy) {
		t.Error("behind, and there is room for what tidies")
	}
	if !s.crowded() || s.wantsMore() {
		t.Error("behind and full: no more is to be made, and none read")
	}
}

// Many pushes that wait, or first contacts before them, are reason enough to make
// no more.
func TestCrowded(t *testing.T) {
	s := newShelf(0)
	if !s.crowded() {
		t.Error("behind at the start")
	}
	s.advance(storage.MessageKey{}, true)
	for n := range uint64(mostIdle + 1) {
		if s.crowded() {
			t.Fatalf("crowded by %d", n)
		}
		s.take(storage.MessageKey{User: 1, Number: n}, []flows.Class{flows.Push, flows.Contact}[n%2])
		s.take(storage.MessageKey{User: 2, Number: n}, flows.Reply)
	}
	if !s.crowded() {
		t.Errorf("not crowded by %d", mostIdle+1)
	}
	s.release(storage.MessageKey{User: 1}, flows.Push)
	if s.crowded() {
		t.Error("still crowded when one is gone")
	}
}
