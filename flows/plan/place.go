package plan

import (
	"slices"
	"time"

	"spasmbot/flows"
)

// place finds the first place on this day for a thing, from an instant on. If that is when
// it is due, it need not be one of its times of day: the night has moved it from there.
func (a *agenda) place(t *Thing, tr *flows.Track, from time.Time, due bool) Entry {
	e := Entry{Thing: t.Name, Class: t.Class, Phase: t.phase(), Silent: t.Silent}
	if a.s.Question && a.p.apart(t.Class) {
		e.Left, e.At, e.Moved = Waits, a.anew(t, tr), flows.MovedByQuestion
		return e
	}
	rules := a.rules(t)
	moved := rules // what has to give way, or is late, need not wait for the next time of day
	moved.Times, moved.Days = nil, nil
	if due {
		rules = moved
	}
	at, ok := rules.First(tr, from, rules.Least)
	e.Due = at
	if ok && at.Before(a.s.Now) {
		at, ok = moved.First(tr, a.s.Now, moved.Least)
	}
	if asked := flows.Later(from, a.s.Now); due && ok && at.After(asked) {
		_, e.Moved = moved.Wanted(tr, asked, moved.Least, at)
	}
	if ok && !rules.holds(at) {
		e.Left, e.At = Shut, at
		return e
	}
	for ok && at.Before(a.ends) {
		if carrier, at, ok := a.carrier(t, &moved, tr, at, a.near(t)); ok {
			e.At, e.With = at, carrier
			if !at.Equal(e.Due) {
				e.Moved = a.rode(carrier, at)
			}
			return e
		}
		free, by := a.clear(t, at)
		if !free.After(at) {
			return a.afford(t, &moved, tr, e, at)
		}
		e.Moved = by
		at, ok = moved.First(tr, free, moved.Least)
	}
	e.Left, e.At = Closed, at
	if !ok {
		e.Left, e.At = Over, time.Time{}
	}
	return e
}

// anew is when a thing is to be planned anew that has no place on this day.
func (a *agenda) anew(t *Thing, tr *flows.Track) time.Time {
	rules := a.rules(t)
	rules.Times, rules.Days = nil, nil
	at, _ := rules.First(tr, a.ends, rules.Least)
	return at
}

// rules are those of a thing's gate. Whoever sleeps is woken by nothing but what may
// come at night.
func (a *agenda) rules(t *Thing) Rules {
	r := t.Rules
	r.Zone, r.Up = a.s.Zone, a.s.Heard.Add(a.p.Awake)
	switch {
	case t.Night:
		r.Waking = Window{}
	case r.Waking == Window{}:
		r.Waking = a.s.Waking
	}
	return r
}

// carrier finds the message on which a thing rides: one that comes near to when it would
// come by itself, or later within a span, or the answer to the person. A call rides on nothing,
// and no more does a question of safety.
func (a *agenda) carrier(t *Thing, r *Rules, tr *flows.Track, at time.Time, within time.Duration) (with string, when time.Time, ok bool) {
	if t.Class == ClassRound || t.Class.free() {
		return "", time.Time{}, false
	}
	if a.s.Answers && !at.After(a.s.Now) && !a.packed(t, at) {
		return Answer, at, true
	}
	for i := range a.entries {
		c := &a.entries[i]
		carries := c.Phase == flows.PhaseTakeOff || a.p.apart(c.Class) && (t.Silent || !c.Silent)
		if !carries || c.Left != Comes || c.With != "" || c.Thing == t.Name || c.At.Sub(at) >= within || at.Sub(c.At) >= a.near(t) {
			continue
		}
		if open, may := r.First(tr, c.At, r.Least); may && open.Equal(c.At) && !a.packed(t, c.At) && (!ok || c.At.Before(when)) {
			with, when, ok = c.Thing, c.At, true
		}
	}
	return with, when, ok
}

// rode is what has moved a thing to the message on which it rides: nothing that is known
// now if that answers the person.
func (a *agenda) rode(with string, at time.Time) flows.Move {
	off := func(e Entry) bool { return e.Thing == with && e.Phase == flows.PhaseTakeOff && e.At.Equal(at) }
	switch {
	case with == Answer:
		return ""
	case slices.ContainsFunc(a.entries, off):
		return flows.MovedByPack
	}
	return flows.MovedByRing
}

// near is how far from when it would come by itself a thing may ride. What has a gap
// that may be shorter need not ring on its own for that.
func (a *agenda) near(t *Thing) time.Duration {
	if t.Silent {
		return a.p.Quarter
	}
	return max(a.p.Quarter, t.Rules.Gap-t.Rules.Least)
}

// packed reports whether a pack is on at an instant that keeps a thing away.
func (a *agenda) packed(t *Thing, at time.Time) bool {
	return a.p.apart(t.Class) && slices.ContainsFunc(a.packs, func(s span) bool { return !at.Before(s.from) && at.Before(s.to) })
}

// clear is the instant itself, if nothing is in the way of a thing there; otherwise
// from when on what is in the way is not any more, and what that is.
func (a *agenda) clear(t *Thing, at time.Time) (free time.Time, by flows.Move) {
	free = at
	wait := func(until time.Time, why flows.Move) {
		if until.After(free) {
			free, by = until, why
		}
	}
	for _, s := range a.packs {
		on := !at.Before(s.from) && at.Before(s.to)
		if t.Class == ClassRound && at.Before(s.to) && at.Add(t.Rules.Hold).After(s.from) || a.p.apart(t.Class) && on {
			wait(s.to, flows.MovedByPack)
		}
	}
	for _, mine := range t.sounds(at) {
		for _, r := range a.rings {
			if r.Thing != t.Name && mine.Sub(r.At).Abs() < a.p.Quarter {
				wait(r.At.Add(a.p.Quarter), flows.MovedByRing)
			}
		}
	}
	if t.Class == ClassRound {
		for i := range a.entries {
			if e := &a.entries[i]; a.p.apart(e.Class) && e.Left == Comes && !e.At.Before(at) && e.At.Before(at.Add(t.Rules.Hold)) {
				wait(e.At.Add(a.p.Quarter), flows.MovedByRing)
			}
		}
	}
	return free, by
}

// sounds are when a thing rings that comes at an instant.
func (t *Thing) sounds(at time.Time) (list []time.Time) {
	if !t.Silent {
		list = append(list, at)
	}
	if t.Class == ClassRound {
		list = append(list, at.Add(t.Rules.Hold))
		if t.looks() {
			list = append(list, at.Add(t.Look))
		}
	}
	return list
}

// afford lets a thing come at an instant with a message of its own, if the day has
// room for that; otherwise on a later message, if there is one.
func (a *agenda) afford(t *Thing, r *Rules, tr *flows.Track, e Entry, at time.Time) Entry {
	invites := !t.Silent && t.Class != ClassQuestion
	spent := a.p.Rings != 0 && t.cost() > 0 && a.rung+t.cost() > a.p.Rings || a.p.Invitations != 0 && invites && a.invited >= a.p.Invitations
	if t.Class.free() || !spent {
		e.At, e.Invites = at, invites
		return e
	}
	e.Moved = flows.MovedByBudget
	if with, when, ok := a.carrier(t, r, tr, at, a.ends.Sub(at)); ok {
		e.At, e.With = when, with
		return e
	}
	e.Left, e.At = Spent, a.anew(t, tr)
	return e
}
