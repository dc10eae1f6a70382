package outbox

import (
	"testing"
	"time"
)

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
		"a long wait":                  {[]refusal{{1, 0, time.Hour}}, false},
		"a group, and a person":        {[]refusal{{-1, 0, 45 * time.Second}, {2, time.Second / 2, 5 * time.Second}}, true},
	} {
		var a alarm
		var got bool
		for _, r := range test.refusals {
			got = !a.limited(Source{Chat: r.chat}, time.Unix(100, 0).Add(r.at), r.wait).IsZero()
		}
		if got != test.want {
			t.Errorf("%s: pauses everything: %v, want %v", name, got, test.want)
		}
	}
}

// A silence is never shortened, and is news once.
func TestSilence(t *testing.T) {
	var s silence
	now := time.Unix(1000, 0)
	for _, step := range []struct {
		at, wait, left time.Duration
		news           bool
	}{
		{time.Minute, time.Minute, time.Minute, true},
		{70 * time.Second, 31 * time.Second, 50 * time.Second, false}, // shorter
		{80 * time.Second, time.Hour, time.Hour, false},               // longer, but no news
		{2 * time.Hour, time.Minute, time.Minute, true},
	} {
		at := now.Add(step.at)
		if s.limited(Source{Chat: 7}, at, step.wait) {
			t.Errorf("after %v: one chat's refusal is everybody's", step.at)
		}
		if news := s.limited(Source{Chat: 8}, at, step.wait); news != step.news || s.left(at) != step.left {
			t.Errorf("after %v: news %v, %v left, want %v, %v", step.at, news, s.left(at), step.news, step.left)
		}
	}
}

// A source that several calls of were under way to may be refused in one instant with
// waits of any length, in any order: everybody keeps to the longest.
func TestLongestWaitOfASource(t *testing.T) {
	now := time.Unix(1000, 0)
	answers, chat := Source{Method: "answerCallbackQuery"}, Source{Chat: 7}
	type refusal struct {
		from Source
		wait time.Duration
	}
	long, short, other := refusal{answers, 18 * time.Second}, refusal{answers, time.Second}, refusal{chat, 4 * time.Second}
	for _, order := range [][]refusal{
		{long, short, other},
		{long, other, short},
		{short, long, other},
		{short, other, long},
		{other, long, short},
		{other, short, long},
	} {
		var s silence
		for _, r := range order {
			s.limited(r.from, now, r.wait)
		}
		if got := s.left(now); got != long.wait {
			t.Errorf("%v: silent for %v, want %v", order, got, long.wait)
		}
	}
}
