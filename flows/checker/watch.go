package checker

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
)

// The invariants that every catalog has.
const (
	RuleBounds   = "a round stays within its from and until"
	RuleGap      = "a round keeps the least gap from the last take-off, a reminder from the last"
	RuleMost     = "no more starts in a day than most_per_day"
	RuleWaking   = "a start with waking hours keeps to them"
	RuleTakeOff  = "a round ends by its take-off on time, counted from the press or from the call, by a skip, or by being told at once"
	RuleStop     = "the stop command ends an episode everywhere within ten minutes, with nothing to come meanwhile"
	RuleWayOn    = "a live episode always has a question in force or a timer"
	RuleNothing  = "nothing is pending after an end"
	RuleCycle    = "no cycle of steps without a question"
	RuleLimits   = "messages keep within Telegram's limits"
	RuleStale    = "a stale press changes nothing"
	RuleTimer    = "no timer is armed in the past"
	ruleFaultEnd = "fault_in_"
)

// Telegram's limits, in UTF-16 units but for the button's data, in bytes.
const (
	maxText    = 4096
	maxCaption = 1024
	maxToast   = 200
	maxData    = 64
	maxCopied  = 256
	maxKeys    = 100
)

// breach is a broken invariant in a turn.
type breach struct{ rule, source, what string }

// watch judges a turn, and brings the history of the world after it up to
// date.
func (m *subject) watch(f *focus, t *turn) []breach {
	w := &watcher{m: m, f: f, turn: t, scope: t.after.scope(m.c)}
	w.probes()
	forgotten := false
	for _, e := range t.effects {
		switch e := e.(type) {
		case flows.Forget:
			forgotten = true
		case flows.Record:
			w.entry(e.Entry)
		case flows.Say:
			w.message(e.Message)
		case flows.Toast:
			if units(e.Text) > maxToast {
				w.found(RuleLimits, "a toast of %d characters", units(e.Text))
			}
		case flows.Remind:
			w.armed(e.Reminder)
		}
	}
	w.question()
	w.rounds()
	w.moved()
	w.ends()
	if forgotten { // nobody knows of the rounds of somebody new
		clear(w.after.past)
	}
	return w.list
}

type watcher struct {
	*turn
	m     *subject
	f     *focus
	scope scope
	list  []breach
	// cut says that the person was told to take off what they had on.
	cut bool
}

func (w *watcher) found(rule, format string, args ...any) {
	w.list = append(w.list, breach{rule, "", fmt.Sprintf(format, args...)})
}

// broken notes an invariant of the catalog.
func (w *watcher) broken(p *promise, what string) {
	w.list = append(w.list, breach{p.name, p.source, fmt.Sprintf("%s %s", what, w.scope.situation())})
}

// situation says when something happened, for the report.
func (s scope) situation() string {
	at := s.Local().Format("Mon 15:04:05")
	if onset := s.s.Episode.Onset; !onset.IsZero() {
		return fmt.Sprintf("came at %s, %s after the onset", at, s.at.Sub(onset))
	}
	return fmt.Sprintf("came at %s, with no onset told", at)
}

// happens holds what came to pass against the invariants that speak of it.
func (w *watcher) happens(name string) {
	for i := range w.m.promises[name] {
		if p := &w.m.promises[name][i]; w.scope.holds(p.cond) != p.want {
			w.broken(p, name)
		}
	}
}

// probes judges the steps that the turn went through.
func (w *watcher) probes() {
	if len(w.m.probes) == 0 {
		return
	}
	for _, v := range takeProbes(&w.after.s) {
		n, err := strconv.Atoi(strings.TrimPrefix(v.Name, probe))
		if err != nil || n >= len(w.m.probes) {
			continue
		}
		if p := &w.m.probes[n]; (v.Num != 0) != p.want {
			w.broken(&p.promise, "step "+p.step)
		}
	}
}

