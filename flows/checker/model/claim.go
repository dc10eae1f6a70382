package model

import (
	"slices"
	"strconv"

	"spasmbot/flows/lang"
)

// Claim is a promise: whenever one of some things happens, a condition is what
// it is wanted to be.
type Claim struct {
	// Names are the steps, and the kinds of reminders, that it speaks of.
	Names []string
	Cond  *lang.Expr
	Want  bool
}

// Move is an event on the way to something, with where it leads.
type Move struct {
	Event
	// Then is the question in force afterwards, "" if there is none, Anywhere if
	// that makes no difference.
	Then string
	// Doubts are the conditions that might have gone another way.
	Doubts []Doubt
}

// Anywhere stands for any question.
const Anywhere = "\x00"

// Outcome is what a walk has found.
type Outcome struct {
	// Points is how many were gone through.
	Points int
	// Whole says that there are no more.
	Whole bool
	// Broken is a way by which the claim does not hold, nil if there is none.
	Broken []Move
	// Mixed are the variables that were not what they had been when something came
	// between on the Broken way. To follow them there, see Follow.Kept.
	Mixed []string
	// Chance is a way on which what the claim speaks of happens and it holds, nil
	// if that never happens.
	Chance []Move
	// Seen is what was gone through.
	Seen *Seen
	// Cuts are, by variable, how many seconds from now an instant is when a
	// condition changes.
	Cuts map[string][]float64
}

// Walk goes through a model, up to most points, to find where a claim does not
// hold. If it is Whole and there is no Broken way, there is none in the engine.
func (m *Model) Walk(claim Claim, most int) Outcome {
	var out Outcome
	x := newExplorer(m, most)
	x.claim, x.matter = claim.Cond, m.matters(claim.Names)
	x.skips = m.skips(claim.Names, x.matter)
	x.watch = func(x *explorer, h Happening) {
		if !slices.Contains(claim.Names, h.Name) {
			return
		}
		t := condition(claim.Cond, view{m, h.d})
		if t.May(!claim.Want) && out.Broken == nil {
			x.lost = make(map[int]bool)
			out.Broken, x.done = x.way(h), true
			for i, name := range m.vars {
				if x.lost[i] {
					out.Mixed = append(out.Mixed, name)
				}
			}
		}
		if t.May(claim.Want) && out.Chance == nil {
			out.Chance = x.way(h)
		}
	}
	out.Whole = x.run()
	out.Points = len(x.points)
	out.Seen = &Seen{m: m, skips: x.skips, rests: x.rests()}
	out.Cuts = make(map[string][]float64)
	for i, name := range m.vars {
		if m.zero[i].kind == never {
			out.Cuts[name] = m.bounds[i]
		}
	}
	return out
}

// way is how a happening comes about. It has one move at least.
func (x *explorer) way(h Happening) []Move {
	moves := x.moves(h.at)
	if h.label.Kind != NoEvent {
		moves = append(moves, Move{Event: h.label})
	}
	if moves == nil {
		moves = []Move{}
	}
	return moves
}

// moves lists the events that lead to a point.
func (x *explorer) moves(at int32) []Move {
	var list []Move
	way := x.track(at, false)
	skipped := int16(-1) // the step that is being passed
	for i, p := range way {
		if skipped >= 0 && p.place == atStep && p.ctx == way[i-1].ctx && p.flow == way[i-1].flow || skipped >= 0 && p.exit >= 0 && p.place == atStep {
			first, route := x.route(p.flow, skipped, p.step)
			if len(list) > 0 {
				last := &list[len(list)-1]
				last.Doubts = append(last.Doubts, first...)
			}
			list = append(list, route...)
			skipped = -1
		}
		if p.label != 0 {
			list = append(list, Move{Event: x.labels[p.label], Then: Anywhere})
		}
		if p.place == atStep && int(p.step) < len(x.flows[p.flow].Steps) && x.skips.over(p.flow, p.step) {
			skipped = p.step
		}
		if len(list) == 0 {
			continue
		}
		last := &list[len(list)-1]
		last.Doubts = append(last.Doubts, x.doubts[p.doubts]...)
		switch p.place {
		case atRest:
			last.Then = x.stepOf(p.point).ID
		case atIdle:
			last.Then = ""
		}
	}
	// Whoever passes a question stands there before.
	for i := range list {
		if next := i + 1; next < len(list) && (list[next].Kind == Answered || list[next].Kind == TimedOut) {
			list[i].Then = list[next].Step
		}
	}
	return list
}

// track lists the points that lead to one, from the beginning, or from where its
// context begins.
func (x *explorer) track(at int32, within bool) []passed {
	var back []passed
	for at >= 0 {
		p := x.points[at]
		if p.exit >= 0 {
			label := p.label
			p.label = 0
			back = append(back, p)
			inner := x.track(p.exit, true)
			x.compare(x.points[p.from].data, inner[0].data)
			inner[0].label = label
			slices.Reverse(inner)
			back = append(back, inner...)
			at = p.from
			continue
		}
		back = append(back, p)
		if within && p.entry {
			break
		}
		at = p.from
	}
	slices.Reverse(back)
	return back
}

// compare notes which variables a context has not remembered, on a way that
// enters it with some data and goes on with others.
func (x *explorer) compare(entered, went int32) {
	a, b := x.rest(x.datas[entered]), x.rest(x.datas[went])
	for i := range a.vars {
		if a.vars[i] != b.vars[i] {
			x.lost[i] = true
		}
	}
}

// String says what the person, or time, does.
func (mv Move) String() string {
	switch mv.Kind {
	case Answered:
		if mv.Choice != "" {
			return mv.Step + ": " + mv.Choice
		}
		return mv.Step + " is answered"
	case TimedOut:
		return mv.Step + " times out"
	case Asked:
		return mv.Step + " is asked again"
	case Command:
		return "/" + mv.Name
	case Button:
		return "the button " + mv.Name
	case Came:
		return mv.Track + " comes (" + string(mv.Phase) + ")"
	}
	return mv.Track + " ends"
}

// Admits reports whether what was pressed or typed may be the value.
func (v Value) Admits(answer string) bool {
	switch v.kind {
	case text:
		return v.text == answer
	case number:
		n, err := strconv.ParseFloat(answer, 64)
		return err == nil && v.span.equal(exactly(n)).May(true)
	}
	return true
}
