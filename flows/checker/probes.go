package checker

import (
	"slices"
	"strconv"
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// probe begins the names of variables that no catalog can have. A step that an
// invariant names sets one to what the invariant's condition is at that moment,
// so that the walk learns of steps that leave no other trace in a turn.
const probe = "\x01"

// probed returns the catalog with probes in the steps that invariants name. A
// question needs none: it is where the person stands when the turn is done.
func (m *subject) probed(c *lang.Catalog) *lang.Catalog {
	list := c.Flows()
	named := false
	for i, f := range list {
		own := *f // it is indexed anew, and others may read theirs meanwhile
		own.Steps = slices.Clone(f.Steps)
		list[i] = &own
		for k := range own.Steps {
			s := &own.Steps[k]
			if s.Action == lang.ActAsk {
				continue
			}
			for _, p := range m.promises[s.ID] {
				name := probe + strconv.Itoa(len(m.probes))
				s.Set = append(slices.Clone(s.Set), lang.Assignment{Var: name, Value: p.cond})
				m.probes = append(m.probes, probed{p, s.ID})
				named = true
			}
		}
	}
	if !named {
		return c
	}
	return c.With(list)
}

// probed is what a probe stands for.
type probed struct {
	promise
	step string
}

// takeProbes removes the probes that a turn has set and returns them.
func takeProbes(s *flows.State) []flows.Var {
	var found []flows.Var
	for i := 0; i < len(s.Vars); {
		if v := s.Vars[i]; strings.HasPrefix(v.Name, probe) {
			found = append(found, v)
			s.Vars = slices.Delete(s.Vars, i, i+1)
			continue
		}
		i++
	}
	return found
}
