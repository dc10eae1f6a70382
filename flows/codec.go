package flows

import (
	"encoding/json"
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"spasmbot/flows/pack"
)

// EncodeState is the encoding in which every store keeps a State. It is a record
// of package pack, behind one byte for its format: a person's state is written
// with each of their turns, so it is to be small and quickly made.
func EncodeState(s State) []byte { return AppendState(make([]byte, 0, 512), s) }

// The formats of a state. Give a new one a new byte when a change could make an
// old record mean something else, and convert in DecodeState; a field more is no
// such change.
const (
	formatPack byte = 2
	// formatJSON is the first byte of what an older program wrote, in JSON.
	formatJSON byte = '{'
)

// The fields of a state. Numbers are never used again.
const (
	stateUser protowire.Number = iota + 1
	stateLang
	stateZone
	stateInactive
	stateHeard
	stateEntries
	stateMessages
	stateReminders
	stateEpisode
	statePast
	stateAt
	stateStack
	stateRev
	stateShown
	stateVar
	stateMeasure
	stateTrack
	statePending
	stateOpen
	stateResumed
	stateDraft
)

// AppendState is EncodeState behind what b holds.
func AppendState(b []byte, s State) []byte {
	b = append(b, formatPack)
	b = pack.Int(b, stateUser, s.User)
	b = pack.Text(b, stateLang, s.Lang)
	b = pack.Text(b, stateZone, s.Zone)
	b = pack.Bool(b, stateInactive, s.Inactive)
	b = pack.Time(b, stateHeard, s.Heard)
	b = pack.Uint(b, stateEntries, s.Entries)
	b = pack.Uint(b, stateMessages, s.Messages)
	b = pack.Uint(b, stateReminders, s.Reminders)
	if s.Episode != (Episode{}) {
		b = pack.Record(b, stateEpisode, s.Episode.append)
	}
	for i := range s.Past {
		b = pack.Record(b, statePast, s.Past[i].append)
	}
	if s.At != (Place{}) {
		b = pack.Record(b, stateAt, s.At.append)
	}
	for i := range s.Stack {
		b = pack.Record(b, stateStack, s.Stack[i].append)
	}
	b = pack.Uint(b, stateRev, s.Rev)
	b = pack.Uint(b, stateShown, s.Shown)
	for i := range s.Vars {
		b = pack.Record(b, stateVar, s.Vars[i].append)
	}
	for i := range s.Measures {
		b = pack.Record(b, stateMeasure, s.Measures[i].append)
	}
	for i := range s.Tracks {
		b = pack.Record(b, stateTrack, s.Tracks[i].append)
	}
	for i := range s.Pending {
		b = pack.Record(b, statePending, s.Pending[i].append)
	}
	for i := range s.Open {
		b = pack.Record(b, stateOpen, s.Open[i].append)
	}
	b = pack.Time(b, stateResumed, s.Resumed)
	if s.Draft != (Value{}) {
		b = pack.Record(b, stateDraft, Var{Value: s.Draft}.append)
	}
	return b
}

// DecodeState reads what EncodeState wrote, and what older programs did. It
// refuses what a newer program wrote.
func DecodeState(b []byte) (State, error) {
	if len(b) == 0 {
		return State{}, errors.New("decode state: it is empty")
	}
	var s State
	var err error
	switch b[0] {
	case formatPack:
		err = s.decode(b[1:])
	case formatJSON:
		s, err = decodeJSON(b)
	default:
		err = fmt.Errorf("format %d, this program reads %d: use the program version that wrote it, or a newer one", b[0], formatPack)
	}
	if err != nil {
		return State{}, fmt.Errorf("decode state: %w", err)
	}
	s.endRounds()
	return s, nil
}

func (s *State) decode(b []byte) error {
	r := pack.Read(b)
	for r.Next() {
		switch r.Field() {
		case stateUser:
			s.User = r.Int()
		case stateLang:
			s.Lang = r.Text()
		case stateZone:
			s.Zone = r.Text()
		case stateInactive:
			s.Inactive = r.Bool()
		case stateHeard:
			s.Heard = r.Time()
		case stateEntries:
			s.Entries = r.Uint()
		case stateMessages:
			s.Messages = r.Uint()
		case stateReminders:
			s.Reminders = r.Uint()
		case stateEpisode:
			within(r, s.Episode.field)
		case statePast:
			s.Past = one(r, s.Past, (*Past).field)
		case stateAt:
			within(r, s.At.field)
		case stateStack:
			s.Stack = one(r, s.Stack, (*Place).field)
		case stateRev:
			s.Rev = r.Uint()
		case stateShown:
			s.Shown = r.Uint()
		case stateVar:
			s.Vars = one(r, s.Vars, (*Var).field)
		case stateMeasure:
			s.Measures = one(r, s.Measures, (*Measure).field)
		case stateTrack:
			s.Tracks = one(r, s.Tracks, (*Track).field)
		case statePending:
			s.Pending = one(r, s.Pending, (*Reminder).field)
		case stateOpen:
			s.Open = one(r, s.Open, (*Open).field)
		case stateResumed:
			s.Resumed = r.Time()
		case stateDraft:
			draft := Var{}
			within(r, draft.field)
			s.Draft = draft.Value
		}
	}
	return r.Err()
}

// within reads a record within a record.
func within(r *pack.Reader, field func(*pack.Reader)) {
	inner := pack.Read(r.Bytes())
	for inner.Next() {
		field(inner)
	}
	if inner.Err() != nil {
		r.Fail(inner.Err().Error())
	}
}

// one reads one element of a list.
func one[T any](r *pack.Reader, list []T, field func(*T, *pack.Reader)) []T {
	var v T
	within(r, func(inner *pack.Reader) { field(&v, inner) })
	return append(list, v)
}

// decodeJSON reads format 1.
func decodeJSON(b []byte) (State, error) {
	var e struct {
		Format int `json:"format"`
		State
	}
	if err := json.Unmarshal(b, &e); err != nil {
		return State{}, err
	}
	if e.Format != 1 {
		return State{}, fmt.Errorf("JSON of format %d, this program reads 1: use the program version that wrote it, or a newer one", e.Format)
	}
	return e.State, nil
}

// endRounds gives rounds in progress their end, which an older program kept in
// the timer alone.
func (s *State) endRounds() {
	for i := range s.Tracks {
		t := &s.Tracks[i]
		if t.On.IsZero() || !t.Ends.IsZero() {
			continue
		}
		t.Ends = t.On
		for _, r := range s.Pending {
			if r.Track == t.Name && r.Due.After(t.Ends) {
				t.Ends = r.Due // the take-off is the last timer of a round
			}
		}
	}
}
