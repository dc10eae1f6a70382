package lang

import (
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang/ask"
	"spasmbot/flows/plan"
)

// Lapse says that all that is kept of a person goes a while after they have told
// something. Var is the instant at which they have.
type Lapse struct {
	Var   string
	After time.Duration
}

// Flow is an ordered list of steps that a person is led through.
type Flow struct {
	ID      string
	Version int
	// Commands start the flow ("spasm" for /spasm).
	Commands []string
	// Links are the names by which a link opens the flow: t.me/bot?start=spasm is as
	// its first command.
	Links []string
	// While says when the commands and links apply.
	While While
	// Menu is the flow's place in the command menu, counted from 1; 0 leaves
	// it out.
	Menu int
	// Episode says that the flow begins an episode. Other flows run inside
	// one, or beside it, and return to where the person was.
	Episode bool
	// Urgent says that the flow asks about warning signs: what it says goes
	// before other answers.
	Urgent bool
	// SignsFirst says that the commands of the flow do nothing while a question about
	// warning signs waits for its answer, but ask that again.
	SignsFirst bool
	// Words says that words in what people type lead to the flow, as its first command
	// does, whatever was asked; those of flow 1 are looked at first. 0 is none.
	Words int
	// Help says that the button "I need help now", below every hint, leads to the
	// flow, as its first command does. At most one flow has it.
	Help  bool
	Steps []Step
	// Rounds and Recurrences are the timed treatments that steps start.
	// They are known all over the catalog by their names.
	Tracks []TrackSpec
	// Worse and Stop are the flows behind those buttons of every reminder.
	// Only an episode flow has them.
	Worse, Stop string
	// Card is what the card of the episode shows; only an episode flow has one. Nil is
	// none.
	Card *Card
	// Remember lists the variables that outlive the episode.
	Remember []string
	// Lapses lists what is kept of a person for a while only.
	Lapses []Lapse
	// ForgetUnless is a variable: of people for whom it is not true, nothing is kept any
	// longer than something waits for them. Empty keeps what is told.
	ForgetUnless string
	// History names the variable that is kept of each ended episode, such as
	// what set it off; only an episode flow has one. Empty keeps no history.
	History string
	// Waking bounds what is said in an episode of the flow and keeps to waking
	// hours. WakeFrom and WakeTo give the person's own, as hours of the day.
	Waking           plan.Window
	WakeFrom, WakeTo *Expr
	// Day says how the days of an episode of the flow are planned; nil is that each
	// round and reminder comes by its own rules alone.
	Day *Day
	// Retired says what becomes of people on a step, or with a round or a
	// reminder, that is no more: the one in its place, "" for a round or a
	// reminder that just ends.
	Retired map[string]string
	// Invariants is what must hold on every way through the catalog.
	Invariants []Invariant
	// Signs is the table of warning signs, which one flow of a catalog has at most;
	// nil in all others.
	Signs *SignTable
	// Papers says what the papers of a person are made from, in one flow of a catalog at
	// most; nil in all others.
	Papers *Papers

	index map[string]int
}

// WakingIn is this person's waking hours.
func (f *Flow) WakingIn(s Scope) plan.Window {
	w, _ := f.WakingTold(s)
	return w
}

// WakingTold is this person's waking hours, and whether they have told them.
func (f *Flow) WakingTold(s Scope) (w plan.Window, told bool) {
	w = f.Waking
	minute := func(e *Expr, into *int) bool {
		if e == nil {
			return true
		}
		v, err := e.Eval(s)
		hour, ok := numberIn(v)
		*into = int(hour * 60)
		return err == nil && ok && hour >= 0 && hour <= 24
	}
	if !minute(f.WakeFrom, &w.From) || !minute(f.WakeTo, &w.To) || w.From == w.To {
		return f.Waking, false
	}
	return w, f.WakeFrom != nil || f.WakeTo != nil
}

// Heir follows the retirements from a step to one that exists. It returns id
// itself if the flow has such a step, and "" if the step is gone without an
// heir.
func (f *Flow) Heir(id string) string {
	for range len(f.Retired) + 1 {
		if f.Step(id) >= 0 {
			return id
		}
		id = f.Retired[id]
	}
	return ""
}

