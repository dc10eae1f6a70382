package drawings

import "math"

// low is how most drawings are seen: from the side, a little from above, so
// that the farther leg shows.
var low = view{above: 10}

// handsBehindHead takes the arms away from the trunk, so that the low back shows.
func handsBehindHead(p pose) pose {
	p.rightArm = arm{reach: at(-69, 5, 17), pole: at(0, 0.1, 1), palm: at(-0.5, 0, -1)}
	p.leftArm = arm{reach: at(-69, 5, -17), pole: at(0, 0.1, -1), palm: at(-0.5, 0, 1)}
	return p
}

// floor is a mat with a pillow for the head.
func floor(right float64) []part {
	return []part{mat(-85, right), cushion(vec{-67, 2, 0}, 34, 7, 40)}
}

func moves() map[string]drawing {
	return map[string]drawing{
		"move_ankles": single(moveAnkles()),
		"move_tilt":   single(moveTilt()),
		"move_knees":  single(moveKnees()),
		"move_heel":   single(moveHeel()),
		"move_knee":   single(moveKnee()),
	}
}

func moveAnkles() scene {
	up, down := onBack(), onBack()
	up.right = leg{hip: 4, knee: 8, ankle: -15}
	up.left = leg{hip: 4, knee: 8, ankle: -15}
	down.right = leg{hip: 4, knee: 8, ankle: 45}
	down.left = leg{hip: 4, knee: 8, ankle: 45}
	return scene{
		view: low, behind: floor(115), ghost: &down, pose: up,
		arrows: []arrow{backAndForth(vec{106, 12, 9}, vec{103, 26, 9}, vec{92, 36, 9})},
	}
}

func moveTilt() scene {
	p := handsBehindHead(onBackKneesBent())
	return scene{
		view: low, behind: floor(75), pose: p,
		arrows: []arrow{backAndForth(vec{-14, 28, 20}, vec{-2, 36, 20}, vec{8, 28, 20})},
	}
}

// rolled lets the bent knees lean to the right, the shoulders stay down.
func rolled(degrees float64) pose {
	p := onBack()
	p.roll, p.twist = degrees*0.6, degrees*0.6
	// The lower hip rests on the floor, and so do the shoulders.
	lift := hipOffset * math.Sin(math.Abs(p.roll)*math.Pi/180)
	slope := math.Asin(lift/(4*vertebra)) * 180 / math.Pi
	p.at.y, p.trunk, p.neck = p.at.y+lift, p.trunk+slope, slope
	pole := upward.rotate(rightward, degrees)
	p.right = leg{planted: at(44, 0, 6), pole: &pole}
	p.left = leg{planted: at(44, 0, -6), pole: &pole}
	return p
}

func moveKnees() scene {
	ghost, p := rolled(-26), rolled(26)
	return scene{
		view: view{around: 90, above: 46}, behind: floor(60), ghost: &ghost, pose: p,
		arrows: []arrow{backAndForth(vec{25, 55, -30}, vec{25, 64, 0}, vec{25, 55, 30})},
	}
}

func moveHeel() scene {
	p := onBackKneesBent()
	p.right = leg{planted: at(76, 0, 9)}
	return scene{
		view: low, behind: floor(105), pose: p,
		arrows: []arrow{backAndForth(vec{52, 6, 34}, vec{96, 6, 34})},
	}
}

// holdingThigh pulls the right thigh with both hands behind it, a part grip of
// the way from hip to knee.
func holdingThigh(hip, knee, grip float64) pose {
	p := onBackKneesBent()
	p.right = leg{hip: hip, knee: knee}
	p.left = leg{planted: at(50, 0, -9)}
	thigh := p.stand().right
	hand := thigh.root.lerp(thigh.middle, grip)
	behind := thigh.middle.sub(thigh.root).cross(toOnlooker).unit().times(9)
	hand = hand.add(behind)
	near, off := hand.add(vec{0, 0, 5}), hand.add(vec{0, 0, -5})
	p.rightArm = arm{reach: &near, pole: at(-0.2, -1, 0.6), palm: at(0.15, 0.3, -1)}
	p.leftArm = arm{reach: &off, pole: at(-0.2, -1, -0.6), palm: at(0.15, 0.3, 1)}
	return p
}

func moveKnee() scene {
	return scene{
		view: low, behind: floor(75), pose: holdingThigh(108, 112, 0.64),
		arrows: []arrow{move(vec{28, 64, 9}, vec{12, 75, 9}, vec{-8, 70, 9})},
	}
}
