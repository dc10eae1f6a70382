package lang

import (
	"maps"
	"slices"
)

// heirs are what is in the place of what was retired, by the names of old.
type heirs struct {
	// tracks holds rounds and recurrences; nil for one that just ends.
	tracks    map[string]*TrackSpec
	questions []Renamed
}

// Renamed is a question in the place of a step that was retired.
type Renamed struct {
	Was string
	Is  *Step
}

// findHeirs follows the retirements.
func (c *Catalog) findHeirs() heirs {
	h := heirs{tracks: make(map[string]*TrackSpec)}
	for _, f := range c.order {
		for _, name := range slices.Sorted(maps.Keys(f.Retired)) {
			if i := f.Step(f.Heir(name)); i >= 0 && f.Steps[i].Question != nil {
				h.questions = append(h.questions, Renamed{name, &f.Steps[i]})
			}
			to := f.lastHeir(name)
			if spec := c.tracks[to]; spec != nil || to == "" {
				h.tracks[name] = spec
			}
		}
	}
	return h
}

// lastHeir follows the retirements of a flow to the end, "" for what just ends.
func (f *Flow) lastHeir(name string) string {
	for range f.Retired {
		if to, again := f.Retired[name]; again {
			name = to
		}
	}
	return name
}

// TrackHeir returns the round or recurrence in the place of one that was retired,
// nil if that just ends. It is false for one that was not.
func (c *Catalog) TrackHeir(name string) (heir *TrackSpec, retired bool) {
	heir, retired = c.heirs.tracks[name]
	return heir, retired
}

// RetiresTracks reports whether any was.
func (c *Catalog) RetiresTracks() bool { return len(c.heirs.tracks) > 0 }

// Renamed lists the questions in the place of retired steps.
func (c *Catalog) Renamed() []Renamed { return c.heirs.questions }
