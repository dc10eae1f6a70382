package plan

import (
	"slices"
	"time"

	"spasmbot/flows"
)

// Class says what something timed is to the person.
type Class string

// The classes. A take-off is never armed by itself: it belongs to a round.
const (
	ClassTakeOff  Class = "take-off"
	ClassSafety   Class = "safety"
	ClassRound    Class = "round"
	ClassCheckIn  Class = "check_in"
	ClassExercise Class = "exercise"
	ClassMove     Class = "move"
	ClassWater    Class = "water"
)

// ClassQuestion is a question that is repeated, or given up: no track is of it. As one
// of safety it waits for nothing but that no other thing rings.
const ClassQuestion Class = "question"

// free reports whether a class is bound by no budget, and rides on nothing.
func (c Class) free() bool { return c == ClassSafety || c == ClassQuestion }

// Classes are those that a track can have, in the usual order.
func Classes() []Class {
	return []Class{ClassSafety, ClassRound, ClassCheckIn, ClassExercise, ClassMove, ClassWater}
}

// Policy says how a person's days are planned. A day is the person's own: it lasts
// from one waking to the next.
type Policy struct {
	// Order has the classes, the most important first. What is not named comes last.
	// A question that is repeated stands behind those of safety.
	Order []Class
	// Quarter is how near two rings of different things must not be. What comes so near
	// to a message that can carry it rides on that.
	Quarter time.Duration
	// Apart has the classes with no place while a pack is on or a question stands.
	Apart []Class
	// Invitations and Rings bound a day; 0 is no bound, and a negative one leaves room
	// for nothing. Take-offs, looks and questions of safety count, and come in any case.
	Invitations, Rings int
	// Evening is how long before the person sleeps the last round of a day is called.
	Evening time.Duration
	// Awake is for how long somebody is awake who has done something at night.
	Awake time.Duration
}

func (p *Policy) rank(c Class) int {
	if c == ClassQuestion {
		c = ClassSafety
	}
	if i := slices.Index(p.Order, c); i >= 0 {
		return i
	}
	return len(p.Order)
}

func (p *Policy) apart(c Class) bool { return slices.Contains(p.Apart, c) }

// Thing is something that is armed for a person, by itself: what they ask for comes
// at once, and is planned by nobody.
type Thing struct {
	// Name tells things apart. The call, the look and the take-off of a round are one
	// thing.
	Name  string
	Class Class
	// Due is when it is to come. If a round of it is on, the next follows that.
	Due time.Time
	// Rules and Track are what its gate goes by.
	Rules Rules
	Track flows.Track
	// Look is how long behind its call a round is looked at; 0 is not. QuietLook says
	// that this makes no sound.
	Look      time.Duration
	QuietLook bool
	// Once says that it comes a single time.
	Once bool
	// Fixed says that the person has put it off to when it is due: it comes then, and
	// once.
	Fixed bool
	// Silent says that it does not ring.
	Silent bool
	// Night lets it come at any hour: the question behind skin that looked wrong, and
	// an emergency's asking back.
	Night bool
}

// Pack is a round that was called, and may be on.
type Pack struct {
	Thing string
	// Look is when it is looked at; zero if it was, or is not to be. Ends is when it is
	// taken off.
	Look, Ends time.Time
	QuietLook  bool
}

// Situation is how it stands with a person at an instant.
type Situation struct {
	Now  time.Time
	Zone *time.Location
	// Waking are the hours in which the person may be woken up; zero for all.
	Waking Window
	// Heard is when they last did anything.
	Heard time.Time
	// Question says that a question stands. Answers says that the turn at hand answers
	// the person: what has waited rides on that, and makes no sound.
	Question, Answers bool
	// On are the rounds in progress, and Rang what rang since the person woke up, at
	// the least, and on the same day of theirs farther east.
	On   []Pack
	Rang []flows.Ring
}

// Entry is one thing of a day's plan.
type Entry struct {
	Thing string
	Class Class
	// Phase is that of the reminder: a call, a look, a take-off, or a tick.
	Phase flows.Phase
	// At is when it comes. With names the thing on whose message it rides, or [Answer];
	// it is empty for a message of its own.
	At   time.Time
	With string
	// Due is when it would come by its own rules. What follows comes behind both.
	Due time.Time
	// Moved is what has moved it from when it was to come, if the plan has.
	Moved flows.Move
	// Silent says that its message makes no sound; what rides makes none of its own.
	Silent bool
	// Invites says that it rings and asks for something new.
	Invites bool
	// Left says why it does not come on this day. Then At is when to plan it anew at
	// the latest; it is zero for what never comes again.
	Left Left
}

// Left is why something does not come on a day.
type Left string

// The reasons.
const (
	Comes  Left = ""         // it does come
	Waits  Left = "question" // a question stands; plan anew when it does not any more
	Spent  Left = "budget"   // the day has no room for it
	Shut   Left = "when"     // its condition does not hold at that instant, as far as is known now: ask it then
	Closed Left = "later"    // its gate opens on another day, or the day has no place for it
	Over   Left = "over"     // its gate opens never again
)

// Answer is in [Entry.With] what rides on the answer to the person.
const Answer = "answer"

// Rings reports whether an entry is a message with a sound.
func (e *Entry) Rings() bool { return e.Left == Comes && e.With == "" && !e.Silent }