func (w *watcher) entry(e flows.Entry) {
	switch e.Kind {
	case flows.EntryEnd:
		if strings.HasPrefix(e.Choice, ruleFaultEnd) {
			w.found(RuleCycle, "the engine gave up: %s", e.Choice)
		}
	case flows.EntryAnswer:
		switch ph, ok := w.m.kinds[e.Step]; {
		case ok && ph.name == flows.PhaseCall:
			w.pressed(e, w.m.tracks[ph.track], &w.after.past[ph.track], ph.track)
		case ok && ph.name == flows.PhaseTick && e.Choice == "later":
			w.after.past[ph.track].putOff()
		}
	case flows.EntryReminder:
		after := w.scope
		w.scope = w.moment(e.Step)
		defer func() { w.scope = after }()
		w.happens(e.Step)
		if ph, ok := w.m.kinds[e.Step]; ok {
			w.reminder(e.Step, ph)
		}
	}
}

// reminder judges a reminder of a track that has come.
func (w *watcher) reminder(kind string, ph phase) {
	spec, past := w.m.tracks[ph.track], &w.after.past[ph.track]
	now := w.after.now
	switch {
	case ph.name == flows.PhaseTakeOff:
		if past.on != 0 && now.Unix() < past.ends {
			w.found(RuleTakeOff, "%s came after only %s", kind, now.Sub(time.Unix(past.on, 0)))
		}
		past.over(now.Unix())
	case ph.start():
		w.started(kind, ph.track, spec, past)
	}
}

func (w *watcher) started(kind string, track int, spec *lang.TrackSpec, past *past) {
	now := w.after.now
	from, until := w.f.bounds.of(w.scope, track)
	if now.Before(from) || !until.IsZero() && now.Add(spec.HoldIn(w.scope)).After(until) {
		w.found(RuleBounds, "%s %s", kind, w.scope.situation())
	}
	if gap := now.Sub(time.Unix(past.off, 0)); past.off != 0 && gap < w.least(spec) {
		w.found(RuleGap, "%s came %s after the last", kind, gap)
	}
	if day := dayOf(w.scope); past.day != day {
		past.day, past.today = day, 0
	}
	if past.today++; spec.MostPerDay > 0 && past.today > spec.MostPerDay {
		w.found(RuleMost, "%s came for the %dth time in a day", kind, past.today)
	}
	w.awake(kind, spec, past)
	if spec.Round() {
		past.on, past.ends = now.Unix(), now.Add(spec.HoldIn(w.scope)).Unix()
		past.call = past.on
		if past.asked != 0 && past.on-past.asked <= int64(spec.Grace/time.Second) && !w.after.track(spec.Name).Called {
			past.call = 0 // the person has asked for it; what was due just then is called
		}
	} else {
		past.before, past.off = past.off, now.Unix()
	}
}

// least is the shortest gap that may be: of a reminder that comes every so often
// it is that, unless the flow says.
func (w *watcher) least(spec *lang.TrackSpec) time.Duration {
	if spec.LeastGap == 0 && !spec.Round() && !spec.Once {
		return spec.GapIn(w.scope)
	}
	return spec.LeastGap
}

// dayOf numbers the person's local day.
func dayOf(s scope) int {
	y, m, d := s.Local().Date()
	return (y*100+int(m))*100 + d
}

// moved carries the day's counts over to the day that it is in another zone.
func (w *watcher) moved() {
	if w.before.s.Zone == w.after.s.Zone {
		return
	}
	was, is := dayOf(w.before.at(w.after.now).scope(w.m.c)), dayOf(w.scope)
	for i := range w.after.past {
		if past := &w.after.past[i]; past.day == was {
			past.day = is
		}
	}
}

// armed judges a new timer, and notes a start that the person has set off.
func (w *watcher) armed(r flows.Reminder) {
	now := w.after.now
	if r.Due.Before(now) {
		w.found(RuleTimer, "%s was armed for %s before now", r.Kind, now.Sub(r.Due))
	}
	if ph, ok := w.m.kinds[r.Kind]; ok && ph.start() {
		past := &w.after.past[ph.track]
		past.asked = 0
		if w.byPerson() && r.Due.Equal(now) && r.ID > w.before.s.Reminders { // otherwise it was moved
			past.asked = now.Unix()
		}
	}
}

