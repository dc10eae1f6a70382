package signs_test

import (
	"slices"
	"testing"

	"spasmbot/flows/signs"
)

// TestAll: each sign is there once, with classes that there are, and is shipped at or
// above its floor.
func TestAll(t *testing.T) {
	seen := make(map[string]bool)
	for _, k := range signs.All() {
		if seen[k.ID] {
			t.Errorf("%s is there twice", k.ID)
		}
		seen[k.ID] = true
		for _, c := range []signs.Class{k.Shipped, k.Floor} {
			if !slices.Contains(signs.Classes(), c) {
				t.Errorf("%s has the class %q, which there is not", k.ID, c)
			}
		}
		if k.Shipped.Below(k.Floor) {
			t.Errorf("%s is shipped as %s, below its floor %s", k.ID, k.Shipped, k.Floor)
		}
	}
}

// TestCaudaEquina: the signs of the nerves of bladder, bowel and legs are emergencies
// and nothing else, whoever edits the flows.
func TestCaudaEquina(t *testing.T) {
	for _, id := range []string{"saddle", "bladder", "legs", "erection"} {
		if got := signs.Open(id); !slices.Equal(got, []signs.Class{signs.Emergency}) {
			t.Errorf("%s may be %v, want an emergency only", id, got)
		}
	}
}

// TestOpen: a sign may have each class from the weightiest down to its floor.
func TestOpen(t *testing.T) {
	for id, want := range map[string][]signs.Class{
		"crash":  {signs.Emergency, signs.Today},
		"fever":  {signs.Emergency, signs.Today, signs.Days},
		"my_own": {signs.Emergency, signs.Today, signs.Days},
	} {
		if got := signs.Open(id); !slices.Equal(got, want) {
			t.Errorf("%s may be %v, want %v", id, got, want)
		}
	}
}
