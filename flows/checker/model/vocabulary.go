package model

import (
	"slices"
	"sync"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// kind is the type of a variable.
type kind uint8

const (
	opaque kind = iota
	text
	truth
	number
	instant
	duration
)

// vocabulary numbers the variables, and the texts that they can be.
type vocabulary struct {
	index map[string]int32
	names []string
	kinds []kind
	texts *texts
	// lasts says of each variable whether it outlives an episode.
	lasts []bool
}

// The names that a model has besides those of the catalog.
const (
	now        = "now"
	onset      = "onset"
	painFirst  = "pain_first"
	painNow    = "pain_now"
	painBefore = "pain_before\x00" // the measurement before the last
	inEpisode  = "episode"
)

func newVocabulary(c *lang.Catalog) *vocabulary {
	v := &vocabulary{index: make(map[string]int32), texts: &texts{number: make(map[string]int32)}}
	v.add(now, instant, true)
	v.add(inEpisode, text, true)
	v.add(onset, instant, false)
	for _, name := range []string{painFirst, painNow, painBefore} {
		v.add(name, number, false)
	}
	for _, name := range sortedKeys(c.Vars) {
		if _, known := v.index[name]; !known {
			v.add(name, kindOf(c.Vars[name]), c.Remembers(name))
		}
	}
	return v
}

func (v *vocabulary) add(name string, k kind, lasts bool) int32 {
	i := int32(len(v.names))
	v.index[name] = i
	v.names, v.kinds, v.lasts = append(v.names, name), append(v.kinds, k), append(v.lasts, lasts)
	return i
}

// texts numbers texts. Searches that go side by side may meet new ones.
type texts struct {
	mu     sync.Mutex
	number map[string]int32
	list   []string
}

// text is the number of a text.
func (v *vocabulary) text(s string) int32 {
	t := v.texts
	t.mu.Lock()
	defer t.mu.Unlock()
	n, ok := t.number[s]
	if !ok {
		n = firstText + int32(len(t.list))
		t.number[s], t.list = n, append(t.list, s)
	}
	return n
}

// all lists the texts, in the order of their numbers.
func (t *texts) all() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clip(t.list)
}

func kindOf(sample any) kind {
	switch sample.(type) {
	case string:
		return text
	case bool:
		return truth
	case float64, int:
		return number
	case time.Time:
		return instant
	}
	return opaque
}

// zeroSet is what a variable is in that was never set.
func (v *vocabulary) zeroSet(i int32) set {
	if v.kinds[i] == truth {
		return only(no)
	}
	return only(v.text(""))
}

// unset is the part of c in which a variable is what it is before it was set,
// with nothing said of it.
func (v *vocabulary) unset(c cube, i int32) (cube, bool) {
	if s, ok := c.of(i); ok {
		if s.and(v.zeroSet(i)).empty() {
			return cube{}, false
		}
		c = c.free(i)
	}
	if v.kinds[i] == instant {
		return c.put(i, constant(untold))
	}
	return c.put(i, constant(0))
}

// given is the part of c in which a variable has a value, with nothing said of
// it.
func (v *vocabulary) given(c cube, i int32, val flows.Value) (cube, bool) {
	var one int32
	switch val := val.Any().(type) {
	case string:
		one = v.text(val)
	case bool:
		if val {
			one = yes
		}
	case float64:
		return c.put(i, constant(val))
	default:
		return c.free(i).loose(i)
	}
	if s, ok := c.of(i); ok && !s.has(one) {
		return cube{}, false
	}
	return c.free(i), true
}