func (w *watcher) message(msg flows.Message) {
	w.cut = w.cut || msg.Class == flows.TakeOff && msg.Reminder == 0
	most := maxText
	if msg.WithFile() {
		most = maxCaption
	}
	n := units(readable(msg.Text))
	if n > most || n == 0 && msg.Edit == 0 && msg.Of == 0 {
		w.found(RuleLimits, "a message of %d characters", n)
	}
	keys := 0
	for _, row := range msg.Keyboard {
		keys += len(row)
		for _, k := range row {
			if n := units(k.Copy); k.Label == "" || n > maxCopied || k.URL == "" && n == 0 && (k.Data == "" || len(k.Data) > maxData) {
				w.found(RuleLimits, "a button %q with %d bytes of data and %d characters to copy", k.Label, len(k.Data), n)
			}
		}
	}
	if keys > maxKeys {
		w.found(RuleLimits, "%d buttons under one message", keys)
	}
}

// question judges the question that was asked, if any, as a step.
func (w *watcher) question() {
	at := w.after.s.At.Step
	if at != "" && w.after.s.Rev != w.before.s.Rev {
		w.happens(at)
	}
}

// rounds demands that a round in progress ends at its time or by the person.
func (w *watcher) rounds() {
	for i := range w.after.past {
		past, spec := &w.after.past[i], w.m.tracks[i]
		if past.on == 0 {
			continue
		}
		if due, ok := w.after.pending(spec.Kind(flows.PhaseTakeOff)); ok {
			if due.Unix() != past.ends {
				w.found(RuleTakeOff, "%s is to come %s after the start", spec.Kind(flows.PhaseTakeOff), due.Sub(time.Unix(past.on, 0)))
			}
			continue
		}
		if !w.cut && !w.skipped() {
			w.found(RuleTakeOff, "%s was cancelled, and nobody was told", spec.Kind(flows.PhaseTakeOff))
		}
		past.over(w.after.now.Unix())
	}
}

// skipped reports whether the person did not put anything on, or can be told
// nothing any more.
func (w *watcher) skipped() bool {
	switch ev := w.event.(type) {
	case flows.Blocked:
		return true
	case flows.Button:
		return button.Choice(ev.Data) == "skip"
	}
	return false
}

// pending returns when the timer of a kind is due.
func (w *world) pending(kind string) (due time.Time, ok bool) {
	for i := range w.s.Pending {
		if w.s.Pending[i].Kind == kind {
			return w.s.Pending[i].Due, true
		}
	}
	return time.Time{}, false
}

// ends judges what is left when the turn is done.
func (w *watcher) ends() {
	s := &w.after.s
	if !s.Episode.Live() {
		for _, r := range s.Pending {
			if _, ok := w.m.kinds[r.Kind]; ok || s.At.Step == "" && r.Kind != flows.KindLapse {
				w.found(RuleNothing, "%s is still armed", r.Kind)
			}
		}
		return
	}
	if !s.Inactive && len(s.Pending) == 0 && !w.m.answerable(s) {
		w.found(RuleWayOn, "the episode waits for nothing")
	}
}

// answerable reports whether the person has something to answer.
func (m *subject) answerable(s *flows.State) bool {
	step := m.step(s)
	if step == nil || step.Question == nil {
		return false
	}
	for _, row := range step.Question.Buttons(engine.View(m.c, s, step, s.Heard)) {
		if len(row) > 0 {
			return true
		}
	}
	return step.Question.TakesTyped()
}

// step is where the person stands, nil for nowhere.
func (m *subject) step(s *flows.State) *lang.Step {
	f := m.c.Flow(s.At.Flow)
	if f == nil {
		return nil
	}
	if i := f.Step(s.At.Step); i >= 0 {
		return &f.Steps[i]
	}
	return nil
}

// units counts as Telegram does.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// readable takes the tags out of a text. An escaped character counts a little
// too much, which errs on the safe side.
func readable(text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "<")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		_, text, _ = strings.Cut(rest, ">")
	}
}
