package bot

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// However calls come, no window of a second holds more than the rate.
func TestPacerBoundsEveryWindow(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rate := rapid.IntRange(1, 100).Draw(r, "rate")
		p := newPacer(float64(rate))
		now := time.Unix(0, 0)
		var calls []time.Time
		for range 5 * rate {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(2*time.Second)/int64(rate)).Draw(r, "pause")))
			calls = append(calls, now.Add(p.take(now)))
		}
		for i := rate; i < len(calls); i++ {
			if d := calls[i].Sub(calls[i-rate]); d < time.Second {
				r.Fatalf("%d calls within %v", rate+1, d)
			}
		}
	})
}

func TestPacerWithoutLimit(t *testing.T) {
	p := newPacer(0)
	for range 1000 {
		if d := p.take(time.Unix(0, 0)); d != 0 {
			t.Fatalf("waited %v", d)
		}
	}
}

// A chat takes a burst, and after that its rate: n calls never come in less
// than the time that the rate gives to all but the burst.
func TestBucketAllowsABurstAndThenTheRate(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rate := rapid.Float64Range(0.1, 10).Draw(r, "rate")
		var b bucket
		now := time.Unix(1000, 0)
		var calls []time.Time
		for range 30 {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(2*time.Second)).Draw(r, "pause")))
			if at := b.ready(now, rate); at.After(now) {
				now = at
			}
			if at := b.ready(now, rate); at.After(now) {
				r.Fatalf("still %v to wait after waiting", at.Sub(now))
			}
			b.take(now, rate)
			calls = append(calls, now)
		}
		for i := range calls {
			for j := i + burst; j < len(calls); j++ {
				least := time.Duration(float64(j-i-burst+1) / rate * float64(time.Second))
				if d := calls[j].Sub(calls[i]); d < least-time.Microsecond {
					r.Fatalf("calls %d to %d within %v, want at least %v", i, j, d, least)
				}
			}
		}
	})
}

func TestBucketBurst(t *testing.T) {
	var b bucket
	now := time.Unix(1000, 0)
	for range burst {
		if at := b.ready(now, 1); at.After(now) {
			t.Fatalf("burst ended early")
		}
		b.take(now, 1)
	}
	if d := b.ready(now, 1).Sub(now); d < time.Second || d > time.Second+time.Millisecond {
		t.Errorf("next call in %v, want a second", d)
	}
}

func TestAlarm(t *testing.T) {
	type refusal struct {
		chat int64
		at   time.Duration
		wait time.Duration
	}
	for name, test := range map[string]struct {
		refusals []refusal
		want     bool
	}{
		"one chat":                     {[]refusal{{1, 0, 5 * time.Second}}, false},
		"the same chat twice":          {[]refusal{{1, 0, 5 * time.Second}, {1, time.Second / 2, 5 * time.Second}}, false},
		"two chats at once":            {[]refusal{{1, 0, 5 * time.Second}, {2, time.Second / 2, 5 * time.Second}}, true},
		"two chats, one of them again": {[]refusal{{1, 0, 5 * time.Second}, {2, 0, 5 * time.Second}, {2, time.Second / 2, 5 * time.Second}}, true},
		"two chats far between":        {[]refusal{{1, 0, 5 * time.Second}, {2, 2 * time.Second, 5 * time.Second}}, false},
		"a long wait":                  {[]refusal{{1, 0, 31 * time.Second}}, true},
	} {
		var a alarm
		var got bool
		for _, r := range test.refusals {
			got = !a.limited(source{chat: r.chat}, time.Unix(100, 0).Add(r.at), r.wait).IsZero()
		}
		if got != test.want {
			t.Errorf("%s: pauses everything: %v, want %v", name, got, test.want)
		}
	}
}

func TestBackoff(t *testing.T) {
	for n, want := range map[int]time.Duration{1: retryMin, 2: 2 * retryMin, 3: 4 * retryMin, 50: longestBackoff} {
		if got := backoff(n, retryMin, 1); got != want {
			t.Errorf("after %d failures: %v, want %v", n, got, want)
		}
		if got := backoff(n, retryMin, 0); got != want/2 {
			t.Errorf("after %d failures, least jitter: %v, want %v", n, got, want/2)
		}
	}
}
