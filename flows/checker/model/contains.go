package model

import (
	"time"

	"spasmbot/flows"
)

// Seen is what a walk has gone through, as far as a person's state tells: the
// questions in force, with the variables that are followed.
type Seen struct {
	m     *Model
	skips *skips
	rests map[rested]bool
}

// rested is a question in force, "" for none, with data.
type rested struct {
	step, data string
}

// Contains reports whether a walk has come to where a person is. A question that
// makes no difference is passed over by walks, and so contained.
func (s *Seen) Contains(st *flows.State) bool {
	if flow, ok := s.m.index[st.At.Flow]; ok && st.At.Step != "" {
		if i := s.m.flows[flow].Step(st.At.Step); i >= 0 && s.skips.over(flow, int16(i)) {
			return true
		}
	}
	return s.rests[rested{st.At.Step, s.m.abstract(st).key()}]
}

// abstract is what a model knows of a person, tracks left out.
func (m *Model) abstract(st *flows.State) data {
	d := data{vars: make([]Value, len(m.vars)), episode: -1}
	if st.Episode.Live() {
		d.episode = m.index[st.Episode.Flow]
	}
	for i, name := range m.vars {
		v := m.zero[i]
		switch st.Var(name).Any().(type) {
		case time.Time:
			v = instantIn(everything)
		case nil:
			if name == "onset" && !st.Episode.Onset.IsZero() {
				v = instantIn(everything)
			}
		default:
			v = m.settle(i, known(st.Var(name)))
		}
		d.vars[i] = v
	}
	return d
}

func (x *explorer) rests() map[rested]bool {
	all := make(map[rested]bool)
	for _, p := range x.points {
		d := x.datas[p.data]
		d.tracks = nil
		switch p.place {
		case atRest:
			all[rested{x.stepOf(p.point).ID, d.key()}] = true
		case atIdle:
			all[rested{"", d.key()}] = true
		}
	}
	return all
}
