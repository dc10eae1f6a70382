package lang

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"spasmbot/flows"
)

// Stranded counts live episodes by the steps they stand on, or must return to,
// that a catalog no longer has and has moved nowhere.
type Stranded map[flows.Place]int

// Note adds a person's state. Only Flow and Step of the places are kept.
func (st Stranded) Note(c *Catalog, s *flows.State) {
	if !s.Episode.Live() {
		return
	}
	seen := make(map[flows.Place]bool)
	for _, at := range append(slices.Clone(s.Stack), s.At) {
		if at.Step == "" {
			continue
		}
		f := c.Flow(at.Flow)
		if f != nil && f.Heir(at.Step) != "" {
			continue
		}
		place := flows.Place{Flow: at.Flow, Step: at.Step}
		if !seen[place] {
			seen[place] = true
			st[place]++
		}
	}
}

// StepsFingerprint stands for the steps of the catalog, and those that were moved:
// for what Stranded goes by. People who stand on the steps of one catalog stand
// on those of any other with the same fingerprint.
func (c *Catalog) StepsFingerprint() string {
	var names []string
	for _, f := range c.order {
		for i := range f.Steps {
			names = append(names, f.ID+" "+f.Steps[i].ID)
		}
		for id := range f.Retired {
			if f.Heir(id) != "" {
				names = append(names, f.ID+" "+id)
			}
		}
	}
	slices.Sort(names)
	sum := sha256.Sum256([]byte(strings.Join(names, "\n")))
	return hex.EncodeToString(sum[:])
}

// Err is nil if nobody is stranded, and says who is where otherwise.
func (st Stranded) Err() error {
	if len(st) == 0 {
		return nil
	}
	places := make([]flows.Place, 0, len(st))
	for p := range st {
		places = append(places, p)
	}
	slices.SortFunc(places, func(a, b flows.Place) int {
		return cmp.Or(cmp.Compare(a.Flow, b.Flow), cmp.Compare(a.Step, b.Step))
	})
	lines := make([]string, len(places))
	for i, p := range places {
		who := "1 live episode stands"
		if n := st[p]; n != 1 {
			who = fmt.Sprintf("%d live episodes stand", n)
		}
		lines[i] = fmt.Sprintf("%s on step %q of flow %q, which is gone: write under retired in flow %q: %s: {moved_to: another step}", who, p.Step, p.Flow, p.Flow, p.Step)
	}
	return fmt.Errorf("these flows would leave people without a step:\n%s", strings.Join(lines, "\n"))
}
