package outbox

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// said is a message that is committed at an instant.
type said struct {
	at time.Time
	storage.Message
}

// round is a person's round that is called at eight: some calls that are heard, and as
// many that tidy, the last of them just when all others' packs come off.
func round(user int64, tidies bool) (list []said) {
	random := rand.New(rand.NewPCG(uint64(user), 7))
	number := uint64(0)
	say := func(after, spread time.Duration, class flows.Class) {
		number++
		at := t0.Add(after)
		if spread > 0 {
			at = at.Add(time.Duration(random.Int64N(int64(spread))))
		}
		if class != flows.Tidy || tidies {
			list = append(list, said{at, row(user, number, class)})
		}
	}
	say(0, 0, flows.Push)                       // the call
	say(0, 0, flows.Tidy)                       // of the round before
	say(time.Minute, time.Minute, flows.Reply)  // it is on
	say(8*time.Minute, time.Minute, flows.Sign) // the look
	say(8*time.Minute, time.Minute, flows.Tidy)
	say(15*time.Minute, 30*time.Second, flows.TakeOff)
	for range 4 {
		say(14*time.Minute+50*time.Second, 40*time.Second, flows.Tidy)
	}
	say(16*time.Minute, 10*time.Second, flows.Reply) // the skin is fine
	say(16*time.Minute, 10*time.Second, flows.Tidy)
	return list
}

// play sends what is said at its time, with calls that take some tens of milliseconds,
// and returns when each has arrived.
func play(t *testing.T, list []said) map[storage.MessageKey]time.Time {
	t.Helper()
	type flight struct {
		m        *Message
		at       time.Time // when something is to be done about it
		underWay bool
	}
	slices.SortStableFunc(list, func(a, b said) int { return a.at.Compare(b.at) })
	o := empty(Limits{Rate: 30, ChatRate: 1})
	arrived := make(map[storage.MessageKey]time.Time)
	var flying []*flight
	for now := t0; len(list)+o.Waiting() > 0; {
		for ; len(list) > 0 && !list[0].at.After(now); list = list[1:] {
			if m := list[0].Message; m.Class != flows.Tidy || !o.Full(m.Class) {
				o.Add(m, now)
			}
		}
		for _, f := range slices.Clone(flying) {
			switch {
			case f.at.After(now):
			case f.underWay:
				o.Returned(f.m, now)
				arrived[f.m.Key()] = now
				o.Done(f.m, now)
				flying = slices.DeleteFunc(flying, func(other *flight) bool { return other == f })
			default:
				wait, ok := o.Slot(f.m, now)
				if !ok {
					t.Fatalf("message %v gets no slot", f.m.Key())
				}
				if f.underWay = wait == 0; f.underWay {
					wait = 40 * time.Millisecond
				}
				f.at = now.Add(wait)
			}
		}
		m, wait := o.Next(now)
		if m != nil {
			flying = append(flying, &flight{m: m, at: now})
			continue
		}
		next := now.Add(min(wait, time.Hour))
		if len(list) > 0 && list[0].at.Before(next) {
			next = list[0].at
		}
		for _, f := range flying {
			if f.at.Before(next) {
				next = f.at
			}
		}
		now = flows.Later(next, now.Add(time.Microsecond))
	}
	return arrived
}

// A thousand people are called at eight, each to a round of some ten calls, and their
// packs come off within half a minute: nobody's comes off later since others' chats, or
// their own, are tidied. All that tidies is done with in the end.
func TestTidyingDelaysNoTakeOff(t *testing.T) {
	const people = 1000
	var bare, tidied []said
	for user := range int64(people) {
		bare = append(bare, round(user+1, false)...)
		tidied = append(tidied, round(user+1, true)...)
	}
	due := make(map[storage.MessageKey]said)
	for _, s := range tidied {
		due[s.Key()] = s
	}
	without, with := play(t, bare), play(t, tidied)
	if len(with) != len(tidied) {
		t.Errorf("%d of %d have arrived", len(with), len(tidied))
	}
	delays := func(arrived map[storage.MessageKey]time.Time) (list []time.Duration) {
		for k, at := range arrived {
			if due[k].Class == flows.TakeOff {
				list = append(list, at.Sub(due[k].at))
			}
		}
		slices.SortFunc(list, cmp.Compare[time.Duration])
		return list
	}
	want, got := delays(without), delays(with)
	if len(got) != people || len(want) != people {
		t.Fatalf("%d and %d take-offs, want %d", len(want), len(got), people)
	}
	// What was chosen before a take-off came in goes before it, see lead, and so does the
	// call under way to its chat.
	const most = lead + 100*time.Millisecond
	for i := range got {
		if late := got[i] - want[i]; late > most {
			t.Fatalf("take-off %d of %d: after %v, and %v where nothing is tidied", i, people, got[i], want[i])
		}
	}
}

// A take-off that comes right behind what has tidied its own chat goes at once.
func TestTidyingLeavesRoomInItsChat(t *testing.T) {
	o := empty(Limits{Rate: 30, ChatRate: 1})
	for n := range uint64(10) {
		o.Add(row(1, n+1, flows.Tidy), t0)
	}
	now := t0
	for m, _ := o.Next(now); m != nil; m, _ = o.Next(now) {
		now, _ = calls(o, m, now)
		o.Done(m, now)
	}
	o.Add(row(1, 11, flows.TakeOff), now)
	if m, wait := o.Next(now); m == nil || m.Class != flows.TakeOff {
		t.Errorf("%s was launched, and a take-off waits for %v", name(m), wait)
	}
}

// What tidies does not fill the memory, holds up no push and does not make the person
// one who sends too much; a slow line is not full of it.
func TestTidyingTakesNoRoom(t *testing.T) {
	o := empty(Limits{})
	for n := range uint64(3 * mostIdle) {
		o.Add(row(1+int64(n%700), 1+n/700, flows.Tidy), t0)
	}
	if n, _ := o.WaitingFor(1); n != 0 || o.Crowded() {
		t.Errorf("%d are said to wait for one person; crowded: %v", n, o.Crowded())
	}
	launched := 0
	for m, _ := o.Next(t0); m != nil; m, _ = o.Next(t0) {
		launched++
	}
	if launched != mostTidyFlights {
		t.Errorf("%d tidy at a time, want %d", launched, mostTidyFlights)
	}
	o.Add(row(9000, 1, flows.Push), t0)
	if m, _ := o.Next(t0); name(m) != "9000.1" {
		t.Errorf("%s was launched, want the push", name(m))
	}
}
