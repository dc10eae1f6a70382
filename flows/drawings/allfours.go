package drawings

// onAllFours kneels on hands and knees, head to the right.
func onAllFours() pose {
	kneel := leg{hip: 77, knee: 90, ankle: 88}
	return pose{
		at: vec{0, 48.5, 0}, trunk: 13, neck: -8,
		right: kneel, left: kneel, rightArm: onHand(50, 15.5), leftArm: onHand(50, -15.5),
	}
}

// onHand leans on the palm.
func onHand(x, z float64) arm {
	return arm{reach: at(x, 4, z), pole: at(-1, 0, 0), palm: &rightward}
}

func allFours() map[string]drawing {
	return map[string]drawing{
		"ex_cat_cow":  stacked(exCatCow()...),
		"ex_child":    single(exChild()),
		"ex_bird_leg": single(exBirdLeg()),
		"ex_bird_dog": single(exBirdDog()),
	}
}

func exCatCow() []scene {
	flat := view{above: 6}
	cat, cow := onAllFours(), onAllFours()
	cat.trunk, cat.low, cat.high, cat.neck = 46, 46, 34, 30
	cat.right.hip, cat.left.hip = 44, 44
	cow.trunk, cow.low, cow.high, cow.neck = 2, -18, -4, -20
	cow.right.hip, cow.left.hip = 88, 88
	cow.rightArm, cow.leftArm = onHand(57, 15.5), onHand(57, -15.5)
	return []scene{
		{view: flat, behind: []part{mat(-78, 78)}, pose: cat, arrows: []arrow{move(vec{18, 24, 9}, vec{18, 52, 9})}},
		{view: flat, behind: []part{mat(-78, 78)}, pose: cow, arrows: []arrow{move(vec{19, 84, 9}, vec{19, 60, 9})}},
	}
}

func exChild() scene {
	start := onAllFours()
	fold := leg{hip: 129, knee: 152, ankle: 85}
	p := pose{
		at: vec{-37, 26, 0}, trunk: 25, low: 25, high: 20, neck: 5, right: fold, left: fold,
		rightArm: arm{reach: at(53, 4, 14), pole: at(0, 1, 0.3), palm: &rightward},
		leftArm:  arm{reach: at(53, 4, -14), pole: at(0, 1, -0.3), palm: &rightward},
	}
	return scene{
		view: low, behind: []part{mat(-80, 85)}, ghost: &start, pose: p,
		arrows: []arrow{move(vec{-22, 70, 9}, vec{-46, 64, 9}, vec{-58, 46, 9})},
	}
}

func exBirdLeg() scene {
	start, p := onAllFours(), onAllFours()
	p.right = leg{hip: 8, ankle: 10}
	return scene{
		view: low, behind: []part{mat(-110, 75)}, ghost: &start, pose: p,
		arrows: []arrow{move(vec{-30, -2, 40}, vec{-92, -2, 40})},
	}
}

func exBirdDog() scene {
	start, p := onAllFours(), onAllFours()
	p.right = leg{hip: -12, ankle: 10}
	p.leftArm = arm{shoulder: 167, elbow: 2}
	return scene{
		view: low, behind: []part{mat(-78, 78)}, ghost: &start, pose: p,
		arrows: []arrow{move(vec{-52, 14, 9}, vec{-66, 24, 9}, vec{-74, 38, 9}), move(vec{72, 10, -15}, vec{86, 22, -15}, vec{94, 42, -15})},
	}
}
