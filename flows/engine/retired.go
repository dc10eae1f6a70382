package engine

import (
	"slices"
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// What was retired is gone over to what is in its place at the beginning of the
// first turn since: from then on a turn knows of nothing that is not in its catalog,
// but for a round that is on and has nobody to go to.

// takeOver gives the answers to questions that were retired to those in their
// place, if these ask the same in the same words and have no answer yet.
func (p *person) takeOver() {
	for _, r := range p.catalog.Renamed() {
		now := r.Is.Question.Vars(r.Is.ID)
		for i, v := range r.Is.Question.Vars(r.Was) {
			p.rename(v.Name, now[i].Name, r.Is.Asks)
		}
	}
}

// rename gives the answer to a question another name.
func (p *person) rename(was, is string, question uint64) {
	if _, set := p.catalog.Vars[was]; set || p.s.Var(is) != (flows.Value{}) {
		return
	}
	for i := range p.s.Vars {
		if v := &p.s.Vars[i]; v.Name == was && v.Question == question {
			v.Name = is
		}
	}
}

// dropParts drops what was kept of the last answer to a question for parts that it has
// no more: should an edit bring them back, nobody has answered them since.
func (p *person) dropParts(s *lang.Step) {
	i := slices.IndexFunc(p.s.Vars, func(v flows.Var) bool { return v.Name == s.ID })
	if i < 0 || p.s.Vars[i].Question == 0 {
		return
	}
	last := p.s.Vars[i].Question
	p.s.Vars = slices.DeleteFunc(p.s.Vars, func(v flows.Var) bool {
		_, known := p.catalog.Vars[v.Name]
		return v.Question == last && !known && strings.HasPrefix(v.Name, s.ID+"_")
	})
}

// takeOver lets what is in the place of retired rounds and recurrences go on with
// them. What just ends begins no more; a round of it that is on goes on to its
// take-off.
func (tk *tracks) takeOver() {
	if !tk.p.catalog.RetiresTracks() {
		return
	}
	for _, old := range slices.Clone(tk.p.s.Tracks) {
		heir, retired := tk.p.catalog.TrackHeir(old.Name)
		switch {
		case !retired || tk.p.catalog.Track(old.Name) != nil:
		case heir != nil:
			tk.inherit(old, heir)
		case old.On.IsZero():
			tk.timers.cancelTrack(old.Name)
			fallthrough
		default:
			tk.p.track(old.Name).Running = false
		}
	}
}

// inherit lets a track go on with what another was in. The gap and the number of a
// day count from both: the skin is the same. While each has a pack on, the old one
// stays as it is: each is told off.
func (tk *tracks) inherit(old flows.Track, spec *lang.TrackSpec) {
	tr := tk.known(spec)
	if on := !old.On.IsZero(); on && (!tr.On.IsZero() || !spec.Round()) {
		return
	}
	tk.inheritTimers(old, tr, spec)
	join(tr, old)
	tk.p.s.Tracks = slices.DeleteFunc(tk.p.s.Tracks, func(t flows.Track) bool { return t.Name == old.Name })
	for i := range tk.p.s.Open {
		if o := &tk.p.s.Open[i]; o.Track == old.Name {
			o.Track = spec.Name
		}
	}
	for i := range tk.p.s.Standing {
		if st := &tk.p.s.Standing[i]; st.Of == old.Name {
			st.Of = spec.Name
		}
	}
	tr = tk.p.track(spec.Name)
	if tr.Running && tr.On.IsZero() && !tr.Resting && !tk.comes(tr) && !tk.p.s.Inactive {
		tk.follow(tr, spec)
	}
}

// inheritTimers hands over what is armed. There is one next start, and none while a
// pack is on: the end of the round arms it.
func (tk *tracks) inheritTimers(old flows.Track, tr *flows.Track, spec *lang.TrackSpec) {
	own, armed := tk.timers.start(spec.Name)
	if armed && !old.On.IsZero() {
		tk.timers.cancel(own.ID)
	}
	for _, r := range slices.Clone(tk.p.s.Pending) {
		switch {
		case r.Track != old.Name:
		case r.Rev != old.Rev, r.Starts() && (armed || !tr.On.IsZero()), r.Phase == flows.PhaseLook && !spec.Tells(r.Phase):
			tk.timers.cancel(r.ID)
		default:
			if r.Starts() {
				tr.Asked = old.Asked
			}
			tk.timers.handOver(r.ID, spec, tr.Rev)
		}
	}
}

// join adds to a track what another has behind it, and the round that is on.
func join(tr *flows.Track, old flows.Track) {
	if !tr.Running {
		tr.Running, tr.Resting, tr.Later, tr.Missed = old.Running, old.Resting, old.Later, old.Missed
	}
	tr.Off, tr.Last = flows.Later(tr.Off, old.Off), flows.Later(tr.Last, old.Last)
	tr.Total += old.Total
	switch {
	case old.Day == tr.Day:
		tr.Today += old.Today
	case old.Day > tr.Day:
		tr.Day, tr.Today = old.Day, old.Today
	}
	if !old.On.IsZero() {
		tr.On, tr.Ends, tr.Called, tr.Later = old.On, old.Ends, old.Called, old.Later
		tr.OffText, tr.OffLast, tr.OffKind = old.OffText, old.OffLast, old.OffKind
	}
}
