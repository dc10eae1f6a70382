package plan

import (
	"cmp"
	"slices"
	"time"

	"spasmbot/flows"
)

// Plan plans the rest of a person's day: everything that comes until they next wake
// up, in its order, and behind it what does not come, with the reason. It is to be
// asked whenever something has come or changed, and after an absence: what it says of
// later holds only if nothing does.
//
// Of the same quarter of an hour there is one ring. The classes are placed one after
// the other by their order, so that what is less important finds the day as the
// others have left it:
//
//   - Looks and take-offs stand where they are. What would ring near a take-off rides
//     on it, before or behind.
//   - A question of safety rings as soon as nothing else does near it. Nothing rides
//     on it, and it on nothing. A question that is repeated gives way to it.
//   - Rounds are spread from the first on to the evening, one in the evening.
//   - What the budget has no room for rides on a later message of the day, and is left
//     out if there is none.
func (p Policy) Plan(s Situation, things []Thing) []Entry {
	a := newAgenda(&p, &s)
	things = slices.Clone(things)
	slices.SortStableFunc(things, func(x, y Thing) int {
		return cmp.Or(cmp.Compare(p.rank(x.Class), p.rank(y.Class)), questions(x)-questions(y), x.Due.Compare(y.Due), cmp.Compare(x.Name, y.Name))
	})
	for i := range things {
		a.expand(&things[i])
	}
	slices.SortStableFunc(a.entries, func(x, y Entry) int {
		byLeft := cmp.Compare(min(1, len(x.Left)), min(1, len(y.Left)))
		return cmp.Or(byLeft, x.At.Compare(y.At), cmp.Compare(len(x.With), 0)-cmp.Compare(len(y.With), 0))
	})
	return a.entries
}

// questions puts what is only repeated behind what is of its rank: of that, people were
// told when it comes.
func questions(t Thing) int {
	if t.Class == ClassQuestion {
		return 1
	}
	return 0
}

// agenda is the plan of a day as far as it is made.
type agenda struct {
	p *Policy
	s *Situation
	// begins and ends are when the person woke up, and when they next will.
	begins, ends time.Time
	// sleeps is when the waking hours end, if that is still ahead on this day.
	sleeps  time.Time
	entries []Entry
	// rings are those that were and those that are planned, and packs when one is on.
	rings []flows.Ring
	packs []span
	// invited and rung count against the budget.
	invited, rung int
}

// span is a time in which a pack is on.
type span struct{ from, to time.Time }

func newAgenda(p *Policy, s *Situation) *agenda {
	a := &agenda{p: p, s: s}
	a.begins, a.ends = ownDay(s.Zone, s.Waking, s.Now)
	a.sleeps = a.ends
	if w := s.Waking; w != (Window{}) && w != AllDay {
		a.sleeps = Window{From: w.To, To: w.From}.Next(s.Zone, a.begins)
	}
	for _, r := range s.Rang {
		a.ring(r)
	}
	for _, pack := range s.On {
		a.on(pack)
	}
	return a
}

// OwnDay names the person's day that holds an instant by the date on which it begins.
func OwnDay(zone *time.Location, waking Window, at time.Time) string {
	begins, _ := ownDay(zone, waking, at)
	return Day(zone, begins)
}

// Wakes is when the person wakes up next.
func Wakes(zone *time.Location, waking Window, at time.Time) time.Time {
	_, ends := ownDay(zone, waking, at)
	return ends
}

// ownDay is the person's day that holds an instant: from one waking to the next.
func ownDay(zone *time.Location, waking Window, at time.Time) (begins, ends time.Time) {
	begins = TimeOfDay(zone, at, 0, waking.From)
	if begins.After(at) {
		return TimeOfDay(zone, at, -1, waking.From), begins
	}
	return begins, TimeOfDay(zone, at, 1, waking.From)
}

// OnAnotherDay reports whether what is due at an instant is armed for another of the
// person's days, since its own has no place for it, and when that one begins. What is due at
// night belongs to the day on which the person wakes up.
func OnAnotherDay(zone *time.Location, waking Window, due, armed time.Time) (begins time.Time, ok bool) {
	begins, _ = ownDay(zone, waking, armed)
	if waking == (Window{}) {
		waking = AllDay
	}
	return begins, waking.Next(zone, due).Before(begins)
}

// on puts down the look and the take-off of a round in progress. Neither moves.
func (a *agenda) on(pack Pack) {
	ends := flows.Later(pack.Ends, a.s.Now)
	if !pack.Look.IsZero() && pack.Look.Before(ends) {
		a.put(Entry{Thing: pack.Thing, Class: ClassRound, Phase: flows.PhaseLook, At: flows.Later(pack.Look, a.s.Now), Silent: pack.QuietLook})
	}
	a.put(Entry{Thing: pack.Thing, Class: ClassTakeOff, Phase: flows.PhaseTakeOff, At: ends})
	a.packs = append(a.packs, span{a.s.Now, ends})
}

// put puts an entry into the plan, with its ring.
func (a *agenda) put(e Entry) {
	a.entries = append(a.entries, e)
	if !e.Rings() {
		return
	}
	a.ring(flows.Ring{At: e.At, Thing: e.Thing, Invites: e.Invites})
}

// ring notes a ring, and counts it if it is of this day, also where that has begun
// earlier, farther east.
func (a *agenda) ring(r flows.Ring) {
	a.rings = append(a.rings, r)
	if !counts(a.s.Zone, r.Day, a.begins) && (r.At.Before(a.begins) || !r.At.Before(a.ends)) {
		return
	}
	a.rung++
	if r.Invites {
		a.invited++
	}
}

