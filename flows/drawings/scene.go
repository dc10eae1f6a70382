package drawings

import (
	"cmp"
	"image"
	"image/draw"
	"slices"
)

// scene is one panel of a drawing.
type scene struct {
	view   view
	behind []part // things behind the person, farthest first
	ghost  *pose  // where the movement starts
	pose   pose   // where it ends
	among  []part // things between the person's limbs, by their depth
	front  []part // things before the person
	arrows []arrow
	number int // in the corner; none when 0
}

// drawing is one picture: scenes in a grid, row by row.
type drawing struct {
	columns int
	scenes  []scene
	level   bool // one floor and one scale for the scenes of a row, each as wide as it needs
}

const (
	width, height = 900, 675
	margin        = 18 // no ink is nearer to the edge
	inset         = 14 // from the edge of a panel to the ink
	badgeInset    = 42 // from the corner of a panel to the middle of its number
	badgeRadius   = 27
	largest       = 5.6 // pixels in a centimetre
)

func single(s scene) drawing     { return stacked(s) }
func stacked(s ...scene) drawing { return drawing{columns: 1, scenes: s} }
func beside(s ...scene) drawing  { return drawing{columns: len(s), scenes: s} }
func abreast(s ...scene) drawing { return drawing{columns: len(s), scenes: s, level: true} }

func (d drawing) draw() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	back := paper
	if len(d.scenes) > 1 {
		back = gutter
	}
	draw.Draw(img, img.Rect, image.NewUniform(back), image.Point{}, draw.Src)
	for i, s := range d.scenes {
		panel := d.panel(i)
		if len(d.scenes) > 1 {
			fill(img, paper, card(panel.Inset(6)))
		}
		s.draw(img, d.camera(i))
		if s.number > 0 {
			numeral(img, s.number, d.badge(i), badgeRadius)
		}
	}
	return img
}

// badge is where the number of a scene stands.
func (d drawing) badge(i int) point {
	corner := d.panel(i).Min
	return point{float64(corner.X) + badgeInset, float64(corner.Y) + badgeInset}
}

// camera shows a scene in its panel.
func (d drawing) camera(i int) camera {
	most := largest
	if d.level {
		for j := range d.scenes {
			most = min(most, d.fit(j, most).scale)
		}
	}
	return d.fit(i, most)
}

// fit shows a scene as large as its panel allows. The two panels of one
// movement are seen alike, so that the floor stays where it is.
func (d drawing) fit(i int, most float64) camera {
	seen := d.scenes[i].extent()
	for _, other := range d.scenes {
		switch {
		case d.level:
			seen = seen.asHighAs(other.extent())
		case len(d.scenes) == 2:
			seen = seen.union(other.extent())
		}
	}
	return d.scenes[i].view.fit(seen, d.panel(i).Inset(inset), most)
}

func (d drawing) panel(i int) image.Rectangle {
	if d.level {
		return d.share(i)
	}
	rows := (len(d.scenes) + d.columns - 1) / d.columns
	w, h := (width-2*margin)/d.columns, (height-2*margin)/rows
	corner := image.Pt(margin+i%d.columns*w, margin+i/d.columns*h)
	return image.Rectangle{corner, corner.Add(image.Pt(w, h))}
}

// share is the panel of a scene whose row is shared out by what each needs.
func (d drawing) share(i int) image.Rectangle {
	before, all := 0.0, 0.0
	for j, s := range d.scenes {
		if j < i {
			before += s.extent().width()
		}
		all += s.extent().width()
	}
	ink := float64(width - 2*margin - 2*inset*len(d.scenes))
	edge := func(j int, cm float64) int { return margin + 2*inset*j + int(ink*cm/all) }
	return image.Rect(edge(i, before), margin, edge(i+1, before+d.scenes[i].extent().width()), height-margin)
}

// card is a rectangle with round corners.
func card(r image.Rectangle) outline {
	const round = 22
	var corners []disc
	for _, x := range []int{r.Min.X + round, r.Max.X - round} {
		for _, y := range []int{r.Min.Y + round, r.Max.Y - round} {
			corners = append(corners, disc{point{float64(x), float64(y)}, round})
		}
	}
	return hull(corners, 0)
}

func (s scene) draw(img *image.RGBA, c camera) {
	c.paint(img, s.behind)
	// A person has a layer, so that gaps between limbs show what is behind.
	if s.ghost != nil {
		layer := image.NewRGBA(img.Rect)
		c.paint(layer, s.moved())
		tint(img, layer, ghostly)
	}
	layer := image.NewRGBA(img.Rect)
	c.paint(layer, within(s.view, s.among, s.pose.stand().parts(s.view)))
	draw.Draw(img, img.Rect, layer, image.Point{}, draw.Over)
	c.paint(img, s.front)
	line := max(9, 2.4*c.scale)
	for _, a := range s.arrows {
		fill(img, paper, a.draw(c, line, 3)...)
		fill(img, accent, a.draw(c, line, 0)...)
	}
}

// moved are the parts of the ghost that are elsewhere in the end.
func (s scene) moved() []part {
	end := s.pose.stand().parts(s.view)
	return slices.DeleteFunc(s.ghost.stand().parts(s.view), func(g part) bool {
		return slices.ContainsFunc(end, g.same)
	})
}

// same tells whether two parts are in the same place, give or take a hair.
func (p part) same(q part) bool {
	if len(p.solids) != len(q.solids) {
		return false
	}
	for i, s := range p.solids {
		for j, b := range s {
			if len(q.solids[i]) != len(s) || b.at.sub(q.solids[i][j].at).length() > 2 {
				return false
			}
		}
	}
	return true
}

// extent is all that the picture must hold.
func (s scene) extent() extent { return s.view.extent(s.balls()) }

func (s scene) balls() []ball {
	parts := slices.Concat(s.behind, s.among, s.front, s.pose.stand().parts(s.view))
	if s.ghost != nil {
		parts = append(parts, s.ghost.stand().parts(s.view)...)
	}
	var out []ball
	for _, p := range parts {
		out = append(out, slices.Concat(p.solids...)...)
	}
	for _, a := range s.arrows {
		for _, p := range a.path {
			out = append(out, ball{p, 5})
		}
	}
	return out
}

// within sorts things in between the parts of a person.
func within(v view, things, parts []part) []part {
	for _, t := range things {
		balls := slices.Concat(t.solids...)
		for _, b := range balls {
			t.depth += v.look(b.at).z / float64(len(balls))
		}
		parts = append(parts, t)
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.depth, b.depth) })
	return parts
}
