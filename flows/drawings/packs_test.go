package drawings

import (
	"math"
	"slices"
	"testing"
)

// TestNobodyLiesOnAPack: the person is on the side, the towel is on the low
// back, the pack on the towel with some towel on every side, and neither is
// between the person and the floor.
func TestNobodyLiesOnAPack(t *testing.T) {
	t.Parallel()
	for _, k := range []pack{cold(), warmth()} {
		s := packed(k)
		body := s.pose.stand()
		if lying := math.Abs(90 - fromUpright(body)); lying > 15 {
			t.Errorf("the spine is %.0f degrees from lying", lying)
		}
		across := body.rightArm.root.sub(body.leftArm.root).unit()
		if onSide := math.Asin(math.Abs(across.y)) * 180 / math.Pi; onSide < 65 {
			t.Errorf("the shoulders stand at %.0f degrees, the person is not on the side", onSide)
		}
		towel, pack := s.front[0], s.front[2]
		if towel.colour != cloth || pack.colour != k.colour {
			t.Fatal("the towel and the pack are not where the test looks for them")
		}
		in, out := onBackOf(body, towel), onBackOf(body, pack)
		if in.near < 9 || out.near < in.near || out.far <= in.far {
			t.Errorf("off the spine, the towel is from %.1f to %.1f cm, the pack from %.1f to %.1f", in.near, in.far, out.near, out.far)
		}
		if out.up >= in.up || out.down <= in.down || out.wide >= in.wide {
			t.Error("the pack is not within the towel")
		}
		if middle := (in.up + in.down) / 2; middle < 8 || middle > 20 {
			t.Errorf("the towel is %.0f cm above the hips, not on the low back", middle)
		}
		for _, thing := range s.front {
			for _, b := range slices.Concat(thing.solids...) {
				if b.at.y-b.r < 2 {
					t.Error("the person lies on the towel or the pack")
				}
			}
		}
	}
}

// spread is where a thing is on a back: off the spine, along it from the
// hips, and to the side.
type spread struct{ near, far, down, up, wide float64 }

func onBackOf(s skeleton, thing part) spread {
	out := spread{near: math.Inf(1), far: math.Inf(-1), down: math.Inf(1), up: math.Inf(-1)}
	f := s.frames[1]
	for _, b := range slices.Concat(thing.solids...) {
		from := b.at.sub(s.spine[0])
		off, along := -b.at.sub(s.spine[1]).dot(f.front), from.dot(f.up)
		out.near, out.far = min(out.near, off-b.r), max(out.far, off+b.r)
		out.down, out.up = min(out.down, along-b.r), max(out.up, along+b.r)
		out.wide = max(out.wide, math.Abs(from.dot(f.right))+b.r)
	}
	return out
}
