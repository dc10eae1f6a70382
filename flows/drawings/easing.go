package drawings

// onBack lies face up, head to the left, arms beside the body.
func onBack() pose {
	rest := arm{shoulder: -8, out: 14, elbow: 6}
	return pose{at: vec{0, 10.5, 0}, trunk: 180, rightArm: rest, leftArm: rest}
}

// onBackKneesBent lies like onBack, feet flat on the floor.
func onBackKneesBent() pose {
	p := onBack()
	p.right = leg{planted: at(44, 0, 9)}
	p.left = leg{planted: at(44, 0, -9)}
	return p
}

func easing() map[string]drawing {
	four := []scene{easeBack(), easeChair(), easeSide(), easeFront()}
	for i := range four {
		four[i].number = i + 1
	}
	return map[string]drawing{
		"ease_back":  single(easeBack()),
		"ease_chair": single(easeChair()),
		"ease_side":  single(easeSide()),
		"ease_front": single(easeFront()),
		"ease_all":   {columns: 2, scenes: four},
		"log_roll":   logRoll(),
	}
}

func easeBack() scene {
	p := onBack()
	p.right = leg{hip: 42, knee: 82, ankle: 15}
	p.left = p.right
	return scene{
		view: view{above: 10},
		behind: []part{
			mat(-85, 88), cushion(vec{-67, 2, 0}, 34, 7, 40),
			cushion(vec{33, 7, 0}, 56, 14, 50), cushion(vec{32, 20, 0}, 38, 13, 50),
		},
		pose: p,
	}
}

func easeChair() scene {
	p := onBack()
	p.right = leg{hip: 90, knee: 90}
	p.left = p.right
	return scene{
		view:   view{above: 10},
		behind: append([]part{mat(-85, 70), cushion(vec{-67, 2, 0}, 34, 7, 40)}, chair(14, sitting)...),
		pose:   p,
	}
}

func easeSide() scene {
	p := onSide()
	// The lower knee is farther forward: both and the pillow between them show.
	p.right.hip, p.right.knee = 80, 92
	p.left.hip, p.left.knee = 52, 74
	return scene{
		view:   view{above: 58},
		behind: []part{thing(ground, shade, box(vec{-90, -4, -34}, vec{78, -4, 58}, 3)), cushion(vec{-68, 5, 4}, 34, 10, 52)},
		pose:   p,
		among:  []part{between(cushion(vec{36, 18, 31}, 54, 13, 27))},
	}
}

// onSide lies on the right side, facing the onlooker, knees drawn up.
func onSide() pose {
	return pose{
		at: vec{0, 19, 0}, trunk: 180, roll: 90, low: 8, high: 8,
		right: leg{hip: 62, knee: 84, ankle: 15}, left: leg{hip: 62, knee: 84, ankle: 15, out: 4},
		rightArm: arm{reach: at(-61, 6, 13), pole: at(0.3, 0, 1)},
		leftArm:  arm{reach: at(-38, 10, 46), pole: at(1, 0.3, 0.2)},
	}
}

func easeFront() scene {
	p := pose{
		at: vec{0, 20, 0}, trunk: 184, roll: 180, low: 8, high: -2, neck: -8,
		right: leg{hip: 14, knee: 4, ankle: 78}, left: leg{hip: 14, knee: 4, ankle: 78},
		rightArm: arm{reach: at(-70, 4, -6), pole: at(-0.2, 0, -1)},
		leftArm:  arm{reach: at(-70, 4, 6), pole: at(-0.2, 0, 1)},
	}
	return scene{
		view:   view{above: 10},
		behind: []part{mat(-85, 105), cushion(vec{-10, 6.5, 0}, 52, 14, 60)},
		pose:   p,
	}
}

// between puts a pillow under the upper leg, onto the lower.
func between(pillow part) part {
	pillow.depth = -3
	return pillow
}

func logRoll() drawing {
	const top, front = sitting, 30
	v := view{around: 16, above: 26}
	furniture := func() []part {
		return append(bed(-84, 70, top, -34, front), cushion(vec{-64, top + 3, -2}, 32, 7, 48))
	}
	back := onBackKneesBent()
	back.leftArm = arm{reach: at(-24, 24, 2), pole: at(0, -0.4, -1)}
	back = back.raised(top)
	side := onSide().raised(top)
	edge := leg{pole: &toOnlooker}
	down := func(x float64) leg { l := edge; l.planted = at(x, 0, front+22); return l }
	push := pose{
		at: vec{8, top + 16, front - 16}, trunk: 140, roll: 90, tilt: 14,
		right: down(2), left: down(20),
		rightArm: arm{reach: at(-44, top+3, front+4), pole: at(-1, -0.4, 0)},
		leftArm:  arm{reach: at(-14, top+3, front-3), pole: at(0.5, 0.6, 1)},
	}
	sit := pose{
		at: vec{0, top + 11, front - 14}, trunk: 90, turn: 90, right: down(-10), left: down(10),
		rightArm: arm{reach: at(-26, top+4, front-10), pole: at(-1, 0, -0.5)},
		leftArm:  arm{reach: at(26, top+4, front-10), pole: at(1, 0, -0.5)},
	}
	roll := move(vec{14, top + 62, -20}, vec{14, top + 66, 10}, vec{14, top + 50, 40})
	return drawing{columns: 2, scenes: []scene{
		{view: v, number: 1, behind: furniture(), pose: back},
		{view: v, number: 2, behind: furniture(), pose: side, arrows: []arrow{roll}},
		{view: v, number: 3, behind: furniture(), pose: push, arrows: []arrow{
			move(vec{46, top + 12, front + 10}, vec{46, 16, front + 10}),
			move(vec{-64, top + 40, front}, vec{-56, top + 66, front}, vec{-40, top + 84, front}),
		}},
		{view: v, number: 4, behind: furniture(), pose: sit},
	}}
}
