package checker

import (
	"time"

	"spasmbot/flows/lang"
)

// awake judges the hour of a start. One that the person has just asked for may
// come at any; one that is a little late may come a little late.
func (w *watcher) awake(kind string, spec *lang.TrackSpec, past *past) {
	f := w.m.c.Flow(spec.Flow)
	if !spec.Waking || f == nil {
		return
	}
	local, window := w.scope.Local(), w.scope.waking(f)
	if w.up() || window.Holds(local.Hour()*60+local.Minute()) || past.asked != 0 && local.Unix()-past.asked <= int64(spec.Grace/time.Second) {
		return
	}
	before := local.Add(-spec.Grace)
	if window.Holds(before.Hour()*60 + before.Minute()) {
		return
	}
	w.found(RuleWaking, "%s came at %s", kind, local.Format("15:04:05"))
}

// up reports whether the person counts as awake since they have just done something.
func (w *watcher) up() bool {
	f := w.m.c.Flow(w.after.s.Episode.Flow)
	return f != nil && f.Day != nil && w.after.now.Sub(w.after.s.Heard) < f.Day.Awake
}
