package checker

import (
	"encoding/binary"
	"slices"
	"strconv"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// keys makes the keys of a focus: two worlds with the same key are taken for
// the same.
type keys struct {
	m   *subject
	f   *focus
	buf []byte
	sig []byte
}

// The bits of the key's first byte.
const (
	bitLive = 1 << iota
	bitInactive
	bitEnded
	bitWaking
	bitTimer
)

func (k *keys) of(w *world) string {
	s := &w.s
	sc := w.scope(k.m.c)
	b := k.buf[:0]
	b = append(b, k.flags(w, sc))
	b = binary.LittleEndian.AppendUint16(b, k.m.steps[s.At.Step])
	switch {
	case s.Inactive:
	case s.Episode.Live() || s.At.Step != "":
		b = k.stack(b, s.Stack)
		b = k.f.conds.counted(k.f.conds.truth(sc, k.sig).write(b), sc)
	default: // what outlives an episode
		b = k.f.conds.truth(sc, k.sig).and(k.f.conds.lasting).write(b)
	}
	if s.Draft != (flows.Value{}) {
		b = strconv.AppendFloat(strconv.AppendQuote(b, s.Draft.Str), s.Draft.Num, 'g', -1, 64)
	}
	for _, i := range k.f.tracks {
		b = k.track(b, w, sc, i)
	}
	if len(k.f.tracks) == 0 {
		b = k.history(b, s.Past)
	}
	k.buf = b
	return string(b)
}

// maxDepth is the depth of the stack from which on one is like another.
const maxDepth = 3

// stack writes where a person returns to. A walk that looks at places takes the
// outermost and the innermost place, and how deep the person is: people can
// interrupt an interruption without end. The others take the calls since the
// last interruption, and that there was one.
func (k *keys) stack(b []byte, places []flows.Place) []byte {
	if k.f.places {
		b = append(b, byte(min(len(places), maxDepth)))
		for i, at := range places {
			if i == 0 || i == len(places)-1 {
				b = k.place(b, at)
			}
		}
		return b
	}
	for i, at := range slices.Backward(places) {
		if at.Again {
			return append(b, 1)
		}
		if i >= len(places)-maxDepth {
			b = k.place(b, at)
		}
	}
	return append(b, 0)
}

func (k *keys) place(b []byte, at flows.Place) []byte {
	n := k.m.steps[at.Step] << 1
	if at.Again {
		n |= 1
	}
	return binary.LittleEndian.AppendUint16(b, n)
}

// history writes how many episodes have ended, how many of them were alike, and
// in what, as far as conditions count them.
func (k *keys) history(b []byte, list []flows.Past) []byte {
	most, mark := 0, ""
	marks := make(map[string]int)
	for _, p := range list {
		marks[p.Mark]++
		if n := marks[p.Mark]; n > most {
			most, mark = n, p.Mark
		}
	}
	b = append(b, byte(min(len(list), k.f.conds.episodes)))
	if k.f.conds.alike == 0 || most == 0 {
		return b
	}
	return append(append(b, byte(min(most, k.f.conds.alike))), mark...)
}

func (k *keys) flags(w *world, sc scope) byte {
	s := &w.s
	var bits byte
	if s.Episode.Live() {
		bits |= bitLive
	} else if s.Episode.Number > 0 {
		bits |= bitEnded
	}
	if s.Inactive {
		bits |= bitInactive
	}
	if f := k.m.c.Flow(s.Episode.Flow); f != nil && len(s.Stack) < maxDepth && !s.Inactive {
		local := sc.Local()
		if sc.waking(f).Holds(local.Hour()*60 + local.Minute()) {
			bits |= bitWaking
		}
	}
	for i := range s.Pending {
		if _, ok := k.m.kinds[s.Pending[i].Kind]; !ok {
			bits |= bitTimer
		}
	}
	return bits
}

// The phases of a track in a key.
const (
	phaseIdle byte = iota
	phaseArmed
	phaseOn
	phaseChecked
)

// The bits of a track in a key, above its phase.
const (
	bitRunning = 4 << iota
	bitSkip    // the start of the round in progress can still be skipped
	bitLimit   // the day has no starts left
	bitFrom    // from is reached
	bitUntil   // a round begun now would end too late
	bitGap     // the gap is over
)

// differs, in a byte of its own, says that the engine counts the gap from
// another instant than the person does, while it matters.
const differs = 1

func (k *keys) track(b []byte, w *world, sc scope, i int) []byte {
	spec, past := k.m.tracks[i], &w.past[i]
	var t *flows.Track
	for n := range w.s.Tracks {
		if w.s.Tracks[n].Name == spec.Name {
			t = &w.s.Tracks[n]
		}
	}
	if t == nil {
		return append(b, 0xff, 0, 0)
	}
	bits := k.phase(w, spec, t)
	if t.Running {
		bits |= bitRunning
	}
	for _, o := range w.s.Open {
		if o.Track == spec.Name && o.Phase == flows.PhaseCall && o.At.Equal(t.On) {
			bits |= bitSkip
		}
	}
	if !t.Running && spec.MostPerDay > 0 && t.Today >= spec.MostPerDay && t.Day >= sc.Local().Format(time.DateOnly) {
		bits |= bitLimit
	}
	from, until := k.f.bounds.of(sc, i)
	if !w.now.Before(from) {
		bits |= bitFrom
	}
	if !until.IsZero() && w.now.Add(spec.HoldIn(sc)).After(until) {
		bits |= bitUntil
	}
	gap, last := int64(spec.GapIn(sc)/time.Second), t.Off.Unix()
	if !spec.Round() {
		last = t.Last.Unix()
	}
	// The gap matters to a start only, and only a halted track has one ahead
	// that is not armed yet.
	if !t.Running && w.now.Unix() >= max(last, past.off)+gap {
		bits |= bitGap
	}
	b = append(b, k.call(w, spec, t))
	var odd byte
	if past.off != 0 && past.off != last && w.now.Unix() < past.off+gap {
		odd = differs
	}
	return append(b, bits, odd)
}

// The bits of a call in a key, above how often it was put off.
const (
	bitCalled  = 4 << iota
	bitLate    // too late for a press to be believed
	bitAsked   // the person is asked since when the round is on
	bitResting // none is called until they are heard
	bitMissed  // one more that nobody answers, and none is
)

// call tells apart where a call stands.
func (k *keys) call(w *world, spec *lang.TrackSpec, t *flows.Track) byte {
	bits := byte(min(t.Later, bitCalled-1))
	if t.Called {
		bits |= bitCalled
		if w.now.Add(t.Ends.Sub(t.On)).After(t.On.Add(spec.MostHold)) {
			bits |= bitLate
		}
	}
	for _, o := range w.s.Open {
		if o.Track == spec.Name && o.Phase == flows.PhaseWhen && o.At.Equal(t.On) {
			bits |= bitAsked
		}
	}
	if t.Resting {
		bits |= bitResting
	}
	if spec.RestsAfter > 0 && t.Missed == spec.RestsAfter-1 {
		bits |= bitMissed
	}
	return bits
}

func (k *keys) phase(w *world, spec *lang.TrackSpec, t *flows.Track) byte {
	if !t.On.IsZero() {
		if _, ok := w.pending(spec.Kind(flows.PhaseLook)); ok {
			return phaseOn
		}
		return phaseChecked
	}
	for i := range w.s.Pending {
		if w.s.Pending[i].Track == spec.Name {
			return phaseArmed
		}
	}
	return phaseIdle
}
