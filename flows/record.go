package flows

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// Episode is one back spasm of one person, from the first /spasm to its end.
type Episode struct {
	// Number counts the person's episodes from 1; 0 means no episode.
	Number  uint64    `cbor:"1,keyasint,omitzero"`
	Flow    string    `cbor:"2,keyasint,omitzero"`
	Started time.Time `cbor:"3,keyasint,omitzero"`
	// Onset is when the pain began, as the person told it. Zero until told.
	// Every age in a flow counts from it.
	Onset time.Time `cbor:"4,keyasint,omitzero"`
	// Ended is zero while the episode is live.
	Ended time.Time `cbor:"5,keyasint,omitzero"`
	// Outcome says how it ended ("recovered", "stopped", "emergency", …);
	// empty while the episode is live.
	Outcome string `cbor:"6,keyasint,omitzero"`
	// Flows is the fingerprint of the flows in which the episode began, 0 if
	// nobody knows. Edited is how many entries the person had when others took
	// their place, 0 if none have.
	Flows  uint64 `cbor:"7,keyasint,omitzero"`
	Edited uint64 `cbor:"8,keyasint,omitzero"`
	// Messages is the number of the last message before it began.
	Messages uint64 `cbor:"9,keyasint,omitzero"`
}

// Version spells a fingerprint of flows.
func Version(fingerprint uint64) string { return fmt.Sprintf("%016x", fingerprint) }

// Live reports whether the episode has begun and not ended.
func (e Episode) Live() bool { return e.Number != 0 && e.Ended.IsZero() }

// Entry is one line of an episode's timeline.
type Entry struct {
	// Seq counts the person's entries from 1, over all episodes.
	Seq     uint64    `cbor:"1,keyasint,omitzero"`
	Episode uint64    `cbor:"2,keyasint,omitzero"`
	At      time.Time `cbor:"3,keyasint,omitzero"`
	// Kind is one of the Entry kinds below.
	Kind string `cbor:"4,keyasint,omitzero"`
	// Step is the step, or the reminder kind, that the entry belongs to.
	Step string `cbor:"5,keyasint,omitzero"`
	// Choice is the id of the button that was pressed.
	Choice string `cbor:"6,keyasint,omitzero"`
	// Value is what a choice means or what a person entered: a string, a
	// finite float64, a bool or a time.Time. Nil when there is none.
	Value any `cbor:"7,keyasint,omitzero"`
	// UpdateID is the Telegram update that caused the entry, 0 if a timer
	// did. The engine leaves it 0; the pipe fills it in.
	UpdateID int64 `cbor:"8,keyasint,omitzero"`
	// Signs is the version of the table of warning signs that an answer goes by, 0 if
	// it is not about them.
	Signs int `cbor:"9,keyasint,omitzero"`
	// Anew says that an answer takes the place of the last one to the same question, which
	// was gone back to.
	Anew bool `cbor:"10,keyasint,omitzero"`
	// Undoes is the first entry of a message that was changed afterwards, 0 for none: the
	// answers from there to this entry were taken back.
	Undoes uint64 `cbor:"11,keyasint,omitzero"`
}

// Counting are the entries but for the answers that were taken back, which stay on the
// timeline. The entries are in the order of their numbers.
func Counting(entries []Entry) []Entry {
	list := make([]Entry, 0, len(entries))
	for _, e := range entries {
		if e.Undoes != 0 {
			list = slices.DeleteFunc(list, func(old Entry) bool { return old.Kind == EntryAnswer && old.Seq >= e.Undoes })
		}
		if e.Anew {
			list = withoutLast(list, e.Step)
		}
		list = append(list, e)
	}
	return list
}

// withoutLast takes the last answer to a question out of the list.
func withoutLast(list []Entry, step string) []Entry {
	for i, e := range slices.Backward(list) {
		if e.Kind == EntryAnswer && e.Step == step && e.Choice != ChoiceBack {
			return slices.Delete(list, i, i+1)
		}
	}
	return list
}

// Check reports a Value of a type, or a number, that cannot be kept and shown.
func (e Entry) Check() error {
	switch v := e.Value.(type) {
	case nil, string, bool, time.Time:
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return errors.New("the value of an entry is no finite number")
		}
	default:
		return fmt.Errorf("the value of an entry is a %T", v)
	}
	return nil
}

// ChoiceBack is the choice of an entry that leads from a question to the one before.
const ChoiceBack = "back"

// OlderButton is the step of an answer that was pressed on an older keyboard: nobody
// knows of which step that was.
const OlderButton = "older-button"

