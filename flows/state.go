package flows

import (
	"slices"
	"time"
)

// State is everything the engine knows of one person. It is a value: the
// engine never changes the State it is given, and two equal States behave
// alike for ever. The zero State with User set is a person never seen before.
//
// Stores keep the fields of a State, as of every other type with such tags, by
// the numbers in the tags: a number once used never means another field.
type State struct {
	User int64 `cbor:"1,keyasint,omitzero"`
	// Seal tells this state from others of the same person, such as one that was
	// lost: whoever first makes a state draws it. Buttons carry it.
	Seal uint32 `cbor:"23,keyasint,omitzero"`
	// Lang is the person's language as an IETF tag; empty means English.
	Lang string `cbor:"2,keyasint,omitzero"`
	// Zone is the person's IANA time zone; empty means the catalog's default.
	Zone string `cbor:"3,keyasint,omitzero"`
	// Inactive says that the person cannot be reached (has blocked the bot).
	Inactive bool `cbor:"4,keyasint,omitzero"`

	// Heard is when the person last did anything here.
	Heard time.Time `cbor:"5,keyasint,omitzero"`
	// Resumed is the last outage, by when it ended, after which the person was
	// shown where they stand.
	Resumed time.Time `cbor:"20,keyasint,omitzero"`
	// Hinted is when the person was last told that something they sent is of no
	// use here.
	Hinted time.Time `cbor:"24,keyasint,omitzero"`

	// Pressed is what the button carried that was pressed last and counted.
	Pressed string `cbor:"26,keyasint,omitzero"`
	// TurnedDown is when the person last read in the chat why a press came to nothing.
	TurnedDown time.Time `cbor:"27,keyasint,omitzero"`

	// Entries, Messages and Reminders count what was numbered so far.
	Entries   uint64 `cbor:"6,keyasint,omitzero"`
	Messages  uint64 `cbor:"7,keyasint,omitzero"`
	Reminders uint64 `cbor:"8,keyasint,omitzero"`

	// Episode is the live episode, or the last one.
	Episode Episode `cbor:"9,keyasint,omitzero"`

	// Past holds ended episodes, oldest first; bounded.
	Past []Past `cbor:"10,keyasint,omitempty"`

	// At is the step that waits for the person; empty when none does.
	At Place `cbor:"11,keyasint,omitzero"`
	// Draft is what the person has put together so far as an answer to the
	// question At; the zero Value before they have begun.
	Draft Value `cbor:"21,keyasint,omitzero"`
	// Stack holds the steps to return to from a called flow, innermost last.
	Stack []Place `cbor:"12,keyasint,omitempty"`
	// Rev counts the screens shown. Each timer of a screen carries it, so that
	// one of an old screen is told from one of the screen in force.
	Rev uint64 `cbor:"13,keyasint,omitzero"`
	// Asked is the number of the message that first showed the question in force,
	// and Shown of the one that shows it now. A press is an answer to it if its
	// button is on one of these, or of those that showed it in between. The next
	// message takes the place of Shown only if nothing new was sent since: Newest is the
	// number of the last message that was new, and no change of another.
	Asked  uint64 `cbor:"22,keyasint,omitzero"`
	Shown  uint64 `cbor:"14,keyasint,omitzero"`
	Newest uint64 `cbor:"32,keyasint,omitzero"`

	// Typed is the last message that the person has typed, as long as an edit of it
	// can still count.
	Typed Typed `cbor:"25,keyasint,omitzero"`

	Vars []Var `cbor:"15,keyasint,omitempty"`
	// Measures holds what was measured in the episode, by name.
	Measures []Measure `cbor:"16,keyasint,omitempty"`
	// Tracks holds the rounds and recurrences that are running.
	Tracks []Track `cbor:"17,keyasint,omitempty"`
	// Pending holds the timers that are armed, in the order of arming.
	Pending []Reminder `cbor:"18,keyasint,omitempty"`
	// Open holds the reminders whose buttons still wait for a press, oldest
	// first; bounded, since people do not answer everything.
	Open []Open `cbor:"19,keyasint,omitempty"`
	// Standing holds the messages of the chat whose time will be over, oldest first;
	// bounded.
	Standing []Standing `cbor:"33,keyasint,omitempty"`
	// Rang holds what rang on this day of the person, oldest first: what a flow that
	// plans the day goes by. It is bounded.
	Rang []Ring `cbor:"28,keyasint,omitempty"`

	// Card is the person's card.
	Card Card `cbor:"36,keyasint,omitzero"`

	// Came is what has come by itself last, and said anything.
	Came Came `cbor:"41,keyasint,omitzero"`
}

