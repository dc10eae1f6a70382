package drawings

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// ball is the one thing all drawings are made of.
type ball struct {
	at vec
	r  float64
}

// solid is a rubber skin around balls: two balls make a limb, eight a pillow.
type solid []ball

// part is what is painted at one go. A gap is cut around it into what is
// behind, so that a dark limb stays readable before a dark trunk.
type part struct {
	solids []solid
	gap    []solid
	colour color.RGBA
	edge   color.RGBA // of a prop; none when transparent
	depth  float64
}

// parts are the skeleton's flesh, farthest first. Of two legs or arms the one
// behind is paler.
func (s skeleton) parts(v view) []part {
	depth := func(points ...vec) float64 {
		sum := vec{}
		for _, p := range points {
			sum = sum.add(p)
		}
		return v.look(sum).z / float64(len(points))
	}
	middle := depth(s.spine[0], s.spine[2], s.spine[4])
	trunk := part{solids: s.trunk(), colour: shirt, depth: middle}
	pelvis := part{solids: s.pelvis(), colour: trousers, depth: middle}
	head := part{solids: s.skull(), colour: skin, depth: middle}
	parts := []part{trunk, pelvis, head}
	for _, l := range []limb{s.right, s.left} {
		parts = append(parts, part{
			solids: l.leg(), gap: l.legGap(), colour: trousers,
			depth: depth(l.root, l.middle, l.middle, l.end),
		})
	}
	for _, a := range []limb{s.rightArm, s.leftArm} {
		parts = append(parts, part{
			solids: a.arm(), gap: a.armGap(), colour: skin,
			depth: depth(a.root, a.middle, a.middle, a.end),
		})
	}
	for i, twins := range [][2]limb{{s.right, s.left}, {s.left, s.right}, {s.rightArm, s.leftArm}, {s.leftArm, s.rightArm}} {
		if apart := twins[1].root.sub(twins[0].root); (view{around: v.around}).look(apart).z > behind && parts[3+i].depth < middle {
			parts[3+i].colour = distant
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.depth, b.depth) })
	return parts
}

// behind is how much farther than its twin a limb begins that is pale.
const behind = 10

// girth is the trunk from the pelvis to the shoulders: how far the balls of
// its two sides lie apart from the spine, and how thick they are.
var girth = [5]struct{ wide, r float64 }{{7, 9.7}, {6.5, 9.1}, {7.5, 9.7}, {9, 10.4}, {6.5, 7}}

// ring is the trunk at a height along the spine, from 0 to 4.
func (s skeleton) ring(height float64) []ball {
	i := min(int(height), 3)
	t := height - float64(i)
	curve := func(get func(j int) float64) float64 {
		return spline(get(max(i-1, 0)), get(i), get(i+1), get(min(i+2, 4)), t)
	}
	middle := vec{
		curve(func(j int) float64 { return s.spine[j].x }),
		curve(func(j int) float64 { return s.spine[j].y }),
		curve(func(j int) float64 { return s.spine[j].z }),
	}
	aside := s.frames[i].right.lerp(s.frames[i+1].right, t).unit().times(curve(func(j int) float64 { return girth[j].wide }))
	r := curve(func(j int) float64 { return girth[j].r })
	return []ball{{middle.add(aside), r}, {middle.sub(aside), r}}
}

// tube is the trunk between two heights along the spine.
func (s skeleton) tube(from, to float64) []solid {
	const step = 0.2
	var out []solid
	for h := from; h < to-step/2; h += step {
		out = append(out, append(s.ring(h), s.ring(h+step)...))
	}
	return out
}

func (s skeleton) trunk() []solid {
	shoulders := solid{{s.rightArm.root, 5.6}, {s.leftArm.root, 5.6}}
	return append(s.tube(0, 4), append(append(shoulders, s.ring(3)...), s.ring(4)...))
}

func (s skeleton) pelvis() []solid {
	hips := solid{{s.right.root, 10}, {s.left.root, 10}}
	return append(s.tube(0, 0.4), append(hips, s.ring(0)...))
}

func (s skeleton) skull() []solid {
	crown := ball{s.head.add(s.face.up.times(2)), 10.4}
	jaw := ball{s.head.add(s.face.up.times(-3.5)).add(s.face.front.times(3)), 7.2}
	nose := ball{s.head.add(s.face.up.times(-1)).add(s.face.front.times(10.4)), 1.7}
	root := s.spine[4].add(s.frames[4].up.times(4))
	return []solid{{crown, jaw}, {nose, {s.head.add(s.face.front.times(6)), 4}}, {{root, 5.4}, {s.neck, 5}}}
}

func (l limb) leg() []solid {
	calf := l.middle.lerp(l.end, 0.28)
	return []solid{
		{{l.root, 9.6}, {l.middle, 6.6}},
		{{l.middle, 6.6}, {calf, 6.3}},
		{{calf, 6.3}, {l.end, 4.1}},
		l.foot(),
	}
}

func (l limb) foot() solid {
	return solid{
		{l.end, 4.0},
		{l.end.add(l.sole.times(2.4)).add(l.toe.times(-4)), 3.6},
		{l.end.add(l.sole.times(3.8)).add(l.toe.times(footLength - 2.2)), 2.2},
	}
}

func (l limb) legGap() []solid {
	return []solid{
		{{l.root.lerp(l.middle, 0.45), 8.1}, {l.middle, 6.6}},
		{{l.middle, 6.6}, {l.middle.lerp(l.end, 0.28), 6.3}},
		{{l.middle.lerp(l.end, 0.28), 6.3}, {l.end, 4.1}},
		l.foot(),
	}
}

func (l limb) arm() []solid {
	return []solid{
		{{l.root, 5.6}, {l.middle, 4.2}},
		{{l.middle, 4.2}, {l.end, 3.1}},
		{{l.end.add(l.toe.times(1.5)), 3.5}, {l.tip.add(l.toe.times(-2.2)), 2.6}},
	}
}

func (l limb) armGap() []solid {
	out := l.arm()
	out[0] = solid{{l.root.lerp(l.middle, 0.1), 5.5}, {l.middle, 4.2}}
	return out
}

// paint puts parts on a layer, one over the other.
func (c camera) paint(layer *image.RGBA, parts []part) {
	for _, p := range parts {
		if p.edge.A > 0 {
			fill(layer, p.edge, c.outlines(p.solids, edgeWidth)...)
		}
		if len(p.gap) > 0 {
			erase(layer, c.outlines(p.gap, gapWidth)...)
		}
		fill(layer, p.colour, c.outlines(p.solids, 0)...)
	}
}