// While says when a command applies: Always, WhenLive (in an episode), WhenIdle
// (outside of one), or in the episodes of the flows it names.
type While []string

// The words of a While that are no flows.
const (
	Always   = "always"
	WhenLive = "live"
	WhenIdle = "idle"
)

// Holds reports whether the command applies in an episode of a flow, "" for
// outside of one.
func (w While) Holds(episode string) bool {
	for _, word := range w {
		switch word {
		case Always:
			return true
		case WhenLive:
			if episode != "" {
				return true
			}
		case WhenIdle:
			if episode == "" {
				return true
			}
		case episode:
			return true
		}
	}
	return len(w) == 0
}

// Step returns the position of a step, -1 if the flow has none of that id.
func (f *Flow) Step(id string) int {
	if i, ok := f.index[id]; ok {
		return i
	}
	return -1
}

// Action is what a step does.
type Action string

// The actions of a step.
const (
	ActSay   Action = "say"   // show a text and go on
	ActAsk   Action = "ask"   // show a text and wait for an answer
	ActCall  Action = "call"  // run another flow, then go on
	ActStart Action = "start" // start a track
	ActBegin Action = "begin" // begin one now, because the person asked
	ActStop  Action = "stop"  // stop a track, or all of them
	ActEnd   Action = "end"   // end the episode
	ActShow  Action = "show"  // put the card at the end of the chat, or say why the last reminder came
	ActPaper Action = "paper" // hand over a paper of the person, with the words of the step
	// ActForget ends everything: nothing is kept of the person, who is as new.
	ActForget Action = "forget"
	ActGo     Action = "go" // do nothing but set and branch
)

// The targets of ActShow.
const (
	TheCard = "card"
	TheWhy  = "why"
)

// Shown are what ActShow shows.
var Shown = []string{TheCard, TheWhy}

// AllTracks as the target of ActStop stops every track.
const AllTracks = "all"

// Everything is the target of ActForget.
const Everything = "all"

// Return as a target leaves the flow and goes on behind the step that called
// it; in a flow that a command or a button started it goes back to where the
// person was.
const Return = "return"

// Step is one step of a flow.
type Step struct {
	ID string
	// When skips the step if it is false; nil is always true.
	When   *Expr
	Action Action
	// Question is what ActAsk asks; nil for a step that does not ask.
	Question ask.Question
	// Asked says of whom a question that is about warning signs is asked: those for
	// whom one of these holds; nil is everybody. The question's LeftOut says the same.
	Asked []*Expr
	// Target is the flow to call, the track to start or stop, the paper, or the outcome.
	Target string
	// Choices say what follows from an answer of that name. Others do as the
	// step says.
	Choices []Choice
	// Copies are the buttons above those that answer, which put a text on the
	// clipboard.
	Copies []Copy
	// Urgent is that of the step's flow.
	Urgent bool
	// Picture and Animation name a file of the catalog to show with the text.
	Picture, Animation string
	// Keep leaves the message in the chat once it is answered; otherwise the
	// next message takes its place.
	Keep bool
	// SameMessage puts what the step shows, its picture too, into the message of the
	// question before, if that has one.
	SameMessage bool
	// Set is evaluated in order when the step is done.
	Set []Assignment
	// Next holds the ways on, the first that holds is taken; empty means the
	// step that follows.
	Next []Branch
	Wait *Wait
	// Back leads to the question before; nil for a step that does not.
	Back *Back
	// Hash changes whenever the step's meaning does.
	Hash uint64
	// Asks stands for the question with its words, in English: it is the same
	// for two steps that ask the same. It is 0 for a step that does not ask.
	Asks uint64
}

