package checker

import (
	"slices"
	"strings"
	"sync"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/checker/model"
	"spasmbot/flows/lang"
)

// focus is what one walk looks at closely: a round, a recurrence, or the talk
// of a flow. Everything else happens too, but does not tell states apart.
type focus struct {
	name   string
	tracks []int // positions in model.tracks
	conds  predicates
	bounds bounds
	// places says that the walk tells apart where people return to.
	places bool
}

// subject is what all walks and proofs share.
type subject struct {
	c      *lang.Catalog
	tracks []*lang.TrackSpec
	// kinds tells the track and the phase of a reminder kind.
	kinds map[string]phase
	// steps numbers the steps, for the keys.
	steps map[string]uint16
	// promises are the catalog's invariants by what they speak of.
	promises map[string][]promise
	// stops are the commands that must end an episode, by its flow.
	stops  map[string][]string
	probes []probed
	// notable and spoken are the numbers and the texts that conditions compare
	// the answer to a question with, by its step; numbers with neighbours.
	notable  map[string][]float64
	spoken   map[string][]string
	commands []string

	hints     map[string][]string // by the key of a proof, see Options.Hints
	spend     int                 // see Options.Spend
	modelOnce sync.Once
	noteOnce  sync.Once
	// model is made when it is asked for first, and noted as well, see noteModel.
	model, noted *model.Model
}

// phase is the part of a round that a reminder kind belongs to.
type phase struct {
	track int
	name  flows.Phase
}

// start reports whether the reminder begins something.
func (p phase) start() bool { return p.name == flows.PhaseCall || p.name == flows.PhaseTick }

func newSubject(c *lang.Catalog) *subject {
	m := &subject{
		kinds: make(map[string]phase), steps: make(map[string]uint16),
		promises: make(map[string][]promise), stops: make(map[string][]string),
		notable: make(map[string][]float64), spoken: make(map[string][]string),
	}
	for _, f := range c.Flows() {
		for i := range f.Tracks {
			t := &f.Tracks[i]
			n := len(m.tracks)
			m.tracks = append(m.tracks, t)
			if !t.Round() {
				m.kinds[t.Kind(flows.PhaseTick)] = phase{n, flows.PhaseTick}
				continue
			}
			for _, p := range []flows.Phase{flows.PhaseCall, flows.PhaseLook, flows.PhaseTakeOff} {
				m.kinds[t.Kind(p)] = phase{n, p}
			}
		}
		for i := range f.Steps {
			m.steps[f.Steps[i].ID] = uint16(len(m.steps) + 1)
		}
		for _, cmd := range f.Commands {
			if !slices.Contains(m.commands, cmd) {
				m.commands = append(m.commands, cmd)
			}
		}
		if stop := c.Flow(f.Stop); f.Episode && stop != nil {
			m.stops[f.ID] = stop.Commands
		}
	}
	m.gatherPromises(c)
	m.gatherAnswers(c)
	m.c = m.probed(c)
	return m
}

// foci makes a walk for each track, and one for each flow that branches or of
// whose steps something is promised.
func (m *subject) foci() []*focus {
	var list []*focus
	for i, t := range m.tracks {
		f := m.focus(t.Name)
		f.tracks = []int{i}
		m.gatherTrack(f, i)
		list = append(list, f)
	}
	for _, flow := range m.c.Flows() {
		f := m.focus("flow " + flow.ID)
		for i := range flow.Steps {
			f.conds.addStep(&flow.Steps[i])
			for _, p := range m.promises[flow.Steps[i].ID] {
				f.conds.add(p.cond)
			}
		}
		if len(f.conds.list) > 0 {
			list = append(list, f)
		}
	}
	list = append(list, m.gatherPlaces())
	heirs := inheritance(m.c)
	for _, f := range list {
		f.conds.sort()
		f.conds.count(heirs)
	}
	return list
}

func (m *subject) focus(name string) *focus {
	return &focus{
		name: name, bounds: bounds{m, make(map[boundsKey][2]time.Time)},
		conds: predicates{c: m.c, memo: make(map[string]truths), byAge: make(map[int64]truths)},
	}
}

// gatherPlaces makes the walk that tells apart where people return to, and what
// the promises rest on besides time.
func (m *subject) gatherPlaces() *focus {
	f := m.focus("places")
	f.places = true
	for name, list := range m.promises {
		if _, timed := m.kinds[name]; !timed {
			continue
		}
		for _, p := range list {
			if !p.always {
				continue
			}
			if whatNeeds(p.cond.Syntax().Names()) == needsVars {
				f.conds.add(p.cond)
			}
		}
	}
	return f
}

// gatherTrack collects the conditions that decide about a track: what is
// promised of it, and when it starts and stops.
func (m *subject) gatherTrack(f *focus, track int) {
	spec := m.tracks[track]
	f.conds.add(spec.When)
	for name, list := range m.promises {
		if ph, ok := m.kinds[name]; !ok || ph.track != track {
			continue
		}
		for _, p := range list {
			f.conds.add(p.cond)
		}
	}
	for _, flow := range m.c.Flows() {
		for i := range flow.Steps {
			s := &flow.Steps[i]
			if steers(s.Action) && s.Target == spec.Name {
				f.conds.add(s.When)
			}
		}
	}
}

// steers reports whether an action starts or stops a track.
func steers(a lang.Action) bool {
	return a == lang.ActStart || a == lang.ActBegin || a == lang.ActStop
}

// branches lists the conditions of the ways on from a step. Those of a question
// on its own answer are taken at once and tell nothing apart later.
func branches(s *lang.Step) []*lang.Expr {
	var list []*lang.Expr
	for _, b := range s.Next {
		if b.When == nil {
			continue
		}
		names := b.When.Syntax().Names()
		if s.Action == lang.ActAsk && len(names) == 1 && names[0] == s.ID {
			continue
		}
		list = append(list, b.When)
	}
	return list
}

func (p *predicates) addStep(s *lang.Step) {
	p.add(s.When)
	for _, e := range p.c.Concerning(s) {
		p.add(e)
	}
	for _, e := range branches(s) {
		p.add(e)
	}
}

// sort gives the parts an order that does not rest on that of a map.
func (p *predicates) sort() {
	slices.SortFunc(p.list, func(a, b predicate) int { return strings.Compare(a.expr.Source, b.expr.Source) })
	slices.Sort(p.vars)
	p.lasting = truths{}
	for i := range p.list {
		if p.list[i].lasts {
			p.lasting.set(i)
		}
	}
}

// bounds remembers the instants between which tracks may run, as long as they
// rest on the onset alone.
type bounds struct {
	m    *subject
	memo map[boundsKey][2]time.Time
}

type boundsKey struct {
	track int
	onset int64
}

// of returns when starts begin and by when rounds must have ended; zero is
// unbounded.
func (b *bounds) of(s scope, track int) (from, until time.Time) {
	spec := b.m.tracks[track]
	key := boundsKey{track, s.s.Episode.Onset.Unix()}
	if known, ok := b.memo[key]; ok {
		return known[0], known[1]
	}
	from, until = s.instant(spec.From), s.instant(spec.Until)
	if restsOnOnset(spec.From) && restsOnOnset(spec.Until) {
		b.memo[key] = [2]time.Time{from, until}
	}
	return from, until
}

func restsOnOnset(e *lang.Expr) bool {
	if e == nil {
		return true
	}
	return !slices.ContainsFunc(e.Syntax().Names(), func(n string) bool { return n != "onset" })
}
