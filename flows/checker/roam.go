package checker

import (
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// Roam watches conversations at random, so many moves of them in all, and returns what
// was broken first, if anything was: a promise or a Rule. That is a look and no proof,
// but it comes far: of what there is to answer, it rather takes what leads where it has
// seldom been, and days pass. A proof is the other way round, and the two are held
// against each other.
func Roam(c *lang.Catalog, random Random, moves int) (v Violation, found bool) {
	m := newSubject(c)
	f := m.focus("roam")
	f.places = true
	for i := range m.tracks {
		f.tracks = append(f.tracks, i)
	}
	r := &roaming{m: m, f: f, random: random, been: make(map[string]int), left: moves}
	for r.left > 0 {
		if b, ok := r.conversation(); ok {
			return Violation{Invariant: b.rule, Source: b.source, Path: m.path(r.path, first(time.Time{})), What: b.what}, true
		}
	}
	return Violation{}, false
}

// Random draws numbers from 0 to below n, each as likely as the others.
type Random interface{ IntN(n int) int }

// roaming is a walk at random.
type roaming struct {
	m      *subject
	f      *focus
	random Random
	// been counts how often a question was come to.
	been map[string]int
	left int
	w    *world
	path []move
}

// How long a conversation at random goes on, and how often out of a hundred something else
// than an answer comes: time, or a command.
const (
	roamMoves    = 300
	roamTimes    = 22
	roamCommands = 8
)

// conversation is that of one new person. It ends at what is broken.
func (r *roaming) conversation() (b breach, broken bool) {
	r.w, r.path = r.m.stranger(first(time.Time{})), nil
	for range roamMoves {
		if r.left--; r.left < 0 {
			break
		}
		if b, broken = r.next(); broken {
			return b, true
		}
	}
	return breach{}, false
}

// next lets one thing happen.
func (r *roaming) next() (breach, bool) {
	step := r.m.step(&r.w.s)
	switch n := r.random.IntN(100); {
	case n < roamCommands || step == nil && n < 50:
		return r.do(flows.Command{Name: r.m.commands[r.random.IntN(len(r.m.commands))]})
	case n < roamCommands+roamTimes || step == nil:
		return r.wait()
	}
	return r.answer()
}

// answer presses a button, rather one that leads where nobody has been.
func (r *roaming) answer() (breach, bool) {
	list := r.m.presses(r.f, r.w)
	if r.m.types(r.w) {
		for _, text := range r.m.typed(r.w) {
			list = append(list, flows.Text{Text: text})
		}
	}
	if len(list) == 0 {
		return r.wait()
	}
	for i := range list {
		j := r.random.IntN(i + 1)
		list[i], list[j] = list[j], list[i]
	}
	if r.random.IntN(3) == 0 {
		return r.do(list[0])
	}
	best, fewest := list[0], -1
	for _, ev := range list[:min(len(list), roamTries)] {
		after := r.w.step(r.m.c, ev).after
		if n := r.been[after.s.At.Step]; after.s.At.Step != "" && (fewest < 0 || n < fewest) {
			best, fewest = ev, n
		}
	}
	return r.do(best)
}

// roamTries bounds the answers that are tried before one is taken.
const roamTries = 6

// do lets an event happen, some seconds after the last.
func (r *roaming) do(ev flows.Event) (breach, bool) {
	if b, broken := r.until(r.w.now.Add(time.Duration(1+r.random.IntN(40)) * time.Second)); broken {
		return b, true
	}
	return r.turn(r.w.step(r.m.c, ev), move{event: ev})
}

// wait lets time pass until the next timer, for some hours, or without the bot.
func (r *roaming) wait() (breach, bool) {
	if r.random.IntN(12) == 0 {
		now := r.w.at(r.w.now.Add(time.Duration(1+r.random.IntN(40*60)) * time.Minute))
		return r.turn(now.step(r.m.c, flows.Due{IDs: now.due()}), move{down: now.now.Sub(r.w.now)})
	}
	at, ok := r.w.nextDue()
	if !ok || r.random.IntN(6) == 0 {
		at = r.w.now.Add(time.Duration(1+r.random.IntN(30*60)) * time.Minute)
	}
	return r.until(at)
}

// until lets time pass until an instant, with each timer on time.
func (r *roaming) until(at time.Time) (breach, bool) {
	for range maxFirings {
		due, ok := r.w.nextDue()
		if !ok || due.After(at) {
			break
		}
		now := r.w.at(later(r.w.now, due))
		if b, broken := r.turn(now.step(r.m.c, flows.Due{IDs: now.due()}), move{wait: now.now.Sub(r.w.now)}); broken {
			return b, true
		}
	}
	if at.After(r.w.now) {
		r.path = append(r.path, move{wait: at.Sub(r.w.now)})
		r.w = r.w.at(at)
	}
	return breach{}, false
}

// turn takes a turn, and holds it against what is promised.
func (r *roaming) turn(t *turn, mv move) (breach, bool) {
	r.path = append(r.path, mv)
	r.been[t.after.s.At.Step]++
	list := r.m.watch(r.f, t)
	r.w = t.after
	if len(list) == 0 {
		return breach{}, false
	}
	return list[0], true
}
