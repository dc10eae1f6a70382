package engine

import (
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/plan"
)

// The card has a timer of its own, so that it is right for whoever does nothing. Nothing
// but the card comes of that: no entry, no reminder, no sound, and never at night. So it is
// no affair of who plans the day, or of who judges what the flows do.

// arranged is what the card foresees: it comes when the day is arranged.
func arranged() {}

// renewed is how old a card becomes: then there is time left to delete it, so that no two
// stand in the chat.
const renewed = deletable - time.Hour

// alone reports whether timers that have come due are that of the card and nothing else.
func (k *card) alone(ids []uint64) bool {
	timer := k.p.s.Card.Timer.ID
	return timer != 0 && len(ids) == 1 && ids[0] == timer
}

// waking is when the person of a card is awake.
func (k *card) waking() plan.Window { return k.p.waking(k.p.catalog.Flow(k.p.s.Episode.Flow)) }

// day names the person's day: they wake up to it.
func (k *card) day() string { return plan.OwnDay(k.p.zone(), k.waking(), k.p.now) }

// wokeUp reports whether the person has woken up to another day than that of the card.
func (k *card) wokeUp() bool {
	return k.p.s.Card.Day < k.day() && k.waking().Open(k.p.zone(), k.p.now)
}

// followed is for how long the card moves after somebody who does nothing. Then it says
// what is so where it stands, and does not bring up their chat for nobody.
const followed = 7 * 24 * time.Hour

// follows reports whether the card moves by itself.
func (k *card) follows() bool { return k.p.now.Sub(k.p.s.Heard) < followed }

// fades reports whether the card is about to be too old to be deleted. Then it is put
// anew even where something is asked.
func (k *card) fades() bool {
	return !k.p.now.Before(k.old()) && k.waking().Open(k.p.zone(), k.p.now)
}

// old is when the card is to be put anew for its age: while the person is awake.
func (k *card) old() time.Time { return k.waking().Last(k.p.zone(), k.p.s.Card.Put.Add(renewed)) }

// arm lets the timer come when there is something to do about the card, were nothing to
// happen until then: at midnight, what is told of another day reads otherwise.
func (k *card) arm(spec *lang.Card) {
	due := plan.Wakes(k.p.zone(), k.waking(), k.p.now)
	for _, at := range []time.Time{k.old(), plan.Midnight(k.p.zone(), k.p.now, 1), k.changes(spec, due)} {
		if at = k.waking().Next(k.p.zone(), at); at.After(k.p.now) && at.Before(due) {
			due = at
		}
	}
	if r := &k.p.s.Card.Timer; r.ID == 0 || !r.Due.Equal(due) {
		k.timers.armCard(r, due)
	}
}

// changes is when the first of the card's expressions has another value than now: until at
// the latest.
func (k *card) changes(spec *lang.Card, until time.Time) time.Time {
	for _, e := range spec.Expressions() {
		if e.Passes() {
			until = k.differs(e, until)
		}
	}
	return until
}

// differs is when an expression has another value than now, to the second: until at the
// latest.
func (k *card) differs(e *lang.Expr, until time.Time) time.Time {
	value := func(at time.Time) any {
		v, _ := e.Eval(k.p.at(at))
		return v
	}
	same, other, was := k.p.now, until, value(k.p.now)
	if value(other) == was {
		return until
	}
	for other.Sub(same) > time.Second {
		if half := same.Add(other.Sub(same) / 2); value(half) == was {
			same = half
		} else {
			other = half
		}
	}
	return other
}

// disarm ends the timer of a card that is not looked at any more.
func (k *card) disarm() {
	if r := &k.p.s.Card.Timer; r.ID != 0 {
		k.timers.out.settle(r.ID, flows.Cancelled)
		*r = flows.Reminder{}
	}
}
