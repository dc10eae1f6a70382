package ask

import (
	"fmt"
	"slices"
	"strings"

	"spasmbot/flows"
)

// Gate is a truth about the answer to a question: that at least one of some of its
// parts is true. It is not kept, but read off the parts that are, so that it is never
// older than the flows.
type Gate struct {
	// Name is the variable: it has no more of the step's name than whoever wrote
	// the flow gave it.
	Name string
	// Of are the parts, each a truth: the variable is STEP_part.
	Of []string
}

const (
	// maxGates is how many gates a question has: they fit into a vector.
	maxGates = 32
	// maxVectors is how many vectors of gates a proof goes through one by one.
	maxVectors = 64
)

// Gates is the part of the kinds of whose answer conditions read gates.
func Gates() Part {
	return Part{
		Keys:   []Key{{Name: "gates", Type: GatesKey, Doc: "Truths that conditions read in the place of single ticks: each has the choices of which one opens it."}},
		Astray: Fault{"has gates but no ticks", "gates belong to {all}"},
	}
}

// readGates reads the gates of a question with these choices.
func readGates(r Reader, ids []string, sound bool) []Gate {
	gates, there := r.Gates("gates")
	switch {
	case there && len(gates) == 0:
		r.Fault("gates", fmt.Sprintf("step %q has no gate", r.Step()), `write one as "name: [choice, choice]", or remove the key`)
	case len(gates) > maxGates:
		r.Fault("gates", fmt.Sprintf("step %q has %d gates", r.Step(), len(gates)), fmt.Sprintf("write at most %d", maxGates))
		gates = gates[:maxGates]
	}
	if !sound {
		return gates
	}
	for _, g := range gates {
		for i, id := range g.Of {
			at := "gates." + g.Name
			switch {
			case !slices.Contains(ids, id):
				r.Fault(at, fmt.Sprintf("the gate %q names %q, which is no choice of step %q", g.Name, id, r.Step()), "its choices are "+strings.Join(ids, between))
			case slices.Contains(g.Of[:i], id):
				r.Fault(at, fmt.Sprintf("the gate %q names %q twice", g.Name, id), "keep one of them")
			}
		}
	}
	return gates
}

// vector is which gates an answer opens: the n-th bit is the n-th gate.
type vector uint32

// opens are the gates that a set of ticks opens.
func (t ticks) opens(s set) vector {
	var v vector
	for i, of := range t.of {
		if of&s != 0 {
			v |= 1 << i
		}
	}
	return v
}

// vectors finds, for each vector of gates that something ticked gives, a smallest set
// of ticks that gives it. It finds none if there are more than a proof goes through.
func (t ticks) vectors() []set {
	var list []set
	seen := make(map[vector]bool)
	extend := func(s set) {
		for i := range t.ids {
			if v := t.opens(s | 1<<i); !seen[v] {
				seen[v] = true
				list = append(list, s|1<<i)
			}
		}
	}
	extend(0)
	for i := 0; i < len(list) && len(list) <= maxVectors; i++ {
		extend(list[i])
	}
	if len(list) > maxVectors {
		return nil
	}
	return list
}

// possibleGates are the answers of a question with gates: nobody reads its single
// ticks, so there is one answer for each vector of gates.
func (t ticks) possibleGates(step string) []Possible {
	of := func(choice string, gate func(i int, name string) Setting) Possible {
		p := Possible{Choice: choice, Sets: []Setting{known(step, flows.TextOf(choice))}}
		for _, id := range t.ids {
			tick := AnyTruth(step + "_" + id)
			tick.Known = choice == noTick
			p.Sets = append(p.Sets, tick)
		}
		for i, g := range t.gates {
			p.Sets = append(p.Sets, gate(i, g.Name))
		}
		return p
	}
	list := []Possible{of(noTick, func(_ int, name string) Setting { return known(name, flows.BoolOf(false)) })}
	list[0].Together = []string{}
	for _, s := range t.each {
		v := t.opens(s)
		some := of(ticked, func(i int, name string) Setting { return known(name, flows.BoolOf(v>>i&1 == 1)) })
		some.Together = t.names(s)
		list = append(list, some)
	}
	if t.each != nil {
		return list
	}
	// There are too many. One choice is the first that is ticked: its gates are open,
	// those without it and without any behind it are closed.
	for k := range t.ids {
		sure, may := t.opens(1<<k), t.opens(1<<len(t.ids)-1<<k)
		list = append(list, of(ticked, func(i int, name string) Setting {
			if sure>>i&1 == may>>i&1 {
				return known(name, flows.BoolOf(sure>>i&1 == 1))
			}
			return AnyTruth(name)
		}))
	}
	return list
}

func known(name string, v flows.Value) Setting { return Setting{Var: name, Value: v, Known: true} }
