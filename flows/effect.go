package flows

import "time"

// Effect is something the engine wants done. Effects are facts to be stored
// together with the new State; when Step returns, nothing has happened yet.
// The set is closed: Say, Record, Remind, Settle, Withdraw, Toast and Forget.
type Effect interface{ effect() }

// Say sends or edits one message.
type Say struct{ Message Message }

// Record writes an entry on the timeline.
type Record struct{ Entry Entry }

// Remind arms a timer.
type Remind struct{ Reminder Reminder }

// Settle ends a timer that will send nothing any more.
type Settle struct {
	ID    uint64
	State ReminderState
}

// Withdraw takes back messages that were said in earlier turns and have not
// arrived: what they were for has gone. What may have arrived stays, and no
// [TakeOff] is ever withdrawn.
type Withdraw struct {
	// From and To are the numbers of the first and the last of them. Subject, if
	// not empty, leaves out those of other topics.
	From, To uint64
	Subject  string
	// Timers is what becomes of the timers that they were to deliver.
	Timers ReminderState
}

// Answering is for how long, behind something that the person has done, what
// follows is an answer to it.
const Answering = 2 * time.Minute

// Toast answers a button press with a short line that fades away, at most 200
// characters. Every press is answered; without a Toast the answer is empty.
type Toast struct{ Text string }

// Forget deletes all that is kept of the person, and takes back what has not arrived.
// The new State is that of a person never seen before, and is not kept either. It is the
// first of its turn, and nothing comes with it but Toast and Say of Fleeting messages.
type Forget struct{}

func (Say) effect()      {}
func (Record) effect()   {}
func (Remind) effect()   {}
func (Settle) effect()   {}
func (Withdraw) effect() {}
func (Toast) effect()    {}
func (Forget) effect()   {}

// Class orders messages when there are more to send than the limits allow. Its
// numbers are stored and stay what they are; which goes first is Before's to say.
type Class uint8

const (
	// TakeOff ends a round of cold or heat. It goes before everything, in its
	// own chat too, because a pack left on harms the skin.
	TakeOff Class = 0
	// Sign asks for a look at the skin, or about a warning sign.
	Sign Class = 3
	// Reply answers a person with a live episode who has just done something.
	Reply Class = 1
	// Contact answers a person without one.
	Contact Class = 4
	// Push is a timed message that nobody is waiting for.
	Push Class = 2
	// Tidy changes or deletes a message whose time is over, or what is to be seen in
	// the newest state only. In its own chat too everything else goes before it, of
	// those that wait to change one message only the newest goes, and where there is no
	// room for it, or it comes too late, it is left out: nobody misses it.
	Tidy Class = 5
)

// Before reports whether messages of the class go before those of another. What
// is no class goes last.
func (c Class) Before(other Class) bool { return c.rank() < other.rank() }

func (c Class) rank() int {
	switch c {
	case TakeOff:
		return 0
	case Sign:
		return 1
	case Reply:
		return 2
	case Contact:
		return 3
	case Push:
		return 4
	case Tidy:
		return 5
	}
	return 6
}

// Message is one message to one person, fully rendered.
type Message struct {
	// Number identifies the message among those of its person. Within a
	// chat, messages arrive in the order of their numbers, but a TakeOff
	// overtakes.
	Number uint64 `cbor:"1,keyasint,omitzero"`
	// Text is in Telegram's HTML, 1 to 4096 UTF-16 units once parsed. Empty,
	// with Edit set, it leaves the words as they are and changes the buttons.
	Text string `cbor:"2,keyasint,omitzero"`
	// Keyboard holds rows of inline buttons; empty means none, and takes the
	// buttons off a message that is edited.
	Keyboard [][]Key `cbor:"3,keyasint,omitempty"`
	// Picture or Animation names a file of the catalog to be sent with Text,
	// which is then 1 to 1024 UTF-16 units. What it changes has one as well.
	Picture   string `cbor:"4,keyasint,omitzero"`
	Animation string `cbor:"5,keyasint,omitzero"`
	// Paper is the paper of its person that is made when it is sent, and comes with Text
	// and what the paper says of itself, 1 to 1024 UTF-16 units together.
	Paper Paper `cbor:"25,keyasint,omitzero"`
	// Edit is the id of the message to change; 0 sends a new one.
	Edit int64 `cbor:"6,keyasint,omitzero"`
	// Of is the number of the message to change, where its id is not known. If that
	// has not arrived, there is nothing to change, and this is not sent. 0 is none.
	Of uint64 `cbor:"14,keyasint,omitzero"`
	// Delete takes the message that Edit or Of names out of the chat. What the
	// messenger does not delete any more, since it is too old, takes Text and Keyboard
	// instead. Its class is Tidy.
	Delete bool `cbor:"15,keyasint,omitzero"`
	// Anew says that without a message to change this comes as a new one.
	Anew bool `cbor:"21,keyasint,omitzero"`
	// Pin pins the message that Edit or Of names, without a sound, and Unpin lets it go;
	// nothing else of it changes. Where that is not allowed, nobody misses it. Their
	// class is Tidy.
	Pin   bool `cbor:"19,keyasint,omitzero"`
	Unpin bool `cbor:"20,keyasint,omitzero"`
	// Fleeting says that nothing is kept of the message once it has been sent, or never
	// will be: its person was forgotten. It has no buttons, delivers no timer, and its
	// number tells the order of such messages alone.
	Fleeting bool `cbor:"24,keyasint,omitzero"`
	// Silent lets the message come without a sound: whoever it is for looks at the
	// chat already, or need not look now.
	Silent bool `cbor:"7,keyasint,omitzero"`
	// Expires is when the message becomes wrong and must not be sent any
	// more; zero means never.
	Expires time.Time `cbor:"8,keyasint,omitzero"`
	// Reminder is the timer that this message delivers; 0 means none.
	Reminder uint64 `cbor:"9,keyasint,omitzero"`
	Class    Class  `cbor:"10,keyasint,omitzero"`
	// Subject is what the message tells of, empty if it is several things. Instead
	// says that it takes the place of those of its topic that have not arrived.
	Subject string `cbor:"11,keyasint,omitzero"`
	Instead bool   `cbor:"13,keyasint,omitzero"`
	// Undoes is the message that told the person to do what this TakeOff ends. If
	// that has certainly never arrived, nor will it, there is nothing to take off,
	// and this is not sent. 0 means that it is sent in any case.
	Undoes uint64 `cbor:"12,keyasint,omitzero"`
}

// WithFile reports whether a picture, an animation or a paper comes with the message.
func (m *Message) WithFile() bool { return m.Picture != "" || m.Animation != "" || m.Paper != "" }

// Key is one key of an inline keyboard.
type Key struct {
	Label string `cbor:"1,keyasint,omitzero"`
	// Data comes back in a Button event: 1 to 64 bytes.
	Data string `cbor:"2,keyasint,omitzero"`
	// URL makes the key a link instead; Data is empty then.
	URL string `cbor:"3,keyasint,omitzero"`
	// Copy makes the key put this on the clipboard instead: 1 to 256 UTF-16 units.
	// Nobody is told of such a press, and Data is empty.
	Copy string `cbor:"4,keyasint,omitzero"`
	// Style colours the key.
	Style Style `cbor:"5,keyasint,omitzero"`
}

// Style is the colour of a key, by what pressing it means; empty is that of any
// other key.
type Style string

// The styles.
const (
	Danger  Style = "danger"
	Primary Style = "primary"
	Success Style = "success"
)
