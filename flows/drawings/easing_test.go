package drawings

import (
	"slices"
	"testing"
)

// TestEaseAsTold: the four positions are what the texts say: knees over
// pillows, calves on a chair, a pillow between the knees, one under the belly.
func TestEaseAsTold(t *testing.T) {
	t.Parallel()
	back := easeBack()
	for _, l := range legs(back) {
		rests(t, "a leg over the pillows", back.behind[3], slices.Concat(l.leg()[:3]...)...)
		left, right := back.behind[3].solids[0][0].at.x, back.behind[3].solids[0][7].at.x
		if l.middle.x < left || l.middle.x > right {
			t.Error("the knees are not over the pillows")
		}
	}
	chair := easeChair()
	seat := chair.behind[len(chair.behind)-1]
	for _, l := range legs(chair) {
		rests(t, "a calf on the chair", seat, slices.Concat(l.leg()[1:3]...)...)
	}
	side := easeSide()
	between, l := side.among[0], legs(side)
	for i, knee := range []ball{{l[0].middle, 6.6}, {l[1].middle, 6.6}} {
		rests(t, "a knee at the pillow", between, knee)
		if above := knee.at.y > between.solids[0][0].at.y; above != (i == 1) {
			t.Errorf("the pillow is not between the knees: knee %d", i)
		}
	}
	front := easeFront()
	body := front.pose.stand()
	rests(t, "the belly", front.behind[1], slices.Concat(body.tube(0.5, 2)...)...)
	if body.face.front.y > -0.5 {
		t.Error("the person does not lie on the front")
	}
}

func legs(s scene) []limb {
	body := s.pose.stand()
	return []limb{body.right, body.left}
}
