package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/engine"
)

// next is the pending timer of a kind.
func (p *person) next(kind string) flows.Reminder {
	p.t.Helper()
	pending := p.state().Pending
	i := slices.IndexFunc(pending, func(r flows.Reminder) bool { return r.Kind == kind })
	if i < 0 {
		p.t.Fatalf("no %s is armed: %v", kind, pending)
	}
	return pending[i]
}

// TestOneMessageAfterAnAbsence: whatever came due first, the question that a
// reminder asks stands behind what another one says, with its buttons.
func TestOneMessageAfterAnAbsence(t *testing.T) {
	p := newPerson(t, tinyWith(t, strings.Replace(remindFlow("once: 2h, run: looks")+"  sip: {once: 2h}\n",
		"- {id: go_look, start: look}", "- {id: go_look, start: look}\n  - {id: go_sip, start: sip}", 1), remindTexts+`
looked: {text: "See?", red: Red}
sip: {text: "A sip of water."}
`, look("  - {id: looked, ask: choice, choices: {red: {}}, wait: {timeout: 1h, next: return}}\n")))
	p.does(flows.Command{Name: "spasm"})
	ids := []uint64{p.next("look").ID, p.next("sip").ID}
	p.Now = p.Now.Add(2 * time.Hour)
	p.does(flows.Due{IDs: ids, Missed: true})
	if len(p.Chat) != 2 || p.last() != "A sip of water.\n\nSee?" {
		t.Errorf("%d messages, the last is %q", len(p.Chat), p.last())
	}
	p.presses("Red")
	if s := p.state(); s.At.Step != "hub" {
		t.Errorf("its button leads to %v", s.At)
	}
}

// TestOnceComesBehindALateOne: what comes once, and is late together with what has
// just been told, comes behind it: the flow that it runs may be all that goes on.
func TestOnceComesBehindALateOne(t *testing.T) {
	for policy, want := range map[string]string{"": "Mon 18:15", ", late: drop": "", ", late: expire": ""} {
		p := newPerson(t, tinyWith(t, strings.Replace(remindFlow("once: 2h, run: looks"+policy)+"  sip: {once: 1h}\n",
			"- {id: go_look, start: look}", "- {id: go_look, start: look}\n  - {id: go_sip, start: sip}", 1), remindTexts+`
looked: {text: "See?", red: Red}
sip: {text: "A sip of water."}
`, look("  - {id: looked, ask: choice, choices: {red: {}}, wait: {timeout: 1h, next: return}}\n")))
		p.does(flows.Command{Name: "spasm"})
		p.sleeps(6 * time.Hour)
		if got := strings.Join(p.armed("look"), " "); got != want || !strings.Contains(p.last(), "A sip of water.") || strings.Contains(p.last(), "See?") {
			t.Errorf("with %q it comes at %q, want %q; told is %q", policy, got, want, p.last())
		}
		p.waits(time.Hour, nil)
		if asked := p.state().At.Step == "looked"; asked != (want != "") {
			t.Errorf("with %q an hour later the person is %v", policy, p)
		}
	}
}

// TestJoinedAsItIsRead: the marks of a text take no room from what else is told, and
// what would make the message too long is left out.
func TestJoinedAsItIsRead(t *testing.T) {
	for words, together := range map[int]bool{500: true, 1100: false} {
		long := strings.Repeat("*a* ", words-1) + "b" // two units a word, nine with the marks
		p := newPerson(t, tinyWith(t, strings.Replace(remindFlow("once: 2h, run: looks")+"  sip: {once: 2h}\n",
			"- {id: go_look, start: look}", "- {id: go_look, start: look}\n  - {id: go_sip, start: sip}", 1), remindTexts+`
looked: {text: "`+long+`", red: Red}
sip: {text: "`+long+`"}
`, look("  - {id: looked, ask: choice, choices: {red: {}}, wait: {timeout: 1h, next: return}}\n")))
		p.does(flows.Command{Name: "spasm"})
		ids := []uint64{p.next("look").ID, p.next("sip").ID}
		p.Now = p.Now.Add(2 * time.Hour)
		p.does(flows.Due{IDs: ids, Missed: true})
		if got := strings.Count(p.last(), "b\n\n") == 1; got != together || len(p.Chat) != 2 {
			t.Errorf("of %d words each, told together: %v, in %d messages", words, got, len(p.Chat)-1)
		}
	}
}

// TestResumeOnce: an absence is told once, however often the bot says so.
func TestResumeOnce(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.does(flows.Command{Name: "spasm"})
	p.Now = p.Now.Add(time.Hour)
	back := flows.Resume{Back: p.Now}
	p.does(back)
	if n := len(p.Effects); n == 0 {
		t.Fatal("nobody was told where they stand")
	}
	p.Now = p.Now.Add(time.Minute)
	p.does(back)
	if len(p.Effects) != 0 {
		t.Errorf("told twice: %v", p.Effects)
	}
}

// TestLookThatComesTooLate: the look at the skin is left out when it is late, the
// end of the round is not.
func TestLookThatComesTooLate(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toCare()
	p.waits(2*time.Minute, p.answersEverything)
	look, off := p.next("cold-check"), p.next("cold-off")
	p.Catalog.Track("cold").Grace = 3 * time.Minute
	late := look.Due.Add(p.Catalog.Track("cold").Grace + time.Second)
	if !late.Before(off.Due) {
		t.Fatalf("the look, due at %v, is late only when the round ends", look.Due)
	}
	p.Now = late
	p.does(flows.Due{IDs: []uint64{look.ID}})
	if got := p.ended("cold-check"); got != flows.Expired || len(p.Effects) != 1 {
		t.Errorf("the late look ended as %q: %v", got, p.Effects)
	}
	p.Now = off.Due.Add(5 * time.Hour)
	p.does(flows.Due{IDs: []uint64{off.ID}})
	if !strings.Contains(p.last(), "Take the cold off now") {
		t.Errorf("the late end says %q", p.last())
	}
}

// TestStaleTimerOfATrackIsDropped: a timer of a round that was begun anew does
// nothing, even if its settling was lost.
func TestStaleTimerOfATrackIsDropped(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toCare()
	p.waits(2*time.Minute, p.answersEverything)
	s := p.state()
	stale := p.next("cold-off")
	stale.ID, stale.Rev, stale.Due = s.Reminders+1, stale.Rev-1, p.Now
	s.Reminders++
	s.Pending = append(s.Pending, stale)
	_, effects := engine.Step(p.Catalog, s, flows.Due{IDs: []uint64{stale.ID}}, p.Now)
	if len(effects) != 1 || effects[0] != (flows.Settle{ID: stale.ID, State: flows.Dropped}) {
		t.Errorf("a stale timer caused %v", effects)
	}
}
