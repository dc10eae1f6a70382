package checker

import (
	"slices"

	"spasmbot/flows"
)

// moment is how things stood when a reminder came. Timers that come due together come
// one after another, the ends of rounds first, and what one of them sets off changes
// nothing of those before it. One that runs a flow comes before that flow.
func (w *watcher) moment(kind string) scope {
	due, ok := w.event.(flows.Due)
	if !ok {
		return w.scope
	}
	list := slices.DeleteFunc(w.before.inTurn(due.IDs), w.stayed)
	n := slices.IndexFunc(list, func(r flows.Reminder) bool { return r.Kind == kind })
	if n < 0 {
		return w.scope
	}
	if spec := w.m.c.Track(list[n].Track); spec == nil || spec.Run == "" {
		n++
	}
	switch n {
	case len(list):
		return w.scope
	case 0:
		return w.before.at(w.after.now).scope(w.m.c)
	}
	ids := make([]uint64, n)
	for i := range ids {
		ids[i] = list[i].ID
	}
	return w.before.at(w.after.now).step(w.m.c, flows.Due{IDs: ids}).after.scope(w.m.c)
}

// stayed reports whether a timer that was due has not come in the turn: the plan has put
// it off, or something before it has settled it. Without those that came before it the
// plan might have let it come.
func (w *watcher) stayed(r flows.Reminder) bool {
	return slices.ContainsFunc(w.after.s.Pending, func(p flows.Reminder) bool { return p.ID == r.ID }) ||
		slices.ContainsFunc(w.effects, func(e flows.Effect) bool {
			settled, ok := e.(flows.Settle)
			return ok && settled.ID == r.ID && settled.State == flows.Cancelled
		})
}

// inTurn are timers that come due together, in the order in which the engine takes
// them.
func (w *world) inTurn(ids []uint64) []flows.Reminder {
	var ends, others []flows.Reminder
	for _, id := range ids {
		i := slices.IndexFunc(w.s.Pending, func(r flows.Reminder) bool { return r.ID == id })
		switch {
		case i < 0:
		case w.s.Pending[i].Phase == flows.PhaseTakeOff:
			ends = append(ends, w.s.Pending[i])
		default:
			others = append(others, w.s.Pending[i])
		}
	}
	return append(ends, others...)
}
