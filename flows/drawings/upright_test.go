package drawings

import (
	"math"
	"slices"
	"testing"
)

// rests wants balls to touch a thing with straight sides: no gap to be seen,
// and not sunk in, but for a pillow, which gives way.
func rests(t *testing.T, what string, thing part, balls ...ball) {
	t.Helper()
	gap, sunk := 1.5, -3.0
	if thing.colour == pillow {
		sunk = -6
	}
	if got := clearance(thing, balls); got > gap || got < sunk {
		t.Errorf("%s is %.1f cm off", what, got)
	}
}

// clearance is how far the nearest ball is from a thing with straight sides;
// negative when it is within.
func clearance(thing part, balls []ball) float64 {
	low, high := math.Inf(1), math.Inf(-1)
	from, to := vec{low, low, low}, vec{high, high, high}
	for _, b := range slices.Concat(thing.solids...) {
		from = vec{min(from.x, b.at.x-b.r), min(from.y, b.at.y-b.r), min(from.z, b.at.z-b.r)}
		to = vec{max(to.x, b.at.x+b.r), max(to.y, b.at.y+b.r), max(to.z, b.at.z+b.r)}
	}
	nearest := math.Inf(1)
	for _, b := range balls {
		out := vec{max(from.x-b.at.x, b.at.x-to.x), max(from.y-b.at.y, b.at.y-to.y), max(from.z-b.at.z, b.at.z-to.z)}
		d := vec{max(out.x, 0), max(out.y, 0), max(out.z, 0)}.length()
		if d == 0 {
			d = max(out.x, out.y, out.z)
		}
		nearest = min(nearest, d-b.r)
	}
	return nearest
}

func TestClearance(t *testing.T) {
	t.Parallel()
	block := thing(wood, seam, box(vec{-9, -9, -9}, vec{9, 9, 9}, 1))
	for _, test := range []struct {
		at   vec
		want float64
	}{
		{vec{0, 15, 0}, 3},
		{vec{13, 14, 0}, 3},
		{vec{0, 12, 0}, 0},
		{vec{0, 9, 0}, -3},
	} {
		if got := clearance(block, []ball{{test.at, 2}}); math.Abs(got-test.want) > 0.01 {
			t.Errorf("a ball at %v is %.2f off, want %.2f", test.at, got, test.want)
		}
	}
}

// TestLeaningOnATable: arms straight, hands on the table, trunk forward.
func TestLeaningOnATable(t *testing.T) {
	t.Parallel()
	s := easeTable()
	body, top := s.pose.stand(), s.behind[len(s.behind)-1]
	for _, a := range []limb{body.rightArm, body.leftArm} {
		if bend := bend(a); bend > 15 {
			t.Errorf("an elbow bends by %.0f degrees", bend)
		}
		rests(t, "a hand", top, a.arm()[2]...)
	}
	if lean := fromUpright(body); lean < 25 || lean > 60 {
		t.Errorf("the trunk leans by %.0f degrees", lean)
	}
	if body.rightArm.root.x < body.right.root.x {
		t.Error("the trunk leans away from the table")
	}
}

// TestReclining: in the seat, leaning back, legs up on the stool.
func TestReclining(t *testing.T) {
	t.Parallel()
	s := easeRecline()
	body, seat, stool := s.pose.stand(), s.behind[3], s.behind[len(s.behind)-1]
	rests(t, "the pelvis", seat, slices.Concat(body.pelvis()...)...)
	for _, l := range []limb{body.right, body.left} {
		rests(t, "a leg", stool, slices.Concat(l.leg()[1:3]...)...)
		if l.end.y < l.root.y-5 {
			t.Error("the legs hang down")
		}
		if bend := bend(l); bend > 35 {
			t.Errorf("a knee bends by %.0f degrees", bend)
		}
	}
	if lean := fromUpright(body); lean < 30 || lean > 60 {
		t.Errorf("the trunk leans by %.0f degrees", lean)
	}
	if body.rightArm.root.x > body.right.root.x {
		t.Error("the trunk leans forward")
	}
	rest := s.behind[2]
	if clearance(rest, slices.Concat(body.skull()[0])) > 0 {
		t.Error("the back of the chair ends below the head")
	}
}

// TestBackAtAWall: seat and shoulders touch the wall, knees are soft, the feet
// stand before it.
func TestBackAtAWall(t *testing.T) {
	t.Parallel()
	s := easeWall()
	body, wall := s.pose.stand(), s.behind[1]
	rests(t, "the pelvis", wall, slices.Concat(body.pelvis()...)...)
	rests(t, "the chest", wall, append(body.ring(2.5), body.ring(3)...)...)
	rests(t, "the head", wall, body.skull()[0]...)
	for _, l := range []limb{body.right, body.left} {
		if bend := bend(l); bend < 10 || bend > 45 {
			t.Errorf("a knee bends by %.0f degrees", bend)
		}
		if l.end.x < body.spine[0].x+10 {
			t.Error("the feet stand at the wall")
		}
	}
}
