package drawings

import "math"

// upright are the positions of ease of people who cannot lie down.
func upright() map[string]drawing {
	three := []scene{easeTable(), easeRecline(), easeWall()}
	for i := range three {
		three[i].number = i + 1
	}
	return map[string]drawing{
		"ease_table":   single(easeTable()),
		"ease_recline": single(easeRecline()),
		"ease_wall":    single(easeWall()),
		"ease_upright": abreast(three...),
	}
}

// easeTable leans forward onto straight arms, which carry the trunk.
func easeTable() scene {
	const top = 76
	p := pose{
		at: vec{-36, 87, 0}, trunk: 51, neck: -4,
		right: leg{planted: at(-38, 0, 10)}, left: leg{planted: at(-32, 0, -10)},
	}
	p.rightArm, p.leftArm = onHand(30.5, 16), onHand(30.5, -16)
	for _, a := range []*arm{&p.rightArm, &p.leftArm} {
		a.reach.y += top
	}
	return scene{
		view:   low,
		behind: append([]part{mat(-58, 62)}, table(18, 58, top)...),
		pose:   p,
	}
}

// easeRecline sits far back in a chair that leans, the calves on a stool.
func easeRecline() scene {
	const lean = 130
	p := pose{
		at: vec{-16, sitting + 10, 0}, trunk: lean, neck: 6,
		right: leg{hip: 64, knee: 22, ankle: 8}, left: leg{hip: 64, knee: 22, ankle: 8},
		rightArm: arm{shoulder: 8, out: 8, elbow: 46}, leftArm: arm{shoulder: 8, out: 8, elbow: 46},
	}
	calves := p.stand().right
	rest := calves.middle.lerp(calves.end, 0.6)
	return scene{
		view:   low,
		behind: append(append([]part{mat(-72, 80)}, recliner(p.at, lean)...), shifted(vec{x: rest.x}, stool(rest.y-6)...)...),
		pose:   p,
	}
}

// easeWall stands with the back at a wall, the feet a step before it.
func easeWall() scene {
	p := pose{
		at: vec{0, 84.5, 0}, trunk: 90,
		right: leg{planted: at(19, 0, 9)}, left: leg{planted: at(19, 0, -9)},
		rightArm: arm{shoulder: 4, out: 4, elbow: 16}, leftArm: arm{shoulder: 4, out: 4, elbow: 16},
	}
	return scene{
		view:   low,
		behind: []part{mat(-11, 46), wall(-11)},
		pose:   p,
	}
}

// recliner is a chair for a pelvis at p, whose back leans like the trunk.
func recliner(p vec, lean float64) []part {
	const wide, thick = 24, 3
	sin, cos := math.Sincos(lean * math.Pi / 180)
	// along is a place behind the spine, so far up and so far off it.
	along := func(up, off, z float64) vec {
		return vec{p.x + cos*up - sin*off, p.y + sin*up + cos*off, z}
	}
	var legs []solid
	var back solid
	for _, z := range []float64{-wide, wide} {
		legs = append(legs,
			solid{{vec{p.x - 10, sitting - 6, z}, 1.8}, {vec{p.x - 16, 2, z}, 1.8}},
			solid{{vec{p.x + 28, sitting - 6, z}, 1.8}, {vec{p.x + 32, 2, z}, 1.8}})
		for _, up := range []float64{-4, 80} {
			back = append(back, ball{along(up, 10.5+thick, z), thick})
		}
	}
	seat := box(vec{p.x - 8, sitting - 5, -wide}, vec{p.x + 32, sitting - 5, wide}, 4)
	return []part{thing(wood, seam, legs...), thing(wood, seam, back), thing(wood, seam, seat)}
}
