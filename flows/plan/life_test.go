package plan_test

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows"
	"spasmbot/flows/plan"
)

// usual is how days are planned in these tests, unless they say otherwise.
func usual() plan.Policy {
	return plan.Policy{
		Order:   []plan.Class{plan.ClassTakeOff, plan.ClassSafety, plan.ClassRound, plan.ClassCheckIn, plan.ClassExercise, plan.ClassMove, plan.ClassWater},
		Quarter: 15 * time.Minute, Apart: []plan.Class{plan.ClassExercise, plan.ClassMove, plan.ClassWater},
		Invitations: 6, Rings: 24, Evening: 2 * time.Hour, Awake: time.Hour,
	}
}

// life is a person who lives by the plan for some days. It asks for a plan at every
// instant at which something comes or happens, and looks at each thing that comes
// by itself, with what was noted on the way and not by what the planner says.
type life struct {
	t      *rapid.T
	policy plan.Policy
	waking plan.Window
	zone   *time.Location
	now    time.Time
	things map[string]*plan.Thing
	packs  []pack
	rang   []rung
	heard  time.Time
	// question is until when one stands, back until when the bot is away.
	question, back time.Time
	// expected is what the last plan had next, if nothing has happened since.
	expected *plan.Entry
	came     []string
}

// pack is a round in progress; wanted says that the person has asked for it.
type pack struct {
	plan.Pack
	wanted bool
}

// rung is a ring. Moves says that the planner was free to choose its time.
type rung struct {
	flows.Ring
	moves bool
}

func (l *life) asks() bool { return l.question.After(l.now) }

func (l *life) situation(answers bool) plan.Situation {
	s := plan.Situation{Now: l.now, Zone: l.zone, Waking: l.waking, Heard: l.heard, Question: l.asks(), Answers: answers}
	for _, p := range l.packs {
		s.On = append(s.On, p.Pack)
	}
	for _, r := range l.rang {
		s.Rang = append(s.Rang, r.Ring)
	}
	return s
}

func (l *life) plan(answers bool) []plan.Entry {
	var things []plan.Thing
	for _, t := range l.things {
		things = append(things, *t)
	}
	s := l.situation(answers)
	entries := l.policy.Plan(s, things)
	slices.Reverse(things)
	if again := l.policy.Plan(s, things); !slices.Equal(entries, again) {
		l.t.Fatalf("the same gives another plan:\n%v\n%v", entries, again)
	}
	l.room(entries)
	l.whole(entries)
	return entries
}

// whole: what is planned for later is as good as what comes now. Nothing that the
// planner is free to place rings near another thing, or while a pack is on.
func (l *life) whole(entries []plan.Entry) {
	var off time.Time // when the pack comes off that is on by the plan
	for _, p := range l.packs {
		off = flows.Later(off, p.Ends)
	}
	for i := range entries {
		e := &entries[i]
		for _, o := range entries[:i] {
			if near := e.At.Sub(o.At); e.Rings() && o.Rings() && e.Thing != o.Thing && near < l.policy.Quarter {
				l.fail("%s at %s and %s at %s are planned", o.Thing, l.clock(o.At), e.Thing, l.clock(e.At))
			}
		}
		switch {
		case e.Left != plan.Comes:
		case e.Phase == flows.PhaseCall && e.At.Before(off), slices.Contains(l.policy.Apart, e.Class) && e.At.Before(off):
			l.fail("%s is planned at %s, with a pack on until %s", e.Thing, l.clock(e.At), l.clock(off))
		case e.Phase == flows.PhaseCall:
			off = e.At.Add(l.things[e.Thing].Rules.Hold)
		}
	}
}

// room: what was left out for the budget has no room there.
func (l *life) room(entries []plan.Entry) {
	rings, invitations := l.today()
	for i := range entries {
		if e := &entries[i]; e.Rings() && e.At.Before(l.day(l.now).ends) {
			rings++
			if e.Invites {
				invitations++
			}
		}
	}
	for i := range entries {
		e := &entries[i]
		if e.Left != plan.Spent {
			continue
		}
		t := l.things[e.Thing]
		cost := 1
		if t.Class == plan.ClassRound {
			cost = 3
		}
		if t.Class == plan.ClassSafety || t.Silent || rings+cost <= l.policy.Rings && invitations < l.policy.Invitations {
			l.fail("%s is left out, with %d rings and %d invitations", e.Thing, rings, invitations)
		}
	}
}

type day struct{ begins, ends time.Time }

// day is the person's day that holds an instant, from waking to waking.
func (l *life) day(at time.Time) day {
	wakes := func(days int) time.Time { return plan.TimeOfDay(l.zone, at, days, l.waking.From) }
	if wakes(0).After(at) {
		return day{wakes(-1), wakes(0)}
	}
	return day{wakes(0), wakes(1)}
}

