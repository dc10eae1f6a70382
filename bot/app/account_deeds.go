package app

import (
	"slices"
	"time"

	"spasmbot/bot/report"
	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// done is what the person has done, as far as they have said so: a round counts if they
// began it, or told that the pack was on.
func (a *account) done() (list []report.Deed) {
	p := a.papers
	for kind, names := range map[report.Kind][]string{
		report.Cold: p.Cold, report.Warmth: p.Warmth, report.Moves: p.Moves, report.Exercise: p.Exercise,
	} {
		for _, name := range names {
			spec := a.catalog.Track(name)
			switch {
			case spec == nil:
			case spec.Round():
				list = append(list, a.rounds(kind, spec)...)
			default:
				list = append(list, a.ticks(kind, spec)...)
			}
		}
	}
	for _, step := range p.Medicine {
		for _, e := range a.answers(step) {
			list = append(list, report.Deed{Kind: report.Medicine, At: e.At, Note: a.label(e)})
		}
	}
	slices.SortStableFunc(list, func(a, b report.Deed) int { return a.At.Compare(b.At) })
	return list
}

// ticks are the times at which somebody did what a reminder asked for.
func (a *account) ticks(kind report.Kind, spec *lang.TrackSpec) (list []report.Deed) {
	for _, e := range a.answers(spec.Kind(flows.PhaseTick)) {
		if e.Choice == flows.ChoiceDone || e.Choice == flows.ChoiceDid {
			list = append(list, report.Deed{Kind: kind, At: e.At})
		}
	}
	return list
}

// roundReader reads the rounds of a track, in the order of the entries.
type roundReader struct {
	*account
	kind report.Kind
	spec *lang.TrackSpec
	list []report.Deed
	// on is since when a pack is on, called when it was called, and off when it was to
	// be taken off without that anybody knew whether it was on. All are zero for none.
	on, called, off time.Time
	note            string
}

func (a *account) rounds(kind report.Kind, spec *lang.TrackSpec) []report.Deed {
	r := roundReader{account: a, kind: kind, spec: spec}
	for _, e := range a.entries {
		switch {
		case e.Kind == flows.EntryReminder:
			r.came(e)
		case e.Kind == flows.EntryAnswer:
			r.answered(e)
		}
	}
	r.ends(time.Time{})
	return r.list
}

// came takes a reminder of the round. A call that the person caused is the beginning of
// a round.
func (r *roundReader) came(e flows.Entry) {
	switch e.Step {
	case r.spec.Kind(flows.PhaseCall):
		r.ends(time.Time{})
		r.called, r.off = e.At, time.Time{}
		if e.UpdateID != 0 {
			r.on = e.At
		}
	case r.spec.Kind(flows.PhaseTakeOff):
		if r.on.IsZero() {
			r.off = e.At
			return
		}
		r.ends(e.At)
	}
}

// answered takes what was said to a reminder of the round.
func (r *roundReader) answered(e flows.Entry) {
	onCall, atLook := e.Step == r.spec.Kind(flows.PhaseCall), e.Step == r.spec.Kind(flows.PhaseLook)
	switch atOff := e.Step == r.spec.Kind(flows.PhaseTakeOff); {
	case onCall && e.Choice == flows.ChoiceOn:
		r.on = e.At
	case onCall && e.Choice == flows.ChoiceSince:
		r.on = r.called
	case onCall && e.Choice == flows.ChoiceSkip:
		r.on, r.called = time.Time{}, time.Time{}
	case atLook && !r.on.IsZero():
		if r.note = r.pressed(e); e.Choice == flows.ChoiceWrong {
			r.ends(e.At)
		}
	case atLook && e.Choice == flows.ChoiceWrong && len(r.list) > 0:
		r.list[len(r.list)-1].Note = r.pressed(e)
	case atOff && !r.off.IsZero() && e.Choice == flows.ChoiceDone:
		r.on = r.called
		r.ends(r.off)
	}
}

// ends notes the round, if one was on; a zero instant is that nobody knows when it ended.
func (r *roundReader) ends(at time.Time) {
	if !r.on.IsZero() {
		r.list = append(r.list, report.Deed{Kind: r.kind, At: r.on, Until: at, Note: r.note})
	}
	r.on, r.off, r.note = time.Time{}, time.Time{}, ""
}
