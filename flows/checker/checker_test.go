package checker_test

import (
	"math/rand/v2"
	"os"
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

// samples is how many walks TestShipped makes, of some forty.
const samples = 4

// TestShipped: no walk over the flows that come with the program sees a promise or a
// rule broken. It makes some of the walks as far as "flows check" does, the same each time;
// with SPASMBOT_EXPLORE=1 others each day, and with SPASMBOT_LONG=1 all of them to their
// end, and then every promise is proved as well.
func TestShipped(t *testing.T) {
	c := shipped(t)
	if os.Getenv("SPASMBOT_LONG") != "" {
		r := checker.Check(c, checker.Options{MaxStates: 10_000_000})
		keeps(t, r)
		if r.Incomplete {
			t.Errorf("the walks ended early, after %d states", r.States)
		}
		for _, p := range r.Proofs {
			if p.Verdict != checker.Holds {
				t.Errorf("%s %s, %s: it %s: %s", p.Source, p.Promise, p.Part, p.Verdict, p.What)
			}
		}
		return
	}
	seed := uint64(1)
	if os.Getenv("SPASMBOT_EXPLORE") != "" {
		seed = uint64(time.Now().UTC().Unix() / (24 * 60 * 60))
	}
	names := checker.Walks(c)
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	t.Logf("%d of %d walks, by seed %d; SPASMBOT_LONG=1 makes all", samples, len(names), seed)
	for _, name := range names[:samples] {
		t.Run(name, func(t *testing.T) { keeps(t, checker.Check(c, checker.Options{Walk: name})) })
	}
}

func keeps(t *testing.T, r checker.Report) {
	t.Helper()
	t.Logf("%d states, %d transitions: %v", r.States, r.Transitions, r.Walks)
	for _, v := range r.Violations {
		t.Errorf("%s %s: %s\n%s", v.Source, v.Invariant, v.What, strings.Join(v.Path, "\n"))
	}
	if r.States == 0 {
		t.Error("the walk saw nothing")
	}
}
