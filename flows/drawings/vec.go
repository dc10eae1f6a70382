package drawings

import "math"

// vec is a place or a direction in the room, in centimetres: x to the right
// of the picture, y up from the floor, z towards the onlooker.
type vec struct{ x, y, z float64 }

var (
	rightward  = vec{x: 1}
	upward     = vec{y: 1}
	toOnlooker = vec{z: 1}
)

func (a vec) add(b vec) vec       { return vec{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a vec) sub(b vec) vec       { return vec{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vec) times(k float64) vec { return vec{a.x * k, a.y * k, a.z * k} }
func (a vec) dot(b vec) float64   { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vec) length() float64     { return math.Sqrt(a.dot(a)) }

func (a vec) cross(b vec) vec {
	return vec{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x}
}

func (a vec) unit() vec {
	if l := a.length(); l > 0 {
		return a.times(1 / l)
	}
	return a
}

// lerp is the place a part t of the way from a to b.
func (a vec) lerp(b vec, t float64) vec { return a.add(b.sub(a).times(t)) }

// without is a less its share along the unit vector axis.
func (a vec) without(axis vec) vec { return a.sub(axis.times(a.dot(axis))) }

// rotate turns a about the unit vector axis, by the right-hand rule.
func (a vec) rotate(axis vec, degrees float64) vec {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	along := axis.times(axis.dot(a) * (1 - cos))
	return a.times(cos).add(axis.cross(a).times(sin)).add(along)
}

// frame is how a part of the body is turned: where its front, its upper end
// and its right side point.
type frame struct{ front, up, right vec }

// standing faces the right of the picture, so the body's right side is the
// nearer one.
var standing = frame{front: rightward, up: upward, right: toOnlooker}

func (f frame) rotate(axis vec, degrees float64) frame {
	return frame{f.front.rotate(axis, degrees), f.up.rotate(axis, degrees), f.right.rotate(axis, degrees)}
}
