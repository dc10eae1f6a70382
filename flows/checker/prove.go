package checker

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"spasmbot/flows/checker/model"
	"spasmbot/flows/lang"
)

// Proof is what became of one part of a promise.
type Proof struct {
	// Promise is the promise in words, Source where the catalog states it,
	// "file:line".
	Promise, Source string
	// Part is the part of its condition that is judged, and Track the track of
	// whose reminders, "" for any.
	Part, Track string
	// States is how many sets of situations the last search went through, of
	// Searches, and Known are the variables that it knew.
	// Spent is what all searches went through.
	States, Searches, Spent int
	Known                   []string
	Verdict                 Verdict
	// Path holds the inputs of a transcript: the last one breaks the promise.
	Path []string
	// What says what happened at the end of Path, or why the part was not judged.
	What string
}

// Key names the part of the promise that was judged, the same for flows that are
// almost the same.
func (p Proof) Key() string { return p.Source + "\x00" + p.Part + "\x00" + p.Track }

// Verdict is what a proof came to.
type Verdict int

// The verdicts.
const (
	// Holds: no conversation of the model breaks it.
	Holds Verdict = iota
	// Broken: by the conversation of the proof's Path.
	Broken
	// NotJudged: neither was found.
	NotJudged
)

func (v Verdict) String() string {
	return [...]string{"holds", "is broken", "was not judged"}[v]
}

// limits bound the proof of a part, nearby those of what is tried in passing.
var (
	limits = model.Limits{States: 400_000, All: 6_000_000}
	nearby = model.Limits{States: 100_000, All: 300_000}
)

// Witness is a conversation in which what a promise speaks of happens.
type Witness struct {
	Promise, Source string
	// Never says that it cannot happen: the promise never has a chance to break.
	Never bool
	// Path holds the inputs of a transcript, the last one brings it. It is empty
	// if none was found.
	Path []string
	What string
}

// proofs holds the promises of the catalog against the model of it.
func (m *subject) proofs(start time.Time) []Proof {
	parts := m.parts()
	found := make([][]Proof, len(parts))
	for _, round := range inRounds(parts) {
		hints := make([]model.Hints, len(parts))
		for _, i := range round {
			hints[i] = m.lesson(parts, found, i)
		}
		m.eachPart(len(round), func(k int) { found[round[k]] = m.prove(parts[round[k]], start, hints[round[k]]) })
	}
	return slices.Concat(found...)
}

// inRounds orders the parts: what one proof had to know, others are likely to need.
// First come those that take least: about a step, then those about any reminder that
// speak of least; and of each promise one part before the others, and of each
// condition one thing that it is asked of.
func inRounds(parts []part) [][]int {
	least := math.MaxInt
	asked := make(map[string]int)
	for i, p := range parts {
		if p.names[0] == lang.AnyReminder {
			least = min(least, len(p.cond.Syntax().Names()))
		}
		if k, ok := asked[p.cond.Source]; !ok || parts[k].comes && !p.comes {
			asked[p.cond.Source] = i
		}
	}
	rounds := make([][]int, 6)
	for i, p := range parts {
		round := 0
		if p.names[0] == lang.AnyReminder {
			round = 2
			if len(p.cond.Syntax().Names()) > least {
				round = 4
			}
		}
		if i > 0 && parts[i-1].source == p.source || asked[p.cond.Source] != i {
			round++
		}
		rounds[round] = append(rounds[round], i)
	}
	return rounds
}

// lesson is what a proof needs, by those that were made before of the same promise
// or condition, and what it is likely to need, by those that speak of the same
// variables, and then by those of the same event.
func (m *subject) lesson(parts []part, found [][]Proof, i int) (hints model.Hints) {
	own := parts[i]
	var last []string
	for k, p := range parts {
		switch {
		case len(found[k]) == 0:
		case p.source == own.source || p.cond.Source == own.cond.Source:
			hints.Needed = append(hints.Needed, found[k][0].besides(p.cond)...)
		case slices.ContainsFunc(p.cond.Syntax().Names(), func(name string) bool { return name != "episode" && own.cond.Uses(name) }):
			hints.Likely = append(hints.Likely, found[k][0].Known...)
		case p.names[0] == own.names[0]:
			last = append(last, found[k][0].Known...)
		}
	}
	hints.Likely = append(hints.Likely, last...)
	return hints
}

// untilBroken makes the proofs until one is broken, those that take least first; whole
// says that none is.
func (m *subject) untilBroken(start time.Time) (proofs []Proof, whole bool) {
	parts := m.parts()
	slices.SortStableFunc(parts, func(a, b part) int { return len(m.hints[a.key()]) - len(m.hints[b.key()]) })
	found := make([][]Proof, len(parts))
	var broken atomic.Bool
	m.eachPart(len(parts), func(i int) {
		if broken.Load() {
			return
		}
		found[i] = m.prove(parts[i], start, model.Hints{})
		if slices.ContainsFunc(found[i], func(p Proof) bool { return p.Verdict == Broken }) {
			broken.Store(true)
		}
	})
	return slices.Concat(found...), !broken.Load()
}

// key is the key of the proof of a part.
func (s part) key() string { return Proof{Source: s.source, Part: s.words, Track: s.track}.Key() }

