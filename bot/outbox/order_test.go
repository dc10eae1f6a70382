package outbox

import (
	"fmt"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

func TestOrder(t *testing.T) {
	for what, test := range map[string]struct {
		messages []storage.Message
		want     string
	}{
		"by class, then by age": {
			[]storage.Message{
				row(1, 1, flows.Push), row(2, 1, flows.Contact), row(3, 1, flows.Reply), row(4, 1, flows.Sign), row(5, 1, flows.TakeOff),
				row(6, 1, flows.TakeOff), row(7, 1, flows.Sign), row(8, 1, flows.Reply), row(9, 1, flows.Contact), row(10, 1, flows.Push),
			},
			"5.1 6.1 4.1 7.1 3.1 8.1 2.1 9.1 1.1 10.1",
		},
		"a look lifts what it cannot pass": {
			[]storage.Message{row(2, 1, flows.Reply), row(1, 1, flows.Contact), row(1, 2, flows.Sign)},
			"1.1 1.2 2.1",
		},
		"by number within a chat": {
			[]storage.Message{row(1, 3, flows.Reply), row(1, 1, flows.Reply), row(1, 2, flows.Reply)},
			"1.1 1.2 1.3",
		},
		"a take-off overtakes its own chat": {
			[]storage.Message{row(1, 1, flows.Reply), row(1, 2, flows.Push), row(1, 3, flows.TakeOff), row(1, 4, flows.TakeOff)},
			"1.3 1.4 1.1 1.2",
		},
		"a reply lifts what it cannot pass": {
			[]storage.Message{row(2, 1, flows.Push), row(1, 1, flows.Push), row(1, 2, flows.Reply)},
			"1.1 1.2 2.1",
		},
		"what tidies waits for all of its chat": {
			[]storage.Message{row(1, 1, flows.Tidy), row(1, 2, flows.Push), row(1, 3, flows.Tidy), row(2, 1, flows.Push), row(1, 4, flows.Reply), row(1, 5, flows.TakeOff)},
			"1.5 1.2 1.4 2.1 1.1 1.3",
		},
		"in a group two persons go by arrival": {
			[]storage.Message{inGroup(-1, 9, 5, flows.Reply), inGroup(-1, 8, 2, flows.Reply), inGroup(-1, 9, 6, flows.Reply), inGroup(-1, 8, 3, flows.TakeOff)},
			"8.3 9.5 8.2 9.6",
		},
	} {
		o := empty(Limits{})
		for _, m := range test.messages {
			if !o.Add(m, t0) {
				t.Errorf("%s: a message was not taken in", what)
			}
		}
		if got := sendAll(o); got != test.want {
			t.Errorf("%s: %s, want %s", what, got, test.want)
		}
		if n := o.Waiting(); n != 0 {
			t.Errorf("%s: %d messages are held when all were sent", what, n)
		}
	}
}

// Pushes leave room for first contacts, and both for those who have an episode.
func TestFlightsOfTheIdleAreBounded(t *testing.T) {
	o, user := empty(Limits{}), int64(0)
	for _, step := range []struct {
		class flows.Class
		want  int
	}{
		{flows.Push, mostPushFlights},
		{flows.Contact, mostContactFlights - mostPushFlights},
		{flows.Reply, mostFlights - mostContactFlights},
	} {
		for range 300 {
			user++
			o.Add(row(user, 1, step.class), t0)
		}
		launched := map[flows.Class]int{}
		for m, _ := o.Next(t0); m != nil; m, _ = o.Next(t0) {
			launched[m.Class]++
		}
		if len(launched) != 1 || launched[step.class] != step.want {
			t.Errorf("launched %v, want %d of class %d", launched, step.want, step.class)
		}
	}
}

// Ten thousand first contacts at once: a look, a sign or an answer that comes in
// between is launched next, and every stranger's turn comes in the order in which
// they wrote.
func TestACrowdHoldsUpNobody(t *testing.T) {
	const crowd, every = 10_000, 97
	o := empty(Limits{Rate: 30, ChatRate: 1})
	for user := range int64(crowd) {
		if !o.Add(row(user+1, 1, flows.Contact), t0) {
			t.Fatalf("stranger %d was not taken in", user+1)
		}
	}
	now, next, others := t0, int64(1), int64(crowd)
	for next <= crowd {
		want := []string{fmt.Sprintf("%d.1", next)}
		next++
		if next%every == 0 {
			for _, class := range []flows.Class{flows.Push, flows.Reply, flows.Sign, flows.TakeOff} {
				others++
				if !o.Add(row(others, 1, class), now) && class != flows.Push {
					t.Fatalf("a message of class %d was not taken in", class)
				}
			}
			want = []string{fmt.Sprintf("%d.1", others), fmt.Sprintf("%d.1", others-1), fmt.Sprintf("%d.1", others-2), want[0]}
		}
		for _, want := range want {
			m, wait := o.Next(now)
			for ; m == nil; m, wait = o.Next(now) {
				now = now.Add(wait)
			}
			if name(m) != want {
				t.Fatalf("%s was launched, want %s", name(m), want)
			}
			now, _ = calls(o, m, now)
			o.Done(m, now)
		}
	}
	if took := now.Sub(t0); took > 345*time.Second {
		t.Errorf("all were served in %v", took)
	}
}
