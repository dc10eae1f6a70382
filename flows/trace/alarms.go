package trace

import (
	"slices"
	"time"

	"spasmbot/flows"
)

// absence is how late a timer is at least whose message may be joined with others.
const absence = 10 * time.Second

// alarms are the ways in which timers may have come due at an instant: which, and
// with what the bot knew.
func (j *judge) alarms(n *node, rest []entry, wide bool) []alarm {
	at := rest[0].At
	if rest[0].Kind == flows.EntryBlocked {
		return []alarm{{n, flows.Blocked{}, false}}
	}
	resumed := slices.ContainsFunc(rest, func(e entry) bool { return e.Kind == flows.EntryResume && e.At.Equal(at) })
	var list []alarm
	for _, which := range j.choose(n, rest, at) {
		m, ids := n.dueBy(at, which)
		if resumed {
			list = append(list, alarm{m, flows.Resume{IDs: ids, Back: at}, false})
			continue
		}
		if len(ids) == 0 {
			continue
		}
		list = append(list, alarm{m, flows.Due{IDs: ids}, wide || at.Sub(first(m, ids)) > absence})
	}
	return list
}

// alarm is timers that come due, for a node that knows when they were to. Late says that
// what they tell may be joined.
type alarm struct {
	n    *node
	ev   flows.Event
	late bool
}

// joined is the same where all is told in one message.
func (a alarm) joined() alarm {
	due, _ := a.ev.(flows.Due)
	return alarm{a.n, flows.Due{IDs: due.IDs, Missed: true}, false}
}

// choose tells which soft timers may be due at an instant: all, those that the
// entries speak of, or none. The others always are.
func (j *judge) choose(n *node, rest []entry, at time.Time) []func(flows.Reminder) bool {
	all := func(flows.Reminder) bool { return true }
	if n.s.Episode.Number == 0 {
		return []func(flows.Reminder) bool{all}
	}
	soft := false
	for _, r := range n.s.Pending {
		soft = soft || n.soft[r.ID] > 0 && !r.Due.After(at)
	}
	if !soft {
		return []func(flows.Reminder) bool{all}
	}
	spoken := func(r flows.Reminder) bool {
		return slices.ContainsFunc(rest, func(e entry) bool {
			return e.At.Equal(at) && (e.Kind == flows.EntryReminder && e.Step == r.Kind || e.Kind == r.Kind)
		})
	}
	return []func(flows.Reminder) bool{spoken, all, func(flows.Reminder) bool { return false }}
}

// dueBy is the node with its soft timers due as late as they may be, and the timers
// that have come due by an instant.
func (n *node) dueBy(at time.Time, which func(flows.Reminder) bool) (*node, []uint64) {
	m := &node{s: n.s, now: n.now, since: n.since, soft: n.soft, from: n.from}
	m.s.Pending = slices.Clone(n.s.Pending)
	ids := due(m, func(r flows.Reminder) bool { return !r.Due.After(at) && (n.soft[r.ID] == 0 || which(r)) })
	for i := range m.s.Pending {
		r := &m.s.Pending[i]
		if slices.Contains(ids, r.ID) {
			if r.Due = r.Due.Add(n.soft[r.ID]); r.Due.After(at) {
				r.Due = at
			}
		}
	}
	return m, ids
}

// first is when the first of some timers was due.
func first(n *node, ids []uint64) time.Time {
	var at time.Time
	for _, r := range n.s.Pending {
		if slices.Contains(ids, r.ID) && (at.IsZero() || r.Due.Before(at)) {
			at = r.Due
		}
	}
	return at
}
