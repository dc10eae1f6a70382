package drawings

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// eachPerson calls do with every person of every drawing.
func eachPerson(t *testing.T, do func(t *testing.T, s scene, p pose)) {
	for name, d := range drawings() {
		for i, s := range d.scenes {
			t.Run(fmt.Sprintf("%s/%d", name, i+1), func(t *testing.T) { do(t, s, s.pose) })
			if s.ghost != nil {
				t.Run(fmt.Sprintf("%s/%d ghost", name, i+1), func(t *testing.T) { do(t, s, *s.ghost) })
			}
		}
	}
}

// TestBones: however a person lies, the bones keep their length.
func TestBones(t *testing.T) {
	t.Parallel()
	eachPerson(t, func(t *testing.T, _ scene, p pose) {
		s := p.stand()
		check := func(bone string, a, b vec, want float64) {
			if got := b.sub(a).length(); math.Abs(got-want) > 0.01 {
				t.Errorf("the %s is %.2f cm long, want %.2f", bone, got, want)
			}
		}
		for i := range s.spine[1:] {
			check("spine", s.spine[i], s.spine[i+1], vertebra)
		}
		check("neck", s.spine[4], s.neck, neckLength)
		check("head", s.neck, s.head, headLength)
		check("pelvis", s.right.root, s.left.root, 2*hipOffset)
		check("shoulder girdle", s.rightArm.root, s.leftArm.root, 2*shoulderOffset)
		for _, l := range []limb{s.right, s.left} {
			check("thigh", l.root, l.middle, thighLength)
			check("shin", l.middle, l.end, shinLength)
			check("foot", l.end, l.tip, footLength)
		}
		for _, a := range []limb{s.rightArm, s.leftArm} {
			check("upper arm", a.root, a.middle, upperArmLength)
			check("forearm", a.middle, a.end, forearmLength)
			check("hand", a.end, a.tip, handLength)
		}
	})
}

// TestProportions holds the bones to a grown person.
func TestProportions(t *testing.T) {
	t.Parallel()
	p := pose{at: vec{0, ankleHeight + shinLength + thighLength, 0}, trunk: 90}
	skull := p.stand().skull()[0]
	top, chin := math.Inf(-1), math.Inf(1)
	for _, b := range skull {
		top, chin = max(top, b.at.y+b.r), min(chin, b.at.y-b.r)
	}
	if heads := top / (top - chin); heads < 7 || heads > 8 {
		t.Errorf("a person of %.0f cm is %.1f heads high", top, heads)
	}
	if thighLength/shinLength < 0.9 || thighLength/shinLength > 1.1 {
		t.Error("thigh and shin differ")
	}
	if upperArmLength/forearmLength < 1 || upperArmLength/forearmLength > 1.3 {
		t.Error("upper arm and forearm differ")
	}
}

// TestJoints: knees bend backward and no further than flesh allows, elbows
// likewise, and hands and feet get to where the pose says.
func TestJoints(t *testing.T) {
	t.Parallel()
	eachPerson(t, func(t *testing.T, _ scene, p pose) {
		s := p.stand()
		for i, l := range []limb{s.right, s.left} {
			forward := l.middle.sub(l.root.lerp(l.end, 0.5))
			if forward.dot(l.toe.without(l.end.sub(l.middle).unit())) < -0.1 {
				t.Errorf("knee %d bends forward", i)
			}
			if bend := bend(l); bend > 155 {
				t.Errorf("knee %d bends by %.0f degrees", i, bend)
			}
			if goal := []leg{p.right, p.left}[i].planted; goal != nil {
				if off := l.end.sub(goal.add(upward.times(ankleHeight))).length(); off > 0.5 {
					t.Errorf("foot %d is %.1f cm from its place", i, off)
				}
			}
		}
		for i, a := range []limb{s.rightArm, s.leftArm} {
			if bend := bend(a); bend > 150 {
				t.Errorf("elbow %d bends by %.0f degrees", i, bend)
			}
			if goal := []arm{p.rightArm, p.leftArm}[i].reach; goal != nil {
				if off := a.end.sub(*goal).length(); off > 0.5 {
					t.Errorf("hand %d is %.1f cm from its place", i, off)
				}
			}
		}
	})
}

// bend is the angle in the middle of a limb; none when it is straight.
func bend(l limb) float64 {
	cos := l.middle.sub(l.root).unit().dot(l.end.sub(l.middle).unit())
	return math.Acos(min(max(cos, -1), 1)) * 180 / math.Pi
}

// TestNobodySinksOrFloats: the lowest point of a person is on the floor, on
// the bed or in a seat.
func TestNobodySinksOrFloats(t *testing.T) {
	t.Parallel()
	eachPerson(t, func(t *testing.T, s scene, p pose) {
		lowest := math.Inf(1)
		for _, part := range p.stand().parts(s.view) {
			for _, b := range slices.Concat(part.solids...) {
				lowest = min(lowest, b.at.y-b.r)
			}
		}
		if math.Abs(lowest) > 2.5 && math.Abs(lowest-sitting) > 2.5 {
			t.Errorf("the lowest point is %.1f cm above the floor", lowest)
		}
	})
}

// fromUpright is how many degrees the spine is from upright.
func fromUpright(s skeleton) float64 {
	up := s.spine[4].sub(s.spine[0]).unit()
	return math.Acos(up.y) * 180 / math.Pi
}