// expand plans all that comes of a thing on this day. If nothing does, it says why.
func (a *agenda) expand(t *Thing) {
	if t.Fixed {
		at := flows.Later(t.Due, a.s.Now)
		a.put(Entry{Thing: t.Name, Class: t.Class, Phase: t.phase(), At: at, Due: t.Due, Silent: t.Silent, Invites: t.invites()})
		if t.Class == ClassRound {
			a.rounds(t, at)
		}
		return
	}
	tr, from := t.Track, t.Due
	if !tr.On.IsZero() {
		tr.Off, tr.On, tr.Ends = flows.Later(tr.Ends, a.s.Now), time.Time{}, time.Time{}
		from = tr.Off.Add(t.Rules.Gap)
	}
	for came := 0; ; came++ {
		spread := false
		if t.Class == ClassRound {
			free := flows.Later(from, a.s.Now)
			from = a.slot(t, &tr, free)
			spread = from.After(free)
		}
		e := a.place(t, &tr, from, came == 0)
		if spread && e.Moved == "" {
			e.Moved = flows.MovedToSpread
		}
		if e.Left != Comes && came > 0 {
			return
		}
		a.put(e)
		if e.Left == Comes && t.Class == ClassRound {
			a.rounds(t, e.At)
		}
		if e.Left != Comes || t.Once {
			return
		}
		Begin(a.s.Zone, &tr, e.At)
		from = flows.Later(e.At.Add(t.Rules.Hold+max(t.Rules.Gap, time.Minute)), e.Due.Add(time.Minute)) // it may have come early
	}
}

// rounds puts down what follows the call of a round.
func (a *agenda) rounds(t *Thing, at time.Time) {
	ends := at.Add(t.Rules.Hold)
	if t.Look > 0 && t.Look < t.Rules.Hold {
		a.put(Entry{Thing: t.Name, Class: ClassRound, Phase: flows.PhaseLook, At: at.Add(t.Look), Silent: t.QuietLook})
	}
	a.put(Entry{Thing: t.Name, Class: ClassTakeOff, Phase: flows.PhaseTakeOff, At: ends})
	a.packs = append(a.packs, span{at, ends})
}

// Begin notes a start on a track: what the gate goes by.
func Begin(zone *time.Location, tr *flows.Track, at time.Time) {
	if !Counted(zone, tr, at) {
		tr.Day, tr.Today = Day(zone, at), 0
	}
	tr.Today++
	tr.Total++
	tr.Last = at
}

// slot is when the next round of a day is to be called, from an instant on: as many
// as may come are spread from the last one, or from the first, to the evening.
func (a *agenda) slot(t *Thing, tr *flows.Track, from time.Time) time.Time {
	evening := a.sleeps.Add(-max(a.p.Evening, t.Rules.Hold))
	if until := t.Rules.Until; !until.IsZero() && until.Add(-t.Rules.Hold).Before(evening) {
		evening = until.Add(-t.Rules.Hold)
	}
	n := a.most(t, tr, from)
	if !from.Before(evening) && tr.Last.After(evening.Add(-(t.Rules.Hold+t.Rules.Gap)/2)) {
		return flows.Later(from, a.ends) // the evening has had its round
	}
	if n == 0 || !from.Before(evening) || tr.Last.Before(a.begins) {
		return from // there is none, it is late, or this is the first, which comes when it is due
	}
	step := evening.Sub(tr.Last) / time.Duration(n)
	if least := t.Rules.Hold + t.Rules.Gap; step < least { // there is no room for so many
		n = max(1, int(evening.Sub(tr.Last)/least))
		step = evening.Sub(tr.Last) / time.Duration(n)
	}
	return flows.Later(from, tr.Last.Add(step).Truncate(time.Minute))
}

// most is how many rounds of a thing may still be called on this day.
func (a *agenda) most(t *Thing, tr *flows.Track, at time.Time) int {
	n := int(a.ends.Sub(at)/(t.Rules.Hold+max(t.Rules.Gap, time.Minute))) + 1
	if r := &t.Rules; r.MostPerDay > 0 {
		n = min(n, r.MostPerDay)
		if Counted(a.s.Zone, tr, at) {
			n = min(n, max(0, r.MostPerDay-tr.Today))
		}
	}
	if a.p.Invitations != 0 && !t.Silent {
		n = min(n, max(0, a.p.Invitations-a.invited))
	}
	if cost := t.cost(); a.p.Rings != 0 && cost > 0 {
		n = min(n, max(0, a.p.Rings-a.rung)/cost)
	}
	return n
}

// phase is that of the thing itself.
func (t *Thing) phase() flows.Phase {
	if t.Class == ClassRound {
		return flows.PhaseCall
	}
	return flows.PhaseTick
}

// looks reports whether the look at a round rings.
func (t *Thing) looks() bool { return t.Look > 0 && t.Look < t.Rules.Hold && !t.QuietLook }

// invites reports whether a thing that comes asks for something new.
func (t *Thing) invites() bool { return !t.Silent && t.Class != ClassQuestion }

// cost is how many rings a thing is.
func (t *Thing) cost() int {
	n := 1
	if t.Silent {
		n = 0
	}
	if t.Class == ClassRound {
		n++
		if t.looks() {
			n++
		}
	}
	return n
}
