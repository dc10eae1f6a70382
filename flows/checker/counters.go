package checker

import "slices"

// counter is a variable that is counted, and so set from itself. Each of its
// values around the thresholds of the conditions is told apart: the one that
// changes a truth would never be reached otherwise.
type counter struct {
	name        string
	least, most float64
}

// maxCount is how far below its first threshold a counter is followed.
const maxCount = 8

// count finds the counters among the variables of the conditions.
func (p *predicates) count(heirs map[string][]string) {
	for _, name := range p.vars {
		if !slices.Contains(heirs[name], name) {
			continue
		}
		var limits []float64
		for i := range p.list {
			if e := p.list[i].expr; e.Uses(name) {
				limits = append(limits, e.Syntax().Numbers()...)
			}
		}
		if _, isNumber := p.c.Vars[name].(float64); isNumber && len(limits) > 0 {
			p.counters = append(p.counters, counter{name, slices.Min(limits) - maxCount, slices.Max(limits) + 1})
		}
	}
}

// counted writes the values of the counters, within their bounds.
func (p *predicates) counted(b []byte, s scope) []byte {
	for _, c := range p.counters {
		v, _ := s.Lookup(c.name).(float64)
		b = append(b, byte(min(max(v, c.least), c.most)-c.least))
	}
	return b
}
