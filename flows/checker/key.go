package checker

import (
	"encoding/binary"
	"time"

	"spasmbot/flows"
)

// keys makes the keys of a focus: two worlds with the same key are taken for
// the same.
type keys struct {
	m   *model
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
	if s.Episode.Live() && !s.Inactive {
		b = k.stack(b, s.Stack)
		b = binary.LittleEndian.AppendUint64(b, k.f.conds.truth(sc, k.sig))
	}
	for _, i := range k.f.tracks {
		b = k.track(b, w, sc, i)
	}
	k.buf = b
	return string(b)
}

// maxDepth is the depth of the stack from which on one is like another.
const maxDepth = 3

// stack writes the outermost and the innermost place to return to, and how
// deep the person is. What lies between does not tell states apart: people can
// interrupt an interruption without end.
func (k *keys) stack(b []byte, places []flows.Place) []byte {
	b = append(b, byte(min(len(places), maxDepth)))
	for i, at := range places {
		if i > 0 && i < len(places)-1 {
			continue
		}
		n := k.m.steps[at.Step] << 1
		if at.Again {
			n |= 1
		}
		b = binary.LittleEndian.AppendUint16(b, n)
	}
	return b
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
		if f.Waking.Holds(local.Hour()*60 + local.Minute()) {
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
		return append(b, 0xff, 0)
	}
	bits := k.phase(w, spec, t)
	if t.Running {
		bits |= bitRunning
	}
	for _, o := range w.s.Open {
		if o.Kind == spec.Kind(flows.PhaseOn) && o.At.Equal(t.On) {
			bits |= bitSkip
		}
	}
	if !t.Running && spec.MostPerDay > 0 && t.Today >= spec.MostPerDay && t.Day == sc.Local().Format(time.DateOnly) {
		bits |= bitLimit
	}
	from, until := k.f.bounds.of(sc, i)
	if !w.now.Before(from) {
		bits |= bitFrom
	}
	if !until.IsZero() && w.now.Add(spec.Hold).After(until) {
		bits |= bitUntil
	}
	// The gap matters to a start only, and only a halted track has one ahead
	// that is not armed yet.
	if last := max(t.Off.Unix(), past.off); !t.Running && w.now.Unix() >= last+int64(spec.Gap/time.Second) {
		bits |= bitGap
	}
	var odd byte
	if past.off != 0 && past.off != t.Off.Unix() && w.now.Unix() < past.off+int64(spec.Gap/time.Second) {
		odd = differs
	}
	return append(b, bits, odd)
}

func (k *keys) phase(w *world, spec *flows.TrackSpec, t *flows.Track) byte {
	if !t.On.IsZero() {
		if _, ok := w.pending(spec.Kind(flows.PhaseCheck)); ok {
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