// Came is a timer that has come, as it was then, and when that was.
type Came struct {
	Reminder Reminder  `cbor:"1,keyasint,omitzero"`
	At       time.Time `cbor:"2,keyasint,omitzero"`
}

// Ring is a message that came with a sound.
type Ring struct {
	At time.Time `cbor:"1,keyasint,omitzero"`
	// Thing is the round or recurrence that rang, or else what the planner of the day
	// calls it.
	Thing string `cbor:"2,keyasint,omitzero"`
	// Invites says that it has asked for something new.
	Invites bool `cbor:"3,keyasint,omitzero"`
	// Day is the person's day on which it rang, by the date on which they woke up where
	// they were then. It counts for that day wherever they go.
	Day string `cbor:"4,keyasint,omitzero"`
}

// Place is a position in a flow. Version and Hash tell whether the flow was
// edited while a person stood there.
type Place struct {
	Flow    string `cbor:"1,keyasint,omitzero"`
	Version int    `cbor:"2,keyasint,omitzero"`
	Step    string `cbor:"3,keyasint,omitzero"`
	Hash    uint64 `cbor:"4,keyasint,omitzero"`
	// Again says that the question was interrupted and is to be asked again;
	// otherwise the place is a call, and the step behind it is next.
	Again bool `cbor:"5,keyasint,omitzero"`
	// Question stands for what was asked: a step of another name that asks the
	// same has the same one.
	Question uint64 `cbor:"6,keyasint,omitzero"`
	// Due is when the wait for an answer about warning signs is over, though the question
	// was interrupted.
	Due time.Time `cbor:"7,keyasint,omitzero"`
}

// Typed is a message that a person has typed, and where they stood before it, as
// far as that can be taken back.
type Typed struct {
	// Message is the message as the messenger calls it; 0 for none.
	Message int64 `cbor:"1,keyasint,omitzero"`
	// Rev is that of the screen behind it.
	Rev uint64 `cbor:"2,keyasint,omitzero"`
	// Command or Answer is what the message was. If both are empty, it came to
	// nothing, and so is the rest, which is as in State and Episode.
	Command  string    `cbor:"3,keyasint,omitzero"`
	Answer   Value     `cbor:"4,keyasint,omitzero"`
	At       Place     `cbor:"5,keyasint,omitzero"`
	Draft    Value     `cbor:"6,keyasint,omitzero"`
	Stack    []Place   `cbor:"7,keyasint,omitempty"`
	Vars     []Var     `cbor:"8,keyasint,omitempty"`
	Measures []Measure `cbor:"9,keyasint,omitempty"`
	Zone     string    `cbor:"10,keyasint,omitzero"`
	Onset    time.Time `cbor:"11,keyasint,omitzero"`
	Shown    uint64    `cbor:"12,keyasint,omitzero"`
	// Entries is how many entries there were before it.
	Entries uint64 `cbor:"13,keyasint,omitzero"`
}

// Counted reports whether the message came to something.
func (t *Typed) Counted() bool { return t.Command != "" || t.Answer != Value{} }

