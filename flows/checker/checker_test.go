package checker_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/checker"
)

func shipped(t testing.TB) *flows.Catalog {
	t.Helper()
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// known are violations that are not the flows' doing but the engine's, with
// what mends them. Take the entry out when it is mended.
var known = map[string]string{
	checker.RuleGap: "a person who blocks the bot in the middle of a round leaves no take-off: let engine's blocked set Off where it clears On",
}

// TestShipped: the flows that come with the program keep their promises.
func TestShipped(t *testing.T) {
	c := shipped(t)
	begun := time.Now()
	r := checker.Check(c, checker.Options{})
	t.Logf("%d states, %d transitions in %s: %v", r.States, r.Transitions, time.Since(begun).Round(time.Millisecond), r.Walks)
	for _, v := range r.Violations {
		if why, ok := known[v.Invariant]; ok {
			t.Logf("known: %s: %s (%s)", v.Invariant, v.What, why)
			continue
		}
		t.Errorf("%s %s: %s\n%s", v.Source, v.Invariant, v.What, strings.Join(v.Path, "\n"))
	}
	if r.Incomplete {
		t.Error("the walk ended early")
	}
}
