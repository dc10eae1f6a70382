package checker

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// Meaning says what it means that a promise holds.
const Meaning = "A promise holds if no conversation in a model of the flows breaks it; the model is made so that it contains every conversation that the engine can have, and more."

// RulesMeaning says what is known of rules.
const RulesMeaning = "The rules of the language are watched in the nearest situations that the engine itself comes to, which is a look and no proof."

// Open lists the parts of promises that were not judged.
func (r Report) Open() []Proof {
	return slices.DeleteFunc(slices.Clone(r.Proofs), func(p Proof) bool { return p.Verdict != NotJudged })
}

// Options bound a check. The zero value is what most want.
type Options struct {
	// MaxStates is how many states are kept over all walks, each of which has an
	// equal share; 0 means 10,000. What lies farther away is not looked at.
	MaxStates int
	// Walk is the name of the only walk to make; empty makes all of them.
	Walk string
	// First ends the check at the nearest violation: what lies farther is not
	// reported.
	First bool
	// Witness looks for conversations that come near to each promise.
	Witness bool
	// ProofsOnly leaves out the walks.
	ProofsOnly bool
	// FirstBroken ends the proofs at the first part of a promise that is broken: the
	// report has those that were judged by then, and neither witnesses nor notes.
	// Those with few Hints come first, since they take least.
	FirstBroken bool
	// Hints are, by the key of a proof, the variables that it is likely to need.
	Hints map[string][]string
	// Spend bounds the states that all searches for one part of a promise go through,
	// and what they do not judge at once is not judged in another way; 0 means
	// 6,000,000.
	Spend int
	// Start is when the person first appears; zero means noon of a Monday, as
	// in transcripts.
	Start time.Time
}

// Report is what a check found.
type Report struct {
	// States and Transitions count what was walked, over all walks.
	States, Transitions int
	// Walks says how many states each walk had.
	Walks []Walk
	// Proofs says what became of each part of each promise in the model of the
	// catalog. A check of one walk, or for the first violation, makes none.
	Proofs []Proof
	// Witnesses says of each promise whether what it speaks of can happen, and how,
	// if that was asked for. Where there are no Proofs, there are none.
	Witnesses []Witness
	// Notes tell of what never happens, and of what makes no difference. They are
	// made together with the proofs.
	Notes []lang.Note
	// Violations holds each broken invariant once, with the shortest path that a walk
	// has found, or else that of a proof.
	Violations []Violation
	// Incomplete says that MaxStates ended a walk early. That concerns the Rules, and
	// no promise.
	Incomplete bool
}

// Walk is the share of one walk in a report.
type Walk struct {
	Name                string
	States, Transitions int
}

// Violation is a broken invariant.
type Violation struct {
	// Invariant is a Rule, or the catalog's invariant in words.
	Invariant string
	// Source is where the catalog states it, "file:line"; empty for a Rule.
	Source string
	// Path holds the inputs of a transcript, each with its "> ", that lead a
	// new person to the violation: the last one breaks the invariant.
	Path []string
	// What says what happened.
	What string
}

const defaultMaxStates = 10_000

// Check proves what a catalog promises, and watches the Rules in the states that the
// real engine comes to.
func Check(c *lang.Catalog, opts Options) Report {
	return newSubject(c).check(opts)
}

// Walks lists the names of the walks that Check makes.
func Walks(c *lang.Catalog) []string {
	var names []string
	for _, f := range newSubject(c).foci() {
		names = append(names, f.name)
	}
	return names
}

func (m *subject) check(opts Options) Report {
	if opts.MaxStates <= 0 {
		opts.MaxStates = defaultMaxStates
	}
	opts.Start = first(opts.Start)
	m.hints, m.spend = opts.Hints, opts.Spend
	var proofs []Proof
	whole := opts.Walk == "" && !opts.First
	foci := m.foci()
	if opts.ProofsOnly {
		foci = nil
	}
	if opts.Walk != "" {
		foci = slices.DeleteFunc(foci, func(f *focus) bool { return f.name != opts.Walk })
	}
	var witnesses []Witness
	var notes []lang.Note
	switch {
	case whole && opts.FirstBroken:
		proofs, whole = m.untilBroken(opts.Start)
	case whole:
		proofs = m.proofs(opts.Start)
	}
	if whole {
		witnesses = m.witnesses(opts.Start, opts.Witness)
		notes = m.notes(witnesses)
	}
	walks := make([]*walk, len(foci))
	nearest := new(atomic.Int64)
	nearest.Store(math.MaxInt64)
	// One walk a processor: what is not yet expanded takes memory.
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i, f := range foci {
		k := &walk{
			m: m, f: f, keys: keys{m: m, f: f}, left: (opts.MaxStates + i) / len(foci),
			seen: make(map[string]struct{}), broken: make(map[breach]bool),
		}
		if opts.First {
			k.nearest = nearest
		}
		walks[i] = k
		wg.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			k.run(m.stranger(opts.Start))
		})
	}
	wg.Wait()
	r := m.report(walks, opts)
	r.add(proofs)
	r.Witnesses, r.Notes = witnesses, notes
	return r
}

// first is when a person first appears, unless told otherwise.
func first(start time.Time) time.Time {
	if start.IsZero() {
		return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	}
	return start
}

// add takes proofs into the report. A promise that a walk has broken as well keeps
// the walk's path, which is a shortest one.
func (r *Report) add(proofs []Proof) {
	r.Proofs = proofs
	for _, p := range proofs {
		known := slices.ContainsFunc(r.Violations, func(v Violation) bool { return v.Source == p.Source && v.Invariant == p.Promise })
		if p.Verdict == Broken && !known {
			r.Violations = append(r.Violations, Violation{p.Promise, p.Source, p.Path, p.What})
		}
	}
}

// stranger is the world of a person never seen before.
func (m *subject) stranger(now time.Time) *world {
	return &world{s: flows.State{User: 42}, now: now, past: make([]past, len(m.tracks))}
}

// report puts the walks together: of each invariant, the shortest path.
func (m *subject) report(walks []*walk, opts Options) Report {
	var r Report
	type found struct {
		finding
		walk *walk
	}
	var all []found
	for _, k := range walks {
		r.States += len(k.nodes)
		r.Transitions += k.transitions
		r.Walks = append(r.Walks, Walk{k.f.name, len(k.nodes), k.transitions})
		r.Incomplete = r.Incomplete || k.incomplete
		for _, f := range k.found {
			// A walk may have run ahead of the one that found the nearest.
			if k.nearest == nil || f.moves <= k.nearest.Load() {
				all = append(all, found{f, k})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.rule, b.rule), cmp.Compare(a.moves, b.moves))
	})
	all = slices.CompactFunc(all, func(a, b found) bool { return a.rule == b.rule && a.source == b.source })
	for _, f := range all {
		r.Violations = append(r.Violations, Violation{f.rule, f.source, m.path(f.walk.moves(f.finding), opts.Start), f.what})
	}
	return r
}
