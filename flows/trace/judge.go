package trace

import (
	"fmt"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// Verdict is what is found of a timeline.
type Verdict string

// The verdicts.
const (
	// Accepted: every entry is one that the flows could have brought.
	Accepted Verdict = "accepted"
	// Refused: an entry is none.
	Refused Verdict = "refused"
	// NotJudged: it cannot be held against these flows.
	NotJudged Verdict = "not judged"
)

// Finding is what is found of one timeline.
type Finding struct {
	User    int64
	Episode string
	Verdict Verdict
	// Entry is the number of the first entry that is refused, 0 if none is.
	Entry uint64
	// Why says why a timeline is refused or not judged. It tells of a person's
	// health.
	Why string
}

// Judge holds each timeline of an export against the flows.
func Judge(c *lang.Catalog, e *Export) []Finding {
	j := &judge{
		catalog: withOpenings(c), export: e, clock: newClock(e),
		commands: commandsOf(c), version: flows.Version(c.Fingerprint),
	}
	var list []Finding
	for _, p := range e.people {
		list = append(list, j.person(p)...)
	}
	return list
}

type judge struct {
	catalog  *lang.Catalog
	export   *Export
	clock    *clock
	commands []string
	version  string
	// turns is how many were tried.
	turns int
}

// stretch is some timelines of a person without a gap, one behind the other, as far
// as they can be judged.
type stretch struct {
	p         *person
	timelines []*timeline
	entries   []entry
	// ends is behind the last entry of each timeline.
	ends []int
	// last says that nothing of the person comes behind.
	last bool
}

// person judges the timelines of one person.
func (j *judge) person(p *person) []Finding {
	found := make(map[*timeline]Finding)
	tell := func(t *timeline, v Verdict, seq uint64, why string) {
		found[t] = Finding{p.user, t.name, v, seq, why}
	}
	for i := 0; i < len(p.timelines); {
		t := p.timelines[i]
		if why := p.foreign(i, j.version); why != "" {
			tell(t, NotJudged, 0, why)
			i++
			continue
		}
		s := j.stretch(p, i)
		i += j.stretched(s, tell)
	}
	var list []Finding
	for _, t := range p.timelines {
		list = append(list, found[t])
	}
	return list
}

// foreign says why the i-th timeline cannot be held against a version of the flows,
// "" if it can.
func (p *person) foreign(i int, version string) string {
	t := p.timelines[i]
	switch {
	case t.row == nil:
		return "the export has no record of the episode"
	case t.row.Version == "":
		return "it was written before versions were noted"
	case t.row.Version != version:
		return fmt.Sprintf("it belongs to version %s of the flows, and these are %s", t.row.Version, version)
	case len(t.entries) == 0, t.entries[0].Kind != flows.EntryStart && !p.follows(i):
		return "its beginning is not in the export"
	}
	return ""
}

// follows reports whether nothing is left out before the i-th timeline.
func (p *person) follows(i int) bool {
	before := uint64(0)
	if i > 0 {
		if was := p.timelines[i-1].entries; len(was) > 0 {
			before = was[len(was)-1].Seq
		}
	}
	return p.timelines[i].entries[0].Seq == before+1
}

// stretch gathers timelines from the i-th on.
func (j *judge) stretch(p *person, i int) *stretch {
	s := &stretch{p: p}
	for ; i < len(p.timelines); i++ {
		t := p.timelines[i]
		n := len(s.timelines)
		if n > 0 && (p.foreign(i, j.version) != "" || t.number != s.timelines[n-1].number+1) {
			return s
		}
		s.timelines = append(s.timelines, t)
		for _, e := range t.entries {
			if t.row.Edited == 0 || e.Seq <= t.row.Edited {
				s.entries = append(s.entries, e)
			}
		}
		s.ends = append(s.ends, len(s.entries))
		if t.row.Edited != 0 {
			return s
		}
	}
	s.last = true
	return s
}

// stretched judges a stretch up to the first timeline that is refused, tells of
// each, and returns how many there were.
func (j *judge) stretched(s *stretch, tell func(*timeline, Verdict, uint64, string)) int {
	best := j.best(s)
	for k, t := range s.timelines {
		switch {
		case best.why == "" || k < best.timeline:
			if t.row.Edited != 0 {
				tell(t, NotJudged, 0, fmt.Sprintf("the flows were edited behind entry %d; up to there it is accepted", t.row.Edited))
			} else {
				tell(t, Accepted, 0, "")
			}
		case j.crosses(t):
			tell(t, NotJudged, 0, "the bot's clock was put back meanwhile")
			return k + 1
		default:
			tell(t, Refused, best.seq, best.why)
			return k + 1
		}
	}
	return len(s.timelines)
}

// crosses reports whether the clock may have been put back while a timeline was
// written.
func (j *judge) crosses(t *timeline) bool {
	from, to := j.export.from, j.export.to
	for i := 1; i < len(t.entries); i++ {
		if !to.IsZero() && !t.entries[i-1].At.After(from) && !t.entries[i].At.Before(to) {
			return true
		}
	}
	return false
}

// outcome is how far a stretch could be followed. Why says what is wrong there, ""
// if nothing is; seq is the entry's number, and timeline which of them it concerns.
type outcome struct {
	at, timeline int
	seq          uint64
	why          string
	// from are beginnings that lead so far, and other are facts that the export
	// has otherwise.
	from  []*beginning
	other []string
}

// maxRounds is how often the beginnings that lead farthest are changed in one fact.
const maxRounds = 12

// best follows a stretch from all beginnings, until one leads to the end.
func (j *judge) best(s *stretch) outcome {
	best := j.follow(s, j.first(s.p), false)
	try := func(from []*beginning) (farther bool) {
		if len(from) == 0 {
			return false
		}
		got := j.follow(s, from, true)
		if got.why != "" && (got.at < best.at || got.at == best.at && len(got.other) >= len(best.other)) {
			return false
		}
		best = got
		return true
	}
	if best.why != "" {
		try(append(j.first(s.p), j.grouped(s.p)...))
	}
	others := func(of func(b *beginning) []*beginning) (list []*beginning) {
		for _, b := range best.from {
			list = append(list, of(b)...)
		}
		return list
	}
	for range maxRounds {
		// An entry that is none whatever was known has no others.
		if best.why == "" || !try(others(func(b *beginning) []*beginning { return j.others(s.p, b) })) &&
			!try(others(func(b *beginning) []*beginning { return j.together(s.p, b, s.entry(best.at)) })) {
			break
		}
	}
	return best
}

// entry is the i-th entry, nil behind the last.
func (s *stretch) entry(i int) *entry {
	if i >= len(s.entries) {
		return nil
	}
	return &s.entries[i]
}

// follow follows a stretch from some beginnings at once.
func (j *judge) follow(s *stretch, from []*beginning, wide bool) outcome {
	f := &following{j: j, s: s, wide: wide}
	var list []*node
	for _, b := range from {
		list = append(list, j.begin(s.p, b, &s.entries[0]))
	}
	return f.run(list)
}
