package checker_test

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"spasmbot/flows/catalog"
	"spasmbot/flows/checker"
)

// TestRoam: conversations at random break nothing of the shipped flows. What is proved
// in the model is so in the engine, wherever they come.
func TestRoam(t *testing.T) {
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	seeds := uint64(2)
	if os.Getenv("SPASMBOT_LONG") != "" {
		seeds = 200
	}
	for seed := range seeds {
		if v, found := checker.Roam(c, rand.New(rand.NewPCG(seed, 0)), 20_000); found {
			t.Errorf("seed %d: %s %s: %s\n%s", seed, v.Source, v.Invariant, v.What, strings.Join(v.Path, "\n"))
		}
	}
}
