package diff

import (
	"fmt"
	"slices"

	"spasmbot/flows"
)

// Crowd counts live episodes by the step that they touch.
type Crowd map[flows.Place]Presence

// Presence is how many wait at a step, and how many will return to it.
type Presence struct{ Here, Returning int }

func (p Presence) String() string {
	switch {
	case p.Here == 0 && p.Returning == 0:
		return ""
	case p.Returning == 0:
		return fmt.Sprintf("live episodes here: %d", p.Here)
	}
	return fmt.Sprintf("live episodes here: %d, returning here: %d", p.Here, p.Returning)
}

// Note counts a person in.
func (c Crowd) Note(s *flows.State) {
	if !s.Episode.Live() {
		return
	}
	var seen []flows.Place
	for i, at := range append(slices.Clone(s.Stack), s.At) {
		place := flows.Place{Flow: at.Flow, Step: at.Step}
		if slices.Contains(seen, place) {
			continue
		}
		seen = append(seen, place)
		p := c[place]
		if i == len(s.Stack) {
			p.Here++
		} else {
			p.Returning++
		}
		c[place] = p
	}
}
