package flows

import "time"

// Episode is one back spasm of one person, from the first /spasm to its end.
type Episode struct {
	// Number counts the person's episodes from 1; 0 means no episode.
	Number  uint64    `json:"number"`
	Flow    string    `json:"flow"`
	Started time.Time `json:"started"`
	// Onset is when the pain began, as the person told it. Zero until told.
	// Every age in a flow counts from it.
	Onset time.Time `json:"onset,omitzero"`
	// Ended is zero while the episode is live.
	Ended time.Time `json:"ended,omitzero"`
	// Outcome says how it ended ("recovered", "stopped", "emergency", …);
	// empty while the episode is live.
	Outcome string `json:"outcome,omitempty"`
}

// Live reports whether the episode has begun and not ended.
func (e Episode) Live() bool { return e.Number != 0 && e.Ended.IsZero() }

// Entry is one line of an episode's timeline.
type Entry struct {
	// Seq counts the person's entries from 1, over all episodes.
	Seq     uint64    `json:"seq"`
	Episode uint64    `json:"episode"`
	At      time.Time `json:"at"`
	// Kind is one of the Entry kinds below.
	Kind string `json:"kind"`
	// Step is the step, or the reminder kind, that the entry belongs to.
	Step string `json:"step,omitempty"`
	// Choice is the id of the button that was pressed.
	Choice string `json:"choice,omitempty"`
	// Value is what a choice means or what a person entered: a number, a
	// text, a time in RFC 3339. Nil when there is none.
	Value any `json:"value,omitempty"`
	// UpdateID is the Telegram update that caused the entry, 0 if a timer
	// did. The engine leaves it 0; the pipe fills it in.
	UpdateID int64 `json:"update_id,omitempty"`
}

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
)

// The kinds of the timers that belong to the question in force.
const (
	KindNudge   = "nudge"
	KindTimeout = "timeout"
)

// Reminder is a timer: a row, never a goroutine.
type Reminder struct {
	// ID counts the person's timers from 1 and is never used again.
	ID      uint64 `json:"id"`
	Episode uint64 `json:"episode,omitempty"`
	// Kind is what the timeline calls it: "cold-on", "water", KindNudge, … Its
	// meaning is Phase alone.
	Kind  string    `json:"kind"`
	Phase Phase     `json:"phase"`
	Due   time.Time `json:"due"`
	// Track names what armed the timer: a round, a recurrence or the screen.
	Track string `json:"track"`
	// Rev is the revision of the track when it was armed. If the track has
	// moved on, the timer is stale and the engine drops it.
	Rev uint64 `json:"rev"`
}
