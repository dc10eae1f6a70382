package model

import (
	"slices"

	"spasmbot/flows/lang"
)

// Model is a catalog, and what of it is followed.
type Model struct {
	c     *lang.Catalog
	flows []*lang.Flow
	index map[string]int16 // of the flows

	// vars are the variables that are followed, zero what they are before they
	// are set, and lasts whether they outlive an episode.
	vars     []string
	varIndex map[string]int
	zero     []Value
	lasts    []bool
	// tracks are those that are followed, all are all of them.
	tracks     []*lang.TrackSpec
	trackIndex map[string]int
	all        []*lang.TrackSpec
	// cuts are, by variable, where its values are told apart: of a number, the
	// numbers that it is compared with; of an instant, seconds from now. Bounds
	// are those of instants when a reminder comes.
	cuts, bounds [][]float64
	// texts are, by variable, those that it is compared with; nil if it is used
	// for more than that.
	texts [][]string
	// counts are, by variable, the numbers that it was seen to be.
	counts []map[float64]bool
	// kept are the variables that contexts remember.
	kept []int
	// begun are the flows that interrupt: what stands of them is given up when
	// they are begun anew.
	begun map[string]bool
}

// Follow says what of a catalog a model knows exactly.
type Follow struct {
	Vars, Tracks []string
	// Kept are the variables that must be known to be the same before and after
	// something that came between.
	Kept []string
	// Timed are the conditions in which it matters how long ago something was;
	// Judged are those in which it matters only when a reminder comes.
	Timed, Judged []*lang.Expr
}

// New makes a model. Whatever the variables that are followed are made from must
// be followed, too: see [Follow.Close].
func New(c *lang.Catalog, follow Follow) *Model {
	m := &Model{
		c: c, flows: c.Flows(), index: make(map[string]int16),
		varIndex: make(map[string]int), trackIndex: make(map[string]int), begun: make(map[string]bool),
	}
	for i, f := range m.flows {
		m.index[f.ID] = int16(i)
	}
	for _, name := range follow.Vars {
		m.varIndex[name] = len(m.vars)
		m.vars = append(m.vars, name)
		m.zero = append(m.zero, m.zeroOf(name))
		m.lasts = append(m.lasts, c.Remembers(name))
		m.counts = append(m.counts, make(map[float64]bool))
	}
	for _, f := range m.flows {
		for i := range f.Tracks {
			t := &f.Tracks[i]
			m.all = append(m.all, t)
			m.begun[t.Run], m.begun[t.Done] = true, true
			if slices.Contains(follow.Tracks, t.Name) {
				m.trackIndex[t.Name] = len(m.tracks)
				m.tracks = append(m.tracks, t)
			}
		}
		m.begun[f.Worse], m.begun[f.Stop] = true, true
		if len(f.Commands) > 0 {
			m.begun[f.ID] = true
		}
	}
	for _, name := range follow.Kept {
		if i, ok := m.varIndex[name]; ok {
			m.kept = append(m.kept, i)
		}
	}
	m.cut(follow)
	m.words()
	return m
}

func (m *Model) zeroOf(name string) Value {
	if slices.Contains(measures, name) {
		return numberIn(exactly(0))
	}
	if name == "onset" {
		return Value{kind: never}
	}
	return zeroOf(m.c.Vars[name])
}

// nobody is what is known of a person never seen before.
func (m *Model) nobody() data {
	return data{vars: slices.Clone(m.zero), tracks: make([]status, len(m.tracks)), episode: -1}
}

// maxCount is how many numbers a variable may be seen to be before only the spans
// between those that it is compared with are told apart: then a walk ends that
// counts without end.
const maxCount = 2000

// settle is what variable i is taken to be when it is given a value.
func (m *Model) settle(i int, v Value) Value {
	want := m.zero[i].kind
	switch {
	case want == never && v.kind == never:
		return v
	case want == never && v.kind == instant:
		return instantIn(m.region(i, v.span))
	case want == never:
		return instantIn(everything)
	case want == truth && v.kind != truth:
		return boolOf(Unknown)
	case want == text && v.kind != text:
		return Value{}
	case want == text:
		if m.texts[i] != nil && !slices.Contains(m.texts[i], v.text) {
			return textOf(other)
		}
		return v
	case want != number:
		return v
	case v.kind != number:
		return numberIn(everything)
	}
	n, exact := v.span.exact()
	if exact && (m.counts[i][n] || len(m.counts[i]) < maxCount) {
		m.counts[i][n] = true
		return v
	}
	return numberIn(m.region(i, v.span))
}

// region is the smallest span between cuts that holds a span.
func (m *Model) region(i int, s Span) Span {
	out := everything
	for _, at := range m.cuts[i] {
		switch {
		case at < s.lo || at == s.lo && s.openLo:
			out.lo, out.openLo = at, true
		case at == s.lo:
			out.lo, out.openLo = at, false
		}
	}
	for _, at := range slices.Backward(m.cuts[i]) {
		switch {
		case at > s.hi || at == s.hi && s.openHi:
			out.hi, out.openHi = at, true
		case at == s.hi:
			out.hi, out.openHi = at, false
		}
	}
	return out
}

// moments lists what data can be at some moment: any time may have passed, and
// at one moment all instants are where they are, as far as cuts tell.
func (m *Model) moments(d data, cuts [][]float64) []data {
	list := []data{d}
	for i, v := range d.vars {
		if v.kind != instant || len(cuts[i]) == 0 {
			continue
		}
		var more []data
		for _, s := range v.span.split(cuts[i]) {
			for _, d := range list {
				d = d.clone()
				d.vars[i] = instantIn(s)
				more = append(more, d)
			}
		}
		list = more
	}
	return list
}

// rest is what is left of data when a turn is over: nobody knows how long
// nothing happens.
func (m *Model) rest(d data) data {
	out := d
	for i, v := range d.vars {
		if v.kind == instant && v.span != everything {
			if &out.vars[0] == &d.vars[0] {
				out = d.clone()
			}
			out.vars[i] = instantIn(everything)
		}
	}
	return out
}

// ended is what is left of data when the episode has ended.
func (m *Model) ended(d data) data {
	d = d.clone()
	d.episode = -1
	clear(d.tracks)
	return d
}

// began is data at the beginning of an episode.
func (m *Model) began(d data, flow int16) data {
	if d.episode >= 0 {
		d = m.ended(d)
	} else {
		d = d.clone()
	}
	d.episode = flow
	for i := range d.vars {
		if !m.lasts[i] {
			d.vars[i] = m.zero[i]
		}
	}
	for i := range d.tracks {
		d.tracks[i] &^= told
	}
	return d
}