// today counts the rings and invitations since the person woke up.
func (l *life) today() (rings, invitations int) {
	begins := l.day(l.now).begins
	for _, r := range l.rang {
		if !r.At.Before(begins) {
			rings++
			if r.Invites {
				invitations++
			}
		}
	}
	return rings, invitations
}

func (l *life) fail(format string, args ...any) {
	l.t.Helper()
	story := ""
	for _, line := range l.came {
		story += line + "\n"
	}
	l.t.Fatalf("%s at %s\n%s", fmt.Sprintf(format, args...), l.clock(l.now), story)
}

func (l *life) clock(at time.Time) string { return at.In(l.zone).Format("Mon 15:04:05") }

func (l *life) note(format string, args ...any) {
	l.came = append(l.came, l.clock(l.now)+" "+fmt.Sprintf(format, args...))
}

// until lives on to an instant.
func (l *life) until(end time.Time) {
	for {
		entries := l.plan(false)
		next := end
		for i := range entries {
			if e := &entries[i]; !e.At.IsZero() && e.At.Before(next) {
				next = e.At
			}
		}
		if next.Before(l.now) {
			l.fail("something was to come at %s", l.clock(next))
		}
		if l.asks() && l.question.Before(next) {
			next, l.expected = l.question, nil
		}
		if !next.Before(end) {
			l.now, l.expected = end, nil
			return
		}
		l.expect(entries, next)
		l.now = next
		l.comes(l.plan(false))
	}
}

// expect notes what is to come next: as nothing happens until then, it is to be. Only
// where midnight lies within the waking hours, what bounds a date lets in others then.
func (l *life) expect(entries []plan.Entry, next time.Time) {
	l.expected = nil
	if l.waking.From >= l.waking.To {
		return
	}
	if i := slices.IndexFunc(entries, func(e plan.Entry) bool { return e.At.Equal(next) && e.Left == plan.Comes }); i >= 0 {
		l.expected = &entries[i]
	}
}

// comes lets come what the plan has for this instant.
func (l *life) comes(entries []plan.Entry) {
	same := func(e plan.Entry) bool {
		// Of a round that had to give way it is when it is asked about, and why it had to is over.
		e.Due, e.Moved = l.expected.Due, l.expected.Moved
		return e == *l.expected
	}
	if l.expected != nil && !slices.ContainsFunc(entries, same) {
		l.fail("%+v was planned, and now %+v", *l.expected, entries)
	}
	for i := range entries {
		e := &entries[i]
		switch {
		case e.Left == plan.Comes && e.At.Equal(l.now):
			l.carried(entries, e)
			l.one(e)
		case e.Left == plan.Over:
			delete(l.things, e.Thing)
		case e.Left != plan.Comes && e.Left != plan.Waits:
			if !e.At.After(l.now) {
				l.fail("%s is to be planned anew at once: %+v", e.Thing, e)
			}
			l.things[e.Thing].Due = e.At
		}
	}
}

// carried: what rides has a message to ride on.
func (l *life) carried(entries []plan.Entry, e *plan.Entry) {
	is := func(c plan.Entry) bool { return c.Thing == e.With && c.With == "" && c.At.Equal(e.At) }
	if e.With != "" && e.With != plan.Answer && !slices.ContainsFunc(entries, is) {
		l.fail("%s rides on %s, which does not come", e.Thing, e.With)
	}
}

// one lets one thing come, and looks at it.
func (l *life) one(e *plan.Entry) {
	l.note("%s %s %s with %q silent %v", e.Thing, e.Class, e.Phase, e.With, e.Silent)
	t := l.things[e.Thing]
	fixed := e.Phase == flows.PhaseLook || e.Phase == flows.PhaseTakeOff
	on := slices.IndexFunc(l.packs, func(p pack) bool { return p.Thing == e.Thing })
	if slices.Contains(l.policy.Apart, e.Class) && (l.asks() || len(l.packs) > 0) {
		l.fail("%s comes while a pack is on (%v) or a question stands (%v)", e.Thing, l.packs, l.asks())
	}
	if e.Class == plan.ClassSafety && e.With != "" {
		l.fail("%s rides on %s", e.Thing, e.With)
	}
	if awake := l.waking.Open(l.zone, l.now) || l.now.Sub(l.heard) < l.policy.Awake; !fixed && !awake && !t.Night {
		l.fail("%s wakes the person up", e.Thing)
	}
	if !fixed {
		l.gate(t)
	}
	if e.Rings() {
		l.rings(e, fixed, on)
	}
	switch e.Phase {
	case flows.PhaseLook:
		l.packs[on].Look = time.Time{}
	case flows.PhaseTakeOff:
		l.takeOff(on)
	case flows.PhaseCall:
		l.calls(t, false)
	default:
		l.ticks(t, e.Due)
	}
}

