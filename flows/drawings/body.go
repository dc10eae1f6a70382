package drawings

import "math"

// The bones of a person of 170 cm, in centimetres, after the segment lengths
// of Drillis and Contini (1966): thigh and shin 0.245 of the height, upper arm
// 0.186, forearm 0.146, hip to shoulder 0.288.
const (
	thighLength    = 41.5
	shinLength     = 41.5
	upperArmLength = 31.0
	forearmLength  = 25.5
	handLength     = 11.0
	vertebra       = 11.5 // one of the four parts of the spine
	neckLength     = 9.5
	headLength     = 9.0
	hipOffset      = 8.5  // from the middle of the pelvis to a hip
	shoulderOffset = 15.5 // from the spine to a shoulder
	ankleHeight    = 6.0  // from the sole to the ankle
	footLength     = 17.0 // from the ankle to the tip of the toes
)

// pose says how a person lies, kneels or stands. Angles are degrees; a
// bending joint has a positive angle and cannot bend the wrong way.
type pose struct {
	at    vec     // the middle of the pelvis
	trunk float64 // where the spine points: 90 up, 180 to the left (face up), 0 to the right (face down)
	roll  float64 // about the spine; positive rolls a person on the back towards the onlooker
	turn  float64 // about the vertical; 90 faces the onlooker

	low, high float64 // how far the lower and the upper spine round forward
	twist     float64 // how far the chest turns back against the roll
	tilt      float64 // how far the spine leans sideways, to the right
	neck      float64 // how far the head nods forward

	right, left       leg
	rightArm, leftArm arm
}

// leg is either the angles of its joints or, with planted, a foot flat on the
// ground from which hip and knee follow.
type leg struct {
	hip, out, knee float64 // flexion, abduction, flexion
	ankle          float64 // pointing of the foot; negative pulls the toes up
	planted        *vec    // where the sole stands, under the ankle
	pole           *vec    // where the knee of a planted leg points; nil for the front
}

// arm is either the angles of its joints or, with reach, a place for the
// wrist from which shoulder and elbow follow.
type arm struct {
	shoulder, out, elbow float64
	reach                *vec
	pole                 *vec // where the elbow of a reaching arm points; nil for the back
	palm                 *vec // where the fingers point; nil for on along the forearm
}

// limb is a leg or an arm in the room. sole is the side of the foot that
// stands, or of the hand that holds.
type limb struct {
	root, middle, end, tip vec
	toe, sole              vec
}

// skeleton is a pose in the room.
type skeleton struct {
	spine             [5]vec
	frames            [5]frame
	neck, head        vec
	face              frame
	right, left       limb
	rightArm, leftArm limb
}

// stand is the skeleton of a pose.
func (p pose) stand() skeleton {
	f := standing.rotate(upward, -p.roll).rotate(toOnlooker, p.trunk-90).rotate(upward, -p.turn)
	s := skeleton{}
	s.spine[0], s.frames[0] = p.at, f
	for i := 1; i < len(s.spine); i++ {
		s.spine[i] = s.spine[i-1].add(f.up.times(vertebra))
		bend := p.low / 2
		if i > 2 {
			bend = p.high / 2
		}
		f = f.rotate(f.right, -bend).rotate(f.up, p.twist/4).rotate(f.front, -p.tilt/4)
		s.frames[i] = f
	}
	s.face = f.rotate(f.right, -p.neck/2)
	s.neck = s.spine[4].add(s.face.up.times(neckLength))
	s.face = s.face.rotate(s.face.right, -p.neck/2)
	s.head = s.neck.add(s.face.up.times(headLength))

	hips, chest := s.frames[0], s.frames[4]
	s.right = p.right.stand(p.at.add(hips.right.times(hipOffset)), hips, 1)
	s.left = p.left.stand(p.at.add(hips.right.times(-hipOffset)), hips, -1)
	top := s.spine[4].add(chest.up.times(-3))
	s.rightArm = p.rightArm.stand(top.add(chest.right.times(shoulderOffset)), chest, 1)
	s.leftArm = p.leftArm.stand(top.add(chest.right.times(-shoulderOffset)), chest, -1)
	return s
}

// raised is the pose on something so many centimetres high.
func (p pose) raised(by float64) pose {
	lift := func(v **vec) {
		if *v != nil {
			*v = at((*v).x, (*v).y+by, (*v).z)
		}
	}
	p.at.y += by
	lift(&p.right.planted)
	lift(&p.left.planted)
	lift(&p.rightArm.reach)
	lift(&p.leftArm.reach)
	return p
}

func (l leg) stand(root vec, f frame, side float64) limb {
	if l.planted != nil {
		return l.plant(root, f)
	}
	f = f.rotate(f.front, -side*l.out).rotate(f.right, l.hip)
	thigh := f.up.times(-1)
	shin := thigh.rotate(f.right, -l.knee)
	out := limb{root: root, middle: root.add(thigh.times(thighLength))}
	out.end = out.middle.add(shin.times(shinLength))
	out.toe = shin.rotate(f.right, 90-l.ankle)
	out.sole = out.toe.rotate(f.right, -90)
	out.tip = out.end.add(out.toe.times(footLength))
	return out
}

func (l leg) plant(root vec, f frame) limb {
	pole := f.front
	if l.pole != nil {
		pole = *l.pole
	}
	ankle := l.planted.add(upward.times(ankleHeight))
	knee, ankle := hinge(root, ankle, thighLength, shinLength, pole)
	// Seen from above, the toes point where the knee does, or in lying away
	// from the head.
	level := pole.without(upward)
	if math.Abs(f.up.y) < 0.5 {
		level = ankle.sub(root).without(upward)
	}
	out := limb{root: root, middle: knee, end: ankle, toe: level.unit(), sole: upward.times(-1)}
	out.tip = ankle.add(out.toe.times(footLength))
	return out
}

func (a arm) stand(root vec, f frame, side float64) limb {
	out := limb{root: root}
	if a.reach != nil {
		pole := f.front.times(-1)
		if a.pole != nil {
			pole = *a.pole
		}
		out.middle, out.end = hinge(root, *a.reach, upperArmLength, forearmLength, pole)
	} else {
		f = f.rotate(f.front, -side*a.out).rotate(f.right, a.shoulder)
		upper := f.up.times(-1)
		out.middle = root.add(upper.times(upperArmLength))
		out.end = out.middle.add(upper.rotate(f.right, a.elbow).times(forearmLength))
	}
	out.toe = out.end.sub(out.middle).unit()
	if a.palm != nil {
		out.toe = a.palm.unit()
	}
	out.sole = f.front.times(-1)
	out.tip = out.end.add(out.toe.times(handLength))
	return out
}

// hinge finds the joint between two bones that reach from root to end and
// bend towards pole. An end out of reach is drawn nearer, bones keep their
// length.
func hinge(root, end vec, upper, lower float64, pole vec) (middle, reached vec) {
	line := end.sub(root)
	d := math.Min(line.length(), (upper+lower)*0.9999)
	d = math.Max(d, math.Abs(upper-lower)*1.0001)
	axis := line.unit()
	along := (upper*upper - lower*lower + d*d) / (2 * d)
	off := math.Sqrt(math.Max(0, upper*upper-along*along))
	middle = root.add(axis.times(along)).add(pole.without(axis).unit().times(off))
	return middle, root.add(axis.times(d))
}

func at(x, y, z float64) *vec { return &vec{x, y, z} }