// Choice is what follows from one answer to a question, and how its button is.
type Choice struct {
	ID string
	// Group says that ID is a group of warning signs: this follows from each of them,
	// and no button is called so.
	Group bool
	Next  string // empty: as the step says
	Set   []Assignment
	// Style colours the button.
	Style flows.Style
	// After is the reading time: pressed sooner than that after its message was
	// sent, the button counts for nothing. So it only delays: whoever waits can do
	// all that they could without it, and nothing else, which is why a model of what
	// people can do need not know it. 0 is none.
	After time.Duration
	// Lasting is the flow that the button leads to once its question is over. Empty
	// is none: the button is an old one then.
	Lasting string
}

// ReadFirst reports whether the step has a choice with a reading time.
func (s *Step) ReadFirst() bool {
	return slices.ContainsFunc(s.Choices, func(c Choice) bool { return c.After > 0 })
}

// Final reports whether nothing of the flow comes behind the step.
func (s *Step) Final() bool {
	return s.Action == ActForget || s.Action == ActEnd && len(s.Next) == 0
}

// Shows reports whether the step shows a file with its text.
func (s *Step) Shows() bool { return s.Picture+s.Animation != "" }

// Paper is the paper that the step hands over; "" for a step that does not.
func (s *Step) Paper() flows.Paper {
	if s.Action == ActPaper {
		return flows.Paper(s.Target)
	}
	return ""
}

// Says reports whether the step has a text of its own under a key, besides its words.
func (s *Step) Says(key string) bool {
	return slices.ContainsFunc(s.Choices, func(c Choice) bool { return c.ID == key }) ||
		slices.ContainsFunc(s.Copies, func(c Copy) bool { return c.ID == key || c.Text == key }) ||
		s.Question != nil && slices.ContainsFunc(s.Question.Texts(), func(t ask.Text) bool { return t.Key == key && !t.Shared })
}

// Choice is what the step says of an answer of that name; the zero Choice if it
// says nothing.
func (s *Step) Choice(id string) Choice {
	for i := range s.Choices {
		if c := &s.Choices[i]; c.ID == id && !c.Group {
			return *c
		}
	}
	return Choice{}
}

// Follows is what the step says of an answer: of the group if that is a warning sign,
// otherwise of the choice.
func (s *Step) Follows(choice, group string) Choice {
	if group == "" {
		return s.Choice(choice)
	}
	for i := range s.Choices {
		if c := &s.Choices[i]; c.ID == group && c.Group {
			return *c
		}
	}
	return Choice{}
}

// Copy is a button that puts a text on the clipboard and answers nothing. Both its
// words and the text are texts of the step.
type Copy struct {
	ID    string // of its words
	Text  string // of what it copies
	Style flows.Style
}

// Branch is a conditional way on.
type Branch struct {
	When *Expr // nil is always true
	To   string
}

// Assignment gives a variable a value. The variables "onset" and "zone" are
// the episode's onset and the person's time zone.
type Assignment struct {
	Var   string
	Value *Expr
}

// Wait bounds how long a question stands. A question without one stands for
// ever.
type Wait struct {
	// Nudge repeats the question once after this long; 0 means never.
	Nudge time.Duration
	// Timeout leaves the question by Next after this long; 0 means never.
	Timeout time.Duration
	// Until leaves it at an instant instead. With a late nudge, the end is
	// never before the nudge.
	Until *Expr
	// Waking moves the nudge and the end of the wait into waking hours.
	Waking bool
	Next   string
}

// Invariant is a promise that the checker proves. Either Before and Require
// are set, or Never and While.
type Invariant struct {
	// Before is what must not happen until Require holds: "any_reminder", a
	// reminder kind, or a step.
	Before  string
	Require *Expr
	// Never is what must not happen while While holds: a reminder kind, a
	// track (its starts), or a step.
	Never string
	While *Expr
	// Source is the place of the invariant, "file:line".
	Source string
}

// String is the invariant in words, as it is written.
func (i Invariant) String() string {
	words := func(e *Expr) string {
		if e == nil {
			return ""
		}
		return e.Source
	}
	if i.Never != "" {
		return "never " + i.Never + " while " + words(i.While)
	}
	return "before " + i.Before + " require " + words(i.Require)
}

// AnyReminder as Before of an Invariant stands for every reminder but the
// nudge, which repeats a question.
const AnyReminder = "any_reminder"