// gate: nothing comes that its own rules keep out.
func (l *life) gate(t *plan.Thing) {
	rules := t.Rules
	rules.Zone = l.zone
	if why := rules.WhyNot(&t.Track, plan.Start{At: l.now, Armed: true, Due: l.now}); why != plan.May {
		l.fail("%s may not come: %s", t.Name, why)
	}
	if t.Class == plan.ClassRound && len(l.packs) > 0 {
		l.fail("%s is called on top of %v", t.Name, l.packs)
	}
}

// rings looks at a message with a sound.
func (l *life) rings(e *plan.Entry, fixed bool, on int) {
	for _, r := range l.rang {
		wanted := fixed && l.packs[on].wanted
		if near := l.now.Sub(r.At); near < l.policy.Quarter && r.Thing != e.Thing && !wanted {
			l.fail("%s rings %v behind %s", e.Thing, near, r.Thing)
		}
	}
	l.rang = append(l.rang, rung{flows.Ring{At: l.now, Thing: e.Thing, Invites: e.Invites}, !fixed && e.Class != plan.ClassSafety})
	rings, invitations := l.today()
	if l.rang[len(l.rang)-1].moves && (rings > l.policy.Rings || invitations > l.policy.Invitations) {
		l.fail("%s is ring %d, invitation %d", e.Thing, rings, invitations)
	}
}

// takeOff is told to the second, or as soon as the bot is back.
func (l *life) takeOff(on int) {
	p := l.packs[on]
	if !l.now.Equal(flows.Later(p.Ends, l.back)) {
		l.fail("the take-off of %s is told, which was due at %s", p.Thing, l.clock(p.Ends))
	}
	l.packs = slices.Delete(l.packs, on, on+1)
	if t := l.things[p.Thing]; t != nil {
		t.Track.On, t.Track.Ends, t.Track.Off = time.Time{}, time.Time{}, l.now
		l.follow(t, time.Time{})
	}
}

// calls begins a round: the planner has called, or the person has asked.
func (l *life) calls(t *plan.Thing, wanted bool) {
	plan.Begin(l.zone, &t.Track, l.now)
	t.Track.On, t.Track.Ends = l.now, l.now.Add(t.Rules.Hold)
	l.packs = append(l.packs, pack{plan.Pack{Thing: t.Name, Look: l.now.Add(t.Look), Ends: t.Track.Ends}, wanted})
}

func (l *life) ticks(t *plan.Thing, due time.Time) {
	plan.Begin(l.zone, &t.Track, l.now)
	if t.Once {
		delete(l.things, t.Name)
		return
	}
	l.follow(t, due)
}

// follow arms what follows, as the engine does: behind what came, and behind when it
// was due.
func (l *life) follow(t *plan.Thing, due time.Time) {
	rules := t.Rules
	rules.Zone = l.zone
	at, ok := rules.First(&t.Track, flows.Later(l.now.Add(max(time.Minute, rules.Gap)), due.Add(time.Minute)), rules.Least)
	if !ok {
		delete(l.things, t.Name)
		return
	}
	t.Due = at
}

// happens is what the person does, or what happens to the bot.
func (l *life) happens() {
	switch what := rapid.SampledFrom([]string{"press", "question", "answer", "on", "want", "away"}).Draw(l.t, "what"); what {
	case "away":
		l.note("the bot is away")
		l.now = l.now.Add(time.Duration(rapid.IntRange(1, 40*60).Draw(l.t, "minutes away")) * time.Minute)
		l.back = l.now
		for i := range l.packs {
			if l.packs[i].Look.Before(l.now) {
				l.packs[i].Look = time.Time{} // a look that is late is left out
			}
		}
		l.note("the bot is back")
		return
	case "question":
		l.note("a question")
		l.question = l.now.Add(time.Duration(rapid.IntRange(1, 8*60).Draw(l.t, "asked for")) * time.Minute)
	case "answer":
		l.question = time.Time{}
	case "on":
		for i := range l.packs {
			if p := &l.packs[i]; !p.Look.IsZero() && !p.wanted {
				l.note("%s is on", p.Thing)
				t := l.things[p.Thing]
				p.Look, p.Ends = l.now.Add(t.Look), l.now.Add(t.Rules.Hold)
				t.Track.Ends = p.Ends
			}
		}
	case "want":
		if t := l.things["cold"]; t != nil && len(l.packs) == 0 {
			rules := t.Rules
			rules.Zone = l.zone
			if rules.WhyNot(&t.Track, plan.Start{At: l.now}) == plan.May {
				l.note("wants cold")
				l.calls(t, true)
			}
		}
	}
	l.heard = l.now
	l.note("the person is here, a question stands: %v", l.asks())
	l.expected = nil
	l.comes(l.plan(true))
}
