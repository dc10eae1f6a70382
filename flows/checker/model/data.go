package model

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"spasmbot/flows/lang"
)

// status is where a track stands.
type status uint8

// The bits of a status.
const (
	running status = 1 << iota // goes on; a stopped one may still have a round on
	on                         // a round is in progress
	told                       // came once in this episode: its buttons may be pressed
)

// data is what is known of a person besides where they stand. It is a value:
// whoever changes it clones it.
type data struct {
	vars    []Value  // of the variables that are followed
	tracks  []status // of the tracks that are followed
	episode int16    // the flow of the live episode, -1 for none
}

func (d data) clone() data {
	return data{slices.Clone(d.vars), slices.Clone(d.tracks), d.episode}
}

func (d data) key() string {
	b := make([]byte, 0, 8+len(d.tracks)+16*len(d.vars))
	b = binary.LittleEndian.AppendUint16(b, uint16(d.episode))
	for _, t := range d.tracks {
		b = append(b, byte(t))
	}
	for _, v := range d.vars {
		b = append(b, byte(v.kind))
		switch v.kind {
		case text:
			b = append(append(b, byte(len(v.text))), v.text...)
		case truth:
			b = append(b, byte(v.truth))
		case number, duration, instant:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v.span.lo))
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v.span.hi))
			b = append(b, boolByte(v.span.openLo)|boolByte(v.span.openHi)<<1)
		}
	}
	return string(b)
}

func boolByte(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// view is what expressions see of data.
type view struct {
	m *Model
	d data
}

func (v view) lookup(name string) Value {
	if i, ok := v.m.varIndex[name]; ok {
		return v.d.vars[i]
	}
	switch name {
	case "now":
		return instantIn(exactly(0))
	case "live":
		return boolOf(truthOf(v.d.episode >= 0))
	case "episode":
		if v.d.episode < 0 {
			return textOf("")
		}
		return textOf(v.m.flows[v.d.episode].ID)
	case "pain_trend":
		return combine("-", v.lookup("pain_now"), v.lookup(painBefore))
	case "local_hour":
		return numberIn(Span{lo: 0, hi: 24, openHi: true})
	}
	// Of what is not followed only the type is known.
	switch zeroOf(v.m.c.Vars[name]).kind {
	case truth:
		return boolOf(Unknown)
	case number:
		return numberIn(everything)
	}
	if strings.HasPrefix(name, "pain_") {
		return numberIn(everything)
	}
	return Value{}
}

// painBefore is the measurement before the last, which pain_trend needs.
const painBefore = "pain_before\x00"

// measures are the variables that a measurement feeds.
var measures = []string{"pain_first", "pain_now", painBefore}

// hold is how long a round can last, in seconds.
func (v view) hold(t *lang.TrackSpec) Span {
	most := t.Hold.Seconds()
	if t.HoldBy == nil {
		return exactly(most)
	}
	if own := values(t.HoldBy.Syntax().Node(), v); len(own) == 1 && own[0].kind == duration {
		if n, ok := own[0].span.exact(); ok && n > 0 {
			return exactly(min(n, most))
		}
	}
	return Span{lo: 0, hi: most, openLo: true}
}

// mayStart reports whether a round or a recurrence of a track may begin. Gaps,
// the day's number and the hours are taken to be in order.
func (v view) mayStart(t *lang.TrackSpec) bool {
	now := instantIn(exactly(0))
	if from, ok := v.bound(t.From); ok && !less(now, from).May(false) {
		return false
	}
	if until, ok := v.bound(t.Until); ok && !less(until, instantIn(v.hold(t))).May(false) {
		return false
	}
	return condition(t.When, v).May(true)
}

// bound evaluates a bound; ok is false if it does not hold anything back, or is
// not known.
func (v view) bound(e *lang.Expr) (at Value, ok bool) {
	if e == nil {
		return Value{}, false
	}
	list := values(e.Syntax().Node(), v)
	if len(list) != 1 || list[0].kind != instant {
		return Value{}, false
	}
	return list[0], true
}
