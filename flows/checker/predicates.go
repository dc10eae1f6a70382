package checker

import (
	"encoding/binary"
	"slices"
	"strconv"
	"time"

	"spasmbot/flows/lang"
)

// predicate is a part of a condition whose truth tells states apart.
type predicate struct {
	expr  *lang.Expr
	needs needs
	// lasts says that it rests on what outlives an episode.
	lasts bool
}

// needs is what the truth of a predicate rests on besides the variables.
type needs byte

const (
	needsVars  needs = iota // the variables alone
	needsAge                // the time since the onset alone
	needsWorld              // anything
)

// predicates gathers conditions, splits them at "and", and keeps each part
// once.
type predicates struct {
	c    *lang.Catalog
	list []predicate
	// vars are the variables that the parts name.
	vars []string
	// memo remembers the truth of the untimed parts by the variables' values.
	memo map[string]truths
	// byAge remembers the truth of those that need the age, by its seconds.
	byAge map[int64]truths
	// lasting marks the parts that rest on what outlives an episode.
	lasting truths
	// ages are the thresholds of hours_since.
	ages []age
	// hours are the thresholds of local_hour.
	hours []float64
	// counters are the variables among vars that are counted.
	counters []counter
	// episodes is up to how many ended ones tell states apart, and alike up to
	// how many of these that were.
	episodes, alike int
}

// age is a number of hours after an instant.
type age struct {
	of    string
	hours float64
}

// environment are the names of the language that depend on more than the
// variables.
var environment = []string{
	"now", "live", "episode", "last_heard", "onset", "hours_since", "rounds_today", "rounds_total", "why_not", "earliest", "midnight",
	"episodes_in", "alike_in", "local_hour", "local_day", "zone", "pain_first", "pain_now", "pain_trend",
}

// truths are the truths of predicates, a bit for each.
type truths [4]uint64

// maxEpisodes is how many ended episodes a walk counts.
const maxEpisodes = 5

// maxPredicates is how many one walk has room for.
const maxPredicates = 64 * len(truths{})

func (t *truths) set(i int) { t[i/64] |= 1 << (i % 64) }

func (t truths) and(o truths) truths {
	for i := range t {
		t[i] &= o[i]
	}
	return t
}

func (t truths) or(o truths) truths {
	for i := range t {
		t[i] |= o[i]
	}
	return t
}

func (t truths) write(b []byte) []byte {
	for _, word := range t {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	return b
}

func (p *predicates) add(e *lang.Expr) {
	if e == nil {
		return
	}
	for _, conjunct := range e.Syntax().Conjuncts() {
		src := conjunct.String()
		known := slices.ContainsFunc(p.list, func(q predicate) bool { return q.expr.Source == src })
		if known || len(p.list) == maxPredicates {
			continue
		}
		part, err := lang.CompileExpr(src, p.c.Vars, lang.BoolType)
		if err != nil {
			continue // it was compiled as a part of a whole: cannot happen
		}
		names := conjunct.Names()
		if src == "live" {
			continue // every key tells
		}
		p.list = append(p.list, predicate{part, whatNeeds(names), p.lastsFor(names)})
		for _, n := range names {
			if _, isVar := p.c.Vars[n]; isVar && !slices.Contains(p.vars, n) {
				p.vars = append(p.vars, n)
			}
		}
		p.thresholds(conjunct, names)
	}
}

// lastsFor reports whether all names stand for what outlives an episode.
func (p *predicates) lastsFor(names []string) bool {
	lasting := []string{"episodes_in", "alike_in", "in_minutes", "in_hours", "zones_in"}
	return !slices.ContainsFunc(names, func(n string) bool { return !p.c.Remembers(n) && !slices.Contains(lasting, n) })
}

func whatNeeds(names []string) needs {
	outside := func(list []string) func(string) bool {
		return func(n string) bool { return !slices.Contains(list, n) }
	}
	switch {
	case !slices.ContainsFunc(names, outside([]string{"onset", "hours_since"})):
		return needsAge
	case slices.ContainsFunc(names, func(n string) bool { return slices.Contains(environment, n) }):
		return needsWorld
	}
	return needsVars
}

// thresholds notes where in time an expression can change its truth. Any
// number next to an age counts: one too many costs little.
func (p *predicates) thresholds(s lang.Syntax, names []string) {
	if len(s.Comparisons()) == 0 {
		return
	}
	numbers := s.Numbers()
	for _, args := range s.Calls("hours_since") {
		of, ok := args[0].Name()
		for _, n := range numbers {
			if a := (age{of, n}); ok && !slices.Contains(p.ages, a) {
				p.ages = append(p.ages, a)
			}
		}
	}
	if slices.Contains(names, "local_hour") {
		p.hours = append(p.hours, numbers...)
	}
	for _, n := range numbers {
		upTo := min(int(n)+1, maxEpisodes)
		if slices.Contains(names, "episodes_in") {
			p.episodes = max(p.episodes, upTo)
		}
		if slices.Contains(names, "alike_in") {
			p.alike = max(p.alike, upTo)
		}
	}
}

// truth evaluates all predicates as bits.
func (p *predicates) truth(s scope, buf []byte) truths {
	sig := buf[:0]
	for _, name := range p.vars {
		if name == "onset" || name == "zone" {
			continue
		}
		v := p.c.Var(s.s, name)
		sig = append(sig, v.Str...)
		sig = strconv.AppendFloat(append(sig, ','), v.Num, 'g', -1, 64)
		sig = append(sig, ';')
	}
	bits, ok := p.memo[string(sig)]
	if !ok {
		bits = p.evaluate(s, needsVars)
		p.memo[string(sig)] = bits
	}
	var age int64 = -1
	if onset := s.s.Episode.Onset; !onset.IsZero() {
		age = s.at.Unix() - onset.Unix()
	}
	aged, ok := p.byAge[age]
	if !ok {
		aged = p.evaluate(s, needsAge)
		p.byAge[age] = aged
	}
	return bits.or(aged).or(p.evaluate(s, needsWorld))
}

func (p *predicates) evaluate(s scope, which needs) (bits truths) {
	for i := range p.list {
		if p.list[i].needs == which && s.holds(p.list[i].expr) {
			bits.set(i)
		}
	}
	return bits
}

// instants lists the instants at which a predicate may change.
func (p *predicates) instants(s scope) []time.Time {
	var list []time.Time
	for _, a := range p.ages {
		of, ok := s.Lookup(a.of).(time.Time)
		if a.of == "last_heard" {
			of, ok = s.Heard(), true
		}
		if ok && of.Year() >= 1970 {
			list = append(list, of.Add(time.Duration(a.hours*float64(time.Hour))))
		}
	}
	for _, h := range p.hours {
		list = append(list, nextMinute(s, int(h*60)))
	}
	return list
}

// nextMinute is the next instant that a minute of the local day begins.
func nextMinute(s scope, minute int) time.Time {
	y, m, d := s.Local().Date()
	for day := d; ; day++ {
		if at := time.Date(y, m, day, 0, minute, 0, 0, s.zone()); at.After(s.at) || day > d+2 {
			return at.UTC()
		}
	}
}
