package checker

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"spasmbot/flows/checker/model"
	"spasmbot/flows/lang"
)

// Proof is what became of one promise of a catalog, or of its part in one track,
// when it was held against models of the catalog.
type Proof struct {
	// Promise is the promise in words, Source where the catalog states it,
	// "file:line". Track is the track of whose reminders it was judged, "" for
	// a promise about steps.
	Promise, Source, Track string
	// Points is the number of states of the last model that was gone through;
	// Models is how many were.
	Points, Models int
	Verdict        Verdict
	// Path holds the inputs of a transcript. If the promise is broken, the last
	// one breaks it; if it holds, the last one brings what it speaks of, as far
	// as the engine was led there.
	Path []string
	// What says what happened at the end of Path, or why a promise was not
	// judged.
	What string
}

// Verdict is what a proof came to.
type Verdict int

// The verdicts.
const (
	// Holds: no way through the model breaks it. That is as good as the model.
	Holds Verdict = iota
	// Idle: it holds, since what it speaks of never happens.
	Idle
	// Broken: by the conversation of the proof's Path.
	Broken
	// NotJudged: neither was found.
	NotJudged
)

func (v Verdict) String() string {
	return [...]string{"holds", "never has a chance to break", "is broken", "was not judged"}[v]
}

// The bounds of a proof. A model that is larger, or that had to be made more
// exact more often, is given up.
const (
	maxPoints = 100_000
	maxModels = 20
)

// proofs holds the promises of the catalog against models of it.
func (m *subject) proofs(start time.Time) []Proof {
	parts := m.parts()
	list := make([]Proof, len(parts))
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i, s := range parts {
		wg.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			list[i] = m.prove(s, start)
		})
	}
	wg.Wait()
	return list
}

// part is a promise as far as it concerns one track, or a step.
type part struct {
	promise
	track string
	names []string
}

// parts takes the promises apart: what is promised of every reminder is judged
// track by track, each with models of its own.
func (m *subject) parts() []part {
	var list []part
	for _, f := range m.c.Flows() {
		for _, inv := range f.Invariants {
			p := newPromise(inv)
			if p.cond == nil {
				continue
			}
			what, before := inv.Before+inv.Never, len(list)
			for _, t := range m.tracks {
				if names := namesOf(t, what); names != nil {
					list = append(list, part{p, t.Name, names})
				}
			}
			if len(list) == before {
				list = append(list, part{promise: p, names: []string{what}})
			}
		}
	}
	return list
}

// namesOf lists the kinds of reminders of a track that a promise speaks of.
func namesOf(t *lang.TrackSpec, what string) []string {
	switch {
	case what == lang.AnyReminder:
		return t.Kinds()
	case what == t.Name:
		return []string{t.Kind(t.Start())}
	case slices.Contains(t.Kinds(), what):
		return []string{what}
	}
	return nil
}

// prove judges one part. It begins with a model that knows little, and makes it
// more exact wherever that has gone a way which the engine does not go.
func (m *subject) prove(s part, start time.Time) Proof {
	proof := Proof{Promise: s.name, Source: s.source, Track: s.track, Verdict: NotJudged}
	follow := firstGuess(s)
	claim := model.Claim{Names: s.names, Cond: s.cond, Want: s.want}
	for proof.Models < maxModels {
		proof.Models++
		out := model.New(m.c, follow.Close(m.c)).Walk(claim, maxPoints)
		proof.Points = out.Points
		if out.Broken == nil {
			return m.unbroken(proof, out, s, start)
		}
		p := newPlayer(m, s, start, out.Broken, out.Cuts)
		if p.play() {
			proof.Verdict, proof.Path, proof.What = Broken, m.path(p.moves, start), p.what
			return proof
		}
		if !p.refine(&follow, out.Mixed) {
			proof.What = "a model of the flows breaks it, and no conversation was found that does: " + words(out.Broken)
			return proof
		}
	}
	proof.What = fmt.Sprintf("%d models of the flows were not exact enough", maxModels)
	return proof
}

// firstGuess is what a promise speaks of.
func firstGuess(s part) model.Follow {
	follow := model.Follow{Vars: s.cond.Syntax().Names(), Timed: []*lang.Expr{s.cond}}
	if s.track != "" {
		follow.Tracks = []string{s.track}
		follow.Timed, follow.Judged = nil, follow.Timed
	}
	return follow
}

// unbroken is the proof of a part that no model has broken.
func (m *subject) unbroken(proof Proof, out model.Outcome, s part, start time.Time) Proof {
	switch {
	case !out.Whole:
		proof.What = fmt.Sprintf("a model of the flows has more than %d states", maxPoints)
	case out.Chance == nil:
		proof.Verdict = Idle
	default:
		proof.Verdict = Holds
		p := newPlayer(m, s, start, out.Chance, out.Cuts)
		p.near = true
		if p.play() {
			proof.Path, proof.What = m.path(p.moves, start), p.what
		}
	}
	return proof
}

// words tells a way through a model.
func words(way []model.Move) string {
	list := make([]string, len(way))
	for i, mv := range way {
		list[i] = mv.String()
	}
	return strings.Join(list, ", then ")
}
