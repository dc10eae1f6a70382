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
// steps they stand on, or must return to, that were moved nowhere, and rounds and
// reminders that they have on, or armed, and that were not retired.
type Stranded map[need]tally

// need is a step of a flow, or a round or reminder, and what is wrong with it.
type need struct {
	flow, step, track string
	fault             trackFault
	// adrift says that the flow of a round or reminder is gone, too.
	adrift bool
}

// tally is how many episodes stand on a step, have a round on, or have the next
// start of a round or reminder armed.
type tally struct{ here, on, armed int }

// Note adds a person's state.
func (st Stranded) Note(c *Catalog, s *flows.State) {
	if !s.Episode.Live() {
		return
	}
	missing := make(map[need]tally)
	for _, at := range append(slices.Clone(s.Stack), s.At) {
		if f := c.Flow(at.Flow); at.Step != "" && (f == nil || f.Heir(at.Step) == "") {
			missing[need{flow: at.Flow, step: at.Step}] = tally{here: 1}
		}
	}
	for i := range s.Tracks {
		tr := &s.Tracks[i]
		n := need{flow: tr.Flow, track: tr.Name, fault: c.faultOf(s, tr), adrift: c.Flow(tr.Flow) == nil}
		switch {
		case n.fault == sound:
		case !tr.On.IsZero():
			missing[n] = tally{on: 1}
		default:
			missing[n] = tally{armed: 1}
		}
	}
	for n, one := range missing {
		all := st[n]
		st[n] = tally{all.here + one.here, all.on + one.on, all.armed + one.armed}
	}
}

// trackFault is why a person's round or reminder cannot go on.
type trackFault int

const (
	sound   trackFault = iota
	gone               // it is not there any more
	changed            // what has its name now is of the other kind
	astray             // what is in its place is of the other kind
	mute               // nobody has kept how its take-off is told
)

// faultOf says whether the catalog knows what is to become of a person's round or
// reminder, if they have it on or armed.
func (c *Catalog) faultOf(s *flows.State, tr *flows.Track) trackFault {
	if tr.On.IsZero() && !tr.Running {
		return sound
	}
	spec := c.Track(tr.Name)
	if spec != nil && spec.fits(s, tr) {
		return sound
	}
	heir, retired := c.TrackHeir(tr.Name)
	switch {
	case !tr.On.IsZero() && tr.OffText == "":
		return mute // it began when this was not kept yet
	case spec != nil:
		return changed
	case !retired:
		return gone
	case heir != nil && !heir.fits(s, tr):
		return astray
	}
	return sound
}

// fits reports whether a person's round or reminder is one of this kind, as far as
// their timers tell.
func (t *TrackSpec) fits(s *flows.State, tr *flows.Track) bool {
	if !tr.On.IsZero() {
		return t.Round()
	}
	return !slices.ContainsFunc(s.Pending, func(r flows.Reminder) bool {
		return r.Track == tr.Name && r.Starts() && r.Phase != t.Start()
	})
}

// StepsFingerprint stands for the steps of the catalog, its rounds and reminders,
// and what was retired: for what Stranded goes by. Nobody whom one catalog leaves
// without anything is left so by another with the same fingerprint.
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
	for name, spec := range c.tracks {
		names = append(names, spec.kind()+" "+name)
	}
	for name, heir := range c.heirs.tracks {
		names = append(names, "retired "+heir.kind()+" "+name)
	}
	slices.Sort(names)
	sum := sha256.Sum256([]byte(strings.Join(names, "\n")))
	return hex.EncodeToString(sum[:])
}

// kind is what people who write flows call it; nil is nothing.
func (t *TrackSpec) kind() string {
	switch {
	case t == nil:
		return "nothing"
	case t.Round():
		return "round"
	}
	return "reminder"
}

// Err is nil if nobody is stranded, and says who is where otherwise.
func (st Stranded) Err() error {
	if len(st) == 0 {
		return nil
	}
	needs := slices.SortedFunc(maps.Keys(st), func(a, b need) int {
		return cmp.Or(cmp.Compare(a.flow, b.flow), cmp.Compare(a.step, b.step), cmp.Compare(a.track, b.track), cmp.Compare(a.fault, b.fault))
	})
	lines := make([]string, len(needs))
	for i, n := range needs {
		lines[i] = n.missed(st[n])
	}
	return fmt.Errorf("these flows would leave people without what they are in:\n%s", strings.Join(lines, "\n"))
}

// missed says how many people miss what they need, and what to do.
func (n need) missed(by tally) string {
	if n.step != "" {
		return fmt.Sprintf("%s on step %q of flow %q, which is gone: write under retired in flow %q: %s: {moved_to: another step}",
			episodes(by.here, "stands", "stand"), n.step, n.flow, n.flow, n.step)
	}
	var who []string
	if by.on > 0 {
		who = append(who, episodes(by.on, "has", "have")+" it on")
	}
	if by.armed > 0 {
		who = append(who, episodes(by.armed, "has", "have")+" it armed")
	}
	what := map[trackFault]string{
		gone:    "is gone",
		changed: "is of another kind now",
		astray:  "is moved to what is of another kind",
		mute:    "is gone, and how to tell of its take-off was not kept by the program of then",
	}[n.fault]
	where := fmt.Sprintf("flow %q", n.flow)
	if n.adrift {
		where = "any flow"
	}
	write := fmt.Sprintf("write under retired in %s: %s: {moved_to: another of its kind}, or %s: {ends: true}", where, n.track, n.track)
	remedy := map[trackFault]string{
		gone:    write,
		changed: "give the new one another name, and " + write,
		astray:  write,
		mute:    "keep the round until it is over",
	}[n.fault]
	return fmt.Sprintf("%q of flow %q %s: %s: %s", n.track, n.flow, what, strings.Join(who, ", "), remedy)
}

func episodes(n int, one, more string) string {
	if n == 1 {
		return "1 live episode " + one
	}
	return fmt.Sprintf("%d live episodes %s", n, more)
}
