package mutate

import (
	"fmt"
	"strings"

	"spasmbot/flows/lang"
)

// promises finds the mutants of the promises themselves. One that says less than
// before is kept wherever the whole was: nobody can find it, and it is told apart.
func (c *cutter) promises(vars map[string]any) {
	for i, v := range list(c.root, "invariants") {
		promise := v.(tree)
		what, key, want := text(promise, "before"), "require", true
		if what == "" {
			what, key, want = text(promise, "never"), "while", false
		}
		cond, _ := get(promise, key).(string)
		syntax, err := lang.ParsePromise(cond, func(name string) bool { _, ok := vars[name]; return ok })
		if err != nil {
			continue // true or false
		}
		for _, less := range drop(syntax, want) {
			m := c.addRoot(atomDropped, fmt.Sprintf("promise of %s, %s %s: %s dropped", what, key, cond, less.atom), func(root tree) tree {
				p := list(root, "invariants")[i].(tree)
				put(&p, key, less.rest)
				list(root, "invariants")[i] = p
				return root
			})
			m.promise = i
			if less.weaker {
				m.same = "the promise says less"
			}
		}
	}
}

// smaller is a condition without one of its atoms.
type smaller struct {
	atom, rest string
	// weaker says that less is promised.
	weaker bool
}

// drop lists a condition that is promised to be what is wanted without each of its
// atoms in turn. To drop the only one leaves what promises nothing.
func drop(s lang.Syntax, want bool) []smaller {
	if inner, ok := s.Negated(); ok && (len(inner.Conjuncts()) > 1 || len(inner.Disjuncts()) > 1) {
		list := drop(inner, !want)
		for i := range list {
			list[i].rest = "not (" + list[i].rest + ")"
		}
		return list
	}
	if parts := s.Conjuncts(); len(parts) > 1 {
		return dropOf(parts, " and ", want, want)
	}
	if parts := s.Disjuncts(); len(parts) > 1 {
		return dropOf(parts, " or ", want, !want)
	}
	return []smaller{{s.String(), fmt.Sprint(want), true}}
}

// dropOf drops each part of several, and each atom of each.
func dropOf(parts []lang.Syntax, by string, want, weaker bool) []smaller {
	var list []smaller
	for i, part := range parts {
		words := make([]string, len(parts))
		for j := range parts {
			words[j] = "(" + parts[j].String() + ")"
		}
		inner := drop(part, want)
		if len(inner) == 1 {
			rest := append(words[:i:i], words[i+1:]...)
			list = append(list, smaller{part.String(), strings.Join(rest, by), weaker})
			continue
		}
		for _, less := range inner {
			words[i] = "(" + less.rest + ")"
			list = append(list, smaller{less.atom, strings.Join(words, by), less.weaker})
		}
	}
	return list
}
