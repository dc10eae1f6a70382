package drawings

func exercises() map[string]drawing {
	return map[string]drawing{
		"ex_tilt":       stacked(exTilt()...),
		"ex_rotation":   single(exRotation()),
		"ex_knee_chest": single(exKneeChest()),
		"ex_walk":       single(exWalk()),
		"ex_bridge":     single(exBridge()),
		"ex_hamstring":  single(exHamstring()),
		"ex_hinge":      beside(exHinge()...),
		"ex_side_plank": single(exSidePlank()),
		"ex_curl_up":    single(exCurlUp()),
	}
}

func exTilt() []scene {
	arched, flat := handsBehindHead(onBackKneesBent()), handsBehindHead(onBackKneesBent())
	arched.trunk, arched.low, arched.high, arched.at.y = 168, -28, 16, 11.5
	flat.trunk, flat.low = 186, 6
	return []scene{
		{view: low, behind: floor(75), pose: arched},
		{view: low, behind: floor(75), pose: flat, arrows: []arrow{move(vec{-16, 48, 20}, vec{-16, 28, 20})}},
	}
}

func exRotation() scene {
	start, p := rolled(0), rolled(66)
	out := arm{shoulder: 0, out: 62, elbow: 0}
	start.rightArm, start.leftArm = out, out
	p.rightArm, p.leftArm = out, out
	return scene{
		view: view{around: 20, above: 45}, behind: []part{thing(ground, shade, box(vec{-85, -2, -56}, vec{72, -2, 60}, 1.6))}, ghost: &start, pose: p,
		arrows: []arrow{move(vec{26, 52, 10}, vec{26, 46, 34}, vec{26, 26, 52})},
	}
}

func exKneeChest() scene {
	return scene{
		view: low, behind: floor(75), pose: holdingThigh(125, 125, 0.64),
		arrows: []arrow{move(vec{26, 66, 9}, vec{6, 77, 9}, vec{-18, 70, 9})},
	}
}

func exWalk() scene {
	p := pose{
		at: vec{0, 85.5, 0}, trunk: 89,
		right: leg{hip: 26, knee: 8, ankle: -5}, left: leg{hip: -14, knee: 28, ankle: 2},
		rightArm: arm{shoulder: -22, elbow: 22}, leftArm: arm{shoulder: 26, elbow: 28},
	}
	return scene{
		view: view{above: 6}, behind: []part{mat(-70, 90)}, pose: p,
		arrows: []arrow{move(vec{48, 60, 0}, vec{86, 60, 0})},
	}
}

func exBridge() scene {
	start, p := onBackKneesBent(), onBackKneesBent()
	p.at, p.trunk, p.neck = vec{-4, 32.5, 0}, 207, 26
	for _, q := range []*pose{&start, &p} {
		q.rightArm = arm{reach: at(10, 5, 22), pole: at(0, 0, 1)}
		q.leftArm = arm{reach: at(10, 5, -22), pole: at(0, 0, -1)}
	}
	return scene{
		view: low, behind: []part{mat(-85, 75)}, ghost: &start, pose: p,
		arrows: []arrow{move(vec{-6, 54, 9}, vec{-6, 78, 9})},
	}
}

func exHamstring() scene {
	start, p := holdingThigh(97, 92, 0.46), holdingThigh(97, 18, 0.46)
	return scene{
		view: low, behind: floor(75), ghost: &start, pose: p,
		arrows: []arrow{move(vec{56, 66, 9}, vec{48, 86, 9}, vec{32, 98, 9})},
	}
}

func exHinge() []scene {
	upright := pose{at: vec{0, 88, 0}, trunk: 90, right: leg{planted: at(2, 0, 9)}, left: leg{planted: at(2, 0, -9)}}
	bent := upright
	bent.at, bent.trunk = vec{-16, 80, 0}, 38
	rod := func(p *pose) []part {
		s := p.stand()
		back := s.frames[0].front.times(-12.5)
		a, b := s.spine[0].add(back).add(s.frames[0].up.times(-14)), s.head.add(back).add(s.frames[0].up.times(16))
		up, down := a.lerp(b, 0.8), a.lerp(b, 0.3)
		p.rightArm = arm{reach: &down, pole: at(-1, 0, 1)}
		p.leftArm = arm{reach: &up, pole: at(0.3, 1, -1)}
		return []part{stick(a, b)}
	}
	r1, r2 := rod(&upright), rod(&bent)
	return []scene{
		{view: view{above: 6}, behind: []part{mat(-40, 50)}, among: r1, pose: upright},
		{view: view{above: 6}, behind: []part{mat(-40, 50)}, among: r2, pose: bent, arrows: []arrow{move(vec{-18, 62, 9}, vec{-46, 62, 9})}},
	}
}

func exSidePlank() scene {
	p := pose{
		at: vec{0, 32, 0}, trunk: 158, roll: 90,
		right: leg{knee: 90, ankle: 30}, left: leg{knee: 90, ankle: 30},
		rightArm: arm{reach: at(-46, 4, 22), pole: at(0, -1, -1)},
		leftArm:  arm{shoulder: 10, out: 5, elbow: 40},
	}
	return scene{
		view: view{above: 20, around: 20}, behind: []part{mat(-85, 75)}, pose: p,
		arrows: []arrow{move(vec{-4, 2, 24}, vec{-4, 26, 24})},
	}
}

func exCurlUp() scene {
	start := onBack()
	start.right, start.left = leg{planted: at(44, 0, 9)}, leg{hip: 2, knee: 4}
	hands := func(p pose) pose {
		p.rightArm = arm{reach: at(-6, 4, 6), pole: at(0, 0.3, 1)}
		p.leftArm = arm{reach: at(-6, 4, -6), pole: at(0, 0.3, -1)}
		return p
	}
	start = hands(start)
	p := start
	p.high, p.neck = 6, 3
	return scene{
		view: low, behind: []part{mat(-85, 110)}, ghost: &start, pose: p,
		arrows: []arrow{move(vec{-68, 32, 9}, vec{-68, 47, 9})},
	}
}
