package lang

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"spasmbot/flows"
)

// Stranded counts live episodes by what they need and a catalog no longer has:
// steps they stand on, or must return to, that were moved nowhere, and rounds in
// progress, whose end could not be told.
type Stranded map[need]int

// need is a step of a flow, or a round.
type need struct{ flow, step, round string }

// Note adds a person's state.
func (st Stranded) Note(c *Catalog, s *flows.State) {
	if !s.Episode.Live() {
		return
	}
	missing := make(map[need]bool)
	for _, at := range append(slices.Clone(s.Stack), s.At) {
		if f := c.Flow(at.Flow); at.Step != "" && (f == nil || f.Heir(at.Step) == "") {
			missing[need{flow: at.Flow, step: at.Step}] = true
		}
	}
	for _, tr := range s.Tracks {
		if spec := c.Track(tr.Name); !tr.On.IsZero() && (spec == nil || !spec.Round()) {
			missing[need{round: tr.Name}] = true
		}
	}
	for n := range missing {
		st[n]++
	}
}

// StepsFingerprint stands for the steps of the catalog, those that were moved, and
// the rounds: for what Stranded goes by. People who stand on the steps of one catalog stand
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
		for i := range f.Tracks {
			if f.Tracks[i].Round() {
				names = append(names, f.Tracks[i].Name)
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
	needs := slices.SortedFunc(maps.Keys(st), func(a, b need) int {
		return cmp.Or(cmp.Compare(a.flow, b.flow), cmp.Compare(a.step, b.step), cmp.Compare(a.round, b.round))
	})
	lines := make([]string, len(needs))
	for i, n := range needs {
		lines[i] = n.missed(st[n])
	}
	return fmt.Errorf("these flows would leave people without what they are in:\n%s", strings.Join(lines, "\n"))
}

// missed says how many people miss what they need, and what to do.
func (n need) missed(people int) string {
	who, stands, is := "1 live episode", "stands", "is"
	if people != 1 {
		who, stands, is = fmt.Sprintf("%d live episodes", people), "stand", "are"
	}
	if n.round != "" {
		return fmt.Sprintf("%s %s in round %q, which is gone, and could not be told to take it off: keep the round until it is over", who, is, n.round)
	}
	return fmt.Sprintf("%s %s on step %q of flow %q, which is gone: write under retired in flow %q: %s: {moved_to: another step}", who, stands, n.step, n.flow, n.flow, n.step)
}
