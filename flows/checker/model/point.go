package model

import "spasmbot/flows/lang"

// place is what a point is.
type place uint8

const (
	atStep    place = iota // about to do a step
	atReturn               // back from the flow that a step has called
	atAsk                  // about to ask a question
	atRest                 // a question is in force
	atIdle                 // nothing is
	atBetween              // something may come between, wherever the person is
	atExit                 // a flow has come to its end
)

// point is where a person is in a conversation. Points that are equal go on
// alike.
type point struct {
	place      place
	ctx        int32 // the context, see there
	flow, step int16
	data       int32
}

// passed is a point that was reached, and how.
type passed struct {
	point
	// from is the point before, -1 for the first. Behind a return it is where the
	// context was entered from, label how, and exit the point that it returned
	// from, otherwise -1.
	from, exit int32
	// label and doubts number an event, 0 for none, and the conditions that might
	// have gone another way.
	label, doubts int32
	// entry says that the context begins here.
	entry bool
}

// Doubt is a condition of which is not known whether it holds, and which way was
// taken.
type Doubt struct {
	Expr *lang.Expr
	Took bool
}

// context is a flow that was entered by whoever called it; or, as the flow
// between, all that may come between. Of the data at that moment only the mark is
// remembered: contexts whose marks are equal return to each other's callers.
type context struct {
	flow, start int16
	mark        int32
	// root says that there is nothing to return to.
	root bool
}

// The flows of a context that is none's.
const (
	nowhere int16 = -1 // where a stranger is
	between int16 = -2
)

// frame is where a context returns to.
type frame struct {
	what frameKind
	point
	// from is the point at which the context was entered, label how.
	from  int32
	label Event
}

type frameKind uint8

const (
	toIdle    frameKind = iota
	toCall              // behind the step that called
	toAsk               // the question that was interrupted is asked again
	toCallers           // that question was given up: on to where its own flow returns to
)

// stay is what is known of a context.
type stay struct {
	context
	callers []frame
	exits   []int32
}
