package checker_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows/catalog"
	"spasmbot/flows/checker"
	"spasmbot/flows/lang"
)

func shipped(t testing.TB) *lang.Catalog {
	t.Helper()
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestShipped: the flows that come with the program keep their promises.
func TestShipped(t *testing.T) {
	c := shipped(t)
	begun := time.Now()
	r := checker.Check(c, checker.Options{})
	t.Logf("%d states, %d transitions in %s: %v", r.States, r.Transitions, time.Since(begun).Round(time.Millisecond), r.Walks)
	for _, v := range r.Violations {
		t.Errorf("%s %s: %s\n%s", v.Source, v.Invariant, v.What, strings.Join(v.Path, "\n"))
	}
	if r.Incomplete {
		t.Error("the walk ended early")
	}
}
