package drawings

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// TestReadable: in the narrow bubble of a small phone a head is still a head.
func TestReadable(t *testing.T) {
	t.Parallel()
	const bubble, head = 320.0, 12.0 // pixels
	eachScene(func(name string, d drawing, i int) {
		crown := d.scenes[i].pose.stand().skull()[0][0]
		if got := 2 * crown.r * d.camera(i).scale * bubble / width; got < head {
			t.Errorf("%s: a head is %.1f pixels wide, want %.0f", name, got, head)
		}
	})
}

// TestNumbersHideNobody: the number in the corner of a panel covers nobody.
func TestNumbersHideNobody(t *testing.T) {
	t.Parallel()
	numbered := 0
	eachScene(func(name string, d drawing, i int) {
		s, c := d.scenes[i], d.camera(i)
		if s.number == 0 {
			return
		}
		numbered++
		for _, p := range s.pose.stand().parts(s.view) {
			for _, b := range slices.Concat(p.solids...) {
				if distance(c.point(b.at), d.badge(i)) < badgeRadius+b.r*c.scale {
					t.Errorf("%s: the number lies on the person", name)
					return
				}
			}
		}
	})
	if numbered == 0 {
		t.Error("no scene has a number")
	}
}

// TestNumbersFollowTheSingles: what has a number in an overview is what the
// picture of its own shows, in the order in which the texts count.
func TestNumbersFollowTheSingles(t *testing.T) {
	t.Parallel()
	all := drawings()
	for overview, singles := range map[string][]string{
		"ease_all":     {"ease_back", "ease_chair", "ease_side", "ease_front"},
		"ease_upright": {"ease_table", "ease_recline", "ease_wall"},
	} {
		if got := len(all[overview].scenes); got != len(singles) {
			t.Errorf("%s has %d scenes, want %d", overview, got, len(singles))
			continue
		}
		for i, s := range all[overview].scenes {
			if s.number != i+1 {
				t.Errorf("scene %d of %s has the number %d", i+1, overview, s.number)
			}
			if s.pose.stand() != all[singles[i]].scenes[0].pose.stand() {
				t.Errorf("scene %d of %s is not %s", i+1, overview, singles[i])
			}
		}
	}
}

// TestAbreast: people beside each other stand on one floor and are equally
// tall, and the panels share the width without overlapping.
func TestAbreast(t *testing.T) {
	t.Parallel()
	d := drawings()["ease_upright"]
	first := d.camera(0)
	for i := range d.scenes {
		c, panel := d.camera(i), d.panel(i)
		if math.Abs(c.scale/first.scale-1) > 0.01 || math.Abs(c.origin.y-first.origin.y) > 1 {
			t.Errorf("scene %d has the scale %.3f and its floor at %.1f, the first %.3f and %.1f", i+1, c.scale, c.origin.y, first.scale, first.origin.y)
		}
		if i > 0 && panel.Min.X != d.panel(i-1).Max.X {
			t.Errorf("panel %d begins at %d, the one before ends at %d", i+1, panel.Min.X, d.panel(i-1).Max.X)
		}
	}
	if left, right := d.panel(0).Min.X, d.panel(len(d.scenes)-1).Max.X; left != margin || right != width-margin {
		t.Errorf("the panels reach from %d to %d", left, right)
	}
}

func eachScene(do func(name string, d drawing, i int)) {
	for name, d := range drawings() {
		for i := range d.scenes {
			do(fmt.Sprintf("%s/%d", name, i+1), d, i)
		}
	}
}
