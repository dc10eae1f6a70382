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

// worst is the proof of a catalog that holds least.
func worst(c *lang.Catalog) Proof {
	proofs := newSubject(c).proofs(first(time.Time{}))
	p := proofs[0]
	for _, other := range proofs {
		if other.Verdict == Broken || other.Verdict > p.Verdict {
			p = other
		}
	}
	return p
}

// TestLookNeedsAPress: a look at the skin comes to those who have said that something is
// on, and a conversation is found that leads there.
func TestLookNeedsAPress(t *testing.T) {
	p := worst(calling(t, "invariants:\n  - {never: pack-check, while: weight < 120}\n"))
	if p.Verdict != Broken || !slices.Contains(p.Path, "> press on") {
		t.Errorf("it %s: %s\n%s", p.Verdict, p.What, strings.Join(p.Path, "\n"))
	}
}

// TestWrongSkin: the flow behind a look at which the skin looks wrong is come to by a
// press at that look, with what it sets.
func TestWrongSkin(t *testing.T) {
	flow := strings.NewReplacer("hold: 30m, gap: 3h", "hold: 30m, most_hold: 40m, check: 15m, wrong: sore, first: 5m, gap: 3h").Replace(small)
	texts := strings.Replace(smallTexts, "pack-on: {text: On.}", "pack-on: {text: On.}\npack-check: {text: Look., wrong_label: It looks wrong}", 1)
	sore := "flow: sore\nversion: 1\nsteps: [{id: sore_now, stop: pack, set: {sore: \"true\"}}]"
	if r := Check(loadWith(t, flow, texts, sore), Options{}); len(r.Violations) > 0 {
		t.Errorf("%+v", r.Violations)
	}
	for promise, want := range map[string]Verdict{
		`{never: over, while: sore}`:                    Broken,
		`{never: over, while: sore and weight == 35.5}`: Broken,
		`{never: pack-check, while: sore}`:              Broken, // the flow starts it again
		`{before: sore_now, require: onset != now}`:     Holds,
	} {
		c := loadWith(t, flow+"invariants:\n  - "+promise+"\n", texts, sore)
		p := worst(c)
		if p.Verdict != want || p.Verdict == Broken && !slices.Contains(p.Path, "> press wrong") {
			t.Errorf("%s: it %s, want that it %s: %s\n%s", promise, p.Verdict, want, p.What, strings.Join(p.Path, "\n"))
		}
	}
}
