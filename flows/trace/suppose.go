package trace

import "slices"

// untried are nodes before an entry, for which less was supposed so far than that depth:
// events that write nothing.
type untried struct {
	at, depth int
	nodes     []*node
}

// maxQuiet is how much may be done that writes nothing before something does, and
// maxBack how many entries before the one that cannot be explained it is supposed that
// something was done though all could be explained without.
const (
	maxQuiet = 2
	maxBack  = 4
)

// maxAtOnce is how many turns are tried at an entry before what more may be supposed there
// waits: seldom are there more than a thousand, and where many nodes wait for nothing there
// may be millions.
const maxAtOnce = 20_000

// first adds the nodes that can follow some by their next entries. For those of which
// none does more is supposed at once, unless that goes for all, or there are too many: it
// takes time.
func (f *following) first(i int, here []*node) {
	left, begun := here, f.j.turns
	for depth := 0; depth <= maxQuiet && len(left) > 0; depth++ {
		if depth == maxQuiet && len(left) == len(here) {
			f.untried = append(f.untried, untried{i, depth, here})
			return
		}
		var goOn, rest, later []*node
		for _, n := range left {
			switch {
			case depth > 0 && f.j.turns-begun > maxAtOnce:
				later = append(later, n)
			case f.follows(i, n, depth):
				goOn = append(goOn, n)
			default:
				rest = append(rest, n)
			}
		}
		f.waits(untried{i, depth, later})
		f.waits(untried{i, depth + 1, goOn})
		left = rest
	}
}

// follows adds the nodes that can follow one, behind so much that was done, and reports
// whether there is any.
func (f *following) follows(i int, n *node, depth int) bool {
	before, missed, near := f.list.count, f.missed, f.near
	if !f.s.entries[i].At.Before(n.now.Add(-adjusted)) {
		f.try(i, n, depth)
	}
	if i < f.front {
		f.missed, f.near = missed, near
	}
	return f.list.count > before
}

// waits notes what is to be tried if nothing else leads on.
func (f *following) waits(u untried) {
	if u.depth <= maxQuiet && len(u.nodes) > 0 {
		f.untried = append(f.untried, u)
	}
}

// suppose takes up what is likeliest of what was not tried, and returns the entry to go
// on from: little was done, and not long before what cannot be explained. There may be
// nothing more.
func (f *following) suppose() (next int, more bool) {
	far := func(u untried) int { return u.depth*maxBack + f.front - u.at }
	f.untried = slices.DeleteFunc(f.untried, func(u untried) bool { return far(u) > maxQuiet*maxBack })
	if len(f.untried) == 0 {
		return 0, false
	}
	slices.SortStableFunc(f.untried, func(a, b untried) int { return far(a) - far(b) })
	u := f.untried[0]
	f.untried = slices.Delete(f.untried, 0, 1)
	for _, n := range u.nodes {
		f.follows(u.at, n, u.depth)
	}
	f.waits(untried{u.at, u.depth + 1, u.nodes})
	return u.at + 1, true
}
