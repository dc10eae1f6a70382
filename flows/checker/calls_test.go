package checker

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows/lang"
)

// calling is small with a round whose time counts from the press, and with looks.
func calling(t *testing.T, promise string) *lang.Catalog {
	t.Helper()
	flow := strings.Replace(small, "hold: 30m, gap: 3h", "hold: 30m, most_hold: 40m, check: 15m, rests_after: 2, first: 5m, gap: 3h", 1)
	return loadWith(t, flow+promise, strings.Replace(smallTexts, "pack-on: {text: On.}",
		`pack-on: {text: On., when: "Since {called}?", just_now: Now, since: Then, later: "At {next}.", later_label: Later}
pack-check: {text: Look.}`, 1))
}

// TestCalls: presses that come late, twice or never break no rule of rounds, and what
// would is found: a round that is on for longer than it may if it went on at its call,
// ends later than its until, or has a second count of what was put off.
func TestCalls(t *testing.T) {
	if r := Check(calling(t, ""), Options{}); len(r.Violations) > 0 || r.Incomplete {
		t.Fatalf("%+v", r)
	}
	for name, stricter := range map[string]func(*lang.TrackSpec){
		"most hold": func(s *lang.TrackSpec) { s.MostHold = 35 * time.Minute },
		"hold":      func(s *lang.TrackSpec) { s.Hold = 29 * time.Minute },
	} {
		m := newSubject(calling(t, ""))
		for i, spec := range m.tracks {
			if own := *spec; own.Round() {
				stricter(&own)
				m.tracks[i] = &own
			}
		}
		if r := m.check(Options{}); !slices.Contains(names(r), RuleTakeOff) {
			t.Errorf("by the %s nothing was found; broken are %q", name, names(r))
		}
	}
}

// TestLookNeedsAPress: a look at the skin comes to those who have said that something is
// on, and a conversation is found that leads there.
func TestLookNeedsAPress(t *testing.T) {
	r := Check(calling(t, "invariants:\n  - {never: pack-check, while: weight < 120}\n"), Options{})
	if len(r.Violations) != 1 || !slices.Contains(r.Violations[0].Path, "> press on") {
		t.Errorf("%+v", r.Violations)
	}
}
