package diff

import (
	"fmt"
	"slices"
	"strings"

	"spasmbot/flows"
)

// Crowd counts live episodes by the step, round or reminder that they touch.
type Crowd struct {
	steps  map[flows.Place]presence
	tracks map[string]usage
}

// presence is how many wait at a step, and how many will return to it.
type presence struct{ here, returning int }

// usage is how many have a round on, and how many have the next start of a round
// or a reminder armed.
type usage struct{ on, armed int }

// NewCrowd returns a Crowd of nobody.
func NewCrowd() *Crowd {
	return &Crowd{steps: make(map[flows.Place]presence), tracks: make(map[string]usage)}
}

// Touched says how many a change touches, "" for nobody.
func (c *Crowd) Touched(ch Change) string {
	at, use := c.steps[ch.Place], c.tracks[ch.Track]
	var parts []string
	for _, p := range []struct {
		what string
		n    int
	}{{"here", at.here}, {"returning here", at.returning}, {"with it on", use.on}, {"with it armed", use.armed}} {
		if p.n > 0 || p.what == "here" && at.returning > 0 {
			parts = append(parts, fmt.Sprintf("%s: %d", p.what, p.n))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "live episodes " + strings.Join(parts, ", ")
}

// Note counts a person in.
func (c *Crowd) Note(s *flows.State) {
	if !s.Episode.Live() {
		return
	}
	var seen []flows.Place
	for i, at := range append(slices.Clone(s.Stack), s.At) {
		place := flows.Place{Flow: at.Flow, Step: at.Step}
		if at.Step == "" || slices.Contains(seen, place) {
			continue
		}
		seen = append(seen, place)
		p := c.steps[place]
		if i == len(s.Stack) {
			p.here++
		} else {
			p.returning++
		}
		c.steps[place] = p
	}
	for _, tr := range s.Tracks {
		use := c.tracks[tr.Name]
		switch {
		case !tr.On.IsZero():
			use.on++
		case tr.Running:
			use.armed++
		}
		c.tracks[tr.Name] = use
	}
}
