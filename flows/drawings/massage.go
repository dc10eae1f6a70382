package drawings

func massages() map[string]drawing {
	return map[string]drawing{"massage": single(massaged())}
}

// massaged lies as under a pack: the flat hand of somebody else strokes along the muscle
// beside the spine, whose row of dots it leaves free.
func massaged() scene {
	p := onOtherSide()
	s := p.stand()
	var spine []solid
	for up := -14.0; up <= 26; up += 5 {
		spine = append(spine, solid{{s.onBack(up, 0, 0.5), 1.1}})
	}
	const side = 8.5
	return scene{
		view: view{above: 32},
		behind: []part{
			thing(ground, shade, box(vec{-90, -4, -96}, vec{78, -4, 26}, 3)),
			cushion(vec{-68, 5, -4}, 34, 10, 52),
		},
		pose:   p,
		among:  []part{between(cushion(vec{34, 18, -42}, 58, 13, 38))},
		front:  append([]part{thing(cloth, seam, spine...)}, s.hand(4, -side)...),
		arrows: []arrow{backAndForth(s.onBack(-10, side, 3), s.onBack(22, side, 3))},
	}
}

// hand is that of somebody who sits before the back, flat on it.
func (s skeleton) hand(up, across float64) []part {
	at := func(u, a float64) vec { return s.onBack(up+u, across+a, 3) }
	fingers := []solid{{{at(-3, -5.5), 1.7}, {at(3, -8.5), 1.4}}}
	for i, long := range []float64{8.5, 10, 9.5, 7.5} {
		a := float64(i)*2.7 - 4
		fingers = append(fingers, solid{{at(2, a), 1.7}, {at(3+long, a*1.25), 1.35}})
	}
	palm := solid{{at(-5, -2.5), 2.6}, {at(-4, 2), 2.6}, {at(3, -3.6), 2.2}, {at(3, 3.6), 2.2}}
	forearm := solid{{at(-6, -1.5), 2.8}, {at(-19, -24), 4.2}}
	sleeve := solid{{at(-17, -20.5), 5}, {at(-25, -35), 6.2}}
	return []part{thing(distant, cloth, append(fingers, palm, forearm)...), thing(masonry, cloth, sleeve)}
}