// besides is what a proof had to know that a condition does not speak of.
func (p Proof) besides(cond *lang.Expr) []string {
	return slices.DeleteFunc(slices.Clone(p.Known), func(name string) bool { return cond.Uses(name) })
}

// eachPart does something for each of some numbers, in their order, one a processor.
func (m *subject) eachPart(n int, do func(i int)) {
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range n {
		turns <- struct{}{}
		wg.Go(func() {
			defer func() { <-turns }()
			do(i)
		})
	}
	wg.Wait()
}

// part is a promise as far as it concerns one clause of its condition, and one
// track or all.
type part struct {
	promise
	words string // the clause, "" for the whole condition
	track string
	names []string
	comes bool // it is a reminder, or any
}

// parts takes the promises apart.
func (m *subject) parts() []part {
	var list []part
	for _, p := range m.stated() {
		conds := clauses(p.cond, p.want, m.c.Vars)
		for _, cond := range conds {
			one := part{promise: p.promise, names: p.names, comes: p.comes}
			if len(conds) > 1 {
				one.words = cond.Syntax().String()
			}
			one.cond = cond
			list = append(list, one)
		}
	}
	return list
}

// stated lists the promises, each with what it speaks of.
func (m *subject) stated() []part {
	var list []part
	for _, f := range m.c.Flows() {
		for _, inv := range f.Invariants {
			p := newPromise(inv)
			what := inv.Before + inv.Never
			if p.cond == nil {
				continue
			}
			one := part{promise: p, names: []string{what}}
			for _, t := range m.tracks {
				if t.Name == what {
					one.names = []string{t.Kind(t.Start())}
				}
			}
			one.comes = !slices.ContainsFunc(m.c.Flows(), func(f *lang.Flow) bool { return f.Step(what) >= 0 })
			list = append(list, one)
		}
	}
	return list
}

// prove judges one part; of any reminder, at once for all tracks if that can be
// done, and otherwise track by track.
func (m *subject) prove(s part, start time.Time, hints model.Hints) []Proof {
	one := m.proveOne(s, start, hints)
	if one.Verdict != NotJudged || s.names[0] != lang.AnyReminder || m.spend > 0 {
		return []Proof{one}
	}
	var list []Proof
	for _, t := range m.tracks {
		s.track, s.names = t.Name, t.Kinds()
		list = append(list, m.proveOne(s, start, hints))
	}
	return list
}

func (m *subject) proveOne(s part, start time.Time, hints model.Hints) Proof {
	proof := Proof{Promise: s.name, Source: s.source, Part: s.words, Track: s.track, Verdict: NotJudged}
	if own, ok := m.hints[proof.Key()]; ok {
		hints = model.Hints{Needed: own}
	}
	limits := limits
	if m.spend > 0 {
		limits.All = m.spend
	}
	out := m.theModel().Reach(s.names, s.cond, !s.want, limits, hints)
	proof.States, proof.Searches, proof.Spent, proof.Known = out.Points, out.Rounds+1, out.Spent, out.Known
	switch {
	case out.Way == nil && out.Whole:
		proof.Verdict = Holds
	case out.Way == nil && out.Spent > limits.All:
		proof.What = fmt.Sprintf("%d searches went through more than %d situations", out.Rounds+1, limits.All)
	case out.Way == nil:
		proof.What = fmt.Sprintf("there are more than %d situations to tell apart", limits.States)
	default:
		p := newPlayer(m, s, start, out.Way)
		if !p.play() {
			proof.What = "no conversation was found that does what seems possible: " + words(out.Way)
			break
		}
		proof.Verdict, proof.Path, proof.What = Broken, m.path(p.moves, start), p.what
	}
	return proof
}

// theModel is the model of the catalog.
func (m *subject) theModel() *model.Model {
	m.modelOnce.Do(func() { m.model = model.New(m.c) })
	return m.model
}

// noteModel is the model by which is told what never happens: however warning signs
// are moved from class to class, which takes one word.
func (m *subject) noteModel() *model.Model {
	if m.c.SignTable() == nil {
		return m.theModel()
	}
	m.noteOnce.Do(func() { m.noted = model.AnyClass(m.c) })
	return m.noted
}

// witnesses looks for a conversation for each promise in which what it speaks of
// happens.
func (m *subject) witnesses(start time.Time, played bool) []Witness {
	stated := m.stated()
	list := make([]Witness, len(stated))
	m.eachPart(len(stated), func(i int) { list[i] = m.witness(stated[i], start, played) })
	return list
}

func (m *subject) witness(s part, start time.Time, played bool) Witness {
	w := Witness{Promise: s.name, Source: s.source}
	if s.names[0] == lang.AnyReminder {
		s.names = nil
		for _, t := range m.tracks {
			s.names = append(s.names, t.Kinds()...)
		}
	}
	if w.Never = !m.theModel().MayHappen(s.names); w.Never || !played {
		return w
	}
	out := m.theModel().Reach(s.names, nil, true, nearby, model.Hints{})
	if out.Way == nil {
		w.Never = out.Whole
		return w
	}
	p := newPlayer(m, s, start, out.Way)
	p.near = true
	if p.play() {
		w.Path, w.What = m.path(p.moves, start), p.what
	}
	return w
}

// words tells a way through a model.
func words(way []model.Move) string {
	list := make([]string, len(way))
	for i, mv := range way {
		list[i] = mv.String()
	}
	return strings.Join(list, ", then ")
}
