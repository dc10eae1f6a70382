package flows

import "time"

// Event is something that happened to one person. It is the only input of the
// engine besides the person's State and the time. The set is closed: Command,
// Text, Edit, Button, Unsupported, Pinned, Due, Resume, SetBack, Blocked and Unblocked.
type Event interface{ event() }

// Command is a message that starts with a slash: "/spasm" or "/pain 7".
type Command struct {
	// Name is without the slash and without "@botname", in lower case.
	Name string
	// Args is the rest of the message, trimmed. It is text of a stranger.
	Args string
	// Message is the message that it is, as the messenger calls it; 0 if that is
	// not known.
	Message int64
}

// Text is an ordinary text message.
type Text struct {
	Text string
	// Message is as in Command.
	Message int64
}

// Edit says that the person has changed a message that they have typed. To is what
// it says now: a Command, a Text, or what has a caption, with the same Message.
type Edit struct{ To Event }

// Button is a press of an inline button. Data is what the button carried; it
// comes from the person's client and may be old, foreign or forged.
type Button struct {
	Data string
	// Message is the message the button hangs on, 0 when Telegram no longer
	// shows it to the bot. A message that cannot be seen cannot be edited.
	Message int64
	// Stray says that the message is not the one that Data names, whatever else
	// Data says: it was sent from a file that is lost.
	Stray bool
	// Sent is when the message was sent, to the second; zero if that is not known.
	Sent time.Time
}

// Unsupported is a message that a flow has no use for: a photo, a sticker, words of
// somebody else. What names its kind, never its content.
type Unsupported struct {
	What string
	// Caption is what the person has written below it, in private. It is looked
	// through for words of danger and means nothing else.
	Caption string
	// Message is as in Command.
	Message int64
}

// Pinned is the line in which the messenger says by itself that a message of ours was
// pinned. Message is that line.
type Pinned struct{ Message int64 }

// Due says that timers of one person have come due, in order of their time.
// All that are due arrive in one event, so that the engine can see a backlog
// as a whole and answer it with one message. Ids that are no longer pending
// are stale and ignored.
type Due struct {
	IDs []uint64
	// Missed says that the bot was away when the first of them came due: what
	// the person is told then is one message.
	Missed bool
}

// Resume says that the bot is back from an outage so long that presses of the
// person may have been lost. IDs are the timers that came due meanwhile, as in
// Due. The question in force is shown once more, together with whatever else
// there is to tell.
type Resume struct {
	IDs []uint64
	// Back is when the bot came back. It tells one outage from another: of the
	// same Resume the second shows nothing.
	Back time.Time
}

// SetBack says that the clock was put back: it is By earlier than it would have
// been. What measures time that passes goes on as if nothing had happened.
type SetBack struct{ By time.Duration }

// Blocked says that the person has blocked the bot.
type Blocked struct{}

// Unblocked says that the person has let the bot back in.
type Unblocked struct{}

func (Command) event()     {}
func (Text) event()        {}
func (Edit) event()        {}
func (Button) event()      {}
func (Unsupported) event() {}
func (Pinned) event()      {}
func (Due) event()         {}
func (Resume) event()      {}
func (SetBack) event()     {}
func (Blocked) event()     {}
func (Unblocked) event()   {}