// The kinds of timeline entries.
const (
	EntryStart      = "start"      // an episode began
	EntryAnswer     = "answer"     // a press or a text that answered a step or a reminder
	EntryStale      = "stale"      // a press of an old or foreign button; no effect
	EntryUnexpected = "unexpected" // a message that fitted nothing; its content is not kept
	EntryCommand    = "command"    // a command
	EntryTimeout    = "timeout"    // nobody answered a step in time
	EntryReminder   = "reminder"   // a reminder came due
	EntryEnd        = "end"        // the episode ended; Choice is the outcome
	EntryBlocked    = "blocked"    // the person blocked the bot
	EntryUnblocked  = "unblocked"  // the person let the bot back in
	EntryResume     = "resume"     // after an outage the question in force was shown again
)

// What a person answers to a reminder: the Choice of such an entry.
const (
	ChoiceDone  = "done"  // it is done; at a look, that the skin is fine
	ChoiceDid   = "did"   // it is done in another way
	ChoiceSkip  = "skip"  // not this time; of a pack, that none is on
	ChoiceLater = "later" // in a while
	ChoiceOn    = "on"    // the pack is on
	ChoiceSince = "since" // it is on since the call
	ChoiceWrong = "wrong" // the skin looks wrong
)

// ReminderState is where a reminder stands.
type ReminderState string

// The states of a reminder. Armed and Fired are both shown to the outside as
// "due": the difference is whether the engine has been told yet.
const (
	Armed     ReminderState = "due"       // waits for its time
	Fired     ReminderState = "fired"     // its message is in the outbox
	Sent      ReminderState = "sent"      // Telegram has accepted its message
	Expired   ReminderState = "expired"   // too late to be of use
	Dropped   ReminderState = "dropped"   // skipped without catching up
	Merged    ReminderState = "merged"    // told in another message
	Cancelled ReminderState = "cancelled" // what it was for has ended
)

// Phase is what a timer is for.
type Phase string

// The phases. A round is called, looked at and taken off; a recurrence ticks.
// The question in force is asked once more, and waited for to the end.
const (
	PhaseCall    Phase = "call"
	PhaseLook    Phase = "look"
	PhaseTakeOff Phase = "take off"
	PhaseTick    Phase = "tick"
	PhaseAsk     Phase = "ask"
	PhaseWait    Phase = "wait" // sends nothing of its own and is not shown as a reminder
	PhaseWhen    Phase = "when" // no timer: the question whether a round is on since its call
	PhaseCard    Phase = "card" // the card is looked at; not shown as a reminder, as little as a wait
)

// Shown reports whether a timer for this is one that the person is told of.
func (p Phase) Shown() bool { return p != PhaseWait && p != PhaseCard }

// The kinds of the timers that belong to the question in force, and to the card.
const (
	KindNudge   = "nudge"
	KindTimeout = "timeout"
	KindCard    = "card"
)

// KindLapse is the kind of the timer at which a person is forgotten of whom something is
// kept for a while only.
const KindLapse = "lapse"

// Reminder is a timer: a row, never a goroutine.
type Reminder struct {
	// ID counts the person's timers from 1 and is never used again.
	ID      uint64 `cbor:"1,keyasint,omitzero"`
	Episode uint64 `cbor:"2,keyasint,omitzero"`
	// Kind is what the timeline calls it: "cold-on", "water", KindNudge, … Its
	// meaning is Phase alone.
	Kind  string    `cbor:"3,keyasint,omitzero"`
	Phase Phase     `cbor:"7,keyasint,omitzero"`
	Due   time.Time `cbor:"4,keyasint,omitzero"`
	// Track names what armed the timer: a round, a recurrence or the screen.
	Track string `cbor:"5,keyasint,omitzero"`
	// Rev is the revision of the track when it was armed. If the track has
	// moved on, the timer is stale and the engine drops it.
	Rev uint64 `cbor:"6,keyasint,omitzero"`
	// Sign says that it belongs to a question about a warning sign.
	Sign bool `cbor:"8,keyasint,omitzero"`
	// First is when it was to come, and Moved what has moved it from there: both are
	// zero for one that nothing has moved.
	First time.Time `cbor:"10,keyasint,omitzero"`
	Moved Move      `cbor:"11,keyasint,omitzero"`
}

// Move is what has moved a timer from when it was to come.
type Move string

// The moves.
const (
	MovedBySleep    Move = "sleep"    // the person sleeps then
	MovedByPack     Move = "pack"     // a pack is on, or comes off near it
	MovedByQuestion Move = "question" // a question stands
	MovedByRing     Move = "quarter"  // something else rings, or comes, near it
	MovedToSpread   Move = "spread"   // rounds are spread over the day
	MovedByBudget   Move = "budget"   // the day has no room for it
	MovedByDay      Move = "day"      // the date has had its number
	MovedByPerson   Move = "later"    // the person has put it off
)

// Moves are all of them.
var Moves = []Move{MovedBySleep, MovedByPack, MovedByQuestion, MovedByRing, MovedToSpread, MovedByBudget, MovedByDay, MovedByPerson}

// Starts reports whether the timer begins a round, or is what a recurrence
// consists of.
func (r Reminder) Starts() bool { return r.Phase == PhaseCall || r.Phase == PhaseTick }
