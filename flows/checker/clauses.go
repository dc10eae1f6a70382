package checker

import (
	"strings"

	"spasmbot/flows/lang"
)

// maxClauses bounds the parts that a condition is taken into.
const maxClauses = 24

// clauses takes a condition apart: it is what it is wanted to be exactly if every
// clause is. Each clause speaks of less than the whole, and so a model that judges
// it is smaller.
func clauses(e *lang.Expr, want bool, vars map[string]any) []*lang.Expr {
	whole := []*lang.Expr{e}
	sets, ok := normal(e.Syntax(), want)
	if !ok || len(sets) == 1 {
		return whole
	}
	list := make([]*lang.Expr, 0, len(sets))
	for _, literals := range sets {
		src := strings.Join(literals, " or ")
		if !want {
			src = "not (" + src + ")"
		}
		clause, err := lang.CompileExpr(src, vars, lang.BoolType)
		if err != nil {
			return whole
		}
		list = append(list, clause)
	}
	return list
}

// normal writes a condition, or its opposite, as literals of which one of each set
// must hold; ok is false if there were too many sets.
func normal(s lang.Syntax, want bool) (sets [][]string, ok bool) {
	if inner, negated := s.Negated(); negated {
		return normal(inner, !want)
	}
	all, one := s.Conjuncts(), s.Disjuncts()
	if !want {
		all, one = one, all
	}
	switch {
	case len(all) > 1:
		for _, part := range all {
			more, ok := normal(part, want)
			if !ok {
				return nil, false
			}
			sets = append(sets, more...)
		}
	case len(one) > 1:
		sets = [][]string{nil}
		for _, part := range one {
			more, ok := normal(part, want)
			if !ok {
				return nil, false
			}
			sets = product(sets, more)
			if len(sets) > maxClauses {
				return nil, false
			}
		}
	case want:
		sets = [][]string{{"(" + s.String() + ")"}}
	default:
		sets = [][]string{{"not (" + s.String() + ")"}}
	}
	return sets, len(sets) <= maxClauses
}

func product(a, b [][]string) [][]string {
	list := make([][]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			list = append(list, append(x[:len(x):len(x)], y...))
		}
	}
	return list
}
