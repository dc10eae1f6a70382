package checker

import (
	"slices"
	"time"

	"spasmbot/flows"
)

// focus is what one walk looks at closely: a round, or all the recurrences.
// Other tracks run too, but do not tell states apart.
type focus struct {
	name   string
	tracks []int // positions in model.tracks
	conds  predicates
	bounds bounds
}

// model is what all walks share.
type model struct {
	c      *flows.Catalog
	tracks []*flows.TrackSpec
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
}

// phase is the part of a round that a reminder kind belongs to.
type phase struct {
	track int
	name  string // flows.PhaseOn, …; "" for a recurrence
}

// start reports whether the reminder begins something.
func (p phase) start() bool { return p.name == flows.PhaseOn || p.name == "" }

func newModel(c *flows.Catalog) *model {
	m := &model{
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
				m.kinds[t.Kind("")] = phase{n, ""}
				continue
			}
			for _, p := range []string{flows.PhaseOn, flows.PhaseCheck, flows.PhaseOff} {
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

// foci divides the tracks among the walks.
func (m *model) foci() []*focus {
	var list []*focus
	recurrences := &focus{name: "recurrences"}
	for i, t := range m.tracks {
		if t.Round() {
			list = append(list, &focus{name: t.Name, tracks: []int{i}})
		} else {
			recurrences.tracks = append(recurrences.tracks, i)
		}
	}
	if len(recurrences.tracks) > 0 || len(list) == 0 {
		list = append(list, recurrences)
	}
	for _, f := range list {
		m.gather(f)
	}
	return list
}

// gather collects the conditions that matter to a focus.
func (m *model) gather(f *focus) {
	f.bounds = bounds{m, make(map[boundsKey][2]time.Time)}
	f.conds = predicates{c: m.c, memo: make(map[string]uint64), byAge: make(map[int64]uint64)}
	for _, flow := range m.c.Flows() {
		for i := range flow.Steps {
			m.gatherStep(f, &flow.Steps[i])
		}
	}
	for name, list := range m.promises {
		if ph, ok := m.kinds[name]; ok && !slices.Contains(f.tracks, ph.track) {
			continue
		}
		for _, p := range list {
			f.conds.add(p.cond)
		}
	}
	slices.SortFunc(f.conds.list, func(a, b predicate) int {
		if a.expr.Source < b.expr.Source {
			return -1
		}
		return 1
	})
	slices.Sort(f.conds.vars)
}

func (m *model) gatherStep(f *focus, s *flows.Step) {
	if !m.elsewhere(f, s) {
		f.conds.add(s.When)
	}
	for _, b := range s.Next {
		if b.When == nil {
			continue
		}
		// A question's branches on its own answer are taken at once.
		names, err := flows.Names(b.When.Source)
		if s.Action == flows.ActAsk && err == nil && len(names) == 1 && names[0] == s.ID {
			continue
		}
		f.conds.add(b.When)
	}
}

// elsewhere reports whether a step only starts or stops a track that the walk
// does not look at.
func (m *model) elsewhere(f *focus, s *flows.Step) bool {
	if s.Action != flows.ActStart && s.Action != flows.ActStop || s.Target == flows.AllTracks {
		return false
	}
	if len(s.Set) > 0 || len(s.Next) > 0 {
		return false
	}
	return !slices.ContainsFunc(f.tracks, func(i int) bool { return m.tracks[i].Name == s.Target })
}

// bounds remembers the instants between which tracks may run, as long as they
// rest on the onset alone.
type bounds struct {
	m    *model
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

func restsOnOnset(e *flows.Expr) bool {
	if e == nil {
		return true
	}
	names, err := flows.Names(e.Source)
	return err == nil && !slices.ContainsFunc(names, func(n string) bool { return n != "onset" && n != "duration" })
}
