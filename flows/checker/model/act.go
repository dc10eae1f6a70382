package model

import "spasmbot/flows/lang"

// act does what a step does to tracks.
func (x *explorer) act(s *lang.Step, d data) data {
	set := func(i int, change func(status) status) {
		if now := change(d.tracks[i]); now != d.tracks[i] {
			d = d.clone()
			d.tracks[i] = now
		}
	}
	i, followed := x.trackIndex[s.Target]
	switch s.Action {
	case lang.ActStart, lang.ActBegin:
		x.starts(s.Target, d.episode)
		if followed {
			set(i, func(t status) status { return t | running })
		}
	case lang.ActStop:
		for k := range d.tracks {
			switch {
			case s.Target == lang.AllTracks:
				set(k, func(t status) status { return t &^ (running | on) })
			case followed && k == i:
				set(k, func(t status) status { return t &^ running })
			}
		}
	}
	return d
}

// starts notes that a track was started. Whatever was gone through before is gone
// through again, now with the track.
func (x *explorer) starts(track string, episode int16) {
	in := begunIn{track, episode}
	if x.started[in] {
		return
	}
	x.started[in] = true
	if t := x.c.Track(track); t.Run == "" && t.Done == "" {
		return
	}
	for i := range x.points {
		if p := x.points[i]; p.place == atBetween && (episode < 0 || x.datas[p.data].episode == episode) {
			x.again = append(x.again, int32(i))
		}
	}
}

// assign sets variables in order. Each alternative is data of its own.
func (x *explorer) assign(list []lang.Assignment, d data, choice *Value) []data {
	out := []data{d}
	for _, a := range list {
		i, followed := x.varIndex[a.Var]
		if !followed {
			continue
		}
		var next []data
		for _, d := range out {
			for _, v := range values(a.Value.Syntax().Node(), sightOf{view{x.Model, d}, choice}) {
				d := d.clone()
				d.vars[i] = x.settle(i, v)
				next = append(next, d)
			}
		}
		out = next
	}
	return out
}

// sightOf is data in which "choice" is known.
type sightOf struct {
	view
	choice *Value
}

func (s sightOf) lookup(name string) Value {
	if name == "choice" && s.choice != nil {
		return *s.choice
	}
	return s.view.lookup(name)
}