// Track is the running state of one round (cold, heat) or recurrence (water).
type Track struct {
	Name string `cbor:"1,keyasint,omitzero"`
	Flow string `cbor:"2,keyasint,omitzero"`
	// Rev rises whenever the track is started, stopped or rearmed, which
	// makes every timer armed before stale.
	Rev uint64 `cbor:"3,keyasint,omitzero"`
	// Running says that the track goes on; a stopped one keeps its counts.
	Running bool `cbor:"4,keyasint,omitzero"`
	// On is since when the round in progress is on, or may be, and Ends when it is
	// to be taken off; both zero when none is in progress.
	On   time.Time `cbor:"5,keyasint,omitzero"`
	Ends time.Time `cbor:"6,keyasint,omitzero"`
	// Off is when the last round ended: the gap counts from it.
	Off time.Time `cbor:"7,keyasint,omitzero"`
	// Last is when the track last started. The gap of a recurrence counts from it.
	Last time.Time `cbor:"11,keyasint,omitzero"`
	// Asked says that the person has asked for the start that is armed.
	Asked bool `cbor:"12,keyasint,omitzero"`
	// Day is the local day ("2026-11-22") that Today counts.
	Day   string `cbor:"8,keyasint,omitzero"`
	Today int    `cbor:"9,keyasint,omitzero"`
	// Total counts the starts of the episode.
	Total int `cbor:"10,keyasint,omitzero"`
	// OffText and OffLast are how the flows told of the take-off when the round in
	// progress began, as it was written, and OffKind is the kind of that reminder:
	// for flows that have no words for it any more. OffLast is for when no round
	// follows; it may be empty.
	OffText string `cbor:"13,keyasint,omitzero"`
	OffLast string `cbor:"14,keyasint,omitzero"`
	OffKind string `cbor:"15,keyasint,omitzero"`
	// Called says that the round in progress was called at On and that the person has
	// not answered: it may be on since then, and may not be.
	Called bool `cbor:"16,keyasint,omitzero"`
	// Later counts how often in a row the person has put the call off, and Missed how
	// many calls in a row they have not answered.
	Later  int `cbor:"17,keyasint,omitzero"`
	Missed int `cbor:"18,keyasint,omitzero"`
	// Resting says that none is called until the person is heard.
	Resting bool `cbor:"19,keyasint,omitzero"`
	// Alarmed says that the person was told in this episode to set an alarm for a
	// take-off.
	Alarmed bool `cbor:"20,keyasint,omitzero"`
	// Due is when the start that is armed is to come by the track's own rules. Where the
	// day is planned, its timer may come at another time.
	Due time.Time `cbor:"21,keyasint,omitzero"`
}

// Past is an ended episode, as far as later ones ask about it.
type Past struct {
	Flow  string    `cbor:"1,keyasint,omitzero"`
	Onset time.Time `cbor:"2,keyasint,omitzero"`
	// Mark is what the flow keeps of it, such as what set it off.
	Mark string `cbor:"3,keyasint,omitzero"`
}

// Open is a delivered reminder whose buttons may still be pressed.
type Open struct {
	ID    uint64    `cbor:"1,keyasint,omitzero"`
	Kind  string    `cbor:"2,keyasint,omitzero"`
	Phase Phase     `cbor:"5,keyasint,omitzero"`
	Track string    `cbor:"3,keyasint,omitzero"`
	At    time.Time `cbor:"4,keyasint,omitzero"`
	// Message is the number of the message that delivered it.
	Message uint64 `cbor:"6,keyasint,omitzero"`
	// Later counts how often in a row a reminder was put off before it came, and Before
	// is when the last one before that had come: the gap counts from there if it is put
	// off again.
	Later  int       `cbor:"7,keyasint,omitzero"`
	Before time.Time `cbor:"8,keyasint,omitzero"`
}

// Standing is a message that stands in the chat until its time is over: then it is
// deleted, or where it is too old for that, loses its buttons.
type Standing struct {
	// Number is that of the message that made it what it is, and ID what the messenger
	// calls it, 0 if nobody knows.
	Number uint64 `cbor:"1,keyasint,omitzero"`
	ID     int64  `cbor:"2,keyasint,omitzero"`
	// Of is the step that it shows, or the round or recurrence that it tells of; a hint
	// has none.
	Of string `cbor:"3,keyasint,omitzero"`
	// Phase is what the message of a round or recurrence is for.
	Phase Phase `cbor:"4,keyasint,omitzero"`
	// At is when it was first said; zero if nobody knows.
	At time.Time `cbor:"5,keyasint,omitzero"`
	// Since is since when the round was on that a take-off ends.
	Since time.Time `cbor:"6,keyasint,omitzero"`
	// Keys says that it has buttons.
	Keys bool `cbor:"7,keyasint,omitzero"`
	// Stays says that it is never deleted, and loses its buttons only.
	Stays bool `cbor:"8,keyasint,omitzero"`
}

