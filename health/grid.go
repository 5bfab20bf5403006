package health

import (
	"cmp"
	"math"
	"slices"
)

// unit is the step of the grid on which every stored number of points lies. Sums of such numbers are exact.
const unit = 1.0 / perPoint

const perPoint = 1 << 20 // steps in one point

// grid rounds points to the grid, half up.
func grid(x float64) float64 {
	steps := float64(x * perPoint) // exact: a power of two
	if steps < 0 {
		return math.Floor(steps+0.5) / perPoint
	}
	return math.Floor(steps+underHalf) / perPoint
}

// underHalf is the greatest number below a half. Added to it, the same number stays below 1, which the sum with a half
// would be rounded to; every larger sum, and that with a half, is rounded as a half would have it.
const underHalf = 0x1.fffffffffffffp-2

// share9 rounds a share to nine decimal places, half up, so that one meant to be 0.6 is the number 0.6.
func share9(x float64) float64 { return math.Floor(float64(x*1e9)+0.5) / 1e9 }

// apportion puts each leaf's points on the grid so that they sum to whole, which is their exact sum rounded: all are
// rounded down, and the steps left over go to the largest remainders, ties in definition order.
//
// The exact points are off by far less than half a step, so at most as many steps are left as there are remainders.
func apportion(whole float64, leaves []leaf, order []int32) {
	left := whole
	order = order[:0]
	for i := range leaves {
		l := &leaves[i]
		steps := float64(l.exact * perPoint)
		down := math.Floor(steps)
		l.part, l.rest = down/perPoint, steps-down
		left -= l.part
		if l.rest > 0 {
			order = append(order, int32(i))
		}
	}
	steps := int(left * perPoint)
	if steps == 0 {
		return
	}
	slices.SortFunc(order, func(a, b int32) int {
		if c := cmp.Compare(leaves[b].rest, leaves[a].rest); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	})
	for _, i := range order[:steps] {
		leaves[i].part += unit
	}
}
