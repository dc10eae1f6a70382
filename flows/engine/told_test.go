package engine_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// instants are those that a message tells.
var instants = regexp.MustCompile(`<tg-time unix="([0-9]+)"`)

// promised is a time that the person was told, and the timers that it may be of.
type promised struct {
	at     time.Time
	ids    []uint64
	tracks []string
	text   string
}

// listener holds what comes against what was told of it.
type listener struct {
	*watcher
	promises []promised
	// kept counts the promises that were kept.
	kept int
	// waited says of each question when the last wait for its answer was to be over.
	waited map[string]time.Time
}

// alarm is when a wait is over that goes on from before, or beneath the question: what is
// urgent keeps its time, but for the five minutes of somebody who is there.
func (l *listener) alarm(step *lang.Step) time.Time {
	var alarm time.Time
	if step.Urgent {
		alarm = l.waited[step.ID]
	}
	for _, at := range l.state().Stack {
		if !at.Due.IsZero() && (alarm.IsZero() || at.Due.Before(alarm)) {
			alarm = at.Due
		}
	}
	return flows.Later(alarm, l.Now.Add(5*time.Minute))
}

// hears notes what the last turn tells of what is to come. What the card shows counts
// until it shows something else.
func (l *listener) hears() {
	for _, e := range l.Effects {
		say, ok := e.(flows.Say)
		if !ok || strings.Contains(say.Message.Subject, "-card") {
			continue
		}
		for _, m := range instants.FindAllStringSubmatch(say.Message.Text, -1) {
			unix, _ := strconv.ParseInt(m[1], 10, 64)
			told := promised{at: time.Unix(unix, 0).UTC(), text: say.Message.Text}
			for _, r := range l.state().Pending {
				if r.Due.Equal(told.at) && r.Due.After(l.Now) && r.Track != "screen" {
					told.ids, told.tracks = append(told.ids, r.ID), append(told.tracks, r.Track)
				}
			}
			if told.ids != nil {
				l.promises = append(l.promises, told)
			}
		}
	}
}

// keeps demands that one of the timers of a promise is armed for its time until it comes.
func (l *listener) keeps(t *rapid.T) {
	l.promises = slices.DeleteFunc(l.promises, func(p promised) bool {
		stands := slices.ContainsFunc(p.ids, func(id uint64) bool { return l.Timers[id].Due.Equal(p.at) })
		switch {
		case stands:
			return false
		case !slices.ContainsFunc(l.state().Pending, func(r flows.Reminder) bool { return slices.Contains(p.tracks, r.Track) }):
			return true // it has come for the last time, or was stopped
		case l.Now.Before(p.at) || !slices.ContainsFunc(p.ids, func(id uint64) bool { return l.Ended[id] != "" }):
			t.Fatalf("at %v nothing is armed for %v any more, as %q tells: %v", l.Now, p.at, p.text, l.state().Pending)
		case !slices.ContainsFunc(p.ids, func(id uint64) bool { return l.Ended[id] != "" && l.Ended[id] != flows.Dropped }):
			t.Fatalf("at %v what %q tells for %v does not come", l.Now, p.text, p.at)
		}
		l.kept++
		return true
	})
	l.hears()
}

// notes notes until when the question in force waits.
func (l *listener) notes() {
	for _, r := range l.state().Pending {
		if step := l.Catalog.Step(l.state().At.Step); r.Track == "screen" && step != nil {
			l.waited[step.ID] = r.Due
			if r.Phase == flows.PhaseAsk {
				l.waited[step.ID] = r.Due.Add(step.Wait.Timeout - step.Wait.Nudge)
			}
		}
	}
}

// sits demands that a rest, or the minutes in which something can be taken back, are as
// long as the texts tell, unless a pack is on.
func (l *listener) sits(t *rapid.T) {
	s := l.state()
	step := l.Catalog.Step(s.At.Step)
	if step == nil || step.Wait == nil || step.Wait.Nudge > 0 || step.Wait.Until != nil || step.Wait.Timeout > 15*time.Minute {
		return
	}
	on := func(tr flows.Track) bool { return !tr.On.IsZero() }
	for _, e := range l.Effects {
		if armed, ok := e.(flows.Remind); ok && armed.Reminder.Track == "screen" && !slices.ContainsFunc(s.Tracks, on) {
			l.kept++
			due := armed.Reminder.Due
			if wait := due.Sub(l.Now); wait != step.Wait.Timeout && !due.Equal(l.alarm(step)) {
				t.Fatalf("at %v the wait of %s is to last for %v, and lasts for %v", l.Now, step.ID, step.Wait.Timeout, wait)
			}
		}
	}
}

// TestToldTimes: whenever a text tells when something comes, it comes at that time, as
// long as the person does nothing else and the bot is not away. What is said to take some
// minutes takes so many.
func TestToldTimes(t *testing.T) {
	c := shipped(t)
	kept := 0
	rapid.Check(t, func(rt *rapid.T) {
		l := &listener{watcher: &watcher{person: newPerson(t, c), coldDay: make(map[string]int)}, waited: make(map[string]time.Time)}
		s := l.state()
		s.Seal = seal
		l.store(s)
		if rapid.Bool().Draw(rt, "settled") {
			l.toCare()
		} else { // some questions of the set-up stand behind the first round
			l.does(rt, flows.Command{Name: "spasm"})
			setUp := slices.Concat(intake("now"), clock, settled)
			for _, choice := range setUp[:rapid.IntRange(len(intake("now"))-1, len(setUp)-1).Draw(rt, "answers")] {
				l.presses(choice)
			}
			l.hears()
		}
		for range rapid.IntRange(1, 40).Draw(rt, "events") {
			if rapid.Bool().Draw(rt, "waits") {
				l.waits(time.Duration(rapid.IntRange(1, 10*60).Draw(rt, "minutes"))*time.Minute, func() { l.check(rt); l.keeps(rt); l.notes() })
				continue
			}
			l.promises = nil
			if rapid.IntRange(0, 3).Draw(rt, "by command") == 0 {
				l.does(rt, flows.Command{Name: rapid.SampledFrom(commands).Draw(rt, "command")})
			} else {
				l.pressLikely(rt)
			}
			l.hears()
			l.sits(rt)
			l.notes()
		}
		kept += l.kept
	})
	if kept == 0 {
		t.Error("nothing was told that has come")
	}
}
