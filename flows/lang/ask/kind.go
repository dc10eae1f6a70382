package ask

import "regexp"

// Kind is a kind of question: a word behind "ask:" in a flow file.
type Kind interface {
	// Word is the kind in a flow file: "scale".
	Word() string
	// Doc says in a few words how it is answered, for those who write flows:
	// "0 to 10". It may be "" if the word says it all.
	Doc() string
	// Parts are the keys that a step of this kind has besides those of every
	// step.
	Parts() []Part
	// Read makes the question of a step, and tells the reader what is wrong with
	// it. It returns one in any case: the first mistake is not to hide others.
	Read(r Reader) Question
}

// Kinds lists the kinds of questions, in the order in which they are explained.
func Kinds() []Kind {
	return []Kind{
		choiceKind{}, ticksKind{}, cardKind{}, signsKind{}, signKind{}, scaleKind{}, hourKind{}, numberKind{}, textKind{}, languageKind{}, countryKind{}, cityKind{},
	}
}

// Part is some keys that belong together. Kinds share a part by returning the
// same one.
type Part struct {
	Keys []Key
	// Astray is told of a step that has one of the keys and asks a question of
	// another kind, or none.
	Astray Fault
	// Lacking is told of a question that has not got all of the keys. It is empty
	// if they can be left out.
	Lacking Fault
}

// Fault is something wrong with a step, and what to do.
type Fault struct {
	// What goes on behind the name of the step: "has columns but no choices".
	What string
	// Remedy may contain the kinds that have the part: {all} joins them with
	// "and", {one} with "or".
	Remedy string
}

// Key is a key of a step.
type Key struct {
	Name string
	Type KeyType
	// Doc describes the key to those who write flows.
	Doc string
	// Least and Most are the bounds of a WholeKey, for editors that underline.
	Least, Most int
	// Asks is the kind of question that the step which a NameKey names must ask; ""
	// if it names no step.
	Asks string
}

// KeyType is what stands behind a key.
type KeyType uint8

// The types of keys.
const (
	WholeKey   KeyType = iota // a whole number, 0 and more
	NumberKey                 // a number, perhaps with a fraction
	NameKey                   // a-z, 0-9 and _
	MeasureKey                // the name of a measurement
	PatternKey                // a regular expression
	ChoicesKey                // choices, with where they lead and what they set
	ClassKey                  // a class of warning signs
	NamesKey                  // a name, or a list of them
	GroupsKey                 // groups of warning signs, with where they lead and what they set
	TruthKey                  // true or false
	GatesKey                  // gates, each with a list of choices
)

// Reader is a step in a flow file, as far as a kind of question reads it. A
// value is not sound if its key is not there or cannot be read, which the reader
// has told then.
type Reader interface {
	// Step is the name of the step.
	Step() string
	Whole(key string) (n int, sound bool)
	Number(key string) (n float64, sound bool)
	// Name reads a NameKey, a MeasureKey or a ClassKey.
	Name(key string) (name string, sound bool)
	// List reads a NamesKey, or the names of a GroupsKey.
	List(key string) (names []string, sound bool)
	// Pattern reads a regular expression that a whole text must match; nil is
	// any.
	Pattern(key string) (pattern *regexp.Regexp, sound bool)
	// Choices reads the names of choices, in their order.
	Choices(key string) (ids []string, sound bool)
	// Names reads the names of choices that are nothing but names: the reader
	// tells of those that have anything to them. One more may be there to say how
	// the button of that name looks and when it counts, which is not among the ids then.
	Names(key, button string) (ids []string, sound bool)
	Truth(key string) (truth, sound bool)
	// Gates reads gates, in their order.
	Gates(key string) (gates []Gate, sound bool)
	// Fault tells what is wrong with the value of a key, and what to do. The key
	// "ask" is always there; "gates.name" is a key below another.
	Fault(key, what, remedy string)
}
