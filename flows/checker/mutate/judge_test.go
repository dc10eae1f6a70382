package mutate

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"spasmbot/flows/catalog"
	"spasmbot/flows/checker"
	"spasmbot/flows/lang"
)

// verdict is what became of a mutant.
type verdict string

const (
	byLoader  verdict = "refused by the loader"
	byNote    verdict = "found by a note"
	byPromise verdict = "found by a promise"
	notJudged verdict = "not judged: a promise ran into the bounds of a proof"
	same      verdict = "changes nothing"
	allowed   verdict = "leads past nothing that is promised, for a reason that is listed"
	unfound   verdict = "found by nobody"
)

// outcome is a verdict and why.
type outcome struct {
	verdict
	why string
}

// bench is the shipped flows, judged: what mutants are held against.
type bench struct {
	src     *source
	catalog *lang.Catalog
	hints   map[string][]string
	notes   []lang.Note
	// reads are the variables that matter, leads those that flows go by.
	reads, leads reads
}

func newBench(t testing.TB) *bench {
	t.Helper()
	b := &bench{src: read(t), hints: make(map[string][]string)}
	c, err := catalog.Load(b.src.files, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	b.catalog, b.reads, b.leads = c, readsOf(c, true), readsOf(c, false)
	return b
}

// prove proves the flows as they are, for what the mutants are likely to need, and
// takes their notes.
func (b *bench) prove(t testing.TB) {
	t.Helper()
	r := checker.Check(b.catalog, checker.Options{ProofsOnly: true, Hints: maps.Clone(b.hints)})
	for _, p := range r.Proofs {
		if p.Verdict != checker.Holds {
			t.Fatalf("%s %s: it %s, without any mistake", p.Source, p.Promise, p.Verdict)
		}
		b.hints[p.Key()] = p.Known
	}
	b.notes = slices.Concat(b.catalog.Notes, r.Notes)
}

// load writes a mutant and reads it. The sources of its promises are those of the
// flows as they are, by which the hints go.
func (b *bench) load(m *mutant) (c *lang.Catalog, err error) {
	for _, change := range m.make {
		root := change(copied(b.src.trees[m.file]).(tree))
		files, failed := b.src.with(m.file, root)
		if failed != nil {
			return nil, failed
		}
		if c, err = catalog.Load(files, "UTC"); err == nil {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	for _, f := range c.Flows() {
		for i := range f.Invariants {
			f.Invariants[i].Source = b.catalog.Flow(f.ID).Invariants[i].Source
		}
	}
	return c, nil
}

// look is what becomes of a mutant without any proof; ok is false if it takes one.
func (b *bench) look(m *mutant) (o outcome, c *lang.Catalog, ok bool) {
	c, err := b.load(m)
	switch {
	case err != nil:
		return outcome{byLoader, err.Error()}, nil, true
	case c.Fingerprint == b.catalog.Fingerprint:
		return outcome{same, "the flows are the same"}, nil, true
	case m.same != "":
		return outcome{same, m.same}, nil, true
	case m.variable != "" && !b.reads[m.variable]:
		return outcome{same, "only texts read the variable"}, nil, true
	case m.variable != "" && !b.leads[m.variable]:
		return outcome{same, "only promises read the variable: nobody is led by it"}, nil, true
	}
	return outcome{}, c, false
}

// spend bounds the proofs of a mutant. Most take one search; where more are needed the
// mutant has changed what matters.
const spend = 600_000

// judge says what becomes of a mutant: a promise that breaks says most, then a note.
func (b *bench) judge(m *mutant) outcome {
	o, c, ok := b.look(m)
	if ok {
		return o
	}
	if m.promise >= 0 {
		// The others are as they were.
		flow := b.flowOf(m.file)
		c = keeping(c, func(f *lang.Flow, i int) bool { return f.ID == flow && i == m.promise })
	}
	r := checker.Check(c, checker.Options{ProofsOnly: true, FirstBroken: true, Hints: b.hints, Spend: spend})
	if i := slices.IndexFunc(r.Proofs, func(p checker.Proof) bool { return p.Verdict == checker.Broken }); i >= 0 {
		return outcome{byPromise, r.Proofs[i].Source + ": " + r.Proofs[i].Promise}
	}
	for _, n := range slices.Concat(c.Notes, r.Notes) {
		if !slices.Contains(b.notes, n) && !m.says(n) {
			return outcome{byNote, n.Where + ": " + n.What}
		}
	}
	if open := r.Open(); len(open) > 0 {
		return b.insist(c, open)
	}
	return outcome{unfound, "all promises hold"}
}

// roamed is how many moves of conversations at random there are for a mutant that is not
// judged at once.
const roamed = 200_000

// insist judges the promises that were left open once more, in other ways: a way through
// many questions, each of which has to be answered, is found late.
func (b *bench) insist(c *lang.Catalog, open []checker.Proof) outcome {
	if v, found := checker.Roam(c, rand.New(rand.NewPCG(seed, 0)), roamed); found && v.Source != "" {
		return outcome{byPromise, v.Source + ": " + v.Invariant + " (at random)"}
	}
	c = keeping(c, func(f *lang.Flow, i int) bool {
		return slices.ContainsFunc(open, func(p checker.Proof) bool { return p.Source == f.Invariants[i].Source })
	})
	r := checker.Check(c, checker.Options{ProofsOnly: true, FirstBroken: true, Hints: b.hints, Spend: 3 * spend})
	o := outcome{unfound, "all promises hold"}
	for _, p := range r.Proofs {
		switch p.Verdict {
		case checker.Broken:
			return outcome{byPromise, p.Source + ": " + p.Promise}
		case checker.NotJudged:
			o = outcome{notJudged, p.Source + ": " + p.Promise + ": " + p.What}
		}
	}
	return o
}

// says reports whether a note says only how the mistake is written down.
func (m *mutant) says(n lang.Note) bool {
	return m.kind == branchAlways && strings.HasSuffix(n.What, "true is always true")
}

func (b *bench) flowOf(file string) string { return text(b.src.trees[file], "flow") }

// keeping is a catalog with some of its promises.
func keeping(c *lang.Catalog, keep func(f *lang.Flow, i int) bool) *lang.Catalog {
	flows := c.Flows()
	for k, f := range flows {
		one := *f
		one.Invariants = nil
		for i := range f.Invariants {
			if keep(f, i) {
				one.Invariants = append(one.Invariants, f.Invariants[i])
			}
		}
		flows[k] = &one
	}
	return c.With(flows)
}

// reads holds the variables that something else than a text reads: a condition, a
// time, a promise if they count, or what is set from them.
type reads map[string]bool

func readsOf(c *lang.Catalog, promises bool) reads {
	r := reads{"onset": true, "zone": true}
	var sets []lang.Assignment
	use := func(list ...*lang.Expr) {
		for _, e := range list {
			for _, name := range e.Syntax().Names() {
				r[name] = true
			}
		}
	}
	for _, f := range c.Flows() {
		use(f.WakeFrom, f.WakeTo)
		r[f.History] = true
		for i := range f.Steps {
			s := &f.Steps[i]
			use(s.When)
			sets = append(sets, s.Set...)
			for _, b := range s.Next {
				use(b.When)
			}
			for _, ch := range s.Choices {
				sets = append(sets, ch.Set...)
			}
			if s.Wait != nil {
				use(s.Wait.Until)
			}
			if s.Question != nil {
				r[s.ID] = true // whom it is left out for may go by the last answer
			}
		}
		for _, t := range f.Tracks {
			use(t.HoldBy, t.CheckBy, t.GapBy, t.TimesBy, t.DaysBy, t.When, t.From, t.Until)
		}
		for _, inv := range f.Invariants {
			if promises {
				use(inv.Require, inv.While)
			}
		}
	}
	for before := -1; before != len(r); {
		before = len(r)
		for _, a := range sets {
			if r[a.Var] {
				use(a.Value)
			}
		}
	}
	return r
}

// promised holds the variables that promises name.
func (b *bench) promised() map[string]bool {
	names := make(map[string]bool)
	for _, f := range b.catalog.Flows() {
		for _, inv := range f.Invariants {
			for _, e := range []*lang.Expr{inv.Require, inv.While} {
				for _, name := range e.Syntax().Names() {
					if _, ok := b.catalog.Vars[name]; ok {
						names[name] = true
					}
				}
			}
		}
	}
	return names
}

// keepers are the flows that ask or set what a promise names, and those that call
// them: the ways past a sign or a gate are there.
func (b *bench) keepers() map[string]bool {
	promised, keeps := b.promised(), make(map[string]bool)
	for _, f := range b.catalog.Flows() {
		for i := range f.Steps {
			s := &f.Steps[i]
			named := promised[s.ID] || sets(s.Set, promised)
			for _, ch := range s.Choices {
				named = named || sets(ch.Set, promised)
			}
			keeps[f.ID] = keeps[f.ID] || named
		}
	}
	return keeps
}

func sets(list []lang.Assignment, names map[string]bool) bool {
	return slices.ContainsFunc(list, func(a lang.Assignment) bool { return names[a.Var] })
}

// guards reports whether a mutant leads past a sign, a gate, a gap, a take-off or a
// stop, as far as its place tells.
func (b *bench) guards(m *mutant, promised, keepers map[string]bool) bool {
	flow := b.catalog.Flow(b.flowOf(m.file))
	switch m.kind {
	case stopDropped, boundDropped:
		return true
	case atomDropped:
		return false
	case callSkipped:
		return keepers[flow.Steps[flow.Step(m.step)].Target]
	case setDropped:
		return promised[m.variable]
	case nextDropped, nextExchanged:
		return promised[m.step]
	}
	// A condition: if it names what a promise does.
	s := &flow.Steps[flow.Step(m.step)]
	conds := []*lang.Expr{s.When}
	for _, br := range s.Next {
		conds = append(conds, br.When)
	}
	for _, e := range conds {
		for _, name := range e.Syntax().Names() {
			if promised[name] {
				return true
			}
		}
	}
	return false
}

func (o outcome) String() string { return fmt.Sprintf("%s: %s", o.verdict, o.why) }
