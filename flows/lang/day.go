package lang

import (
	"math"
	"time"

	"spasmbot/flows/plan"
)

// Day says how the days of an episode are planned: see [plan.Policy].
type Day struct {
	Order, Apart            []plan.Class
	Quarter, Evening, Awake time.Duration
	// Invitations and Rings bound a day, by the figures of the moment; nil is no bound.
	Invitations, Rings *Expr
}

// PolicyIn is how this person's days are planned at this moment.
func (d *Day) PolicyIn(s Scope) plan.Policy {
	return plan.Policy{
		Order: d.Order, Apart: d.Apart, Quarter: d.Quarter, Evening: d.Evening, Awake: d.Awake,
		Invitations: mostIn(d.Invitations, s), Rings: mostIn(d.Rings, s),
	}
}

// mostIn is the bound that an expression gives, as a policy has it. A figure that makes
// no sense is no bound.
func mostIn(e *Expr, s Scope) int {
	if e == nil {
		return 0
	}
	v, err := e.Eval(s)
	n, ok := numberIn(v)
	switch {
	case err != nil || !ok || math.IsNaN(n) || n > math.MaxInt32:
		return 0
	case n < 1:
		return -1
	}
	return int(n)
}