// Clone returns a copy that shares nothing that can change.
func (s State) Clone() State {
	s.Past = slices.Clone(s.Past)
	s.Stack = slices.Clone(s.Stack)
	s.Typed.Stack = slices.Clone(s.Typed.Stack)
	s.Typed.Vars = slices.Clone(s.Typed.Vars)
	s.Typed.Measures = slices.Clone(s.Typed.Measures)
	s.Vars = slices.Clone(s.Vars)
	s.Measures = slices.Clone(s.Measures)
	s.Tracks = slices.Clone(s.Tracks)
	s.Pending = slices.Clone(s.Pending)
	s.Open = slices.Clone(s.Open)
	s.Standing = slices.Clone(s.Standing)
	s.Rang = slices.Clone(s.Rang)
	return s
}

// GoneBackTo reports whether the answer that a variable holds was gone back to: the next
// one takes its place.
func (s *State) GoneBackTo(name string) bool {
	return slices.ContainsFunc(s.Vars, func(v Var) bool { return v.Name == name && v.Anew })
}

// GoesBackTo notes that the answer that a variable holds is gone back to.
func (s *State) GoesBackTo(name string) {
	for i := range s.Vars {
		if s.Vars[i].Name == name {
			s.Vars[i].Anew = true
		}
	}
}

// Var is a value that a flow remembers: an answer or a computed fact.
type Var struct {
	Name string `cbor:"1,keyasint,omitzero"`
	Value
	// Question stands for what it is the answer to, as in a Place; 0 if it is a
	// value that some step has set.
	Question uint64 `cbor:"5,keyasint,omitzero"`
	// Anew says that the question was gone back to since: the next answer takes the
	// place of this one.
	Anew bool `cbor:"6,keyasint,omitzero"`
}

// Value is a text, a number, a truth or an instant.
type Value struct {
	Kind ValueKind `cbor:"2,keyasint,omitzero"`
	Str  string    `cbor:"3,keyasint,omitzero"`
	// Num is the number; 1 for true; Unix seconds for an instant.
	Num float64 `cbor:"4,keyasint,omitzero"`
}

// ValueKind is the type of a Value.
type ValueKind string

// The types a Value can have.
const (
	TextValue    ValueKind = "text"
	NumberValue  ValueKind = "number"
	BoolValue    ValueKind = "bool"
	InstantValue ValueKind = "instant"
)

// TextOf makes a text.
func TextOf(s string) Value { return Value{Kind: TextValue, Str: s} }

// NumberOf makes a number.
func NumberOf(n float64) Value { return Value{Kind: NumberValue, Num: n} }

// InstantOf makes an instant, kept to the second.
func InstantOf(t time.Time) Value { return Value{Kind: InstantValue, Num: float64(t.Unix())} }

// BoolOf makes a truth.
func BoolOf(b bool) Value {
	v := Value{Kind: BoolValue}
	if b {
		v.Num = 1
	}
	return v
}

// Any returns the value as string, float64, bool or time.Time in UTC, and nil
// for the zero Value.
func (v Value) Any() any {
	switch v.Kind {
	case TextValue:
		return v.Str
	case NumberValue:
		return v.Num
	case BoolValue:
		return v.Num != 0
	case InstantValue:
		return time.Unix(int64(v.Num), 0).UTC()
	}
	return nil
}

// Var returns the value of a variable, the zero Value if it was never set.
func (s *State) Var(name string) Value {
	for i := range s.Vars {
		if s.Vars[i].Name == name {
			return s.Vars[i].Value
		}
	}
	return Value{}
}

// SetVar sets a variable, to what is no answer as far as is known here.
func (s *State) SetVar(name string, v Value) {
	for i := range s.Vars {
		if s.Vars[i].Name == name {
			s.Vars[i].Value, s.Vars[i].Question, s.Vars[i].Anew = v, 0, false
			return
		}
	}
	s.Vars = append(s.Vars, Var{Name: name, Value: v})
}

// Answers notes of which question a variable is the answer.
func (s *State) Answers(name string, question uint64) {
	for i := range s.Vars {
		if s.Vars[i].Name == name {
			s.Vars[i].Question = question
		}
	}
}
