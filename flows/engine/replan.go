package engine

import (
	"cmp"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// noteMove remembers that a variable is about to change on which the hours of
// reminders rest.
func (tk *tracks) noteMove(variable string) {
	f := tk.p.catalog.Flow(tk.p.Episode())
	if f == nil || tk.moved || variable != "zone" && !f.WakeFrom.Uses(variable) && !f.WakeTo.Uses(variable) {
		return
	}
	tk.moved, tk.today = true, tk.p.day(tk.p.now)
}

// replan arms the coming starts anew when the person's clock or waking hours
// have changed. What began today still counts for the day: of what has its times of
// day, so many are over.
func (tk *tracks) replan() {
	if !tk.moved || !tk.p.live() {
		return
	}
	for i := range tk.p.s.Tracks {
		tr := &tk.p.s.Tracks[i]
		came := *tr
		if tr.Day == tk.today {
			tr.Day = max(tr.Day, tk.p.day(tk.p.now))
		}
		spec := tk.p.catalog.Track(tr.Name)
		if spec != nil && tr.Running && tr.On.IsZero() && !tr.Asked {
			tk.replanned(tr, spec, came)
		}
	}
}

// replanned arms the coming start of a track anew. Came is the track before the
// day was another.
func (tk *tracks) replanned(tr *flows.Track, spec *lang.TrackSpec, came flows.Track) {
	r, armed := tk.timers.start(tr.Name)
	if !armed {
		return
	}
	due := flows.Later(cmp.Or(tr.Due, r.Due), tk.p.now)
	if spec.ByTime() {
		rules := tk.p.rules(spec)
		due = rules.Remaining(&came, tk.p.now)
	}
	tk.timers.cancelTrack(tr.Name)
	tr.Rev++
	tk.schedule(tr, spec, due)
}
